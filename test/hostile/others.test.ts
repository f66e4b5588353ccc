/**
 * Two companies in one installation. Whoever has a session or a key of one walks every address of the other's records,
 * change sets, files, imports and jobs: nothing is seen, nothing is written. The same for people of few rights.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declared } from '../../src/app.ts';
import {
  type Context,
  create,
  createKey,
  createWorkspace,
  invite,
  rows,
  sql,
  systemClock,
} from '../../src/engine/index.ts';
import { browser, type Caller, welcome } from '../api/server.ts';
import { buildHouse, counts, type House } from './house.ts';
import { type Answer, send, wrongWith } from './send.ts';
import { type Operation, operationsFor, rightShot } from './walk.ts';

/** Stands in a value of every record of the first company; no answer to the other may hold it. */
const secret = 'Moonshine';

let house: House;
let operations: Operation[];
let other: Context;
/** Administrators of the other company, by key and by session. */
let stranger: Caller;
let visitor: Caller;

beforeAll(async () => {
  house = await buildHouse('others');
  const settings = { ...house.system.settings, name: 'rival', label: 'Rival & Sons' };
  await createWorkspace(house.db, declared, settings, systemClock);
  other = await house.farley.system('tests', 'rival');
  const { key, userId } = await createKey(other, house.farley.auth, 'Rival', 'administrator');
  stranger = { id: userId, headers: () => ({ authorization: `Bearer ${key}` }) };
  visitor = await signedInToRival();
  for (const [name, id] of Object.entries(house.victims)) await brand(name, id);
  operations = await operationsFor(house);
});
afterAll(() => house.close());

async function signedInToRival(): Promise<Caller> {
  const who = browser();
  const token = await invite(other, { role: 'administrator' });
  const account = {
    token,
    name: 'Rita Rival',
    email: 'rita@rival.example',
    password: 'correct horse battery',
  };
  const reply = await house.call(who, 'POST', '/api/welcome', account);
  if (reply.status !== 201) throw new Error(reply.text);
  return who;
}

/** Writes the secret into a record, straight into its table. */
async function brand(name: string, id: string) {
  const { table, title } = house.object(name);
  const [column] = title.columns;
  if (column && title.type.name === 'text')
    await house.db.run(
      sql`update ${sql.id(house.system.schema, table)} set ${sql.ref(column)} = ${`${secret} ${id}`} where id = ${id}::uuid`,
    );
}

/** Operations that name something of the first company in their address or body. */
const naming = (operation: Operation) =>
  Object.keys(operation.params).some(name => ['id', 'changeSet', 'user', 'grantee', 'object'].includes(name));

const shotsOf = (who: Caller, all: Operation[]) =>
  Promise.all(
    all.map(async operation => [operation, await send(house.url, who, rightShot(operation))] as const),
  );

function told(operation: Operation, { status, text }: Answer): string {
  return `${operation.method} ${operation.template} answered ${status}: ${text.slice(0, 200)}`;
}

test.each([
  ['a key', () => stranger],
  ['a session', () => visitor],
])('with %s of another company, ids of this one lead nowhere', async (_, who) => {
  const before = await counts(house, [house.system.schema]);
  const answers = await shotsOf(who(), operations.filter(naming));
  expect(answers.length).toBeGreaterThan(100);
  const wrong = answers
    .filter(
      ([, answer]) =>
        wrongWith(answer) || ![404, 403, 422].includes(answer.status) || answer.text.includes(secret),
    )
    .map(([operation, answer]) => told(operation, answer));
  // Adding a field to an object that both have is work on one's own.
  expect(wrong.filter(each => !each.startsWith('POST /api/objects/'))).toEqual([]);
  expect(await counts(house, [house.system.schema])).toBe(before);
});

test('what needs no id shows and changes one’s own company alone', async () => {
  const before = await counts(house, [house.system.schema]);
  for (const who of [stranger, visitor]) {
    const answers = await shotsOf(
      who,
      operations.filter(operation => !naming(operation) && !operation.open),
    );
    for (const [operation, answer] of answers) {
      expect(wrongWith(answer), told(operation, answer)).toBeNull();
      expect(answer.text.includes(secret), told(operation, answer)).toBe(false);
    }
  }
  expect(await counts(house, [house.system.schema])).toBe(before);
});

test('links, conditions and imports cannot point across', async () => {
  const { company, user } = house.victims;
  const refused: [string, string, unknown][] = [
    ['POST', '/api/deals', { name: 'x', company }],
    ['POST', '/api/companies', { name: 'x', owner: user }],
    ['PUT', `/api/companies/${await own()}/shares/${user}`, { access: 'edit' }],
    ['POST', '/api/invitations', { role: 'reader', user }],
  ];
  for (const [method, path, body] of refused) {
    const reply = await house.call(stranger, method, path, body);
    expect([404, 422], `${method} ${path} ${reply.text}`).toContain(reply.status);
  }
  for (const filter of [
    { field: 'id', op: 'is', value: company },
    { field: 'id', op: 'isAnyOf', value: Object.values(house.victims) },
    { field: 'createdBy', op: 'is', value: house.ada.id },
  ]) {
    const found = await house.call(stranger, 'POST', '/api/companies/search', { filter });
    expect([found.status, found.body.data], found.text).toEqual([200, []]);
  }
  const search = await house.call(stranger, 'GET', `/api/search?q=${secret}`);
  expect(search.body.data).toEqual([]);
});

async function own(): Promise<string> {
  return create(other, 'company', { name: 'Ours' });
}

test('naming the other company in a header opens nothing', async () => {
  for (const who of [stranger, visitor])
    for (const name of ['main', 'Main', 'ws_main', 'rival,main', 'main\t', '*', 'rival/../main']) {
      const reply = await house.call(who, 'GET', '/api/companies', undefined, { 'farley-workspace': name });
      expect([reply.status, reply.text.includes(secret)], name).toEqual([401, false]);
    }
});

test('cursors and positions of one company say nothing of it in the other', async () => {
  for (const name of ['A', 'B', 'C']) await create(house.system, 'company', { name: `${secret} ${name}` });
  const list = await house.call(house.ada, 'GET', '/api/companies?limit=1');
  const changes = await house.call(house.ada, 'GET', '/api/changes?limit=1');
  const sets = (await house.call(house.ada, 'GET', '/api/change-sets')).body.data[0].id;
  for (const path of [
    `/api/companies?limit=1&after=${encodeURIComponent(list.body.next)}`,
    `/api/changes?after=${changes.body.next}`,
    `/api/change-sets?after=${sets}`,
  ]) {
    const reply = await house.call(stranger, 'GET', path);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.text).not.toContain(secret);
  }
});

test('an idempotency key gives no one the answer of another', async () => {
  const headers = { 'idempotency-key': 'the same for all' };
  const body = { name: `${secret} once` };
  const first = await house.call(house.ada, 'POST', '/api/companies', body, headers);
  for (const who of [stranger, visitor, house.max]) {
    const reply = await house.call(who, 'POST', '/api/companies', body, headers);
    expect(reply.status, reply.text).toBe(201);
    expect(reply.body.id).not.toBe(first.body.id);
    expect(reply.headers.get('idempotency-replayed')).toBeNull();
  }
});

test('an invitation to one company does not open the other, nor twice', async () => {
  const token = await invite(other, { role: 'reader' });
  const hash = createHash('sha256').update(token).digest('hex');
  expect((await house.call(house.ada, 'GET', `/api/welcome?token=${hash}`)).status).toBe(404);
  const who = browser();
  const account = { token, name: 'Paul', email: 'paul@rival.example', password: 'correct horse battery' };
  const reply = await house.call(who, 'POST', '/api/welcome', {
    ...account,
    workspace: 'main',
    role: 'administrator',
  });
  expect(reply.status, reply.text).toBe(201);
  const me = await house.call(who, 'GET', '/api/me');
  expect([me.body.workspace.name, me.body.role]).toEqual(['rival', 'reader']);
  expect((await house.call(browser(), 'POST', '/api/welcome', account)).status).toBe(404);
});

test('who may do least changes nothing on any address', async () => {
  const reader = await welcome(house, 'Lara Least', 'reader');
  const nothing = await create(house.system, 'role', {
    name: 'nothing',
    label: 'Nothing',
    grants: { objects: {} } as never,
  });
  const [known] = await rows(house.system, 'role', {
    filter: { field: 'id', op: 'is', value: nothing },
    limit: 1,
  });
  expect(known).toBeDefined();
  const nobodyMuch = await house.hire('Nora Nothing', 'nothing');
  // Who reads a record says that they look at it; nothing of that is kept.
  const allowed =
    /^(GET |POST \/api\/\w+\/(search|aggregate|time-in|flow|\{id\}\/presence)$|POST \/api\/reports\/|PATCH \/api\/me$|POST \/api\/auth)/;
  // What people keep for themselves needs no right: that others do not see it, the matrix of rights shows.
  const own = [...house.system.model.objects.values()]
    .filter(({ spec }) => spec.personal && !spec.personal.audience)
    .map(object => `/api/${object.path}`);
  // A job over what one may change of one's own, which is nothing yet.
  const bulk = [...house.system.model.objects.values()]
    .filter(({ spec }) => spec.personal)
    .map(object => `/api/${object.path}/bulk`);
  const keeps = (template: string) =>
    bulk.includes(template) ||
    own.some(
      path =>
        template === path ||
        (/^\/(batch$|by\/)/.test(template.slice(path.length)) && template.startsWith(path)),
    );
  for (const who of [reader, nobodyMuch]) {
    const before = await counts(house, [house.system.schema]);
    const answers = await shotsOf(
      who,
      operations.filter(
        each => !each.open && !allowed.test(`${each.method} ${each.template}`) && !keeps(each.template),
      ),
    );
    // Pasting answers row by row.
    const refused = ({ status, text }: Answer) =>
      status >= 400 || /^{"changeSet":null,"rows":\[{[^\]]*"kind":"refused"/.test(text);
    const wrong = answers.filter(([, answer]) => !refused(answer) || wrongWith(answer));
    expect(wrong.map(([operation, answer]) => told(operation, answer))).toEqual([]);
    expect(await counts(house, [house.system.schema])).toBe(before);
  }
  const reading = await shotsOf(
    nobodyMuch,
    operations.filter(
      each => each.object !== null && each.method === 'GET' && house.object(each.object).spec.setup !== true,
    ),
  );
  expect(reading.length).toBeGreaterThan(50);
  for (const [operation, answer] of reading) {
    expect(answer.text.includes(secret), told(operation, answer)).toBe(false);
    if (answer.status < 400) expect(JSON.parse(answer.text).data ?? [], told(operation, answer)).toEqual([]);
  }
});
