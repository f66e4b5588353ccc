/** Faults of the surroundings: clients that leave or stop reading, statements that hang, a database that goes away. */

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { declared } from '../../src/app.ts';
import { type DatabaseOptions, type Declared, defineJob, sql } from '../../src/engine/index.ts';
import { enqueue } from '../../src/engine/jobs/queue.ts';
import { inTransaction } from '../../src/engine/records/write.ts';
import { type Crossing, crossing, listen } from './crossing.ts';
import { nobody, type Reply, type Server, startServer, until, welcome } from './server.ts';

const statementTimeout = 4_000;
/** Milliseconds. By hand: 30,000. */
const outage = Number(process.env.FARLEY_OUTAGE_SECONDS ?? 5) * 1_000;
let way: Crossing;
let server: Server;
/** Past Farley and past the crossing. */
let direct: pg.Client;
let person: Awaited<ReturnType<typeof welcome>>;
/** How often the job of these tests has been carried out to its end. */
let carriedOut = 0;

const patient = defineJob('patient', {
  label: 'Patient',
  run: async ctx => {
    await ctx.db.run(sql`select pg_sleep(1)`);
    carriedOut++;
  },
});
const withJob: Declared = {
  ...declared,
  modules: [...declared.modules, { name: 'tests', objects: [], jobs: [patient] }],
};

const open = (connectionString: string): DatabaseOptions => ({
  connectionString: way.urlOf(connectionString),
  connections: 4,
  connectionTimeout: 2_000,
  statementTimeout,
  patience: { doubt: 1_000, look: 1_500 },
});

beforeAll(async () => {
  way = await crossing(inject('postgres'));
  server = await startServer('faults', {
    declared: withJob,
    idleTimeout: 3_000 + outage,
    open,
  });
  direct = new pg.Client(server.db.connectionString);
  await direct.connect();
  person = await welcome(server, 'Nora Weiss', 'manager');
});
afterAll(async () => {
  await server?.close();
  await direct?.end();
  way?.close();
});
// Whatever happened: nothing is held, in Farley or in PostgreSQL, and it works.
afterEach(async () => {
  way.set('open');
  await until(async () => (await call('GET', '/readyz')).status === 200, 20_000);
  await until(async () => server.db.pool.totalCount === server.db.pool.idleCount, 15_000);
  expect(server.db.pool.waitingCount).toBe(0);
  await until(async () => (await busy()).length === 0, 15_000);
  expect((await call('POST', '/api/companies', { name: 'Afterwards' })).status).toBe(201);
  expect(server.log).toEqual([]);
});

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(server.ada, method, path, body, headers);

/** What Farley's connections do, but for the one that listens for jobs and asks for them. */
async function busy(): Promise<{ pid: number; state: string; waits: string }[]> {
  const { rows } = await direct.query(
    `select pid, state, wait_event_type as waits, query from pg_stat_activity where datname = current_database()
      and pid <> pg_backend_pid() and state <> 'idle' and query not like '%farley_jobs%'`,
  );
  return rows;
}

const waiting = async () => (await busy()).filter(({ waits }) => waits === 'Lock');
const waiters = (count: number) => until(async () => (await waiting()).length === count && waiting(), 10_000);

/** While products are locked, whoever wants one waits: nobody but these tests, as they are not compared for duplicates. */
async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  const holder = new pg.Client(server.db.connectionString);
  await holder.connect();
  try {
    await holder.query('begin; lock table ws_main.product in access exclusive mode');
    return await work();
  } finally {
    await holder.end();
  }
}

/** A request that can be left. */
function leave(method: string, path: string, body?: unknown) {
  const abort = new AbortController();
  const reply = fetch(server.url + path, {
    method,
    headers: { ...server.ada.headers(), 'content-type': 'application/json' },
    signal: abort.signal,
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => null);
  return { reply, go: () => abort.abort() };
}

const codeOf = (reply: Reply) => [reply.status, reply.body?.code];

test('when a client leaves, its statement stops and its connection is free at once', async () => {
  await whileLocked(async () => {
    const reading = leave('GET', '/api/products');
    const writing = leave('POST', '/api/products', { name: 'Never' });
    const searching = leave('POST', '/api/products/search', { q: 'never' });
    await waiters(3);
    const from = Date.now();
    for (const { go } of [reading, writing, searching]) go();
    await waiters(0);
    // Not because their time was up.
    expect(Date.now() - from).toBeLessThan(statementTimeout / 2);
    await until(async () => server.db.pool.totalCount === server.db.pool.idleCount);
  });
  const { body } = await call('GET', '/api/products?filter[name]=Never&count=exact');
  expect(body.count).toBe(0);
});

test('a write that is left in the middle is done as a whole or not at all', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `Left ${index}`);
  for (const name of names) {
    const { reply, go } = leave('POST', '/api/companies/batch', {
      operations: ['a', 'b', 'c'].map(part => ({ op: 'create', values: { name: `${name} ${part}` } })),
    });
    await sleep(Math.random() * 15);
    go();
    await reply;
  }
  await until(async () => server.db.pool.totalCount === server.db.pool.idleCount);
  const { rows } = await direct.query<{ of: string; made: string; told: string }>(
    `select left(c.name, -2) as of, count(*) as made, count(h.seq) as told from ws_main.company c
      left join ws_main.change h on h.record_id = c.id where c.name like 'Left %' group by 1`,
  );
  for (const row of rows) expect([row.of, Number(row.made), Number(row.told)]).toEqual([row.of, 3, 3]);
});

test('a cancellation never meets the statement of someone else', async () => {
  let leaving = true;
  const left = (async () => {
    while (leaving) {
      const { reply, go } = leave('GET', '/api/companies?include=people&count=exact');
      await sleep(Math.random() * 10);
      go();
      await reply;
    }
  })();
  const stay = async () => {
    for (let times = 0; times < 40; times++) {
      const reply = await call('GET', '/api/companies');
      // On a machine that is busy with other things the few connections may be taken; that says so.
      if (reply.status !== 200) expect(codeOf(reply)).toEqual([503, 'overloaded']);
    }
  };
  try {
    await Promise.all([stay(), stay()]);
  } finally {
    leaving = false;
    await left;
  }
});

test('a statement that takes too long is stopped, and the answer says what to do', async () => {
  await whileLocked(async () => {
    const reply = await call('GET', '/api/products');
    expect(codeOf(reply)).toEqual([504, 'timeout']);
    await waiters(0);
  });
});

test('when all connections are taken, others are told to come back; who needs none is served', async () => {
  await whileLocked(async () => {
    const holding = Array.from({ length: 4 }, () => call('GET', '/api/products'));
    await waiters(4);
    const reply = await call('GET', '/api/people');
    expect(codeOf(reply)).toEqual([503, 'overloaded']);
    expect(reply.headers.get('retry-after')).toBe('1');
    expect((await call('GET', '/healthz')).status).toBe(200);
    await Promise.all(holding);
  });
});

test('a server process that hangs is left alone, and its connection is replaced', async () => {
  await whileLocked(async () => {
    const reply = call('GET', '/api/products');
    const { pid } = ((await waiters(1)) as { pid: number }[])[0]!;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(codeOf(await reply)).toEqual([504, 'timeout']);
      expect((await call('GET', '/api/tags')).status).toBe(200);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
});

test('while the database is away answers come at once, streams stay, and all goes on when it is back', async () => {
  const stream = await listen(server, server.rita);
  const ctx = { ...server.system, actor: { ...server.system.actor, userId: server.ada.id } };
  const begun = carriedOut;
  await inTransaction(ctx, (inside, tx) => enqueue(inside, tx, [{ task: 'patient', payload: {} }]));
  // Under way: its connection breaks in the middle.
  await until(async () => {
    const { rows } = await direct.query(
      "select 1 from ws_main.job_run where job = 'patient' and state = 'running'",
    );
    return rows.length > 0;
  });
  way.set('cut');
  const end = Date.now() + outage;
  for (let asked = 0; Date.now() < end; asked++) {
    const from = Date.now();
    // Someone who is signed in is not told that they are not.
    const replies = await Promise.all([
      call('GET', '/api/companies'),
      call('POST', '/api/companies', { name: 'Not now' }),
      server.call(person, 'GET', '/api/me'),
      server.call(nobody, 'POST', '/api/auth/sign-in/email', {
        email: person.email,
        password: person.password,
      }),
      call('GET', '/readyz'),
    ]);
    for (const reply of replies) {
      expect(reply.status).toBe(503);
      // Of what was on its way when the database went, nobody knows.
      expect(asked === 0 ? ['databaseUnavailable', 'unconfirmed'] : ['databaseUnavailable']).toContain(
        reply.body.code,
      );
    }
    expect((await call('GET', '/healthz')).status).toBe(200);
    if (asked > 0) expect(Date.now() - from).toBeLessThan(3_000);
    await sleep(200);
  }
  way.set('open');
  await until(async () => (await call('GET', '/readyz')).status === 200, 10_000);
  const made = await call('POST', '/api/companies', { name: 'Back again' });
  expect(made.status).toBe(201);
  expect(stream.ended).toBe(false);
  await until(async () => stream.events.find(event => event.id === made.body.id));
  stream.stop();
  // The job is given back with the next sign of life, and done once.
  await until(async () => {
    await direct.query('update farley_jobs._private_jobs set run_at = now() where locked_at is null');
    return carriedOut === begun + 1;
  }, 60_000);
  await until(async () => {
    const { rows } = await direct.query(
      "select 1 from ws_main.job_run where job = 'patient' and state = 'done'",
    );
    return rows.length > 0;
  });
}, 240_000);

test('when the network falls silent, requests do not wait for it', async () => {
  await call('GET', '/api/companies');
  way.set('stalled');
  const from = Date.now();
  const reply = await call('GET', '/api/companies');
  expect(codeOf(reply)).toEqual([503, 'databaseUnavailable']);
  expect(Date.now() - from).toBeLessThan(15_000);
  // From now on it is known.
  const again = Date.now();
  expect(codeOf(await call('GET', '/api/people'))).toEqual([503, 'databaseUnavailable']);
  expect(Date.now() - again).toBeLessThan(3_000);
});

test('when the answers of the database get lost, a write sent again with its key is done once', async () => {
  await call('GET', '/api/companies');
  const key = { 'idempotency-key': 'after the storm' };
  const write = () => call('POST', '/api/companies', { name: 'Perhaps' }, key);
  // The key's transaction gets as far as its commit: only then answers stop coming.
  const watch = until(async () => {
    const { rows } = await direct.query(
      "select 1 from pg_locks l join pg_class c on c.oid = l.relation where c.relname = 'idempotency' and l.mode = 'RowExclusiveLock'",
    );
    return rows.length > 0;
  });
  await direct.query('begin; lock table ws_main.company in share mode');
  const first = write();
  await watch;
  await waiters(1);
  way.set('mute');
  await direct.query('commit');
  const reply = await first;
  expect([503, 504]).toContain(reply.status);
  way.set('open');
  await until(async () => (await call('GET', '/readyz')).status === 200, 20_000);
  const second = await until(async () => {
    const answer = await write();
    return answer.status === 201 && answer;
  }, 20_000);
  expect(second.status).toBe(201);
  const { body } = await call('GET', '/api/companies?filter[name]=Perhaps&count=exact');
  expect(body.count).toBe(1);
});

/** Bytes that somebody still holds. What is outside the heap is let go a moment after what points to it. */
async function alive(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round++) {
    collect();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('a client that stops reading an export costs little memory, no connection, and is cut off', async () => {
  const note = 'x'.repeat(4_000);
  for (let batch = 0; batch < 6; batch++) {
    const operations = Array.from({ length: 1_000 }, (_, index) => ({
      op: 'create',
      values: { name: `Long ${batch} ${index}`, description: note },
    }));
    expect((await call('POST', '/api/companies/batch', { operations })).status).toBe(200);
  }
  const { hostname, port } = new URL(server.url);
  const connections = () =>
    new Promise<number>(resolve => server.farley.app.server.getConnections((_, count) => resolve(count)));
  const before = await connections();
  const memory = await alive();
  const clients = Array.from({ length: 5 }, () => {
    const socket = connect(Number(port), hostname);
    const [[name, value]] = Object.entries(server.ada.headers()) as [[string, string]];
    socket.write(`GET /api/exports/companies HTTP/1.1\r\nhost: x\r\n${name}: ${value}\r\n\r\n`);
    socket.pause();
    socket.on('error', () => {});
    return socket;
  });
  await sleep(1_500);
  await until(async () => server.db.pool.totalCount === server.db.pool.idleCount);
  // A page of about a MiB each, some three times over; kept until they read, the five would take a hundred and more.
  expect(((await alive()) - memory) / 1024 ** 2).toBeLessThan(60);
  await until(async () => (await connections()) <= before, 20_000);
  for (const socket of clients) socket.destroy();
});

test('the end waits neither for clients that stopped reading nor for a database that has gone', async () => {
  const other = await startServer('faults end', { beside: server, open });
  const { hostname, port } = new URL(other.url);
  const socket = connect(Number(port), hostname);
  const [[name, value]] = Object.entries(server.ada.headers()) as [[string, string]];
  socket.write(`GET /api/exports/companies HTTP/1.1\r\nhost: x\r\n${name}: ${value}\r\n\r\n`);
  socket.pause();
  socket.on('error', () => {});
  const stream = await listen(other, server.ada);
  way.set('stalled');
  const begun = Date.now();
  await other.close();
  expect(Date.now() - begun).toBeLessThan(40_000);
  await until(async () => stream.ended);
  socket.destroy();
});
