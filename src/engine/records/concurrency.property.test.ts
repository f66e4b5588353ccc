/** Many writers at the same moment, each on a connection of its own, in two processes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Processes, runs, twoProcesses } from '../../../test/runs.ts';
import { createWorld, stagesOf, type World } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { type ErrorCode, FarleyError } from '../errors.ts';
import type { Input, Values } from '../object.ts';
import { sql } from '../sql.ts';
import { find, rows } from './read.ts';
import { tableOf } from './scope.ts';
import { undo } from './undo.ts';
import { carryOut } from './verbs.ts';
import { create, inTransaction, type Operation, update, write } from './write.ts';

let world: World;
let processes: Processes;
let here: Context;
let stages: Record<string, string>;

beforeAll(async () => {
  world = await createWorld('concurrent');
  processes = await twoProcesses(world);
  here = processes.of(0);
  stages = await stagesOf(world.ada);
});
afterAll(async () => {
  await processes.close();
  await world.close();
});

/** `n` writers at once; answers what each got, or the code of what it was told. Defects are thrown. */
async function atOnce<T>(
  n: number,
  work: (writer: number, ctx: Context) => Promise<T>,
): Promise<(T | ErrorCode)[]> {
  const done = await Promise.allSettled(
    Array.from({ length: n }, (_, writer) => work(writer, processes.of(writer))),
  );
  return done.map(each => {
    if (each.status === 'fulfilled') return each.value;
    if (each.reason instanceof FarleyError && each.reason.status < 500) return each.reason.code;
    throw each.reason;
  });
}

const done = 'done' as const;

describe('no update is lost', () => {
  test('counting with the version read, and reading again after each conflict', async () => {
    const id = await create(here, 'company', { name: 'Counter', employees: 0 });
    const each = runs(6);
    await atOnce(8, async (_, ctx) => {
      for (let counted = 0; counted < each; ) {
        const { version, employees } = await find(ctx, 'company', id, { fields: ['employees'] });
        const operation = {
          op: 'update',
          id,
          version: version as number,
          values: { employees: (employees as number) + 1 },
        } as const;
        try {
          await write(ctx, 'company', [operation]);
          counted++;
        } catch (error) {
          if (!(error instanceof FarleyError && error.code === 'conflict')) throw error;
        }
      }
    });
    expect(await find(here, 'company', id)).toMatchObject({ employees: 8 * each, version: 8 * each + 1 });
  });

  test('writers of different fields, lists among them, need no version', async () => {
    const tags = await Promise.all([0, 1].map(i => create(here, 'tag', { name: `Shared ${i}` })));
    for (let round = 0; round < runs(8); round++) {
      const id = await create(here, 'company', { name: 'Shared' });
      const values: Input[] = [
        { name: 'Renamed' },
        { employees: 7 },
        { revenue: '5 EUR' },
        { tags },
        { domain: 'shared.example' },
        { externalIds: { sap: '1' } },
        { address: { city: 'Wien' } },
        { sector: 'media' },
      ];
      await atOnce(values.length, (writer, ctx) => update(ctx, 'company', id, values[writer]!));
      const found = await find(here, 'company', id);
      expect(found).toMatchObject({
        name: 'Renamed',
        employees: 7,
        revenue: { amount: '5.00', currency: 'EUR' },
        domain: 'shared.example',
        externalIds: { sap: '1' },
        sector: 'media',
        version: values.length + 1,
      });
      expect((found.tags as Values[]).map(tag => tag.id)).toEqual(tags);
    }
  });

  test('of a list, the last to write is whole, and history tells each change from the one before', async () => {
    const tags = await Promise.all([0, 1, 2, 3].map(i => create(here, 'tag', { name: `List ${i}` })));
    const id = await create(here, 'company', { name: 'Lists' });
    const wanted = await atOnce(12, async (writer, ctx) => {
      const chosen = tags.filter((_, i) => (writer + 1) & (1 << i));
      await update(ctx, 'company', id, { tags: chosen });
      return chosen.join();
    });
    const found = await find(here, 'company', id);
    expect(wanted).toContain((found.tags as Values[]).map(tag => tag.id).join());
    const log = await world.db.run<{ fields: string }>(
      sql`select fields::text as fields from ${tableOf(world.workspace.schema, 'change')} where record_id = ${id}::uuid and fields ? 'tags' order by seq`,
    );
    let before: unknown = [];
    for (const { fields } of log) {
      const { tags: change } = JSON.parse(fields);
      expect(change[0] ?? []).toEqual(before);
      before = change[1];
    }
  });

  test('an undo never overwrites an edit that goes on at the same time, a list neither', async () => {
    const tags = await Promise.all([0, 1, 2].map(i => create(here, 'tag', { name: `Undone ${i}` })));
    for (let round = 0; round < runs(15); round++) {
      const id = await create(here, 'company', { name: 'Undo', employees: 1, tags: [tags[0]!] });
      const { changeSet } = await update(here, 'company', id, { employees: 2, tags: [tags[1]!] });
      const [taken, edited] = await atOnce(2, async (writer, ctx) => {
        if (writer === 0) return (await undo(ctx, changeSet!)).undone;
        await update(ctx, 'company', id, round % 2 ? { tags: [tags[2]!] } : { employees: 3 });
        return done;
      });
      expect(edited).toBe(done);
      const found = await find(here, 'company', id);
      const [field, now] = round % 2 ? ['tags', [tags[2]]] : ['employees', 3];
      const seen = round % 2 ? (found.tags as Values[]).map(tag => tag.id) : found.employees;
      // Whichever came first, the edit stands; the undo was done before it, or refused.
      expect(seen, `${field} after undo ${taken}`).toEqual(now);
      expect([1, 'undoConflict']).toContain(taken);
    }
  });

  test('who deletes what someone edits meets the edit or comes first', async () => {
    for (let round = 0; round < runs(10); round++) {
      const id = await create(here, 'company', { name: 'Gone', employees: 1 });
      const [deleted, edited] = await atOnce(2, async (writer, ctx) => {
        const operation: Operation =
          writer === 0 ? { op: 'delete', id, version: 1 } : { op: 'update', id, values: { employees: 2 } };
        await write(ctx, 'company', [operation]);
        return done;
      });
      expect([`${deleted} ${edited}`]).toEqual([
        expect.stringMatching(/^(done invalidInput|conflict done)$/),
      ]);
    }
  });
});

describe('what is unique has one holder', () => {
  const holders = async (name: string) =>
    rows(here, 'tag', { filter: { field: 'name', op: 'is', value: name }, fields: [] });

  test('however many create, rename, restore and undo to it at once', async () => {
    const trashed = async (name: string) => {
      const id = await create(here, 'tag', { name });
      await write(here, 'tag', [{ op: 'delete', id }]);
      return id;
    };
    for (let round = 0; round < runs(10); round++) {
      const name = `Wanted ${round}`;
      const [first, second] = [await trashed(name), await trashed(name)];
      const renamed = await create(here, 'tag', { name: `Was ${round}` });
      const moved = await create(here, 'tag', { name });
      const { changeSet } = await update(here, 'tag', moved, { name: `Moved ${round}` });
      const claims: Operation[] = [
        { op: 'create', values: { name } },
        { op: 'create', values: { name: `  ${name}  ` } },
        { op: 'restore', id: first },
        { op: 'restore', id: second },
        { op: 'update', id: renamed, values: { name } },
      ];
      const got = await atOnce(claims.length * 2 + 1, async (writer, ctx) => {
        if (writer === 10) await undo(ctx, changeSet!);
        else await write(ctx, 'tag', [claims[writer % 5]!], { perItem: writer === 9 });
        return done;
      });
      expect(await holders(name)).toHaveLength(1);
      expect(got.filter(each => each !== done && each !== 'duplicate')).toEqual([]);
    }
  });

  test('also over two fields together, and in sets that overlap in opposite orders', async () => {
    const [pipeline] = await rows(here, 'pipeline', { fields: [] });
    for (let round = 0; round < runs(6); round++) {
      const names = Array.from({ length: 12 }, (_, i) => `Stage ${round}/${i}`);
      const got = await atOnce(6, async (writer, ctx) => {
        const order = writer % 2 ? names : [...names].reverse();
        const values = order.map(name => ({ name, pipeline: pipeline!.id as string }));
        await write(
          ctx,
          'stage',
          values.map(each => ({ op: 'create', values: each })),
        );
        return done;
      });
      expect(got.filter(each => each === done)).toHaveLength(1);
      expect(got.filter(each => each === 'duplicate')).toHaveLength(5);
    }
  });
});

describe('what depends on others', () => {
  test('no deal is left in a stage that is trashed at the same moment', async () => {
    for (let round = 0; round < runs(12); round++) {
      const stage = await create(here, 'stage', { name: `Short-lived ${round}` });
      const waiting = await create(here, 'deal', { name: 'Waits' });
      const got = await atOnce(4, async (writer, ctx) => {
        if (writer === round % 4) await write(ctx, 'stage', [{ op: 'delete', id: stage }]);
        else if (writer === (round + 1) % 4) await carryOut(ctx, 'deal', 'move', waiting, { stage });
        else await create(ctx, 'deal', { name: 'New', stage });
        return done;
      });
      const filter = { field: 'stage', op: 'is', value: stage } as const;
      const inside = await rows(here, 'deal', { filter, fields: [] });
      const gone = (await find(here, 'stage', stage)).deletedAt !== null;
      expect([gone, inside.length > 0], got.join()).toEqual([gone, !gone]);
      expect(got.filter(each => !['done', 'inUse', 'invalidInput', 'notFound'].includes(each))).toEqual([]);
    }
  });

  test('no line is left in a deal that is trashed at the same moment', async () => {
    for (let round = 0; round < runs(12); round++) {
      const deal = await create(here, 'deal', { name: 'With lines' });
      await atOnce(4, async (writer, ctx) => {
        if (writer === round % 4) await write(ctx, 'deal', [{ op: 'delete', id: deal }]);
        else await create(ctx, 'dealLine', { name: 'Beans', deal });
        return done;
      });
      const filter = { field: 'deal', op: 'is', value: deal } as const;
      expect(await rows(here, 'dealLine', { filter, fields: [] })).toEqual([]);
    }
  });

  test('a deal that is moved by many is in one of the stages, and its status is that of the stage', async () => {
    const id = await create(here, 'deal', { name: 'Pushed about' });
    const targets = ['Qualified', 'Won', 'Lost', 'Proposal'];
    for (let round = 0; round < runs(5); round++) {
      const got = await atOnce(8, async (writer, ctx) => {
        if (writer === 6) await carryOut(ctx, 'deal', 'win', id, {});
        else if (writer === 7) await carryOut(ctx, 'deal', 'reopen', id, {});
        else await carryOut(ctx, 'deal', 'move', id, { stage: stages[targets[writer % 4]!]!, after: null });
        return done;
      });
      expect(got.filter(each => each !== done && each !== 'invalidInput')).toEqual([]);
      const { stage, status } = await find(here, 'deal', id);
      const { kind } = await find(here, 'stage', (stage as Values).id as string);
      expect(status).toBe(kind);
    }
  });

  test('of those who make companies, or teams, each other’s parents at once, the one who would close the circle is told', async () => {
    for (let round = 0; round < runs(8); round++) {
      const object = round % 2 ? 'team' : 'company';
      const ids = await Promise.all([0, 1, 2].map(i => create(here, object, { name: `Ring ${round}/${i}` })));
      const got = await atOnce(3, async (writer, ctx) => {
        await update(ctx, object, ids[writer]!, { parent: ids[(writer + 1) % 3]! });
        return done;
      });
      expect(got.sort()).toEqual([done, done, 'invalidInput']);
      const upwards = { field: 'parent.parent.parent', op: 'notEmpty' };
      const own = { field: 'id', op: 'isAnyOf', value: ids };
      expect(await rows(here, object, { filter: { and: [own, upwards] }, fields: [] })).toEqual([]);
    }
  });
});

test('auto numbers are given once each', async () => {
  const made = await atOnce(8, async (_, ctx) => {
    const operations = Array.from(
      { length: 20 },
      (): Operation => ({ op: 'create', values: { subject: 'Numbered' } }),
    );
    return (await write(ctx, 'task', operations)).results.map(result => result.id);
  });
  expect(new Set(made.flat()).size).toBe(160);
});

test('sets that overlap in any order, over several objects, wait for each other and never fail', async () => {
  const make = (object: string, n: number) =>
    Promise.all(Array.from({ length: n }, (_, i) => create(here, object, { name: `${object} ${i}` })));
  const ids: Record<string, string[]> = {
    company: await make('company', 6),
    person: await make('person', 6),
    // Companies that are only linked to, so that no circle is made.
    parent: await make('company', 6),
  };
  const place = fc.integer({ min: 0, max: 5 });
  const step = fc.record({
    object: fc.constantFrom('company', 'person'),
    places: fc.uniqueArray(place, { minLength: 1 }),
    link: place,
  });
  let counter = 0;
  const edit = (object: string, id: string, link: string): Operation => ({
    op: 'update',
    id,
    values: {
      ...(object === 'person' ? { jobTitle: `${++counter}` } : { employees: ++counter }),
      [object === 'person' ? 'company' : 'parent']: link,
    },
  });
  const versions = async (object: string) =>
    (await rows(here, object, { filter: { field: 'id', op: 'isAnyOf', value: ids[object]! }, fields: [] }))
      .map(row => row.version as number)
      .reduce((sum, version) => sum + version, 0);
  const sets = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sets, async all => {
      const before = (await versions('company')) + (await versions('person'));
      const got = await atOnce(all.length, (writer, ctx) =>
        inTransaction(ctx, async inside => {
          for (const { object, places, link } of all[writer]!)
            await write(
              inside,
              object,
              places.map(one =>
                edit(object, ids[object]![one]!, ids[object === 'person' ? 'company' : 'parent']![link]!),
              ),
            );
          return done;
        }),
      );
      expect(got.filter(each => each !== done)).toEqual([]);
      const edits = all.flat().reduce((sum, { places }) => sum + places.length, 0);
      expect((await versions('company')) + (await versions('person'))).toBe(before + edits);
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});
