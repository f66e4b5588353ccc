/** Sets as large as those of an import: what is filed while they are written, and what afterwards. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import type { Context } from '../context.ts';
import { create, update, write } from '../records/write.ts';
import { sql } from '../sql.ts';
import { loadWorkspace } from '../workspace.ts';
import { catchUp } from './catch-up.ts';
import { largestMeeting } from './find.ts';
import { reviewQueue } from './queue.ts';
import { scanAfter, scanTask } from './scan.ts';
import { changeRules, ruleSettings } from './settings.ts';

let world: World;
let ada: Context;
beforeAll(async () => {
  world = await createWorld('large-sets');
  ada = world.ada;
});
afterAll(() => world.close());

/** Creates a set larger than what is filed at once; answers its ids. */
async function createMany(kind: string): Promise<string[]> {
  const operations = Array.from({ length: largestMeeting + 1 }, (_, n) => ({
    op: 'create' as const,
    values: { name: `${kind} ${n}`, email: `${kind}${n}@large.example` },
  }));
  return (await write(ada, 'person', operations)).results.map(({ id }) => id);
}

async function filed(ids: string[]): Promise<number> {
  const [row] = await world.db.run<{ n: number }>(
    sql`select count(distinct record_id) as n from ws_main.duplicate_key where record_id = any(${ids}::uuid[])`,
  );
  return row!.n;
}

const isQueued = async (a: string, b: string) =>
  (await reviewQueue(ada, 'person', { limit: 1000 })).data.some(
    pair => [pair.a.id, pair.b.id].sort().join() === [a, b].sort().join(),
  );

test('what a large set brings is filed later, and finds its like although nobody ordered a scan', async () => {
  const known = await create(ada, 'person', { name: 'Known before', email: 'unfiled7@large.example' });
  const ids = await createMany('Unfiled');
  expect(await filed(ids)).toBe(0);
  // Edited before it is filed, it has the keys of what it is then.
  await update(ada, 'person', ids[8]!, { email: 'else@large.example' });
  await catchUp(ada, scanTask);
  expect(await filed(ids)).toBe(ids.length);
  expect(await isQueued(known, ids[7]!)).toBe(true);
  const same = await create(ada, 'person', { name: 'Else', email: 'else@large.example' });
  await expect.poll(() => isQueued(same, ids[8]!)).toBe(true);
});

test('an import orders a scan of each object of which it brought more than is filed at once', async () => {
  const scans = async () =>
    (
      await world.db.run<{ object: string }>(
        sql`select payload ->> 'object' as object from ws_main.job_run where job = ${scanTask} order by id`,
      )
    ).map(({ object }) => object);
  const order = { object: 'person', rows: 10, linked: {}, dryRun: false };
  await scanAfter(ada, order);
  await scanAfter(ada, { ...order, rows: 5_000, dryRun: true });
  expect(await scans()).toEqual([]);
  await scanAfter(ada, { ...order, linked: { company: 5_000, tag: 5_000 } });
  await scanAfter(ada, { ...order, rows: 1_001 });
  expect(await scans()).toEqual(['company', 'person']);
});

test('where a rule refuses what is the same, a large set is filed at once', async () => {
  const person = ada.model.objects.get('person')!;
  const rules = (await ruleSettings(ada, declared, person)).map(({ own: _, ...each }) =>
    each.name === 'email' ? { ...each, mode: 'block' as const } : each,
  );
  await changeRules(ada, declared, person, { rules });
  ada = { ...ada, model: (await loadWorkspace(world.db, declared, 'main')).model };
  const ids = await createMany('Refusing');
  expect(await filed(ids)).toBe(ids.length);
  await expect(
    create(ada, 'person', { name: 'Late', email: 'refusing3@large.example' }),
  ).rejects.toMatchObject({ code: 'duplicate' });
});
