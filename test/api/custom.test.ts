/** Objects and fields made at run time are objects and fields like any other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldTypes } from '../../src/fields/index.ts';
import { type Json, type Server, startServer, until } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('custom');
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown) => server.call(server.ada, method, path, body);
const addField = (object: string, body: object) => call('POST', `/api/objects/${object}/fields`, body);
const problemOf = async (reply: Promise<{ status: number; body: Json; text: string }>) => {
  const { status, body, text } = await reply;
  expect([409, 422, 404], text).toContain(status);
  return body.errors?.[0]?.pointer ?? body.code;
};

test('an object is a table, with list, rights, history and search from the first moment', async () => {
  const made = await call('POST', '/api/objects', {
    name: 'machine',
    label: 'Machine',
    plural: 'Machines',
    description: 'A coffee machine at a customer’s.',
    owner: 'keeper',
    fields: [
      { name: 'name', type: 'text', options: { required: true } },
      { name: 'serial', type: 'text', options: { unique: true } },
      { name: 'keeper', type: 'user' },
      { name: 'site', type: 'link', options: { to: 'company', inverse: 'machines' } },
      { name: 'price', type: 'money' },
    ],
  });
  expect(made.status, made.text).toBe(201);
  expect(made.body).toMatchObject({ path: 'machines', custom: true, can: { create: true } });
  const { rows } = await server.db.pool.query(
    "select column_name from information_schema.columns where table_schema = 'ws_main' and table_name = 'machine'",
  );
  expect(rows.map(row => row.column_name)).toEqual(
    expect.arrayContaining(['serial', 'price_currency', 'keeper_id', 'site_id', 'version']),
  );
  const site = (await call('POST', '/api/companies', { name: 'Hotel Sacher' })).body;
  const machine = await call('POST', '/api/machines', {
    name: 'Faema E61',
    serial: 'F-1',
    site: site.id,
    price: '4200',
  });
  expect(machine.body, machine.text).toMatchObject({
    site: { title: 'Hotel Sacher' },
    price: { amount: '4200.00', currency: 'EUR' },
  });
  const twice = await call('POST', '/api/machines', { name: 'Copy', serial: 'F-1' });
  expect(twice.body.code).toBe('duplicate');
  const back = await call('GET', `/api/companies?include=machines&filter[machines.serial]=F-1`);
  expect(back.body.data[0].machines[0].id).toBe(machine.body.id);
  expect((await call('GET', '/api/search?q=faema')).body.data[0]).toMatchObject({ id: machine.body.id });
  expect((await call('GET', `/api/machines/${machine.body.id}/history`)).body.data).toHaveLength(1);
  expect((await call('PUT', '/api/machines/by/serial/F-1', { name: 'Faema' })).body.name).toBe('Faema');
});

test('rights hold for it as roles say: own, team, all', async () => {
  const mine = (await server.call(server.sina, 'POST', '/api/machines', { name: 'Sina’s machine' })).body;
  expect(mine.keeper.id).toBe(server.sina.id);
  const olga = await server.hire('Olga Petrenko', 'member', server.teams.support);
  expect((await server.call(olga, 'GET', `/api/machines/${mine.id}`)).status).toBe(404);
  expect((await server.call(server.rita, 'GET', `/api/machines/${mine.id}`)).status).toBe(200);
  expect((await server.call(server.rita, 'PATCH', `/api/machines/${mine.id}`, { name: 'x' })).status).toBe(
    403,
  );
  expect(
    (await server.call(server.max, 'PATCH', `/api/machines/${mine.id}`, { name: 'Max was here' })).status,
  ).toBe(200);
});

/** Types that administrators choose from; the rest are the engine's own. */
const types = fieldTypes.filter(type => !['id', 'externalIds'].includes(type.name));

describe.each(types.map(type => [type.name, type] as const))('a field of type %s', (name, type) => {
  const field = `my${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const options = { ...type.sampleOptions } as Record<string, unknown>;
  if (options.inverse) options.inverse = `${field}Back`;
  const samples = type.generated || type.storage.kind === 'computed' || type.relation ? [] : type.samples;

  test('is added to an object that has records, and holds its samples', async () => {
    const made = await addField('company', { name: field, type: name, options });
    expect(made.status, made.text).toBe(201);
    expect(made.body.fields.find((each: Json) => each.name === field)).toMatchObject({
      custom: true,
      type: name,
    });
    for (const { input, value } of samples) {
      const record = await call('POST', '/api/companies', { name: 'Sample', [field]: input });
      expect(record.status, record.text).toBe(201);
      if (!type.show) expect(record.body[field]).toEqual(value);
    }
  });

  test('sorts, filters, groups and aggregates as far as its type goes', async () => {
    const meta = (await call('GET', '/api/objects')).body.objects.find(
      (each: Json) => each.name === 'company',
    );
    const own = meta.fields.find((each: Json) => each.name === field);
    if (own.sortable) expect((await call('GET', `/api/companies?sort=-${field}`)).status).toBe(200);
    for (const { name: op, operand } of own.operators) {
      if (operand !== 'none') continue;
      const found = await call('POST', '/api/companies/search', { filter: { field, op } });
      expect(found.status, found.text).toBe(200);
    }
    if (own.groupable) {
      const grouped = await call('POST', '/api/companies/aggregate', {
        groupBy: [{ field }],
        values: [{ op: 'count' }],
      });
      expect(grouped.status, grouped.text).toBe(200);
    }
    for (const { name: op } of own.aggregates) {
      const sum = await call('POST', '/api/companies/aggregate', { values: [{ op, field }] });
      expect(sum.status, sum.text).toBe(200);
    }
    const list = await call('GET', `/api/companies?fields=${field}&filter[name]=Sample&limit=2`);
    expect(list.status, list.text).toBe(200);
  });
});

test('an added field is imported and exported', async () => {
  await addField('product', { name: 'beans', type: 'choice', options: { choices: ['arabica', 'robusta'] } });
  const ordered = await server.call(
    server.ada,
    'POST',
    '/api/imports?object=product',
    'name,beans\nBlend,robusta\nOdd,tea\n',
    {
      'content-type': 'text/csv',
    },
  );
  const run = await until(async () => {
    const { body } = await call('GET', `/api/jobs/${ordered.body.id}`);
    return body.state === 'done' && body;
  });
  expect(run.result).toMatchObject({ created: 1, failed: 1 });
  expect((await call('GET', '/api/exports/products?fields=name,beans')).text).toMatch(
    /name,beans\r?\n[^,]+,Blend,Robusta/i,
  );
});

test('a role can hide an added field', async () => {
  await addField('product', { name: 'margin', type: 'percent' });
  await call('POST', '/api/products', { name: 'Secretly cheap', margin: 80 });
  await call('POST', '/api/roles', {
    name: 'shop',
    label: 'Shop',
    grants: { objects: { product: { read: 'all', fields: { margin: 'none' } } } },
  });
  const shop = await server.hire('Shop', 'shop');
  const list = await server.call(shop, 'GET', '/api/products?filter[name]=Secretly cheap');
  expect(list.body.data).toHaveLength(1);
  expect(list.text).not.toContain('margin');
  for (const query of ['sort=margin', 'fields=margin', 'filter[margin][empty]', 'filter[margin]=80'])
    expect((await server.call(shop, 'GET', `/api/products?${query}`)).status, query).toBe(400);
});

test('fields are added while people write, and no write fails', async () => {
  let writing = true;
  const answers: number[] = [];
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    while (writing) {
      const made = await call('POST', '/api/leads', { name: `Lead ${writer}`, companyName: 'x' });
      const changed = await call('PATCH', `/api/leads/${made.body.id}`, { companyName: 'y' });
      answers.push(made.status, changed.status);
    }
  });
  for (let index = 0; index < 6; index++) {
    const added = await addField('lead', {
      name: `extra${index}`,
      type: ['text', 'number', 'date', 'link', 'links', 'money'][index]!,
      options: index === 3 || index === 4 ? { to: 'company', inverse: `leads${index}` } : {},
    });
    expect(added.status, added.text).toBe(201);
  }
  writing = false;
  await Promise.all(writers);
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.filter(status => status !== 200 && status !== 201)).toEqual([]);
});

test('two administrators who add at once both succeed, or one is told why not', async () => {
  const same = await Promise.all([1, 2, 3].map(() => addField('task', { name: 'colour', type: 'colour' })));
  expect(same.map(reply => reply.status).sort()).toEqual([201, 409, 409]);
  const different = await Promise.all(
    ['a1', 'a2', 'a3', 'a4'].map(name => addField('task', { name, type: 'text' })),
  );
  expect(different.map(reply => reply.status)).toEqual([201, 201, 201, 201]);
  const meta = (await call('GET', '/api/objects')).body.objects.find((each: Json) => each.name === 'task');
  expect(meta.fields.map((field: Json) => field.name)).toEqual(
    expect.arrayContaining(['a1', 'a2', 'a3', 'a4', 'colour']),
  );
});

test.each<[string, object, string]>([
  ['a name that is taken', { name: 'email', type: 'text' }, 'schemaConflict'],
  ['a name of the engine', { name: 'createdAt', type: 'text' }, 'schemaConflict'],
  ['a reserved name', { name: 'history', type: 'text' }, '/name'],
  ['a name with a blank', { name: 'my field', type: 'text' }, '/name'],
  ['a name in capitals', { name: 'Field', type: 'text' }, '/name'],
  ['a name that shares a column', { name: 'ownerId', type: 'text' }, '/name'],
  ['a name PostgreSQL would cut', { name: 'aBCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKL', type: 'text' }, '/name'],
  ['an unknown type', { name: 'x', type: 'quantum' }, '/type'],
  ['an inherited type', { name: 'x', type: 'constructor' }, '/type'],
  ['no type', { name: 'x' }, ''],
  ['a choice without choices', { name: 'x', type: 'choice' }, ''],
  ['a link to nowhere', { name: 'x', type: 'link', options: { to: 'nothing' } }, ''],
  ['a way back that is taken', { name: 'x', type: 'link', options: { to: 'company', inverse: 'deals' } }, ''],
  ['a label that is no text', { name: 'x', type: 'text', options: { label: 7 } }, '/label'],
  [
    'a default of the wrong kind',
    { name: 'x', type: 'number', options: { default: 'many' } },
    '/options/default',
  ],
  [
    'a required field without a default',
    { name: 'x', type: 'text', options: { required: true } },
    '/options/required',
  ],
  [
    'a unique list',
    { name: 'x', type: 'links', options: { to: 'company', inverse: 'xs', unique: true } },
    '/options/unique',
  ],
  [
    'a formula that is none',
    { name: 'x', type: 'formula', options: { expression: '1 +', result: 'number' } },
    '/options',
  ],
  [
    'a formula of unknown fields',
    { name: 'x', type: 'formula', options: { expression: 'nothing + 1.0', result: 'number' } },
    '/options',
  ],
  [
    'a roll-up of nothing',
    { name: 'x', type: 'rollUp', options: { relation: 'nothings', aggregate: 'count' } },
    '/options',
  ],
  ['something else besides', { name: 'x', type: 'text', colour: 'red' }, ''],
])('%s is refused, and leaves nothing behind', async (_, body, pointer) => {
  const found = await problemOf(addField('person', body));
  expect(found).toMatch(new RegExp(`^${pointer}`));
  const list = await call('GET', '/api/people?limit=1');
  expect(list.status, list.text).toBe(200);
  const meta = (await call('GET', '/api/objects')).body.objects.find((each: Json) => each.name === 'person');
  expect(meta.fields.map((field: Json) => field.name)).not.toContain('x');
});

test.each<[string, object, string]>([
  ['a name that is taken', { name: 'company', label: 'C', plural: 'Cs' }, 'schemaConflict'],
  ['an address that is taken', { name: 'firm', label: 'Firm', plural: 'Companies' }, 'schemaConflict'],
  ['an address of Farley', { name: 'thing', label: 'Thing', plural: 'Jobs' }, '/plural'],
  ['another one', { name: 'thing', label: 'Thing', plural: 'Changes' }, '/plural'],
  ['a table of the engine', { name: 'change', label: 'Thing', plural: 'Things' }, '/name'],
  ['a table of a list', { name: 'companyTags', label: 'Thing', plural: 'Things' }, '/name'],
  ['a title that does not exist', { name: 'thing', label: 'T', plural: 'Things', title: 'x y' }, '/title'],
  ['a title that is no field', { name: 'thing', label: 'T', plural: 'Things', title: 'serial' }, '/title'],
  [
    'a field twice',
    {
      name: 'thing',
      label: 'T',
      plural: 'Things',
      fields: [
        { name: 'a', type: 'text' },
        { name: 'a', type: 'text' },
      ],
    },
    '',
  ],
  ['an owner that is no user', { name: 'thing', label: 'T', plural: 'Things', owner: 'name' }, '/owner'],
  ['no label', { name: 'thing', plural: 'Things' }, ''],
])('an object with %s is refused, and leaves nothing behind', async (_, body, pointer) => {
  const found = await problemOf(call('POST', '/api/objects', body));
  expect(found).toMatch(new RegExp(`^${pointer}`));
  expect((await call('GET', '/api/things')).status).toBe(404);
  expect((await call('GET', '/api/companies?limit=1')).status).toBe(200);
});

test('a plural in another script still has an address', async () => {
  const made = await call('POST', '/api/objects', { name: 'beer', label: 'ビール', plural: 'ビール' });
  expect([made.status, made.body.path], made.text).toEqual([201, 'beerList']);
  expect((await call('POST', '/api/beerList', { name: 'アサヒ' })).status).toBe(201);
});

test('another process knows the new object within a second', async () => {
  const second = await startServer('custom', { beside: server });
  try {
    expect((await second.call(server.ada, 'GET', '/api/tools')).status).toBe(404);
    await call('POST', '/api/objects', { name: 'tool', label: 'Tool', plural: 'Tools' });
    await until(async () => (await second.call(server.ada, 'GET', '/api/tools')).status === 200, 1_500);
    expect((await second.call(server.ada, 'POST', '/api/tools', { name: 'Hammer' })).status).toBe(201);
  } finally {
    await second.close();
  }
});

test('a process started later builds the same model', async () => {
  const later = await startServer('custom', { beside: server });
  try {
    const [here, there] = [
      await call('GET', '/api/objects'),
      await later.call(server.ada, 'GET', '/api/objects'),
    ];
    expect(there.body).toEqual(here.body);
  } finally {
    await later.close();
  }
});
