/**
 * Connections to PostgreSQL, and the watch over each statement: it ends when its time is up, when whoever asked has
 * left, or when the database has gone. A connection on which a statement was ended is closed and never used again, so
 * that a cancellation that arrives late meets nobody.
 */
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { FarleyError } from '../errors.ts';
import { type Patience, Pulse } from './pulse.ts';
import { isFull } from './space.ts';

/** Milliseconds; 0: none. */
export interface Limits {
  /** For a connection to become free. */
  wait: number;
  statement: number;
  /** For a lock that another transaction holds. */
  lock: number;
  /** For the next statement of a transaction. */
  idle: number;
}

export interface ConnectionOptions {
  connectionString: string;
  max: number;
  limits: Limits;
  /** There is a pooler in between (pgBouncer): sessions are not ours to set up. */
  pooled: boolean;
  types: pg.CustomTypesConfig;
  patience: Patience | undefined;
}

/** Ends what runs for someone. */
export type Running = Set<(reason: FarleyError) => void>;

/** What a statement is run with. */
export interface Watch {
  /** Milliseconds; 0: as long as it takes. */
  limit: number;
  /** Where it stands while it runs, so that it can be ended. */
  running?: Running | null;
  /** Something is lost or doubled if nobody knows whether it was done. */
  commits?: boolean;
}

/** A statement that runs. */
interface Run {
  since: number;
  /** Milliseconds; 0: none. */
  limit: number;
  /** Milliseconds after `since` at which the database is looked at. */
  doubt: number;
  end(reason: FarleyError): void;
}

/** Milliseconds between two looks at what runs: one timer for all costs less than one for each. */
const lookEvery = 200;
/** Milliseconds that a cancelled statement has to end; then its connection is given up. */
const letGo = 1_000;
/** A failed `rollback` does no harm: the connection is closed then, which rolls back too. */
const rollbackWithin = 5_000;

export class Connections {
  readonly pool: pg.Pool;
  readonly #pulse: Pulse;
  readonly #max: number;
  readonly #doubtAfter: number;
  readonly #runs = new Set<Run>();
  /** Connections that a library holds, which says nothing of its statements, and since when. */
  readonly #lent = new Map<pg.PoolClient, number>();
  #watching: NodeJS.Timeout | null = null;
  /** Connections on which a commit did not wait for the standby as it should have. */
  readonly unconfirmed = new WeakSet<object>();
  #held = 0;

  constructor(options: ConnectionOptions) {
    const { connectionString, max, limits, pooled, types, patience = {} } = options;
    this.#max = max;
    this.#doubtAfter = patience.doubt ?? 3_000;
    this.#pulse = new Pulse(connectionString, patience.look ?? 5_000, () => this.#giveUp());
    this.pool = new pg.Pool({
      connectionString,
      max,
      connectionTimeoutMillis: limits.wait,
      types,
      application_name: 'farley',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // The server's own limits hold even where this process is gone. A pooler would refuse them.
      ...(pooled
        ? {}
        : {
            statement_timeout: limits.statement,
            lock_timeout: limits.lock,
            idle_in_transaction_session_timeout: limits.idle,
          }),
    });
    // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
    this.pool.on('error', () => {});
    this.pool.on('acquire', client => this.#lent.set(client, Date.now()));
    this.pool.on('release', (_error, client) => this.#lent.delete(client as pg.PoolClient));
    this.pool.on('connect', client => {
      // The same for one that breaks while someone holds it: the statement under way fails, and says so.
      client.on('error', () => {});
      client.on('notice', notice => {
        if (notice.routine === 'SyncRepWaitForLSN') this.unconfirmed.add(client);
      });
    });
  }

  /** A connection of one's own. Throws `overloaded` and `databaseUnavailable`. */
  async take(): Promise<Link> {
    if (this.#pulse.away) throw new FarleyError('databaseUnavailable');
    try {
      const client = await this.pool.connect();
      this.#lent.delete(client);
      this.#held++;
      return new Link(this, client);
    } catch (error) {
      if (this.#held >= this.#max || (error as { code?: string }).code?.startsWith('53'))
        throw new FarleyError('overloaded');
      this.#pulse.doubt();
      throw translated(error, false);
    }
  }

  /** Only for `Link`. */
  give(client: pg.PoolClient, broken: Error | undefined) {
    this.#held--;
    client.release(broken);
  }

  /** Only for `Link`: has a statement ended when its time is up or the database has gone. */
  follow(end: (reason: FarleyError) => void, limit: number): Run {
    const run: Run = { since: Date.now(), limit, doubt: this.#doubtAfter, end };
    this.#runs.add(run);
    this.#watching ??= setInterval(() => this.#watch(), lookEvery).unref();
    return run;
  }

  /** Only for `Link`. */
  forget(run: Run) {
    this.#runs.delete(run);
  }

  #watch() {
    const now = Date.now();
    for (const run of [...this.#runs]) {
      const age = now - run.since;
      if (run.limit > 0 && age >= run.limit) run.end(new FarleyError('timeout'));
      if (age < run.doubt) continue;
      run.doubt = Math.min(run.doubt * 2, run.doubt + 60_000);
      this.#pulse.doubt();
    }
    if (this.#runs.size > 0 || !this.#watching) return;
    clearInterval(this.#watching);
    this.#watching = null;
  }

  /** The database does not answer: statements that have waited for it are not waited for any more. */
  #giveUp() {
    const before = Date.now() - this.#doubtAfter;
    for (const { since, end } of [...this.#runs])
      if (since <= before) end(new FarleyError('databaseUnavailable'));
    for (const [client, since] of this.#lent) if (since <= before) destroy(client);
  }

  /** Has the database looked at now: what waits in vain does not wait on. */
  look() {
    this.#pulse.doubt();
  }

  async close() {
    this.#pulse.stop();
    await this.pool.end();
  }
}

/** One connection, held by one piece of work. */
export class Link {
  readonly client: pg.PoolClient;
  readonly #connections: Connections;
  #broken: Error | undefined;

  constructor(connections: Connections, client: pg.PoolClient) {
    this.#connections = connections;
    this.client = client;
  }

  /** Whether nothing more can be run here. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  /** Throws `timeout`, `overloaded`, `databaseUnavailable`, `unconfirmed`, or PostgreSQL's own error. */
  run(
    statement: pg.QueryConfig | string,
    { limit, running, commits = false }: Watch,
  ): Promise<pg.QueryResult> {
    const { client } = this;
    return new Promise((resolve, reject) => {
      let reason: FarleyError | undefined;
      let timer: NodeJS.Timeout | undefined;
      const settle = (error: unknown, result?: pg.QueryResult) => {
        if (timer) clearTimeout(timer);
        this.#connections.forget(run);
        running?.delete(end);
        const failure = this.#judge(error, reason, commits);
        if (failure) reject(failure);
        else resolve(result!);
      };
      const end = (why: FarleyError) => {
        if (reason) return;
        reason = why;
        this.#broken = why;
        cancel(client);
        timer = setTimeout(() => settle(new Lost()), letGo);
      };
      const run = this.#connections.follow(end, limit);
      running?.add(end);
      client.query(statement as pg.QueryConfig, settle);
    });
  }

  /** What to throw; nothing where it was done. A second call of `settle` changes nothing: promises settle once. */
  #judge(error: unknown, reason: FarleyError | undefined, commits: boolean): unknown {
    if (!error) {
      if (!commits || !this.#connections.unconfirmed.has(this.client)) return undefined;
      this.#broken = new FarleyError('unconfirmed');
      return this.#broken;
    }
    const cause = translated(error, commits);
    if (ends(error)) this.#broken ??= cause as Error;
    // Why it was ended says more than that it was; unless nobody knows what became of it.
    return reason && !(cause instanceof FarleyError && cause.code === 'unconfirmed') ? reason : cause;
  }

  async rollback() {
    if (!this.broken)
      await this.run('rollback', { limit: rollbackWithin }).catch(error => {
        this.#broken ??= error as Error;
      });
  }

  release() {
    this.#connections.give(this.client, this.#broken);
  }
}

/** At once, without a word to a server that may not listen; `end` would wait for its answer. */
function destroy(client: pg.PoolClient) {
  (client as pg.PoolClient & { connection: { stream: Socket } }).connection.stream.destroy();
}

/** The server never said how a statement ended. */
class Lost extends Error {}

/**
 * Asks PostgreSQL to stop what runs on a connection, by the protocol's own message: that needs no free connection and
 * passes poolers. Where it does not arrive, closing the connection has to do.
 */
function cancel(client: pg.PoolClient) {
  const { host, port, processID, secretKey } = client as pg.PoolClient & {
    host: string;
    port: number;
    processID: number;
    secretKey: number;
  };
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  socket.on('error', () => {});
  socket.setTimeout(letGo, () => socket.destroy());
  socket.end(message);
}

/** Errors after which a connection is of no use: it has gone, or leads to a server that takes no writes any more. */
function ends(error: unknown): boolean {
  const { severity, code = '', message } = error as { severity?: string; code?: string; message: string };
  if (severity === 'FATAL' || severity === 'PANIC' || code === '25006') return true;
  const network = /^E[A-Z]+$/.test(code) || error instanceof Lost;
  return network || /^Connection terminated|not queryable|timeout/.test(severity ? '' : message);
}

/** The server says that it ends the connection, and has rolled back; or it had none to give. */
const saysSo = new Set(['57P01', '57P03', '57P05', '25P03', '25006']);

/** Turns what a database says into what a user can act on. Errors of a statement itself stay as they are. */
function translated(error: unknown, commits: boolean): unknown {
  const { code = '' } = error as { code?: string };
  if (code === '57014') return new FarleyError('timeout');
  if (isFull(error)) return new FarleyError('diskFull');
  if (code.startsWith('53')) return new FarleyError('overloaded');
  if (saysSo.has(code)) return new FarleyError('databaseUnavailable');
  if (!ends(error)) return error;
  const sent = !/not queryable/.test((error as Error).message);
  return new FarleyError(commits && sent ? 'unconfirmed' : 'databaseUnavailable');
}
