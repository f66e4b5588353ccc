/** What PostgreSQL knows of tables once much was written: the next list is planned for what is there. */
import { afterAll, expect, test } from 'vitest';
import { createImporting } from '../../../test/importing.ts';
import { sql } from '../sql.ts';
import { analyzeGrown } from './statistics.ts';

const { ada, load, close } = await createImporting('statistics');
afterAll(close);

/** Rows that a table has, as PostgreSQL thinks; -1: it was never looked at. */
async function thought(table: string): Promise<number> {
  const [found] = await ada.db.run<{ n: number }>(
    sql`select reltuples::int as n from pg_class where oid = ${`${ada.schema}.${table}`}::regclass`,
  );
  return found!.n;
}

const names = (from: number, count: number) =>
  `Name\n${Array.from({ length: count }, (_, n) => `Company ${from + n}`).join('\n')}\n`;

test('an import of many is known when it ends, a small one and a trial are not looked at', async () => {
  // Nobody else does it meanwhile.
  await ada.db.run(sql`alter table ${sql.id(ada.schema, 'company')} set (autovacuum_enabled = false)`);
  await load('company', names(0, 20));
  expect(await thought('company')).toBe(-1);
  await load('company', names(1_000, 550), {}, { dryRun: true });
  expect(await thought('company')).toBe(-1);
  await load('company', names(2_000, 550));
  expect(await thought('company')).toBe(570);
  expect(await thought('change')).toBeGreaterThanOrEqual(570);
});

test('what has not grown since is left alone', async () => {
  await analyzeGrown(ada.db, ada.schema, 1_000);
  expect(await analyzeGrown(ada.db, ada.schema, 1_000)).toEqual([]);
  expect(await analyzeGrown(ada.db, ada.schema, 10)).toEqual([]);
  for (const from of [5_000, 6_000, 7_000, 8_000]) await load('company', names(from, 90));
  expect(await analyzeGrown(ada.db, ada.schema, 1_000)).toContain('company');
  expect(await thought('company')).toBe(930);
});
