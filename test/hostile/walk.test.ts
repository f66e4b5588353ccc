/**
 * Every operation of the OpenAPI document, every place of its request, every attack of the table: whatever comes, the
 * answer is a clear one, in time, and what is refused has left no trace. `FARLEY_FUZZ=full` tries all attacks at all
 * places (an hour); otherwise each place gets some, in turn. `FARLEY_FUZZ=<number>` is the seed of the random part.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/engine/index.ts';
import type { Json } from '../api/server.ts';
import { headerAttacks, jsonAttacks } from './attacks.ts';
import { buildHouse, counts, everything, type House, revive } from './house.ts';
import { type Answer, patience, type Shot, send, wrongWith } from './send.ts';
import {
  conditionPlaces,
  headerShots,
  largeShots,
  type Operation,
  operationsFor,
  type Place,
  placesOf,
  pointersOf,
  replaced,
  rightShot,
  whatOf,
} from './walk.ts';

const full = process.env.FARLEY_FUZZ === 'full';
const seed = Number(process.env.FARLEY_FUZZ) || Date.now() % 1_000_000;

console.info(`FARLEY_FUZZ=${seed}`);

let house: House;
let operations: Operation[];
let meta: Json;
let shots = 0;
const natives = Reflect.ownKeys(Object.prototype).length;

beforeAll(async () => {
  house = await buildHouse('hostile');
  operations = await operationsFor(house);
  meta = (await house.call(house.ada, 'GET', '/api/objects')).body;
});
afterAll(async () => {
  console.info(`${shots} hostile requests`);
  await house.close();
});

/** Answers of requests that change nothing by their failure, to be looked up in the change log. */
const refused = new Set<string>();

/** Sends all, some at a time, and answers what went wrong. */
async function fire(all: Shot[], lanes = 8): Promise<string[]> {
  const wrong: string[] = [];
  const slow: Shot[] = [];
  const queue = all.values();
  const lane = async () => {
    for (const shot of queue) {
      const answer = await send(house.url, house.ada, shot).catch((error: Error) => error);
      shots++;
      if (answer instanceof Error) wrong.push(answer.message);
      else {
        note(shot, answer, wrong);
        if (answer.took > patience) slow.push(shot);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const shot of slow) {
    const { took } = await send(house.url, house.ada, shot);
    if (took > patience) wrong.push(`${shot.what} took ${Math.round(took)} ms`);
  }
  return wrong;
}

function note(shot: Shot, answer: Answer, wrong: string[]) {
  const problem = wrongWith(answer);
  if (problem) wrong.push(`${shot.what} ${problem}${answer.status === 500 ? `\n${house.log.at(-1)}` : ''}`);
  if (answer.status >= 400) refused.add(String(answer.headers['x-request-id']));
}

/** Some attacks for a place, other ones for the next; all of them in the long run. */
let turn = 0;
let owed = 0;
function attacksFor(place: Place, some: number): Shot[] {
  const { attacks } = place;
  // Half an attack for a place is one for every second place.
  owed += some;
  const chosen = full
    ? attacks
    : Array.from({ length: Math.floor(owed) }, () => attacks[turn++ % attacks.length]!);
  owed -= Math.floor(owed);
  return chosen.map(([name, attack]) => ({ ...place.shot(attack), what: whatOf(place, name) }));
}

/** No change set says that it came of a request that was refused. */
async function expectNoTraces() {
  const traces = await house.db.run<{ request_id: string; label: string }>(
    sql`select request_id, label from ${sql.id(house.system.schema, 'change_set')} where request_id = any(${[...refused]}::text[])`,
  );
  expect(traces).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype).length).toBe(natives);
  expect(({} as Json).polluted).toBeUndefined();
}

const safe = (operation: Operation) =>
  operation.method === 'GET' ||
  /\/(search|aggregate|time-in|flow|exports)$|\/api\/reports\//.test(operation.template);

test('the right request of nearly every operation is carried out', async () => {
  const failing: string[] = [];
  const broken: string[] = [];
  for (const operation of operations) {
    const answer = await send(house.url, house.ada, rightShot(operation));
    if (answer.status >= 500) broken.push(`${operation.method} ${operation.template} ${house.log.at(-1)}`);
    // Two records that are the same would have to be there for these.
    if (answer.status >= 400 && !/\/(merge|duplicates)(\/|$)/.test(operation.template))
      failing.push(`${operation.method} ${operation.template} ${answer.status} ${answer.text.slice(0, 250)}`);
    if (!safe(operation)) await revive(house);
  }
  expect(broken).toEqual([]);
  expect(failing.length, failing.join('\n')).toBeLessThan(operations.length / 10);
});

test('reading: every place of every operation', async () => {
  const before = await counts(house);
  const all = operations
    .filter(safe)
    .flatMap(placesOf)
    .flatMap(place => attacksFor(place, place.operation.object === everything ? 12 : 2));
  expect((await fire(all)).slice(0, 20)).toEqual([]);
  expect(await counts(house)).toBe(before);
});

test('conditions: every field by every operator', async () => {
  const before = await counts(house);
  const all = conditionPlaces(house, meta).flatMap(place =>
    attacksFor(place, place.operation.object === everything ? 2 : 0.5),
  );
  expect((await fire(all)).slice(0, 20)).toEqual([]);
  expect(await counts(house)).toBe(before);
});

test('writing: every place of every operation', async () => {
  const wrong: string[] = [];
  for (const operation of operations.filter(each => !safe(each))) {
    const some = operation.object === everything ? 5 : operation.object ? 0.5 : 12;
    wrong.push(...(await fire(placesOf(operation).flatMap(place => attacksFor(place, some)))));
    await revive(house);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  await expectNoTraces();
});

test('headers that a server might believe', async () => {
  const all = operations
    .filter(each => full || each.object === null || each.object === everything)
    .flatMap(headerShots)
    .filter((_, index) => full || index % 3 === seed % 3);
  expect((await fire(all)).slice(0, 20)).toEqual([]);
  await revive(house);
  await expectNoTraces();
});

test('a megabyte in a place', async () => {
  const places = operations
    .filter(each => each.object === null || each.object === everything)
    .flatMap(placesOf)
    .filter(place => full || !place.operation.template.includes('/by/'));
  const all = places.flatMap(largeShots);
  const some = full ? all : all.filter((_, index) => index % 11 === seed % 11);
  expect((await fire(some, 3)).slice(0, 20)).toEqual([]);
  await revive(house);
  await expectNoTraces();
});

test('several places at once, by chance', async () => {
  const bodies = operations.filter(each => each.body !== undefined);
  const attack = fc.constantFrom(...jsonAttacks);
  const chance = fc.tuple(
    fc.nat(),
    fc.array(fc.tuple(fc.nat(), attack), { minLength: 1, maxLength: 6 }),
    fc.constantFrom<[string, Record<string, string>]>(['none', {}], ...headerAttacks),
  );
  const sound = async ([n, changes, [header, headers]]: [
    number,
    [number, [string, string]][],
    [string, Record<string, string>],
  ]) => {
    const operation = bodies[n % bodies.length]!;
    const pointers = pointersOf(operation.body);
    let text = JSON.stringify(operation.body);
    let body = operation.body;
    for (const [at, [, raw]] of pointers.length ? changes : []) {
      const mark = `@@${at}@@`;
      body = replacedIfThere(body, pointers[at % pointers.length]!, mark);
      text = JSON.stringify(body);
      marks.set(mark, raw);
    }
    for (const [mark, raw] of marks) text = text.replaceAll(`"${mark}"`, () => raw);
    marks.clear();
    const names = changes.map(([, [name]]) => name).join(', ');
    const right = rightShot(operation);
    const shot = {
      ...right,
      what: `${right.what} (${names}; ${header})`,
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    };
    expect(await fire([shot], 1)).toEqual([]);
  };
  const marks = new Map<string, string>();
  await fc.assert(fc.asyncProperty(chance, sound), {
    numRuns: full ? 20_000 : 400,
    seed,
    endOnFailure: true,
  });
  await revive(house);
  await expectNoTraces();
});

function replacedIfThere(body: Json, pointer: string, by: string): Json {
  try {
    return replaced(body, pointer, by);
  } catch {
    // An earlier attack has taken its place.
    return body;
  }
}

test('afterwards Farley works, and what was stored can be read', async () => {
  for (const { path } of meta.objects as Json[]) {
    for (let after = ''; ; ) {
      const list = await house.call(house.ada, 'GET', `/api/${path}?limit=500${after && `&after=${after}`}`);
      expect(list.status, `${path} ${list.text.slice(0, 300)}`).toBe(200);
      after = list.body.next;
      if (!after) break;
    }
    for (const address of [
      `/api/${path}?asOf=${new Date(Date.now() - 5_000).toISOString()}&limit=1000`,
      `/api/exports/${path}`,
      `/api/exports/${path}?format=ndjson`,
    ]) {
      const reply = await house.call(house.ada, 'GET', address);
      expect(reply.status, `${address} ${reply.text.slice(0, 300)}`).toBe(200);
    }
    const id = house.victims[house.system.model.paths.get(path)!.name];
    for (const part of ['history', 'timeline', 'explain'])
      expect(
        (await house.call(house.ada, 'GET', `/api/${path}/${id}/${part}`)).status,
        `${path} ${part}`,
      ).toBe(200);
  }
  for (const address of [
    '/api/openapi.json',
    '/api/objects',
    '/api/changes?limit=1000',
    '/api/change-sets',
    '/api/search?q=hostile',
    '/api/jobs',
    '/readyz',
  ])
    expect((await house.call(house.ada, 'GET', address)).status, address).toBe(200);
  const fresh = await house.call(house.ada, 'POST', '/api/companies', { name: 'Still here' });
  expect(fresh.status, fresh.text).toBe(201);
});

test('the log holds no secret, and tells of no defect', () => {
  const log = house.log.join('\n');
  const keys = [house.ada, house.max].map(who => who.headers().authorization!.slice('Bearer '.length));
  for (const secret of [...keys, 'a secret for tests', 'wrong wrong wrong', 'correct horse battery'])
    expect(log.includes(secret)).toBe(false);
  expect(house.log.filter(line => / failed \(/.test(line)).slice(0, 5)).toEqual([]);
});
