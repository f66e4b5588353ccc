/** Putting work into the queue, inside the transaction of the write that causes it, with a line in the ledger. */
import type { Context } from '../context.ts';
import type { Runner } from '../db/database.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { tableOf } from '../records/scope.ts';
import { sql } from '../sql.ts';

/** PostgreSQL schema in which graphile-worker keeps its tables. */
export const queueSchema = 'farley_jobs';
/** The one task that the worker knows; which job it is stands in the ledger. */
export const queueTask = 'run';

/** Enqueues jobs; answers the ids of their ledger lines. */
export async function enqueue(
  ctx: Context,
  runner: Runner,
  jobs: { task: string; payload: Record<string, Json>; label?: string }[],
): Promise<string[]> {
  const runs = jobs.map(job => ({
    id: newId(),
    job: job.task,
    label: job.label ?? job.task,
    payload: job.payload,
  }));
  await runner.run(
    sql`with runs as (select * from json_to_recordset(${JSON.stringify(runs)}::json) as r(id uuid, job text, label text, payload jsonb)),
        ledger as (insert into ${tableOf(ctx.schema, 'job_run')} (id, job, label, state, payload, actor_id)
          select id, job, label, 'queued', payload, ${ctx.actor.userId}::uuid from runs)
      select ${sql.id(queueSchema, 'add_job')}(${queueTask}::text,
        payload => json_build_object('workspace', ${ctx.settings.name}::text, 'run', id), job_key => id::text, max_attempts => 5) from runs`,
  );
  return runs.map(run => run.id);
}
