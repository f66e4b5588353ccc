/** Functions by which modules declare fields whose options are checked by the compiler. */
import type { FieldOptions, FieldSpec, FieldType } from '../engine/field.ts';

/** Options of every field, of a type, and whether a value is required. */
export type OptionsOf<Own, R extends boolean> = Own & FieldOptions & { required?: R };

/** Makes the function modules call, for a type with options of its own: `money({ currency: 'EUR' })`. */
export function declared<Own, V>(type: FieldType<V>) {
  return <R extends boolean = false>(
    options: OptionsOf<Own, R> = {} as OptionsOf<Own, R>,
  ): FieldSpec<V, R> => ({ type, options });
}
