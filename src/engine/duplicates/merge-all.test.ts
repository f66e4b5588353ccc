/** Merging everything that is as good as certain: what is told before, what is left, and taking it back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { rows } from '../records/read.ts';
import { undo } from '../records/undo.ts';
import { create } from '../records/write.ts';
import { sql } from '../sql.ts';
import { meet } from './find.ts';
import { type MergeAllResult, mergeAllJob, previewMergeAll } from './merge-all.ts';
import { decide, reviewQueue } from './queue.ts';

let world: World;
let ada: Context;
const ids: Record<string, string> = {};

const people = {
  first: { name: 'Rosa Kern', email: 'rosa@kern.example', phone: '+43 1 5000001' },
  fuller: { name: 'Rosa Kern', email: 'rosa@kern.example', phone: '+43 1 5000001', jobTitle: 'Buyer' },
  third: { name: 'Rosa Kern', email: 'rosa@kern.example', phone: '+43 1 5000001' },
  ivo: { name: 'Ivo Blau', email: 'ivo@blau.example', phone: '+43 1 5000002' },
  ivoAgain: { name: 'Ivo Blau', email: 'ivo@blau.example', phone: '+43 1 5000002' },
  unlike: { name: 'Nina Rot', email: 'office@rot.example' },
  unlikeToo: { name: 'Karl Rot', email: 'office@rot.example' },
};

beforeAll(async () => {
  world = await createWorld('merge-all');
  ada = world.ada;
  for (const [key, values] of Object.entries(people)) ids[key] = await create(ada, 'person', values);
  const object = ada.model.objects.get('person')!;
  const all = await rows(ada, 'person', { filter: { field: 'email', op: 'notEmpty' }, limit: 1_000 });
  const stored = all.map(({ id, name, email, phone }) => ({ id, name, email, phone }));
  await meet(ada, object, stored as never);
});
afterAll(() => world.close());

async function run(ctx: Context): Promise<{ result: MergeAllResult; skipped: [string, string][] }> {
  let result: unknown;
  const skipped: [string, string][] = [];
  const report = {
    done: () => {},
    skipped: (what: string, why: string) => skipped.push([what, why]),
    progress: () => {},
    checkpoint: async () => {},
    result: async (value: unknown) => {
      result = value;
    },
  };
  const { until } = await previewMergeAll(ctx, 'person', {});
  const changeSet = crypto.randomUUID();
  const payload = { object: 'person', above: 0.99, until, changeSet, label: 'All' };
  await mergeAllJob.run(ctx, payload, report as never, null, new AbortController().signal);
  return { result: result as MergeAllResult, skipped };
}

const there = async () =>
  (await rows(ada, 'person', { filter: { field: 'id', op: 'isAnyOf', value: Object.values(ids) } })).length;

test('groups are told before: who stays, and how many; what is not certain is not among them', async () => {
  const { groups, count, records } = await previewMergeAll(ada, 'person', {});
  expect([count, records]).toEqual([2, 3]);
  const rosa = groups.find(({ survivor }) => survivor.id === ids.fuller)!;
  expect(rosa.others.map(({ id }) => id).sort()).toEqual([ids.first!, ids.third!].sort());
  expect((await reviewQueue(ada, 'person', {})).certain).toBe(4);
  await expect(previewMergeAll(ada, 'person', { above: 1 })).rejects.toMatchObject({ code: 'invalidInput' });
});

test('all are merged by one order, taken back by one undo, and one of them alone before', async () => {
  const { result } = await run(ada);
  expect(result).toMatchObject({ merged: 2, records: 3, refused: 0 });
  expect(await there()).toBe(4);
  const [part] = await world.db.run<{ set_id: string }>(
    sql`select set_id from ws_main.merged where record_id = any(${[ids.ivo, ids.ivoAgain]}::uuid[])`,
  );
  await undo(ada, part!.set_id);
  expect(await there()).toBe(5);
  const back = await undo(ada, result.changeSet!);
  expect(await there()).toBe(7);
  // The undo is undone as a whole too; what was split alone stays split.
  await undo(ada, back.changeSet!);
  expect(await there()).toBe(5);
  await undo(ada, (await latest())!);
  expect(await there()).toBe(7);
});

const latest = async () =>
  (
    await world.db.run<{ id: string }>(
      sql`select id from ws_main.change_set where part_of is null order by id desc limit 1`,
    )
  )[0]?.id;

test('what was said to be different, and what a role may not merge, stays in the queue with the reason', async () => {
  await decide(ada, 'person', ids.first!, ids.third!, 'different');
  const { result, skipped } = await run(ada);
  expect(result).toMatchObject({ merged: 1, refused: 1 });
  expect(skipped).toEqual([[expect.stringContaining('Rosa Kern'), 'Two of them were said to be different.']]);
  await undo(ada, result.changeSet!);
  const byRita = await run(world.rita);
  expect(byRita.result).toMatchObject({ changeSet: null, merged: 0, refused: 2 });
  expect(byRita.skipped.map(([, why]) => why)).toContain('Your role does not allow to merge these people.');
  expect(await there()).toBe(7);
});
