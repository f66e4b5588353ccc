import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type Json,
  type Refusal,
  refuse,
  sql,
} from '../engine/index.ts';
import { emptiness } from './operators.ts';

const limit = 1_000_000;
/** NUL, and halves of surrogate pairs as JSON.stringify escapes them: PostgreSQL holds neither. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Checks that PostgreSQL can hold a JSON value. */
export function parseJson(input: unknown, field: Field): Json | Refusal {
  const wrong = () =>
    refuse(
      'notJson',
      `${field.label} takes a JSON value, such as {"colour": "red"}, of a million letters at most.`,
    );
  let text: string | undefined;
  try {
    text = JSON.stringify(input);
  } catch {
    return wrong();
  }
  if (text === undefined || text.length > limit || unstorable.test(text)) return wrong();
  return JSON.parse(text) as Json;
}

function parseText(text: string, field: Field): Json | Refusal {
  try {
    return parseJson(JSON.parse(text), field);
  } catch {
    return refuse(
      'notJson',
      `${field.label} takes JSON, such as {"colour": "red"}; text stands in "quotes".`,
    );
  }
}

/** Any JSON value, for what has no better type. */
export const jsonType: FieldType<Json> = {
  name: 'json',
  label: 'JSON',
  help: 'Structured data of any shape, for programs.',
  icon: 'braces',
  storage: {
    kind: 'columns',
    columns: [{ suffix: '', type: 'jsonb' }],
    put: value => [value],
    restore: json => [sql`nullif(${json}, 'null'::jsonb)`],
  },
  schema: () => Type.Unsafe<Json>({}),
  parse: parseJson,
  parseText,
  format: value => JSON.stringify(value),
  operators: {
    is: {
      label: 'is',
      operand: 'one',
      parse: parseJson,
      sql: (cell, value) => sql`${cell()} = ${JSON.stringify(value)}::jsonb`,
      test: (value, other) => isDeepStrictEqual(value, other),
    },
    isNot: {
      label: 'is not',
      operand: 'one',
      parse: parseJson,
      nulls: true,
      sql: (cell, value) => sql`${cell()} is distinct from ${JSON.stringify(value)}::jsonb`,
      test: (value, other) => value === null || !isDeepStrictEqual(value, other),
    },
    ...emptiness<Json>(),
  },
  equal: (a, b) => isDeepStrictEqual(a, b),
  samples: [
    {
      input: { b: [1, 2.5, null], a: 'ü' },
      value: { b: [1, 2.5, null], a: 'ü' },
      text: '{"b":[1,2.5,null],"a":"ü"}',
    },
    { input: 'text', value: 'text', text: '"text"' },
    { input: false, value: false, text: 'false' },
    { input: [], value: [], text: '[]' },
    { input: 1e-7, value: 1e-7, text: '1e-7' },
    { input: 'a\\u0000', value: 'a\\u0000', text: '"a\\\\u0000"' },
  ],
  refused: [
    { input: 'nul \u0000', code: 'notJson' },
    { input: { half: '\ud800' }, code: 'notJson' },
    { input: undefined, code: 'notJson' },
  ],
};

/**
 * Any JSON value: `settings: json()`. `json({ filterOf: 'lead' })` holds a filter of leads: people write it as that of a
 * list, and read it as a sentence.
 */
export const json = fieldOf(jsonType);
