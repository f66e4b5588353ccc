import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/database.ts';
import { sql } from '../sql.ts';

const database = await createTestDatabase('embedded');
afterAll(() => database.close());

test('the embedded PostgreSQL sorts by code point, counts in UTC, and has the extensions that search needs', async () => {
  const [row] = await database.run(
    sql`select current_setting('timezone') as zone, current_setting('jit') as jit,
      (select datlocale from pg_database where datname = current_database()) as locale,
      upper('Übermut') as upper`,
  );
  expect(row).toEqual({ zone: 'UTC', jit: 'off', locale: 'C.UTF-8', upper: 'ÜBERMUT' });
  await database.run(sql`create extension pg_trgm`);
  await database.run(sql`create extension unaccent`);
});
