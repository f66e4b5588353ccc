import { Type } from 'typebox';
import { type Field, type FieldType, fieldOf, type Refusal, refuse, sourceOf, sql } from '../engine/index.ts';
import { emptiness } from './operators.ts';
import { cleanLine } from './reading.ts';

/** The ids a record has elsewhere: source → id there. */
export type ExternalIds = { [source: string]: string };

function parse(input: unknown, field: Field): ExternalIds | null | Refusal {
  const wrong = (at = '') =>
    refuse('notExternalIds', `${field.label} takes sources and ids, such as {"hubspot": "1204"}.`, at);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return wrong();
  const ids: [string, string][] = [];
  for (const [source, id] of Object.entries(input)) {
    if (id === null || id === '') continue;
    const text = typeof id === 'string' || typeof id === 'number' ? cleanLine(String(id)) : '';
    if (!text || text.length > 500 || !/^[\w.:-]{1,100}$/.test(source)) return wrong(`/${source}`);
    ids.push([source, text]);
  }
  return ids.length ? Object.fromEntries(ids) : null;
}

/** Reads `source:id`, `{ source, id }`, or ids by source. */
function pair(input: unknown, field: Field): ExternalIds | Refusal {
  const match = typeof input === 'string' ? /^([\w.-]+):(.+)$/.exec(input) : null;
  const { source, id } = (typeof input === 'object' && input !== null ? input : {}) as Record<
    string,
    unknown
  >;
  const named = match ? { [match[1]!]: match[2] } : typeof source === 'string' ? { [source]: id } : input;
  return parse(named, field) ?? refuse('wrongOperand', 'Give a source and an id, such as hubspot:1204.');
}

/** The engine keeps `{}` where there are none. */
const none = (value: ExternalIds | null) => value === null || Object.keys(value).length === 0;
const empty = emptiness<ExternalIds>(cell => sql`coalesce(${cell()}, '{}'::jsonb) = '{}'::jsonb`);

function parseText(text: string, field: Field): ExternalIds | null | Refusal {
  const parts = text.split(';').map(part => part.length < 1_000 && /^\s*([\w.-]+):\s*(.+?)\s*$/.exec(part));
  return parse(
    parts.every(part => part)
      ? Object.fromEntries(parts.map(part => [(part as string[])[1], (part as string[])[2]]))
      : text,
    field,
  );
}

/** What a record is called in other systems, for imports and integrations that come back. */
export const externalIdsType: FieldType<ExternalIds> = {
  name: 'externalIds',
  label: 'External ids',
  help: 'What the record is called in other systems.',
  icon: 'plug-connected',
  storage: {
    kind: 'columns',
    columns: [{ suffix: '', type: 'jsonb' }],
    put: value => [value],
    restore: json => [sql`nullif(${json}, 'null'::jsonb)`],
  },
  schema: () => Type.Record(Type.String(), Type.String()),
  parse,
  parseText,
  format: value =>
    Object.entries(value)
      .map(([source, id]) => `${source}:${id}`)
      .join('; '),
  operators: {
    has: {
      label: 'has',
      operand: 'one',
      parse: pair,
      sql: (cell, operand, _field, scope) =>
        sql`(${sql.join(
          Object.entries(operand as ExternalIds).map(
            ([source, id]) => sql`exists (select from jsonb_each_text(${cell()}) e
              where e.value = ${id} and regexp_replace(e.key, '--\\d+$', '') = ${sourceOf(source)})`,
          ),
          sql` and `,
        )} and ${scope.calledElsewhere(operand as ExternalIds)})`,
      test: (value, operand) =>
        Object.entries(operand as ExternalIds).every(([source, id]) =>
          Object.entries(value).some(([key, own]) => own === id && sourceOf(key) === sourceOf(source)),
        ),
    },
    empty: { ...empty.empty!, test: none },
    notEmpty: { ...empty.notEmpty!, test: value => !none(value) },
  },
  samples: [
    { input: { hubspot: '1204' }, value: { hubspot: '1204' }, text: 'hubspot:1204' },
    {
      input: { hubspot: 1204, 'sf.prod': ' 001A ', old: null },
      value: { hubspot: '1204', 'sf.prod': '001A' },
      text: 'hubspot:1204; sf.prod:001A',
    },
    { input: { __proto: 'x%_' }, value: { __proto: 'x%_' }, text: '__proto:x%_' },
  ],
  refused: [
    { input: '1204', code: 'notExternalIds' },
    { input: { hubspot: { id: 1 } }, code: 'notExternalIds' },
    { input: { 'a b': '1' }, code: 'notExternalIds' },
  ],
};

/** External ids; objects get theirs from `systemFields`. */
export const externalIds = fieldOf(externalIdsType);
