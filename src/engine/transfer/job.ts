/** Imports as background work: progress and outcome in the ledger, failed rows as a file to fetch. */

import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { scanAfter } from '../duplicates/scan.ts';
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
          report: progress => {
            // A full disk is no fault of the rows: the import waits for room, and does them again.
            ctx.db.requireRoom();
            report.progress(progress.rows, null);
          },
        },
      );
      await scanAfter(ctx, done);
      report.progress(done.rows, done.rows);
      const changeSet = order.dryRun ? null : order.changeSet;
      const whole = resumed && changeSet ? await together(ctx, changeSet, done) : done;
      await report.result({ ...whole, changeSet } as unknown as Json);
    },
  });
}

/**
 * The report of all attempts: what one before has made, the last one meets as unchanged, or does not miss any more. The
 * log of the change set knows what was made, whoever did it.
 */
async function together(ctx: Context, changeSet: string, report: ImportReport): Promise<ImportReport> {
  const rows = await ctx.db.run<{ object: string; created: number; updated: number }>(
    sql`select object, count(*) filter (where kind = 'created') as created,
        count(distinct record_id) filter (where kind = 'updated') as updated
      from ${tableOf(ctx.schema, 'change')} where set_id = ${changeSet}::uuid and fields is not null group by object`,
  );
  const own = rows.find(({ object }) => object === report.object);
  const others = rows.filter(({ object, created }) => object !== report.object && created > 0);
  const linked = Object.fromEntries(others.map(({ object, created }) => [object, created]));
  // Records of this object that were made as links of others of it cannot be told from rows.
  const self = report.linked[report.object] ?? 0;
  if (self > 0 || !own)
    return { ...report, linked: { ...linked, ...(self ? { [report.object]: self } : {}) } };
  const handled = report.created + report.updated + report.unchanged;
  const created = Math.min(own.created, handled);
  const updated = Math.min(Math.max(own.updated, report.updated), handled - created);
  return { ...report, linked, created, updated, unchanged: handled - created - updated };
}

/** The failed rows of an import, or null when there were none. */
export function failedRows(directory: string, run: string) {
  const path = failuresPath(directory, run);
  return existsSync(path) ? createReadStream(path) : null;
}
