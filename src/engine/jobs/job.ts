/** Background work. Every run leaves a line in the ledger: what was done, what was skipped and why. */
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';

/** What a job reports while and after it runs; kept in the ledger. */
export interface JobReport {
  done(count: number): void;
  skipped(what: string, why: string): void;
  progress(done: number, total: number | null): void;
  /** What came of it, for whoever ordered it. */
  result(value: Json): Promise<void>;
  /** State to resume from after a crash; survives the process. */
  checkpoint(state: Json): Promise<void>;
}

export interface JobSpec {
  name: string;
  label: string;
  /**
   * `signal` is aborted where the job is to end early, because someone cancels it or Farley stops. Long work looks at it
   * between pieces and ends with `signal.throwIfAborted()`: what is done stays. What Farley stopped is begun again.
   */
  run(
    ctx: Context,
    payload: Record<string, Json>,
    report: JobReport,
    resumed: Json | null,
    signal: AbortSignal,
  ): Promise<void>;
}

export function defineJob(name: string, spec: Omit<JobSpec, 'name'>): JobSpec {
  return { ...spec, name };
}
