/** Lists: what may be asked, in the address or as JSON, and what is said of questions that make no sense. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, type Json, type Server, startServer } from './server.ts';

let server: Server;
let companies: Json[];
beforeAll(async () => {
  server = await startServer('lists');
  const { system, ada } = server;
  const values = Array.from({ length: 7 }, (_, index) => ({
    name: `Hotel ${'ABCDEFG'[index]}`,
    sector: index % 2 ? 'hospitality' : 'retail',
    employees: index === 6 ? null : index * 10,
    revenue: { amount: `${index}000.50`, currency: 'USD' },
    owner: ada.id,
  }));
  const made = await server.call(ada, 'POST', '/api/companies/batch', {
    operations: values.map(each => ({ op: 'create', values: each })),
  });
  companies = made.body.results;
  expect(system.settings.name).toBe('main');
  for (const [index, name] of ['Anna Berger', 'Bruno Celik'].entries())
    await server.call(ada, 'POST', '/api/people', { name, company: companies[index].id });
});
afterAll(() => server.close());

const get = (query: string) => server.call(server.ada, 'GET', `/api/companies?${query}`);
const names = async (query: string) => {
  const reply = await get(query);
  expect(reply.status, reply.text).toBe(200);
  return reply.body.data.map((row: Json) => row.name.slice(-1)).join('');
};

test.each([
  ['filter[name][is]=Hotel B', 'B'],
  ['filter[name]=Hotel B', 'B'],
  ['filter[name][contains]=hotel', 'ABCDEFG'],
  ['filter[name][startsWith]=Hotel C', 'C'],
  ['filter[sector][is]=hospitality', 'BDF'],
  ['filter[sector][isAnyOf]=hospitality,retail', 'ABCDEFG'],
  ['filter[employees][gte]=40', 'EF'],
  ['filter[employees][between]=10,20', 'BC'],
  ['filter[employees][empty]', 'G'],
  ['filter[employees][notEmpty]=&filter[sector][is]=retail', 'ACE'],
  ['filter[people.name][contains]=anna', 'A'],
  ['filter[people][notEmpty]', 'AB'],
  ['filter[owner.email][empty]', 'ABCDEFG'],
  ['filter[createdAt][during]=today', 'ABCDEFG'],
  ['q=hotel', 'ABCDEFG'],
])('%s finds %s', async (query, found) => {
  expect(await names(`${query}&sort=name`)).toBe(found);
});

test('a JSON filter nests, in the address as in the body', async () => {
  const filter = {
    and: [
      { field: 'sector', op: 'is', value: 'retail' },
      {
        or: [{ field: 'employees', op: 'gte', value: 40 }, { not: { field: 'employees', op: 'notEmpty' } }],
      },
    ],
  };
  expect(await names(`sort=name&filter=${encodeURIComponent(JSON.stringify(filter))}`)).toBe('EG');
  const body = await server.call(server.ada, 'POST', '/api/companies/search', { filter, sort: ['name'] });
  expect(body.body.data.map((row: Json) => row.name)).toEqual(['Hotel E', 'Hotel G']);
});

test('order is by several fields, up and down, with the empty ones last', async () => {
  expect(await names('sort=-name')).toBe('GFEDCBA');
  expect(await names('sort=sector,-name')).toBe('FDBGECA');
  expect(await names('sort=employees')).toBe('ABCDEFG');
  expect((await names('sort=-employees')).at(-1)).toBe('G');
  expect(await names('sort=-revenue')).toBe('GFEDCBA');
});

test('only the fields asked for come, with id and version', async () => {
  const { body } = await get('fields=name,revenue&limit=1&sort=name');
  expect(Object.keys(body.data[0])).toEqual(['id', 'version', 'name', 'revenue']);
  expect(body.data[0].revenue).toEqual({ amount: '0.50', currency: 'USD' });
});

test('relations are spelled out where asked', async () => {
  const { body } = await get('include=people.company,owner&filter[name]=Hotel A');
  expect(body.data[0].people[0]).toMatchObject({ company: { name: 'Hotel A' } });
  expect(body.data[0].owner).toMatchObject({ id: server.ada.id, kind: 'service' });
});

test('a walk by cursors meets every record once, while others are added', async () => {
  const seen: string[] = [];
  let after = '';
  do {
    const { body } = await get(`limit=2&sort=sector,-name&fields=name&count=exact${after}`);
    expect(body.data.length).toBeLessThanOrEqual(2);
    seen.push(...body.data.map((row: Json) => row.name.slice(-1)));
    after = body.next ? `&after=${encodeURIComponent(body.next)}` : '';
    if (seen.length === 2)
      await server.call(server.ada, 'POST', '/api/companies', { name: '0', sector: 'finance' });
  } while (after);
  expect(seen.join('')).toBe('FDBGECA');
  await server.call(server.ada, 'DELETE', `/api/companies/${(await get('filter[name]=0')).body.data[0].id}`);
});

test('counts are exact, estimated or left out', async () => {
  expect((await get('limit=1&count=exact')).body.count).toBe(7);
  expect((await get('limit=1&count=estimated')).body.count).toBeTypeOf('number');
  expect((await get('limit=1')).body).not.toHaveProperty('count');
  expect((await get('limit=1&count=none')).body).not.toHaveProperty('count');
});

test('asOf shows the list and a record as they were', async () => {
  const before = new Date().toISOString();
  await server.call(server.ada, 'PATCH', `/api/companies/${companies[0].id}`, { name: 'Hotel Z' });
  expect(await names(`sort=name&asOf=${before}`)).toBe('ABCDEFG');
  expect(await names('sort=name')).toBe('BCDEFGZ');
  const one = await server.call(server.ada, 'GET', `/api/companies/${companies[0].id}?asOf=${before}`);
  expect(one.body.name).toBe('Hotel A');
  await server.call(server.ada, 'PATCH', `/api/companies/${companies[0].id}`, { name: 'Hotel A' });
});

test.each([
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=many', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['page=2', 'page'],
  ['Filter[name]=x', 'Filter[name]'],
  ['filter[nmae]=x', 'filter'],
  ['filter[name][like]=x', 'filter/op'],
  ['filter[employees][gte]=lots', 'filter'],
  ['filter[people.nmae]=x', 'filter'],
  ['filter={"field":"name"', ''],
  ['filter={"and":{}}', 'filter/and'],
  ['filter={"field":"name","op":"is"}', 'filter/value'],
  ['filter=[]', 'filter'],
  ['sort=nmae', 'sort'],
  ['fields=nmae', 'fields'],
  ['include=nmae', 'include'],
  ['include=constructor', 'include'],
  ['fields=__proto__', 'fields'],
  ['asOf=yesterday-ish', 'asOf'],
  ['count=all', 'count'],
  ['trash=both', 'trash'],
  ['include=__proto__.polluted', 'include'],
])('%s is refused with a pointer', async (query, pointer) => {
  const { status, body, text } = await get(query);
  expect([400, 422], text).toContain(status);
  expect(['invalidQuery', 'invalidInput']).toContain(body.code);
  if (pointer) expect(body.errors[0].pointer).toMatch(new RegExp(`^/${pointer.replace(/[[\]]/g, '\\$&')}`));
  expect(body.detail.length).toBeGreaterThan(10);
  expect({}).not.toHaveProperty('polluted');
});

test('a cursor of another order, or a damaged one, is refused', async () => {
  const { next } = (await get('limit=2&sort=name')).body;
  for (const query of [
    `sort=employees,name&after=${next}`,
    'sort=name&after=abc',
    `sort=name&after=${next.slice(0, -4)}`,
  ]) {
    const { status, body, text } = await get(query);
    expect([status, body.code], text).toEqual([400, 'invalidCursor']);
  }
});

test.each(['/api/companies/ID/history', '/api/companies/ID/timeline', '/api/changes', '/api/search'])(
  '%s takes a sensible limit and no parameter it does not know',
  async path => {
    const at = path.replace('ID', companies[1].id);
    for (const query of ['limit=-5', 'limit=0', 'limit=x', 'limti=5', 'limit=1&limit=2']) {
      const reply = await server.call(server.ada, 'GET', `${at}?${query}`);
      expect([reply.status, reply.body.code], `${query} ${reply.text}`).toEqual([400, 'invalidQuery']);
    }
    expect((await server.call(server.ada, 'GET', `${at}?limit=1`)).status).toBe(200);
  },
);

test('lists hold what is in reach and nothing else', async () => {
  const { body } = await server.call(server.sina, 'GET', '/api/companies?count=exact');
  expect([body.data, body.count]).toEqual([[], 0]);
  const one = await server.call(server.sina, 'GET', `/api/companies/${companies[0].id}`);
  expect(one.status).toBe(404);
});

test('several reads at once answer what each would alone, and one that is refused holds up nobody', async () => {
  const [company] = (await server.call(server.ada, 'GET', '/api/companies?limit=1')).body.data;
  const nowhere = '00000000-0000-7000-8000-000000000000';
  const reads = [
    { path: '/api/deals/search', body: { limit: 3, sort: ['name'], count: 'exact' } },
    { path: `/api/companies/${company.id}` },
    { path: `/api/companies/${nowhere}` },
    { path: '/api/deals/search', body: { sort: ['nonsense'] } },
    { path: `/api/companies/${company.id}/timeline?kind=change` },
    { path: '/api/deals/aggregate', body: { values: [{ op: 'count' }] } },
  ];
  const alone = async (who: Caller, { path, body }: { path: string; body?: object }) => {
    const reply = await server.call(who, body ? 'POST' : 'GET', path, body);
    return { status: reply.status, body: reply.body };
  };
  for (const who of [server.ada, server.sina]) {
    const reply = await server.call(who, 'POST', '/api/reads', { reads });
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = reply.text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Json);
    expect(lines.map(line => line.at).sort()).toEqual(reads.map((_, at) => at));
    for (const { at, status, body } of lines) {
      const own = await alone(who, reads[at]!);
      delete own.body.requestId;
      delete body.requestId;
      expect({ status, body }).toEqual(own);
    }
  }
});

test('only reads go together, and only those of a page', async () => {
  const id = '00000000-0000-7000-8000-000000000000';
  const wrong = [
    { path: '/api/companies', body: { name: 'Written' } },
    { path: `/api/companies/${id}`, body: {} },
    { path: `/api/deals/${id}/win`, body: {} },
    { path: '/api/live' },
    { path: '/api/reads', body: { reads: [] } },
    { path: `/api/files/${id}/content` },
    { path: 'http://elsewhere.example/api/deals/search', body: {} },
    { path: '/api/auth/get-session' },
  ];
  for (const read of wrong) {
    const reply = await server.call(server.ada, 'POST', '/api/reads', { reads: [read] });
    expect([read.path, reply.status, reply.body.code]).toEqual([read.path, 400, 'invalidQuery']);
  }
});
