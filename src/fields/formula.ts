import { Type } from 'typebox';
import type { FieldSpec, FieldType } from '../engine/index.ts';
import { computed, type Result, resultSchema } from './computed.ts';
import { type OptionsOf, spec } from './declare.ts';

export interface FormulaOptions {
  /** CEL over the record's fields: `amount * probability / 100.0`. */
  expression: string;
  /** Type of the result. Default `number`. */
  result?: Result;
}

/** The type of a result's JSON value. */
export type ResultOf<O> = O extends { result: 'boolean' }
  ? boolean
  : O extends { result: 'text' | 'decimal' | 'date' | 'dateTime' }
    ? string
    : number;

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
export function formula<const O extends OptionsOf<FormulaOptions>>(
  options: O,
): FieldSpec<ResultOf<O>, false> {
  return spec<ResultOf<O>, object>(formulaType as unknown as FieldType<ResultOf<O>>, options);
}
