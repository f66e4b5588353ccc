/** Two Farleys on one database, and many clients of both at the same moment: nothing is lost, nothing is double, nothing fails. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../runs.ts';
import { type Json, type Reply, type Server, startServer } from './server.ts';

let servers: [Server, Server];
beforeAll(async () => {
  const first = await startServer('processes');
  servers = [first, await startServer('processes', { beside: first })];
});
afterAll(async () => {
  await servers[1].close();
  await servers[0].close();
});

const call = (
  client: number,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => servers[client % 2]!.call(servers[0].ada, method, path, body, headers);
const made = async (path: string, values: object): Promise<Json> =>
  (await call(0, 'POST', path, values)).body;

/** What `n` clients get at once; an answer that is our fault fails the test. */
async function atOnce(n: number, work: (client: number) => Promise<Reply>): Promise<Reply[]> {
  const replies = await Promise.all(Array.from({ length: n }, (_, client) => work(client)));
  for (const reply of replies) expect(reply.status, reply.text).toBeLessThan(500);
  return replies;
}

test('clients that count with If-Match, and read again when refused, lose no count', async () => {
  const { id } = await made('/api/companies', { name: 'Counter', employees: 0 });
  const each = runs(5);
  await Promise.all(
    Array.from({ length: 8 }, async (_, client) => {
      for (let counted = 0; counted < each; ) {
        const read = await call(client, 'GET', `/api/companies/${id}`);
        const headers = { 'if-match': read.headers.get('etag')! };
        const employees = read.body.employees + 1;
        const reply = await call(client, 'PATCH', `/api/companies/${id}`, { employees }, headers);
        expect([200, 409], reply.text).toContain(reply.status);
        if (reply.status === 200) counted++;
      }
    }),
  );
  expect((await call(0, 'GET', `/api/companies/${id}`)).body.employees).toBe(8 * each);
});

test('clients that change different fields of a record all succeed, with the version they once read', async () => {
  const { id } = await made('/api/companies', { name: 'Fields' });
  const values: object[] = [
    { name: 'New' },
    { employees: 1 },
    { domain: 'a.at' },
    { sector: 'media' },
    { founded: 1999 },
  ];
  const replies = await atOnce(values.length, client =>
    call(client, 'PATCH', `/api/companies/${id}`, values[client], { 'if-match': '"1"' }),
  );
  expect(replies.map(reply => reply.status)).toEqual([200, 200, 200, 200, 200]);
  expect((await call(1, 'GET', `/api/companies/${id}`)).body).toMatchObject({
    ...Object.assign({}, ...values),
    version: 6,
  });
});

test.each([
  ['tags', 'name', (n: number) => `Upserted ${n}`],
  ['companies', 'externalIds.sap', (n: number) => `S-${n}`],
])('clients that bring the same %s by %s make one record, and all succeed', async (path, field, text) => {
  for (let round = 0; round < runs(6); round++) {
    const value = text(round);
    const replies = await atOnce(8, client =>
      call(client, 'PUT', `/api/${path}/by/${field}/${encodeURIComponent(value)}`, {
        ...(path === 'companies' ? { name: 'Known by SAP' } : {}),
        description: `by ${client}`,
      }),
    );
    expect(replies.map(reply => reply.status).sort()).toEqual([...Array(7).fill(200), 201]);
    expect(new Set(replies.map(reply => reply.body.id)).size).toBe(1);
  }
});

test('an upsert by one external id leaves those alone that others give at the same time', async () => {
  const { id } = await made('/api/companies', { name: 'Two sources', externalIds: { sap: 'T', crm: 'T' } });
  await atOnce(6, client =>
    client % 3
      ? call(client, 'PUT', `/api/companies/by/externalIds.${client % 3 === 1 ? 'sap' : 'crm'}/T`, {
          founded: client,
        })
      : call(client, 'PATCH', `/api/companies/${id}`, { externalIds: { sap: 'T', crm: 'T', shop: 'T' } }),
  );
  expect((await call(0, 'GET', `/api/companies/${id}`)).body.externalIds).toEqual({
    sap: 'T',
    crm: 'T',
    shop: 'T',
  });
});

test('what is unique has one holder, however clients come to it, one by one or in sets of opposite order', async () => {
  for (let round = 0; round < runs(6); round++) {
    const names = Array.from({ length: 6 }, (_, i) => `Unique ${round}/${i}`);
    const renamed = await made('/api/tags', { name: `Other ${round}` });
    const replies = await atOnce(7, client => {
      if (client === 6) return call(client, 'PATCH', `/api/tags/${renamed.id}`, { name: names[0] });
      const order = client % 2 ? names : [...names].reverse();
      const operations = order.map(name => ({ op: 'create', values: { name } }));
      return call(client, 'POST', '/api/tags/batch', { operations, atomic: client < 4 });
    });
    for (const reply of replies) expect([200, 207, 409], reply.text).toContain(reply.status);
    // One name that another was quicker to take does not cost the others of a set that is not all or nothing.
    for (const { status, text } of replies.slice(4, 6)) expect([200, 207], text).toContain(status);
    for (const name of names) {
      const { body } = await call(0, 'GET', `/api/tags?filter[name]=${encodeURIComponent(name)}&limit=1000`);
      expect(body.data, name).toHaveLength(1);
    }
  }
});

test('one idempotency key, sent to both at once, does the work once', async () => {
  for (let round = 0; round < runs(5); round++) {
    const headers = { 'idempotency-key': `both-${round}` };
    const replies = await atOnce(6, client =>
      call(client, 'POST', '/api/companies', { name: 'Once' }, headers),
    );
    expect(new Set(replies.map(reply => reply.body.id)).size).toBe(1);
    expect(replies.map(reply => reply.status)).toEqual(Array(6).fill(201));
  }
});

test('the same undo, asked of both at once, is done once', async () => {
  for (let round = 0; round < runs(5); round++) {
    const { id } = await made('/api/companies', { name: 'Undone', employees: 1 });
    const changed = await call(0, 'PATCH', `/api/companies/${id}`, { employees: 2 });
    const set = changed.headers.get('farley-change-set');
    const replies = await atOnce(4, client => call(client, 'POST', `/api/undo/${set}`));
    expect(replies.map(reply => reply.body.code ?? 'undone').sort()).toEqual([
      ...Array(3).fill('alreadyUndone'),
      'undone',
    ]);
  }
});
