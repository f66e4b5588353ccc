/** Reports: what a module tells out of many records, with words of its own. Each is an address: `POST /api/reports/{name}`. */
import type { Static, TSchema } from 'typebox';
import type { Context } from './context.ts';

export interface ReportSpec {
  name: string;
  label: string;
  /** One sentence: the question it answers. */
  description: string;
  /** What it is asked for; refused before it runs where it does not fit. */
  input: TSchema;
  /** The shape of the answer. */
  answer: TSchema;
  /** Reads within the reach of who asks, and writes nothing. */
  run(ctx: Context, input: never): Promise<unknown>;
}

export function defineReport<I extends TSchema, A extends TSchema>(
  name: string,
  spec: Omit<ReportSpec, 'name' | 'input' | 'answer' | 'run'> & {
    input: I;
    answer: A;
    run(ctx: Context, input: Static<I>): Promise<Static<A>>;
  },
): ReportSpec {
  return { ...spec, name, run: spec.run as ReportSpec['run'] };
}
