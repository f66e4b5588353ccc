/** Imports as background work: progress and outcome in the ledger, failed rows as files to fetch. */

import type { ReadStream } from 'node:fs';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { scanAfter } from '../duplicates/scan.ts';
import type { Json } from '../field.ts';
import type { FileStore } from '../files/store.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import type { Model } from '../model.ts';
import type { Declared } from '../workspace.ts';
import { keeper } from './contents.ts';
import type { ImportReport } from './findings.ts';
import { importTables, type PlannedTable } from './import-tables.ts';
import type { Counts } from './outcome.ts';

/** What an ordered import consists of. */
export interface ImportOrder {
  /** Name of a file, as the tables call it → its content in the file store. */
  files: Record<string, string>;
  /** In the order in which they are imported. */
  tables: PlannedTable[];
  dryRun: boolean;
  /** Whether people are told as of changes made by hand: watches find it here (`jobs/watch.ts`). */
  notify: boolean;
  changeSet: string;
}

/** What came of an import: the sums, and a report per table. */
export interface ImportResult extends Counts {
  /** What undoes all of it; null where nothing was changed. */
  changeSet: string | null;
  dryRun: boolean;
  tables: ImportReport[];
}

export interface ImportParts {
  files: FileStore;
  /** Where failed rows are kept. */
  directory: string;
  declared: Declared;
  /** Makes a changed model known to all processes. */
  takeModel(workspace: string, model: Model): Promise<void>;
}

/** Where the failed rows of one table of an import are kept. */
function failuresPath(directory: string, run: string, table: number): string {
  return join(directory, `failed-${run}-${table}.csv`);
}

/** The job that carries out imports ordered through the API. */
export function importJob({ files, directory, declared, takeModel }: ImportParts): JobSpec {
  return defineJob('import', {
    label: 'Import',
    run: async (ctx, payload, report, _resumed, signal) => {
      const order = payload as unknown as ImportOrder;
      const tables = await importTables(
        { ...ctx, changeSet: order.changeSet },
        {
          declared,
          tables: order.tables,
          keep: keeper(files),
          files: Object.keys(order.files),
          pathOf: file => files.path(order.files[file]!),
          dryRun: order.dryRun,
          failuresOf: index => failuresPath(directory, ctx.requestId, index),
          takeModel: model => takeModel(ctx.settings.name, model),
          signal,
          report: (done, total) => {
            // A full disk is no fault of the rows: the import waits for room, and does them again.
            ctx.db.requireRoom();
            report.progress(done, total);
          },
        },
      );
      for (const table of tables) await scanAfter(ctx, table);
      const result = resultOf(order, tables);
      if (!signal.aborted) report.progress(result.rows, result.rows);
      await report.result(result as unknown as Json);
      signal.throwIfAborted();
    },
  });
}

const counted = ['rows', 'created', 'updated', 'unchanged', 'skipped', 'failed'] as const;

function resultOf({ dryRun, changeSet }: ImportOrder, tables: ImportReport[]): ImportResult {
  const sums = counted.map(name => [name, tables.reduce((sum, table) => sum + table[name], 0)]);
  const changed = tables.some(table => table.changeSet !== null);
  return {
    ...(Object.fromEntries(sums) as unknown as Counts),
    changeSet: changed && !dryRun ? changeSet : null,
    dryRun,
    tables,
  };
}

/** The failed rows of a table of an import, or of the first that has some; null when there are none. */
export function failedRows(
  directory: string,
  run: string,
  table: number | null,
  most = 1_000,
): ReadStream | null {
  const asked = table === null ? Array.from({ length: most }, (_, index) => index) : [table];
  const path = asked.map(index => failuresPath(directory, run, index)).find(existsSync);
  return path === undefined ? null : createReadStream(path);
}
