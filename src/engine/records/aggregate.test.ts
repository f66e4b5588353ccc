/** Counts and sums by groups: what boards and charts stand on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import type { Values } from '../object.ts';
import { type AggregateQuery, aggregate } from './aggregate.ts';
import { create, write } from './write.ts';

let world: World;
let stages: Record<string, string>;
beforeAll(async () => {
  world = await createWorld('aggregate');
  stages = await stagesOf(world.ada);
  const company = await create(world.sina, 'company', { name: 'Sacher', sector: 'hospitality' });
  const tags = [
    await create(world.ada, 'tag', { name: 'hot' }),
    await create(world.ada, 'tag', { name: 'new' }),
  ];
  const deals: [Context, Values][] = [
    [world.sina, { name: 'A', amount: '100 EUR', company, tags }],
    [world.sina, { name: 'B', amount: '50.50 EUR', stage: stages.Qualified! }],
    [world.sina, { name: 'C', stage: stages.Qualified!, closeDate: '2026-02-28', tags: [tags[0]!] }],
    [world.olga, { name: 'D', amount: '900 EUR', closeDate: '2026-02-01' }],
  ];
  for (const [ctx, values] of deals) await create(ctx, 'deal', values);
  const { results } = await write(world.ada, 'deal', [{ op: 'create', values: { name: 'Gone' } }]);
  await write(world.ada, 'deal', [{ op: 'delete', id: results[0]!.id }]);
});
afterAll(() => world.close());

const ask = async (query: AggregateQuery, ctx: Context = world.ada) =>
  (await aggregate(ctx, 'deal', query)).data;

test('counts and sums per group, with the titles of linked records', async () => {
  const data = await ask({
    groupBy: [{ field: 'stage' }],
    values: [{ op: 'count' }, { op: 'sum', field: 'amount' }],
  });
  const byTitle = Object.fromEntries(data.map(row => [(row.group.stage as Values).title, row.values]));
  expect(Object.keys(byTitle).sort()).toEqual(['Prospecting', 'Qualified']);
  expect(byTitle.Qualified![0]).toBe(2);
  expect(JSON.stringify(byTitle.Qualified![1])).toContain('50.50');
});

test('only what is in reach counts', async () => {
  expect(await ask({})).toEqual([{ group: {}, values: [4] }]);
  expect(await ask({}, world.sina)).toEqual([{ group: {}, values: [3] }]);
});

test('groups by periods, over links, and by the items of a list', async () => {
  expect(await ask({ groupBy: [{ field: 'closeDate', bucket: 'month' }] })).toEqual([
    { group: { closeDate: '2026-02-01' }, values: [2] },
    { group: { closeDate: null }, values: [2] },
  ]);
  expect(await ask({ groupBy: [{ field: 'company.sector' }] })).toEqual([
    { group: { 'company.sector': 'hospitality' }, values: [1] },
    { group: { 'company.sector': null }, values: [3] },
  ]);
  const tagged = await ask({ groupBy: [{ field: 'tags' }] });
  expect(
    Object.fromEntries(tagged.map(row => [(row.group.tags as Values)?.title ?? 'none', row.values[0]])),
  ).toEqual({
    hot: 2,
    new: 1,
    none: 2,
  });
});

test('a field counts the records that have it', async () => {
  expect((await ask({ values: [{ op: 'count', field: 'closeDate' }] }))[0]!.values).toEqual([2]);
});

test('filters and words narrow it, and more groups than asked for are told', async () => {
  const filter = { field: 'company.name', op: 'is', value: 'Sacher' };
  expect((await ask({ filter }))[0]!.values).toEqual([1]);
  const answer = await aggregate(world.ada, 'deal', { groupBy: [{ field: 'name' }], limit: 2 });
  expect([answer.data.length, answer.truncated]).toEqual([2, true]);
});

test.each<[string, AggregateQuery]>([
  ['a sum of text', { values: [{ op: 'sum', field: 'name' }] }],
  ['a count of a list', { values: [{ op: 'count', field: 'tags' }] }],
  ['an unknown function', { values: [{ op: 'constructor', field: 'amount' }] }],
  ['an unknown period', { groupBy: [{ field: 'closeDate', bucket: 'fortnight' }] }],
  ['an unknown field', { groupBy: [{ field: 'company.nonsense' }] }],
])('%s is refused', async (_, query) => {
  await expect(ask(query)).rejects.toMatchObject({ code: 'invalidQuery' });
});

test('a hidden field can neither be summed nor grouped by', async () => {
  const blind = withRights(world.max, {
    objects: { '*': { read: 'all' }, deal: { read: 'all', fields: { amount: 'none', stage: 'none' } } },
  });
  for (const query of [{ values: [{ op: 'sum', field: 'amount' }] }, { groupBy: [{ field: 'stage' }] }])
    await expect(ask(query, blind)).rejects.toMatchObject({ problems: [{ code: 'unknownField' }] });
});

test('amounts of several currencies come to one total by the rates of the day; what has no rate stands beside it', async () => {
  const total = async (asOf?: string) => {
    const [row] = await ask({ values: [{ op: 'total', field: 'amount' }], ...(asOf ? { asOf } : {}) });
    return row!.values[0];
  };
  expect(await total()).toEqual({ amount: '1050.50', currency: 'EUR' });
  await create(world.ada, 'deal', { name: 'Abroad', amount: '10 USD' });
  await create(world.ada, 'deal', { name: 'Far', amount: '7 JPY' });
  const unrated = [
    { amount: '1050.50', currency: 'EUR' },
    { amount: '7', currency: 'JPY' },
    { amount: '10.00', currency: 'USD' },
  ];
  expect(await total()).toEqual(unrated);
  const today = world.ada.clock.now().toISOString().slice(0, 10);
  const rates = [
    { currency: 'usd', validFrom: '2020-01-01', worth: '0.8 EUR' },
    { currency: 'USD', validFrom: today, worth: '0.90555 EUR' },
    { currency: 'USD', validFrom: '2999-01-01', worth: '5 EUR' },
    { currency: 'JPY', validFrom: '2020-01-01', worth: '0.01 USD' },
  ];
  for (const rate of rates) await create(world.ada, 'exchangeRate', rate);
  expect(await total()).toEqual([
    { amount: '1059.56', currency: 'EUR' },
    { amount: '7', currency: 'JPY' },
  ]);
  for (const [rate, code] of [
    [{ currency: 'XXQ', validFrom: today, worth: '1 EUR' }, 'notAChoice'],
    [{ currency: 'CHF', validFrom: today, worth: '0 EUR' }, 'outOfRange'],
    [{ currency: 'EUR', validFrom: today, worth: '1 EUR' }, 'sameCurrency'],
  ] as const)
    await expect(create(world.ada, 'exchangeRate', rate)).rejects.toMatchObject({ problems: [{ code }] });
});
