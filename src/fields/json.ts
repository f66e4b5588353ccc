import { isDeepStrictEqual } from 'node:util';
import { type TSchema, Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type Json,
  type ParseScope,
  type Refusal,
  refuse,
  sql,
} from '../engine/index.ts';
import { emptiness } from './operators.ts';

const limit = 1_000_000;
/** NUL, and halves of surrogate pairs as JSON.stringify escapes them: PostgreSQL holds neither. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

type PartKind = 'text' | 'number' | 'moment';

/** Names of parts and what each is, for values that are always of one shape: option `parts`. */
const partsOf = (field: Field) => field.options.parts as { [part: string]: PartKind } | undefined;

/** Letters of a part at most. */
const longestPart = 10_000;

/** Reads a value of one shape; without any part it is none. */
function parseParts(
  input: unknown,
  field: Field,
  parts: { [part: string]: PartKind },
  now: Date,
): Json | Refusal {
  const wrong = (at = '') =>
    refuse('notOfParts', `${field.label} takes an object of ${Object.keys(parts).join(', ')}.`, at);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return wrong();
  const value: { [part: string]: Json } = {};
  for (const [part, given] of Object.entries(input)) {
    const kind = parts[part];
    if (!kind) return wrong(`/${part}`);
    if (given === null || given === undefined || given === '') continue;
    const read = kind === 'moment' ? momentOf(given, now) : plainOf(given, kind);
    if (read === null)
      return kind === 'moment'
        ? refuse(
            'notPast',
            `${field.label} takes a moment of the past, such as 2026-03-16T12:00:00Z.`,
            `/${part}`,
          )
        : wrong(`/${part}`);
    value[part] = read;
  }
  return Object.keys(value).length > 0 ? parseJson(value, field) : null;
}

function plainOf(given: unknown, kind: 'text' | 'number'): Json {
  if (kind === 'number') return typeof given === 'number' && Number.isFinite(given) ? given : null;
  if (typeof given !== 'string' && typeof given !== 'number') return null;
  const text = String(given).trim();
  return text.length > longestPart ? null : text;
}

/** ISO 8601, a day or a moment, that has been. A minute is left to clocks that differ. */
function momentOf(given: unknown, now: Date): string | null {
  if (typeof given !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(given)) return null;
  const time = Date.parse(given);
  return Number.isNaN(time) || time > now.getTime() + 60_000 ? null : new Date(time).toISOString();
}

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

function parseText(text: string, field: Field, scope: ParseScope): Json | Refusal {
  try {
    return jsonType.parse(JSON.parse(text), field, scope);
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
  schema: field => {
    const parts = partsOf(field);
    if (!parts) return Type.Unsafe<Json>({});
    const schemaOf = (kind: PartKind) =>
      kind === 'number' ? Type.Number() : Type.String(kind === 'moment' ? { format: 'date-time' } : {});
    const each = Object.entries(parts).map(([part, kind]) => [part, Type.Optional(schemaOf(kind))]);
    return Type.Object(Object.fromEntries(each)) as TSchema;
  },
  parse: (input, field, scope) => {
    const parts = partsOf(field);
    return parts ? parseParts(input, field, parts, scope.now) : parseJson(input, field);
  },
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
 * list, and read it as a sentence. `json({ parts: { source: 'text', at: 'moment' } })` holds an object of these parts alone, and
 * columns of files become one part each.
 */
export const json = fieldOf(jsonType);
