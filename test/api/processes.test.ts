/** Four Farley processes on one database, as users run them: directly, and through pgBouncer in transaction mode. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { type Boot, boot, endAll, farley } from '../boot.ts';
import { createTestDatabase } from '../database.ts';
import { listen } from './crossing.ts';
import { type Caller, type Json, until } from './server.ts';

const count = 4;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  await endAll();
  for (const ending of endings.splice(0).reverse()) await ending();
});

/** A fresh database and its address. */
async function database(): Promise<string> {
  const made = await createTestDatabase('processes');
  await made.close();
  return made.connectionString;
}

/** pgBouncer before the test server; fewer sessions than Farley asks for, so that they are mixed. */
async function pooler(connectionString: string): Promise<string> {
  const url = new URL(connectionString);
  const sockets = url.searchParams.get('host')!;
  // pgBouncer does not run as root; and the server's socket is its owner's alone.
  const { uid, gid } = statSync(join(sockets, '.s.PGSQL.5432'));
  const folder = mkdtempSync(join(tmpdir(), 'farley-pgbouncer-'));
  const port = await freePort();
  const [ini, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'users.txt')];
  writeFileSync(users, `"${url.username}" "${url.password}"\n`);
  writeFileSync(
    ini,
    `[databases]\n* = host=${sockets} port=5432\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}
unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${users}\npool_mode = transaction\ndefault_pool_size = 6
max_client_conn = 500\nlogfile = ${join(folder, 'log')}\n`,
  );
  for (const path of [folder, ini, users]) chownSync(path, uid, gid);
  const as = process.getuid?.() === 0 ? { uid, gid } : {};
  const child = spawn(bouncer!, [ini], { ...as, stdio: 'ignore' });
  endings.push(async () => {
    await gone(child);
    rmSync(folder, { recursive: true, force: true });
  });
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  await until(async () => {
    const client = new pg.Client(url.href);
    await client.connect().catch(() => {});
    const answer = await client.query('select 1').catch(() => null);
    await client.end().catch(() => {});
    return answer !== null;
  }, 20_000);
  return url.href;
}

function gone(child: ChildProcess): Promise<unknown> {
  const exited = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  return exited;
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Farleys on one database, with their files in one folder. */
async function start(env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'farley-processes-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const all = { ...env, FARLEY_DATA: join(folder, 'data'), FARLEY_CONNECTIONS: '6' };
  mkdirSync(all.FARLEY_DATA);
  const boots = await Promise.all(Array.from({ length: count }, () => boot(all)));
  for (const each of boots) expect(each.code(), each.output()).toBe(null);
  const made = spawnSync(
    process.execPath,
    [farley, 'key', 'create', '--role', 'administrator', '--name', 'Tests'],
    { env: { PATH: process.env.PATH, ...all }, encoding: 'utf8' },
  );
  expect(made.status, made.stderr).toBe(0);
  const key = made.stdout.trim();
  const who: Caller = { id: '', headers: () => ({ authorization: `Bearer ${key}` }) };
  return { boots, who };
}

async function call(
  at: Boot,
  who: Caller,
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
) {
  const reply = await fetch(at.url + path, {
    method,
    headers: { ...who.headers(), ...(body ? { 'content-type': type } : {}) },
    ...(body ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  });
  const text = await reply.text();
  expect(reply.status, `${method} ${path} at ${at.url}: ${text}`).toBeLessThan(300);
  return (text ? JSON.parse(text) : null) as Json;
}

/** Everybody writes and reads everywhere; who listens, wherever, hears of everything. */
async function work(boots: Boot[], who: Caller) {
  const streams = await Promise.all(boots.map(at => listen(at as never, who)));
  const ids: string[] = [];
  const writer = async (index: number) => {
    for (let times = 0; times < 15; times++) {
      const at = (step: number) => boots[(index + times + step) % count]!;
      const { id } = await call(at(0), who, 'POST', '/api/companies', { name: `Firm ${index} ${times}` });
      ids.push(id);
      await call(at(1), who, 'PATCH', `/api/companies/${id}`, { employees: times });
      expect((await call(at(2), who, 'GET', `/api/companies/${id}`)).employees).toBe(times);
      const { data } = await call(
        at(3),
        who,
        'GET',
        `/api/companies?filter[name]=Firm%20${index}%20${times}`,
      );
      expect(data.map((each: Json) => each.id)).toEqual([id]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, index) => writer(index)));
  for (const stream of streams) {
    const heard = () => stream.events.map(event => `${event.kind} ${event.id}`).sort();
    await until(async () => heard().length >= ids.length * 2, 20_000);
    expect(heard()).toEqual(ids.flatMap(id => [`created ${id}`, `updated ${id}`]).sort());
    stream.stop();
  }
}

/** What an administrator adds in one process is there in all of them when the answer comes. */
async function changeModel(boots: Boot[], who: Caller) {
  for (let times = 0; times < 6; times++) {
    const name = `extra${times}`;
    const [made, ...others] = [...boots.slice(times % count), ...boots.slice(0, times % count)] as [
      Boot,
      ...Boot[],
    ];
    await call(made, who, 'POST', '/api/objects/company/fields', { name, type: 'text' });
    await Promise.all(
      others.map(async (at, index) => {
        const value = `v${index}`;
        const { id } = await call(at, who, 'POST', '/api/companies', { name: `With ${name}`, [name]: value });
        const { data } = await call(
          others[(index + 1) % 3]!,
          who,
          'GET',
          `/api/companies?filter[${name}]=${value}&sort=${name}`,
        );
        expect(data.map((each: Json) => each.id)).toEqual([id]);
      }),
    );
  }
  const object = { name: 'machine', label: 'Machine', plural: 'Machines' };
  await call(boots[0]!, who, 'POST', '/api/objects', object);
  for (const at of boots) await call(at, who, 'POST', '/api/machines', { name: 'Faema' });
}

/** Jobs ordered everywhere are done once, somewhere. */
async function order(boots: Boot[], who: Caller) {
  const rows = 50;
  const jobs = await Promise.all(
    Array.from({ length: 16 }, async (_, job) => {
      const text = ['name', ...Array.from({ length: rows }, (_, row) => `Row ${job}.${row}`)].join('\n');
      const at = boots[job % count]!;
      return call(at, who, 'POST', '/api/imports?object=company', text, 'text/csv');
    }),
  );
  for (const { id } of jobs) {
    const run = await until(async () => {
      const found = await call(boots[0]!, who, 'GET', `/api/jobs/${id}`);
      return ['done', 'failed'].includes(found.state) && found;
    }, 60_000);
    expect(run).toMatchObject({ state: 'done', attempt: 1, done: rows });
  }
  const all = await call(
    boots[1]!,
    who,
    'GET',
    '/api/companies?filter[name][startsWith]=Row&count=exact&limit=1',
  );
  expect(all.count).toBe(16 * rows);
}

/** Who looks at a record in one process is seen by who looks at it in another, and gone when they leave. */
async function meet(boots: Boot[], who: Caller) {
  const { id } = await call(boots[0]!, who, 'POST', '/api/companies', { name: 'Looked at' });
  const { key } = await call(boots[0]!, who, 'POST', '/api/keys', { name: 'Other', role: 'administrator' });
  const other: Caller = { id: '', headers: () => ({ authorization: `Bearer ${key}` }) };
  const look = async (at: Boot, as: Caller, tab: string, left = false) =>
    (await call(at, as, 'POST', `/api/companies/${id}/presence`, { tab, left })).data.length;
  await look(boots[1]!, other, 'tab-other-1');
  await until(async () => (await look(boots[2]!, who, 'tab-tests-1')) === 1, 20_000);
  await until(async () => (await look(boots[1]!, other, 'tab-other-1')) === 1, 20_000);
  await look(boots[1]!, other, 'tab-other-1', true);
  await until(async () => (await look(boots[2]!, who, 'tab-tests-1')) === 0, 20_000);
}

async function leftovers(connectionString: string) {
  const client = new pg.Client(connectionString);
  await client.connect();
  const { rows } = await client.query(
    "select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'",
  );
  await client.end();
  return rows;
}

async function prove(connectionString: string, env: Record<string, string>) {
  const { boots, who } = await start(env);
  await work(boots, who);
  await changeModel(boots, who);
  await order(boots, who);
  await meet(boots, who);
  await endAll();
  for (const each of boots) expect(each.output()).not.toMatch(/Error|Warning/);
  expect(await leftovers(connectionString)).toEqual([]);
}

test('four processes are one Farley', async () => {
  const connectionString = await database();
  await prove(connectionString, { DATABASE_URL: connectionString });
});

const bouncer = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(path => existsSync(path));
const why = bouncer ? '' : ' (skipped: pgBouncer is not installed; on Debian: apt-get install pgbouncer)';

test.skipIf(!bouncer)(
  `four processes are one Farley through pgBouncer in transaction mode${why}`,
  async () => {
    const connectionString = await database();
    await prove(connectionString, { DATABASE_URL: await pooler(connectionString) });
  },
);

test.skipIf(!bouncer)(`jobs and changes of tables go past pgBouncer where there is a way${why}`, async () => {
  const connectionString = await database();
  const env = { DATABASE_URL: await pooler(connectionString), DATABASE_DIRECT_URL: connectionString };
  const { boots, who } = await start(env);
  await changeModel(boots, who);
  await order(boots, who);
});
