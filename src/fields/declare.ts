/** Functions by which modules declare fields whose options are checked by the compiler. */
import type { FieldOptions, FieldSpec, FieldType, RequiredBy } from '../engine/index.ts';

/** Options of every field and of a type. */
export type OptionsOf<Own> = Own & FieldOptions;

/** A field of a type, for options that the caller has checked. */
export function spec<V, O>(type: FieldType<V>, options: object): FieldSpec<V, RequiredBy<O>> {
  return { type, options: options as FieldSpec<V, RequiredBy<O>>['options'] };
}

/** Makes the function modules call, for a type with options of its own: `money({ currency: 'EUR' })`. */
export function declared<Own, V>(type: FieldType<V>) {
  return <const O extends OptionsOf<Own> = OptionsOf<Own>>(options?: O): FieldSpec<V, RequiredBy<O>> =>
    spec<V, O>(type, options ?? {});
}
