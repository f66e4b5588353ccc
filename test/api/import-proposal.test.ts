/** From files to records over HTTP: what Farley makes of them, what someone decides, the import of all of it, and its end. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipOf } from '../zip.ts';
import { type Caller, type Json, type Server, startServer, until } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('import_proposal');
});
afterAll(() => server.close());

test('a HubSpot file as the body is proposed as people with their companies', async () => {
  const csv =
    'Record ID,First Name,Last Name,Email,Associated Company,Create Date\n1,Anna,Bell,anna@bell.example,Bell Ltd,2026-01-02 10:30\n';
  const { status, body } = await server.call(
    server.sina,
    'POST',
    '/api/imports/proposal?name=hubspot-crm-exports-all-contacts-2026-03-01.csv',
    csv,
    { 'content-type': 'text/csv' },
  );
  expect(status).toBe(200);
  expect(body.system).toEqual({ name: 'hubspot', label: 'HubSpot' });
  expect(body.tables).toHaveLength(1);
  expect(body.tables[0]).toMatchObject({
    object: 'person',
    map: {
      externalId: { source: 'hubspot', column: 'Record ID' },
      fields: {
        email: { column: 'Email' },
        company: { column: 'Associated Company', link: { create: true } },
      },
    },
  });
});

test('columns of campaigns and of consent are parts of what leads and people tell of their beginning, and land there', async () => {
  const csv =
    'Lead ID,First Name,Last Name,Email,Lead Status,UTM source,UTM medium,utm_campaign,Consent date,Proof of consent\n' +
    '7,Toni,Import,toni@import.example,Open,google,cpc,Terrace,2026-01-05,Card 17\n';
  const type = { 'content-type': 'text/csv' };
  const { body } = await server.call(server.ada, 'POST', '/api/imports/proposal?name=leads.csv', csv, type);
  const [{ object, map }] = body.tables;
  expect(object).toBe('lead');
  const firstTouch = { source: 'UTM source', medium: 'UTM medium', campaign: 'utm_campaign' };
  const named = (parts: Json) =>
    Object.fromEntries(
      Object.entries(parts ?? {}).map(([part, from]) => [part, (from as Json).column ?? from]),
    );
  expect(named(map.fields.firstTouch?.parts)).toEqual(firstTouch);
  expect(named(map.fields.consent?.parts)).toEqual({ at: 'Consent date', proof: 'Proof of consent' });
  const files = [await upload('leads.csv', csv, server.ada)];
  const { tables } = (await server.call(server.ada, 'POST', '/api/imports/proposal', { files })).body;
  tables[0].map.duplicates = 'meet';
  const ordered = await server.call(server.ada, 'POST', '/api/imports', { files, tables });
  expect(ordered.status, ordered.text).toBe(202);
  const run = await ended(server.ada, ordered.body.id);
  expect(run.state, JSON.stringify(run)).toBe('done');
  const { body: found } = await server.call(server.ada, 'GET', '/api/leads');
  expect(found.data[0]).toMatchObject({
    source: 'advertising',
    campaign: 'Terrace',
    firstTouch: { source: 'google', medium: 'cpc', campaign: 'Terrace', at: expect.any(String) },
    lastTouch: { source: 'google' },
    consent: { at: '2026-01-05T00:00:00.000Z', proof: 'Card 17' },
  });
  const people = csv
    .replace('Lead ID', 'Contact ID')
    .replace('Lead Status', 'Mobile Phone')
    .replace('toni@', 'tina@')
    .replace('Open', '');
  const theirs = [await upload('contacts.csv', people, server.ada)];
  const asked = (await server.call(server.ada, 'POST', '/api/imports/proposal', { files: theirs })).body;
  expect(asked.tables[0].object).toBe('person');
  const brought = await server.call(server.ada, 'POST', '/api/imports', {
    files: theirs,
    tables: asked.tables,
  });
  expect((await ended(server.ada, brought.body.id)).state).toBe('done');
  const tina = await server.call(server.ada, 'GET', '/api/people?q=tina@import.example');
  const touch = { source: 'google', medium: 'cpc', campaign: 'Terrace', at: expect.any(String) };
  expect(tina.body.data[0]).toMatchObject({
    firstTouch: touch,
    lastTouch: touch,
    consent: { proof: 'Card 17' },
  });
  await server.call(server.ada, 'DELETE', `/api/people/${tina.body.data[0].id}`);
});

async function upload(name: string, text: string | Buffer, who = server.sina): Promise<string> {
  const type = { 'content-type': 'text/csv' };
  return (await server.call(who, 'POST', `/api/uploads?name=${encodeURIComponent(name)}`, text, type)).body
    .id;
}

async function ended(who: Caller, id: string): Promise<Json> {
  return until(async () => {
    const { body } = await server.call(who, 'GET', `/api/jobs/${id}`);
    return ['done', 'failed', 'cancelled'].includes(body.state) && body;
  }, 30_000);
}

test('uploaded files are proposed together, companies before their deals', async () => {
  const files = [
    await upload(
      'deals.csv',
      'Deal - ID,Deal - Title,Deal - Organization ID,Deal - Value\n3,Machines,7,12000\n',
    ),
    await upload('organizations.csv', 'Organization - ID,Organization - Name\n7,Bell Ltd\n'),
  ];
  const { status, body } = await server.call(server.sina, 'POST', '/api/imports/proposal', { files });
  expect(status).toBe(200);
  expect(body.tables.map((table: { object: string }) => table.object)).toEqual(['company', 'deal']);
  expect(body.tables[1].map.fields.company).toMatchObject({
    column: 'Deal - Organization ID',
    link: { by: 'externalId', source: 'pipedrive' },
  });
});

test('a file that cannot be read is told beside those that can; alone it is refused', async () => {
  const { call, sina } = server;
  const bad = await upload('scan.csv', '%PDF-1.4');
  const good = await upload('people.csv', 'First Name,Last Name\nAnna,Bell\n');
  const { body } = await call(sina, 'POST', '/api/imports/proposal', { files: [bad, good] });
  expect(body.tables.map(({ file }: Json) => file)).toEqual(['people.csv']);
  expect(body.refused).toEqual([{ file: 'scan.csv', reason: expect.stringContaining('is a PDF') }]);
  expect((await call(sina, 'POST', '/api/imports/proposal', { files: [bad] })).status).toBe(422);
  expect((await call(sina, 'POST', '/api/imports/proposal', { files: [bad, bad] })).status).toBe(422);
});

test('contents that lie in an archive of their own come in with the tables of another', async () => {
  const { call, sina } = server;
  const [parent, id] = ['001bm00000BBBB1AAP', '00Pbm00000BBBB1AAP'];
  const files = [
    await upload('WE_2.zip', zipOf([[`Attachments/${id}`, 'the content']])),
    await upload(
      'WE_1.zip',
      zipOf([
        ['Account.csv', `Id,IsDeleted,Name,OwnerId,SystemModstamp\n${parent},0,Filed Ltd,,2024-01-01\n`],
        [
          'Attachment.csv',
          `Id,IsDeleted,ParentId,Name,ContentType,OwnerId,SystemModstamp\n${id},0,${parent},terms.txt,text/plain,,2024-01-01\n`,
        ],
      ]),
    ),
  ];
  const { body } = await call(sina, 'POST', '/api/imports/proposal', { files });
  expect(body).toMatchObject({ refused: [], tables: [{ object: 'company' }, { object: 'note' }] });
  const [, { file, table, columns }] = body.tables;
  const decided = { files, file, table, columns, object: 'note', system: 'salesforce' };
  const { map } = (await call(sina, 'POST', '/api/imports/map', decided)).body;
  expect(map).toEqual(body.tables[1].map);
  const order = { files, tables: body.tables };
  const { state, result } = await ended(sina, (await call(sina, 'POST', '/api/imports', order)).body.id);
  expect([state, result.failed, result.tables[1].linked]).toEqual(['done', 0, { file: 1 }]);
  const { data } = (await call(sina, 'GET', '/api/notes?filter[subject]=terms.txt')).body;
  const content = await call(sina, 'GET', `/api/files/${data[0].files[0].id}/content`);
  expect([content.text, content.headers.get('content-type')]).toEqual(['the content', 'text/plain']);
});

test('a file out of reach or without an id is refused', async () => {
  const files = ['00000000-0000-7000-8000-000000000000'];
  expect((await server.call(server.sina, 'POST', '/api/imports/proposal', { files })).status).toBe(404);
  expect((await server.call(server.sina, 'POST', '/api/imports/proposal', {})).status).toBe(422);
});

test('a proposal shows the first rows, how many there are, and columns of a table that nobody knows', async () => {
  const files = [await upload('a.csv', 'foo,bar\n1,2\n3,4\n')];
  const { tables } = (await server.call(server.sina, 'POST', '/api/imports/proposal', { files })).body;
  expect(tables[0]).toMatchObject({
    object: null,
    rows: 2,
    sample: [
      ['1', '2'],
      ['3', '4'],
    ],
    columns: [
      { column: 'foo', target: '-', samples: ['1', '3'] },
      { column: 'bar', target: '-' },
    ],
  });
});

test('whoever may not add fields is proposed none', async () => {
  const body = { files: [await upload('people.csv', 'First Name,Last Name,Shoe size\nAnna,Bell,38\n')] };
  const proposal = async (who: Caller) =>
    (await server.call(who, 'POST', '/api/imports/proposal', body)).body.tables[0];
  expect((await proposal(server.ada)).fields).toMatchObject([{ name: 'shoeSize' }]);
  const own = await proposal(server.sina);
  expect([own.fields, own.columns[2].target]).toEqual([[], '-']);
});

test('what columns can become is told, and a map is made of what someone decides', async () => {
  const { body } = await server.call(server.sina, 'GET', '/api/imports/targets/people');
  const targets = new Map(body.data.map((one: Json) => [one.target, one]));
  expect(targets.get('address.city')).toEqual({
    target: 'address.city',
    label: 'Address · City',
    group: 'Person',
  });
  for (const target of ['email', 'company', 'company@id', 'company@domain', 'owner', '@id', '-', '+'])
    expect([...targets.keys()]).toContain(target);
  const text = 'Nr,Who,Where,Site\n1,Anna Bell,Graz,bell.example\n';
  const order = {
    files: [await upload('list.csv', text)],
    file: 'list.csv',
    object: 'person',
    columns: [
      { column: 'Nr', target: '@id' },
      { column: 'Who', target: 'name' },
      { column: 'Where', target: 'address.city' },
      { column: 'Site', target: 'company@domain' },
    ],
  };
  const made = await server.call(server.sina, 'POST', '/api/imports/map', order);
  expect(made.body.map).toEqual({
    object: 'person',
    externalId: { source: 'file', column: 'Nr' },
    fields: {
      name: { column: 'Who' },
      address: { parts: { city: { column: 'Where' } } },
      company: { column: 'Site', link: { missing: 'empty', by: 'domain' } },
    },
  });
  const wrong = { ...order, columns: [{ column: 'Nr', target: 'shoe' }] };
  expect((await server.call(server.sina, 'POST', '/api/imports/map', wrong)).status).toBe(422);
});

test('what is proposed is checked, imported as one change set with new fields, and undone', async () => {
  const { call, ada } = server;
  const files = [
    await upload(
      'people.csv',
      'Email,First Name,Last Name,Company,Shoe size\na@b.example,Anna,Bell,Bell Ltd,38\nnone,No,Body,,\n',
      ada,
    ),
    await upload(
      'companies.csv',
      'Company Name,Industry,Company Domain Name\nBell Ltd,Retail,b.example\n',
      ada,
    ),
  ];
  const { tables } = (await call(ada, 'POST', '/api/imports/proposal', { files })).body;
  const dry = await call(ada, 'POST', '/api/imports', { files, tables, dryRun: true });
  expect([dry.status, dry.body.changeSet]).toEqual([202, null]);
  const counts = { rows: 3, created: 2, failed: 1 };
  expect((await ended(ada, dry.body.id)).result).toMatchObject({ ...counts, changeSet: null, dryRun: true });
  const dreamt = (await call(ada, 'GET', `/api/jobs/${dry.body.id}`)).body.result.tables[1];
  expect(dreamt.newFields).toEqual([
    { name: 'shoeSize', label: 'Shoe size', type: 'number', filled: 1, examples: ['38'] },
  ]);
  expect((await call(ada, 'GET', '/api/people?count=exact')).body.count).toBe(0);
  const ordered = await call(ada, 'POST', '/api/imports', { files, tables });
  const run = await ended(ada, ordered.body.id);
  expect(run).toMatchObject({ state: 'done', done: 3, total: 3, startedAt: expect.any(String) });
  expect(run.result).toMatchObject({
    ...counts,
    changeSet: ordered.body.changeSet,
    tables: [
      { object: 'company', created: 1 },
      { object: 'person', created: 1, failed: 1 },
    ],
  });
  const [anna] = (await call(ada, 'GET', '/api/people')).body.data;
  expect(anna).toMatchObject({ company: { title: 'Bell Ltd' }, shoeSize: 38 });
  const refused = await call(ada, 'GET', `/api/imports/${ordered.body.id}/failures?table=1`);
  expect(refused.text).toContain('none,No,Body');
  expect((await call(ada, 'GET', `/api/imports/${ordered.body.id}/failures?table=0`)).status).toBe(404);
  await call(ada, 'POST', `/api/undo/${ordered.body.changeSet}`);
  expect((await call(ada, 'GET', '/api/people?count=exact')).body.count).toBe(0);
});

test('one file of several kinds comes as several tables, each mapped, checked and imported by itself', async () => {
  const { call, ada } = server;
  const text =
    'Person - Name,Person - Email,Organization - Name,Organization - City,Deal - Title,Deal - Value\nIda Oak,ida@oak.example,Oak Ltd,Graz,Mills,900\nJon Elm,jon@elm.example,Oak Ltd,Graz,,\n';
  const files = [await upload('all.csv', text, ada)];
  const { tables } = (await call(ada, 'POST', '/api/imports/proposal', { files })).body;
  expect(tables.map(({ part, rows }: Json) => [part, rows])).toEqual([
    ['company', 2],
    ['person', 2],
    ['deal', 1],
  ]);
  const asked = { files, file: 'all.csv', table: 'all.csv', system: 'pipedrive', part: 'person' };
  const map = async (object: string) =>
    (await call(ada, 'POST', '/api/imports/map', { ...asked, object })).body.map;
  expect((await map('person')).rows).toEqual(tables[1].map.rows);
  expect(await map('lead')).toMatchObject({
    rows: [{ quiet: true, filled: ['Person - Name', 'Person - Email'] }],
    fields: { email: { column: 'Person - Email' } },
  });
  const strange = await call(ada, 'POST', '/api/imports/map', { ...asked, part: 'task', object: 'task' });
  expect(strange.status).toBe(422);
  const outcome = async (dryRun: boolean) => {
    const { id } = (await call(ada, 'POST', '/api/imports', { files, tables, dryRun })).body;
    const { result } = await ended(ada, id);
    return result.tables.map(({ object, created, failed }: Json) => [object, created, failed]);
  };
  const made = [
    ['company', 1, 0],
    ['person', 2, 0],
    ['deal', 1, 0],
  ];
  expect([await outcome(true), await outcome(false)]).toEqual([made, made]);
});

test('a hundred files and more are imported together; of a thousand and more a ZIP is made', async () => {
  const { call, sina } = server;
  const files = await Promise.all(
    Array.from({ length: 120 }, (_, n) => upload('guest.csv', `First Name,Last Name\nGuest,${n}\n`)),
  );
  const { body } = await call(sina, 'POST', '/api/imports/proposal', { files });
  expect(body.tables).toHaveLength(120);
  expect(new Set(body.tables.map(({ file }: Json) => file)).size).toBe(120);
  const many = Array.from(
    { length: 1_001 },
    (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  );
  const refused = await call(sina, 'POST', '/api/imports/proposal', { files: many });
  expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('ZIP')]);
});

test('fields are made by administrators alone; a plan without a map is no import', async () => {
  const { call, sina } = server;
  const files = [await upload('c.csv', 'Name,Colour\nBell,red\n')];
  const table = {
    file: 'c.csv',
    map: { object: 'company', fields: { name: 'Name', colour: 'Colour' } },
    fields: [{ name: 'colour', type: 'text' }],
  };
  const ordered = await call(sina, 'POST', '/api/imports', { files, tables: [table] });
  expect([ordered.status, ordered.body.code]).toEqual([403, 'forbidden']);
  const none = { files, tables: [{ ...table, map: null }] };
  expect((await call(sina, 'POST', '/api/imports', none)).status).toBe(422);
  const other = { files, tables: [{ ...table, file: 'other.csv', fields: [] }] };
  expect((await call(sina, 'POST', '/api/imports', other)).status).toBe(422);
});

test('an import is cancelled: it ends, what was written is told and taken back', async () => {
  const { call, sina, rita } = server;
  const rows = Array.from({ length: 60_000 }, (_, n) => `Guest ${n}\n`).join('');
  const files = [await upload('guests.csv', `Name\n${rows}`)];
  const tables = [{ file: 'guests.csv', map: { object: 'lead', fields: { name: 'Name' } } }];
  const { id, changeSet } = (await call(sina, 'POST', '/api/imports', { files, tables })).body;
  const under = await until(async () => {
    const { body } = await call(sina, 'GET', `/api/jobs/${id}`);
    return body.done > 0 && body;
  }, 30_000);
  expect(under.total).toBeGreaterThan(50_000);
  expect(under.total).toBeLessThan(70_000);
  expect((await call(rita, 'POST', `/api/jobs/${id}/cancel`)).status).toBe(404);
  expect((await call(sina, 'POST', `/api/jobs/${id}/cancel`)).body.state).toMatch(/^cancel/);
  const { state, result } = await ended(sina, id);
  expect(state).toBe('cancelled');
  expect(result.created).toBeGreaterThan(0);
  expect(result.created).toBeLessThan(60_000);
  const count = async () => (await call(sina, 'GET', '/api/leads?limit=1&count=exact')).body.count;
  expect(await count()).toBe(result.created);
  expect((await call(sina, 'POST', `/api/undo/${changeSet}`)).body.undone).toBe(result.created);
  expect(await count()).toBe(0);
});

test('tables are imported in the order in which they need each other, whatever the order of the plan', async () => {
  const { call, ada } = server;
  const files = [
    await upload('Task.csv', 'Id,WhoId,WhatId,Subject,IsDeleted\n00T1,0031,0011,Call Ann,0\n', ada),
    await upload('Contact.csv', 'Id,AccountId,FirstName,LastName,IsDeleted\n0031,0011,Ann,Ash,0\n', ada),
    await upload('Account.csv', 'Id,Name,BillingCity,IsDeleted\n0011,Ash Ltd,Graz,0\n', ada),
  ];
  const { tables } = (await call(ada, 'POST', '/api/imports/proposal', { files })).body;
  const order = ['company', 'person', 'task'];
  expect(tables.map(({ object }: Json) => object)).toEqual(order);
  const { id } = (await call(ada, 'POST', '/api/imports', { files, tables: tables.toReversed() })).body;
  const { result } = await ended(ada, id);
  expect(result.tables.map(({ object, created }: Json) => [object, created])).toEqual(
    order.map(object => [object, 1]),
  );
  const [task] = (await call(ada, 'GET', '/api/tasks?q=Ann')).body.data;
  expect(task.about.map(({ title }: Json) => title).sort()).toEqual(['Ann Ash', 'Ash Ltd']);
});

test('a field that an earlier import made is not made again', async () => {
  const { call, ada } = server;
  const files = [
    await upload('contacts.csv', 'Record ID,First Name,Last Name,Hat size\n1,Eve,Elm,58\n', ada),
  ];
  const propose = async () => (await call(ada, 'POST', '/api/imports/proposal', { files })).body.tables[0];
  const first = await propose();
  const made = first.fields.map(({ name }: Json) => name);
  expect(made).toHaveLength(1);
  const { id } = (await call(ada, 'POST', '/api/imports', { files, tables: [first] })).body;
  expect((await ended(ada, id)).result.created).toBe(1);
  const second = await propose();
  expect([second.fields, second.columns[3].target]).toEqual([[], made[0]]);
});
