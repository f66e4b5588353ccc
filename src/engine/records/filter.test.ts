/** What a filter finds: by values, over relations both ways, within reach, and the same in SQL as in memory. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';
import type { Values } from '../object.ts';
import { type Filter, matches } from './filter.ts';
import { rows } from './read.ts';
import { scopeOf } from './scope-of.ts';
import { create, type Operation, write } from './write.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('filter');
  const { ada, olga } = world;
  const sacher = await create(ada, 'company', { name: 'Sacher', sector: 'hospitality' });
  const demel = await create(ada, 'company', { name: 'Demel', sector: 'retail', parent: sacher });
  const foreign = await create(olga, 'company', { name: 'Foreign', sector: 'media' });
  await create(ada, 'person', { name: 'Rosa', company: sacher, companies: [{ id: demel, role: 'board' }] });
  await create(ada, 'person', { name: 'Emil', company: demel, email: 'emil@demel.example' });
  await create(ada, 'person', { name: 'Fritz', company: foreign });
  await create(ada, 'deal', { name: 'Machines', company: sacher, amount: '100 EUR' });
  await create(ada, 'deal', { name: 'Beans', company: demel, amount: '10 EUR' });
});
afterAll(() => world.close());

async function names(object: string, filter: Filter, ctx: Context = world.ada): Promise<string[]> {
  const found = await rows(ctx, object, { filter, fields: ['name'], sort: ['name'], limit: 1000 });
  return found.map(row => (typeof row.name === 'string' ? row.name : (row.name as { full: string }).full));
}

const dear: Filter = { field: 'amount', op: 'gt', value: '50 EUR' };
const beans: Filter = { field: 'name', op: 'is', value: 'Beans' };
const sacher: Filter = { field: 'name', op: 'is', value: 'Sacher' };
const withBeans: Filter = { field: 'deals', op: 'some', value: beans };

describe('paths', () => {
  test.each<[string, string, Filter, string[]]>([
    ['along a link', 'person', { field: 'company.sector', op: 'is', value: 'retail' }, ['Emil']],
    ['back along it', 'company', { field: 'people.name', op: 'is', value: 'Rosa' }, ['Sacher']],
    ['along many links', 'person', { field: 'companies.name', op: 'is', value: 'Demel' }, ['Rosa']],
    ['back along many', 'company', { field: 'affiliates.name', op: 'is', value: 'Rosa' }, ['Demel']],
    ['over two', 'deal', { field: 'company.parent.name', op: 'is', value: 'Sacher' }, ['Beans']],
    ['there and back', 'company', { field: 'subsidiaries.deals.name', op: 'is', value: 'Beans' }, ['Sacher']],
    ['to nothing', 'company', { field: 'deals', op: 'empty' }, ['Foreign']],
    ['to something', 'company', { field: 'people', op: 'notEmpty' }, ['Demel', 'Foreign', 'Sacher']],
    [
      'turned round',
      'company',
      { not: { field: 'deals.amount', op: 'gt', value: '50 EUR' } },
      ['Demel', 'Foreign'],
    ],
    [
      'to one that is all of it',
      'company',
      { field: 'deals', op: 'some', value: { and: [dear, beans] } },
      [],
    ],
    [
      'to one that is any of it',
      'company',
      { field: 'deals', op: 'some', value: { or: [dear, beans] } },
      ['Demel', 'Sacher'],
    ],
    ['over two to one', 'deal', { field: 'company.parent', op: 'some', value: sacher }, ['Beans']],
    // None, where there is nothing on the way either.
    ['over two to none', 'deal', { field: 'company.parent', op: 'none', value: sacher }, ['Machines']],
    ['to one of one', 'person', { field: 'company', op: 'some', value: withBeans }, ['Emil']],
  ])('lead %s', async (_, object, filter, expected) => {
    expect(await names(object, filter)).toEqual(expected);
  });

  test('end where reach ends: a filter tells no more than a list would', async () => {
    const grants = { objects: { '*': { read: 'all' }, company: { read: 'own' } } } as const;
    const sina = withRights(world.sina, grants);
    expect(await names('person', { field: 'company.name', op: 'is', value: 'Foreign' }, sina)).toEqual([]);
    expect(
      await names('person', { not: { field: 'company.name', op: 'is', value: 'Foreign' } }, sina),
    ).toEqual(await names('person', { not: { field: 'company.name', op: 'is', value: 'Nothing' } }, sina));
    const foreign = { field: 'name', op: 'is', value: 'Foreign' };
    expect(await names('person', { field: 'company', op: 'some', value: foreign }, sina)).toEqual([]);
    expect(await names('person', { field: 'company', op: 'none', value: foreign }, sina)).toContain('Fritz');
  });

  test('are as long as three relations at most, and none leads through what may be anything', async () => {
    const long: Filter = { field: 'company.parent.parent.parent.name', op: 'notEmpty' };
    await expect(names('deal', long)).rejects.toMatchObject({ code: 'invalidQuery' });
    const vague: Filter = { field: 'about.name', op: 'notEmpty' };
    await expect(rows(world.ada, 'task', { filter: vague })).rejects.toThrow(/many kinds of records/);
  });
});

test('and, or, not combine as in logic, an empty list included', async () => {
  const is = (value: string): Filter => ({ field: 'name', op: 'is', value });
  expect(await names('company', { or: [is('Demel'), is('Sacher')] })).toEqual(['Demel', 'Sacher']);
  expect(await names('company', { and: [is('Demel'), { not: is('Sacher') }] })).toEqual(['Demel']);
  expect(await names('company', { or: [] })).toEqual([]);
  expect(await names('company', { and: [] })).toHaveLength(3);
});

describe('a field that may not be read does not exist', () => {
  const hidden = {
    objects: { '*': { read: 'all' }, company: { read: 'all', fields: { sector: 'none' } } },
  } as const;
  test.each<[string, Filter]>([
    ['company', { field: 'sector', op: 'is', value: 'retail' }],
    ['person', { field: 'company.sector', op: 'is', value: 'retail' }],
  ])('on %s', async (object, filter) => {
    const unknown = async (one: Filter, ctx: Context) =>
      names(object, one, ctx).catch(error => error.problems);
    const problems = await unknown(filter, withRights(world.max, hidden));
    const never = JSON.parse(JSON.stringify(filter).replace('sector', 'nonsense')) as Filter;
    expect(problems).toEqual(
      JSON.parse(JSON.stringify(await unknown(never, world.ada)).replaceAll('nonsense', 'sector')),
    );
  });
});

test.each<[unknown, string]>([
  [{ field: 'name' }, '/filter'],
  [{ and: [{ field: 'name', op: 'resembles', value: 'x' }] }, '/filter/and/0/op'],
  [{ not: { field: 'employees', op: 'gt', value: 'many' } }, '/filter/not/value'],
  [{ or: { field: 'name', op: 'empty' } }, '/filter/or'],
  [{ field: 'employees', op: 'between', value: [1] }, '/filter/value'],
  [{ field: 'constructor', op: 'is', value: 1 }, '/filter'],
  [{ field: 'name', op: 'constructor', value: 1 }, '/filter/op'],
  ['name = 1', '/filter'],
  [{ field: 'deals', op: 'some' }, '/filter/value'],
  [{ field: 'deals', op: 'some', value: { field: 'nonsense', op: 'empty' } }, '/filter/value'],
  [{ field: 'name', op: 'none', value: { field: 'name', op: 'empty' } }, '/filter'],
  [{ field: 'deals', op: 'is', value: 1 }, '/filter'],
])('what is wrong with %j is pointed at', async (filter, pointer) => {
  await expect(names('company', filter as Filter)).rejects.toMatchObject({
    code: 'invalidQuery',
    problems: [{ pointer }],
  });
});

test('SQL finds what the same filter finds in memory', async () => {
  const text = fc.constantFrom('Sacher', 'sacher', 'SÄCHER', '100%', 'a_b', "d'or", '\\');
  const values = fc.record({
    name: text,
    employees: fc.option(fc.integer({ min: 0, max: 4 })),
    revenue: fc.option(fc.constantFrom('1 EUR', '1.50 EUR', '2 USD')),
    sector: fc.option(fc.constantFrom('retail', 'media')),
    customerSince: fc.option(fc.constantFrom('2026-03-15', '2026-03-16', '2025-01-01')),
    domain: fc.option(text),
  });
  const operations = fc
    .sample(values, { numRuns: 40, seed: 7 })
    .map((one): Operation => ({ op: 'create', values: { ...one, description: 'random' } as Values }));
  await write(world.ada, 'company', operations);
  const only: Filter = { field: 'description', op: 'is', value: 'random' };
  const mine: Filter = { field: 'description', op: 'contains', value: only.value as string };
  const records = await rows(world.ada, 'company', { filter: mine, limit: 1000 });
  expect(records).toHaveLength(40);
  const condition = (field: string, ops: string[], value: fc.Arbitrary<Json>): fc.Arbitrary<Filter> =>
    fc.record({ field: fc.constant(field), op: fc.constantFrom(...ops), value });
  const number = fc.integer({ min: 0, max: 4 });
  const leaf = fc.oneof(
    condition('name', ['is', 'isNot', 'contains', 'notContains', 'startsWith', 'endsWith'], text),
    condition('domain', ['is', 'isNot', 'contains', 'notContains', 'empty', 'notEmpty'], text),
    condition('employees', ['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'empty'], number),
    condition('employees', ['isAnyOf', 'isNoneOf'], fc.array(number, { minLength: 1, maxLength: 3 })),
    condition('employees', ['between'], fc.tuple(number, number) as fc.Arbitrary<Json>),
    condition('sector', ['is', 'isNot', 'empty', 'notEmpty'], fc.constantFrom('retail', 'media')),
    condition('revenue', ['gt', 'lte', 'is', 'empty'], fc.constantFrom('1 EUR', '1.50', '2 USD')),
    condition('customerSince', ['during'], fc.constantFrom('thisWeek', 'today', 'last 400 days')),
  );
  const { filter } = fc.letrec<{ filter: Filter }>(tie => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({ not: tie('filter') }),
      fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
    ),
  }));
  const scope = scopeOf(world.ada, world.workspace.model.objects.get('company')!);
  await fc.assert(
    fc.asyncProperty(filter, async one => {
      const found = await rows(world.ada, 'company', {
        filter: { and: [mine, one] },
        fields: [],
        limit: 1000,
      });
      const expected = records.filter(record => matches(one, record, scope)).map(record => record.id);
      expect(found.map(record => record.id).sort()).toEqual(expected.sort());
    }),
    { numRuns: 300 },
  );
});
