/** Everything can be undone, and an undo as well; what came later is shown, never overwritten. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { newId } from '../id.ts';
import type { Input, Values } from '../object.ts';
import { compile } from '../sql.ts';
import { find, rows } from './read.ts';
import { undo } from './undo.ts';
import { create, type Operation, update, write } from './write.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('undo');
});
afterAll(() => world.close());

const edit = async (id: string, values: Input, ctx = world.ada) =>
  (await update(ctx, 'company', id, values)).changeSet!;

/** All records of an object, in the trash or not, without what counts and dates the writes. */
async function everything(object: string): Promise<Values[]> {
  const live = await rows(world.system, object, { limit: 1000 });
  const trashed = await rows(world.system, object, { limit: 1000, trash: 'only' });
  const all: Values[] = [...live, ...trashed.map(row => ({ ...row, deletedAt: 'once' }))];
  return all
    .map(({ version: _v, updatedAt: _a, updatedBy: _b, ...record }) => record as Values)
    .sort((a, b) => ((a.id as string) < (b.id as string) ? -1 : 1));
}

describe('what was done is taken back', () => {
  test('whatever it was: doing and undoing leaves everything as it was', async () => {
    const ids = await Promise.all(
      [0, 1, 2, 3].map(i => create(world.ada, 'company', { name: `Company ${i}`, employees: i })),
    );
    const tags = await Promise.all(['a', 'b'].map(name => create(world.ada, 'tag', { name })));
    const operation = fc.oneof(
      fc
        .record({
          id: fc.constantFrom(...ids),
          values: fc.record(
            {
              name: fc.constantFrom('Red', 'Blue'),
              revenue: fc.constantFrom(null, '12.50 EUR', '3 USD'),
              tags: fc.subarray(tags),
              parent: fc.constantFrom(null, ids[0]!, ids[1]!),
              externalIds: fc.constantFrom({}, { sap: '1' }),
            },
            { requiredKeys: [] },
          ),
        })
        .filter(({ id, values }) => values.parent !== id)
        .map(one => ({ op: 'update' as const, ...one })),
      fc.constantFrom(...ids).map(id => ({ op: 'delete' as const, id })),
      fc.constantFrom(...ids).map(id => ({ op: 'restore' as const, id })),
      fc.constantFrom('New', 'Newer').map(name => ({ op: 'create' as const, values: { name } })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 8 }), async chosen => {
        const operations = chosen as Operation[];
        const before = await everything('company');
        const { changeSet, results } = await write(world.ada, 'company', operations, { perItem: true });
        const after = await everything('company');
        if (!changeSet) return;
        const taken = await undo(world.ada, changeSet);
        const made = new Set(results.filter(({ kind }) => kind === 'created').map(({ id }) => id));
        expect((await everything('company')).filter(row => !made.has(row.id as string))).toEqual(before);
        for (const id of made) expect((await find(world.ada, 'company', id)).deletedAt).not.toBeNull();
        if (!taken.changeSet) return;
        await undo(world.ada, taken.changeSet);
        expect(await everything('company')).toEqual(after);
        await undo(world.ada, changeSet);
        expect((await everything('company')).filter(row => !made.has(row.id as string))).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test('with what followed from it: a deal goes back to its stage, probability and status', async () => {
    const stages = await stagesOf(world.ada);
    const id = await create(world.ada, 'deal', { name: 'To and fro', probability: 25 });
    const before = await find(world.ada, 'deal', id);
    const { changeSet } = await update(world.ada, 'deal', id, { stage: stages.Qualified! });
    await undo(world.ada, changeSet!);
    const { version: _, ...rest } = await find(world.ada, 'deal', id);
    expect(rest).toEqual({ ...before, version: undefined });
  });

  test('records that depend on one another leave in the right order, and come back', async () => {
    const ctx: Context = { ...world.ada, changeSet: newId() };
    const pipeline = await create(ctx, 'pipeline', { name: 'Partners' });
    const stage = await create(ctx, 'stage', { name: 'First', pipeline });
    const deal = await create(ctx, 'deal', { name: 'Through partners', pipeline, stage });
    const line = await create(ctx, 'dealLine', { name: 'Beans', deal });
    const taken = await undo(world.ada, ctx.changeSet!);
    expect(taken.undone).toBe(4);
    for (const [object, id] of [
      ['pipeline', pipeline],
      ['stage', stage],
      ['deal', deal],
      ['dealLine', line],
    ] as const)
      expect((await find(world.ada, object, id)).deletedAt, object).not.toBeNull();
    await undo(world.ada, taken.changeSet!);
    expect(await find(world.ada, 'dealLine', line)).toMatchObject({ deletedAt: null, deal: { id: deal } });
    const gone = await write(world.ada, 'deal', [{ op: 'delete', id: deal }]);
    await undo(world.ada, gone.changeSet!);
    expect((await find(world.ada, 'dealLine', line)).deletedAt).toBeNull();
  });

  test('a unique value goes back to the record that had it before another took it', async () => {
    const [first, second] = await Promise.all(
      ['Mocha', 'Latte'].map(name => create(world.ada, 'tag', { name })),
    );
    const ctx: Context = { ...world.ada, changeSet: newId() };
    await update(ctx, 'tag', first!, { name: 'Melange' });
    await update(ctx, 'tag', second!, { name: 'Mocha' });
    await write(ctx, 'tag', [{ op: 'delete', id: first! }]);
    const third = await create(ctx, 'tag', { name: 'Melange' });
    await undo(world.ada, ctx.changeSet!);
    const names = await Promise.all([first!, second!].map(id => find(world.ada, 'tag', id)));
    expect(names).toMatchObject([
      { name: 'Mocha', deletedAt: null },
      { name: 'Latte', deletedAt: null },
    ]);
    expect((await find(world.ada, 'tag', third)).deletedAt).not.toBeNull();
  });

  test('records that stood below each other in turn go back in that order, and come back', async () => {
    const [a, b] = [
      await create(world.ada, 'company', { name: 'Above' }),
      await create(world.ada, 'company', { name: 'Below' }),
    ];
    await edit(a, { parent: b });
    const before = await everything('company');
    const inSet = { ...world.ada, changeSet: newId() };
    await edit(a, { parent: null }, inSet);
    await edit(b, { parent: a }, inSet);
    await edit(b, { parent: null }, inSet);
    const after = await everything('company');
    const taken = await undo(world.ada, inSet.changeSet);
    expect(taken.undone).toBe(1);
    expect(await everything('company')).toEqual(before);
    await undo(world.ada, taken.changeSet!);
    expect(await everything('company')).toEqual(after);

    await edit(a, { parent: b });
    const again = await everything('company');
    const mixed = { ...world.ada, changeSet: newId() };
    await edit(a, { parent: null }, mixed);
    await edit(b, { parent: a }, mixed);
    await write(mixed, 'company', [{ op: 'delete', id: b }]);
    await write(mixed, 'company', [{ op: 'restore', id: b }]);
    await edit(b, { parent: null }, mixed);
    await undo(world.ada, mixed.changeSet);
    expect(await everything('company')).toEqual(again);
  });

  test('a link goes back to where it led, even into the trash', async () => {
    const parent = await create(world.ada, 'company', { name: 'Mother' });
    const id = await create(world.ada, 'company', { name: 'Daughter', parent });
    const changeSet = await edit(id, { parent: null });
    await write(world.ada, 'company', [{ op: 'delete', id: parent }]);
    await undo(world.ada, changeSet);
    expect((await find(world.ada, 'company', id)).parent).toEqual({ id: parent, title: 'Mother' });
  });
});

describe('what came later', () => {
  test('is shown and stops the undo', async () => {
    const id = await create(world.ada, 'company', { name: 'Before', employees: 1 });
    const changeSet = await edit(id, { name: 'After', employees: 2 });
    await edit(id, { name: 'Later' }, world.system);
    await expect(undo(world.ada, changeSet)).rejects.toMatchObject({
      code: 'undoConflict',
      details: {
        count: 1,
        conflicts: [{ object: 'company', id, field: 'name', after: 'After', now: 'Later' }],
      },
    });
    expect(await find(world.ada, 'company', id)).toMatchObject({ name: 'Later', employees: 2 });
  });

  test('is kept where one says so, and the rest is undone', async () => {
    const id = await create(world.ada, 'company', { name: 'Before', employees: 1 });
    const changeSet = await edit(id, { name: 'After', employees: 2 });
    await edit(id, { name: 'Later' }, world.system);
    const taken = await undo(world.ada, changeSet, { keepLater: true });
    expect(taken).toMatchObject({ undone: 1, kept: [{ field: 'name', now: 'Later' }] });
    expect(await find(world.ada, 'company', id)).toMatchObject({ name: 'Later', employees: 1 });
  });

  test('is not told where the field is hidden', async () => {
    const id = await create(world.max, 'company', { name: 'Hidden', revenue: '1 EUR' });
    const { changeSet } = await update(world.max, 'company', id, { revenue: '2 EUR' });
    await edit(id, { revenue: '31415 EUR' });
    const blind = withRights(world.max, {
      objects: { company: { read: 'all', edit: 'all', fields: { revenue: 'none' } } },
    });
    const error = await undo(blind, changeSet!).catch(reason => reason);
    expect(error.code).toBe('undoConflict');
    expect(JSON.stringify(error.details)).not.toMatch(/31415|revenue/);
  });

  test('saves a new record from the trash', async () => {
    const { results, changeSet } = await write(world.ada, 'company', [
      { op: 'create', values: { name: 'New' } },
    ]);
    await edit(results[0]!.id, { name: 'Worked on' }, world.system);
    await expect(undo(world.ada, changeSet!)).rejects.toMatchObject({ code: 'undoConflict' });
    await undo(world.ada, changeSet!, { keepLater: true });
    expect((await find(world.ada, 'company', results[0]!.id)).deletedAt).toBeNull();
  });
});

describe('who and how often', () => {
  test('only who made a change takes it back, or an administrator', async () => {
    const id = await create(world.max, 'company', { name: 'Mine' });
    const { changeSet } = await update(world.max, 'company', id, { name: 'Still mine' });
    await expect(undo(world.tom, changeSet!)).rejects.toMatchObject({ code: 'notFound' });
    await undo(world.ada, changeSet!);
    await expect(undo(world.max, changeSet!)).rejects.toMatchObject({ code: 'alreadyUndone' });
  });

  test('an import-sized set goes back in a constant number of statements per thousand', async () => {
    const count = async (n: number) => {
      const ctx: Context = { ...world.ada, changeSet: newId() };
      for (let done = 0; done < n; done += 1_000)
        await write(
          ctx,
          'person',
          Array.from({ length: Math.min(1_000, n - done) }, (_, i) => ({
            op: 'create' as const,
            values: { name: `Guest ${n} ${done + i}` },
          })),
        );
      const texts: string[] = [];
      const db: Context['db'] = {
        ...world.ada.db,
        transaction: act =>
          world.db.transaction(tx =>
            act({
              ...tx,
              run: query => {
                texts.push(compile(query).text);
                return tx.run(query);
              },
            }),
          ),
      };
      expect((await undo({ ...world.ada, db }, ctx.changeSet!)).undone).toBe(n);
      return texts;
    };
    const [one, five] = [await count(1_000), await count(5_000)];
    expect(new Set(five).size).toBeLessThanOrEqual(new Set(one).size + 1);
    const perBatch = (five.length - one.length) / 4;
    expect(perBatch).toBeLessThanOrEqual(6);
    const filter = { field: 'name', op: 'startsWith', value: 'Guest' };
    expect(await rows(world.ada, 'person', { filter })).toEqual([]);
  });
});
