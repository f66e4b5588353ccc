import { Type } from 'typebox';
import type { FieldSpec, FieldType } from '../engine/index.ts';
import { computed, type Result, resultSchema } from './computed.ts';
import { type OptionsOf, spec } from './declare.ts';
import type { ResultOf } from './formula.ts';

export interface RollUpOptions {
  /** Name of the way back to the records: `deals` on company. */
  relation: string;
  /** What to do with them: `count`, or an aggregate of `field` such as `sum`. */
  aggregate: string;
  /** The field to aggregate; not for `count`. */
  field?: string;
  /** Which of the records count. Default: all. */
  filter?: unknown;
  /** Type of the result. Default `number`. */
  result?: Result;
}

/** A figure over the records that link here. */
export const rollUpType = computed(
  {
    name: 'rollUp',
    label: 'Roll-up',
    help: 'Count, sum, least, greatest or average over related records.',
    icon: 'sum',
    options: Type.Object({
      relation: Type.String(),
      aggregate: Type.String(),
      field: Type.Optional(Type.String()),
      filter: Type.Optional(Type.Unknown()),
      result: resultSchema,
    }),
    sampleOptions: { relation: 'deals', aggregate: 'count' },
  },
  (field, scope) => {
    const { relation, aggregate, field: of, filter } = field.options as unknown as RollUpOptions;
    return scope.rollUp(relation, aggregate, of ?? null, filter ?? null);
  },
);

/** A figure over the records that link here: `openDeals: rollUp({ relation: 'deals', aggregate: 'count' })`. */
export function rollUp<const O extends OptionsOf<RollUpOptions>>(options: O): FieldSpec<ResultOf<O>, false> {
  return spec<ResultOf<O>, object>(rollUpType as unknown as FieldType<ResultOf<O>>, options);
}
