/** From lead to customer, and back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { carryOut, create, find, rows, undo, update } from '../../../engine/index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('lead');
});
afterAll(() => world.close());

const count = async () => {
  const { sina } = world;
  const of = async (object: string) => (await rows(sina, object, { fields: [] })).length;
  return { people: await of('person'), companies: await of('company'), deals: await of('deal') };
};

const lead = () =>
  create(world.sina, 'lead', {
    name: { given: 'Rosa', family: 'Hofer' },
    companyName: 'Hotel Post',
    email: 'rosa@post.example',
    estimate: '5000 EUR',
  });

test('converting makes exactly one person, one company and one deal, linked; one undo takes all back', async () => {
  const before = await count();
  const id = await lead();
  const { changeSet, result } = await carryOut(world.sina, 'lead', 'convert', id, {});
  const made = result as { person: string; company: string; deal: string };
  expect(await count()).toEqual({
    people: before.people + 1,
    companies: before.companies + 1,
    deals: before.deals + 1,
  });
  expect(await find(world.sina, 'deal', made.deal)).toMatchObject({
    name: 'Hotel Post',
    company: { id: made.company },
    contacts: [{ id: made.person }],
    amount: { amount: '5000.00', currency: 'EUR' },
    owner: { title: 'Sina Gruber' },
  });
  expect(await find(world.sina, 'lead', id)).toMatchObject({
    status: 'converted',
    person: { id: made.person, title: 'Rosa Hofer' },
    company: { id: made.company },
    deal: { id: made.deal },
  });
  await undo(world.sina, changeSet);
  expect(await count()).toEqual(before);
  expect(await find(world.sina, 'lead', id)).toMatchObject({ status: 'new', person: null, deal: null });
});

test('a company that is known already is taken, not made twice; a deal only where wanted', async () => {
  const company = await create(world.sina, 'company', { name: 'Hotel Post' });
  const before = await count();
  const { result } = await carryOut(world.sina, 'lead', 'convert', await lead(), { deal: false });
  expect(result).toMatchObject({ company, deal: null });
  expect(await count()).toEqual({ ...before, people: before.people + 1 });
});

test('a person who is known already is taken where someone says so, and stays as they are', async () => {
  const known = await create(world.sina, 'person', { name: 'Rosa Hofer', email: 'rosa@home.example' });
  const before = await count();
  const { result } = await carryOut(world.sina, 'lead', 'convert', await lead(), { person: known });
  expect((result as { person: string }).person).toBe(known);
  expect((await count()).people).toBe(before.people);
  expect(await find(world.sina, 'person', known)).toMatchObject({ email: 'rosa@home.example' });
  const house = await create(world.sina, 'company', { name: 'Post Hotels' });
  const again = await carryOut(world.sina, 'lead', 'convert', await lead(), {
    person: known,
    company: house,
  });
  expect(again.result).toMatchObject({ person: known, company: house });
  const nobody = '019a0000-0000-7000-8000-000000000000';
  await expect(
    carryOut(world.sina, 'lead', 'convert', await lead(), { person: nobody }),
  ).rejects.toMatchObject({ code: 'notFound' });
});

test('a lead is converted once, and a disqualified one not at all', async () => {
  const id = await lead();
  await carryOut(world.sina, 'lead', 'convert', id, {});
  await expect(carryOut(world.sina, 'lead', 'convert', id, {})).rejects.toMatchObject({
    code: 'invalidInput',
  });
  const other = await lead();
  await carryOut(world.sina, 'lead', 'disqualify', other, { reason: 'budget' });
  expect(await find(world.sina, 'lead', other)).toMatchObject({
    status: 'disqualified',
    disqualifiedFor: 'budget',
  });
  await expect(carryOut(world.sina, 'lead', 'convert', other, {})).rejects.toMatchObject({
    code: 'invalidInput',
  });
});

test('what the conversion may not make stops it as a whole', async () => {
  const id = await lead();
  const before = await count();
  const grants = { ...world.sina.actor.grants, objects: { ...world.sina.actor.grants.objects } };
  grants.objects.deal = { create: false, read: 'all', edit: 'all' };
  const limited = { ...world.sina, actor: { ...world.sina.actor, grants } };
  await expect(carryOut(limited, 'lead', 'convert', id, {})).rejects.toMatchObject({ code: 'forbidden' });
  expect(await count()).toEqual(before);
});

test('whoever is known by e-mail, and a company by its domain, is taken; where the lead came from stays known', async () => {
  const company = await create(world.sina, 'company', { name: 'Berghof AG', domain: 'berghof.example' });
  const person = await create(world.sina, 'person', { name: 'Ida Berg', email: 'Ida@berghof.example' });
  const origin = { source: 'google', at: '2026-03-01T00:00:00.000Z' };
  const consent = { text: 'Yes.', at: '2026-03-01T00:00:00.000Z' };
  const values = {
    name: 'I. Berg',
    companyName: 'Berghof',
    email: 'ida@berghof.example',
    campaign: 'Spring',
  };
  const id = await create(world.sina, 'lead', { ...values, source: 'event' });
  const latest = { source: 'newsletter', at: '2026-03-05T00:00:00.000Z' };
  await update(world.system, 'lead', id, { firstTouch: origin, lastTouch: latest, consent });
  const before = await count();
  const { result, changeSet } = await carryOut(world.sina, 'lead', 'convert', id, {});
  expect(result).toMatchObject({ person, company });
  expect(await count()).toEqual({ ...before, deals: before.deals + 1 });
  expect(await find(world.sina, 'person', person)).toMatchObject({
    firstTouch: origin,
    lastTouch: latest,
    consent,
    source: 'event',
  });
  const { deal } = result as { deal: string };
  expect(await find(world.sina, 'deal', deal)).toMatchObject({
    firstTouch: origin,
    source: 'event',
    campaign: 'Spring',
  });
  await undo(world.sina, changeSet);
  expect(await count()).toEqual(before);
  expect(await find(world.sina, 'person', person)).toMatchObject({
    firstTouch: null,
    lastTouch: null,
    consent: null,
  });
  // What somebody did since is later than what the lead knows.
  const since = { source: 'fair', at: '2026-03-10T00:00:00.000Z' };
  await update(world.system, 'person', person, { lastTouch: since });
  await carryOut(world.sina, 'lead', 'convert', id, {});
  expect(await find(world.sina, 'person', person)).toMatchObject({ firstTouch: origin, lastTouch: since });
});

test('of two who convert a lead at the same moment one does', async () => {
  const id = await create(world.sina, 'lead', { name: 'Race Car', email: 'race@car.example' });
  const before = await count();
  const both = await Promise.allSettled([1, 2].map(() => carryOut(world.sina, 'lead', 'convert', id, {})));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await count()).toEqual({ ...before, people: before.people + 1, deals: before.deals + 1 });
});

test('whoever writes becomes a lead by their message; the next message goes to the same lead, and one undo takes each back', async () => {
  const { sina, rita } = world;
  const sentAt = '2026-03-14T08:00:00.000Z';
  const message = (part: object) =>
    create(sina, 'email', {
      subject: 'Machines for 20 rooms',
      sender: 'vera@seeblick.example',
      senderName: 'Vera Steiner',
      text: 'Please call me.',
      sentAt,
      ...part,
    });
  const person = await create(sina, 'person', { name: 'Vera Steiner', email: 'vera@seeblick.example' });
  const touched = async () => (await find(sina, 'person', person)).lastTouch;
  const first = await message({});
  await expect(carryOut(rita, 'email', 'makeLead', first, {})).rejects.toMatchObject({ code: 'forbidden' });
  const made = await carryOut(sina, 'email', 'makeLead', first, {});
  const { lead: id } = made.result as { lead: string };
  expect(await find(sina, 'lead', id)).toMatchObject({
    name: { full: 'Vera Steiner' },
    email: 'vera@seeblick.example',
    description: 'Please call me.',
    firstTouch: { channel: 'email', at: sentAt },
  });
  expect(await find(sina, 'email', first)).toMatchObject({ about: [{ object: 'lead', id }] });
  // Whoever is on file has the latest touch, too; their first is not known by it.
  expect(await find(sina, 'person', person)).toMatchObject({
    firstTouch: null,
    lastTouch: { channel: 'email', at: sentAt },
  });

  const later = '2026-03-15T08:00:00.000Z';
  const second = await message({ subject: 'Again', senderName: null, sentAt: later });
  const again = await carryOut(sina, 'email', 'makeLead', second, {});
  expect(again.result).toMatchObject({ lead: id });
  expect(await find(sina, 'lead', id)).toMatchObject({
    name: { full: 'Vera Steiner' },
    firstTouch: { at: sentAt },
    lastTouch: { at: later },
  });
  expect(await touched()).toMatchObject({ at: later });
  await undo(sina, again.changeSet);
  expect(await touched()).toMatchObject({ at: sentAt });
  expect(await find(sina, 'email', second)).toMatchObject({ about: [] });
  await undo(sina, made.changeSet);
  expect(await touched()).toBeNull();
  const filter = { field: 'email', op: 'is', value: 'vera@seeblick.example' };
  expect(await rows(sina, 'lead', { filter })).toEqual([]);

  const nobody = await message({ sender: null });
  await expect(carryOut(sina, 'email', 'makeLead', nobody, {})).rejects.toMatchObject({
    code: 'invalidInput',
  });
});
