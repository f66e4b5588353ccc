import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { create, rows, update, write } from '../index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('administrators');
});
afterAll(() => world.close());

const roleNamed = async (name: string) =>
  (await rows(world.system, 'role', { fields: ['name'] })).find(role => role.name === name)!.id as string;

test('whatever way the last administrator would go, the workspace keeps one', async () => {
  const ada = world.ada.actor.userId!;
  const [administrator, reader] = [await roleNamed('administrator'), await roleNamed('reader')];
  const ways = [
    () => update(world.ada, 'user', ada, { active: false }),
    () => update(world.ada, 'user', ada, { role: reader }),
    () => write(world.ada, 'user', [{ op: 'delete', id: ada }]),
    () => update(world.ada, 'role', administrator, { grants: { objects: {} } }),
  ];
  for (const way of ways) await expect(way()).rejects.toMatchObject({ code: 'inUse' });
  // With another one, each may go.
  const eve = await create(world.ada, 'user', {
    name: 'Eve Second',
    email: 'eve@kaffeehaus.example',
    role: administrator,
  });
  await update(world.ada, 'user', ada, { active: false });
  await expect(update(world.system, 'user', eve, { role: reader })).rejects.toMatchObject({ code: 'inUse' });
  await update(world.system, 'user', ada, { active: true });
});

test('two administrators who retire each other at the same moment do not both succeed', async () => {
  const administrator = await roleNamed('administrator');
  const eves = await rows(world.system, 'user', {
    filter: { field: 'role', op: 'is', value: administrator },
  });
  const done = await Promise.allSettled(
    eves.map(({ id }) => update(world.system, 'user', id as string, { active: false })),
  );
  expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
