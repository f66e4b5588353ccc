/** Sellers share in deals: what each counts for, in the forecast, for targets, for teams and in leaderboards. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../../test/world.ts';
import { carryOut, create, find, rows, undo, update } from '../../../engine/index.ts';
import { dashboard } from '../dashboards/dashboard.ts';
import { forecastBy } from '../forecast/by.ts';
import { forecast } from '../forecast/forecast.ts';
import { measured } from '../targets/metrics.ts';
import { shareAnew } from './split.ts';

let world: World;
let deal: string;
const days = { from: '2026-03-01', to: '2026-03-31' };
const report = { done() {}, skipped() {}, progress() {}, result: async () => {}, checkpoint: async () => {} };

beforeAll(async () => {
  world = await createWorld('split');
  const { sina } = world;
  deal = await create(sina, 'deal', {
    name: 'Bar',
    amount: '100.01 EUR',
    closeDate: '2026-03-20',
    owner: sina.actor.userId,
  });
});
afterAll(() => world.close());

const split = (...splits: { user: string; share?: number; amount?: string; kind?: string }[]) =>
  carryOut(world.sina, 'deal', 'split', deal, { splits });
const pipelineOf = async () => {
  const { sellers, total } = await forecast(world.ada, days);
  const of = (user: World['ada']) => sellers.find(each => each.user?.id === user.actor.userId)?.own.pipeline;
  return [of(world.sina), of(world.tom), total.pipeline];
};

test('shares add up to all of it, and overlays come on top', async () => {
  const [sina, tom] = [world.sina.actor.userId!, world.tom.actor.userId!];
  await expect(split({ user: sina, share: 60 }, { user: tom, share: 30 })).rejects.toMatchObject({
    problems: [{ pointer: '/splits', code: 'uneven' }],
  });
  await expect(split({ user: sina, share: 50 }, { user: sina, share: 50 })).rejects.toMatchObject({
    problems: [{ code: 'duplicate' }],
  });
  expect(await pipelineOf()).toEqual(['100.01', undefined, '100.01']);
  const { changeSet } = await split(
    { user: sina, share: 50 },
    { user: tom, share: 50 },
    { user: world.max.actor.userId!, kind: 'overlay', share: 20 },
  );
  // What cannot be halved stays with the owner.
  expect(await pipelineOf()).toEqual(['50.00', '50.01', '100.01']);
  await undo(world.sina, changeSet);
  expect(await pipelineOf()).toEqual(['100.01', undefined, '100.01']);
});

test('splits follow the amount, count for targets once won, and are set by the verb alone', async () => {
  const [sina, tom] = [world.sina.actor.userId!, world.tom.actor.userId!];
  await split({ user: sina, amount: '40.004' }, { user: tom, amount: '60.006' });
  await update(world.sina, 'deal', deal, { amount: '200 EUR' });
  await shareAnew.run(world.system, { deals: [deal] }, report, null, new AbortController().signal);
  const splits = await rows(world.ada, 'dealSplit', { fields: ['share', 'amount'], sort: ['share'] });
  expect(splits).toMatchObject([
    { share: 40, amount: { amount: '80.00' } },
    { share: 60, amount: { amount: '120.00' } },
  ]);
  await expect(update(world.sina, 'dealSplit', splits[0]!.id as string, { share: 1 })).rejects.toThrow();
  await update(world.sina, 'deal', deal, { stage: (await stagesOf(world.ada)).Won! });
  await shareAnew.run(world.system, { deals: [deal] }, report, null, new AbortController().signal);
  const { closeDate } = await find(world.ada, 'deal', deal, { fields: ['closeDate'] });
  expect(closeDate).toBe('2026-03-20');
  const values = (await measured(world.ada, [{ metric: 'wonRevenue', days }]))('wonRevenue', days);
  expect([values.get(sina), values.get(tom)].map(Number)).toEqual([80, 120]);
});

test('leaderboards, teams and overlays: shared amounts go to who shares, overlays stand beside', async () => {
  const { ada, sina, olga, tom } = world;
  const [hers, his, hers2] = [sina, tom, olga].map(each => each.actor.userId!) as [string, string, string];
  // Of 200 Sina keeps half, Olga of another team has the other, and Tom has helped.
  await split(
    { user: hers, share: 50 },
    { user: hers2, share: 50 },
    { user: his, kind: 'overlay', share: 20 },
  );
  const leaders = async (scope: object = {}) =>
    (await dashboard(ada, { ...days, ...scope })).sellers.map(each => [
      each.user?.title,
      each.won,
      ...[each.amount, each.overlay].map(Number),
    ]);
  const whole = [
    ['Sina Gruber', 1, 100, 0],
    ['Olga Petrenko', 0, 100, 0],
    ['Tom Eder', 0, 0, 40],
  ];
  expect((await leaders()).sort()).toEqual([...whole].sort());
  // Whoever asks for Olga's deals hears of what she has of others'.
  expect(await leaders({ owner: hers2 })).toEqual([['Olga Petrenko', 0, 100, 0]]);
  expect(await leaders({ filter: { field: 'name', op: 'is', value: 'Another' } })).toEqual([]);
  const { groups } = await forecastBy(ada, { ...days, by: 'team' });
  const teams = groups.map(({ group, closed, count }) => [(group as { title: string }).title, closed, count]);
  expect(teams.sort()).toEqual([
    ['Inside sales', '100.00', 1],
    ['Support', '100.00', 0],
  ]);
  expect((await forecastBy(ada, { ...days, by: 'company' })).groups).toMatchObject([{ closed: '200.00' }]);
  const { sellers, total } = await forecast(ada, days);
  expect(sellers.find(({ user }) => user?.id === his)?.own).toMatchObject({
    closed: '0.00',
    overlay: '40.00',
  });
  expect(total).toMatchObject({ closed: '200.00', overlay: '40.00' });
  const values = (await measured(ada, [{ metric: 'overlayRevenue', days }]))('overlayRevenue', days);
  expect([...values].map(([who, value]) => [who, Number(value)])).toEqual([[his, 40]]);
});
