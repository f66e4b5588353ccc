/** Checking input against JSON Schema: compiled once, all problems at once, with pointers and words. */
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { FarleyError, type Problem } from '../errors.ts';

type Check = (input: unknown) => never;

const compiled = new WeakMap<TSchema, Check>();

/** Any names with values of one kind. `Type.Record` checks by a pattern, which names with line ends slip through. */
export function byName<V extends TSchema>(
  value: V,
  options: { description?: string; minProperties?: number; maxProperties?: number } = {},
) {
  return Type.Unsafe<Record<string, Static<V>>>(Type.Object({}, { ...options, additionalProperties: value }));
}

/** A function that answers its input, typed, or throws `invalidInput`. */
export function compileInput<T = never>(schema: TSchema): (input: unknown) => T {
  const known = compiled.get(schema);
  if (known) return known as (input: unknown) => T;
  const validator = Compile(schema);
  const check = (input: unknown): T => {
    if (validator.Check(input)) return input as T;
    const problems: Problem[] = [...validator.Errors(input)].slice(0, 50).map(error => ({
      pointer: error.instancePath,
      code: 'invalidShape',
      message: `${error.instancePath || 'The input'} ${error.message}.`,
    }));
    throw new FarleyError('invalidInput', problems[0]?.message, { problems });
  };
  compiled.set(schema, check as Check);
  return check;
}
