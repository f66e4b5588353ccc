/** Why someone sees a record, told in parts, and with no name that the reader may not see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { create } from '../records/write.ts';
import { explain } from './explain.ts';
import { share } from './share.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('explain');
});
afterAll(() => world.close());

test('a share is told with whom, by whom, for what and until when; another share is nobody else’s business', async () => {
  const { ada, sina, olga } = world;
  const id = await create(ada, 'company', { name: 'Shared' });
  const until = '2099-01-02T03:04:05.000Z';
  await share(ada, 'company', id, sina.actor.userId!, { access: 'edit', until });
  await share(ada, 'company', id, olga.actor.userId!, {});
  const own = withRights(sina, { objects: { '*': { read: 'all' }, company: { read: 'own', edit: 'own' } } });
  const told = await explain(own, 'company', id);
  expect(told.shares).toEqual([
    { object: 'user', to: sina.actor.name, access: 'edit', until, by: ada.actor.name },
  ]);
  const { read } = told.actions;
  expect(read!.allowed).toBe(true);
  expect(read!.ways.map(({ holds }) => holds)).toEqual([false, true]);
  expect(JSON.stringify(told)).not.toContain(olga.actor.name);
});

test('names that the reader may not see are left out, and a share that ended is none', async () => {
  const { ada, sina } = world;
  const id = await create(ada, 'company', { name: 'Quietly shared' });
  await share(ada, 'company', id, sina.actor.team!, {});
  await share(ada, 'company', id, sina.actor.userId!, { until: '2001-01-01T00:00:00.000Z' });
  const hidden = { read: 'none' as const };
  const blind = withRights(sina, {
    objects: { company: { read: 'shared' }, user: hidden, team: hidden },
  });
  expect((await explain(blind, 'company', id)).shares).toEqual([
    { object: 'team', to: null, access: 'read', until: null, by: null },
  ]);
  const nobody = withRights(sina, { objects: { company: { read: 'none' } } });
  await expect(explain(nobody, 'company', id)).rejects.toMatchObject({ code: 'notFound' });
});
