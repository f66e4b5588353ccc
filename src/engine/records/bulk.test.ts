/** One act on all that match: rights per record, one undo, nothing twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../test/world.ts';
import { type Context, create, type Json, newId, rows, undo, write } from '../index.ts';
import { type BulkOrder, type BulkReport, bulk, checkBulk } from './bulk.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('bulk');
});
afterAll(() => world.close());

interface Told extends BulkReport {
  skips: [string, string][];
  last: [number, number];
  states: Json[];
}

function listener(): Told {
  const told: Told = {
    skips: [],
    last: [0, 0],
    states: [],
    skipped: (what, why) => void told.skips.push([what, why]),
    progress: (done, total) => {
      told.last = [done, total];
    },
    checkpoint: async state => void told.states.push(state),
  };
  return told;
}

async function carry(ctx: Context, object: string, order: BulkOrder, told = listener()) {
  return { told, ...(await bulk({ ...ctx, changeSet: newId() }, object, order, told)) };
}

const named = (name: string) => ({ field: 'name', op: 'startsWith', value: name });

async function companies(prefix: string, count: number, values: Record<string, Json> = {}) {
  const operations = Array.from({ length: count }, (_, n) => ({
    op: 'create' as const,
    values: { name: `${prefix} ${String(n).padStart(4, '0')}`, ...values },
  }));
  for (let from = 0; from < count; from += 500)
    await write(world.ada, 'company', operations.slice(from, from + 500));
}

test('all that match are changed over several batches, though they match no longer; one undo takes it back', async () => {
  await companies('Many', 1_100, { employees: 7 });
  const filter = { and: [named('Many'), { field: 'employees', op: 'is', value: 7 }] };
  const done = await carry(world.ada, 'company', { act: 'update', filter, values: { employees: 8 } });
  expect(done).toMatchObject({ changed: 1_100, unchanged: 0, refused: 0 });
  expect(done.told.last).toEqual([1_100, 1_100]);
  expect(await rows(world.ada, 'company', { filter, limit: 1 })).toEqual([]);
  expect(await undo(world.ada, done.changeSet!)).toMatchObject({ undone: 1_100 });
  expect(await rows(world.ada, 'company', { filter, limit: 1_000, fields: [] })).toHaveLength(1_000);
});

test('who may not change a record leaves it as it is, and is told which and why', async () => {
  await create(world.sina, 'company', { name: 'Rights own', employees: 1 });
  await create(world.olga, 'company', { name: 'Rights other', employees: 1 });
  const done = await carry(world.sina, 'company', {
    act: 'update',
    filter: named('Rights'),
    values: { employees: 2 },
  });
  const found = await rows(world.ada, 'company', { filter: named('Rights'), fields: ['name', 'employees'] });
  const changed = found.filter(row => row.employees === 2).length;
  expect(done).toMatchObject({ changed, refused: done.told.skips.length });
  expect(found.find(row => row.name === 'Rights other')?.employees).toBe(1);
});

test('what a crash left behind is not done again', async () => {
  await companies('Resumed', 4);
  const ctx = { ...world.ada, changeSet: newId() };
  const order: BulkOrder = { act: 'update', filter: named('Resumed'), values: { employees: 3 } };
  await bulk(ctx, 'company', order, listener());
  // The checkpoint was lost: the job begins anew, within the same change set.
  const again = await bulk(ctx, 'company', { ...order, values: { employees: 4 } }, listener());
  expect(again).toMatchObject({ changed: 4, unchanged: 0 });
  const found = await rows(world.ada, 'company', { filter: named('Resumed'), fields: ['employees'] });
  expect(found.map(row => row.employees)).toEqual([3, 3, 3, 3]);
});

test('records go to the trash and come back; what is cancelled stays as far as it came', async () => {
  await companies('Trashed', 3);
  const { changeSet } = await carry(world.ada, 'company', { act: 'delete', filter: named('Trashed') });
  expect(changeSet).not.toBeNull();
  const back = await carry(world.ada, 'company', { act: 'restore', filter: named('Trashed') });
  expect(back).toMatchObject({ changed: 3 });
  const stopped = await bulk(
    { ...world.ada, changeSet: newId() },
    'company',
    { act: 'delete', filter: named('Trashed') },
    listener(),
    { signal: AbortSignal.abort() },
  );
  expect(stopped).toMatchObject({ changed: 0, changeSet: null });
});

test('a verb is run on each; those it refuses are told, and one undo takes back the others', async () => {
  const stages = await stagesOf(world.ada);
  const [open, won] = [
    await create(world.sina, 'deal', { name: 'Verb open' }),
    await create(world.sina, 'deal', { name: 'Verb too' }),
  ];
  const order: BulkOrder = {
    act: 'verb',
    verb: 'move',
    input: { stage: stages.Proposal! },
    filter: named('Verb'),
  };
  const done = await carry(world.sina, 'deal', order);
  expect(done).toMatchObject({ changed: 2, refused: 0 });
  await undo(world.sina, done.changeSet!);
  const found = await rows(world.sina, 'deal', { filter: named('Verb'), fields: ['stage'] });
  expect(found.map(row => [row.id, (row.stage as { title: string }).title]).sort()).toEqual(
    [open, won].map(id => [id, 'Prospecting']).sort(),
  );
  const refused = await carry(world.tom, 'deal', order);
  expect(refused).toMatchObject({ changed: 0, changeSet: null });
});

test('an order that cannot succeed is refused at once', () => {
  const wrong = (order: BulkOrder, ctx = world.ada) => {
    try {
      checkBulk(ctx, 'company', order);
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(wrong({ act: 'update', values: {} })).toBe('invalidInput');
  expect(wrong({ act: 'update', values: { createdAt: null } })).toBe('invalidInput');
  expect(wrong({ act: 'update', values: { employees: 1 }, filter: { field: 'gone', op: 'is' } })).toBe(
    'invalidQuery',
  );
  expect(wrong({ act: 'verb', verb: 'fly' })).toBe('invalidInput');
  expect(wrong({ act: 'delete' }, world.rita)).toBe('forbidden');
  expect(wrong({ act: 'delete' })).toBeNull();
});
