/** The connection pool, transactions, and statements prepared once per shape. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { FarleyError } from '../errors.ts';
import { compile, type Sql } from '../sql.ts';

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

/** The pool for a library that brings its own queries. Were times text to it, nothing would ever expire. */
export function poolForLibrary(pool: pg.Pool) {
  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        query: (text: string, values: unknown[]) => client.query({ text, values, types: libraryTypes }),
        release: () => client.release(),
      };
    },
    end: async () => {},
  };
}

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

export interface Database extends Runner {
  pool: pg.Pool;
  /** `lazy`: begins with the first statement, so that one which is the first and the last goes by itself. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, lazy?: boolean): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  connectionString: string;
  /** Connections at most. Default 10. */
  connections?: number;
  /** Milliseconds after which PostgreSQL stops a statement. Default 30,000. */
  statementTimeout?: number;
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 10_000,
    types,
    application_name: 'farley',
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {});
  // The same for one that breaks while someone holds it: the statement under way fails, and says so.
  pool.on('connect', client => client.on('error', () => {}));
  const timeout = options.statementTimeout ?? 30_000;
  return {
    pool,
    run: async <R extends Row>(query: Sql) => (await guarded(() => pool.query(prepared(query)))).rows as R[],
    transaction: (work, lazy = false) => transaction(pool, timeout, work, lazy),
    close: () => pool.end(),
  };
}

async function transaction<T>(
  pool: pg.Pool,
  timeout: number,
  work: (tx: Transaction) => Promise<T>,
  lazy: boolean,
): Promise<T> {
  const client = await guarded(() => pool.connect());
  const committed: (() => void)[] = [];
  let state = 'new' as 'new' | 'begun' | 'over';
  const begin = async () => {
    if (state === 'over') throw new Error('A transaction ran a statement after its last one.');
    if (state === 'begun') return;
    await guarded(() => client.query(`begin; set local statement_timeout = ${Math.trunc(timeout)}`));
    state = 'begun';
  };
  const tx: Transaction = {
    get client() {
      if (state !== 'begun') throw new Error('The transaction has not begun.');
      return client;
    },
    run: async <R extends Row>(query: Sql, last = false) => {
      if (lazy && last && state === 'new') state = 'over';
      else await begin();
      return (await guarded(() => client.query(prepared(query)))).rows as R[];
    },
    onCommit: then => committed.push(then),
  };
  let broken: Error | undefined;
  try {
    if (!lazy) await begin();
    const result = await work(tx);
    if (state === 'begun') await guarded(() => client.query('commit'));
    for (const then of committed) then();
    return result;
  } catch (error) {
    if (state === 'begun')
      await client.query('rollback').catch(rollbackError => {
        broken = rollbackError;
      });
    throw error;
  } finally {
    client.release(broken);
  }
}

const names = new Map<string, string>();

/** Statements get a name by their text, so that each connection plans a shape once. */
function prepared(query: Sql): { text: string; values: unknown[]; name: string } {
  const { text, values } = compile(query);
  let name = names.get(text);
  if (!name) {
    if (names.size > 5_000) names.clear();
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { text, values, name };
}

const unavailable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  '57P01',
  '57P03',
  '08006',
  '08001',
  '08003',
]);

/** Turns what a database says into what a user can act on. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === '57014') throw new FarleyError('timeout');
    if (code === '53300' || /timeout exceeded when trying to connect/.test(message))
      throw new FarleyError('overloaded');
    if ((code && unavailable.has(code)) || /Connection terminated/.test(message))
      throw new FarleyError('databaseUnavailable');
    throw error;
  }
}
