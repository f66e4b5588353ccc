/** A company and its subsidiaries: the tree, what links into it, its timeline; never more than the reader may see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import { aggregate, type Context, create, type Filter, rows, update } from '../index.ts';
import { timeline } from './timeline.ts';
import { treeOf } from './tree.ts';

let world: World;
const ids: Record<string, string> = {};

/** Reads what Sina's own team has. */
let narrow: Context;

beforeAll(async () => {
  world = await createWorld('tree');
  const company = async (name: string, parent?: string, owner = world.ada) => {
    ids[name] = await create(world.ada, 'company', {
      name,
      owner: owner.actor.userId,
      parent: parent && ids[parent]!,
    });
  };
  await company('Hotel group', undefined, world.sina);
  await company('Vienna', 'Hotel group', world.sina);
  await company('Graz', 'Hotel group');
  await company('Graz spa', 'Graz', world.sina);
  await company('Elsewhere');
  narrow = withRights(world.sina, { objects: { '*': { read: 'own' } } });
  const stages = await stagesOf(world.ada);
  for (const [name, amount, stage] of [
    ['Hotel group', '10', 'Proposal'],
    ['Vienna', '20', 'Proposal'],
    ['Graz spa', '30', 'Won'],
    ['Elsewhere', '99', 'Proposal'],
  ] as const)
    await create(world.ada, 'deal', {
      name: `Deal of ${name}`,
      company: ids[name]!,
      amount: { amount, currency: 'EUR' },
      stage: stages[stage]!,
      owner: world.sina.actor.userId,
    });
  for (const name of ['Hotel group', 'Graz spa', 'Elsewhere'])
    await create(world.ada, 'note', {
      body: `Said at ${name}`,
      owner: world.sina.actor.userId,
      about: [{ object: 'company', id: ids[name]! }],
    });
});
afterAll(() => world.close());

const under = (top: string): Filter => ({ field: 'company', op: 'within', value: ids[top]! });
const names = async (ctx: Context, filter: Filter) =>
  (await rows(ctx, 'deal', { filter, sort: ['name'], fields: ['name'] })).map(row => row.name);

test('the whole tree is told from any place in it, those above first', async () => {
  const tree = await treeOf(world.ada, 'company', ids['Graz spa']!);
  expect(tree).toEqual({
    data: [
      { id: ids['Hotel group'], title: 'Hotel group', parent: null },
      { id: ids.Graz, title: 'Graz', parent: ids['Hotel group'] },
      { id: ids['Graz spa'], title: 'Graz spa', parent: ids.Graz },
      { id: ids.Vienna, title: 'Vienna', parent: ids['Hotel group'] },
    ],
    more: false,
  });
  await expect(treeOf(world.ada, 'deal', ids.Graz!)).rejects.toMatchObject({ code: 'unknownRoute' });
});

test('what is out of reach is not walked, and neither is what stands below it', async () => {
  expect((await treeOf(narrow, 'company', ids.Vienna!)).data.map(node => node.title)).toEqual([
    'Hotel group',
    'Vienna',
  ]);
  expect((await treeOf(narrow, 'company', ids['Graz spa']!)).data.map(node => node.title)).toEqual([
    'Graz spa',
  ]);
  await expect(treeOf(narrow, 'company', ids.Graz!)).rejects.toMatchObject({ code: 'notFound' });
  const blind = withRights(world.ada, {
    objects: { '*': { read: 'all' }, company: { read: 'all', fields: { parent: 'none' } } },
  });
  await expect(treeOf(blind, 'company', ids.Graz!)).rejects.toMatchObject({ code: 'unknownRoute' });
  await expect(names(blind, under('Hotel group'))).rejects.toMatchObject({ code: 'invalidQuery' });
});

test('lists and sums take in what belongs to those below', async () => {
  expect(await names(world.ada, under('Hotel group'))).toEqual([
    'Deal of Graz spa',
    'Deal of Hotel group',
    'Deal of Vienna',
  ]);
  expect(await names(narrow, under('Hotel group'))).toEqual(['Deal of Hotel group', 'Deal of Vienna']);
  expect(await names(world.ada, under('Vienna'))).toEqual(['Deal of Vienna']);
  const { data } = await aggregate(world.ada, 'deal', {
    filter: under('Hotel group'),
    groupBy: [{ field: 'status' }],
    values: [{ op: 'sum', field: 'amount' }],
  });
  expect(data.map(({ group, values }) => [group.status, values[0]])).toMatchObject([
    ['open', { amount: '30.00', currency: 'EUR' }],
    ['won', { amount: '30.00', currency: 'EUR' }],
  ]);
  await expect(names(world.ada, { field: 'company', op: 'within', value: 'x' })).rejects.toMatchObject({
    problems: [{ pointer: '/filter/value' }],
  });
  await expect(names(world.ada, { field: 'stage', op: 'within', value: ids.Graz! })).rejects.toMatchObject({
    problems: [{ pointer: '/filter/op' }],
  });
});

test('what is moved out of the tree, or into the trash, counts no more', async () => {
  const id = await create(world.ada, 'company', { name: 'Linz', parent: ids.Vienna! });
  const deal = await create(world.ada, 'deal', { name: 'Deal of Linz', company: id });
  expect(await names(world.ada, under('Vienna'))).toEqual(['Deal of Linz', 'Deal of Vienna']);
  await update(world.ada, 'company', id, { parent: ids.Elsewhere! });
  expect(await names(world.ada, under('Vienna'))).toEqual(['Deal of Vienna']);
  await update(world.ada, 'deal', deal, { company: null });
});

test('the timeline tells of all below, each entry with where it happened', async () => {
  const told = async (ctx: Context, below: boolean) => {
    const { data } = await timeline(ctx, 'company', ids['Hotel group']!, { below, limit: 200 });
    return data.map(({ kind, of, record }) => [kind, of?.title ?? null, record?.body ?? null]);
  };
  expect((await told(world.ada, false)).filter(([kind]) => kind === 'activity')).toEqual([
    ['activity', null, 'Said at Hotel group'],
  ]);
  const all = await told(world.ada, true);
  expect(all).toContainEqual(['activity', 'Graz spa', 'Said at Graz spa']);
  expect(all).toContainEqual(['activity', null, 'Said at Hotel group']);
  expect(all).toContainEqual(['change', 'Graz', null]);
  expect(all).not.toContainEqual(['activity', null, 'Said at Elsewhere']);
  const seen = await told(narrow, true);
  expect(seen).toContainEqual(['change', 'Vienna', null]);
  expect(JSON.stringify(seen)).not.toContain('Graz');
});
