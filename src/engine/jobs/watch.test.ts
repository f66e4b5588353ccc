/** Watches: each change once, in order, with what is written because of it; what fails is told, and does not hold up the rest. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { create, update } from '../records/write.ts';
import { defineWatch, startWatches, step, type WatchedChange, type WatchSpec } from './watch.ts';

let world: World;
let seen: string[] = [];
/** What the watch does with a change, besides noting it. */
let act: (change: WatchedChange) => void = () => {};

const noting = defineWatch('noting', {
  label: 'Noting',
  run: async (_ctx, changes) => {
    for (const change of changes.filter(({ object }) => object === 'tag')) {
      act(change);
      seen.push(`${change.kind} ${String(change.fields.name?.[1] ?? '')}`);
    }
  },
});

beforeAll(async () => {
  world = await createWorld('watches');
});
afterAll(() => world.close());
beforeEach(async () => {
  await follow(noting);
  seen = [];
  act = () => {};
});

const context = () => ({ ...world.system, via: 'watch noting' });
async function follow(watch: WatchSpec) {
  while (await step(context(), watch));
}
const ledger = async () =>
  (await world.db.pool.query(`select * from ${world.system.schema}.watch where name = 'noting'`)).rows[0];

test('several at once get each change once; what was there before is not news', async () => {
  const fresh = defineWatch('fresh', { ...noting, label: 'Fresh' });
  const id = await create(world.ada, 'tag', { name: 'old' });
  await follow(fresh);
  await follow(noting);
  seen = [];
  await update(world.ada, 'tag', id, { name: 'new' });
  await create(world.ada, 'tag', { name: 'other' });
  await Promise.all([follow(noting), follow(noting), follow(noting)]);
  expect(seen).toEqual(['updated new', 'created other']);
  await follow(fresh);
  expect(seen).toHaveLength(4);
});

test('one that cannot be dealt with is tried again, then left out and told; those after it are not held up', async () => {
  const before = await ledger();
  for (const name of ['one', 'broken', 'three']) await create(world.ada, 'tag', { name });
  act = ({ fields }) => {
    if (fields.name?.[1] === 'broken') throw new Error('The bell is broken.');
  };
  let failures = 0;
  for (let round = 0; round < 10; round++) await follow(noting).catch(() => failures++);
  // What a failed step had noted is noted again: only what it wrote is taken back with it.
  expect(new Set(seen)).toEqual(new Set(['created one', 'created three']));
  const { error, failures: left, skipped } = await ledger();
  expect([error, left, failures]).toEqual([null, 0, expect.any(Number)]);
  expect(failures).toBeGreaterThanOrEqual(3);
  const { count, examples } = JSON.parse(skipped);
  expect(count).toBe(JSON.parse(before.skipped).count + 1);
  expect(examples[0].why).toMatch(/failed 3 times/);
});

test('imports are no news, unless their order says that people are told', async () => {
  const changeSet = '019a0000-0000-7000-8000-0000000000aa';
  await create({ ...world.ada, via: 'import' }, 'tag', { name: 'quiet' });
  await world.db.pool.query(
    `insert into ${world.system.schema}.job_run (id, job, label, state, payload)
      values (gen_random_uuid(), 'import', 'Import', 'done', $1)`,
    [JSON.stringify({ changeSet, notify: true })],
  );
  await world.db.transaction(async tx => {
    await create({ ...world.ada, via: 'import', tx, changeSet }, 'tag', { name: 'loud' });
  });
  await follow(noting);
  expect(seen).toEqual(['created loud']);
});

test('running, it looks by itself after commits, and by the clock where it is to', async () => {
  let ticks = 0;
  const ticking = defineWatch('ticking', {
    label: 'Ticking',
    every: 0.2,
    run: async () => {
      ticks++;
    },
  });
  world.clock.move(new Date().toISOString());
  const clock = { now: () => new Date() };
  const failures: string[] = [];
  const running = startWatches({
    db: world.db,
    watches: [noting, ticking],
    workspaces: async () => ['main'],
    contextOf: async (_, actor) => ({ ...world.system, clock, actor }),
    onFailure: sentence => failures.push(sentence),
  });
  await create({ ...world.ada, clock }, 'tag', { name: 'running' });
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(['created running']);
  await expect.poll(() => ticks, { timeout: 20_000 }).toBeGreaterThan(1);
  await running.stop();
  expect(failures).toEqual([]);
});
