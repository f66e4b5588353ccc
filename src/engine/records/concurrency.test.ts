/** Two people change one record: nobody overwrites what they have not seen. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { find } from './read.ts';
import { create, update, write } from './write.ts';

let world: World;
let id: string;
beforeAll(async () => {
  world = await createWorld('concurrency');
});
beforeEach(async () => {
  id = await create(world.ada, 'company', { name: 'Hotel Bristol', employees: 10 });
});
afterAll(() => world.close());

const late = (values: Record<string, string | number>, version = 1) =>
  write(world.max, 'company', [{ op: 'update', id, version, values }]);

test('a field that someone else changed is a conflict, with all three sides', async () => {
  await update(world.ada, 'company', id, { employees: 20 });
  await update(world.ada, 'company', id, { employees: 30 });
  await expect(
    write(world.ada, 'company', [{ op: 'update', id, version: 1, values: { employees: '40' } }]),
  ).rejects.toMatchObject({
    code: 'conflict',
    details: { id, version: 3, fields: { employees: { attempted: 40, actual: 30, original: 10 } } },
  });
});

test('changes of different fields both go through', async () => {
  await update(world.ada, 'company', id, { employees: 20 });
  await update(world.ada, 'company', id, { owner: world.max.actor.userId });
  await late({ name: 'Bristol' });
  expect(await find(world.ada, 'company', id)).toMatchObject({ name: 'Bristol', employees: 20, version: 4 });
});

test('wanting the same is a conflict too: of two who count on, neither is lost', async () => {
  await update(world.ada, 'company', id, { employees: 11 });
  const late = { op: 'update' as const, id, version: 1, values: { employees: 11 } };
  await expect(write(world.ada, 'company', [late])).rejects.toMatchObject({
    code: 'conflict',
    details: { fields: { employees: { attempted: 11, actual: 11, original: 10 } } },
  });
});

test('a deletion collides with any change since', async () => {
  await update(world.ada, 'company', id, { employees: 20 });
  await expect(write(world.ada, 'company', [{ op: 'delete', id, version: 1 }])).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a version that does not exist yet is refused', async () => {
  await expect(
    write(world.ada, 'company', [{ op: 'update', id, version: 9, values: { name: 'x' } }]),
  ).rejects.toMatchObject({ code: 'precondition' });
});

test('a hidden field is never named in a conflict', async () => {
  await update(world.ada, 'company', id, { revenue: '9 EUR', employees: 11 });
  const grants = {
    objects: { company: { read: 'all', edit: 'all', delete: 'all', fields: { revenue: 'none' } } },
  } as const;
  const error = await write(withRights(world.max, grants), 'company', [
    { op: 'delete', id, version: 1 },
  ]).catch(reason => reason);
  expect(Object.keys(error.details.fields)).toEqual(['employees']);
});

test('per item, the collided record is refused and the others are written', async () => {
  const other = await create(world.ada, 'company', { name: 'Hotel Regina' });
  await update(world.ada, 'company', id, { employees: 20 });
  const { results } = await write(
    world.ada,
    'company',
    [
      { op: 'update', id, version: 1, values: { employees: 40 } },
      { op: 'update', id: other, version: 1, values: { employees: 40 } },
    ],
    { perItem: true },
  );
  expect(results.map(result => result.kind)).toEqual(['refused', 'updated']);
});

test('twenty writers at once each count: no update is lost', async () => {
  const tags = await Promise.all(
    Array.from({ length: 20 }, (_, i) => create(world.ada, 'tag', { name: `tag ${i}` })),
  );
  await Promise.all(tags.map(tag => update(world.ada, 'company', id, { tags: [tag] })));
  const { version, tags: kept } = await find(world.ada, 'company', id);
  expect([version, (kept as unknown[]).length]).toEqual([21, 1]);
});
