/** Guests of meetings: they read what they are asked to, answer, and are free or busy. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { type Context, carryOut, create, find, type Input, step, update } from '../../engine/index.ts';
import { type AgendaEntry, agenda } from './agenda.ts';
import { busy, meetingTimes } from './busy.ts';
import { rolling } from './meeting-series.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('guests');
  await step(world.system, rolling);
});
afterAll(() => world.close());

const idOf = (ctx: Context) => ctx.actor.userId!;
const stretch = { from: '2026-03-16T00:00:00.000Z', to: '2026-04-14T00:00:00.000Z' };
/** Nine in Vienna. */
const nine = '2026-03-17T08:00:00.000Z';
const meet = (more: Input = {}) =>
  create(world.sina, 'meeting', {
    subject: 'Roast plan',
    startsAt: nine,
    endsAt: '2026-03-17T09:00:00.000Z',
    colleagues: [idOf(world.olga)],
    ...more,
  });
const entries = async (ctx: Context, people?: string[]) =>
  (
    (await agenda.run(ctx, { ...stretch, ...(people ? { people } : {}) } as never)) as {
      entries: AgendaEntry[];
    }
  ).entries;
const answer = (ctx: Context, id: string, input: object) =>
  carryOut(ctx, 'meeting', 'answer', id, input as never);

test('who is asked reads the meeting, finds it in the own days, and answers; others do not', async () => {
  const id = await meet();
  // Olga is in another team, and Rita's role changes nothing.
  expect(await entries(world.olga)).toMatchObject([
    { id, owner: idOf(world.sina), guests: [{ user: idOf(world.olga), answer: null }] },
  ]);
  await answer(world.olga, id, { answer: 'accepted' });
  expect(await entries(world.olga)).toMatchObject([{ guests: [{ answer: 'accepted' }] }]);
  await expect(update(world.olga, 'meeting', id, { subject: 'Mine' })).rejects.toThrow();
  await expect(answer(world.tom, id, { answer: 'accepted' })).rejects.toThrow();
  await update(world.sina, 'meeting', id, { colleagues: [idOf(world.rita)] });
  await expect(find(world.olga, 'meeting', id)).rejects.toThrow(/no such meeting/);
  expect(await entries(world.olga)).toEqual([]);
  await answer(world.rita, id, { answer: 'declined' });
  expect((await find(world.sina, 'meeting', id)).answers).toEqual({ [idOf(world.rita)]: 'declined' });
});

test('what a role takes away, an invitation does not give', async () => {
  const id = await meet();
  const none = withRights(world.olga, { objects: { meeting: { read: 'none' } } });
  await expect(find(none, 'meeting', id)).rejects.toThrow();
  const silent = withRights(world.olga, { objects: { meeting: { read: 'own', verbs: { answer: 'none' } } } });
  expect((await find(silent, 'meeting', id)).subject).toBe('Roast plan');
  await expect(answer(silent, id, { answer: 'accepted' })).rejects.toThrow(/does not allow/);
});

test('the keeper notes what others said; who is moved to another time is asked anew', async () => {
  const id = await meet({ otherGuests: 'Fritz Huber <fritz@hotel.example>, eva@Hotel.example' });
  const noted = (guest: string, ctx = world.sina) =>
    carryOut(ctx, 'meeting', 'noteAnswer', id, { guest, answer: 'tentative' } as never);
  await noted('fritz@hotel.example');
  await expect(noted('nobody@hotel.example')).rejects.toThrow(/asked/);
  await expect(noted('eva@hotel.example', world.olga)).rejects.toThrow();
  expect(await find(world.sina, 'meeting', id)).toMatchObject({
    otherGuests: 'fritz@hotel.example; eva@hotel.example',
    answers: { 'fritz@hotel.example': 'tentative' },
  });
  await update(world.sina, 'meeting', id, { place: 'Hall' });
  expect((await find(world.sina, 'meeting', id)).answers).not.toBeNull();
  await update(world.sina, 'meeting', id, { startsAt: '2026-03-17T08:30:00.000Z' });
  expect((await find(world.sina, 'meeting', id)).answers).toBeNull();
  await expect(update(world.sina, 'meeting', id, { otherGuests: 'Fritz' })).rejects.toThrow(/addresses/);
});

test('a series is answered as a whole, or one of it', async () => {
  const id = await meet({
    subject: 'Weekly',
    startsAt: '2026-03-18T08:00:00.000Z',
    endsAt: null,
    repeats: 'FREQ=WEEKLY',
  });
  await answer(world.olga, id, { answer: 'accepted' });
  await answer(world.olga, id, { answer: 'declined', occurrence: '2026-03-25T08:00:00.000Z' });
  const said = (await entries(world.olga))
    .filter(({ record }) => record.subject === 'Weekly')
    .map(({ at, guests }) => [at.slice(0, 10), guests[0]?.answer]);
  expect(said).toEqual([
    ['2026-03-18', 'accepted'],
    ['2026-03-25', 'declined'],
    ['2026-04-01', 'accepted'],
    ['2026-04-08', 'accepted'],
  ]);
});

test('colleagues learn when someone has something, and not what; a time is proposed that is free for all', async () => {
  const id = await create(world.sina, 'meeting', {
    subject: 'Secret',
    startsAt: '2026-03-19T08:00:00.000Z',
    endsAt: '2026-03-19T09:00:00.000Z',
  });
  const people = [idOf(world.sina), idOf(world.olga)];
  const day = { from: '2026-03-19T00:00:00.000Z', to: '2026-03-20T00:00:00.000Z' };
  const seen = await busy.run(world.olga, { ...day, people } as never);
  expect(seen).toEqual({
    busy: [
      {
        user: idOf(world.sina),
        at: '2026-03-19T08:00:00.000Z',
        until: '2026-03-19T09:00:00.000Z',
        allDay: false,
        readable: false,
      },
    ],
  });
  world.clock.move('2026-03-19T06:00:00.000Z');
  const wanted = { at: '2026-03-19T08:30:00.000Z', until: '2026-03-19T09:30:00.000Z', people };
  const times = (await meetingTimes.run(world.olga, wanted as never)) as {
    clashes: object[];
    free: { at: string }[];
  };
  expect(times.clashes).toMatchObject([{ user: idOf(world.sina), readable: false }]);
  expect(times.free[0]?.at).toBe('2026-03-19T09:00:00.000Z');
  const itself = await meetingTimes.run(world.sina, { ...wanted, meeting: id } as never);
  expect(itself).toMatchObject({ clashes: [] });
});
