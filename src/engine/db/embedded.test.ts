import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/database.ts';
import { sql } from '../sql.ts';
import { startCluster } from './embedded.ts';

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

test('a first start that was killed before its database was made leaves nothing that the next one cannot mend', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'farley-first-'));
  const begin = () => startCluster({ dataDir, durable: false });
  try {
    const first = await begin();
    const client = new pg.Client(first.urlOf('postgres'));
    await client.connect();
    await client.query('drop database farley');
    await client.end();
    await first.stop();
    const second = await begin();
    const own = new pg.Client(second.connectionString);
    await own.connect();
    await own.end();
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
