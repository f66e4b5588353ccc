import { Type } from 'typebox';
import { type Aggregate, type Field, type FieldType, type Refusal, refuse, sql } from '../engine/index.ts';
import { declared } from './declare.ts';
import { comparison, counts, emptiness, equality, plainOrder, type Scalar } from './operators.ts';
import { compareNumerals, machineNumeral, numeralOf, readNumeral, showNumeral } from './reading.ts';

export interface DecimalOptions {
  /** Digits after the decimal mark; more are refused. Default: as many as given. */
  decimals?: number;
}

const maxDigits = 60;
const comparable = {
  type: 'numeric',
  key: (value: string) => value,
  compare: (a: Scalar, b: Scalar) => compareNumerals(String(a), String(b)),
};

/** Sums and the like as exact text, because a JSON number would round. */
export const exactArithmetic: Record<string, Aggregate> = {
  sum: { label: 'Sum', sql: cell => sql`sum(${cell()})`, json: sum => sql`(${sum})::text` },
  avg: { label: 'Average', sql: cell => sql`avg(${cell()})`, json: avg => sql`trim_scale(${avg})::text` },
  min: { label: 'Least', sql: cell => sql`min(${cell()})`, json: min => sql`(${min})::text` },
  max: { label: 'Greatest', sql: cell => sql`max(${cell()})`, json: max => sql`(${max})::text` },
};

function check(numeral: string | null, field: Field): string | Refusal {
  if (numeral === null || numeral.replace(/\D/g, '').length > maxDigits)
    return refuse(
      'notANumber',
      `${field.label} takes a number, such as 12.50, of ${maxDigits} digits at most.`,
    );
  const decimals = field.options.decimals as number | undefined;
  const [whole, fraction = ''] = numeral.split('.') as [string, string?];
  const short = fraction.replace(/0+$/, '');
  if (decimals === undefined) return withoutSignOfNought(short ? `${whole}.${short}` : whole);
  if (short.length > decimals)
    return refuse('tooPrecise', `${field.label} takes ${decimals} digits after the decimal mark.`);
  return withoutSignOfNought(decimals ? `${whole}.${short.padEnd(decimals, '0')}` : whole);
}

function withoutSignOfNought(numeral: string): string {
  return /^-0(\.0*)?$/.test(numeral) ? numeral.slice(1) : numeral;
}

/** An exact number of any length, as text: never rounded. */
export const decimalType: FieldType<string> = {
  name: 'decimal',
  label: 'Decimal',
  help: 'An exact number that is never rounded, such as a rate or a quantity.',
  icon: 'decimal',
  options: Type.Object({ decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })) }),
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'numeric' }], put: value => [value] },
  schema: () => Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' }),
  inputSchema: () => Type.Union([Type.String(), Type.Number()]),
  parse(input, field) {
    if (typeof input === 'number' && Number.isFinite(input))
      return check(machineNumeral(numeralOf(input)), field);
    return check(typeof input === 'string' ? machineNumeral(input) : null, field);
  },
  parseText: (text, field, scope) => check(readNumeral(text, scope.locale), field),
  format: (value, _field, scope) => showNumeral(value, scope.locale),
  json: cell => sql`(${cell()})::text`,
  operators: { ...equality(comparable), ...comparison(comparable), ...emptiness() },
  sort: plainOrder('numeric'),
  group: cell => sql`trim_scale(${cell()})::text`,
  aggregates: { ...exactArithmetic, ...counts },
  cel: { type: 'double', sql: cell => sql`(${cell()})::double precision`, value: Number },
  fact: { kind: 'number', of: Number },
  samples: [
    { input: '12.50', value: '12.5', text: '12.5' },
    { input: 0.1, value: '0.1', text: '0.1' },
    { input: '-0.00', value: '0', text: '0' },
    {
      input: '123456789012345678901234567890.123456789',
      value: '123456789012345678901234567890.123456789',
      text: '123456789012345678901234567890.123456789',
    },
  ],
  refused: [
    { input: '12,5', code: 'notANumber' },
    { input: 'a lot', code: 'notANumber' },
    { input: '9'.repeat(61), code: 'notANumber' },
    { input: Number.POSITIVE_INFINITY, code: 'notANumber' },
  ],
};

/** An exact number: `quantity: decimal({ decimals: 3 })`. */
export const decimal = declared<DecimalOptions, string>(decimalType);
