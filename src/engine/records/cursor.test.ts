/** Walking a list page by page: every record once, in order, whatever happens meanwhile. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { sql } from '../sql.ts';
import { list, type Query, rows } from './read.ts';
import { tableOf } from './scope.ts';
import { create, type Operation, write } from './write.ts';

let world: World;
let ids: string[];
beforeAll(async () => {
  world = await createWorld('cursor');
  const names = ['Äpfel', 'apfel', 'Apfel', 'Birne', 'birne', 'Zwetschke', '100%', 'ä', "o'clock"];
  const companies: Operation[] = Array.from({ length: 61 }, (_, i) => ({
    op: 'create',
    values: {
      name: names[i % names.length]!,
      employees: i % 4 === 0 ? null : i % 7,
      revenue: i % 3 === 0 ? null : `${(i % 5) / 3} EUR`.replace(/(\.\d\d)\d*/, '$1'),
      sector: i % 5 === 0 ? null : i % 2 === 0 ? 'retail' : 'media',
      customerSince: i % 6 === 0 ? null : `2025-0${1 + (i % 4)}-11`,
    },
  }));
  ids = (await write(world.ada, 'company', companies)).results.map(result => result.id);
  const table = tableOf(world.workspace.schema, 'company');
  await world.db.run(
    sql`update ${table} set updated_at = updated_at + (abs(hashtext(id::text)) % 50) * interval '1 millisecond'`,
  );
});
afterAll(() => world.close());

async function walk(query: Query, between?: (page: number) => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | undefined, page = 0; ; page++) {
    const { data, next } = await list(world.ada, 'company', { ...query, ...(after ? { after } : {}) });
    seen.push(...(JSON.parse(data) as { id: string }[]).map(row => row.id));
    if (!next) return seen;
    after = next;
    await between?.(page);
  }
}

test('any sort, any page size: the pages are the whole list cut up', async () => {
  const sortable = [
    'name',
    'employees',
    'revenue',
    'sector',
    'customerSince',
    'updatedAt',
    'owner',
    'createdAt',
  ];
  const entry = fc.tuple(fc.constantFrom(...sortable), fc.boolean()).map(([n, down]) => (down ? `-${n}` : n));
  const sorts = fc.uniqueArray(entry, { minLength: 1, maxLength: 3, selector: one => one.replace('-', '') });
  await fc.assert(
    fc.asyncProperty(sorts, fc.integer({ min: 1, max: 30 }), async (sort, limit) => {
      const whole = (await rows(world.ada, 'company', { sort, limit: 1000, fields: [] })).map(row => row.id);
      expect(await walk({ sort, limit, fields: [] })).toEqual(whole);
      expect(new Set(whole)).toEqual(new Set(ids));
    }),
    { numRuns: 60 },
  );
});

test('records that come and go between pages make others neither vanish nor appear twice', async () => {
  const steady = new Set(ids);
  for (const sort of [['name'], ['-employees', 'name'], ['sector', '-updatedAt']]) {
    const guests: string[] = [];
    const seen = await walk({ sort, limit: 7, fields: [] }, async page => {
      if (page % 2 === 0)
        guests.push(await create(world.ada, 'company', { name: 'Bistro', employees: 3, sector: 'media' }));
      else await write(world.ada, 'company', [{ op: 'delete', id: guests.pop()! }]);
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen.filter(id => steady.has(id)))).toEqual(steady);
    await write(
      world.ada,
      'company',
      guests.map(id => ({ op: 'delete', id })),
    );
  }
});

test('moments that differ by microseconds only are told apart', async () => {
  const table = tableOf(world.workspace.schema, 'deal');
  const made = await write(
    world.ada,
    'deal',
    Array.from({ length: 9 }, (_, i) => ({ op: 'create' as const, values: { name: `Deal ${i}` } })),
  );
  await world.db.run(sql`alter table ${table} alter column created_at type timestamptz(6)`);
  await world.db.run(
    sql`update ${table} set created_at = created_at + (ascii(right(name, 1)) - 48) * interval '1 microsecond'`,
  );
  const seen: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list(world.ada, 'deal', {
      sort: ['-createdAt'],
      limit: 2,
      ...(after ? { after } : {}),
    });
    seen.push(...(JSON.parse(page.data) as { id: string }[]).map(row => row.id));
    if (!page.next) break;
    after = page.next;
  }
  expect(seen).toEqual(made.results.map(result => result.id).reverse());
});

test('a cursor of another order, or one made up, is refused', async () => {
  const { next } = await list(world.ada, 'company', { sort: ['name'], limit: 1 });
  const made = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url');
  for (const after of [next!, 'x', made(['-employees,id', 'many', 'no id']), made(['-employees,id', 1, 2])])
    await expect(list(world.ada, 'company', { sort: ['-employees'], after })).rejects.toMatchObject({
      code: 'invalidCursor',
    });
});

test('what may not be read cannot be sorted by', async () => {
  const blind = withRights(world.max, { objects: { company: { read: 'all', fields: { revenue: 'none' } } } });
  await expect(list(blind, 'company', { sort: ['revenue'] })).rejects.toMatchObject({
    problems: [{ pointer: '/sort', code: 'unknownField' }],
  });
});
