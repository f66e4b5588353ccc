/** Writes: what happens when two want the same, when something is sent twice, when many come at once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetKeys } from '../../src/engine/api/idempotency.ts';
import { type Caller, type Json, type Server, startServer } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('writes');
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>, who?: Caller) =>
  server.call(who ?? server.ada, method, path, body, headers);
const make = async (values: object = {}): Promise<Json> =>
  (await call('POST', '/api/companies', { name: 'Hotel Sacher', ...values })).body;
const count = async (filter: string): Promise<number> =>
  (await call('GET', `/api/companies?limit=1&count=exact&${filter}`)).body.count;

test('two who change different fields both succeed', async () => {
  const { id } = await make();
  const etag = (await call('GET', `/api/companies/${id}`)).headers.get('etag')!;
  expect(etag).toBe('"1"');
  const first = await call('PATCH', `/api/companies/${id}`, { employees: 3 }, { 'if-match': etag });
  expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
  const second = await call('PATCH', `/api/companies/${id}`, { domain: 'sacher.com' }, { 'if-match': etag });
  expect(second.body).toMatchObject({ employees: 3, domain: 'sacher.com', version: 3 });
});

test('two who change the same field: the second sees what was attempted, what stands there, what it started from', async () => {
  const { id } = await make({ employees: 1 });
  await call('PATCH', `/api/companies/${id}`, { employees: 2 }, { 'if-match': '"1"' });
  const late = await call(
    'PATCH',
    `/api/companies/${id}`,
    { employees: 3, domain: 'x.at' },
    { 'if-match': '"1"' },
  );
  expect([late.status, late.body.code]).toEqual([409, 'conflict']);
  expect(late.body.details).toMatchObject({
    version: 2,
    fields: { employees: { attempted: 3, actual: 2, original: 1 } },
  });
  expect((await call('GET', `/api/companies/${id}`)).body).toMatchObject({ employees: 2, domain: null });
  const gone = await call('DELETE', `/api/companies/${id}`, undefined, { 'if-match': '"1"' });
  expect(gone.status).toBe(409);
  expect((await call('PATCH', `/api/companies/${id}`, {}, { 'if-match': 'yesterday' })).body.code).toBe(
    'precondition',
  );
  expect((await call('PATCH', `/api/companies/${id}`, { employees: 4 }, { 'if-match': '*' })).status).toBe(
    200,
  );
});

test('the entity tag is the version, whatever the values hold', async () => {
  const { id } = await make({ description: '{"version":77}', externalIds: { other: '"version":88' } });
  expect((await call('GET', `/api/companies/${id}`)).headers.get('etag')).toBe('"1"');
});

test('every write names its change set, which takes it back, once', async () => {
  const { id } = await make({ employees: 1 });
  const changed = await call('PATCH', `/api/companies/${id}`, { employees: 9 });
  const set = changed.headers.get('farley-change-set');
  const undone = await call('POST', `/api/undo/${set}`);
  expect([undone.status, undone.body.undone]).toEqual([200, 1]);
  expect((await call('GET', `/api/companies/${id}`)).body.employees).toBe(1);
  expect((await call('POST', `/api/undo/${set}`)).body.code).toBe('alreadyUndone');
  expect((await call('POST', `/api/undo/${undone.headers.get('farley-change-set')}`)).status).toBe(200);
  expect((await call('GET', `/api/companies/${id}`)).body.employees).toBe(9);
});

test('an undo does not overwrite what came later', async () => {
  const { id } = await make({ employees: 1, domain: 'a.at' });
  const set = (await call('PATCH', `/api/companies/${id}`, { employees: 2, domain: 'b.at' })).headers.get(
    'farley-change-set',
  );
  await call('PATCH', `/api/companies/${id}`, { employees: 3 });
  const refused = await call('POST', `/api/undo/${set}`);
  expect([refused.status, refused.body.code]).toEqual([409, 'undoConflict']);
  expect(refused.body.details.conflicts).toMatchObject([{ field: 'employees', after: 2, now: 3 }]);
  const kept = await call('POST', `/api/undo/${set}`, { keepLater: true });
  expect(kept.status, kept.text).toBe(200);
  expect((await call('GET', `/api/companies/${id}`)).body).toMatchObject({ employees: 3, domain: 'a.at' });
});

test('only who did it, or an administrator, takes it back', async () => {
  const set = (await call('POST', '/api/companies', { name: 'Mine' }, {}, server.sina)).headers.get(
    'farley-change-set',
  );
  expect((await call('POST', `/api/undo/${set}`, {}, {}, server.max)).status).toBe(404);
  expect((await call('POST', `/api/undo/${set}`, {}, {}, server.sina)).status).toBe(200);
  const sets = (await call('GET', '/api/change-sets', undefined, {}, server.sina)).body.data;
  expect(sets.map((each: Json) => each.actor.id)).toEqual(sets.map(() => server.sina.id));
  expect(sets[1]).toMatchObject({ id: set, undoneBy: sets[0].id, changes: { company: 1 } });
});

test('a batch is written whole or not at all', async () => {
  const operations = [
    { op: 'create', values: { name: 'Atom One' } },
    { op: 'create', values: { employees: 'many' } },
  ];
  const refused = await call('POST', '/api/companies/batch', { operations });
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map((each: Json) => each.pointer)).toEqual(
    expect.arrayContaining(['/1/employees']),
  );
  expect(await count('filter[name]=Atom One')).toBe(0);
  const single = await call('POST', '/api/companies/batch', { operations, atomic: false });
  expect([single.status, single.body.results.map((each: Json) => each.kind)]).toEqual([
    207,
    ['created', 'refused'],
  ]);
  expect(await count('filter[name]=Atom One')).toBe(1);
});

test('a batch changes, deletes and restores, as one change set', async () => {
  const [a, b] = [await make({ name: 'A' }), await make({ name: 'B' })];
  const done = await call('POST', '/api/companies/batch', {
    operations: [
      { op: 'update', id: a.id, values: { employees: 7 }, version: 1 },
      { op: 'delete', id: b.id },
    ],
  });
  expect(done.body.results.map((each: Json) => each.kind)).toEqual(['updated', 'deleted']);
  expect((await call('POST', `/api/undo/${done.body.changeSet}`)).body.undone).toBe(2);
});

test('a batch has 1 to 1,000 operations, each with what it needs', async () => {
  const operations = Array.from({ length: 1_000 }, (_, index) => ({
    op: 'create',
    values: { name: `Bulk ${index}` },
  }));
  const done = await call('POST', '/api/companies/batch', { operations });
  expect(done.body.results).toHaveLength(1_000);
  for (const wrong of [
    [...operations, operations[0]],
    [],
    [{ op: 'drop' }],
    [{ op: 'update', values: {} }],
    'all',
    null,
  ]) {
    const reply = await call('POST', '/api/companies/batch', { operations: wrong });
    expect([reply.status, reply.body.code]).toEqual([422, 'invalidInput']);
  }
});

test('an upsert creates, then changes, by a unique field', async () => {
  const put = (body: object) => call('PUT', '/api/products/by/code/M-100', body);
  const first = await put({ name: 'Machine', price: { amount: '10', currency: 'EUR' } });
  expect([first.status, first.body.code]).toEqual([201, 'M-100']);
  const second = await put({ family: 'machines' });
  expect([second.status, second.body.id, second.body.name]).toEqual([200, first.body.id, 'Machine']);
  expect((await call('PUT', '/api/products/by/family/x', {})).body.code).toBe('invalidQuery');
  expect((await call('PUT', '/api/products/by/nothing/x', {})).body.code).toBe('invalidQuery');
});

test('an upsert by an external id keeps the ids of other systems', async () => {
  const put = (source: string, id: string, body: object) =>
    call('PUT', `/api/companies/by/externalIds.${source}/${id}`, body);
  const first = await put('hubspot', '42', { name: 'Café Central' });
  expect(first.status, first.text).toBe(201);
  await call('PATCH', `/api/companies/${first.body.id}`, { externalIds: { hubspot: '42', sap: '7' } });
  const again = await put('hubspot', '42', { employees: 12 });
  expect([again.status, again.body.id]).toEqual([200, first.body.id]);
  expect(again.body).toMatchObject({
    name: 'Café Central',
    employees: 12,
    externalIds: { hubspot: '42', sap: '7' },
  });
});

test('the same upsert from two sides at once makes one record', async () => {
  const replies = await Promise.all(
    Array.from({ length: 6 }, () => call('PUT', '/api/products/by/code/RACE', { name: 'Race' })),
  );
  expect(replies.filter(reply => reply.status === 201)).toHaveLength(1);
  for (const reply of replies) expect([200, 201, 409], reply.text).toContain(reply.status);
});

test('a write sent twice with one key is done once, and answered alike', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const send = () => call('POST', '/api/companies', { name: 'Once' }, headers);
  const [first, second] = [await send(), await send()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
  for (const name of ['etag', 'location', 'farley-change-set'])
    expect(second.headers.get(name)).toBe(first.headers.get(name));
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(await count('filter[name]=Once')).toBe(1);
});

test('two with one key at the same moment do the work once', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => call('POST', '/api/companies', { name: 'At once' }, headers)),
  );
  expect(new Set(replies.map(reply => reply.body.id)).size).toBe(1);
  expect(await count('filter[name]=At once')).toBe(1);
});

test('a key for another request is refused; one that failed can be used again; keys are each caller’s own', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  expect((await call('POST', '/api/companies', { employees: 1 }, headers)).status).toBe(422);
  const good = await call('POST', '/api/companies', { name: 'Key' }, headers);
  expect(good.status).toBe(201);
  const other = await call('POST', '/api/companies', { name: 'Other' }, headers);
  expect([other.status, other.body.code]).toEqual([409, 'idempotencyMismatch']);
  const sina = await call('POST', '/api/companies', { name: 'Key' }, headers, server.sina);
  expect([sina.status, sina.body.id === good.body.id]).toEqual([201, false]);
  expect(
    (await call('POST', '/api/companies', { name: 'x' }, { 'idempotency-key': 'k'.repeat(256) })).status,
  ).toBe(422);
});

test('keys are forgotten after a week, not before', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const send = () => call('POST', '/api/companies', { name: 'Long ago' }, headers);
  const first = await send();
  await forgetKeys(server.system);
  expect((await send()).body.id).toBe(first.body.id);
  await server.db.pool.query("update ws_main.idempotency set at = now() - interval '8 days'");
  await forgetKeys(server.system);
  expect((await send()).body.id).not.toBe(first.body.id);
});

test('deletions, batches, verbs and undo keep to their keys too', async () => {
  const { id } = await make();
  const headers = { 'idempotency-key': randomUUID() };
  const gone = [
    await call('DELETE', `/api/companies/${id}`, undefined, headers),
    await call('DELETE', `/api/companies/${id}`, undefined, headers),
  ];
  expect(gone.map(reply => reply.status)).toEqual([204, 204]);
  expect(gone[1]!.headers.get('idempotency-replayed')).toBe('true');
});

test('a file sent twice with one key is one file, and another content under that key is refused', async () => {
  const headers = { 'idempotency-key': randomUUID(), 'content-type': 'text/plain' };
  const send = (content: string) => call('POST', '/api/uploads?name=menu.txt', content, headers);
  const [first, again, other] = [await send('Melange'), await send('Melange'), await send('Einspänner')];
  expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
  expect([other.status, other.body.code]).toEqual([409, 'idempotencyMismatch']);
});

test('going back to a moment with one key is one change', async () => {
  const { id } = await make();
  const at = new Date().toISOString();
  await call('PATCH', `/api/companies/${id}`, { name: 'Later' });
  const headers = { 'idempotency-key': randomUUID() };
  const back = () => call('POST', `/api/companies/${id}/restore-to`, { at }, headers);
  const [first, again] = [await back(), await back()];
  expect([first.status, again.body.changeSet]).toEqual([200, first.body.changeSet]);
  expect(first.body.changeSet).toBeTruthy();
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

test('a verb does what it says, is one change set, and can be taken back', async () => {
  const stages = (await call('GET', '/api/stages?fields=name,kind&limit=100')).body.data;
  const deal = (await call('POST', '/api/deals', { name: 'Ten machines' })).body;
  const to = stages.find((stage: Json) => stage.kind === 'open' && stage.id !== deal.stage.id);
  const moved = await call('POST', `/api/deals/${deal.id}/move`, { stage: to.id });
  expect(moved.status, moved.text).toBe(200);
  expect((await call('GET', `/api/deals/${deal.id}`)).body.stage.id).toBe(to.id);
  const history = (await call('GET', `/api/deals/${deal.id}/history`)).body.data;
  expect(history.some((entry: Json) => entry.event)).toBe(true);
  await call('POST', `/api/undo/${moved.headers.get('farley-change-set')}`);
  expect((await call('GET', `/api/deals/${deal.id}`)).body.stage.id).toBe(deal.stage.id);
  for (const [verb, body, status] of [
    ['fly', {}, 404],
    ['move', { stage: 'nowhere' }, 422],
    ['move', {}, 422],
    ['constructor', {}, 404],
  ] as const)
    expect((await call('POST', `/api/deals/${deal.id}/${verb}`, body)).status, verb).toBe(status);
  expect((await call('POST', `/api/deals/${deal.id}/move`, { stage: to.id }, {}, server.rita)).status).toBe(
    403,
  );
  expect((await call('POST', `/api/deals/${deal.id}/move`, { stage: to.id }, {}, server.sina)).status).toBe(
    404,
  );
});

test('whoever gives a record away is told that it was written', async () => {
  const { id } = (await call('POST', '/api/companies', { name: 'Handed over' }, {}, server.sina)).body;
  const other = await server.hire('Olga Petrenko', 'member', server.teams.support);
  const given = await call('PATCH', `/api/companies/${id}`, { owner: other.id }, {}, server.sina);
  expect(given.status, given.text).toBe(200);
  expect(given.body).toEqual({ id, version: 2 });
  expect((await call('GET', `/api/companies/${id}`, undefined, {}, other)).status).toBe(200);
});

test('sharing opens one record to one more person, and no further', async () => {
  const { id } = await make({ name: 'Shared' });
  const at = `/api/companies/${id}/shares/${server.sina.id}`;
  expect((await call('GET', `/api/companies/${id}`, undefined, {}, server.sina)).status).toBe(404);
  expect((await call('PUT', at, { access: 'read' })).status).toBe(204);
  expect((await call('GET', `/api/companies/${id}`, undefined, {}, server.sina)).status).toBe(200);
  expect((await call('PATCH', `/api/companies/${id}`, { employees: 1 }, {}, server.sina)).status).toBe(403);
  expect((await call('PUT', at, { until: 'never' })).status).toBe(422);
  expect((await call('DELETE', at)).status).toBe(204);
  expect((await call('GET', `/api/companies/${id}`, undefined, {}, server.sina)).status).toBe(404);
});

test('what may be read and what may be exported are two rights, and a file holds what both allow', async () => {
  await call('POST', '/api/roles', {
    name: 'narrow',
    label: 'Narrow',
    grants: { objects: { company: { create: true, read: 'own', edit: 'own', export: 'team' } } },
  });
  await call('POST', '/api/roles', {
    name: 'wide',
    label: 'Wide',
    grants: { objects: { company: { create: true, read: 'team', edit: 'own', export: 'own' } } },
  });
  const [narrow, wide] = [
    await server.hire('Nina', 'narrow', server.teams.support),
    await server.hire('Willi', 'wide', server.teams.support),
  ];
  await call('POST', '/api/companies', { name: 'Of Nina' }, {}, narrow);
  await call('POST', '/api/companies', { name: 'Of Willi' }, {}, wide);
  const namesIn = async (who: Caller) =>
    (await call('GET', '/api/exports/companies?fields=name', undefined, {}, who)).text.match(/Of \w+/g);
  expect(await namesIn(narrow)).toEqual(['Of Nina']);
  expect(await namesIn(wide)).toEqual(['Of Willi']);
  expect(
    (await call('GET', '/api/companies?filter[name][startsWith]=Of&count=exact', undefined, {}, wide)).body
      .count,
  ).toBe(2);
  expect((await call('GET', '/api/exports/companies', undefined, {}, server.rita)).status).toBe(403);
});
