import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../test/world.ts';
import { create, find, list, rows, undo, update, write } from '../index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('records');
});
afterAll(() => world.close());

test('a record is created, read, changed and read again', async () => {
  const { ada } = world;
  const id = await create(ada, 'company', {
    name: 'Hotel Sacher',
    sector: 'hospitality',
    revenue: { amount: '12.5', currency: 'EUR' },
  });
  const company = await find(ada, 'company', id);
  expect(company).toMatchObject({
    id,
    name: 'Hotel Sacher',
    sector: 'hospitality',
    version: 1,
    owner: { title: 'Ada Baumann' },
  });
  await update(ada, 'company', id, { employees: 400 });
  expect(await find(ada, 'company', id)).toMatchObject({ employees: 400, version: 2 });
  expect(
    (await rows(ada, 'company', { filter: { field: 'name', op: 'contains', value: 'sach' } })).length,
  ).toBe(1);
  expect((await list(ada, 'company', { count: 'exact' })).count).toBe(1);
  const stages = await stagesOf(ada);
  const deal = await create(ada, 'deal', {
    name: 'Espresso bar',
    company: id,
    amount: { amount: '100', currency: 'EUR' },
  });
  expect(await find(ada, 'deal', deal)).toMatchObject({
    stage: { id: stages.Prospecting },
    company: { id, title: 'Hotel Sacher' },
    probability: 10,
  });
  const { changeSet } = await write(ada, 'deal', [{ op: 'delete', id: deal }]);
  await undo(ada, changeSet!);
  expect((await find(ada, 'deal', deal)).deletedAt).toBe(null);
});
