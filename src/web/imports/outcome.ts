import type { ImportResult } from '../../engine/index.ts';
import type { Job } from '../model/jobs.ts';

const nothing: ImportResult = {
  rows: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  failed: 0,
  changeSet: null,
  dryRun: false,
  tables: [],
};

/** The outcome of a job that is over. */
export function outcomeOf({ result }: Job): ImportResult {
  return { ...nothing, ...(result as unknown as Partial<ImportResult> | null) };
}
