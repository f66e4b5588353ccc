/** What stages ask of deals and do with them: fields, steps, age, forecast category. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../../test/world.ts';
import { carryOut, create, find, type JobSpec, rows, undo, update, write } from '../../../engine/index.ts';
import { ageDeals, checkNextSteps, takeStages } from './pipeline.ts';

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

test('what a new workspace starts with has the names that every language knows', async () => {
  const objects = [...world.system.model.objects.values()].filter(({ spec }) => spec.shipped);
  expect(objects.map(({ name }) => name)).toEqual(expect.arrayContaining(['pipeline', 'role', 'stage']));
  for (const { name, title, spec } of objects) {
    const found = await rows(world.system, name, { fields: [title.name] });
    expect(spec.shipped, name).toEqual(expect.arrayContaining(found.map(row => row[title.name])));
  }
});

/** What a job says it has done. */
async function runs(job: JobSpec, payload: Record<string, string>): Promise<number[]> {
  const told: number[] = [];
  const report = {
    done: (count: number) => void told.push(count),
    skipped() {},
    progress() {},
    result: async () => {},
    checkpoint: async () => {},
  };
  await job.run(world.system, payload, report, null, new AbortController().signal);
  return told;
}

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
  expect(await runs(ageDeals, { stage: stages.Negotiation! })).toEqual([1]);
  expect((await deal(id)).staleFrom).toBe(new Date(Date.parse(since) + 86_400_000).toISOString());
});

test('a pipeline starts with the stages of another, and goes with them; only the verb makes it the default', async () => {
  const [sales] = await rows(world.ada, 'pipeline', { fields: ['isDefault'] });
  const made = await write(world.ada, 'pipeline', [
    { op: 'create', values: { name: 'A first name', position: -5, template: sales!.id as string } },
  ]);
  const id = made.results[0]!.id;
  expect(await runs(takeStages, { pipeline: id })).toEqual([6]);
  expect(await runs(takeStages, { pipeline: id })).toEqual([]);
  const of = { filter: { field: 'pipeline', op: 'is', value: id }, fields: ['name', 'requires'] };
  const taken = await rows(world.ada, 'stage', of);
  expect(taken[1]).toMatchObject({ name: 'Qualified', requires: ['amount', 'contacts'] });
  const where = async () =>
    (
      await find(world.sina, 'deal', await create(world.sina, 'deal', { name: 'Any' }), {
        fields: ['pipeline'],
      })
    ).pipeline;
  expect(await where()).toMatchObject({ id: sales!.id });
  const { changeSet } = await carryOut(world.ada, 'pipeline', 'makeDefault', id, {});
  expect(await where()).toMatchObject({ id });
  await undo(world.ada, changeSet);
  expect(await where()).toMatchObject({ id: sales!.id });
});

test('making a pipeline and giving it stages is one act', async () => {
  const [sales] = await rows(world.ada, 'pipeline', { fields: [] });
  const { changeSet, results } = await write(world.ada, 'pipeline', [
    { op: 'create', values: { name: 'Short-lived', template: sales!.id as string } },
  ]);
  await runs(takeStages, { pipeline: results[0]!.id });
  await undo(world.ada, changeSet!);
  const filter = { field: 'pipeline.name', op: 'is', value: 'Short-lived' };
  expect(await rows(world.ada, 'stage', { filter, fields: [] })).toEqual([]);
});

test('a pipeline that insists on next steps marks deals without one, and lets none move on', async () => {
  const [sales] = await rows(world.ada, 'pipeline', { fields: [] });
  const id = await create(world.sina, 'deal', { name: 'Idle', stage: stages.Prospecting! });
  const lacks = async () => (await find(world.sina, 'deal', id, { fields: ['lacksStep'] })).lacksStep;
  expect(await lacks()).toBe(false);
  await update(world.ada, 'pipeline', sales!.id as string, { nextStepRule: 'warn' });
  await runs(checkNextSteps, { pipeline: sales!.id as string });
  expect(await lacks()).toBe(true);
  await update(world.sina, 'deal', id, { stage: stages.Negotiation! });
  await update(world.ada, 'pipeline', sales!.id as string, { nextStepRule: 'refuse' });
  await expect(update(world.sina, 'deal', id, { stage: stages.Prospecting! })).rejects.toMatchObject({
    problems: [{ pointer: '/nextStep', code: 'required' }],
  });
  await update(world.sina, 'deal', id, { stage: stages.Prospecting!, nextStep: 'Call' });
  expect(await lacks()).toBe(false);
  await update(world.sina, 'deal', id, { stage: stages.Lost!, nextStep: null });
});
