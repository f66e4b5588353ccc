/** Checking input against JSON Schema: compiled once, all problems at once, with pointers and words. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { FarleyError, type Problem } from '../errors.ts';

type Check = (input: unknown) => never;

const compiled = new WeakMap<TSchema, Check>();

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
