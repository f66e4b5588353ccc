/** The feed and live updates while many write: every committed change once, each record's in their order. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Processes, runs, twoProcesses } from '../../../test/runs.ts';
import { createWorld, type World } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { type LiveChange, LiveHub } from '../live/hub.ts';
import { sql } from '../sql.ts';
import { importFile } from '../transfer/import.ts';
import { feed, feedEnd, type HistoryEntry } from './history.ts';
import { rows } from './read.ts';
import { tableOf } from './scope.ts';
import { undo } from './undo.ts';
import { carryOut } from './verbs.ts';
import { create, inTransaction, update, write } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'farley-feed-'));
let world: World;
let processes: Processes;
let companies: string[];
let deals: string[];

beforeAll(async () => {
  world = await createWorld('feed');
  processes = await twoProcesses(world);
  const make = (object: string, values: (i: number) => object) =>
    Promise.all(Array.from({ length: 5 }, (_, i) => create(world.ada, object, values(i) as never)));
  companies = await make('company', i => ({ name: `Company ${i}`, employees: 0 }));
  deals = await make('deal', i => ({ name: `Deal ${i}` }));
});
afterAll(async () => {
  await processes.close();
  await world.close();
  rmSync(folder, { recursive: true });
});

type Told = HistoryEntry & { object: string; id: string };

class Thrown extends Error {}

/** What a writer does; most touch records that others touch too. */
const acts = {
  edit: (ctx: Context, n: number) => update(ctx, 'company', companies[n % 5]!, { employees: n }),
  bulk: (ctx: Context, n: number) =>
    write(
      ctx,
      'company',
      companies.map(id => ({ op: 'update' as const, id, values: { founded: n } })),
    ),
  create: (ctx: Context, n: number) => create(ctx, 'company', { name: `New ${n}` }),
  verb: async (ctx: Context, n: number) => {
    const [stage] = await rows(ctx, 'stage', {
      filter: { field: 'kind', op: 'is', value: 'open' },
      fields: [],
    });
    await carryOut(ctx, 'deal', 'move', deals[n % 5]!, { stage: stage!.id as string, after: null });
  },
  undone: async (ctx: Context, n: number) => {
    const { changeSet } = await update(ctx, 'company', companies[n % 5]!, { domain: `d${n}.example` });
    if (changeSet) await undo(ctx, changeSet, { keepLater: true });
  },
  /** First something of its own, which takes a place in the order of transactions; then, late, what others wrote meanwhile. */
  long: (ctx: Context, n: number) =>
    inTransaction(ctx, async inside => {
      await create(inside, 'company', { name: `Long ${n}` });
      await sleep(5 + (n % 40));
      await update(inside, 'company', companies[n % 5]!, { employees: n });
    }),
  rolledBack: (ctx: Context, n: number) =>
    inTransaction(ctx, async inside => {
      await update(inside, 'company', companies[n % 5]!, { employees: n + 5_000 });
      await sleep(n % 20);
      throw new Thrown();
    }),
  imported: async (ctx: Context, n: number) => {
    const path = join(folder, `${randomUUID()}.csv`);
    const text = `name,employees\n${Array.from({ length: 30 }, (_, i) => `Import ${n}/${i},${i}`).join('\n')}\n`;
    writeFileSync(path, text);
    await importFile(ctx, { path, object: 'company', batchSize: 10 });
  },
};
/** What is rolled back on purpose is no failure. */
async function carriedOut(work: Promise<unknown>) {
  await work.catch(error => {
    if (!(error instanceof Thrown)) throw error;
  });
}

const act = fc.record({
  name: fc.constantFrom(...(Object.keys(acts) as (keyof typeof acts)[])),
  n: fc.nat(1000),
});

/** Everything the log holds since `from`, as committed. */
async function committed(since: number): Promise<{ seq: number }[]> {
  return world.db.run<{ seq: number }>(
    sql`select seq from ${tableOf(world.workspace.schema, 'change')} where seq > ${since}::bigint order by seq`,
  );
}

async function lastSeq(): Promise<number> {
  return (await committed(0)).at(-1)!.seq;
}

/** Each record's versions follow one another, and the parts of what was one transaction keep their order. */
function expectInOrder(
  told: { id: string; version: number | null; changeSet: string; seq?: number; via?: string }[],
) {
  const versions = new Map<string, number>();
  const sets = new Map<string, number>();
  for (const { id, version, changeSet, seq = 0, via } of told) {
    const before = versions.get(id);
    if (version !== null && before !== undefined) expect(version, `the version of ${id}`).toBe(before + 1);
    if (version !== null) versions.set(id, version);
    // Batches of an import are transactions of their own.
    if (via !== 'import') expect(seq).toBeGreaterThanOrEqual(sets.get(changeSet) ?? 0);
    sets.set(changeSet, seq);
  }
}

/** A reader that takes small pages, stops at random, and goes on from the position it noted. */
async function follow(ctx: Context, start: string, pages: number[], ended: () => boolean): Promise<Told[]> {
  const told: Told[] = [];
  let position = start;
  for (let page = 0; ; page++) {
    const last = ended();
    const size = pages[page % pages.length]!;
    const { data, next } = await feed(ctx, position, size);
    told.push(...(data as Told[]));
    position = next;
    if (last && data.length === 0) return told;
    if (page % 7 === 6) await sleep(Math.min(size, 9) * 3);
  }
}

test('readers that stop and go on get each committed change once, a record’s in the order of its versions', async () => {
  const hub = new LiveHub(processes.databases[1]);
  const scenario = fc.record({
    writers: fc.array(fc.array(act, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 8 }),
    pages: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ writers, pages }) => {
      const since = await lastSeq();
      const start = await feedEnd(world.db, world.ada.schema);
      let writing = true;
      const heard: LiveChange[] = [];
      const ear = {
        tell: (changes: LiveChange[]) => void heard.push(...changes),
        meet: () => {},
        renew: async () => world.ada,
        end: () => {},
      };
      const listening = await hub.listen(processes.of(1), ear);
      const readers = [
        follow(processes.of(0), start, pages, () => !writing),
        follow(processes.of(1), start, [1000], () => !writing),
      ];
      const writes = writers.map(async (mine, writer) => {
        const ctx = processes.of(writer);
        for (const { name, n } of mine) await carriedOut(acts[name](ctx, n));
      });
      await Promise.all(writes).finally(() => {
        writing = false;
        return Promise.all(readers);
      });
      const expected = (await committed(since)).map(row => row.seq);
      for (const told of await Promise.all(readers)) {
        expect(told.map(change => change.seq).sort((a, b) => a - b)).toEqual(expected);
        expectInOrder(told);
      }
      for (let waited = 0; heard.length < expected.length && waited < 20_000; waited += 20) await sleep(20);
      listening.stop();
      expect(heard).toHaveLength(expected.length);
      expectInOrder(heard);
      const again = await follow(world.ada, start, [1000], () => true);
      expect(again.map(change => change.seq)).toEqual(expected);
    }),
    { numRuns: runs(20), endOnFailure: true },
  );
  await hub.stop();
});

test('a transaction that goes on and on holds back its own changes only', async () => {
  const start = await feedEnd(world.db, world.ada.schema);
  const next = await inTransaction(processes.of(1), async inside => {
    const goesOn = await create(inside, 'company', { name: 'Goes on' });
    const isDone = await create(world.ada, 'company', { name: 'Is done' });
    const page = await feed(world.ada, start);
    expect(page.data.map(change => change.id)).toEqual([isDone]);
    await update(inside, 'company', goesOn, { employees: 1 });
    return page.next;
  });
  const late = await feed(world.ada, next);
  expect(late.data.map(change => [change.kind, change.version])).toEqual([
    ['created', 1],
    ['updated', 2],
  ]);
});

test('what waited for a record comes after what it waited for, though it began before', async () => {
  const [first, second] = [...companies].sort() as [string, string];
  const start = await feedEnd(world.db, world.ada.schema);
  await inTransaction(processes.of(1), async inside => {
    await create(inside, 'company', { name: 'Begins first' });
    await update(world.ada, 'company', first, { founded: 1950 });
    await update(inside, 'company', first, { founded: 1951 });
    await update(inside, 'company', second, { founded: 1951 });
  });
  const { data } = await feed(world.ada, start);
  const mine = data.filter(change => change.id === first);
  expect(mine.map(change => change.fields.founded?.[1])).toEqual([1950, 1951]);
});

test('what was rolled back last is not taken for read: after a crash others get its numbers', async () => {
  await create(world.ada, 'company', { name: 'Comes before' });
  const end = await feedEnd(world.db, world.ada.schema);
  const [rolledBack] = await world.db
    .transaction(async tx => {
      const given = await tx.run<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`);
      throw Object.assign(new Error('rolled back'), { given });
    })
    .catch((error: { given: { xid: string }[] }) => error.given);
  const after = await feedEnd(world.db, world.ada.schema);
  const [read] = await world.db.run<{ seen: boolean }>(
    sql`select pg_visible_in_snapshot(${rolledBack!.xid}::xid8, ${after}::pg_snapshot) as seen`,
  );
  expect([after, read!.seen]).toEqual([end, false]);
});
