/** Reading: what is spelt out, what is in the trash, how much of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { newId } from '../id.ts';
import { compile } from '../sql.ts';
import { find, list, rows } from './read.ts';
import { create, write } from './write.ts';

let world: World;
let company: string;
let trashed: string;
beforeAll(async () => {
  world = await createWorld('read');
  const { ada } = world;
  trashed = await create(ada, 'company', { name: 'Mother' });
  company = await create(ada, 'company', { name: 'Sacher', parent: trashed });
  await write(ada, 'company', [{ op: 'delete', id: trashed }]);
  const [rosa, emil] = [
    await create(ada, 'person', { name: 'Rosa', company }),
    await create(ada, 'person', { name: 'Emil', company }),
  ];
  await create(ada, 'person', {
    name: 'Anna',
    reportsTo: rosa,
    companies: [{ id: company, role: 'adviser' }],
  });
  await write(ada, 'person', [{ op: 'delete', id: emil }]);
});
afterAll(() => world.close());

describe('include', () => {
  test('spells out one linked record, in the trash or not, and many that are not', async () => {
    const found = await find(world.ada, 'company', company, {
      include: ['parent', 'people.reports', 'affiliates'],
    });
    expect(found.parent).toMatchObject({ id: trashed, name: 'Mother' });
    expect(found.people).toMatchObject([{ name: { full: 'Rosa' }, reports: [{ name: { full: 'Anna' } }] }]);
    expect(found.affiliates).toMatchObject([{ name: { full: 'Anna' } }]);
  });

  test('shows nothing out of reach', async () => {
    const mine = await create(world.sina, 'deal', { name: 'Mine' });
    await write(world.ada, 'deal', [{ op: 'update', id: mine, values: { company } }]);
    const found = await find(world.sina, 'deal', mine, { include: ['company'] });
    expect(found.company).toBeNull();
    expect((await find(world.sina, 'deal', mine)).company).toEqual({ id: company, title: null });
  });

  test.each(['nonsense', 'name', 'people.nonsense'])('%s is refused', async include => {
    await expect(find(world.ada, 'company', company, { include: [include] })).rejects.toMatchObject({
      code: 'invalidQuery',
    });
  });
});

test('a title shows for a link into the trash, so that it can be told what was meant', async () => {
  expect((await find(world.ada, 'company', company)).parent).toEqual({ id: trashed, title: 'Mother' });
});

test('the trash is a list of its own', async () => {
  expect((await rows(world.ada, 'company', { fields: ['name'] })).map(row => row.name)).toEqual(['Sacher']);
  expect((await rows(world.ada, 'company', { trash: 'only' })).map(row => row.name)).toEqual(['Mother']);
});

test('an id that does not exist, or is none, is not found', async () => {
  for (const id of [newId(), 'Sacher', "' or true --"])
    await expect(find(world.ada, 'company', id)).rejects.toMatchObject({ code: 'notFound' });
});

test('counts are exact, estimated, or not made', async () => {
  expect(await list(world.ada, 'person', { count: 'exact', limit: 1 })).toMatchObject({ count: 2 });
  expect((await list(world.ada, 'person', { count: 'estimated' })).count).toBeGreaterThan(0);
  expect(await list(world.ada, 'person')).not.toHaveProperty('count');
});

test.each([0, -1, 1.5, 1_001])('a limit of %s is refused', async limit => {
  await expect(list(world.ada, 'person', { limit })).rejects.toMatchObject({
    problems: [{ pointer: '/limit', code: 'outOfRange' }],
  });
});

test('the text of a statement depends on its shape alone, so that it is planned once', async () => {
  const texts = new Set<string>();
  const db = {
    ...world.db,
    run: (query => {
      texts.add(compile(query).text);
      return world.db.run(query);
    }) as typeof world.db.run,
  };
  for (const [limit, value] of [
    [70, 'a'],
    [99, "b'"],
  ] as const) {
    const filter = { field: 'name', op: 'contains', value };
    const { next } = await list({ ...world.ada, db }, 'person', {
      limit,
      filter,
      q: value,
      asOf: '2026-03-16T12:00:00Z',
    });
    expect(next).toBeNull();
    world.clock.move(`2026-03-16T1${limit % 7}:00:00Z`);
  }
  expect(texts.size).toBe(1);
});

test('two requests of one shape are one statement, and each gets its own rows', async () => {
  const texts = new Set<string>();
  const db = {
    ...world.db,
    run: (query => {
      texts.add(compile(query).text);
      return world.db.run(query);
    }) as typeof world.db.run,
  };
  const named = async (value: string) => {
    const filter = { field: 'name', op: 'is', value };
    return (await rows({ ...world.ada, db }, 'user', { filter, fields: ['name'] })).map(row => row.name);
  };
  expect(
    [await named('Sina Gruber'), await named("O'Nobody"), await named('Tom Eder')].map(found => found.length),
  ).toEqual([1, 0, 1]);
  expect(texts.size).toBe(1);
});
