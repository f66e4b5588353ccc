import { Type } from 'typebox';
import type { FieldSpec } from '../engine/field.ts';
import { computed, type Result, resultSchema } from './computed.ts';
import type { OptionsOf } from './declare.ts';

export interface FormulaOptions<T extends Result> {
  /** CEL over the record's fields: `amount * probability / 100.0`. */
  expression: string;
  /** Type of the result. Default `number`. */
  result?: T;
}

/** The type of a result's JSON value. */
export type ResultOf<T extends Result> = T extends 'number' ? number : T extends 'boolean' ? boolean : string;

/** A value computed from other fields of the record. */
export const formulaType = computed(
  {
    name: 'formula',
    label: 'Formula',
    help: 'A value computed from other fields of the record.',
    icon: 'math-function',
    options: Type.Object({
      expression: Type.String({ minLength: 1, maxLength: 5000 }),
      result: resultSchema,
    }),
    sampleOptions: { expression: '1.0 + 1.0', result: 'number' },
  },
  (field, scope) => scope.expression(field.options.expression as string, field),
);

/** A value computed from other fields: `weighted: formula({ expression: 'amount * probability / 100.0' })`. */
export function formula<const T extends Result = 'number'>(
  options: OptionsOf<FormulaOptions<T>, false>,
): FieldSpec<ResultOf<T>, false> {
  return { type: formulaType as unknown as FieldSpec<ResultOf<T>>['type'], options };
}
