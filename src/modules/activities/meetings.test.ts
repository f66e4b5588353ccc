/** Meetings that come again: by the clock on the wall, one of them changed, the rest, or all; each becomes a record once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { type Context, carryOut, create, find, rows, step, undo, update } from '../../engine/index.ts';
import { type AgendaEntry, agenda } from './agenda.ts';
import { rolling } from './meeting-series.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('meetings');
  // A watch that is new begins with now.
  await step(world.system, rolling);
});
afterAll(() => world.close());

async function shown(ctx: Context, from: string, to: string, people?: string[]): Promise<AgendaEntry[]> {
  const question = {
    from: `${from}T00:00:00.000Z`,
    to: `${to}T00:00:00.000Z`,
    ...(people ? { people } : {}),
  };
  return ((await agenda.run(ctx, question as never)) as { entries: AgendaEntry[] }).entries;
}
const times = async (of: string, from: string, to: string) =>
  (await shown(world.sina, from, to))
    .filter(({ record }) => record.subject === of)
    .map(({ at }) => at.slice(0, 16));
const roll = async (at: string) => {
  world.clock.move(at);
  while (await step({ ...world.system, via: 'watch meetings' }, rolling));
};

/** Mondays at nine in Vienna, from 16 March 2026 on: the clocks change on the 29th. */
async function weekly(subject: string, more: object = {}): Promise<string> {
  const startsAt = '2026-03-16T08:00:00.000Z';
  const endsAt = '2026-03-16T09:30:00.000Z';
  return create(world.sina, 'meeting', {
    subject,
    startsAt,
    endsAt,
    repeats: 'FREQ=WEEKLY;BYDAY=MO',
    ...more,
  });
}
const change = (id: string, input: object) => carryOut(world.sina, 'meeting', 'change', id, input as never);
const cancel = (id: string, input: object) => carryOut(world.sina, 'meeting', 'cancel', id, input as never);
const of = (at: string) => `${at}:00.000Z`;

test('a series is a record and its rule: what follows is reckoned where it is looked at, nine stays nine', async () => {
  const id = await weekly('Round');
  expect(await times('Round', '2026-03-15', '2026-04-14')).toEqual([
    '2026-03-16T08:00',
    '2026-03-23T08:00',
    '2026-03-30T07:00',
    '2026-04-06T07:00',
    '2026-04-13T07:00',
  ]);
  expect(await times('Round', '2030-01-01', '2030-01-08')).toEqual(['2030-01-07T08:00']);
  const [first, second] = await shown(world.sina, '2026-03-15', '2026-03-24');
  expect([first, second]).toMatchObject([
    { id, occurrence: null, repeats: true },
    { id, occurrence: of('2026-03-23T08:00'), until: of('2026-03-23T09:30') },
  ]);
  expect(
    await rows(world.sina, 'meeting', { filter: { field: 'subject', op: 'is', value: 'Round' } }),
  ).toHaveLength(1);
  expect(await shown(world.olga, '2026-03-15', '2026-03-24', [world.sina.actor.userId!])).toEqual([]);
  await cancel(id, { scope: 'all' });
});

test('one is moved, one is left out, and taking that back brings both back', async () => {
  const id = await weekly('Standup');
  const moved = await change(id, {
    scope: 'this',
    occurrence: of('2026-03-23T08:00'),
    startsAt: '2026-03-24T13:00:00+01:00',
    subject: 'Standup',
    place: 'Hall',
  });
  const now = () => times('Standup', '2026-03-15', '2026-04-07');
  expect(await now()).toEqual([
    '2026-03-16T08:00',
    '2026-03-24T12:00',
    '2026-03-30T07:00',
    '2026-04-06T07:00',
  ]);
  const single = (moved.result as { id: string }).id;
  expect(await find(world.sina, 'meeting', single)).toMatchObject({
    endsAt: of('2026-03-24T13:30'),
    place: 'Hall',
    repeats: null,
    occurrence: of('2026-03-23T08:00'),
  });
  await undo(world.sina, moved.changeSet);
  await cancel(id, { scope: 'this', occurrence: of('2026-03-30T07:00') });
  await expect(cancel(id, { scope: 'this', occurrence: of('2026-03-30T07:00') })).rejects.toThrow(
    /no meeting at/,
  );
  expect(await now()).toEqual(['2026-03-16T08:00', '2026-03-23T08:00', '2026-04-06T07:00']);
  // The record itself is one of the series: left out, it goes on to the next.
  await cancel(id, { scope: 'this' });
  expect(await now()).toEqual(['2026-03-23T08:00', '2026-04-06T07:00']);
  await cancel(id, { scope: 'all' });
  expect(await now()).toEqual([]);
});

test('this one and those that follow become a series of their own; so many times stay so many', async () => {
  const id = await weekly('Course', { repeats: 'FREQ=WEEKLY;COUNT=5;BYDAY=MO' });
  const all = () => times('Course', '2026-03-01', '2026-06-01');
  const split = await change(id, {
    scope: 'following',
    occurrence: of('2026-03-30T07:00'),
    startsAt: of('2026-03-31T08:00'),
    endsAt: of('2026-03-31T09:00'),
  });
  const later = (split.result as { id: string }).id;
  expect(await all()).toEqual([
    '2026-03-16T08:00',
    '2026-03-23T08:00',
    '2026-03-31T08:00',
    '2026-04-07T08:00',
    '2026-04-14T08:00',
  ]);
  expect(await find(world.sina, 'meeting', later)).toMatchObject({
    repeats: 'FREQ=WEEKLY;BYDAY=TU;COUNT=3',
    series: later,
  });
  await change(later, {
    scope: 'all',
    occurrence: of('2026-04-07T08:00'),
    startsAt: of('2026-04-07T10:00'),
    subject: 'Course',
  });
  expect((await all()).slice(2)).toEqual(['2026-03-31T10:00', '2026-04-07T10:00', '2026-04-14T10:00']);
  await cancel(later, { scope: 'following', occurrence: of('2026-04-07T10:00') });
  expect(await all()).toEqual(['2026-03-16T08:00', '2026-03-23T08:00', '2026-03-31T10:00']);
  await undo(world.sina, split.changeSet).catch(error => expect(error.code).toBe('undoConflict'));
});

test('each becomes a record when it begins, once, with its reminder; the one before keeps what was said of it', async () => {
  const id = await weekly('Tasting', { reminder: 'before15', place: 'Bar' });
  await update(world.sina, 'meeting', id, { notes: 'Bring cups' });
  await Promise.all([roll('2026-03-16T08:00:30.000Z'), roll('2026-03-16T08:00:30.000Z')]);
  const filter = { field: 'series', op: 'is', value: id };
  const found = async () =>
    (await rows(world.sina, 'meeting', { filter, sort: ['startsAt'] })) as Record<string, unknown>[];
  expect(await found()).toMatchObject([
    { id, repeats: null, startsAt: of('2026-03-16T08:00'), notes: 'Bring cups', place: 'Bar' },
    { repeats: 'FREQ=WEEKLY;BYDAY=MO', startsAt: of('2026-03-23T08:00'), remindAt: of('2026-03-23T07:45') },
  ]);
  await roll('2026-03-30T07:00:01.000Z');
  expect((await found()).map(({ startsAt, remindAt }) => [startsAt, remindAt]).slice(2)).toEqual([
    [of('2026-03-30T07:00'), of('2026-03-30T06:45')],
    [of('2026-04-06T07:00'), of('2026-04-06T06:45')],
  ]);
  expect(await times('Tasting', '2026-03-15', '2026-04-14')).toEqual([
    '2026-03-16T08:00',
    '2026-03-23T08:00',
    '2026-03-30T07:00',
    '2026-04-06T07:00',
    '2026-04-13T07:00',
  ]);
  // Moved as a record, only this one is.
  const next = (await found())[3]!.id as string;
  await update(world.sina, 'meeting', next, {
    startsAt: of('2026-04-06T10:00'),
    endsAt: of('2026-04-06T11:00'),
  });
  expect(await times('Tasting', '2026-04-01', '2026-04-14')).toEqual([
    '2026-04-06T10:00',
    '2026-04-13T07:00',
  ]);
});

test('the agenda has what is due and what takes place, of those who are asked for', async () => {
  const { sina, tom } = world;
  await create(tom, 'task', { subject: 'Order', dueAt: '2026-05-04T08:00:00.000Z' });
  await create(sina, 'call', { subject: 'Talk', startedAt: '2026-05-04T07:00:00.000Z', duration: 1_800 });
  await create(sina, 'meeting', {
    subject: 'Fair',
    startsAt: '2026-05-01T22:00:00.000Z',
    endsAt: '2026-05-05T22:00:00.000Z',
    allDay: true,
  });
  const both = [sina.actor.userId!, tom.actor.userId!];
  const entries = (await shown(sina, '2026-05-04', '2026-05-05', both)).filter(({ repeats }) => !repeats);
  expect(entries).toMatchObject([
    { object: 'meeting', allDay: true },
    { object: 'call', until: '2026-05-04T07:30:00.000Z' },
    { object: 'task', done: false, owner: tom.actor.userId },
  ]);
  await expect(shown(sina, '2026-05-04', '2028-05-05')).rejects.toThrow(/400 days/);
});
