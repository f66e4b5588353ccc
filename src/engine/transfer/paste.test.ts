import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { create, find, undo } from '../index.ts';
import { paste } from './paste.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('paste');
});
afterAll(() => world.close());

test('texts become values, linked records are found by name, and one undo takes all back', async () => {
  const company = await create(world.sina, 'company', { name: 'Café Zentral' });
  const ids = [
    await create(world.sina, 'deal', { name: 'One', amount: '10 EUR' }),
    await create(world.sina, 'deal', { name: 'Two', amount: '20 EUR' }),
  ];
  const rows = [
    { id: ids[0]!, cells: { amount: '€1,250.50', closeDate: 'Mar 12, 2027', company: 'cafe zentral' } },
    { id: ids[1]!, cells: { amount: '', closeDate: 'someday', company: 'Nowhere' } },
  ];
  const preview = await paste(world.sina, 'deal', rows, { dryRun: true });
  expect(preview.changeSet).toBeNull();
  expect(preview.rows[0]).toMatchObject({
    kind: 'updated',
    values: {
      amount: { amount: '1250.50', currency: 'EUR' },
      closeDate: '2027-03-12',
      company: { id: company, title: 'Café Zentral' },
    },
    problems: [],
  });
  expect(preview.rows[1]!.problems.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/closeDate', 'notADate'],
    ['/company', 'unknownRecord'],
  ]);
  expect(await find(world.sina, 'deal', ids[0]!)).toMatchObject({ amount: { amount: '10.00' } });

  const done = await paste(world.sina, 'deal', rows);
  expect(await find(world.sina, 'deal', ids[0]!)).toMatchObject({
    closeDate: '2027-03-12',
    company: { id: company },
  });
  // What could be read of the other row was written.
  expect(await find(world.sina, 'deal', ids[1]!)).toMatchObject({ amount: null, closeDate: null });
  await undo(world.sina, done.changeSet!);
  expect(await find(world.sina, 'deal', ids[0]!)).toMatchObject({
    amount: { amount: '10.00' },
    company: null,
  });
  expect(await find(world.sina, 'deal', ids[1]!)).toMatchObject({ amount: { amount: '20.00' } });
});

test('what may not be changed is told, record by record and field by field', async () => {
  const id = await create(world.sina, 'company', { name: 'Guarded' });
  const { rows } = await paste(world.ada, 'company', [
    { id, cells: { createdAt: '2026-01-01', gone: 'x', employees: '7' } },
    { id: '019a0000-0000-7000-8000-000000000000', cells: { employees: '7' } },
  ]);
  expect(rows[0]!.problems.map(({ code }) => code)).toEqual(['readOnly', 'unknownField']);
  expect(rows[0]!.kind).toBe('updated');
  expect(rows[1]).toMatchObject({ kind: 'refused', problems: [{ code: 'notFound' }] });
  const stale = await paste(world.ada, 'company', [{ id, version: 1, cells: { employees: '9' } }]);
  expect(stale.rows[0]).toMatchObject({ kind: 'refused', problems: [{ code: 'conflict' }] });
});
