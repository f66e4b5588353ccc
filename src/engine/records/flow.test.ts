/** Time in stage, and what became of deals between two moments. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import { flow } from './flow.ts';
import { timeIn } from './time-in.ts';
import { undo } from './undo.ts';
import { create, update, write } from './write.ts';

let world: World;
let stages: Record<string, string>;
const deals: Record<string, string> = {};
const day = 86_400;
const moment = (days: number) =>
  new Date(Date.parse('2026-03-16T12:00:00Z') + days * day * 1_000).toISOString();

/** Three deals over twenty days: A is won, B lost and its amount changed, C comes later and stays. */
beforeAll(async () => {
  world = await createWorld('flow');
  stages = await stagesOf(world.ada);
  const on = (days: number) => world.clock.move(moment(days));
  const add = async (name: string, amount: string) => {
    deals[name] = await create(world.sina, 'deal', { name, amount });
  };
  await add('A', '100 EUR');
  await add('B', '200 EUR');
  on(4);
  await update(world.sina, 'deal', deals.A!, { stage: stages.Qualified! });
  on(6);
  await update(world.sina, 'deal', deals.B!, { amount: '250 EUR' });
  const slip = await update(world.sina, 'deal', deals.B!, { stage: stages.Negotiation! });
  await undo(world.sina, slip.changeSet!);
  on(10);
  await update(world.sina, 'deal', deals.A!, { stage: stages.Won! });
  await add('C', '50 EUR');
  on(12);
  await update(world.sina, 'deal', deals.B!, { stage: stages.Lost! });
  on(20);
});
afterAll(() => world.close());

test('time in stage: of what was left, of what lasts, and what came next; what was undone did not happen', async () => {
  const found = await timeIn(world.ada, 'deal', { field: 'stage' });
  const of = (title: string) => found.find(stay => (stay.value as { title: string }).title === title);
  expect(of('Prospecting')).toEqual({
    value: { id: stages.Prospecting, title: 'Prospecting' },
    entered: 3,
    left: 2,
    median: 8 * day,
    average: 8 * day,
    lasting: 10 * day,
    next: [
      { value: { id: stages.Lost, title: 'Lost' }, count: 1 },
      { value: { id: stages.Qualified, title: 'Qualified' }, count: 1 },
    ].sort((a, b) => (a.value.id! < b.value.id! ? -1 : 1)),
  });
  expect(of('Qualified')).toMatchObject({ entered: 1, left: 1, median: 6 * day });
  expect(of('Won')).toMatchObject({ entered: 1, left: 0, median: null, average: null, lasting: 10 * day });
  expect(of('Negotiation')).toBeUndefined();
  const since4 = await timeIn(world.ada, 'deal', { field: 'stage', from: moment(4) });
  const told = since4.map(({ value, entered, median }) => [
    (value as { title: string }).title,
    entered,
    median,
  ]);
  expect(told.sort()).toEqual([
    ['Lost', 1, null],
    ['Prospecting', 1, null],
    ['Qualified', 1, 6 * day],
    ['Won', 1, null],
  ]);
  const early = await timeIn(world.ada, 'deal', { field: 'status', from: moment(11), to: moment(13) });
  expect(early).toMatchObject([{ value: 'lost', entered: 1 }]);
});

test('only fields with few values, within reach and rights', async () => {
  for (const field of ['amount', 'closeDate', 'name2', 'contacts'])
    await expect(timeIn(world.ada, 'deal', { field })).rejects.toMatchObject({ code: 'invalidQuery' });
  expect(await timeIn(world.olga, 'deal', { field: 'stage' })).toEqual([]);
  const blind = withRights(world.ada, {
    objects: { deal: { read: 'all', fields: { stage: 'none' } } },
  });
  await expect(timeIn(blind, 'deal', { field: 'stage' })).rejects.toMatchObject({ code: 'invalidQuery' });
  await expect(flow(blind, 'deal', { field: 'stage', from: moment(1) })).rejects.toMatchObject({
    code: 'invalidQuery',
  });
});

test('deal flow: where deals went between two moments, with their amounts at both', async () => {
  const streams = await flow(world.ada, 'deal', { field: 'status', from: moment(5), value: 'amount' });
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  expect(streams).toHaveLength(3);
  for (const stream of [
    { from: { presence: 'in', value: 'open' }, to: { presence: 'in', value: 'won' }, count: 1 },
    {
      from: { presence: 'in', value: 'open' },
      to: { presence: 'in', value: 'lost' },
      count: 1,
      before: eur('200.00'),
      after: eur('250.00'),
    },
    {
      from: { presence: 'absent', value: null },
      to: { presence: 'in', value: 'open' },
      count: 1,
      before: null,
      after: eur('50.00'),
    },
  ])
    expect(streams).toContainEqual(expect.objectContaining(stream));
});

test('deal flow of a selection: what left it is outside, what went to the trash is gone', async () => {
  const filter = { field: 'amount', op: 'lt', value: '220 EUR' };
  const left = await flow(world.ada, 'deal', { field: 'status', from: moment(5), to: moment(8), filter });
  expect(left).toContainEqual(
    expect.objectContaining({
      from: { presence: 'in', value: 'open' },
      to: { presence: 'outside', value: null },
      count: 1,
    }),
  );
  await write(world.ada, 'deal', [{ op: 'delete', id: deals.C! }]);
  world.clock.move(moment(21));
  const gone = await flow(world.ada, 'deal', { field: 'stage', from: moment(15) });
  expect(gone).toContainEqual(
    expect.objectContaining({
      from: { presence: 'in', value: { id: stages.Prospecting, title: 'Prospecting' } },
      to: { presence: 'absent', value: null },
    }),
  );
  await expect(flow(world.ada, 'deal', { field: 'stage', from: moment(99) })).rejects.toMatchObject({
    code: 'invalidQuery',
  });
});
