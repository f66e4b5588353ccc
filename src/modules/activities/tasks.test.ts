/** Tasks that come again, wait for each other, and are reminded of. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { carryOut, create, find, rows, step, undo, update, type Values } from '../../engine/index.ts';
import { nextOccurrence } from './recur.ts';
import { repeating } from './repeating.ts';
import { unreached } from './unreached.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('tasks');
});
afterAll(() => world.close());

describe('a series by the clock on the wall', () => {
  const of = (
    rule: string,
    anchor: string,
    count: number,
    exceptions: string[] = [],
    zone = 'Europe/Vienna',
  ) => {
    const found: string[] = [];
    for (let after = anchor; found.length < count; ) {
      const next = nextOccurrence({ rule, anchor, exceptions }, after, zone);
      if (next === null) break;
      found.push(next);
      after = next;
    }
    return found;
  };

  test.each([
    [
      'nine stays nine in spring',
      'FREQ=DAILY',
      '2026-03-27T08:00:00.000Z',
      3,
      ['2026-03-28T08:00:00.000Z', '2026-03-29T07:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    ],
    [
      'nine stays nine in autumn',
      'FREQ=WEEKLY',
      '2026-10-18T07:00:00.000Z',
      2,
      ['2026-10-25T08:00:00.000Z', '2026-11-01T08:00:00.000Z'],
    ],
    [
      'an hour that is left out is the one after it',
      'FREQ=DAILY',
      '2026-03-28T01:30:00.000Z',
      2,
      ['2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    [
      'workdays',
      'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      '2026-06-05T07:00:00.000Z',
      2,
      ['2026-06-08T07:00:00.000Z', '2026-06-09T07:00:00.000Z'],
    ],
    [
      'the last Friday',
      'FREQ=MONTHLY;BYDAY=-1FR',
      '2026-01-30T08:00:00.000Z',
      2,
      ['2026-02-27T08:00:00.000Z', '2026-03-27T08:00:00.000Z'],
    ],
    ['so many times', 'FREQ=DAILY;COUNT=2', '2026-06-01T07:00:00.000Z', 5, ['2026-06-02T07:00:00.000Z']],
    [
      'until the end of a day',
      'FREQ=DAILY;UNTIL=20260602',
      '2026-06-01T21:30:00.000Z',
      5,
      ['2026-06-02T21:30:00.000Z'],
    ],
    [
      'until a moment',
      'FREQ=DAILY;UNTIL=20260602T073000Z',
      '2026-06-01T07:00:00.000Z',
      5,
      ['2026-06-02T07:00:00.000Z'],
    ],
  ])('%s', (_, rule, anchor, count, expected) => {
    expect(of(rule, anchor, count)).toEqual(expected);
  });

  test('exceptions are left out', () => {
    expect(of('FREQ=DAILY', '2026-06-01T07:00:00.000Z', 1, ['2026-06-02T07:00:00.000Z'])).toEqual([
      '2026-06-03T07:00:00.000Z',
    ]);
  });
});

async function openOf(series: string): Promise<Values[]> {
  const filter = {
    and: [
      { field: 'series', op: 'is', value: series },
      { field: 'status', op: 'is', value: 'open' },
    ],
  };
  return rows(world.sina, 'task', { filter });
}
const watch = async () => {
  while (await step({ ...world.system, via: 'watch repeating' }, repeating));
};

test('completing makes the next one in the same act, with its reminder and fresh steps; undo takes both back', async () => {
  const { sina } = world;
  const id = await create(sina, 'task', {
    subject: 'Clean the grinder',
    dueAt: '2026-03-20T08:00:00.000Z',
    remindAt: '2026-03-20T07:30:00.000Z',
    repeats: 'FREQ=WEEKLY',
    checklist: [{ text: 'Brush', done: true }],
  });
  const done = await carryOut(sina, 'task', 'complete', id, {});
  const [next, ...others] = await openOf(id);
  expect(others).toEqual([]);
  expect(next).toMatchObject({
    subject: 'Clean the grinder',
    dueAt: '2026-03-27T08:00:00.000Z',
    remindAt: '2026-03-27T07:30:00.000Z',
    checklist: [{ text: 'Brush', done: false }],
    owner: { id: sina.actor.userId },
  });
  await watch();
  expect(await openOf(id)).toHaveLength(1);
  await undo(sina, done.changeSet);
  await watch();
  expect((await openOf(id)).map(task => task.id)).toEqual([id]);
});

test('done by any other door the next one comes as well, once; open again it goes', async () => {
  const { sina } = world;
  await watch();
  const id = await create(sina, 'task', {
    subject: 'Water the plants',
    dueAt: '2026-03-16T08:00:00.000Z',
    repeats: 'FREQ=DAILY',
  });
  await update(sina, 'task', id, { status: 'done' });
  await watch();
  await watch();
  expect((await openOf(id)).map(task => task.dueAt)).toEqual(['2026-03-17T08:00:00.000Z']);
  await update(sina, 'task', id, { status: 'open' });
  await watch();
  expect((await openOf(id)).map(task => task.id)).toEqual([id]);
});

test('one can be skipped: the series goes on without it', async () => {
  const { sina } = world;
  const id = await create(sina, 'task', {
    subject: 'Stocktaking',
    dueAt: '2026-03-17T08:00:00.000Z',
    repeats: 'FREQ=DAILY',
  });
  await carryOut(sina, 'task', 'skip', id, {});
  expect(await find(sina, 'task', id)).toMatchObject({
    dueAt: '2026-03-18T08:00:00.000Z',
    exceptions: ['2026-03-17T08:00:00.000Z'],
  });
  const plain = await create(sina, 'task', { subject: 'Once' });
  await expect(carryOut(sina, 'task', 'skip', plain, {})).rejects.toThrow(/not possible/);
});

test('what waits for another is not completed before it; what repeats needs a first day', async () => {
  const { sina } = world;
  const first = await create(sina, 'task', { subject: 'Get the offer signed' });
  const then = await create(sina, 'task', { subject: 'Order', blockedBy: [first], parent: first });
  await expect(carryOut(sina, 'task', 'complete', then, {})).rejects.toThrow(
    'Get the offer signed has to be done before.',
  );
  // What waits for each other would wait for ever, however long the way round.
  const last = await create(sina, 'task', { subject: 'Install', blockedBy: [then] });
  await expect(update(sina, 'task', first, { blockedBy: [last] })).rejects.toThrow(/leads back/);
  await expect(update(sina, 'task', then, { blockedBy: [first, then] })).rejects.toThrow(/leads back/);
  await carryOut(sina, 'task', 'complete', first, {});
  await carryOut(sina, 'task', 'complete', then, {});
  await expect(create(sina, 'task', { subject: 'When?', repeats: 'FREQ=DAILY' })).rejects.toThrow(
    /needs a day/,
  );
  await expect(update(sina, 'task', first, { parent: then })).rejects.toThrow(/leads back/);
});

test('a reminder moves along, stays off once it was switched off, and is where it was put', async () => {
  const { sina } = world;
  const id = await create(sina, 'task', { subject: 'Call', dueAt: '2026-04-01T08:00:00.000Z' });
  const reminder = async () => (await find(sina, 'task', id)).remindAt;
  expect(await reminder()).toBe('2026-04-01T08:00:00.000Z');
  await update(sina, 'task', id, { remindAt: '2026-04-01T07:00:00.000Z' });
  await update(sina, 'task', id, { dueAt: '2026-04-02T08:00:00.000Z' });
  expect(await reminder()).toBe('2026-04-02T07:00:00.000Z');
  await update(sina, 'task', id, { remindAt: null });
  await update(sina, 'task', id, { dueAt: '2026-04-03T08:00:00.000Z' });
  expect(await reminder()).toBeNull();
});

test('who is named in a note and could not see it is told of before it is there; nothing is left of asking', async () => {
  const { sina, tom, olga } = world;
  const id = await create(sina, 'company', { name: 'Hotel Imperial' });
  const ask = (who: typeof sina, users: string[]) =>
    unreached.run(who, { kind: 'note', object: 'company', id, users } as never) as Promise<{
      users: string[];
    }>;
  const [toms, olgas] = [tom.actor.userId!, olga.actor.userId!];
  expect(await ask(sina, [toms, olgas])).toEqual({ users: [olgas] });
  expect(await rows(sina, 'note', { filter: { field: 'body', op: 'startsWith', value: '…' } })).toEqual([]);
  await expect(ask(olga, [toms])).rejects.toThrow();
});
