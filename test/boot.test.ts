/** Starting and stopping for real: `bin/farley start` in a process of its own, with a data directory of its own. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { isAlive } from '../src/engine/db/embedded.ts';
import { type Boot, boot, end, endAll, farley } from './boot.ts';
import { root } from './source.ts';

const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), `farley-test-${process.pid}-boot-`));
chmodSync(folder, 0o711);
let folders = 0;

afterEach(endAll);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newFolder(): string {
  return join(folder, String(++folders));
}

async function health(port: number): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
}

/** The process id of the embedded PostgreSQL; null where none runs. */
function postgresOf(base: string): number | null {
  const file = join(base, 'postgres/postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
}

/** Every failed start: one line that names the remedy, status 1, nothing left running or locked. */
function expectRefusal(refused: Boot, sentence: RegExp): void {
  const lines = refused.output().trim().split('\n');
  expect(lines.at(-1)).toMatch(/^farley: /);
  expect(lines.at(-1)).toMatch(sentence);
  expect(lines.filter(line => /^\s+at /.test(line))).toEqual([]);
  expect(refused.code()).toBe(1);
}

test('it starts, serves, keeps its secrets to itself, and leaves no PostgreSQL behind after SIGTERM', async () => {
  const FARLEY_DATA = newFolder();
  const first = await boot({ FARLEY_DATA });
  expect(await health(first.port)).toBe(200);
  const postgres = postgresOf(FARLEY_DATA)!;
  expect(isAlive(postgres)).toBe(true);
  for (const file of ['secret', 'postgres.password']) {
    expect(statSync(join(FARLEY_DATA, file)).mode & 0o777).toBe(0o600);
  }
  const secret = readFileSync(join(FARLEY_DATA, 'secret'), 'utf8');
  await end(first.child, 'SIGTERM');
  expect(first.code()).toBe(0);
  expect(isAlive(postgres)).toBe(false);
  expect(existsSync(join(FARLEY_DATA, 'farley.lock'))).toBe(false);

  const second = await boot({ FARLEY_DATA });
  expect(await health(second.port)).toBe(200);
  expect(readFileSync(join(FARLEY_DATA, 'secret'), 'utf8')).toBe(secret);
  await end(second.child, 'SIGINT');
  expect(second.code()).toBe(0);
  expect(postgresOf(FARLEY_DATA)).toBe(null);
});

test('after kill -9 the next start ends the orphan, and what was committed is there', async () => {
  const FARLEY_DATA = newFolder();
  const first = await boot({ FARLEY_DATA });
  await query(FARLEY_DATA, `create table public.kept as select 42 as answer`);
  const orphan = postgresOf(FARLEY_DATA)!;
  await end(first.child, 'SIGKILL');
  expect(isAlive(orphan)).toBe(true);

  const second = await boot({ FARLEY_DATA });
  expect(second.output()).toContain(`process ${orphan}`);
  expect(isAlive(orphan)).toBe(false);
  expect(postgresOf(FARLEY_DATA)).not.toBe(orphan);
  expect(await query(FARLEY_DATA, `select answer from public.kept`)).toEqual([{ answer: 42 }]);
});

test('a PostgreSQL that dies is started again', async () => {
  const FARLEY_DATA = newFolder();
  const { output } = await boot({ FARLEY_DATA });
  const before = postgresOf(FARLEY_DATA)!;
  process.kill(before, 'SIGQUIT');
  for (let tries = 0; tries < 200 && [before, null].includes(postgresOf(FARLEY_DATA)); tries++)
    await sleep(50);
  await expect
    .poll(() => query(FARLEY_DATA, 'select 1 as one').catch(String), { timeout: 20_000 })
    .toEqual([{ one: 1 }]);
  expect(output()).toContain('starting it again');
});

async function query(dataDir: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({
    host: join(dataDir, 'postgres'),
    user: 'farley',
    database: 'farley',
    password: readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim(),
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('a second Farley on the same data, and one on the same port, are refused', async () => {
  const FARLEY_DATA = newFolder();
  const { child, port } = await boot({ FARLEY_DATA });
  expectRefusal(
    await boot({ FARLEY_DATA }),
    new RegExp(`in use by another Farley \\(process ${child.pid}\\)`),
  );
  const other = newFolder();
  expectRefusal(
    await boot({ FARLEY_DATA: other, PORT: String(port) }),
    new RegExp(`Port ${port} is taken.*PORT=${port + 1} npm start`),
  );
  expect(postgresOf(other)).toBe(null);
  expect(existsSync(join(other, 'farley.lock'))).toBe(false);
  expect(await health(port)).toBe(200);
});

test('a lock whose number now belongs to another process does not count', async () => {
  const FARLEY_DATA = newFolder();
  mkdirSync(FARLEY_DATA, { mode: 0o711 });
  const stale = { pid: process.ppid, started: 'another boot/1', purpose: 'serve' };
  writeFileSync(join(FARLEY_DATA, 'farley.lock'), JSON.stringify(stale));
  expect((await boot({ FARLEY_DATA })).code()).toBe(null);
});

test('data of a newer Farley is left alone', async () => {
  const FARLEY_DATA = newFolder();
  const { child } = await boot({ FARLEY_DATA });
  await query(FARLEY_DATA, `insert into farley.stamp (format, version) values (999, '9.9.9')`);
  await end(child, 'SIGTERM');
  expectRefusal(await boot({ FARLEY_DATA }), /newer Farley \(9\.9\.9\).*nothing was changed/);
  expect(postgresOf(FARLEY_DATA)).toBe(null);
});

test('a PostgreSQL that cannot start shows the last line of its log', async () => {
  const FARLEY_DATA = newFolder();
  await end((await boot({ FARLEY_DATA })).child, 'SIGTERM');
  writeFileSync(join(FARLEY_DATA, 'postgres/postgresql.conf'), 'no_such_setting = 1\n');
  expectRefusal(
    await boot({ FARLEY_DATA }),
    /did not start: .*configuration file.*contains errors.*postgres\.log/,
  );
});

test('a data directory that is no folder or not writable is refused', async () => {
  const file = newFolder();
  writeFileSync(file, '');
  expectRefusal(await boot({ FARLEY_DATA: file }), /cannot be written.*FARLEY_DATA/);
});

test.each([
  ['unreachable', 'postgresql://farley@127.0.0.1:1/farley', /127\.0\.0\.1:1 cannot be reached.*DATABASE_URL/],
  [
    'without an address',
    'postgresql://farley:geheim@no-such-host.invalid/farley',
    /cannot be reached.*DATABASE_URL/,
  ],
  ['of another kind', 'mysql://localhost/farley', /DATABASE_URL has to look like/],
])(
  'an external database %s is refused in one line without its password',
  async (_, DATABASE_URL, sentence) => {
    const refused = await boot({ FARLEY_DATA: newFolder(), DATABASE_URL });
    expectRefusal(refused, sentence);
    expect(refused.output()).not.toContain('geheim');
  },
);

test('a Node that is too old is refused before anything else', () => {
  const script = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' });
    const { setup } = await import(${JSON.stringify(join(root, 'bin/setup'))}); setup({ web: false });`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(result.stderr).toMatch(/^farley: Farley needs Node 20\.19 or newer.*\n$/);
  expect(result.status).toBe(1);
});

test.skipIf(!isRoot)(
  'as root it finds a place for a data directory that PostgreSQL may not enter',
  async () => {
    const closed = newFolder();
    mkdirSync(closed, { mode: 0o700 });
    const FARLEY_DATA = join(closed, 'data');
    const first = await boot({ FARLEY_DATA });
    const base = readFileSync(join(FARLEY_DATA, 'postgres.location'), 'utf8').split('\n')[0]!;
    try {
      expect(base).toMatch(/^\/var\/lib\/farley\//);
      expect(statSync(join(base, 'postgres')).uid).not.toBe(0);
      expect(existsSync(join(FARLEY_DATA, 'postgres'))).toBe(false);
      await end(first.child, 'SIGTERM');
      const second = await boot({ FARLEY_DATA });
      expect(await health(second.port)).toBe(200);
      await end(second.child, 'SIGTERM');
      expect(postgresOf(base)).toBe(null);
    } finally {
      await end(first.child, 'SIGTERM');
      rmSync(base, { recursive: true, force: true });
    }
  },
);

const nobody = isRoot ? accountOf('nobody') : null;
const entersCheckout = nobody && spawnSync('test', ['-r', farley], nobody).status === 0;

test.skipIf(!entersCheckout)('as an ordinary user everything stands in the data directory', async () => {
  const home = newFolder();
  mkdirSync(home, { mode: 0o700 });
  chownSync(home, nobody!.uid, nobody!.gid);
  const FARLEY_DATA = join(home, 'data');
  const first = await boot({ FARLEY_DATA }, nobody!);
  expect(await health(first.port)).toBe(200);
  expect(statSync(join(FARLEY_DATA, 'postgres')).uid).toBe(nobody!.uid);
  await end(first.child, 'SIGTERM');
  // Root takes it over as the user it belongs to.
  const second = await boot({ FARLEY_DATA });
  expect(await health(second.port)).toBe(200);
  expect(statSync(join(FARLEY_DATA, 'postgres')).uid).toBe(nobody!.uid);
});

function accountOf(name: string): { uid: number; gid: number; cwd: string } {
  const [uid, gid] = ['-u', '-g'].map(flag => Number(spawnSync('id', [flag, name]).stdout));
  return { uid: uid!, gid: gid!, cwd: '/' };
}

const debian = '/usr/lib/postgresql/15/bin';

// Skipped where Debian's PostgreSQL 15 is not installed: it stands for every external PostgreSQL.
test.skipIf(!existsSync(debian))('it runs on an external PostgreSQL 15, and several at once', async () => {
  const cluster = newFolder();
  mkdirSync(cluster, { mode: 0o700 });
  const as = isRoot ? accountOf('postgres') : { cwd: '/' };
  if (isRoot) chownSync(cluster, accountOf('postgres').uid, accountOf('postgres').gid);
  const options = ['--pgdata', cluster, '--username=farley', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  expect(spawnSync(join(debian, 'initdb'), options, as).status).toBe(0);
  const ctl = (...args: string[]) =>
    spawnSync(join(debian, 'pg_ctl'), ['-D', cluster, '-w', ...args], { ...as, stdio: 'ignore' });
  expect(ctl('start', '-o', `-c listen_addresses= -k ${cluster}`).status).toBe(0);
  try {
    const DATABASE_URL = `postgresql://farley@localhost/postgres?host=${cluster}`;
    const env = { FARLEY_DATA: newFolder(), DATABASE_URL };
    const both = await Promise.all([boot(env), boot(env)]);
    expect(await Promise.all(both.map(({ port }) => health(port)))).toEqual([200, 200]);
    expect(existsSync(join(env.FARLEY_DATA, 'postgres'))).toBe(false);
    expectRefusal(
      await boot({ ...env, DATABASE_URL: DATABASE_URL.replace('/postgres?', '/absent?') }),
      /no such database/,
    );
    await Promise.all(both.map(({ child }) => end(child, 'SIGTERM')));
    expect(both.map(({ code }) => code())).toEqual([0, 0]);
  } finally {
    ctl('stop', '-m', 'immediate');
  }
});
