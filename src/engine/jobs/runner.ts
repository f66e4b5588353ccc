/** Running queued work and keeping its ledger: state, progress, what was skipped and why, where it stood when it broke. */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Logger,
  run,
  runMigrations,
  type TaskList,
  type Runner as Worker,
  type WorkerEvents,
} from 'graphile-worker';
import { actorOf, systemActor } from '../access/actor.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';
import { freeAll, type RescuePace, rescue } from './dead.ts';
import type { JobReport, JobSpec } from './job.ts';
import { queueSchema, queueTask } from './queue.ts';

/** Failures go to the ledger and to `onFailure`; the library's own chatter goes nowhere. */
const silent = new Logger(() => () => {});

/** Skips kept with a run; their number is always told. */
const maxSkips = 1_000;
/** Progress is written at most this often, in milliseconds. */
const writeEvery = 500;
/** A job that has been begun this often, and was broken off each time, may be what breaks its workers. */
const maxRuns = 25;

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
  /** No other process works on this database: what is held when this one begins was held by the dead. */
  alone?: boolean;
  onFailure(sentence: string): void;
}

/**
 * Starts to work on the queue; `stop` lets running jobs finish. The library's worker ends when the database goes away
 * while it hands a job back; then another one begins as soon as the database answers.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { db } = options;
  const events: WorkerEvents = new EventEmitter();
  if (options.alone) await freeAll(db);
  const watch = rescue(db, events, options.rescue);
  const work = workOn(options);
  let stopping = false;
  let worker = await runQueue(options, events, work);
  const keepOn = async () => {
    while (!stopping) {
      await worker.promise.catch(() => {});
      if (stopping) return;
      try {
        await watch.startOver();
        worker = await runQueue(options, events, work);
        if (stopping) await worker.stop();
      } catch {
        await sleep(restartAfter);
      }
    }
  };
  const kept = keepOn();
  return {
    stop: async () => {
      stopping = true;
      watch.stop();
      // One that has ended by itself cannot be stopped.
      await worker.stop().catch(() => {});
      await kept;
      await watch.leave();
    },
  };
}

/** Milliseconds between attempts to go on working while the database is away. */
const restartAfter = 500;

function runQueue(options: WorkerOptions, events: WorkerEvents, work: TaskList): Promise<Worker> {
  return run({
    events,
    pgPool: options.db.pool,
    concurrency: options.concurrency ?? 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    logger: silent,
    schema: queueSchema,
    taskList: work,
    // Without these delays a job that cannot be handed back, the database being away, would end the whole process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
}

/** The one task of the queue. A job that its last worker could not hand back waits until that one has let go of it. */
function workOn(options: WorkerOptions): TaskList {
  const jobs = new Map(options.jobs.map(job => [job.name, job]));
  const underWay = new Map<string, Promise<void>>();
  return {
    [queueTask]: async (payload, helpers) => {
      // Our connections hand JSON on as text.
      const { workspace, run: id } = (typeof payload === 'string' ? JSON.parse(payload) : payload) as {
        workspace: string;
        run: string;
      };
      await underWay.get(id)?.catch(() => {});
      const last = helpers.job.attempts >= helpers.job.max_attempts;
      const work = runJob(options, jobs, workspace, id, last).finally(() => underWay.delete(id));
      underWay.set(id, work);
      await work;
    },
  };
}

interface Run extends Record<string, unknown> {
  job: string;
  payload: string;
  actor_id: string | null;
  checkpoint: string | null;
  attempt: number;
}

/** What is kept to go on from: the job's own state, and the counts as they stood with it. */
interface Checkpoint {
  state: Json;
  done: number;
  skipped: number;
  skips: { what: string; why: string }[];
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
    sql`update ${runs} set state = 'running', started_at = coalesce(started_at, now()), ended_at = null, attempt = attempt + 1
      where id = ${id}::uuid and state in ('queued', 'running', 'waiting')
      returning job, payload::text as payload, actor_id, checkpoint::text as checkpoint, attempt`,
  );
  if (!row) return;
  const resumed = row.checkpoint ? (JSON.parse(row.checkpoint) as Checkpoint) : null;
  const ledger = ledgerOf(options.db, runs, id, row.attempt, resumed);
  try {
    await carryOutJob(options, jobs.get(row.job), row, { workspace, id, system }, ledger, resumed);
    await ledger.close('done', null);
  } catch (error) {
    const message = (error as Error).message;
    const hopeless = isFinal(error) || row.attempt > maxRuns;
    await ledger.close(last || hopeless ? 'failed' : 'waiting', message);
    if (last || hopeless) options.onFailure(`The job ${row.job} failed for good: ${message}`);
    if (!hopeless) throw error;
  }
}

async function carryOutJob(
  options: WorkerOptions,
  job: JobSpec | undefined,
  row: Run,
  { workspace, id, system }: { workspace: string; id: string; system: Context },
  ledger: JobReport,
  resumed: Checkpoint | null,
) {
  if (!job) throw new Error(`There is no job called ${row.job}.`);
  if (row.attempt > maxRuns) throw new Error(`It was begun ${maxRuns} times and broken off each time.`);
  const actor = row.actor_id
    ? await actorOf(options.db, system.schema, row.actor_id, 'person')
    : systemActor(`job ${row.job}`);
  if (!actor) throw new FarleyError('forbidden', 'Whoever ordered this job no longer works here.');
  const ctx = { ...(await options.contextOf(workspace, actor)), via: `job ${row.job}`, requestId: id };
  await job.run(ctx, JSON.parse(row.payload) as Record<string, Json>, ledger, resumed?.state ?? null);
}

/** What was wrong with the order itself is as wrong the next time. */
function isFinal(error: unknown): boolean {
  return error instanceof FarleyError && error.status < 500;
}

type Ledger = JobReport & { close(state: string, error: string | null): Promise<void> };

/**
 * The report of one attempt, written to the line of its run at a bounded rate. Once another worker has begun the next
 * attempt, this one was given up for dead: whatever it still reports fails, which ends it.
 */
function ledgerOf(db: Database, runs: Sql, id: string, attempt: number, resumed: Checkpoint | null): Ledger {
  let { done, skipped } = resumed ?? { done: 0, skipped: 0 };
  const skips = [...(resumed?.skips ?? [])];
  let total: number | null = null;
  let written = 0;
  let superseded = false;
  let last: Promise<unknown> = Promise.resolve();
  const write = async (more: Sql) => {
    const [kept] = await db.run(
      sql`update ${runs} set done = ${done}, total = ${total}, skipped = ${JSON.stringify({ count: skipped, examples: skips })}::jsonb ${more}
        where id = ${id}::uuid and attempt = ${attempt} returning 1 as kept`,
    );
    superseded ||= !kept;
    requireOwn();
  };
  const requireOwn = () => {
    if (superseded) throw new FarleyError('conflict', 'Another worker carries this job out.');
  };
  // One after the other: on another connection, progress could arrive after the outcome and undo it.
  const keep = (more: Sql): Promise<void> => {
    const next = last.catch(() => {}).then(() => write(more));
    last = next;
    return next;
  };
  const now = () => {
    requireOwn();
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
    result: value => keep(sql`, result = ${JSON.stringify(value)}::jsonb`),
    checkpoint: state => {
      const checkpoint: Checkpoint = { state, done, skipped, skips };
      return keep(sql`, checkpoint = ${JSON.stringify(checkpoint)}::jsonb`);
    },
    close: (state, error) => keep(sql`, state = ${state}, error = ${error}, ended_at = now()`),
  };
}
