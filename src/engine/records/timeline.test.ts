/** The story of a record, in words. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { fill, type TimelineOptions, timeline } from './timeline.ts';
import { carryOut } from './verbs.ts';
import { create, update, write } from './write.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('timeline');
});
afterAll(() => world.close());

let minute = 0;
const tick = () => world.clock.move(new Date(Date.UTC(2026, 2, 17, 9, ++minute)).toISOString());

async function told(object: string, id: string, ctx: Context = world.ada): Promise<string[]> {
  const sentences: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await timeline(ctx, object, id, { limit: 3, ...(after ? { after } : {}) });
    sentences.push(...page.data.map(entry => entry.sentence));
    if (!page.next) return sentences;
    after = page.next;
  }
}

test('tells changes, verbs and activities, newest first, and each once', async () => {
  const stages = await stagesOf(world.ada);
  const id = await create(world.sina, 'deal', { name: 'Rollout', amount: '100 EUR' });
  tick();
  await update(world.sina, 'deal', id, { amount: '120 EUR' });
  tick();
  await carryOut(world.sina, 'deal', 'move', id, { stage: stages.Qualified });
  tick();
  await create(world.sina, 'note', { body: 'They like the blue one', about: [{ object: 'deal', id }] });
  await create(world.sina, 'call', {
    subject: 'Price',
    about: [`deal:${id}`],
    startedAt: '2026-03-17T08:00:00Z',
  });
  tick();
  await update(world.sina, 'deal', id, { nextStep: 'Send offer', closeDate: '2026-05-01' });
  await update(world.sina, 'deal', id, { nextStep: null });
  tick();
  const { changeSet: _ } = await write(world.ada, 'deal', [{ op: 'delete', id }]);
  await write(world.ada, 'deal', [{ op: 'restore', id }]);
  expect(await told('deal', id)).toEqual([
    'Ada Baumann restored this deal',
    'Ada Baumann moved this deal to the trash',
    'Sina Gruber cleared next step',
    'Sina Gruber changed close date, next step',
    'Note',
    'Sina Gruber moved Rollout from Prospecting to Qualified',
    'Sina Gruber changed amount from 100.00 EUR to 120.00 EUR',
    'Call',
    'Sina Gruber created this deal',
  ]);
});

test('labels within a sentence are small, but for words that are written in capitals', async () => {
  const id = await create(world.ada, 'company', { name: 'Marchetti' });
  await update(world.ada, 'company', id, { vatNumber: 'IT00743110157' });
  expect((await told('company', id))[0]).toBe('Ada Baumann set VAT number to IT00743110157');
});

test('goes on through pages full of changes that verbs tell', async () => {
  const stages = await stagesOf(world.ada);
  const id = await create(world.ada, 'deal', { name: 'Restless' });
  for (const stage of ['Qualified', 'Proposal', 'Qualified', 'Proposal', 'Negotiation']) {
    tick();
    await carryOut(world.ada, 'deal', 'move', id, { stage: stages[stage] });
  }
  expect(await told('deal', id)).toHaveLength(6);
});

test('names linked records by their titles, but not those out of reach', async () => {
  const company = await create(world.olga, 'company', { name: 'Secret Roasters' });
  const id = await create(world.sina, 'person', { name: 'Nina' });
  tick();
  await update(world.ada, 'person', id, { company });
  expect((await told('person', id))[0]).toBe('Ada Baumann set company to Secret Roasters');
  expect((await told('person', id, world.sina))[0]).toBe('Ada Baumann set company to a hidden record');
});

test('leaves out fields that the reader may not read, and activities out of reach', async () => {
  const id = await create(world.sina, 'company', { name: 'Quiet' });
  tick();
  await update(world.ada, 'company', id, { revenue: '31415 EUR' });
  await create(world.olga, 'note', { body: 'Not for sales', about: [] });
  const about = [{ object: 'company', id }];
  await create(world.ada, 'note', { body: 'For managers', about });
  const blind = withRights(world.sina, {
    objects: { '*': { read: 'own' }, company: { read: 'all', fields: { revenue: 'none' } } },
  });
  const page = await timeline(blind, 'company', id);
  expect(page.data.map(entry => entry.sentence)).toEqual([
    'Ada Baumann changed this company',
    'Sina Gruber created this company',
  ]);
  expect(JSON.stringify(page)).not.toMatch(/31415|revenue|managers/i);
});

test('tells of a household what passed with its members and about their deals, by name, and nothing out of reach', async () => {
  const household = await create(world.sina, 'household', { name: 'Family Gathered' });
  const anna = await create(world.sina, 'person', { name: 'Anna Gathered', household });
  const deal = await create(world.sina, 'deal', { name: 'Corner at home', contacts: [anna] });
  const own = await create(world.sina, 'deal', { name: 'Garden bar', household });
  const hidden = await create(world.ada, 'person', {
    name: 'Hidden Gathered',
    household,
    owner: world.olga.actor.userId,
  });
  tick();
  const told = async (object: string, id: string, subject: string, ctx = world.sina) => {
    await create(ctx, 'call', {
      subject,
      about: [{ object, id }],
      startedAt: world.ada.clock.now().toISOString(),
    });
    tick();
  };
  await told('household', household, 'With all of them');
  await told('person', anna, 'With Anna');
  await told('deal', deal, 'About the corner');
  await told('deal', own, 'About the garden');
  await told('person', hidden, 'With who is hidden', world.olga);
  const calls = async (options: object = {}) => {
    const page = await timeline(world.sina, 'household', household, { kinds: ['call'], ...options });
    return page.data.map(({ record, of }) => [record!.subject, of?.title ?? null]);
  };
  const all = [
    ['About the garden', 'Garden bar'],
    ['About the corner', 'Corner at home'],
    ['With Anna', 'Anna Gathered'],
    ['With all of them', null],
  ];
  expect(await calls()).toEqual(all);
  expect(await calls({ q: 'corner' })).toEqual([all[1]]);
  expect((await calls({ limit: 2 })).length).toBe(2);
  // Whoever may not know who lives there is told of nobody.
  const blind = withRights(world.sina, {
    objects: { '*': { read: 'all' }, person: { read: 'all', fields: { household: 'none' } } },
  });
  const seen = await timeline(blind, 'household', household, { kinds: ['call'] });
  expect(seen.data.map(({ record }) => record!.subject)).toEqual(['About the garden', 'With all of them']);
});

test('is narrowed by kind, by person, by words and by moment, also together and over pages', async () => {
  const stages = await stagesOf(world.ada);
  const id = await create(world.sina, 'deal', { name: 'Narrow' });
  const about = [{ object: 'deal', id }];
  tick();
  await update(world.ada, 'deal', id, { nextStep: 'Send Müller the offer' });
  tick();
  await carryOut(world.sina, 'deal', 'move', id, { stage: stages.Qualified });
  tick();
  const then = world.ada.clock.now().toISOString();
  await create(world.ada, 'note', { body: 'Mueller likes the blue one', about });
  tick();
  await create(world.sina, 'call', { subject: 'Price', about, startedAt: '2026-03-17T08:00:00Z' });
  const find = async (options: TimelineOptions) => {
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await timeline(world.ada, 'deal', id, {
        ...options,
        limit: 1,
        ...(after ? { after } : {}),
      });
      found.push(...page.data.map(entry => entry.sentence));
      if (!page.next) return found;
      after = page.next;
    }
  };
  const moved = 'Sina Gruber moved Narrow from Prospecting to Qualified';
  const set = 'Ada Baumann set next step to Send Müller the offer';
  const made = 'Sina Gruber created this deal';
  expect(await find({ kinds: ['event'] })).toEqual([moved]);
  expect(await find({ kinds: ['change'] })).toEqual([set, made]);
  expect(await find({ kinds: ['note', 'change'] })).toEqual(['Note', set, made]);
  expect(await find({ by: world.ada.actor.userId! })).toEqual(['Note', set]);
  expect(await find({ q: 'muller' })).toEqual(['Note', set]);
  expect(await find({ q: 'offer mull' })).toEqual([set]);
  expect(await find({ q: 'mull', kinds: ['note'], by: world.sina.actor.userId! })).toEqual([]);
  expect(await find({ q: '…' })).toEqual([]);
  expect((await find({ until: then })).toSorted()).toEqual(['Call', 'Note', moved, set, made].toSorted());
  expect((await find({ until: '2026-01-01T00:00:00Z' })).length).toBe(0);
  for (const wrong of [{ kinds: ['deal'] }, { by: 'me' }, { until: 'yesterday' }])
    await expect(find(wrong)).rejects.toMatchObject({ code: 'invalidQuery' });
});

test('words find nothing that is not shown', async () => {
  const id = await create(world.sina, 'company', { name: 'Quieter' });
  tick();
  await update(world.ada, 'company', id, { revenue: '27182 EUR' });
  const blind = withRights(world.sina, {
    objects: { '*': { read: 'own' }, company: { read: 'all', fields: { revenue: 'none' } } },
  });
  const found = async (ctx: Context) => (await timeline(ctx, 'company', id, { q: '27' })).data.length;
  expect(await found(world.ada)).toBe(1);
  expect(await found(blind)).toBe(0);
});

test('of a record out of reach is not found', async () => {
  const id = await create(world.olga, 'company', { name: 'Elsewhere' });
  for (const wrong of [id, 'nonsense'])
    await expect(timeline(world.sina, 'company', wrong)).rejects.toMatchObject({ code: 'notFound' });
});

test('a sentence shows a dash where its payload has nothing', () => {
  expect(fill('{actor} lost {deal}: {reason}', { actor: 'Ada', deal: 'Rollout', reason: null })).toBe(
    'Ada lost Rollout: —',
  );
});
