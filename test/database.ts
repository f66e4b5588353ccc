/**
 * Databases for tests. One embedded PostgreSQL (not synced to disk) serves the whole run; each test file takes a fresh
 * database of its own: `const database = await createTestDatabase()` in `beforeAll`, `database.close()` in `afterAll`.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type Database, type DatabaseOptions, openDatabase } from '../src/engine/db/database.ts';
import { isAlive, startCluster, stopAbandoned } from '../src/engine/db/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: string;
  }
}

/** The projects of one run share a cluster. */
const shared = globalThis as { farleyTestCluster?: Promise<() => Promise<void>>; farleyTestUsers?: number };

/** Vitest's `globalSetup`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.farleyTestUsers = (shared.farleyTestUsers ?? 0) + 1;
  shared.farleyTestCluster ??= startShared();
  const stop = await shared.farleyTestCluster;
  project.provide('postgres', process.env.FARLEY_TEST_POSTGRES!);
  return async () => {
    shared.farleyTestUsers! -= 1;
    if (shared.farleyTestUsers === 0) await stop();
  };
}

async function startShared(): Promise<() => Promise<void>> {
  sweep();
  const dataDir = mkdtempSync(join(tmpdir(), `farley-test-${process.pid}-`));
  chmodSync(dataDir, 0o711);
  const cluster = await startCluster({ dataDir, durable: false });
  process.env.FARLEY_TEST_POSTGRES = cluster.urlOf('postgres');
  return async () => {
    delete shared.farleyTestCluster;
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** Ends what test runs that were killed have left behind. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^farley-test-(\d+)-/.exec(name)?.[1]);
    const dataDir = join(tmpdir(), name);
    if (!pid || isAlive(pid) || statSync(dataDir).uid !== process.getuid?.()) continue;
    stopAbandoned(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export interface TestDatabase extends Database {
  connectionString: string;
}

let made = 0;

/** A fresh, empty database. `name` only helps to recognise it in the log; `open` says how to open it, given its address. */
export async function createTestDatabase(name = 'test', open = plainly): Promise<TestDatabase> {
  return createFrom(null, name, open);
}

/**
 * A fresh database as `make` makes one: made once in a run, by whichever file comes first, then copied, which takes a
 * tenth of the time.
 */
export async function copyTestDatabase(
  { kind, make }: { kind: string; make(database: Database): Promise<unknown> },
  name: string,
  open = plainly,
): Promise<TestDatabase> {
  const template = `like_${kind}`;
  await asPostgres(async client => {
    // One at a time: the others find it made.
    await client.query('select pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return;
    const database = await createTestDatabase(`${template}_as_made`);
    await make(database);
    await database.close();
    await client.query(`alter database "${nameOf(database)}" rename to "${template}"`);
  });
  return createFrom(template, name, open);
}

type Open = (connectionString: string) => DatabaseOptions;

function plainly(connectionString: string): DatabaseOptions {
  return { connectionString };
}

const nameOf = ({ connectionString }: TestDatabase) => new URL(connectionString).pathname.slice(1);

async function createFrom(template: string | null, name: string, open: Open): Promise<TestDatabase> {
  const unique = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${process.pid}_${process.env.VITEST_WORKER_ID ?? 0}_${++made}`;
  // Files are copied as they are: nothing here has to outlive a crash.
  const from = template ? `template "${template}" strategy file_copy` : '';
  await asPostgres(client => client.query(`create database "${unique}" ${from}`));
  const address = new URL(inject('postgres'));
  address.pathname = unique;
  return Object.assign(openDatabase(open(address.href)), { connectionString: address.href });
}

async function asPostgres<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(inject('postgres'));
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
