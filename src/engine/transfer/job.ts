/** Imports as background work: progress and outcome in the ledger, failed rows as a file to fetch. */

import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';
import type { FileStore } from '../files/store.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { tableOf } from '../records/scope.ts';
import { sql } from '../sql.ts';
import type { ImportReport } from './findings.ts';
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
    run: async (ctx, payload, report, resumed) => {
      const order = payload as unknown as ImportOrder;
      await report.checkpoint({ begun: true });
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
      const changeSet = order.dryRun ? null : order.changeSet;
      const linked = resumed && changeSet ? await linkedBy(ctx, changeSet, done) : done.linked;
      await report.result({ ...done, linked, changeSet } as unknown as Json);
    },
  });
}

/** Linked records that all attempts together have made; the last one knows only its own. */
async function linkedBy(ctx: Context, changeSet: string, { object, created }: ImportReport) {
  const made = await ctx.db.run<{ object: string; n: number }>(
    sql`select object, count(*) as n from ${tableOf(ctx.schema, 'change')}
      where set_id = ${changeSet}::uuid and kind = 'created' group by object`,
  );
  return Object.fromEntries(
    made
      .map(row => [row.object, row.object === object ? row.n - created : row.n] as const)
      .filter(([, n]) => n > 0),
  );
}

/** The failed rows of an import, or null when there were none. */
export function failedRows(directory: string, run: string) {
  const path = failuresPath(directory, run);
  return existsSync(path) ? createReadStream(path) : null;
}
