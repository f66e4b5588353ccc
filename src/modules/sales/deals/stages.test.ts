/** What stages ask of deals and do with them: fields, steps, age, forecast category. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../../test/world.ts';
import { create, find, update, write } from '../../../engine/index.ts';
import { ageDeals } from './pipeline.ts';

let world: World;
let stages: Record<string, string>;
const days = (count: number) =>
  world.clock.move(new Date(Date.parse(start) + count * 86_400_000).toISOString());
const start = '2026-03-16T12:00:00.000Z';

beforeAll(async () => {
  world = await createWorld('stages');
  stages = await stagesOf(world.ada);
  await update(world.ada, 'stage', stages.Qualified!, {
    requires: ['amount', 'contacts'],
    checklist: ['Need is known', 'Budget is known'],
    maxDays: 10,
  });
  await update(world.ada, 'stage', stages.Proposal!, { gated: true, checklist: ['Offer sent'] });
});
afterAll(() => world.close());

const deal = (id: string) =>
  find(world.ada, 'deal', id, {
    fields: ['stage', 'probability', 'forecastCategory', 'checklist', 'stageSince', 'staleFrom'],
  });

test('a deal comes to a stage with what it asks for, and gets its steps, category and age', async () => {
  const id = await create(world.sina, 'deal', { name: 'Lobby bar' });
  expect(await deal(id)).toMatchObject({
    forecastCategory: 'pipeline',
    stageSince: start,
    staleFrom: null,
    checklist: null,
  });
  await expect(update(world.sina, 'deal', id, { stage: stages.Qualified! })).rejects.toMatchObject({
    problems: [
      { pointer: '/amount', code: 'required' },
      { pointer: '/contacts', code: 'required' },
    ],
  });
  const person = await create(world.sina, 'person', { name: 'Eva Lang' });
  days(3);
  await update(world.sina, 'deal', id, { stage: stages.Qualified!, amount: 500, contacts: [person] });
  expect(await deal(id)).toMatchObject({
    checklist: [
      { text: 'Need is known', done: false },
      { text: 'Budget is known', done: false },
    ],
    stageSince: '2026-03-19T12:00:00.000Z',
    staleFrom: '2026-03-29T12:00:00.000Z',
  });
  await expect(update(world.sina, 'deal', id, { stage: stages.Proposal! })).rejects.toMatchObject({
    problems: [{ pointer: '/checklist', code: 'openSteps' }],
  });
  const done = [
    { text: 'Need is known', done: true },
    { text: 'Budget is known', done: true },
  ];
  await update(world.sina, 'deal', id, { stage: stages.Proposal!, checklist: done });
  expect(await deal(id)).toMatchObject({
    forecastCategory: 'bestCase',
    checklist: [...done, { text: 'Offer sent', done: false }],
    staleFrom: null,
  });
  await update(world.sina, 'deal', id, { forecastCategory: 'commit' });
  await update(world.sina, 'deal', id, { nextStep: 'Call' });
  expect(await deal(id)).toMatchObject({ forecastCategory: 'commit' });
  // Whoever gives up needs nothing.
  await update(world.sina, 'deal', id, { stage: stages.Lost! });
});

test('a stage asks for fields that there are', async () => {
  await expect(
    update(world.ada, 'stage', stages.Negotiation!, { requires: ['amount', 'colour'] }),
  ).rejects.toMatchObject({ problems: [{ pointer: '/requires/1' }] });
});

test('another limit reaches the deals that are there', async () => {
  const id = await create(world.sina, 'deal', { name: 'Late', stage: stages.Negotiation! });
  const since = (await deal(id)).stageSince as string;
  await write(world.ada, 'stage', [{ op: 'update', id: stages.Negotiation!, values: { maxDays: 1 } }]);
  const told: number[] = [];
  const report = {
    done: (count: number) => void told.push(count),
    skipped() {},
    progress() {},
    result: async () => {},
    checkpoint: async () => {},
  };
  await ageDeals.run(
    world.system,
    { stage: stages.Negotiation! },
    report,
    null,
    new AbortController().signal,
  );
  expect(told).toEqual([1]);
  expect((await deal(id)).staleFrom).toBe(new Date(Date.parse(since) + 86_400_000).toISOString());
});
