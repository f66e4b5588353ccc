/** Stays against the log they are made of: random writes, merges, undos of these and of those, and dated beginnings. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../../../test/runs.ts';
import { createWorld, stagesOf, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { FarleyError } from '../errors.ts';
import { newId } from '../id.ts';
import { checkStays, rows, sql } from '../index.ts';
import type { Input } from '../object.ts';
import { migrateWorkspace } from '../workspace.ts';
import { undo } from './undo.ts';
import { carryOut } from './verbs.ts';
import { create, type Operation, write } from './write.ts';

let world: World;
let stages: string[];
let deals: string[];

beforeAll(async () => {
  world = await createWorld('stays');
  stages = Object.values(await stagesOf(world.ada));
  deals = await Promise.all([0, 1, 2].map(n => create(world.ada, 'deal', { name: `Deal ${n}` })));
});
afterAll(() => world.close());

let hours = 0;
const tick = () => world.clock.move(new Date(Date.UTC(2026, 2, 17, ++hours)).toISOString());

const values = () =>
  fc.record<Input>(
    {
      name: fc.constantFrom('Grün', 'Gelb'),
      stage: fc.constantFrom(...stages),
      amount: fc.constantFrom(null, '12.50 EUR', '12.50 USD', '3 EUR'),
    },
    { requiredKeys: [] },
  );

const steps = () =>
  fc.array(
    fc.record({
      op: fc.constantFrom('update', 'update', 'create', 'past', 'delete', 'restore', 'merge', 'undo', 'redo'),
      whom: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
      values: values(),
    }),
    { minLength: 1, maxLength: 8 },
  );

interface Step {
  op: string;
  whom: number[];
  values: Input;
}
const idOf = (n: number) => deals[n % deals.length]!;

function operationsOf({ op, whom, values: stated }: Step): Operation[] {
  const made = (more: Input): Operation => ({ op: 'create', values: { name: 'New', ...stated, ...more } });
  if (op === 'create') return whom.map(() => made({}));
  if (op === 'past') return whom.map(n => made({ createdAt: `2025-0${1 + n}-01T08:00:00.000Z` }));
  const ids = [...new Set(whom.map(idOf))];
  return ids.map(
    (id): Operation => (op === 'update' ? { op, id, values: stated } : { op: op as 'delete', id }),
  );
}

async function take(step: Step, done: string[], undone: string[]) {
  const { ada } = world;
  const { op, whom } = step;
  if (op === 'undo' || op === 'redo') {
    const set = (op === 'undo' ? done : undone).splice(whom[0]! % 2, 1)[0];
    const taken = set ? await undo(ada, set, { keepLater: true }) : null;
    if (op === 'undo' && taken?.changeSet) undone.unshift(taken.changeSet);
    return;
  }
  const ctx = { ...ada, changeSet: newId() };
  if (op === 'merge') {
    const [into, from] = [idOf(whom[0]!), idOf(whom[0]! + 1)];
    await carryOut(ctx, 'deal', 'merge', into, { with: [from] });
  } else {
    const via = op === 'past' ? 'import' : ctx.via;
    const { results } = await write({ ...ctx, via }, 'deal', operationsOf(step));
    if (op === 'create' || op === 'past') deals.push(...results.map(({ id }) => id));
  }
  done.unshift(ctx.changeSet);
}

test('after every write and every undo the stays are those that the log tells', async () => {
  await fc.assert(
    fc.asyncProperty(steps(), async some => {
      const [done, undone]: string[][] = [[], []];
      for (const step of some) {
        tick();
        await take(step, done!, undone!).catch(error => {
          if (!(error instanceof FarleyError && error.status < 500)) throw error;
        });
        expect(await checkStays(world.ada), JSON.stringify(step)).toBe(0);
      }
    }),
    { numRuns: runs(40), endOnFailure: true },
  );
});

test('what an undo left alone because it was changed since is in force again, too, when the undo is undone', async () => {
  const { ada } = world;
  const [first, second] = [
    await create(ada, 'deal', { name: 'First' }),
    await create(ada, 'deal', { name: 'Second' }),
  ];
  const move = (ids: string[], stage: string, changeSet = newId()) => {
    tick();
    const operations = ids.map((id): Operation => ({ op: 'update', id, values: { stage } }));
    return write({ ...ada, changeSet }, 'deal', operations).then(() => changeSet);
  };
  await move([first, second], stages[0]!);
  const both = await move([first, second], stages[1]!);
  await move([second], stages[2]!);
  const stagesOfSecond = async () => (await staysOf(second)).slice(-3).map(({ stage }) => stage);
  const { changeSet } = await undo(ada, both, { keepLater: true });
  expect((await stagesOfSecond()).slice(-2)).toEqual([stages[0], stages[2]]);
  await undo(ada, changeSet!);
  expect(await stagesOfSecond()).toEqual([stages[0], stages[1], stages[2]]);
  expect(await checkStays(ada)).toBe(0);
});

test('a record that an import made as of a day past stays from that day on', async () => {
  const values = { name: 'Old', createdAt: '2025-04-01T08:00:00.000Z' };
  const id = await create({ ...world.ada, via: 'import' }, 'deal', values);
  expect((await staysOf(id)).map(({ since }) => since)).toEqual(['2025-04-01 08:00:00+00']);
  expect(await checkStays(world.ada)).toBe(0);
});

test('the stay that lasts has the values of the record, and each begins where the one before ends', async () => {
  const id = await create(world.ada, 'deal', { name: 'Lobby', amount: '10 EUR', stage: stages[0]! });
  tick();
  await write(world.ada, 'deal', [{ op: 'update', id, values: { amount: '12.50 USD' } }]);
  tick();
  await write(world.ada, 'deal', [{ op: 'update', id, values: { stage: stages[1]!, name: 'Bar' } }]);
  const found = await staysOf(id);
  expect(found.map(({ amount, currency, stage }) => [Number(amount), currency, stage])).toEqual([
    [10, 'EUR', stages[0]],
    [12.5, 'USD', stages[0]],
    [12.5, 'USD', stages[1]],
  ]);
  expect(found.map(({ first, amount_set, stage_id_set }) => [first, amount_set, stage_id_set])).toEqual([
    [true, true, true],
    [false, true, false],
    [false, false, true],
  ]);
  expect(found.map(({ until }) => until)).toEqual([found[1]!.since, found[2]!.since, null]);
});

test('a workspace that has none yet, or fields followed since, gets them at its next start; what is damaged is told and mended', async () => {
  const { db, ada } = world;
  const before = await count();
  await db.run(sql`drop table ws_main.deal__stays`);
  await migrateWorkspace(db, declared, 'main');
  expect([await count(), await checkStays(ada)]).toEqual([before, 0]);
  await db.run(sql`alter table ws_main.deal__stays drop column amount_currency`);
  await migrateWorkspace(db, declared, 'main');
  expect([await count(), await checkStays(ada)]).toEqual([before, 0]);
  await db.run(sql`delete from ws_main.deal__stays where first`);
  const [lost] = [before - (await count())];
  expect(lost).toBeGreaterThan(2);
  expect([await checkStays(ada), await checkStays(ada, { mend: true }), await checkStays(ada)]).toEqual([
    lost,
    lost,
    0,
  ]);
  expect(await rows(ada, 'deal', { limit: 1 })).toHaveLength(1);
});

const count = async () =>
  Number((await world.db.run<{ n: string }>(sql`select count(*) as n from ws_main.deal__stays`))[0]!.n);

interface Stay extends Record<string, unknown> {
  amount: string;
  currency: string;
  stage: string;
  since: string;
  until: string | null;
}

const staysOf = (id: string) =>
  world.db.run<Stay>(
    sql`select amount::text as amount, amount_currency as currency, stage_id as stage, first, amount_set, stage_id_set,
      since::text as since, until::text as until from ws_main.deal__stays where record_id = ${id}::uuid order by seq`,
  );
