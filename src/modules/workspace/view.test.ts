/** Views: whose they are, who sees them, and that they hold only what their list knows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import {
  type Context,
  create,
  FarleyError,
  find,
  type Input,
  rows,
  undo,
  update,
  write,
} from '../../engine/index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('views');
});
afterAll(() => world.close());

const view = (ctx: Context, name: string, more: Input = {}) =>
  create(ctx, 'view', { name, object: 'company', ...more });

async function seen(ctx: Context): Promise<string[]> {
  return (await rows(ctx, 'view', { fields: ['name'] })).map(row => row.name as string);
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof FarleyError) return error.code;
    throw error;
  }
}

async function pointersOf(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof FarleyError) return error.problems.map(({ pointer }) => pointer);
    throw error;
  }
}

describe('who sees a view', () => {
  beforeAll(async () => {
    await view(world.sina, 'Sina alone');
    await view(world.sina, 'Sina and Tom', { visibility: 'team' });
    await view(world.sina, 'All of us', { visibility: 'everyone' });
  });

  test.each([
    ['the owner', 'sina', ['All of us', 'Sina alone', 'Sina and Tom']],
    ['a team-mate', 'tom', ['All of us', 'Sina and Tom']],
    ['another team', 'olga', ['All of us']],
    ['who reads everything else', 'rita', ['All of us']],
    ['the administrator', 'ada', ['All of us']],
    ['the manager above the team', 'max', ['All of us']],
  ] as const)('%s', async (_, who, names) => {
    expect(await seen(world[who])).toEqual(names);
  });

  test('nobody finds the private one by filter, history or id', async () => {
    const [row] = await rows(world.sina, 'view', {
      filter: { field: 'name', op: 'is', value: 'Sina alone' },
    });
    for (const who of ['tom', 'ada', 'rita'] as const)
      expect(await codeOf(find(world[who], 'view', row!.id as string))).toBe('notFound');
  });
});

test('readers keep views of their own though they may change nothing else', async () => {
  const id = await view(world.rita, 'Mine to read');
  await update(world.rita, 'view', id, { pinned: true });
  expect(await find(world.rita, 'view', id)).toMatchObject({ pinned: true, visibility: 'private' });
  expect(await codeOf(create(world.rita, 'company', { name: 'No' }))).toBe('forbidden');
});

test('what is for everyone is changed by its owner and by administrators only', async () => {
  const id = await view(world.sina, 'Shared', { visibility: 'everyone' });
  for (const who of ['tom', 'max', 'rita'] as const)
    expect(await codeOf(update(world[who], 'view', id, { name: 'Taken' }))).toBe('forbidden');
  await update(world.ada, 'view', id, { name: 'Put right' });
  await update(world.sina, 'view', id, { visibility: 'team' });
  expect(await codeOf(update(world.tom, 'view', id, { name: 'Taken' }))).toBe('forbidden');
  expect(await codeOf(update(world.ada, 'view', id, { name: 'Taken' }))).toBe('notFound');
});

test('what a list opens with for a role is for everyone, and set by administrators', async () => {
  const [role] = await rows(world.ada, 'role', { filter: { field: 'name', op: 'is', value: 'member' } });
  const defaultFor = role!.id as string;
  expect(await pointersOf(view(world.sina, 'Start', { visibility: 'everyone', defaultFor }))).toEqual([
    '/defaultFor',
  ]);
  expect(await pointersOf(view(world.ada, 'Start', { defaultFor }))).toEqual(['/defaultFor']);
  const id = await view(world.ada, 'Start', { visibility: 'everyone', defaultFor });
  expect(await find(world.sina, 'view', id)).toMatchObject({ defaultFor: { title: 'Member' } });
});

test('a role can take views away by naming them', async () => {
  const none = withRights(world.tom, {
    objects: { '*': { read: 'all' }, view: { read: 'none', create: false } },
  });
  expect(await codeOf(view(none, 'Not for keys'))).toBe('forbidden');
});

test('each thing that the list does not know is pointed at', async () => {
  const wrong = view(world.sina, 'Wrong', {
    filter: {
      and: [
        { field: 'name', op: 'notEmpty' },
        { field: 'gone', op: 'is', value: 1 },
      ],
    },
    sort: ['name', '-nowhere'],
    columns: [{ field: 'name', width: 200 }, { field: 'lost' }, { field: 'name', width: 9 }],
    group: 'nothing',
  });
  expect(await pointersOf(wrong)).toEqual([
    '/filter/and/1',
    '/sort/1',
    '/columns/1/field',
    '/columns/2',
    '/group',
  ]);
  expect(await pointersOf(view(world.sina, 'Of nothing', { object: 'unicorn' }))).toEqual(['/object']);
  expect(await pointersOf(view(world.sina, 'No list', { sort: 'name', columns: 3 }))).toEqual([
    '/sort',
    '/columns',
  ]);
});

test('a view does not name fields that its maker may not read', async () => {
  const blind = withRights(world.tom, {
    objects: { '*': { read: 'all' }, company: { read: 'all', fields: { revenue: 'none' } } },
  });
  const filter = { field: 'revenue', op: 'notEmpty' };
  expect(await pointersOf(view(blind, 'Peeping', { filter }))).toEqual(['/filter']);
  expect(await pointersOf(view(world.tom, 'Allowed', { filter }))).toEqual([]);
});

test('a change of a view is undone like any other', async () => {
  const id = await view(world.sina, 'Before');
  const { changeSet } = await write(world.sina, 'view', [
    { op: 'update', id, values: { name: 'After', sort: ['-name'] } },
  ]);
  await undo(world.sina, changeSet!);
  expect(await find(world.sina, 'view', id)).toMatchObject({ name: 'Before', sort: null });
});
