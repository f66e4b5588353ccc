import { Type } from 'typebox';
import { type Field, type FieldType, type Refusal, refuse } from '../engine/index.ts';
import { declared } from './declare.ts';
import { arithmetic, comparison, counts, emptiness, equality, plainOrder } from './operators.ts';
import { numeralOf, readNumeral, showNumeral } from './reading.ts';

export interface NumberOptions {
  /** Whole numbers only. Default false. */
  integer?: boolean;
  /** Digits shown after the decimal mark. Default: as many as there are. */
  decimals?: number;
  /** Thousands are set apart. Default true; false for years and the like. */
  grouped?: boolean;
  /** Least value accepted. */
  min?: number;
  /** Greatest value accepted. */
  max?: number;
  /** Shown with how much of this it is, in lists and on cards. */
  outOf?: number;
}

const comparable = { type: 'double precision', key: (value: number) => value };

/** Checks a number against the options `integer`, `min` and `max`. */
export function checkNumber(value: number, field: Field): number | Refusal {
  const { integer, min, max } = field.options as NumberOptions;
  if (!Number.isFinite(value)) return refuse('notANumber', `${field.label} takes a number, such as 12.5.`);
  // Beyond this, adding up a million of them would fail for the whole list.
  const size = Math.abs(value);
  if (size > 1e100 || (size !== 0 && size < 1e-100))
    return refuse('notANumber', `${field.label} takes a number of reasonable size, such as 12.5.`);
  if (integer && !Number.isInteger(value))
    return refuse('notWhole', `${field.label} takes a whole number, such as 12.`);
  if (min !== undefined && value < min) return refuse('tooSmall', `${field.label} is at least ${min}.`);
  if (max !== undefined && value > max) return refuse('tooGreat', `${field.label} is at most ${max}.`);
  return value === 0 ? 0 : value;
}

/** Reads a JSON number, or a string that is one. */
export function parseNumber(input: unknown, field: Field): number | Refusal {
  if (typeof input === 'number') return checkNumber(input, field);
  const numeral = typeof input === 'string' ? input.trim() : '';
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(numeral)) return checkNumber(Number(numeral), field);
  return refuse('notANumber', `${field.label} takes a number, such as 12.5.`);
}

/** Reads a number as people of a locale write it. */
export function parseNumberText(text: string, field: Field, locale: string): number | Refusal {
  const numeral = readNumeral(text, locale);
  return numeral === null ? parseNumber(text, field) : checkNumber(Number(numeral), field);
}

/** A number whose tiny rounding errors do not matter: counts, measures, scores. */
export const numberType: FieldType<number> = {
  name: 'number',
  label: 'Number',
  help: 'A count or a measure. For amounts that must be exact, take Decimal or Money.',
  icon: 'number',
  options: Type.Object({
    integer: Type.Optional(Type.Boolean()),
    decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
    grouped: Type.Optional(Type.Boolean()),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    outOf: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  }),
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'double precision' }], put: value => [value] },
  schema: field => (field.options.integer ? Type.Integer() : Type.Number()),
  inputSchema: () => Type.Union([Type.Number(), Type.String()]),
  parse: (input, field) => parseNumber(input, field),
  parseText: (text, field, scope) => parseNumberText(text, field, scope.locale),
  format(value, field, scope) {
    const numeral = numeralOf(value);
    const decimals = field.options.decimals as number | undefined;
    const digits = numeral.split('.')[1]?.length ?? 0;
    // Never fewer digits than the value has: a file must bring back what was taken out.
    return showNumeral(decimals && decimals > digits ? value.toFixed(decimals) : numeral, scope.locale);
  },
  recognises: { rank: 4, test: text => /^-?(0|[1-9]\d{0,11})([.,]\d+)?$/.test(text) },
  operators: { ...equality(comparable), ...comparison(comparable), ...emptiness() },
  sort: plainOrder('double precision'),
  group: cell => cell(),
  aggregates: { ...arithmetic, ...counts },
  cel: { type: 'double' },
  fact: { kind: 'number' },
  samples: [
    { input: 0, value: 0, text: '0' },
    { input: '-12.5', value: -12.5, text: '-12.5' },
    { input: 0.1, value: 0.1, text: '0.1' },
    { input: 1e21, value: 1e21, text: '1000000000000000000000' },
    { input: 1234567.125, value: 1234567.125, text: '1234567.125' },
  ],
  refused: [
    { input: 'twelve', code: 'notANumber' },
    { input: Number.NaN, code: 'notANumber' },
    { input: '', code: 'notANumber' },
    { input: '1e999', code: 'notANumber' },
    { input: true, code: 'notANumber' },
  ],
};

/** A number: `employees: number({ integer: true })`. */
export const number = declared<NumberOptions, number>(numberType);
