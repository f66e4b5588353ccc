/** Statements prepared once per shape, transactions, and the limits of each kind of work. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { FarleyError } from '../errors.ts';
import { compile, type Sql } from '../sql.ts';
import { Connections, type Limits, type Link, type Running } from './connections.ts';
import type { Patience } from './pulse.ts';

/** Values come back as JSON would have them: 64-bit counts as numbers, numerics and times as text. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, text => text);
types.setTypeParser(pg.types.builtins.DATE, text => text);
types.setTypeParser(pg.types.builtins.JSON, text => text);
types.setTypeParser(pg.types.builtins.JSONB, text => text);

/** As libraries expect them: times are dates. */
const libraryTypes = new pg.TypeOverrides();
libraryTypes.setTypeParser(pg.types.builtins.INT8, Number);

export type Row = Record<string, unknown>;

/** Runs statements: the pool itself, or one transaction. JSON columns come back as text, for passing through. */
export interface Runner {
  /** `last`: nothing follows in this transaction. Where nothing went before either, it needs no `begin` and `commit`. */
  run<R extends Row = Row>(query: Sql, last?: boolean): Promise<R[]>;
  /** The client underneath, for COPY and cursors; only inside a transaction. */
  client?: pg.PoolClient;
}

export interface Transaction extends Runner {
  client: pg.PoolClient;
  /** Called after the commit, not after a rollback. */
  onCommit(then: () => void): void;
}

/**
 * Who waits for it: someone at a screen; nobody, so that it may take its time; or a whole Farley that starts or changes
 * its tables. Requests have connections of their own, so that no other work can take them away.
 */
export type Work = 'request' | 'job' | 'upkeep';

export interface Database extends Runner {
  pool: pg.Pool;
  /** The same for all that `for` and `until` answer. */
  readonly root: object;
  /** Whether a pooler such as pgBouncer stands in between. */
  readonly pooled: boolean;
  /** The same database for another kind of work. Default: requests. */
  for(work: Work): Database;
  /** The same database for someone who may leave: what runs is cancelled then, but for a commit under way. */
  until(signal: AbortSignal): Database;
  /** Throws `diskFull` while there is no room for more. */
  requireRoom(): void;
  /** `lazy`: begins with the first statement, so that one which is the first and the last goes by itself. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, lazy?: boolean): Promise<T>;
  /**
   * For a library that brings its own queries. Were times text to it, nothing would ever expire. `failed` is told what
   * the database could not do, because libraries tend to make something else of it.
   */
  forLibrary(failed: (error: FarleyError) => void): LibraryPool;
  /** Has the database looked at: where it does not answer, nothing waits for it any longer. */
  look(): void;
  close(): Promise<void>;
}

interface LibraryPool {
  connect(): Promise<{ query(text: string, values: unknown[]): Promise<pg.QueryResult>; release(): void }>;
  end(): Promise<void>;
}

export interface DatabaseOptions {
  connectionString: string;
  /** Where jobs and upkeep go, past a pooler. Default: the same. */
  directConnectionString?: string;
  /** Connections for requests at most. Default 10. */
  connections?: number;
  /** Connections for jobs and upkeep at most. Default 10. */
  jobConnections?: number;
  /** `connectionString` leads to a pooler that hands out another session per transaction. Default false. */
  pooled?: boolean;
  /** Statements get names, although there is a pooler: it keeps track of them. Default false. */
  named?: boolean;
  /** Milliseconds that a statement of a request may take. Default 30,000. */
  statementTimeout?: number;
  /** Milliseconds that a request waits for a connection. Default 5,000. */
  connectionTimeout?: number;
  patience?: Patience;
  /** Throws `diskFull` while there is no room for more. Default: PostgreSQL says so itself. */
  requireRoom?: () => void;
}

const minute = 60_000;
const upkeep: Limits = { wait: minute, statement: 0, lock: 0, idle: 0 };
const jobs: Limits = { wait: 30_000, statement: 10 * minute, lock: minute, idle: 10 * minute };
const requests: Limits = { wait: 5_000, statement: 30_000, lock: 10_000, idle: 30_000 };

/** What views of one database share. */
interface Shared {
  root: object;
  limits: Record<Work, Limits>;
  connections: Record<Work, Connections>;
  pooled: Record<Work, boolean>;
  named: boolean;
  requireRoom(): void;
  look(): void;
  close(): Promise<void>;
}

export function openDatabase(options: DatabaseOptions): Database {
  const { connectionString, directConnectionString = connectionString, pooled = false, patience } = options;
  const asked: Limits = {
    ...requests,
    statement: options.statementTimeout ?? requests.statement,
    wait: options.connectionTimeout ?? requests.wait,
  };
  const jobsPooled = pooled && directConnectionString === connectionString;
  const forRequests = new Connections({
    connectionString,
    max: options.connections ?? 10,
    limits: asked,
    pooled,
    types,
    patience,
  });
  // Without limits of the session: each piece of work brings its own.
  const forJobs = new Connections({
    connectionString: directConnectionString,
    max: options.jobConnections ?? 10,
    limits: { ...upkeep, wait: jobs.wait },
    pooled: jobsPooled,
    types,
    patience,
  });
  return view(
    {
      root: {},
      limits: { request: asked, job: jobs, upkeep },
      connections: { request: forRequests, job: forJobs, upkeep: forJobs },
      pooled: { request: pooled, job: jobsPooled, upkeep: jobsPooled },
      named: options.named ?? false,
      requireRoom: options.requireRoom ?? (() => {}),
      look: () => {
        forRequests.look();
        forJobs.look();
      },
      close: async () => {
        await Promise.all([forRequests.close(), forJobs.close()]);
      },
    },
    'request',
    null,
  );
}

/** Someone who may leave: what runs for them. */
interface Leaving {
  signal: AbortSignal;
  running: Running;
}

function view(shared: Shared, work: Work, leaving: Leaving | null): Database {
  const connections = shared.connections[work];
  const limits = shared.limits[work];
  const pooled = shared.pooled[work];
  const named = !pooled || shared.named;
  // The session has the limits of requests already.
  const begin = work === 'request' && !pooled ? 'begin' : beginOf(limits);
  const take = async () => {
    requirePresence(leaving);
    const link = await connections.take();
    if (!leaving?.signal.aborted) return link;
    link.release();
    throw left();
  };
  return {
    pool: connections.pool,
    root: shared.root,
    pooled,
    for: other => view(shared, other, leaving),
    until: signal => view(shared, work, leavingBy(signal)),
    run: async <R extends Row>(query: Sql) => {
      const link = await take();
      try {
        const { statement, reads } = prepared(query, named);
        const watch = { limit: limits.statement, running: leaving?.running, commits: !reads };
        return (await link.run(statement, watch)).rows as R[];
      } finally {
        link.release();
      }
    },
    requireRoom: shared.requireRoom,
    transaction: async (act, lazy = false) => {
      // Who starts, or changes tables, may use what is kept back: without that nothing would get better.
      if (work !== 'upkeep') shared.requireRoom();
      return transaction({ link: await take(), limits, leaving, named, begin }, act, lazy);
    },
    forLibrary: failed => libraryPool(connections, limits, failed),
    look: shared.look,
    close: shared.close,
  };
}

function leavingBy(signal: AbortSignal): Leaving {
  const running: Running = new Set();
  signal.addEventListener('abort', () => {
    for (const end of [...running]) end(left());
  });
  return { signal, running };
}

function requirePresence(leaving: Leaving | null) {
  if (leaving?.signal.aborted) throw left();
}

function left(): FarleyError {
  return new FarleyError('timeout', 'Whoever asked has left, so this was stopped. Nothing was changed.');
}

function beginOf({ statement, lock, idle }: Limits): string {
  return `begin; set local statement_timeout = ${statement}; set local lock_timeout = ${lock}; set local idle_in_transaction_session_timeout = ${idle}`;
}

interface Held {
  link: Link;
  limits: Limits;
  leaving: Leaving | null;
  named: boolean;
  begin: string;
}

async function transaction<T>(
  { link, limits, leaving, named, begin }: Held,
  work: (tx: Transaction) => Promise<T>,
  lazy: boolean,
): Promise<T> {
  const committed: (() => void)[] = [];
  const watch = { limit: limits.statement, running: leaving?.running };
  let state = 'new' as 'new' | 'begun' | 'over';
  const start = async () => {
    requirePresence(leaving);
    if (state === 'over') throw new Error('A transaction ran a statement after its last one.');
    if (state === 'begun') return;
    await link.run(begin, watch);
    state = 'begun';
  };
  const tx: Transaction = {
    get client() {
      if (state !== 'begun') throw new Error('The transaction has not begun.');
      return link.client;
    },
    run: async <R extends Row>(query: Sql, last = false) => {
      const alone = lazy && last && state === 'new';
      if (alone) {
        requirePresence(leaving);
        state = 'over';
      } else await start();
      const { statement } = prepared(query, named);
      return (await link.run(statement, alone ? { ...watch, commits: true } : watch)).rows as R[];
    },
    onCommit: then => committed.push(then),
  };
  try {
    if (!lazy) await start();
    const result = await work(tx);
    // Not ended by someone leaving: it is all but done.
    if (state === 'begun') await link.run('commit', { limit: limits.statement, commits: true });
    for (const then of committed) then();
    return result;
  } catch (error) {
    if (state === 'begun') await link.rollback();
    throw error;
  } finally {
    link.release();
  }
}

function libraryPool(
  connections: Connections,
  limits: Limits,
  failed: (error: FarleyError) => void,
): LibraryPool {
  const telling = async <T>(work: Promise<T>) => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof FarleyError) failed(error);
      throw error;
    }
  };
  return {
    connect: async () => {
      const link = await telling(connections.take());
      return {
        query: (text, values) =>
          telling(
            link.run(
              { text, values, types: libraryTypes },
              { limit: limits.statement, commits: !/^\s*(select|begin|rollback)/i.test(text) },
            ),
          ),
        release: () => link.release(),
      };
    },
    end: async () => {},
  };
}

/** What is known of a statement by its text: its name, and whether it only reads. */
const known = new Map<string, { name: string; reads: boolean }>();

/** Statements get a name by their text, so that each connection plans a shape once. */
function prepared(query: Sql, named: boolean): { statement: pg.QueryConfig; reads: boolean } {
  const { text, values } = compile(query);
  let shape = known.get(text);
  if (!shape) {
    if (known.size > 5_000) known.clear();
    const name = createHash('sha1').update(text).digest('base64url');
    shape = { name, reads: /^\s*(select|explain)/i.test(text) };
    known.set(text, shape);
  }
  const { name, reads } = shape;
  return { statement: named ? { text, values, name } : { text, values }, reads };
}
