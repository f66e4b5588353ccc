import { Type } from 'typebox';
import {
  type Field,
  type FieldSpec,
  type FieldType,
  Refusal,
  type RequiredBy,
  refuse,
  sql,
} from '../engine/index.ts';
import {
  type Choice,
  type ChoiceOptions,
  type ChosenFrom,
  choicesOf,
  choicesSchema,
  choiceType,
  parseChoice,
} from './choice.ts';
import { type OptionsOf, spec } from './declare.ts';
import { emptiness, type Operators } from './operators.ts';

/** In the order of the choices, each once; null when there is none. */
function canonical(values: string[], field: Field): string[] | null {
  const order = choicesOf(field).values;
  const unique = [...new Set(values)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return unique.length ? unique : null;
}

function parseAll(items: unknown[], field: Field): string[] | null | Refusal {
  const values: string[] = [];
  for (const [index, item] of items.entries()) {
    const value = parseChoice(item, field);
    if (value instanceof Refusal) return refuse(value.code, value.message, `/${index}`);
    values.push(value);
  }
  return canonical(values, field);
}

function parse(input: unknown, field: Field): string[] | null | Refusal {
  if (Array.isArray(input)) return parseAll(input, field);
  if (typeof input !== 'string') return refuse('notAList', `${field.label} takes a list of choices.`);
  const single = parseChoice(input, field);
  return single instanceof Refusal ? parseAll(splitWords(input), field) : [single];
}

export function splitWords(text: string): string[] {
  return text
    .split(text.includes(';') ? ';' : ',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

const list = (input: unknown, field: Field): string[] | Refusal => {
  const values = parse(input, field);
  return values === null ? refuse('wrongOperand', 'Give at least one choice.') : values;
};
const shares = (values: string[], operand: string[]) => values.some(value => operand.includes(value));
const covers = (values: string[], operand: string[]) => operand.every(item => values.includes(item));

/** Filters over a list of words, each read by `one`, several by `list`. */
export const listOperators = (
  one: (input: unknown, field: Field) => string | Refusal,
  list: (input: unknown, field: Field) => string[] | Refusal,
): Operators<string[]> => ({
  has: {
    label: 'has',
    operand: 'one',
    parse: one,
    sql: (cell, operand) => sql`${cell()} @> ${[operand]}::text[]`,
    test: (values, operand) => values.includes(operand as string),
  },
  hasAnyOf: {
    label: 'has any of',
    operand: 'many',
    parse: list,
    sql: (cell, operand) => sql`${cell()} && ${operand}::text[]`,
    test: (values, operand) => shares(values, operand as string[]),
  },
  hasAllOf: {
    label: 'has all of',
    operand: 'many',
    parse: list,
    sql: (cell, operand) => sql`${cell()} @> ${operand}::text[]`,
    test: (values, operand) => covers(values, operand as string[]),
  },
  hasNoneOf: {
    label: 'has none of',
    operand: 'many',
    parse: list,
    nulls: true,
    sql: (cell, operand) => sql`(${cell()} && ${operand}::text[]) is not true`,
    test: (values, operand) => values === null || !shares(values, operand as string[]),
  },
  ...emptiness(),
});

/** Several values out of a list. */
export const choicesType: FieldType<string[]> = {
  name: 'choices',
  label: 'Several choices',
  help: 'Any number of values out of a list, such as interests.',
  icon: 'list-check',
  options: Type.Object({ choices: choicesSchema }),
  storage: {
    kind: 'columns',
    columns: [{ suffix: '', type: 'text[]' }],
    put: value => [value],
    restore: json => [
      sql`case when jsonb_typeof(${json}) = 'array' then array(select jsonb_array_elements_text(${json})) end`,
    ],
  },
  schema: field => Type.Array(Type.Enum(choicesOf(field).values), { minItems: 1, uniqueItems: true }),
  inputSchema: () => Type.Union([Type.Array(Type.String()), Type.String()]),
  parse,
  format: (value, field) => value.map(each => choicesOf(field).labels.get(each) ?? each).join('; '),
  json: cell => sql`to_json(${cell()})`,
  text: cell => sql`array_to_string(${cell()}, '; ')`,
  operators: listOperators(parseChoice, list),
  index: { using: 'gin' },
  searchText: (value, field) => value.map(each => choicesOf(field).labels.get(each) ?? each),
  cel: { type: 'list' },
  samples: [
    { input: ['won', 'new', 'won'], value: ['new', 'won'], text: 'New; Won' },
    { input: 'Won, closed lost', value: ['won', 'lost'], text: 'Won; Closed – lost' },
    {
      input: ['it\'s "odd", isn’t it'],
      value: ['it\'s "odd", isn’t it'],
      text: 'Odd',
    },
    { input: 'In negotiation', value: ['inNegotiation'], text: 'In negotiation' },
  ],
  refused: [
    { input: ['new', 'gone'], code: 'notAChoice' },
    { input: 'new; gone', code: 'notAChoice' },
    { input: { new: true }, code: 'notAList' },
  ],
  sampleOptions: choiceType.sampleOptions!,
};

/** Several values out of a list: `interests: choices({ choices: ['sail', 'ski'] })`. */
export function choices<const O extends OptionsOf<ChoiceOptions<readonly Choice[]>>>(
  options: O,
): FieldSpec<ChosenFrom<O['choices']>[], RequiredBy<O>> {
  return spec<ChosenFrom<O['choices']>[], O>(
    choicesType as unknown as FieldType<ChosenFrom<O['choices']>[]>,
    options,
  );
}
