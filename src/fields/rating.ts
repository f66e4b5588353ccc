import { Type } from 'typebox';
import { type Field, type FieldType, type Refusal, refuse, sql } from '../engine/index.ts';
import { declared } from './declare.ts';
import { arithmetic, comparison, counts, emptiness, equality, plainOrder } from './operators.ts';

export interface RatingOptions {
  /** The best rating. Default 5. */
  max?: number;
}

const most = (field: Field) => (field.options.max as number | undefined) ?? 5;
const comparable = { type: 'integer', key: (value: number) => value };

function parse(input: unknown, field: Field): number | Refusal {
  const stars = typeof input === 'string' ? /^\s*(?:(★+)☆*|(\d+)(?:\s*\/\s*\d+)?)\s*$/.exec(input) : null;
  const value = stars ? (stars[1]?.length ?? Number(stars[2])) : input;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most(field))
    return value;
  return refuse('notARating', `${field.label} is a whole number from 1 to ${most(field)}.`);
}

/** Stars. */
export const ratingType: FieldType<number> = {
  name: 'rating',
  label: 'Rating',
  help: 'One to five stars, or as many as you set.',
  icon: 'star',
  options: Type.Object({ max: Type.Optional(Type.Integer({ minimum: 2, maximum: 10 })) }),
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'smallint' }], put: value => [value] },
  schema: field => Type.Integer({ minimum: 1, maximum: most(field) }),
  inputSchema: () => Type.Union([Type.Integer(), Type.String()]),
  parse,
  format: value => String(value),
  operators: { ...equality(comparable), ...comparison(comparable), ...emptiness() },
  sort: plainOrder('smallint'),
  group: cell => cell(),
  aggregates: { avg: arithmetic.avg!, min: arithmetic.min!, max: arithmetic.max!, ...counts },
  cel: { type: 'double', sql: cell => sql`(${cell()})::double precision` },
  fact: { kind: 'number' },
  samples: [
    { input: 1, value: 1, text: '1' },
    { input: '★★★☆☆', value: 3, text: '3' },
    { input: '5/5', value: 5, text: '5' },
  ],
  refused: [
    { input: 0, code: 'notARating' },
    { input: 6, code: 'notARating' },
    { input: 3.5, code: 'notARating' },
    { input: 'good', code: 'notARating' },
  ],
};

/** Stars: `rating: rating({ max: 3 })`. */
export const rating = declared<RatingOptions, number>(ratingType);
