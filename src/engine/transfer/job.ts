/** Imports as background work: progress and outcome in the ledger, failed rows as a file to fetch. */

import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../field.ts';
import type { FileStore } from '../files/store.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { importFile } from './import.ts';
import type { ImportMap } from './map.ts';

/** What an ordered import consists of. */
export interface ImportOrder {
  /** Content of the file, in the file store. */
  hash: string;
  name: string;
  object: string | null;
  match: string | null;
  map: ImportMap | null;
  dryRun: boolean;
  changeSet: string;
}

/** Where the failed rows of an import are kept. */
export function failuresPath(directory: string, run: string): string {
  return join(directory, `failed-${run}.csv`);
}

/** The job that carries out imports ordered through the API. */
export function importJob(files: FileStore, directory: string): JobSpec {
  return defineJob('import', {
    label: 'Import',
    run: async (ctx, payload, report) => {
      const order = payload as unknown as ImportOrder;
      const failures = failuresPath(directory, ctx.requestId);
      await rm(failures, { force: true });
      const done = await importFile(
        { ...ctx, changeSet: order.changeSet },
        {
          path: files.path(order.hash),
          name: order.name,
          dryRun: order.dryRun,
          failures,
          // A worker that died leaves its job to another, which must not make the same records twice.
          again: true,
          ...(order.object ? { object: order.object } : {}),
          ...(order.match ? { match: order.match } : {}),
          ...(order.map ? { map: order.map } : {}),
          report: progress => report.progress(progress.rows, null),
        },
      );
      report.progress(done.rows, done.rows);
      await report.result({ ...done, changeSet: order.dryRun ? null : order.changeSet } as unknown as Json);
    },
  });
}

/** The failed rows of an import, or null when there were none. */
export function failedRows(directory: string, run: string) {
  const path = failuresPath(directory, run);
  return existsSync(path) ? createReadStream(path) : null;
}
