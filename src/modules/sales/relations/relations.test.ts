/** Knowing the customer: promises become tasks, and a briefing says what one wants to know before a talk. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import { type Context, carryOut, create, find, rows, step, undo, update } from '../../../engine/index.ts';
import { callListsReport } from '../calling/progress.ts';
import { type BriefingAnswer, briefingReport, nextBirthday } from './briefing.ts';
import { findPromises } from './promise.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('relations');
  await step(world.system, findPromises);
});
afterAll(() => world.close());

async function settle() {
  while (await step(world.system, findPromises));
}

const person = (name: string, more: object = {}) => create(world.sina, 'person', { name, ...more });
const promises = (of: string) =>
  rows(world.sina, 'promise', { filter: { field: 'about', op: 'has', value: { object: 'person', id: of } } });
const briefing = (object: string, id: string, ctx = world.sina) =>
  briefingReport.run(ctx, { object, id } as never) as Promise<BriefingAnswer>;

test('a promise in a note is proposed once, and becomes a task with its day', async () => {
  const katharina = await person('Katharina Moser');
  const about = [{ object: 'person', id: katharina }];
  const note = await create(world.sina, 'note', { body: 'I will send the terms by Friday.', about });
  await settle();
  await update(world.sina, 'note', note, { body: 'I will send the terms by Friday. She smiled.' });
  await settle();
  const [promise, ...others] = await promises(katharina);
  expect(others).toEqual([]);
  expect(promise).toMatchObject({ text: 'I will send the terms by Friday.', due: '2026-03-20', by: 'us' });
  const { result, changeSet } = await carryOut(world.sina, 'promise', 'accept', promise!.id as string, {});
  const task = await find(world.sina, 'task', (result as { task: string }).task);
  expect(task).toMatchObject({ subject: promise!.text, owner: { id: world.sina.actor.userId } });
  expect(String(task.dueAt).slice(0, 10)).toBe('2026-03-20');
  await undo(world.sina, changeSet!);
  expect(await promises(katharina)).toMatchObject([{ status: 'proposed', task: null }]);
});

test('what is not said any more is not proposed any more; what was put aside does not come back', async () => {
  const johann = await person('Johann Pichler');
  const about = [{ object: 'person', id: johann }];
  const note = await create(world.sina, 'note', {
    body: 'We will call him tomorrow. We will send beans.',
    about,
  });
  await settle();
  const [first] = await promises(johann);
  await carryOut(world.sina, 'promise', 'dismiss', first!.id as string, {});
  await update(world.sina, 'note', note, { body: `${first!.text} Done.` });
  await settle();
  expect(await promises(johann)).toMatchObject([{ text: first!.text, status: 'dismissed' }]);
});

test('a relation is between two', async () => {
  const one = await person('Luca Meier');
  const luca = { object: 'person', id: one };
  await expect(
    create(world.sina, 'relation', { from: luca, kind: 'advises', to: luca }),
  ).rejects.toMatchObject({ problems: [{ pointer: '/to' }] });
});

test('a briefing for a meeting knows its guests, what was said, promised and open, and who knows them', async () => {
  const company = await create(world.sina, 'company', { name: 'Donau Versicherung' });
  const miriam = await person('Miriam Adler', { company, personal: 'Sails.', birthday: '1980-03-20' });
  const stefan = await person('Stefan Brandstätter', { company });
  const party = { object: 'person', id: miriam };
  await create(world.sina, 'relation', {
    from: party,
    kind: 'atOddsWith',
    to: { object: 'person', id: stefan },
    strength: 2,
  });
  await create(world.sina, 'deal', { name: 'Beans', contacts: [miriam], company });
  await create(world.tom, 'call', {
    subject: 'First call',
    startedAt: '2026-03-10T09:00:00Z',
    about: [party],
  });
  await create(world.sina, 'meeting', {
    subject: 'Tasting',
    startsAt: '2026-03-12T09:00:00Z',
    attendees: [miriam],
  });
  await create(world.sina, 'note', { body: 'We will send her the list tomorrow.', about: [party] });
  await create(world.sina, 'task', { subject: 'Order samples', about: [party] });
  await settle();
  const meeting = await create(world.sina, 'meeting', {
    subject: 'Contract',
    startsAt: '2026-03-17T09:00:00Z',
    attendees: [miriam],
  });
  const told = await briefing('meeting', meeting);
  expect(told.people).toMatchObject([
    {
      title: 'Miriam Adler',
      personal: 'Sails.',
      birthday: '2026-03-20',
      company: { title: 'Donau Versicherung' },
    },
  ]);
  expect(told.people[0]!.knownBy.map(({ title }) => title)).toEqual(['Sina Gruber', 'Tom Eder']);
  expect(told.topics.map(({ object }) => object)).toEqual(['note', 'meeting', 'call']);
  expect(told.promises).toMatchObject([{ text: 'We will send her the list tomorrow.' }]);
  expect(told.tasks).toMatchObject([{ subject: 'Order samples' }]);
  expect(told.deals).toMatchObject([{ name: 'Beans' }]);
  expect(told.relations).toMatchObject([{ kind: 'atOddsWith', to: { title: 'Stefan Brandstätter' } }]);
  const [{ id: deal } = { id: '' }] = told.deals;
  expect(await briefing('deal', deal)).toMatchObject({ people: [{ title: 'Miriam Adler' }] });
  const lead = await create(world.sina, 'lead', { name: 'Clara Winkler' });
  expect(await briefing('lead', lead)).toMatchObject({ people: [], topics: [], relations: [] });
  const ofFirm = await briefing('company', company);
  expect(ofFirm.people.map(({ title }) => title).sort()).toEqual(['Miriam Adler', 'Stefan Brandstätter']);
});

test('what one may not see is in no briefing', async () => {
  await expect(briefing('person', '019a0000-0000-7000-8000-000000000000')).rejects.toMatchObject({
    code: 'notFound',
  });
});

test('a birthday is told a month ahead, over the turn of the year too', () => {
  expect(nextBirthday('1980-01-05', '2026-12-20T09:00:00Z')).toBe('2027-01-05');
  expect(nextBirthday('1980-06-05', '2026-12-20T09:00:00Z')).toBeNull();
  expect(nextBirthday('1980-02-29', '2026-02-20T09:00:00Z')).toBe('2026-03-01');
  expect(nextBirthday(null, '2026-02-20T09:00:00Z')).toBeNull();
});

const call = (ctx: Context, list: string, input: object = {}) =>
  carryOut(ctx, 'callList', 'call', list, input);
const nextOf = (answer: Awaited<ReturnType<typeof call>>) => (answer.result as { next: string | null }).next;

test('who works through a list gets one after another; call, next step and mark are one act', async () => {
  const [anton, berta, carl] = await Promise.all(
    ['Anton', 'Berta', 'Carl'].map(name => person(`${name} Rufer`, { phone: '+43 1 5551234' })),
  );
  const list = await create(world.sina, 'callList', {
    name: 'All Rufers',
    object: 'person',
    filter: { field: 'name', op: 'contains', value: 'Rufer' },
    sort: ['name'],
    callers: [world.olga.actor.userId!],
  });
  expect(nextOf(await call(world.sina, list))).toBe(anton);
  // Nobody else gets the same one; whoever comes back does.
  const ofOlga = withRights(world.olga, {
    objects: { '*': { create: true, read: 'all', edit: 'own', delete: 'own' } },
  });
  expect(nextOf(await call(ofOlga, list))).toBe(berta);
  expect(nextOf(await call(world.sina, list))).toBe(anton);
  const told = await callListsReport.run(world.sina, { id: list } as never);
  expect(told).toMatchObject([{ left: 3, done: 0, others: [{ title: 'Olga Petrenko', record: berta }] }]);
  const answer = await call(world.sina, list, {
    of: anton,
    outcome: 'voicemail',
    notes: 'Asked to be called back.',
    startedAt: '2026-03-16T11:50:00.000Z',
    endedAt: '2026-03-16T11:54:05.000Z',
    next: { subject: 'Call again', dueAt: '2026-03-16T14:00:00.000Z' },
  });
  expect(nextOf(answer)).toBe(carl);
  const { call: made, task } = answer.result as { call: string; task: string };
  expect(await find(world.sina, 'call', made)).toMatchObject({
    outcome: 'voicemail',
    direction: 'outbound',
    about: [{ object: 'person', id: anton }],
    startedAt: '2026-03-16T11:50:00.000Z',
    duration: 245,
  });
  expect(await find(world.sina, 'task', task)).toMatchObject({ subject: 'Call again' });
  await expect(call(world.sina, list, { of: anton, outcome: 'noAnswer' })).rejects.toThrow(/already/);
  expect(await callListsReport.run(world.sina, { id: list } as never)).toMatchObject([
    { left: 2, done: 1, mine: 1, outcomes: [{ outcome: 'voicemail', count: 1 }], seconds: 245 },
  ]);
  await undo(world.sina, answer.changeSet);
  for (const [object, id] of [
    ['call', made],
    ['task', task],
  ] as const)
    expect((await find(world.sina, object, id)).deletedAt).not.toBeNull();
  expect(await callListsReport.run(world.sina, { id: list } as never)).toMatchObject([{ left: 3, done: 0 }]);
});

test('who leaves a list finds back to where they were; what nobody speaks for is free again', async () => {
  const [dora, emil] = await Promise.all(['Dora Weile', 'Emil Weile'].map(name => person(name)));
  const list = await create(world.sina, 'callList', {
    name: 'All Weiles',
    object: 'person',
    filter: { field: 'name', op: 'contains', value: 'Weile' },
    sort: ['name'],
    callers: [world.tom.actor.userId!],
  });
  await call(world.tom, list);
  expect(nextOf(await call(world.sina, list))).toBe(emil);
  await call(world.sina, list, { leave: true });
  expect(nextOf(await call(world.sina, list))).toBe(emil);
  world.clock.move('2026-03-16T12:11:00.000Z');
  await call(world.tom, list, { of: dora, outcome: 'skipped' });
  expect(nextOf(await call(world.sina, list))).toBeNull();
  await expect(call(world.rita, list)).rejects.toThrow(/does not allow/);
});
