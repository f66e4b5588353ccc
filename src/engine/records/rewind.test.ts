import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { create, find, list, rows, undo, update, type Values, write } from '../index.ts';
import { rewind } from './rewind.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('rewind');
});
afterAll(() => world.close());

/** A minute passes; answers the moment before. */
function later(): string {
  const now = world.clock.now();
  world.clock.move(new Date(now.getTime() + 60_000).toISOString());
  return new Date(now.getTime() + 1_000).toISOString();
}

/** Every company by its stored values, without what counts its changes. */
const allOf = async (asOf?: string) => {
  const fields = ['name', 'employees', 'externalIds'];
  const page = await list(world.ada, 'company', {
    limit: 1_000,
    sort: ['id'],
    fields,
    ...(asOf ? { asOf } : {}),
  });
  return (JSON.parse(page.data) as Values[]).map(({ version: _, ...rest }) => rest);
};

test('a whole object goes back to a moment: changed, trashed and new records; and forth again by undo', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++)
    ids.push(await create(world.ada, 'company', { name: `Rewound ${n}`, employees: n }));
  const at = later();
  await write(
    world.ada,
    'company',
    ids.map(id => ({ op: 'update' as const, id, values: { employees: 99 } })),
  );
  later();
  await update(world.ada, 'company', ids[0]!, { name: 'Otherwise', externalIds: { a: '1' } });
  await write(world.ada, 'company', [{ op: 'delete', id: ids[1]! }]);
  await create(world.ada, 'company', { name: 'Made since' });
  const after = await allOf();
  later();
  const tried = await rewind(world.ada, 'company', { at, dryRun: true });
  expect(tried).toMatchObject({ records: 6, collisions: 0, changeSet: null });
  expect(await allOf()).toEqual(after);
  const done = await rewind(world.ada, 'company', { at });
  expect(done.records).toBe(6);
  expect(await allOf()).toEqual(await allOf(at));
  expect((await allOf()).map(each => each.name)).not.toContain('Made since');
  expect((await rewind(world.ada, 'company', { at })).changeSet).toBeNull();
  await undo(world.ada, done.changeSet!);
  expect(await allOf()).toEqual(after);
});

test('one record goes back; who may not edit it puts nothing back', async () => {
  const id = await create(world.ada, 'company', { name: 'Single', employees: 1 });
  const at = later();
  await update(world.ada, 'company', id, { employees: 2, name: 'Renamed' });
  await expect(rewind(world.rita, 'company', { id, at })).rejects.toThrow();
  expect((await rewind(world.ada, 'company', { id, at })).records).toBe(1);
  expect(await find(world.ada, 'company', id)).toMatchObject({ name: 'Single', employees: 1 });
  await expect(rewind(world.ada, 'company', { id, at: '2020-01-01T00:00:00Z' })).rejects.toThrow(
    /did not exist/,
  );
  await expect(rewind(world.ada, 'company', { id, at: 'soon' })).rejects.toThrow(/moment/);
});

test('what collides is shown and nothing goes back, unless it is to be kept; a value that goes back to another record does not collide', async () => {
  const [a, b, c] = [
    await create(world.ada, 'team', { name: 'Alpha' }),
    await create(world.ada, 'team', { name: 'Beta' }),
    await create(world.ada, 'team', { name: 'Gamma' }),
  ];
  const at = later();
  await update(world.ada, 'team', a, { name: 'Between' });
  await update(world.ada, 'team', b, { name: 'Alpha' });
  await update(world.ada, 'team', c, { name: 'Delta' });
  const taken = await create(world.ada, 'team', { name: 'Gamma' });
  later();
  // The new one stays: it is the record asked for that has to yield.
  await expect(rewind(world.ada, 'team', { at, id: c })).rejects.toMatchObject({ code: 'undoConflict' });
  expect((await rewind(world.ada, 'team', { at, id: c, keep: true })).collisions).toBe(1);
  const done = await rewind(world.ada, 'team', { at });
  expect(done.collisions).toBe(0);
  const names = Object.fromEntries(
    (await rows(world.ada, 'team', { fields: ['name'] })).map(row => [row.id, row.name]),
  );
  expect([names[a], names[b], names[c], names[taken]]).toEqual(['Alpha', 'Beta', 'Gamma', undefined]);
});

test('the number of statements does not depend on the number of records', async () => {
  const count = async (n: number) => {
    const made = await write(
      world.ada,
      'tag',
      Array.from({ length: n }, (_, i) => ({ op: 'create' as const, values: { name: `T${n}-${i}` } })),
    );
    const at = later();
    await write(
      world.ada,
      'tag',
      made.results.map(({ id }, i) => ({ op: 'update' as const, id, values: { name: `U${n}-${i}` } })),
    );
    later();
    let statements = 0;
    await world.ada.db.transaction(async tx => {
      const counting = {
        ...tx,
        get client() {
          return tx.client;
        },
        run: ((...args: Parameters<typeof tx.run>) => {
          statements++;
          return tx.run(...args);
        }) as typeof tx.run,
      };
      await rewind({ ...world.ada, tx: counting, changeSet: made.changeSet!.replace(/^./, 'f') }, 'tag', {
        at,
      });
    });
    return statements;
  };
  const few = await count(2);
  expect(await count(200)).toBe(few);
});
