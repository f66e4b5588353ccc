/** Duplicates over HTTP: told to who asks, rules changed while Farley runs, known at once to every request. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, type Server, startServer } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('api-duplicates');
});
afterAll(() => server.close());

const create = (values: Json, query = '', headers = {}) =>
  server.call(server.ada, 'POST', `/api/people${query}`, values, headers);

test('a write tells what may be the same to who asks, and to nobody else', async () => {
  const first = await create({ name: 'Paul Reiter', email: 'reiter@example.com' });
  const silent = await create({ name: 'P. Reiter', email: 'Reiter@Example.com' });
  expect([silent.status, silent.headers.get('farley-duplicates')]).toEqual([201, null]);
  const told = await create({ name: 'Paul R', email: 'reiter@example.com' }, '?duplicates=tell', {
    'idempotency-key': 'tell-1',
  });
  const ids = told.headers.get('farley-duplicates')!.split(', ').sort();
  expect(ids).toEqual([first.body.id, silent.body.id].sort());
  const alone = await create({ name: 'Nobody Else', email: 'else@example.com' }, '?duplicates=tell');
  expect([alone.status, alone.headers.get('farley-duplicates')]).toEqual([201, null]);
  const changed = await server.call(server.ada, 'PATCH', `/api/people/${alone.body.id}?duplicates=tell`, {
    email: 'reiter@example.com',
  });
  expect(changed.headers.get('farley-duplicates')!.split(', ')).toHaveLength(3);
  const before = (await server.call(server.ada, 'GET', '/api/people?count=exact&limit=1')).body.count;
  expect((await create({ name: 'Never' }, '?duplicates=maybe')).status).toBe(400);
  expect((await server.call(server.ada, 'GET', '/api/people?count=exact&limit=1')).body.count).toBe(before);
});

test('who is known is met where a caller asks for it: what is empty is filled, the rest stays and is named', async () => {
  const lead = (values: Json, query = '?duplicates=meet') =>
    server.call(server.ada, 'POST', `/api/leads${query}`, values);
  const first = await lead({ name: 'Rosa Hofer', email: 'rosa@met.example', companyName: 'Hotel Post' });
  expect([first.status, first.body.cameAgainAt]).toEqual([201, null]);
  const again = { name: 'Rosa Hofer', email: 'Rosa@met.example', companyName: 'Post AG', jobTitle: 'Chef' };
  const met = await lead(again);
  expect([met.status, met.headers.get('farley-kept')]).toEqual([200, 'companyName']);
  expect(met.body).toMatchObject({ id: first.body.id, companyName: 'Hotel Post', jobTitle: 'Chef' });
  expect(met.body.cameAgainAt).toBeTruthy();
  expect(met.headers.get('etag')).toBe(`"${met.body.version}"`);
  // One act: the title and the mark go together.
  await server.call(server.ada, 'POST', `/api/undo/${met.headers.get('farley-change-set')}`);
  const undone = await server.call(server.ada, 'GET', `/api/leads/${first.body.id}`);
  expect(undone.body).toMatchObject({ jobTitle: null, cameAgainAt: null });
  const both = await Promise.all([1, 2].map(() => lead({ name: 'Twin', email: 'twin@met.example' })));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
  // Who was put aside is another story, and whoever does not ask makes a second one.
  await server.call(server.ada, 'POST', `/api/leads/${first.body.id}/disqualify`, { reason: 'budget' });
  expect((await lead(again)).status).toBe(201);
  expect((await lead(again, '')).status).toBe(201);
});

test('whoever brings a lead tells where it came from and what was agreed to, as forms do: once, and then the latest', async () => {
  const lead = (values: Json) => server.call(server.ada, 'POST', '/api/leads?duplicates=meet', values);
  const at = '2026-01-05T09:00:00.000Z';
  const first = await lead({
    name: 'Toni Fair',
    email: 'toni@fair.example',
    lastTouch: { channel: 'fair', source: 'hogast', medium: 'cpc', campaign: 'Spring fair', at },
    consent: { purpose: 'Newsletter', at: '2026-01-05', proof: 'Card 17' },
  });
  expect([first.status, first.body]).toMatchObject([
    201,
    {
      source: 'advertising',
      campaign: 'Spring fair',
      firstTouch: { source: 'hogast', at },
      lastTouch: { source: 'hogast', at },
      consent: { purpose: 'Newsletter', at: '2026-01-05T00:00:00.000Z', proof: 'Card 17' },
    },
  ]);
  const again = await lead({
    name: 'Toni Fair',
    email: 'toni@fair.example',
    firstTouch: { source: 'late' },
    lastTouch: { source: 'newsletter' },
    consent: { purpose: 'Newsletter and calls' },
  });
  expect(again.status, again.text).toBe(200);
  expect(again.headers.get('farley-kept')).toBe('firstTouch');
  expect(again.body).toMatchObject({
    firstTouch: { source: 'hogast' },
    lastTouch: { source: 'newsletter', at: expect.any(String) },
    consent: { purpose: 'Newsletter and calls' },
  });
  const undone = await server.call(server.ada, 'POST', `/api/undo/${again.headers.get('farley-change-set')}`);
  expect(undone.status).toBe(200);
  const before = await server.call(server.ada, 'GET', `/api/leads/${first.body.id}`);
  expect(before.body).toMatchObject({ lastTouch: { source: 'hogast' }, consent: { proof: 'Card 17' } });
  // Later it is no more anybody's to rewrite, and what is none is refused.
  const address = `/api/leads/${first.body.id}`;
  const rewritten = await server.call(server.ada, 'PATCH', address, { firstTouch: { source: 'mine' } });
  expect([rewritten.status, rewritten.body.errors[0].pointer]).toEqual([422, '/firstTouch']);
  const odd = await lead({ name: 'Odd', email: 'odd@fair.example', lastTouch: { colour: 'red' } });
  expect([odd.status, odd.body.errors[0].pointer]).toEqual([422, '/lastTouch/colour']);
  const future = { name: 'Odd', email: 'odd@fair.example', consent: { at: '2999-01-01' } };
  expect((await lead(future)).body.errors[0].pointer).toBe('/consent/at');
  const person = await server.call(server.ada, 'POST', '/api/people', {
    name: 'Toni Person',
    firstTouch: { source: 'fair' },
    consent: { purpose: 'Newsletter', at },
  });
  expect(person.body).toMatchObject({
    firstTouch: { source: 'fair' },
    lastTouch: { source: 'fair', at: person.body.firstTouch.at },
    consent: { at },
  });
});

test('a batch meets who is known, and those that it brings twice', async () => {
  const create = (values: Json) => ({ op: 'create', values });
  const { body } = await server.call(server.ada, 'POST', '/api/leads/batch', {
    duplicates: 'meet',
    operations: [
      create({ name: 'Nora Batch', email: 'nora@batch.example' }),
      create({
        name: 'N. Batch',
        email: 'nora@batch.example',
        jobTitle: 'Owner',
        lastTouch: { source: 'b' },
      }),
      create({ name: 'Other', email: 'other@batch.example' }),
    ],
  });
  const kinds = body.results.map(({ kind }: Json) => kind);
  expect(kinds).toEqual(['created', 'updated', 'created']);
  expect(body.results[1].id).toBe(body.results[0].id);
  const nora = await server.call(server.ada, 'GET', `/api/leads/${body.results[0].id}`);
  expect(nora.body).toMatchObject({
    name: { full: 'Nora Batch' },
    jobTitle: 'Owner',
    lastTouch: { source: 'b' },
  });
});

test('a rule made to block refuses the next request; a new one has what is there scanned', async () => {
  const address = '/api/companies/duplicate-rules';
  const found = (await server.call(server.ada, 'GET', address)).body.rules as Json[];
  const rules = found.map(({ own: _, ...rule }) => rule);
  const blocking = rules.map((rule: Json) => (rule.name === 'domain' ? { ...rule, mode: 'block' } : rule));
  const changed = await server.call(server.ada, 'PUT', address, { rules: blocking });
  // What large imports have left is filed now, so that the rule knows all there is.
  expect([changed.status, typeof changed.body.run]).toEqual([200, 'string']);
  const filing = async () => (await server.call(server.ada, 'GET', address)).body.filing;
  await expect.poll(filing, { timeout: 20_000, interval: 200 }).toBe(false);
  expect(changed.headers.get('farley-change-set')).toBeTruthy();
  const company = (name: string) =>
    server.call(server.ada, 'POST', '/api/companies', { name, domain: 'kern.example' });
  expect((await company('Kern')).status).toBe(201);
  const refused = await company('Kern Werke');
  expect([refused.status, refused.body.code]).toEqual([409, 'duplicate']);
  const own = { name: 'ticker', label: 'Same ticker', mode: 'review', same: { tickerSymbol: 'exact' } };
  const ticker = (name: string) =>
    server.call(server.ada, 'POST', '/api/companies', { name, tickerSymbol: 'KRN' });
  for (const name of ['Alpha', 'Omega']) expect((await ticker(name)).status).toBe(201);
  const added = await server.call(server.ada, 'PUT', address, { rules: [...rules, own] });
  expect(added.body.run).toBeTruthy();
  const pairs = async () =>
    (await server.call(server.ada, 'GET', '/api/companies/duplicates')).body.data.map(
      (pair: Json) => pair.rules,
    );
  await expect.poll(pairs, { timeout: 20_000, interval: 200 }).toContainEqual(['Same ticker']);
  expect((await company('Kern Werke')).status).toBe(201);
  const learned = await server.call(server.ada, 'POST', '/api/companies/duplicates/learn');
  expect(Object.keys(learned.body.fields)).toContain('tickerSymbol');
  expect((await server.call(server.max, 'GET', address)).status).toBe(403);
});

test('the metadata names the fields compared, as far as the actor reads them', async () => {
  const objects = (await server.call(server.ada, 'GET', '/api/objects')).body.objects as Json[];
  const compared = (name: string) => objects.find(object => object.name === name).duplicates;
  expect(compared('person')).toEqual(['email', 'mobile', 'name', 'phone', 'company']);
  expect(compared('task')).toEqual([]);
});

test('who asks for a merged record is told where it went, and asks again after it was split', async () => {
  const [a, b] = [await create({ name: 'Jo Stay' }), await create({ name: 'Jo Go' })].map(
    ({ body }) => body.id,
  );
  const merged = await server.call(server.ada, 'POST', `/api/people/${a}/merge`, { others: [b] });
  const gone = await server.call(server.ada, 'GET', `/api/people/${b}`);
  expect([gone.status, gone.body.details.mergedInto, gone.headers.get('cache-control')]).toEqual([
    410,
    a,
    'no-store',
  ]);
  const undone = await server.call(
    server.ada,
    'POST',
    `/api/undo/${merged.headers.get('farley-change-set')}`,
  );
  expect(undone.status).toBe(200);
  expect((await server.call(server.ada, 'GET', `/api/people/${b}`)).status).toBe(200);
});
