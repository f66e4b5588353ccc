/** Running queued work and keeping its ledger: state, progress, what was skipped and why, where it stood when it broke. */
import { EventEmitter } from 'node:events';
import { Logger, run, runMigrations, type Runner as Worker, type WorkerEvents } from 'graphile-worker';
import { actorOf, systemActor } from '../access/actor.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';
import { type RescuePace, rescue } from './dead.ts';
import type { JobReport, JobSpec } from './job.ts';
import { queueSchema, queueTask } from './queue.ts';

/** Failures go to the ledger and to `onFailure`; the library's own chatter goes nowhere. */
const silent = new Logger(() => () => {});

/** Skips kept with a run; their number is always told. */
const maxSkips = 1_000;
/** Progress is written at most this often, in milliseconds. */
const writeEvery = 500;

/** Brings the queue's tables up to date; one process at a time, because the library's own steps do not wait for each other. */
export async function migrateQueue(db: Database) {
  await db.transaction(async tx => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('farley queue', 0))`);
    await runMigrations({ pgPool: db.pool, schema: queueSchema, logger: silent });
  });
}

export interface WorkerOptions {
  db: Database;
  jobs: JobSpec[];
  /** The context of a workspace, by its name. */
  contextOf(workspace: string, actor: Context['actor']): Promise<Context>;
  /** Jobs at a time. Default 2. */
  concurrency?: number;
  /** How soon a worker that died is noticed. */
  rescue?: RescuePace;
  onFailure(sentence: string): void;
}

/** Starts to work on the queue; `stop` lets running jobs finish. */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const jobs = new Map(options.jobs.map(job => [job.name, job]));
  const events: WorkerEvents = new EventEmitter();
  const watch = rescue(options.db, events, options.rescue);
  const worker: Worker = await run({
    events,
    pgPool: options.db.pool,
    schema: queueSchema,
    concurrency: options.concurrency ?? 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    logger: silent,
    taskList: {
      [queueTask]: async (payload, helpers) => {
        // Our connections hand JSON on as text.
        const { workspace, run: id } = (typeof payload === 'string' ? JSON.parse(payload) : payload) as {
          workspace: string;
          run: string;
        };
        await runJob(options, jobs, workspace, id, helpers.job.attempts >= helpers.job.max_attempts);
      },
    },
  });
  return {
    stop: async () => {
      watch.stop();
      await worker.stop();
      await watch.leave();
    },
  };
}

interface Run extends Record<string, unknown> {
  job: string;
  payload: string;
  actor_id: string | null;
  checkpoint: string | null;
  done: number;
}

async function runJob(
  options: WorkerOptions,
  jobs: Map<string, JobSpec>,
  workspace: string,
  id: string,
  last: boolean,
) {
  const system = await options.contextOf(workspace, systemActor('job'));
  const runs = tableOf(system.schema, 'job_run');
  const [row] = await options.db.run<Run>(
    sql`update ${runs} set state = 'running', started_at = coalesce(started_at, now()), attempt = attempt + 1
      where id = ${id}::uuid and state in ('queued', 'running', 'waiting') returning job, payload::text as payload, actor_id, checkpoint::text as checkpoint, done`,
  );
  if (!row) return;
  const job = jobs.get(row.job);
  const actor = row.actor_id
    ? await actorOf(options.db, system.schema, row.actor_id, 'person')
    : systemActor(`job ${row.job}`);
  const ledger = ledgerOf(options.db, runs, id, Number(row.done));
  try {
    if (!job) throw new Error(`There is no job called ${row.job}.`);
    if (!actor) throw new FarleyError('forbidden', 'Whoever ordered this job no longer works here.');
    const ctx = { ...(await options.contextOf(workspace, actor)), via: `job ${row.job}`, requestId: id };
    await job.run(
      ctx,
      JSON.parse(row.payload) as Record<string, Json>,
      ledger,
      row.checkpoint ? (JSON.parse(row.checkpoint) as Json) : null,
    );
    await ledger.close('done', null);
  } catch (error) {
    const message = (error as Error).message;
    const final = last || isFinal(error);
    await ledger.close(final ? 'failed' : 'waiting', message);
    if (final) options.onFailure(`The job ${row.job} failed for good: ${message}`);
    if (!isFinal(error)) throw error;
  }
}

/** What was wrong with the order itself is as wrong the next time. */
function isFinal(error: unknown): boolean {
  return error instanceof FarleyError && error.status < 500;
}

/** The report of one run, written to its line at a bounded rate. */
function ledgerOf(
  db: Database,
  runs: Sql,
  id: string,
  doneBefore: number,
): JobReport & { close(state: string, error: string | null): Promise<void> } {
  let done = doneBefore;
  let total: number | null = null;
  let skipped = 0;
  const skips: { what: string; why: string }[] = [];
  let written = 0;
  let last: Promise<unknown> = Promise.resolve();
  // One after the other: on another connection, progress could arrive after the outcome and undo it.
  const keep = (more: Sql) => {
    last = last
      .catch(() => {})
      .then(() =>
        db.run(
          sql`update ${runs} set done = ${done}, total = ${total}, skipped = ${JSON.stringify({ count: skipped, examples: skips })}::jsonb ${more} where id = ${id}::uuid`,
        ),
      );
    return last;
  };
  const now = () => {
    if (Date.now() - written < writeEvery) return;
    written = Date.now();
    keep(sql``).catch(() => {});
  };
  return {
    done: count => {
      done += count;
      now();
    },
    skipped: (what, why) => {
      skipped++;
      if (skips.length < maxSkips) skips.push({ what, why });
      now();
    },
    progress: (reached, of) => {
      done = reached;
      total = of;
      now();
    },
    result: async value => {
      await keep(sql`, result = ${JSON.stringify(value)}::jsonb`);
    },
    checkpoint: async state => {
      await keep(sql`, checkpoint = ${JSON.stringify(state)}::jsonb`);
    },
    close: async (state, error) => {
      await keep(sql`, state = ${state}, error = ${error}, ended_at = now()`);
    },
  };
}
