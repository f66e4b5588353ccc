/** The PostgreSQL that Farley brings along: made, started, taken over from a killed Farley, and stopped. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, findBinaries, findPlace, give, type Place, StartError } from './place.ts';

/** A running embedded PostgreSQL. */
export interface Cluster {
  /** Leads to the database `farley`. */
  connectionString: string;
  /** The same for another database of the cluster. */
  urlOf(database: string): string;
  pid: number;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Absolute path. */
  dataDir: string;
  /** False for tests: nothing is synced to the disk, and more connections are allowed. Default true. */
  durable?: boolean;
  /** Told in one sentence what happens besides the plain start. */
  log?(sentence: string): void;
}

const user = 'farley';
const port = 5432;
const stopWithin = 60_000;
const startWithin = 120_000;

/**
 * Starts the cluster of a data directory, which the caller has locked; makes it on the first start. A PostgreSQL that a
 * killed Farley left behind is stopped first, so that the new one is a child with today's settings.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const place = findPlace(options.dataDir);
  const binaries = findBinaries(place.account);
  const password = keepSecret(options.dataDir, 'postgres.password');
  if (!existsSync(place.cluster)) await makeCluster(place, binaries, password, options.durable ?? true);
  else checkVersion(place.cluster, binaries);
  const orphan = runningPid(place.cluster);
  if (orphan) {
    options.log?.(`Stopping the PostgreSQL (process ${orphan}) that a killed Farley left running.`);
    await endProcess(orphan);
  }
  const sockets = socketFolder(place);
  const keeper = keepRunning(place, binaries, sockets, options);
  await keeper.start();
  const urlOf = (database: string) => clusterUrl(sockets, password, database);
  await haveDatabase(urlOf('postgres'));
  return {
    connectionString: urlOf(user),
    urlOf,
    get pid() {
      return keeper.pid();
    },
    stop: keeper.stop,
  };
}

/** The connection string of a cluster that another process of this machine runs; null when none runs. */
export function findRunning(dataDir: string): string | null {
  const place = findPlace(dataDir);
  if (!runningPid(place.cluster) || postmasterFile(place.cluster)[7] !== 'ready') return null;
  return clusterUrl(socketFolder(place), keepSecret(dataDir, 'postgres.password'), user);
}

/** Ends at once the PostgreSQL of a data directory that nobody needs any more. */
export function stopAbandoned(dataDir: string): void {
  const pid = runningPid(join(dataDir, 'postgres'));
  if (pid) process.kill(pid, 'SIGQUIT');
}

/** A random secret kept in the data directory, readable by its owner only; made when it is first asked for. */
export function keepSecret(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

function clusterUrl(sockets: string, password: string, database: string): string {
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(sockets)}`;
}

async function makeCluster(place: Place, binaries: string, password: string, durable: boolean) {
  const { account, base, cluster } = place;
  const partial = join(base, 'postgres.new');
  const passwordFile = join(base, '.initdb');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  give(partial, account);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  give(passwordFile, account);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${user}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const sync = durable ? [] : ['--no-sync'];
  const result = spawnSync(
    join(binaries, 'initdb'),
    [`--pgdata=${partial}`, ...locale, ...access, ...sync, '--no-instructions'],
    { ...asAccount(account), encoding: 'utf8' },
  );
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new StartError(
      `The database could not be made in ${base}: ${lastLine(result.stderr ?? '') || result.error?.message}`,
    );
  }
  renameSync(partial, cluster);
}

/** Looked for at every start: whoever was killed during the first one may have left the cluster without it. */
async function haveDatabase(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(url);
  await client.connect();
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [user]);
  if (!rowCount) await client.query(`create database ${user}`);
  await client.end();
}

function checkVersion(cluster: string, binaries: string): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const brought = /(\d+)/.exec(
    spawnSync(join(binaries, 'postgres'), ['--version'], { cwd: '/' }).stdout.toString(),
  );
  if (brought && found !== brought[1]) {
    throw new StartError(
      `The database in ${cluster} was made by PostgreSQL ${found}; this Farley brings PostgreSQL ${brought[1]}. Start the Farley that made it, back up, and restore with this one.`,
    );
  }
}

/** A Unix socket's path may have 107 bytes; where the cluster's is longer, the socket goes to the temporary folder. */
function socketFolder(place: Place): string {
  if (Buffer.byteLength(join(place.cluster, `.s.PGSQL.${port}.lock`)) < 100) return place.cluster;
  const uid = place.account?.uid ?? process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(place.cluster).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `farley-${uid}-${hash}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    give(folder, place.account);
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === uid) return folder;
  throw new StartError(
    `${folder}, where the database's socket belongs, is someone else's. Remove it and start again.`,
  );
}

/** Starts the server process, and starts it again when it ends by itself, for as long as it takes. */
function keepRunning(place: Place, binaries: string, sockets: string, options: ClusterOptions) {
  let child: ChildProcess | null = null;
  let stopping = false;
  const deaths: number[] = [];

  const start = async () => {
    const deadline = Date.now() + startWithin;
    for (;;) {
      child = launch(place, binaries, sockets, options.durable ?? true);
      try {
        await untilReady(place, child);
        break;
      } catch (error) {
        // Sessions of a server that was killed go when they notice; until then, no other one starts.
        if (stopping || !formerServer.test((error as Error).message) || Date.now() > deadline) throw error;
        await sleep(100);
      }
    }
    child.once('exit', () => void revive());
  };
  const revive = async () => {
    deaths.push(Date.now());
    let pause = deaths.filter(at => at > Date.now() - 60_000).length > 3 ? reviveEvery : 0;
    if (!stopping) options.log?.('PostgreSQL has ended unexpectedly; starting it again.');
    while (!stopping) {
      await sleep(pause, undefined, { ref: false });
      try {
        if (!stopping) await start();
        return;
      } catch (error) {
        if (pause === 0) options.log?.(`${(error as Error).message} Trying again until it starts.`);
        pause = reviveEvery;
      }
    }
  };
  const stop = async () => {
    stopping = true;
    if (child?.pid && child.exitCode === null && child.signalCode === null) await endProcess(child.pid);
  };
  return { start, stop, pid: () => child?.pid ?? 0 };
}

/** Milliseconds between attempts to start a server that does not start or keeps ending. */
const reviveEvery = 3_000;
/** What PostgreSQL says while processes of the server before it are still there. */
const formerServer = /Is another postmaster .* running|Terminate any old server processes/;

function launch(place: Place, binaries: string, sockets: string, durable: boolean): ChildProcess {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: `"${sockets}"`,
    unix_socket_permissions: '0700',
    port,
    max_connections: durable ? 60 : 300,
    // Pages are taken when they are used: a small workspace on a large machine stays small.
    shared_buffers: `${durable ? cacheMegabytes() : 128}MB`,
    max_wal_size: '4GB',
    wal_compression: 'on',
    work_mem: '8MB',
    maintenance_work_mem: '128MB',
    jit: 'off',
    random_page_cost: 1.1,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    lc_messages: 'C',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const log = openLog(place);
  // A session of its own, so that Ctrl-C in the terminal reaches Farley alone, which then stops PostgreSQL in order.
  const child = spawn(
    join(binaries, 'postgres'),
    ['-D', place.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...asAccount(place.account), stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  return child;
}

/** An eighth of the machine's memory, at most 1 GB. */
function cacheMegabytes(): number {
  return Math.min(1024, Math.max(128, Math.floor(totalmem() / 8 / 2 ** 20)));
}

/** The environment is kept out: variables such as PGDATA or LD_PRELOAD are meant for others. */
function asAccount(account: Account) {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C' };
  return account ? { env, cwd: '/', uid: account.uid, gid: account.gid } : { env, cwd: '/' };
}

function logFile(place: Place): string {
  return join(place.base, 'postgres.log');
}

function openLog(place: Place): number {
  const file = logFile(place);
  if (existsSync(file) && statSync(file).size > 10_000_000) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

async function untilReady(place: Place, child: ChildProcess): Promise<void> {
  let failure: string | null = null;
  const ended = (code: number | null) => {
    failure = lastLine(readFileSync(logFile(place), 'utf8')) || `exit code ${code}`;
  };
  child.once('exit', ended);
  child.once('error', error => {
    failure = error.message;
  });
  const deadline = Date.now() + startWithin;
  while (!failure) {
    const [pid, , , , , , , status] = postmasterFile(place.cluster);
    if (status === 'ready' && Number(pid) === child.pid) break;
    if (Date.now() > deadline) {
      failure = `not ready within ${startWithin / 1000} seconds`;
      if (child.pid) process.kill(child.pid, 'SIGINT');
    }
    await sleep(5);
  }
  child.off('exit', ended);
  if (failure) throw new StartError(`PostgreSQL did not start: ${failure} (whole log: ${logFile(place)})`);
}

/** The lines of `postmaster.pid`: pid, data directory, start time, port, socket folder, address, shared memory, status. */
function postmasterFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8')
      .split('\n')
      .map(line => line.trim());
  } catch {
    return [];
  }
}

/** The process id of a PostgreSQL that serves this cluster now. */
function runningPid(cluster: string): number | null {
  const pid = Number(postmasterFile(cluster)[0]);
  if (!pid || !isAlive(pid)) return null;
  try {
    // After a crash of the machine the number may belong to another program.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster) ? pid : null;
  } catch (error) {
    return existsSync('/proc/self/cmdline') && (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? null
      : pid;
  }
}

/** Whether a process runs. One that has ended and only waits to be collected does not; one of another user does. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // Systems other than Linux have no such file; on Linux it goes with the process.
    return !existsSync('/proc/self/stat');
  }
}

/** Fast shutdown (sessions end, everything is written); an immediate one when that takes too long. */
async function endProcess(pid: number): Promise<void> {
  const deadline = Date.now() + stopWithin;
  for (let signal: NodeJS.Signals | null = 'SIGINT'; isAlive(pid); signal = null) {
    if (signal) process.kill(pid, signal);
    if (Date.now() > deadline) {
      process.kill(pid, 'SIGQUIT');
      await sleep(2_000);
      return;
    }
    await sleep(5);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').pop() ?? '';
}
