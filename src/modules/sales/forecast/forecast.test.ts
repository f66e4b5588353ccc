/** The forecast against sums made by hand, up the line of managers, then and now. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../../test/world.ts';
import { create, FarleyError, undo, update, write } from '../../../engine/index.ts';
import { percentOf, sum } from '../decimals.ts';
import { expected } from './expected.ts';
import { forecast } from './forecast.ts';

let world: World;
let stages: Record<string, string>;
const quarter = { from: '2026-01-01', to: '2026-03-31' };

beforeAll(async () => {
  world = await createWorld('forecast');
  stages = await stagesOf(world.ada);
  const { ada, max, sina, tom } = world;
  await update(ada, 'user', sina.actor.userId!, { manager: max.actor.userId });
  await update(ada, 'user', tom.actor.userId!, { manager: sina.actor.userId });
  await create(ada, 'exchangeRate', { currency: 'USD', validFrom: '2025-01-01', worth: '0.5 EUR' });
  const add = (owner: World['ada'], amount: string, stage: string, closeDate = '2026-03-20', more = {}) =>
    create(ada, 'deal', {
      name: `Deal of ${amount}`,
      amount,
      stage: stages[stage]!,
      closeDate,
      owner: owner.actor.userId,
      ...more,
    });
  await add(sina, '1000 EUR', 'Negotiation');
  await add(sina, '300 USD', 'Proposal');
  await add(sina, '77 EUR', 'Prospecting', '2026-04-01');
  await add(tom, '500.50 EUR', 'Won', '2026-02-01');
  await add(tom, '40 EUR', 'Lost', '2026-02-01');
  await add(tom, '80 EUR', 'Prospecting', '2026-03-31', { forecastCategory: 'omitted' });
  await add(max, '9 JPY', 'Qualified');
  await create(ada, 'deal', { name: 'Nobody’s', amount: '60 EUR', closeDate: '2026-01-01', owner: null });
  for (const [of, amount] of [
    [sina, '2000 EUR'],
    [tom, '700 EUR'],
  ] as const)
    await create(ada, 'quota', { user: of.actor.userId, ...quarter, amount });
  await create(max, 'forecastAdjustment', {
    user: sina.actor.userId,
    ...quarter,
    amount: '-250 EUR',
    reason: 'The board meets in April',
  });
});
afterAll(() => world.close());

const sellerOf = (answer: Awaited<ReturnType<typeof forecast>>, who: World['ada']) =>
  answer.sellers.find(seller => seller.user?.id === who.actor.userId)!;

test('categories, weighted, quota and adjustments, each alone and up the line', async () => {
  const answer = await forecast(world.ada, quarter);
  expect(sellerOf(answer, world.sina).own).toEqual({
    pipeline: '0.00',
    bestCase: '150.00',
    commit: '1000.00',
    closed: '0.00',
    weighted: '825.00',
    deals: 2,
    adjusted: { pipeline: '0.00', bestCase: '0.00', commit: '-250.00', closed: '0.00' },
    quota: '2000.00',
    overlay: '0.00',
  });
  expect(sellerOf(answer, world.tom).own).toMatchObject({
    closed: '500.50',
    weighted: '500.50',
    deals: 1,
    quota: '700.00',
  });
  const line = { bestCase: '150.00', commit: '1000.00', closed: '500.50', quota: '2700.00' };
  expect(sellerOf(answer, world.sina).line).toMatchObject({ ...line, weighted: '1325.50', deals: 3 });
  expect(sellerOf(answer, world.max)).toMatchObject({ line, own: { commit: '0.00', deals: 1 } });
  expect(answer.sellers.at(-1)).toMatchObject({ user: null, own: { pipeline: '60.00' } });
  expect(answer.total).toMatchObject({ ...line, pipeline: '60.00', deals: 5 });
  expect(answer.unrated).toEqual(['JPY']);
  expect(answer.sellers.some(seller => seller.user?.id === world.olga.actor.userId)).toBe(false);
});

test('a manager’s quota for the whole line takes the place of those below it, and is not added to them', async () => {
  const { ada, max, sina } = world;
  const whole = { user: max.actor.userId, ...quarter, amount: '2500 EUR', covers: 'line' };
  const id = await create(ada, 'quota', whole);
  const answer = await forecast(ada, quarter);
  expect(sellerOf(answer, max)).toMatchObject({ own: { quota: '0.00' }, line: { quota: '2500.00' } });
  expect(sellerOf(answer, sina).line.quota).toBe('2700.00');
  expect(answer.total.quota).toBe('2500.00');
  await update(ada, 'quota', id, { covers: 'own' });
  expect((await forecast(ada, quarter)).total.quota).toBe('5200.00');
  await write(ada, 'quota', [{ op: 'delete', id }]);
});

test('a quota of a pipeline counts there, and in all where someone has no other; one of each and one of none', async () => {
  const { ada, sina, max } = world;
  const pipeline = await create(ada, 'pipeline', { name: 'Service', position: 3 });
  const add = (who: World['ada'], amount: string, more = {}) =>
    write(ada, 'quota', [
      { op: 'create', values: { user: who.actor.userId, ...quarter, amount, pipeline, ...more } },
    ]);
  const made = [await add(sina, '300 EUR'), await add(max, '90 EUR')];
  const [here, all] = [await forecast(ada, { ...quarter, pipeline }), await forecast(ada, quarter)];
  expect([here.total.quota, sellerOf(here, sina).own.quota]).toEqual(['390.00', '300.00']);
  expect(here.sellers.some(({ user }) => user?.id === world.tom.actor.userId)).toBe(false);
  // Sina's of all stands; Max has this one alone.
  expect([all.total.quota, sellerOf(all, sina).own.quota]).toEqual(['2790.00', '2000.00']);
  expect(sellerOf(all, max).own.quota).toBe('90.00');
  for (const more of [{}, { pipeline: null }])
    await expect(add(sina, '1 EUR', more)).rejects.toMatchObject({
      problems: [{ pointer: '/user', code: 'duplicate' }],
    });
  // Two at once are told apart by the database.
  const both = await Promise.allSettled([1, 2].map(() => add(world.olga, '1 EUR', { pipeline: null })));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  for (const { changeSet } of made) await undo(ada, changeSet!);
  for (const each of both) if (each.status === 'fulfilled') await undo(ada, each.value.changeSet!);
});

test('an adjustment of a pipeline counts there and in the sum of all, one of none in the sum alone', async () => {
  const { ada, sina } = world;
  const other = await create(ada, 'pipeline', { name: 'Upsell', position: 2 });
  const more = { user: sina.actor.userId, ...quarter, amount: '30 EUR', reason: 'Sure', pipeline: other };
  const id = await create(ada, 'forecastAdjustment', more);
  const of = async (pipeline?: string) =>
    (await forecast(ada, { ...quarter, ...(pipeline ? { pipeline } : {}) })).total.adjusted.commit;
  expect([await of(), await of(other)]).toEqual(['-220.00', '30.00']);
  await write(ada, 'forecastAdjustment', [{ op: 'delete', id }]);
});

test('only what is in reach counts, of the period and pipeline asked for', async () => {
  const tom = await forecast(world.tom, quarter);
  expect(tom.total.closed).toBe('500.50');
  const olga = await forecast(world.olga, quarter);
  expect(olga).toMatchObject({ sellers: [], total: { deals: 0, quota: '0.00' } });
  const april = await forecast(world.ada, { from: '2026-04-01', to: '2026-04-30' });
  expect(april.total).toMatchObject({ pipeline: '77.00', deals: 1, quota: '0.00' });
  const other = await create(world.ada, 'pipeline', { name: 'Renewals', position: 1 });
  expect((await forecast(world.ada, { ...quarter, pipeline: other })).total.deals).toBe(0);
});

test('as of a moment it says what it said then', async () => {
  const then = world.clock.now().toISOString();
  const before = await forecast(world.ada, quarter);
  world.clock.move('2026-03-25T12:00:00.000Z');
  const { results } = await write(world.ada, 'deal', [
    { op: 'create', values: { name: 'New', amount: '5 EUR', closeDate: '2026-03-30' } },
  ]);
  expect((await forecast(world.ada, quarter)).total.deals).toBe(before.total.deals + 1);
  expect(await forecast(world.ada, { ...quarter, asOf: then })).toEqual(before);
  await write(world.ada, 'deal', [{ op: 'delete', id: results[0]!.id }]);
  expect((await forecast(world.ada, quarter)).total).toEqual(before.total);
});

test('the statistical forecast: what is won, and what the past lets expect of the rest', async () => {
  const answer = await expected(world.ada, quarter);
  expect(answer).toMatchObject({ currency: 'EUR', won: '500.50', learned: 2 });
  expect(Number(answer.low)).toBeGreaterThanOrEqual(500.5);
  expect(Number(answer.high)).toBeGreaterThanOrEqual(Number(answer.amount));
  const over = await expected(world.ada, { from: '2026-02-01', to: '2026-02-28' });
  expect(over).toMatchObject({
    ...{ won: '500.50', amount: '500.50', low: '500.50', high: '500.50', ways: [] },
  });
  expect((await expected(world.olga, quarter)).learned).toBe(0);
  const early = await expected(world.ada, { ...quarter, asOf: '2026-03-01T00:00:00Z' });
  expect(early).toMatchObject({ won: '0.00', learned: 0 });
});

test('a period ends after it begins', async () => {
  const wrong = { user: world.sina.actor.userId, from: '2026-04-01', to: '2026-03-01', amount: 1 };
  await expect(create(world.ada, 'quota', wrong)).rejects.toBeInstanceOf(FarleyError);
});

test('sums and shares are exact', () => {
  const cents = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  const text = (units: bigint) => {
    const digits = (units < 0n ? -units : units).toString().padStart(3, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  fc.assert(
    fc.property(fc.array(cents), all => {
      expect(sum(all.map(text))).toBe(text(all.reduce((a, b) => a + b, 0n)));
    }),
  );
  fc.assert(
    fc.property(cents, fc.integer({ min: 0, max: 100 }), (units, percent) => {
      const exact = units * BigInt(percent);
      const half = exact < 0n ? -50n : 50n;
      expect(percentOf(text(units), percent)).toBe(text((exact + half) / 100n));
    }),
  );
  expect(percentOf('100.00', 33.3)).toBe('33.30');
});
