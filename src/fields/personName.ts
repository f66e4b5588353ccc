import { Type } from 'typebox';
import { type Field, type FieldType, fieldOf, Refusal, refuse, sql } from '../engine/index.ts';
import { alphabetical, counts, emptiness, equality, textual } from './operators.ts';
import { cleanLine } from './reading.ts';

/** A person's name: in full, and its parts where they are known. */
export type PersonName = {
  full: string;
  prefix?: string;
  given?: string;
  middle?: string;
  family?: string;
  suffix?: string;
};

const parts = ['prefix', 'given', 'middle', 'family', 'suffix'] as const;
const eastAsian = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+$/u;

function readPart(input: unknown, at: string): string | null | Refusal {
  if (input === undefined || input === null) return null;
  if (typeof input !== 'string' || input.length > 500)
    return refuse('notAName', 'A part of a name is a line of text, 500 letters at most.', at);
  return cleanLine(input) || null;
}

/** Chinese, Japanese and Korean names put the family first, without a blank. */
function compose(name: Omit<PersonName, 'full'>): string {
  const { family, given } = name;
  if (family && given && eastAsian.test(family + given)) return family + given;
  return parts.flatMap(part => name[part] ?? []).join(' ');
}

/**
 * A plain string is kept as the full name and not cut into parts: which word is the family's, nobody can tell for
 * everyone.
 */
function parse(input: unknown, field: Field): PersonName | null | Refusal {
  const given = typeof input === 'string' ? { full: input } : input;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse(
      'notAName',
      `${field.label} takes a name as text, or its parts {"given": "Anna", "family": "Bell"}.`,
    );
  const name: Omit<PersonName, 'full'> = {};
  for (const part of parts) {
    const value = readPart((given as Record<string, unknown>)[part], `/${part}`);
    if (value instanceof Refusal) return value;
    if (value) name[part] = value;
  }
  const full = readPart((given as Record<string, unknown>).full, '/full');
  if (full instanceof Refusal) return full;
  const whole = full ?? compose(name);
  return whole ? { full: whole, ...name } : null;
}

const fullOf = (value: PersonName) => value.full;

/** A person's name. */
export const personNameType: FieldType<PersonName> = {
  name: 'personName',
  label: 'Name of a person',
  help: 'A name in full, and its parts where they are known.',
  icon: 'id',
  storage: {
    kind: 'columns',
    columns: [{ suffix: '', type: 'text' }, ...parts.map(part => ({ suffix: part, type: 'text' }))],
    put: value => [value?.full ?? null, ...parts.map(part => value?.[part] ?? null)],
    restore: json => [sql`${json} ->> 'full'`, ...parts.map(part => sql`${json} ->> ${sql.lit(part)}`)],
  },
  schema: () =>
    Type.Object({
      full: Type.String({ minLength: 1 }),
      ...Object.fromEntries(parts.map(part => [part, Type.Optional(Type.String())])),
    }),
  inputSchema: () =>
    Type.Union([
      Type.String(),
      Type.Object(Object.fromEntries(['full', ...parts].map(part => [part, Type.Optional(Type.String())]))),
    ]),
  parse,
  format: fullOf,
  vCard: value => [
    {
      name: 'N',
      value: [value.family, value.given, value.middle, value.prefix, value.suffix].map(part => part ?? ''),
    },
  ],
  json: cell =>
    sql`case when ${cell()} is null then null else json_strip_nulls(json_build_object('full', ${cell()}, ${sql.join(
      parts.map(part => sql`${sql.lit(part)}, ${cell(part)}`),
    )})) end`,
  operators: {
    ...equality<PersonName>({ type: 'text', key: fullOf }),
    ...textual<PersonName>(fullOf),
    ...emptiness(),
  },
  sort: alphabetical,
  group: cell => cell(),
  aggregates: counts,
  searchText: value => [value.full, ...parts.flatMap(part => value[part] ?? [])],
  cel: { type: 'string', value: fullOf },
  samples: [
    {
      input: ' Ludwig van  Beethoven ',
      value: { full: 'Ludwig van  Beethoven' },
      text: 'Ludwig van  Beethoven',
    },
    { input: 'Suharto', value: { full: 'Suharto' }, text: 'Suharto' },
    { input: '毛泽东', value: { full: '毛泽东' }, text: '毛泽东' },
    { input: { full: "Zoë O'Neil_%" }, value: { full: "Zoë O'Neil_%" }, text: "Zoë O'Neil_%" },
  ],
  refused: [
    { input: 7, code: 'notAName' },
    { input: ['Anna', 'Bell'], code: 'notAName' },
    { input: { given: 5 }, code: 'notAName' },
  ],
};

/** A person's name: `name: personName({ required: true })`. */
export const personName = fieldOf(personNameType);
