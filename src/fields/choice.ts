import { Type } from 'typebox';
import {
  type Field,
  type FieldSpec,
  type FieldType,
  type Json,
  type Refusal,
  type RequiredBy,
  refuse,
  sql,
  words,
} from '../engine/index.ts';
import { type OptionsOf, spec } from './declare.ts';
import { counts, emptiness, equality } from './operators.ts';
import { didYouMean, lookupKey } from './reading.ts';

/** One of the values to choose from: its value alone, or with what people read and see. */
export type Choice = string | { value: string; label?: string; colour?: string };

/** The union of the values of a list of choices. */
export type ChosenFrom<C extends readonly Choice[]> = C[number] extends infer Each
  ? Each extends string
    ? Each
    : Each extends { value: infer V extends string }
      ? V
      : never
  : never;

export interface ChoiceOptions<C extends readonly Choice[]> {
  /** What there is to choose from, in the order people see and sort by. */
  choices: C;
  /** The choices are steps on a way: imports move it on, but not back, unless they are told to. Default false. */
  forward?: boolean;
}

/** Schema of the option `choices`. */
export const choicesSchema = Type.Array(
  Type.Union([
    Type.String({ minLength: 1, maxLength: 100 }),
    Type.Object({
      value: Type.String({ minLength: 1, maxLength: 100 }),
      label: Type.Optional(Type.String()),
      colour: Type.Optional(Type.String()),
    }),
  ]),
  { minItems: 1, maxItems: 2000 },
);

interface Known {
  values: string[];
  labels: Map<string, string>;
  /** Lookup key of a value or label → value. */
  byKey: Map<string, string>;
}

const known = new WeakMap<object, Known>();

/** The choices of a field, prepared once. */
export function choicesOf(field: Field): Known {
  const choices = (field.options.choices ?? []) as Choice[];
  let found = known.get(choices);
  if (!found) {
    found = { values: [], labels: new Map(), byKey: new Map() };
    for (const choice of choices) {
      const value = typeof choice === 'string' ? choice : choice.value;
      const label = (typeof choice === 'string' ? undefined : choice.label) ?? words(value);
      found.values.push(value);
      found.labels.set(value, label);
      // A value counts before a label that reads the same.
      for (const key of [lookupKey(value), lookupKey(label)])
        if (!found.byKey.has(key)) found.byKey.set(key, value);
    }
    known.set(choices, found);
  }
  return found;
}

/** Reads one choice by its value, or by its value or label whatever the case. */
export function parseChoice(input: unknown, field: Field): string | Refusal {
  const { values, labels, byKey } = choicesOf(field);
  if (typeof input === 'string') {
    if (labels.has(input)) return input;
    const found = byKey.get(lookupKey(input));
    if (found !== undefined && lookupKey(input)) return found;
  }
  const near = typeof input === 'string' ? didYouMean(input, labels.values()) : null;
  const some = [...labels.values()].slice(0, 12).join(', ') + (values.length > 12 ? ' …' : '');
  return refuse('notAChoice', `${field.label} is one of: ${some}.${near ? ` Did you mean ${near}?` : ''}`);
}

/** One value out of a list. */
export const choiceType: FieldType<string> = {
  name: 'choice',
  label: 'Choice',
  help: 'One value out of a list, such as a status.',
  icon: 'circle-dot',
  options: Type.Object({ choices: choicesSchema, forward: Type.Optional(Type.Boolean()) }),
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: field => Type.Enum(choicesOf(field).values),
  inputSchema: () => Type.String(),
  parse: (input, field) =>
    typeof input === 'string' && input.trim() === '' ? null : parseChoice(input, field),
  format: (value, field) => choicesOf(field).labels.get(value) ?? value,
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...emptiness() },
  sort: (cell, field) => [
    { sql: sql`array_position(${choicesOf(field).values}::text[], ${cell()})`, type: 'integer' },
    { sql: cell(), type: 'text' },
  ],
  group: cell => cell(),
  progress: (value, field) => choicesOf(field).values.indexOf(value),
  aggregates: counts,
  searchText: (value, field) => [choicesOf(field).labels.get(value) ?? value],
  cel: { type: 'string' },
  fact: { kind: 'level' },
  samples: [
    { input: 'won', value: 'won', text: 'Won' },
    { input: 'CLOSED – LOST', value: 'lost', text: 'Closed – lost' },
    { input: 'inNegotiation', value: 'inNegotiation', text: 'In negotiation' },
    { input: 'it\'s "odd", isn’t it', value: 'it\'s "odd", isn’t it', text: 'Odd' },
  ],
  refused: [
    { input: 'wonn', code: 'notAChoice' },
    { input: '—', code: 'notAChoice' },
    { input: 1, code: 'notAChoice' },
  ],
  sampleOptions: {
    choices: [
      'new',
      'inNegotiation',
      { value: 'won', colour: 'green' },
      { value: 'lost', label: 'Closed – lost' },
      { value: 'it\'s "odd", isn’t it', label: 'Odd' },
    ] satisfies Json,
  },
};

/** One value out of a list: `stage: choice({ choices: ['new', 'won', 'lost'] })`. A wrong stage does not compile. */
export function choice<const O extends OptionsOf<ChoiceOptions<readonly Choice[]>>>(
  options: O,
): FieldSpec<ChosenFrom<O['choices']>, RequiredBy<O>> {
  return spec<ChosenFrom<O['choices']>, O>(
    choiceType as unknown as FieldType<ChosenFrom<O['choices']>>,
    options,
  );
}
