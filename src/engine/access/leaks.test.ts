/** No way of reading tells what another way would not: what is out of reach, and what is hidden. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { aggregate } from '../records/aggregate.ts';
import type { Filter } from '../records/filter.ts';
import { feed, history } from '../records/history.ts';
import { list, read } from '../records/read.ts';
import { timeline } from '../records/timeline.ts';
import { carryOut } from '../records/verbs.ts';
import { create, update } from '../records/write.ts';
import { search } from '../search/search.ts';

/** What must never be told: in records out of reach, and in a hidden field of one in reach. */
const secret = 'Quendel';
const hidden = '31415';

let world: World;
let sina: Context;
let company: string;
let foreignPerson: string;
beforeAll(async () => {
  world = await createWorld('leaks');
  const { ada, olga } = world;
  company = await create(world.sina, 'company', {
    name: 'Café Museum',
    revenue: '31415 EUR',
    domain: '31415.example',
  });
  const foreign = await create(olga, 'company', { name: `${secret} AG`, parent: null });
  foreignPerson = await create(olga, 'person', { name: `Walter ${secret}`, company: foreign });
  await update(ada, 'company', company, { parent: foreign });
  await update(ada, 'person', foreignPerson, { company });
  const owner = olga.actor.userId;
  const deal = await create(ada, 'deal', { name: `${secret} bar`, amount: '777 EUR', company, owner });
  await create(ada, 'dealLine', { name: `${secret} beans`, deal });
  await create(ada, 'note', {
    owner,
    body: `${secret} is difficult`,
    about: [{ object: 'company', id: company }],
  });
  const mine = await create(world.sina, 'deal', { name: 'Mine', company });
  await update(ada, 'deal', mine, { contacts: [foreignPerson] });
  await carryOut(world.ada, 'deal', 'lose', mine, { reason: 'price' });
  sina = withRights(world.sina, {
    objects: {
      '*': { read: 'own', create: true, edit: 'own' },
      dealLine: { read: 'all' },
      company: { read: 'own', fields: { revenue: 'none', domain: 'none' } },
    },
  });
});
afterAll(() => world.close());

async function everyRead(ctx: Context): Promise<[string, unknown][]> {
  const told: [string, unknown][] = [];
  const tell = async (what: string, answer: Promise<unknown>) =>
    told.push([
      what,
      await answer.catch(error => ({ code: error.code, message: error.message, problems: error.problems })),
    ]);
  const { model } = world.workspace;
  for (const object of model.objects.values()) {
    const links = [...object.fields.values()]
      .filter(field => field.type.relation?.(field))
      .map(field => field.name);
    const paths = [...links, ...object.inverses.keys()];
    await tell(`list ${object.name}`, list(ctx, object.name, { count: 'exact' }));
    for (const path of paths)
      await tell(`include ${object.name}.${path}`, list(ctx, object.name, { include: [path] }));
    for (const field of object.fields.values())
      await tell(
        `groups of ${object.name}.${field.name}`,
        aggregate(ctx, object.name, { groupBy: [{ field: field.name }] }),
      );
  }
  await tell('read', read(ctx, 'company', company, { include: ['parent', 'people', 'deals.lines'] }));
  await tell('read foreign', read(ctx, 'person', foreignPerson));
  await tell('read the past', read(ctx, 'person', foreignPerson, { asOf: '2026-03-16T12:00:00.000Z' }));
  await tell('search', search(ctx, secret));
  await tell('search hidden', search(ctx, hidden));
  await tell('timeline', timeline(ctx, 'company', company, { limit: 200 }));
  await tell('history', history(ctx, 'company', company, { limit: 200 }));
  await tell('history foreign', history(ctx, 'person', foreignPerson));
  await tell('feed', feed(ctx, undefined, 1_000));
  return told;
}

test('whoever may read it finds the secret in most places: the probes do look', async () => {
  const told = (await everyRead(world.ada)).filter(([, answer]) => JSON.stringify(answer).includes(secret));
  expect(told.length).toBeGreaterThan(15);
});

test('no read tells what is out of reach', async () => {
  for (const [what, answer] of await everyRead(sina))
    expect(JSON.stringify(answer), what).not.toContain(secret);
});

test('no read tells what a hidden field holds', async () => {
  for (const [what, answer] of await everyRead(sina))
    expect(JSON.stringify(answer), what).not.toContain(hidden);
});

describe('whether a guess is right does not show either', () => {
  const ids = async (query: Parameters<typeof list>[2]) =>
    (JSON.parse((await list(sina, 'company', query)).data) as { id: string }[]).map(row => row.id);

  test.each([
    ['people.name', `Walter ${secret}`],
    ['parent.name', `${secret} AG`],
    ['deals.lines.name', `${secret} beans`],
  ])('over %s', async (field, value) => {
    expect(await ids({ filter: { field, op: 'is', value } })).toEqual([]);
    expect(await ids({ filter: { not: { field, op: 'is', value } } })).toEqual([company]);
  });

  test.each([
    ['people', 'name', `Walter ${secret}`],
    ['parent', 'name', `${secret} AG`],
    ['deals', 'lines.name', `${secret} beans`],
    ['deals.lines', 'name', `${secret} beans`],
  ])('held against one record of %s', async (relation, field, value) => {
    const guess = { field, op: 'is', value };
    const held = (op: string, of: Filter = guess) => ids({ filter: { field: relation, op, value: of } });
    expect(await held('some')).toEqual([]);
    expect(await held('none')).toEqual([company]);
    expect(await held('some', { or: [guess, { field: 'id', op: 'is', value: foreignPerson }] })).toEqual([]);
  });

  test('in hidden fields', async () => {
    expect(await ids({ q: hidden })).toEqual([]);
    await expect(ids({ filter: { field: 'domain', op: 'notEmpty' } })).rejects.toMatchObject({
      code: 'invalidQuery',
    });
    const within = (op: string, field: string) =>
      ids({ filter: { field: 'deals.company', op, value: { field, op: 'notEmpty' } } });
    expect(await within('some', 'name')).toEqual([company]);
    for (const op of ['some', 'none'])
      await expect(within(op, 'domain')).rejects.toMatchObject({ code: 'invalidQuery' });
    await expect(ids({ sort: ['domain'] })).rejects.toMatchObject({ code: 'invalidQuery' });
  });
});
