/** Every error code, as clients meet it; and input that was never meant to be sent. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ErrorCode, errors } from '../../src/engine/index.ts';
import { nobody, type Reply, type Server, startServer } from './server.ts';

let server: Server;
let id: string;
beforeAll(async () => {
  server = await startServer('errors');
  id = (await call('POST', '/api/companies', { name: 'Hotel Sacher' })).body.id;
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(server.ada, method, path, body, headers);
const json = { 'content-type': 'application/json' };

/** How a client meets each code. */
const provoked: Partial<Record<ErrorCode, () => Promise<Reply>>> = {
  invalidInput: () => call('POST', '/api/companies', { name: '' }),
  invalidQuery: () => call('GET', '/api/companies?sort=nothing'),
  invalidJson: () => call('POST', '/api/companies', '{"name":', json),
  invalidCursor: () => call('GET', '/api/companies?after=x'),
  unauthenticated: () => server.call(nobody, 'GET', '/api/companies'),
  forbidden: () => server.call(server.rita, 'POST', '/api/companies', { name: 'x' }),
  notFound: () => call('GET', '/api/companies/01a00000-0000-7000-8000-000000000000'),
  unknownRoute: () => call('GET', '/api/nothing'),
  merged: async () => {
    const [kept, gone] = [
      await call('POST', '/api/companies', { name: 'Kept' }),
      await call('POST', '/api/companies', { name: 'Gone' }),
    ];
    const others = [gone.body.id];
    await call('POST', `/api/companies/${kept.body.id}/merge/preview`, { others });
    const merged = await call('POST', `/api/companies/${kept.body.id}/merge`, { others });
    expect(merged.body.result).toEqual({ id: kept.body.id, merged: others });
    const reply = await call('GET', `/api/companies/${gone.body.id}`);
    expect(reply.body.details.mergedInto).toBe(kept.body.id);
    return call('GET', `/api/companies/${gone.body.id}?fields=name`);
  },
  conflict: async () => {
    const made = await call('POST', '/api/companies', { name: 'Conflict' });
    const at = `/api/companies/${made.body.id}`;
    await call('PATCH', at, { employees: 1 });
    return call('PATCH', at, { employees: 2 }, { 'if-match': '"1"' });
  },
  duplicate: async () => {
    await call('POST', '/api/tags', { name: 'vip' });
    return call('POST', '/api/tags', { name: 'vip' });
  },
  inUse: async () => {
    const made = await call('POST', '/api/pipelines', { name: 'Rentals' });
    await call('POST', '/api/stages', { name: 'Asked', pipeline: made.body.id });
    return call('DELETE', `/api/pipelines/${made.body.id}`);
  },
  undoConflict: async () => {
    const made = await call('POST', '/api/companies', { name: 'Undo' });
    await call('PATCH', `/api/companies/${made.body.id}`, { name: 'Later' });
    return call('POST', `/api/undo/${made.headers.get('farley-change-set')}`);
  },
  alreadyUndone: async () => {
    const made = await call('POST', '/api/companies', { name: 'Undo' });
    const at = `/api/undo/${made.headers.get('farley-change-set')}`;
    await call('POST', at);
    return call('POST', at);
  },
  idempotencyMismatch: async () => {
    await call('POST', '/api/tags', { name: 'one' }, { 'idempotency-key': 'k' });
    return call('POST', '/api/tags', { name: 'two' }, { 'idempotency-key': 'k' });
  },
  schemaConflict: () => call('POST', '/api/objects/company/fields', { name: 'name', type: 'text' }),
  tooLarge: () =>
    call('POST', '/api/companies', JSON.stringify({ name: 'x'.repeat(11 * 1024 * 1024) }), json),
  unsupportedMedia: () => call('POST', '/api/companies', 'name=x', { 'content-type': 'text/plain' }),
  precondition: () => call('PATCH', `/api/companies/${id}`, { employees: 1 }, { 'if-match': 'x' }),
  timeout: async () => {
    const client = await server.db.pool.connect();
    try {
      await client.query('begin');
      await client.query('lock table ws_main.product in access exclusive mode');
      const slow = call('POST', '/api/products', { name: 'Late' });
      await until(client, "select 1 from pg_stat_activity where wait_event_type = 'Lock'");
      await client.query(
        "select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return await slow;
    } finally {
      await client.query('rollback');
      client.release();
    }
  },
  overloaded: () => deadlocked(),
  databaseUnavailable: async () => {
    const client = await server.db.pool.connect();
    try {
      await client.query('begin');
      await client.query('lock table ws_main.product in access exclusive mode');
      const slow = call('POST', '/api/products', { name: 'Cut off' });
      await until(client, "select 1 from pg_stat_activity where wait_event_type = 'Lock'");
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return await slow;
    } finally {
      await client.query('rollback');
      client.release();
    }
  },
  unconfirmed: async () => {
    const client = await server.db.pool.connect();
    try {
      await client.query('begin');
      await client.query('lock table ws_main.company in share mode');
      const slow = call('POST', '/api/companies', { name: 'Nobody knows' });
      await until(client, "select 1 from pg_stat_activity where wait_event_type = 'Lock'");
      breakConnections(server.db.pool, client);
      return await slow;
    } finally {
      await client.query('rollback');
      client.release();
    }
  },
  diskFull: async () => {
    const { statfsSync } = fs;
    const report = (found: typeof statfsSync) => {
      fs.statfsSync = found;
      syncBuiltinESMExports();
      // What the file system said last is taken on trust for a moment.
      return new Promise(done => setTimeout(done, 200));
    };
    await report((() => ({ bavail: 1, bsize: 4096 })) as unknown as typeof statfsSync);
    try {
      return await call('POST', '/api/uploads?name=a.txt', 'a', { 'content-type': 'text/plain' });
    } finally {
      await report(statfsSync);
    }
  },
  rateLimited: async () => {
    for (let attempt = 0; attempt < 10; attempt++) await signIn();
    return signIn();
  },
  internal: async () => {
    await server.db.pool.query('alter table ws_main.tag rename to tag_away');
    try {
      return await call('GET', '/api/tags');
    } finally {
      await server.db.pool.query('alter table ws_main.tag_away rename to tag');
    }
  },
};

/** As when the network breaks: the other side says nothing. */
function breakConnections(pool: object, spared: object) {
  const { _clients } = pool as { _clients: { connection: { stream: Socket } }[] };
  for (const client of _clients) if (client !== spared) client.connection.stream.destroy();
}

const signIn = () =>
  server.call(nobody, 'POST', '/api/auth/sign-in/email', {
    email: 'a@b.example',
    password: 'wrong password',
  });

interface Asking {
  query(text: string): Promise<{ rows: unknown[] }>;
}

async function until(client: Asking, question: string) {
  while ((await client.query(question)).rows.length === 0) {
    await new Promise(resolve => setTimeout(resolve, 10));
    // Within a transaction PostgreSQL shows its activity as it was at the first look.
    await client.query('select pg_stat_clear_snapshot()');
  }
}

/** Two writers in each other's way: PostgreSQL ends one of them. */
async function deadlocked(): Promise<Reply> {
  const names = ['Lock A', 'Lock B'];
  const made = await Promise.all(names.map(name => call('POST', '/api/companies', { name })));
  const [a, b] = made.map(reply => reply.body.id as string).sort();
  const client = await server.db.pool.connect();
  try {
    await client.query("begin; set local deadlock_timeout = '10s'");
    await client.query('select 1 from ws_main.company where id = $1 for update', [b]);
    const reply = call('POST', '/api/companies/batch', {
      operations: [a, b].map(each => ({ op: 'update', id: each, values: { employees: 1 } })),
    });
    await until(client, "select 1 from pg_stat_activity where wait_event_type = 'Lock'");
    const mine = client.query('select 1 from ws_main.company where id = $1 for update', [a]);
    const answer = await reply;
    await mine;
    return answer;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test('every code is provoked here', () => {
  expect(Object.keys(provoked).sort()).toEqual(Object.keys(errors).sort());
});

test.each(Object.keys(errors) as ErrorCode[])('%s is answered as problem+json', async code => {
  const reply = await provoked[code]!();
  const [status, sentence] = errors[code];
  expect([reply.status, reply.body?.code], reply.text).toEqual([status, code]);
  expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(reply.body).toMatchObject({ type: `/api/docs/errors#${code}`, title: sentence, status });
  expect(reply.body.detail).toMatch(/\.$/);
  expect(reply.body.requestId).toBe(reply.headers.get('x-request-id'));
  if (['overloaded', 'databaseUnavailable', 'rateLimited'].includes(code))
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(JSON.stringify(reply.body)).not.toMatch(/select |insert |ws_main|node_modules|\.ts:/);
});

test('a defect is logged with the id of its request, and the client learns no more than that', async () => {
  const reply = await provoked.internal!();
  expect(server.log.some(line => line.includes(reply.body.requestId) && line.includes('tag'))).toBe(true);
});

test('after all of this the next request is answered', async () => {
  expect((await call('GET', '/api/companies?limit=1')).status).toBe(200);
});

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test.each<[string, string, string, string]>([
  ['no JSON', 'POST', '/api/companies', 'name=x'],
  ['nothing', 'POST', '/api/companies', ''],
  ['an array', 'POST', '/api/companies', '[]'],
  ['null', 'PATCH', '/api/companies/ID', 'null'],
  ['a text', 'POST', '/api/companies', '"x"'],
  ['a zero byte', 'POST', '/api/notes', '{"body":"a\\u0000b\\u0000"}'],
  ['half a surrogate', 'POST', '/api/companies', '{"name":"\\ud800"}'],
  ['__proto__', 'POST', '/api/companies', '{"name":"x","__proto__":{"administer":true}}'],
  ['constructor', 'POST', '/api/companies', '{"name":"x","constructor":{"prototype":{"administer":true}}}'],
  ['toString', 'POST', '/api/companies', '{"name":"x","toString":"y"}'],
  ['deep nesting', 'POST', '/api/companies', `{"name":${deep(100_000)}}`],
  ['deep JSON', 'POST', '/api/roles', `{"name":"deep","label":"Deep","grants":${deep(50_000)}}`],
  [
    'a deep filter',
    'POST',
    '/api/companies/search',
    `{"filter":${'{"not":'.repeat(5_000)}{}${'}'.repeat(5_000)}}`,
  ],
  ['a huge number', 'POST', '/api/companies', '{"name":"x","employees":1e400}'],
  ['a number beyond its column', 'POST', '/api/companies', '{"name":"x","employees":1e300}'],
  [
    'a huge amount',
    'POST',
    '/api/companies',
    `{"name":"x","revenue":{"amount":"${'9'.repeat(400)}","currency":"EUR"}}`,
  ],
  ['an impossible day', 'POST', '/api/deals', '{"name":"x","closeDate":"2026-02-30"}'],
  ['a year beyond PostgreSQL', 'POST', '/api/deals', '{"name":"x","closeDate":"+275760-09-13"}'],
  ['an id that is none', 'POST', '/api/deals', '{"name":"x","company":"1; drop table company"}'],
  [
    'a link to nowhere',
    'POST',
    '/api/deals',
    '{"name":"x","company":"01a00000-0000-7000-8000-000000000000"}',
  ],
  ['a chosen id that is taken', 'POST', '/api/companies', '{"name":"x","id":"ID"}'],
  ['a chosen id that is none', 'POST', '/api/companies', '{"name":"x","id":"7"}'],
])('%s is refused, not a defect', async (_, method, path, body) => {
  const reply = await call(method, path.replace('ID', id), body.replace('"ID"', `"${id}"`), json);
  expect([400, 409, 413, 422, 201], reply.text.slice(0, 600)).toContain(reply.status);
  if (reply.status !== 201) expect(reply.body.code).not.toBe('internal');
  expect({}).not.toHaveProperty('administer');
});

test.each([
  "Robert'); drop table company;--",
  '%_\\',
  '$' + '{1}',
  '$1',
  '"; select pg_sleep(9)',
  '😀 ١٢٣ İß',
  '{{7*7}}',
])('%s is a name like any other', async name => {
  const made = await call('POST', '/api/companies', { name });
  expect(made.body.name, made.text).toBe(name);
  for (const op of ['is', 'contains', 'startsWith'] as const) {
    const found = await call('POST', '/api/companies/search', { filter: { field: 'name', op, value: name } });
    expect(found.body.data.map((row: { name: string }) => row.name)).toEqual([name]);
  }
  expect((await call('GET', `/api/search?q=${encodeURIComponent(name)}`)).status).toBe(200);
  expect((await call('GET', `/api/companies?q=${encodeURIComponent(name)}`)).status).toBe(200);
});

test('addresses that cannot be read are refused', async () => {
  for (const path of [
    '/api/companies/%ZZ',
    '/api/%00',
    `/api/companies/${'x'.repeat(5_000)}`,
    '/api/companies/..%2f..',
  ]) {
    const reply = await call('GET', path);
    expect([400, 404], `${path.slice(0, 40)} ${reply.text}`).toContain(reply.status);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  }
});

test('all that is wrong with a record is told at once, each with its pointer', async () => {
  const reply = await call('POST', '/api/companies', { employees: 'many', website: 'not a url', nothing: 1 });
  const pointers = reply.body.errors.map((problem: { pointer: string }) => problem.pointer);
  expect(pointers).toEqual(expect.arrayContaining(['/employees', '/website', '/nothing', '/name']));
});
