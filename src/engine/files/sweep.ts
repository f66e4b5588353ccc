/** Contents that no record refers to any more: of imports that were cut off, of uploads that were never used. */
import type { Context } from '../context.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';
import { schemaOf, workspaceNames } from '../workspace.ts';
import type { FileStore } from './store.ts';

export const sweepTask = 'sweepContents';

/** Milliseconds: what is younger may belong to a record that is about to be written. */
const day = 24 * 3_600_000;
/** Contents that are looked up at a time. */
const atOnce = 5_000;

/**
 * Removes contents that are older than a day and that nothing refers to: no file of any workspace, in the trash or not —
 * so that whatever can be undone or restored keeps its content — and no import that has not ended.
 */
export function sweepJob(files: FileStore): JobSpec {
  return defineJob(sweepTask, {
    label: 'Contents without a file',
    run: async (ctx, _payload, report, _resumed, signal) => {
      let [looked, removed, bytes] = [0, 0, 0];
      for await (const hashes of bundles(files.stored(day))) {
        signal.throwIfAborted();
        const used = await usedOf(ctx, hashes);
        for (const hash of hashes) {
          if (used.has(hash)) continue;
          const size = await files.remove(hash, day);
          if (size === null) report.skipped(hash, 'It was taken in again in the meantime.');
          else [removed, bytes] = [removed + 1, bytes + size];
        }
        looked += hashes.length;
        report.progress(looked, null);
      }
      report.done(removed);
      await report.result({ looked, removed, bytes });
    },
  });
}

/** Orders a sweep, unless there was one within the last day or one is waiting. */
export async function sweepDaily(ctx: Context) {
  await ctx.db.transaction(async tx => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('farley sweep', 0))`);
    const since = new Date(ctx.clock.now().getTime() - day).toISOString();
    const [last] = await tx.run(
      sql`select 1 as one from ${tableOf(ctx.schema, 'job_run')} where job = ${sweepTask} and queued_at > ${since}::timestamptz limit 1`,
    );
    if (!last) await enqueue(ctx, tx, [{ task: sweepTask, payload: {}, label: 'Contents without a file' }]);
  });
}

async function* bundles(hashes: AsyncIterable<string>): AsyncGenerator<string[]> {
  let bundle: string[] = [];
  for await (const hash of hashes) {
    bundle.push(hash);
    if (bundle.length < atOnce) continue;
    yield bundle;
    bundle = [];
  }
  if (bundle.length > 0) yield bundle;
}

/** Those of the contents that something refers to, in whatever workspace: the store is one. */
async function usedOf(ctx: Context, hashes: string[]): Promise<Set<string>> {
  const used = new Set<string>();
  // A statement touches one workspace.
  for (const name of await workspaceNames(ctx.db)) {
    const of = (from: Sql) => sql`select hash from ${from} where hash = any(${hashes}::text[])`;
    const schema = schemaOf(name);
    const imports = sql`(select jsonb_each_text.value as hash from ${tableOf(schema, 'job_run')} j,
        jsonb_each_text(case when jsonb_typeof(j.payload -> 'files') = 'object' then j.payload -> 'files' else '{}'::jsonb end)
      where j.ended_at is null) i`;
    const rows = await ctx.db.run<{ hash: string }>(
      sql`${of(sql`${tableOf(schema, 'file')}`)} union ${of(imports)}`,
    );
    for (const { hash } of rows) used.add(hash);
  }
  return used;
}
