/** Who is told of what: once, only of what they see, only what they want; and reminders on both sides of summer time. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../test/world.ts';
import {
  type Context,
  carryOut,
  create,
  rows,
  step,
  undo,
  update,
  type Values,
  write,
} from '../../engine/index.ts';
import { linesFor, readerOf } from './letters.ts';
import { notifications } from './module.ts';

let world: World;
const [telling, reminding] = notifications.watches!;

beforeAll(async () => {
  world = await createWorld('notifications');
});
afterAll(() => world.close());

/** Everything that has to be told by now is told. */
async function settle() {
  for (const watch of [telling!, reminding!]) {
    const ctx = { ...world.system, via: `watch ${watch.name}` };
    while (await step(ctx, watch));
  }
}

/** What someone is told, the latest last; and forgets. */
async function told(ctx: Context): Promise<Values[]> {
  await settle();
  const found = await rows(ctx, 'notification', { sort: ['createdAt'] });
  await write(
    ctx,
    'notification',
    found.map(({ id }) => ({ op: 'delete', id: id as string })),
  );
  return found;
}
const kinds = async (ctx: Context) => (await told(ctx)).map(({ kind }) => kind);
const idOf = (ctx: Context) => ctx.actor.userId!;
const mention = (ctx: Context) => `[@${ctx.actor.name}](user:${idOf(ctx)})`;

beforeEach(async () => {
  await settle();
  for (const who of ['ada', 'max', 'sina', 'tom', 'olga', 'rita'] as const) await told(world[who]);
});

test('who is named is told where they can see it, and only once', async () => {
  const { sina, tom, olga } = world;
  const company = await create(sina, 'company', { name: 'Hotel Sacher' });
  const about = [{ object: 'company', id: company }];
  const body = `${mention(tom)} and ${mention(olga)}, look: ${mention(tom)}`;
  const note = await create(sina, 'note', { body, about });
  const [first, ...others] = await told(tom);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    kind: 'mention',
    about: { object: 'company', id: company, title: 'Hotel Sacher' },
    source: { id: note },
    actor: { id: idOf(sina) },
  });
  // Olga is of another team: she is not told that there is something.
  expect(await told(olga)).toEqual([]);
  expect(await told(sina)).toEqual([]);
  await update(sina, 'note', note, { body: `${body} please` });
  expect(await kinds(tom)).toEqual([]);
  const [stored] = await rows(sina, 'note', { filter: { field: 'id', op: 'is', value: note } });
  expect(stored!.mentions).toEqual([
    { id: idOf(tom), title: 'Tom Eder' },
    { id: idOf(olga), title: 'Olga Petrenko' },
  ]);
  expect(stored!.subject).toBe('@Tom Eder and @Olga Petrenko, look: @Tom Eder');
});

test('a thread tells those who speak in it, followers are told of comments and moves, and who does not want to is not', async () => {
  const { sina, tom, max } = world;
  const deal = await create(sina, 'deal', { name: 'Machines' });
  const about = [{ object: 'deal', id: deal }];
  const first = await create(tom, 'note', { body: 'How does it look?', about });
  expect(await kinds(sina)).toEqual(['comment']);
  await create(sina, 'note', { body: 'Well', about, replyTo: first });
  expect(await kinds(tom)).toEqual(['comment']);
  expect(await kinds(max)).toEqual([]);

  await create(max, 'follow', { record: { object: 'deal', id: deal } });
  await create(sina, 'follow', { record: { object: 'deal', id: deal }, following: false });
  const stages = await stagesOf(sina);
  await carryOut(sina, 'deal', 'move', deal, { stage: stages.Proposal });
  expect(await kinds(max)).toEqual(['move']);
  await create(tom, 'note', { body: 'And now?', about });
  expect(await kinds(max)).toEqual(['comment']);
  expect(await kinds(sina)).toEqual([]);

  await update(world.system, 'user', idOf(max), { silenced: ['comment'] });
  await create(tom, 'note', { body: 'Hello?', about });
  expect(await kinds(max)).toEqual([]);
  await update(world.system, 'user', idOf(max), { silenced: null });
});

test('one act on many records is one notification; taking it back takes that back; imports tell nobody', async () => {
  const { max, tom, sina } = world;
  const operations = Array.from({ length: 30 }, (_, n) => ({
    op: 'create' as const,
    values: { name: `Deal ${n}`, owner: idOf(sina) },
  }));
  const { results } = await write(sina, 'deal', operations);
  const given = await write(
    max,
    'deal',
    results.map(({ id }) => ({ op: 'update' as const, id, values: { owner: idOf(tom) } })),
  );
  expect(await told(tom)).toMatchObject([{ kind: 'assignment', count: 30, actor: { id: idOf(max) } }]);
  await undo(max, given.changeSet!);
  expect(await kinds(tom)).toEqual([]);

  const again = await write(max, 'deal', [
    { op: 'update', id: results[0]!.id, values: { owner: idOf(tom) } },
  ]);
  await settle();
  await undo(max, again.changeSet!);
  expect(await kinds(tom)).toEqual([]);

  await create({ ...max, via: 'import' }, 'deal', { name: 'Imported', owner: idOf(tom) });
  expect(await kinds(tom)).toEqual([]);
});

test('nobody makes others believe something: a notification is for who makes it', async () => {
  const { tom, sina } = world;
  await expect(create(tom, 'notification', { kind: 'mention', owner: idOf(sina) })).rejects.toThrow(
    /not set by hand/,
  );
  await create(tom, 'notification', { kind: 'mention' });
  expect(await rows(world.ada, 'notification')).toEqual([]);
  expect(await rows(tom, 'notification')).toHaveLength(1);
});

const spring = { before: '2026-03-28T08:00:00.000Z', after: '2026-03-29T07:00:00.000Z' };
const autumn = { before: '2026-10-24T07:00:00.000Z', after: '2026-10-25T08:00:00.000Z' };

test.each([
  ['spring', spring],
  ['autumn', autumn],
])('reminders come once at their moment, around the change of %s, however many look', async (_, days) => {
  const { sina, clock } = world;
  clock.move(new Date(Date.parse(days.before) - 3_600_000).toISOString());
  const owner = idOf(sina);
  // Nine o'clock in Vienna on the day before, and on the day of the change.
  await create(sina, 'task', { subject: 'Before', dueAt: days.before, owner });
  await create(sina, 'task', { subject: 'After', dueAt: days.after, owner });
  const [before, after] = [days.before, days.after].map(moment => Date.parse(moment));
  const meeting = await create(sina, 'meeting', {
    subject: 'Tasting',
    startsAt: days.after,
    reminder: 'before60',
  });
  const titles = async () => (await told(sina)).map(({ about }) => (about as { title: string }).title);
  expect(await titles()).toEqual([]);
  clock.move(new Date(before! - 1).toISOString());
  expect(await titles()).toEqual([]);
  clock.move(days.before);
  const look = () => step({ ...world.system, via: 'watch reminders' }, reminding!);
  clock.move(new Date(before! + 6_000).toISOString());
  await Promise.all([look(), look(), look()]);
  expect(await titles()).toEqual(['Before']);
  expect(await titles()).toEqual([]);
  clock.move(new Date(after! - 3_600_000).toISOString());
  expect(await titles()).toEqual(['Tasting']);
  await update(sina, 'meeting', meeting, { startsAt: new Date(after! + 3_600_000).toISOString() });
  clock.move(days.after);
  // Moved to a later hour it comes again, as does the task of this hour.
  expect((await titles()).sort()).toEqual(['After', 'Tasting']);
});

test('what was snoozed comes back as new; a task that is done is not reminded of', async () => {
  const { sina, clock } = world;
  clock.move('2026-06-01T08:00:00.000Z');
  const task = await create(sina, 'task', { subject: 'Call back', dueAt: '2026-06-01T09:00:00.000Z' });
  await create(sina, 'task', { subject: 'Done by then', dueAt: '2026-06-01T09:00:00.000Z', status: 'done' });
  clock.move('2026-06-01T09:00:10.000Z');
  await settle();
  const [only, ...others] = await rows(sina, 'notification');
  expect([only!.about, others]).toMatchObject([{ id: task }, []]);
  await update(sina, 'notification', only!.id as string, {
    readAt: clock.now().toISOString(),
    snoozedUntil: '2026-06-02T07:00:00.000Z',
  });
  clock.move('2026-06-02T06:59:00.000Z');
  await settle();
  const find = async () => (await rows(sina, 'notification'))[0];
  expect(await find()).toMatchObject({ snoozedUntil: '2026-06-02T07:00:00.000Z' });
  clock.move('2026-06-02T07:00:01.000Z');
  await settle();
  expect(await find()).toMatchObject({ snoozedUntil: null, readAt: null });
});

test('who is asked to a meeting is told, once for a series, and reminded like its organiser unless they declined', async () => {
  const { sina, tom, olga } = world;
  const now = world.clock.now().getTime();
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const meeting = await create(sina, 'meeting', {
    subject: 'Tasting',
    startsAt: at(30),
    reminder: 'before10',
    repeats: 'FREQ=DAILY',
    colleagues: [idOf(tom), idOf(olga)],
  });
  expect(await told(olga)).toMatchObject([
    { kind: 'invitation', about: { id: meeting, title: 'Tasting' }, actor: { id: idOf(sina) } },
  ]);
  expect(await kinds(tom)).toEqual(['invitation']);
  await carryOut(tom, 'meeting', 'answer', meeting, { answer: 'declined' } as never);
  world.clock.move(at(20));
  expect(await kinds(olga)).toEqual(['reminder']);
  // Mail and browser lead to what to know before the talk.
  await settle();
  const [{ id }] = (await rows(sina, 'notification', {})) as [{ id: string }];
  expect(await linesFor(world.system, (await readerOf(world.system, idOf(sina)))!, [id])).toMatchObject([
    { path: `/meetings/${meeting}?tab=briefing` },
  ]);
  expect(await kinds(sina)).toEqual(['reminder']);
  expect(await kinds(tom)).toEqual([]);
  const weekly = { scope: 'this', occurrence: at(30 + 1_440), place: 'Hall' };
  await carryOut(sina, 'meeting', 'change', meeting, weekly as never);
  expect(await kinds(olga)).toEqual([]);
});
