/** Walking a list while others write to it: what was there throughout, with the same place in the order, is met exactly once. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Processes, runs, twoProcesses } from '../../../test/runs.ts';
import { createWorld, type World } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import type { Input, Values } from '../object.ts';
import { sql } from '../sql.ts';
import { list, type Query } from './read.ts';
import { tableOf } from './scope.ts';
import { create, type Operation, update, write } from './write.ts';

let world: World;
let processes: Processes;
let parents: string[];
let steady: Set<string>;
let restless: string[];
const guests: string[] = [];

const mostWrites = 200;

/** Few different values, so that there are many ties, and many that are empty. */
const valuesOf = (n: number): Input => ({
  name: ['Äpfel', 'apfel', 'Apfel', 'Birne', '100%', "o'clock"][n % 6]!,
  employees: n % 4 === 0 ? null : n % 5,
  revenue: n % 3 === 0 ? null : `${n % 4}.50 ${n % 2 ? 'EUR' : 'USD'}`,
  sector: n % 5 === 0 ? null : ['retail', 'media'][n % 2]!,
  customerSince: n % 6 === 0 ? null : `2025-0${1 + (n % 4)}-11`,
  parent: n % 3 === 0 ? null : parents[n % 3]!,
  address: n % 4 === 0 ? null : { country: ['AT', 'DE'][n % 2]!, city: ['Wien', 'Graz', 'Bonn'][n % 3]! },
});

const many = (n: number): Operation[] =>
  Array.from({ length: n }, (_, i) => ({ op: 'create', values: valuesOf(i) }));

beforeAll(async () => {
  world = await createWorld('walks');
  processes = await twoProcesses(world);
  // Two parents share a name.
  parents = await Promise.all(
    ['Holding', 'Holding', 'Älteste'].map(name => create(world.ada, 'company', { name })),
  );
  const made = await write(world.ada, 'company', many(90));
  steady = new Set([...made.results.map(result => result.id), ...parents]);
  restless = (await write(world.ada, 'company', many(30))).results.map(result => result.id);
  const table = tableOf(world.workspace.schema, 'company');
  await world.db.run(
    sql`update ${table} set created_at = created_at + (abs(hashtext(id::text)) % 20) * interval '1 millisecond'`,
  );
});
afterAll(async () => {
  await processes.close();
  await world.close();
});

const keys = [
  'name',
  'employees',
  'revenue',
  'sector',
  'customerSince',
  'parent',
  'address',
  'createdAt',
  'owner',
];
const entry = fc
  .tuple(fc.constantFrom(...keys), fc.boolean())
  .map(([name, down]) => (down ? `-${name}` : name));
const sorts = fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: one => one.replace('-', '') });

/**
 * Writes until told to stop: records that come and go, and others whose place in every order changes. With pauses and an
 * end, as each change makes reading the past longer: on a busy machine neither would ever be done.
 */
async function disturb(ctx: Context, seed: number, writing: () => boolean) {
  for (let n = seed; writing() && n < seed + 7 * mostWrites; n += 7) {
    const one = restless[n % restless.length]!;
    if (n % 4 === 0) await comeOrGo(ctx, n);
    else if (n % 4 === 1)
      await write(ctx, 'company', [{ op: n % 8 === 1 ? 'delete' : 'restore', id: one }], { perItem: true });
    else await update(ctx, 'company', one, valuesOf(n + seed), { perItem: true });
    await sleep(4);
  }
}

/** Someone new comes, or a guest of before goes or comes back. */
async function comeOrGo(ctx: Context, n: number) {
  if (guests.length < 60) guests.push(await create(ctx, 'company', valuesOf(n)));
  else
    await write(ctx, 'company', [{ op: n % 8 ? 'delete' : 'restore', id: guests[n % guests.length]! }], {
      perItem: true,
    });
}

async function walk(ctx: Context, query: Query): Promise<Values[]> {
  const seen: Values[] = [];
  for (let after: string | undefined; ; ) {
    const { data, next } = await list(ctx, 'company', { ...query, ...(after ? { after } : {}) });
    seen.push(...(JSON.parse(data) as Values[]));
    if (!next) return seen;
    after = next;
  }
}

/** What was steady comes once each, and in the order of a list that nobody disturbs. */
async function expectSteady(query: Query, seen: Values[]) {
  const mine = seen.map(row => row.id as string).filter(id => steady.has(id));
  const whole = (await walk(processes.of(0), { ...query, limit: 1000 })).map(row => row.id as string);
  expect(mine).toEqual(whole.filter(id => steady.has(id)));
}

test('in any order, ties, empty values, several keys and linked titles among them', async () => {
  await fc.assert(
    fc.asyncProperty(sorts, fc.integer({ min: 1, max: 20 }), fc.boolean(), async (sort, limit, filtered) => {
      const query: Query = {
        sort,
        limit,
        fields: [],
        ...(filtered ? { filter: { field: 'employees', op: 'lte', value: 3 } } : {}),
      };
      let writing = true;
      const writers = [0, 1, 2].map(n => disturb(processes.of(n), n * 31 + limit, () => writing));
      const walks = Promise.all([walk(processes.of(0), query), walk(processes.of(1), query)]);
      const seen = await walks.finally(() => {
        writing = false;
      });
      await Promise.all(writers);
      for (const one of seen) await expectSteady(query, one);
    }),
    { numRuns: runs(25), endOnFailure: true },
  );
});

test('as of a moment, a walk is of that moment, whatever is written meanwhile', async () => {
  world.clock.move('2026-03-16T13:00:00.000Z');
  const asOf = '2026-03-16T12:30:00.000Z';
  await fc.assert(
    fc.asyncProperty(sorts, fc.integer({ min: 5, max: 40 }), async (sort, limit) => {
      // A linked record is shown, and sorted, by the title it has today; here none is renamed.
      const query: Query = { sort, limit, fields: ['name', 'employees', 'updatedAt'], asOf };
      const before = await walk(processes.of(0), query);
      let writing = true;
      const writers = [0, 1].map(n => disturb(processes.of(n), n * 17 + limit, () => writing));
      const during = await walk(processes.of(1), query).finally(() => {
        writing = false;
      });
      await Promise.all(writers);
      expect(during).toEqual(before);
    }),
    { numRuns: runs(6), endOnFailure: true },
  );
});
