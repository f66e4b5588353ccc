/** The first contact with a lead, and what becomes of leads that are put aside. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import {
  type Context,
  carryOut,
  create,
  find,
  rows,
  step,
  undo,
  update,
  type WatchSpec,
} from '../../../engine/index.ts';
import { assigning } from './assigning.ts';
import { firstContacts } from './contact.ts';
import { returnLeads } from './recycle.ts';

let world: World;
let sina: string;
beforeAll(async () => {
  world = await createWorld('contact');
  sina = world.sina.actor.userId!;
  for (const watch of [assigning, firstContacts, returnLeads]) await step(world.system, watch);
  await update(world.system, 'user', sina, { manager: world.max.actor.userId });
  const rule = await create(world.ada, 'assignmentRule', { name: 'All', contactWithin: 7_200 });
  await create(world.ada, 'assignmentMember', { rule, user: sina });
});
afterAll(() => world.close());

const watch = async (...watches: WatchSpec[]) => {
  for (const each of watches) while (await step(world.system, each));
};
const lead = async (name: string) => {
  const id = await create(world.system, 'lead', { name, owner: null });
  await watch(assigning, firstContacts);
  return id;
};
const state = async (id: string) => {
  const { contactState, contactBy, firstContactAt } = await find(world.system, 'lead', id);
  return { contactState, contactBy, firstContactAt };
};
const told = async (ctx: Context, about: string) =>
  (
    await rows(ctx, 'notification', {
      filter: { field: 'about', op: 'is', value: { object: 'lead', id: about } },
    })
  ).map(({ kind }) => kind);

test('two working hours from four in the afternoon end next morning; a call in time is on time', async () => {
  world.clock.move('2026-03-16T15:00:00.000Z');
  const id = await lead('In Time');
  expect(await state(id)).toEqual({
    contactState: 'waiting',
    contactBy: '2026-03-17T09:00:00.000Z',
    firstContactAt: null,
  });
  world.clock.move('2026-03-17T08:00:00.000Z');
  const about = [{ object: 'lead', id }];
  await create(world.sina, 'call', {
    subject: 'Rang me',
    direction: 'inbound',
    startedAt: '2026-03-17T07:50:00Z',
    about,
  });
  await create(world.sina, 'meeting', { subject: 'To come', startsAt: '2026-03-18T09:00:00Z', about });
  await create(world.sina, 'email', {
    subject: 'Theirs',
    sender: 'in@time.example',
    sentAt: '2026-03-17T07:51:00Z',
    about,
  });
  await watch(firstContacts);
  expect(await state(id)).toMatchObject({ firstContactAt: null });
  await create(world.sina, 'call', { subject: 'First call', startedAt: '2026-03-17T07:55:00Z', about });
  await create(world.sina, 'email', {
    subject: 'Ours',
    sender: 'sina@kaffeehaus.example',
    sentAt: '2026-03-17T07:58:00Z',
    about,
  });
  await watch(firstContacts);
  expect(await state(id)).toMatchObject({
    contactState: 'onTime',
    firstContactAt: '2026-03-17T07:55:00.000Z',
  });
});

test('half an hour before its owner is reminded, afterwards their manager is told, each once', async () => {
  world.clock.move('2026-03-18T09:00:00.000Z');
  const id = await lead('Forgotten');
  await watch(firstContacts);
  world.clock.move('2026-03-18T10:31:00.000Z');
  await watch(firstContacts);
  expect(await state(id)).toMatchObject({ contactState: 'soon' });
  world.clock.move('2026-03-18T11:01:00.000Z');
  await watch(firstContacts);
  world.clock.move('2026-03-18T11:03:00.000Z');
  await watch(firstContacts);
  expect(await state(id)).toMatchObject({ contactState: 'late' });
  expect(await told(world.sina, id)).toEqual(['reminder']);
  expect(await told(world.max, id)).toEqual(['escalation']);
  await create(world.sina, 'call', {
    subject: 'At last',
    startedAt: '2026-03-18T11:02:00Z',
    about: [{ object: 'lead', id }],
  });
  await watch(firstContacts);
  expect(await state(id)).toMatchObject({ contactState: 'tooLate' });
});

test('what is put aside comes back on its day, by the rules and with a task; or at once, by hand', async () => {
  world.clock.move('2026-03-19T09:00:00.000Z');
  const id = await lead('Later');
  await expect(
    carryOut(world.sina, 'lead', 'recycle', id, { until: '2026-03-19', reason: 'timing' }),
  ).rejects.toMatchObject({ code: 'invalidInput' });
  const { changeSet } = await carryOut(world.sina, 'lead', 'recycle', id, {
    until: '2026-04-20',
    reason: 'timing',
  });
  expect(await find(world.sina, 'lead', id)).toMatchObject({
    status: 'recycled',
    comesBackOn: '2026-04-20',
    contactBy: null,
  });
  await undo(world.sina, changeSet);
  expect(await find(world.sina, 'lead', id)).toMatchObject({ status: 'new', comesBackOn: null });
  await carryOut(world.sina, 'lead', 'recycle', id, { until: '2026-04-20', reason: 'timing' });
  world.clock.move('2026-04-19T09:00:00.000Z');
  await watch(returnLeads);
  expect(await find(world.sina, 'lead', id)).toMatchObject({ status: 'recycled' });
  world.clock.move('2026-04-20T09:00:00.000Z');
  await watch(returnLeads);
  await watch(assigning);
  expect(await find(world.sina, 'lead', id)).toMatchObject({
    status: 'new',
    owner: { id: sina },
    contactState: 'waiting',
  });
  const tasks = await rows(world.system, 'task', { filter: { field: 'owner', op: 'is', value: sina } });
  expect(tasks).toMatchObject([{ subject: 'Get in touch with Later again' }]);
  await carryOut(world.sina, 'lead', 'disqualify', id, { reason: 'budget' });
  await carryOut(world.sina, 'lead', 'reopen', id, {});
  expect(await find(world.sina, 'lead', id)).toMatchObject({ status: 'working', disqualifiedFor: null });
});
