/** Layouts of pages: written by administrators, read by all, one for each object and role, naming only what there is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { create, FarleyError, find, type Input, rows, undo, write } from '../../engine/index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('layouts');
});
afterAll(() => world.close());

async function pointersOf(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof FarleyError) return error.problems.map(({ pointer }) => pointer);
    throw error;
  }
}

const layout = (more: Input) => create(world.ada, 'layout', { object: 'company', ...more });

test('administrators write them, everyone reads them', async () => {
  const id = await layout({
    object: 'person',
    head: ['email'],
    facts: [{ title: null, fields: ['name', 'phone'] }],
    hidden: ['birthday'],
    panels: [
      { panel: 'deals', place: 'tab' },
      { panel: 'company', place: 'side' },
      { panel: 'files', place: 'hidden' },
    ],
  });
  expect(await find(world.sina, 'layout', id)).toMatchObject({ object: 'person', head: ['email'] });
  for (const who of ['max', 'sina', 'rita'] as const)
    await expect(create(world[who], 'layout', { object: 'deal' })).rejects.toMatchObject({
      code: 'forbidden',
    });
});

test('there is one for each object and role', async () => {
  const [role] = await rows(world.ada, 'role', { filter: { field: 'name', op: 'is', value: 'member' } });
  const everyone = { object: 'deal' };
  await layout(everyone);
  await layout({ ...everyone, role: role!.id as string });
  expect(await pointersOf(layout(everyone))).toEqual(['/scope']);
  expect(await pointersOf(layout({ ...everyone, role: role!.id as string }))).toEqual(['/scope']);
});

test('each thing that the object does not know is pointed at', async () => {
  const wrong = layout({
    head: ['name', 'gone'],
    facts: [
      { title: 'A', fields: ['name', 'lost'] },
      { title: 7, fields: [] },
      { fields: ['sector', 'name'] },
    ],
    hidden: 'name',
    panels: [{ panel: 'deals', place: 'left' }, { panel: 'unicorns', place: 'side' }, 'people'],
  });
  expect(await pointersOf(wrong)).toEqual([
    '/head/1',
    '/facts/0/fields/1',
    '/facts/1',
    '/facts/2/fields/1',
    '/hidden',
    '/panels/0',
    '/panels/1/panel',
    '/panels/2',
  ]);
  expect(await pointersOf(layout({ object: 'unicorn' }))).toEqual(['/object']);
  const six = ['name', 'sector', 'type', 'phone', 'website', 'domain'];
  expect(await pointersOf(layout({ head: six }))).toEqual(['/head']);
});

test('a change of a layout is undone like any other', async () => {
  const id = await layout({ object: 'task', head: ['owner'] });
  const { changeSet } = await write(world.ada, 'layout', [{ op: 'update', id, values: { head: ['dueAt'] } }]);
  await undo(world.ada, changeSet!);
  expect(await find(world.sina, 'layout', id)).toMatchObject({ head: ['owner'] });
});
