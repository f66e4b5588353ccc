import { Type } from 'typebox';
import type { FieldType } from '../engine/index.ts';
import { declared } from './declare.ts';
import { type NumberOptions, numberType, parseNumber, parseNumberText } from './number.ts';
import { arithmetic, comparison, counts, emptiness, equality, plainOrder } from './operators.ts';
import { numeralOf, showNumeral } from './reading.ts';

const comparable = { type: 'double precision', key: (value: number) => value };
const withoutSign = (text: string) => text.trimEnd().replace(/%$/, '').trimEnd();

/** A share in hundredths: 25 is a quarter. */
export const percentType: FieldType<number> = {
  name: 'percent',
  label: 'Percent',
  help: 'A share in hundredths: 25 means 25 %.',
  icon: 'percentage',
  options: numberType.options!,
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'double precision' }], put: value => [value] },
  schema: () => Type.Number(),
  inputSchema: () => Type.Union([Type.Number(), Type.String()]),
  parse: (input, field) => parseNumber(typeof input === 'string' ? withoutSign(input) : input, field),
  parseText: (text, field, scope) => parseNumberText(withoutSign(text), field, scope.locale),
  format: (value, _field, scope) => `${showNumeral(numeralOf(value), scope.locale)}%`,
  operators: { ...equality(comparable), ...comparison(comparable), ...emptiness() },
  sort: plainOrder('double precision'),
  group: cell => cell(),
  aggregates: {
    avg: arithmetic.avg!,
    min: arithmetic.min!,
    max: arithmetic.max!,
    sum: arithmetic.sum!,
    ...counts,
  },
  cel: { type: 'double' },
  fact: { kind: 'number' },
  samples: [
    { input: '25 %', value: 25, text: '25%' },
    { input: 0, value: 0, text: '0%' },
    { input: 33.3, value: 33.3, text: '33.3%' },
    { input: '-150', value: -150, text: '-150%' },
  ],
  refused: [
    { input: 'half', code: 'notANumber' },
    { input: '%', code: 'notANumber' },
    { input: [25], code: 'notANumber' },
  ],
};

/** A share in hundredths: `probability: percent({ min: 0, max: 100 })`. */
export const percent = declared<NumberOptions, number>(percentType);
