/** Opens the database of one installation: embedded or external, locked, reachable, and of a format this Farley knows. */
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Database, openDatabase } from './database.ts';
import { findRunning, isAlive, keepSecret, startCluster } from './embedded.ts';
import { findPlace, StartError } from './place.ts';
import { requireRoom } from './space.ts';

/**
 * Counts the layouts of stored data that an older Farley could not understand. Raise it with a change that an older
 * Farley must not touch; additions that it can ignore do not count.
 */
const dataFormat = 1;

const oldestPostgres = 15;

export interface InstallationOptions {
  /** Absolute path. */
  dataDir: string;
  /** An external PostgreSQL; the embedded one where absent. */
  databaseUrl?: string;
  /** The same database past a pooler, for jobs and for changes of tables. Default: `databaseUrl`. */
  directDatabaseUrl?: string;
  /** Whether statements may have names although there is a pooler. */
  namedStatements?: boolean;
  /** Milliseconds that a statement of a request may take. */
  statementTimeout?: number;
  /** Version of Farley, for the stamp. */
  version: string;
  /**
   * `serve` wants the data directory to itself. `command` shares the database of a Farley that serves, and waits for
   * another command.
   */
  purpose: 'serve' | 'command';
  /** Connections for requests at most. Default 20. */
  connections?: number;
  log?(sentence: string): void;
}

export interface Installation {
  database: Database;
  connectionString: string;
  /** For signing; `FARLEY_SECRET` or the one kept in the data directory. */
  secret: string;
  /** Closes the connections, stops the embedded database, gives the data directory free. */
  close(): Promise<void>;
}

/** Opens the database or throws a `StartError` that says in one line what is wrong and what helps. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const source = options.databaseUrl ? external(options) : await embedded(options);
  try {
    const direct = options.databaseUrl ? options.directDatabaseUrl : undefined;
    await checkDatabase(direct ?? source.connectionString, options);
    const pooled = await isPooled(source.connectionString);
    const database = openDatabase({
      connectionString: source.connectionString,
      connections: options.connections ?? 20,
      pooled,
      ...(direct ? { directConnectionString: direct } : {}),
      // Of the disk of another server nothing is known here.
      ...(options.databaseUrl ? {} : { requireRoom: requireRoom(findPlace(options.dataDir).base) }),
      ...(options.namedStatements ? { named: true } : {}),
      ...(options.statementTimeout ? { statementTimeout: options.statementTimeout } : {}),
    });
    return {
      database,
      connectionString: source.connectionString,
      secret: process.env.FARLEY_SECRET || keepSecret(options.dataDir, 'secret'),
      close: async () => {
        await database.close();
        await source.close();
      },
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

interface Source {
  connectionString: string;
  close(): Promise<void>;
}

function external(options: InstallationOptions): Source {
  // Files and the secret are kept in the data directory all the same.
  findPlace(options.dataDir);
  return { connectionString: options.databaseUrl!, close: async () => {} };
}

async function embedded(options: InstallationOptions): Promise<Source> {
  const file = join(findPlace(options.dataDir).base, 'farley.lock');
  const holder = await lock(file, options);
  if (holder) {
    return { connectionString: await joinServing(options.dataDir, holder), close: async () => {} };
  }
  try {
    const cluster = await startCluster({
      dataDir: options.dataDir,
      log: options.log,
    });
    return {
      connectionString: cluster.connectionString,
      close: async () => {
        await cluster.stop();
        rmSync(file, { force: true });
      },
    };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** The database of a serving Farley, which may be just starting. */
async function joinServing(dataDir: string, holder: Holder): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const running = findRunning(dataDir);
    if (running) return running;
    await sleep(100);
  }
  throw new StartError(`Farley (process ${holder.pid}) is not ready yet. Try again in a moment.`);
}

interface Holder {
  pid: number;
  /** When the process started, as the kernel counts; tells a process from a later one with the same number. */
  started: string;
  purpose: InstallationOptions['purpose'];
}

/** Takes the lock and answers null, or answers the serving Farley that a command may join. */
async function lock(file: string, options: InstallationOptions): Promise<Holder | null> {
  const mine: Holder = { pid: process.pid, started: startOf(process.pid), purpose: options.purpose };
  const patience = Date.now() + 30_000;
  for (;;) {
    if (create(file, mine)) return null;
    const holder = removeStale(file);
    if (!holder) continue;
    if (options.purpose === 'serve') {
      throw new StartError(
        `${options.dataDir} is in use by another Farley (process ${holder.pid}). Stop that one, or set FARLEY_DATA to another folder.`,
      );
    }
    if (holder.purpose === 'serve') return holder;
    if (Date.now() > patience) {
      throw new StartError(
        `Another farley command (process ${holder.pid}) is using ${options.dataDir}. Wait until it has finished.`,
      );
    }
    await sleep(100);
  }
}

/** Linking a finished file is atomic: nobody sees half a lock. */
function create(file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes the lock of a process that has ended and answers null; else answers who holds it. */
function removeStale(file: string): Holder | null {
  const text = read(file);
  const holder = parse(text);
  if (holder && isHeld(holder)) return holder;
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return null;
  }
  // Another start may have been faster and put its own lock there between the two steps.
  if (read(aside) !== text) create(file, parse(read(aside))!);
  rmSync(aside, { force: true });
  return null;
}

function isHeld(holder: Holder): boolean {
  if (holder.pid === process.pid || !isAlive(holder.pid)) return false;
  return holder.started === startOf(holder.pid);
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function parse(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

/** Empty where the kernel does not tell. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return '';
  }
}

async function checkDatabase(connectionString: string, options: InstallationOptions): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // A connection that breaks during the check rejects the running query; the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await checkServer(client);
    await stamp(client, options.version);
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(explain(connectionString, error));
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Whether a pooler stands in between: then the number that the connection goes by, for cancelling, is the pooler's own
 * and not that of the server's process.
 */
async function isPooled(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return rows[0]!.pid !== (client as pg.Client & { processID: number }).processID;
  } catch (error) {
    throw new StartError(explain(connectionString, error));
  } finally {
    await client.end().catch(() => {});
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{
    version: number;
    text: string;
    encoding: string;
    create: boolean;
    name: string;
  }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as text,
      current_setting('server_encoding') as encoding, current_database() as name,
      has_database_privilege(current_database(), 'create') as create`,
  );
  const { version, text, encoding, create, name } = rows[0]!;
  if (version < oldestPostgres * 10_000) {
    throw new StartError(
      `The database is PostgreSQL ${text}; Farley needs ${oldestPostgres} or newer. Upgrade it, or point DATABASE_URL at a newer one.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new StartError(
      `The database ${name} is encoded in ${encoding}. Make one in UTF8: create database farley encoding 'UTF8' template template0`,
    );
  }
  if (!create) {
    throw new StartError(
      `The user of DATABASE_URL may not create schemas in ${name}. Allow it: grant create on database "${name}" to that user`,
    );
  }
}

/** Compares and keeps the format of the stored data. */
async function stamp(client: pg.Client, version: string): Promise<void> {
  await client.query('begin');
  await client.query(`select pg_advisory_xact_lock(hashtext('farley.stamp'))`);
  await client.query(`create schema if not exists farley`);
  await client.query(
    `create table if not exists farley.stamp (format int primary key, version text not null, at timestamptz not null default now())`,
  );
  const { rows } = await client.query<{ format: number; version: string }>(
    'select format, version from farley.stamp order by format desc limit 1',
  );
  if (rows[0] && rows[0].format > dataFormat) {
    throw new StartError(
      `The data was written by a newer Farley (${rows[0].version}). Start that version or a later one; nothing was changed.`,
    );
  }
  await client.query('insert into farley.stamp (format, version) values ($1, $2) on conflict do nothing', [
    dataFormat,
    version,
  ]);
  await client.query('commit');
}

/** What the driver says, as what the operator can do. The password never shows. */
function explain(connectionString: string, error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  const where = whereOf(connectionString);
  if (code === '28P01' || code === '28000')
    return `${where} refuses the user or password (${message}). Correct DATABASE_URL.`;
  if (code === '3D000')
    return `${where} has no such database (${message}). Create it, or correct DATABASE_URL.`;
  if (code === '53300')
    return `${where} has no connection left (${message}). Raise max_connections, or stop others.`;
  return `The database at ${where} cannot be reached (${code ?? message}). Start it, or correct DATABASE_URL.`;
}

function whereOf(connectionString: string): string {
  try {
    const url = new URL(connectionString);
    return url.searchParams.get('host') ?? (url.host || 'localhost');
  } catch {
    return 'DATABASE_URL';
  }
}
