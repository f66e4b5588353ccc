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
import type pg from 'pg';
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
export async function migrateQueue(database: Database) {
  const db = database.for('upkeep');
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

/** How often running jobs are looked up, in milliseconds: someone may have cancelled them. */
const lookEvery = 1_000;

/** How a worker ends: running jobs are asked to end early, and those that do are handed back. */
interface Ending {
  signal: AbortSignal;
  /** Jobs that have stopped because of it. */
  stopped: Set<string>;
}

/** Starts to work on the queue; `stop` lets running jobs come to an end, or to a point from which they can go on. */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { db } = options;
  const events: WorkerEvents = new EventEmitter();
  if (options.alone) await freeAll(db);
  const watch = rescue(db, events, options.rescue);
  const stopping = new AbortController();
  const ending: Ending = { signal: stopping.signal, stopped: new Set() };
  const worker: Worker = await run({
    events,
    pgPool: patient(db.pool),
    schema: queueSchema,
    concurrency: options.concurrency ?? 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    logger: silent,
    taskList: workOn(options, ending),
    preset: { worker: { preparedStatements: !db.pooled } },
  });
  return {
    stop: async () => {
      watch.stop();
      stopping.abort();
      await worker.stop();
      await handBack(db, [...ending.stopped]).catch(() => {});
      await watch.leave();
    },
  };
}

/**
 * The pool as the library needs it. Handing a job back, it tries again what fails because the server is starting
 * (57P03); by any other failure it ends the whole process. So every failure that passes looks like that one.
 */
function patient(pool: pg.Pool): pg.Pool {
  const passing = (error: unknown) => {
    const { code = '' } = error as { code?: string };
    if (code === '' || /^(08|53|57|E[A-Z]+$)/.test(code)) (error as { code: string }).code = '57P03';
    throw error;
  };
  const connect = async () => over(await pool.connect().catch(passing), query);
  const query = (client: pg.PoolClient) => ({
    query: (statement: pg.QueryConfig) => client.query(statement).catch(passing),
  });
  // The connection that listens for new jobs has a way of its own of trying again, by the other form of `connect`.
  type Listen = Parameters<pg.Pool['connect']>[0];
  return over(pool, () => ({ connect: (listen?: Listen) => (listen ? pool.connect(listen) : connect()) }));
}

/** The same object with some methods replaced. */
function over<T extends object>(target: T, replace: (target: T) => Record<string, unknown>): T {
  const own = replace(target);
  return new Proxy(target, {
    get: (_, name) => {
      const value = typeof name === 'string' && name in own ? own[name] : Reflect.get(target, name, target);
      return typeof value === 'function' && !(name in own) ? value.bind(target) : value;
    },
  });
}

/** The one task of the queue. A job that its last worker could not hand back waits until that one has let go of it. */
function workOn(options: WorkerOptions, ending: Ending): TaskList {
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
      const work = runJob({ ...options, ending, jobs }, workspace, id, last).finally(() =>
        underWay.delete(id),
      );
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

type Working = Omit<WorkerOptions, 'jobs'> & { jobs: Map<string, JobSpec>; ending: Ending };

async function runJob(options: Working, workspace: string, id: string, last: boolean) {
  const system = await options.contextOf(workspace, systemActor('job'));
  const runs = tableOf(system.schema, 'job_run');
  const [row] = await options.db.run<Run>(
    sql`update ${runs} set state = 'running', started_at = coalesce(started_at, now()), ended_at = null, attempt = attempt + 1
      where id = ${id}::uuid and state in ('queued', 'running', 'waiting')
      returning job, payload::text as payload, actor_id, checkpoint::text as checkpoint, attempt`,
  );
  if (!row) return endCancelled(options.db, runs, id);
  const resumed = row.checkpoint ? (JSON.parse(row.checkpoint) as Checkpoint) : null;
  const ledger = ledgerOf(options.db, runs, id, row.attempt, resumed);
  const cancelling = new AbortController();
  const signal = AbortSignal.any([cancelling.signal, options.ending.signal]);
  const timer = setInterval(() => cancelIfAsked(options.db, runs, id, cancelling), lookEvery).unref();
  try {
    await carryOutJob(options, row, { workspace, id, system }, { ledger, resumed, signal });
    await ledger.close('done', null);
  } catch (error) {
    const early = signal.aborted && error === signal.reason;
    if (!early) await failed(options, row, { id, last }, ledger, error);
    else if (cancelling.signal.aborted) await ledger.close('cancelled', null);
    else {
      await ledger.wait();
      options.ending.stopped.add(id);
      throw error;
    }
  } finally {
    clearInterval(timer);
  }
}

/** Says what went wrong; throws it again where the job is to be tried again. */
async function failed(
  { db, onFailure }: Working,
  row: Run,
  { id, last }: { id: string; last: boolean },
  ledger: Ledger,
  error: unknown,
) {
  const message = (error as Error).message;
  const hopeless = isFinal(error) || row.attempt > maxRuns;
  await ledger.close(last || hopeless ? 'failed' : 'waiting', message);
  if (last || hopeless) onFailure(`The job ${row.job} failed for good: ${message}`);
  if (error instanceof FarleyError && error.code === 'diskFull') await putOff(db, id);
  if (!hopeless) throw error;
}

/** A job that someone cancelled, and whose worker died before it noticed, ends without being begun. */
async function endCancelled(db: Database, runs: Sql, id: string) {
  await db.run(
    sql`update ${runs} set state = 'cancelled', ended_at = now() where id = ${id}::uuid and state = 'cancelling'`,
  );
}

async function cancelIfAsked(db: Database, runs: Sql, id: string, cancelling: AbortController) {
  // A look that fails is made up for by the next.
  const [run] = await db
    .run<{ state: string }>(sql`select state from ${runs} where id = ${id}::uuid`)
    .catch(() => []);
  if (run?.state === 'cancelling') cancelling.abort();
}

async function carryOutJob(
  options: Working,
  row: Run,
  { workspace, id, system }: { workspace: string; id: string; system: Context },
  { ledger, resumed, signal }: { ledger: JobReport; resumed: Checkpoint | null; signal: AbortSignal },
) {
  const job = options.jobs.get(row.job);
  if (!job) throw new Error(`There is no job called ${row.job}.`);
  if (row.attempt > maxRuns) throw new Error(`It was begun ${maxRuns} times and broken off each time.`);
  const actor = row.actor_id
    ? await actorOf(options.db, system.schema, row.actor_id, 'person')
    : systemActor(`job ${row.job}`);
  if (!actor) throw new FarleyError('forbidden', 'Whoever ordered this job no longer works here.');
  const ctx = { ...(await options.contextOf(workspace, actor)), via: `job ${row.job}`, requestId: id };
  await job.run(ctx, JSON.parse(row.payload) as Record<string, Json>, ledger, resumed?.state ?? null, signal);
}

/** Jobs that have stopped for the sake of the worker are there for the next one at once, at no cost to their attempts. */
async function handBack(db: Database, ids: string[]) {
  const jobs = sql.id(queueSchema, '_private_jobs');
  // The library lets go of a job shortly after it says that it has stopped.
  for (let tries = 0, left = new Set(ids); left.size > 0 && tries < 50; tries++) {
    const handed = await db.run<{ key: string }>(
      sql`update ${jobs} set attempts = greatest(attempts - 1, 0), run_at = now()
        where key = any(${[...left]}::text[]) and locked_at is null returning key`,
    );
    for (const { key } of handed) left.delete(key);
    if (left.size > 0) await sleep(100);
  }
}

/** Puts a job off by a minute, at no cost to its attempts: it is not its fault, and nothing to hurry for. */
async function putOff(db: Database, id: string) {
  await db.run(
    sql`update ${sql.id(queueSchema, '_private_jobs')} set attempts = greatest(attempts - 1, 0), run_at = now() + interval '1 minute'
      where key = ${id}`,
  );
}

/** What was wrong with the order itself is as wrong the next time. */
function isFinal(error: unknown): boolean {
  return error instanceof FarleyError && error.status < 500;
}

type Ledger = JobReport & {
  close(state: string, error: string | null): Promise<void>;
  /** Back among those that wait to be begun. */
  wait(): Promise<void>;
};

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
    wait: () => keep(sql`, state = 'queued', error = null`),
  };
}
