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
export async function createTestDatabase(
  name = 'test',
  open: (connectionString: string) => DatabaseOptions = connectionString => ({ connectionString }),
): Promise<TestDatabase> {
  const postgres = new URL(inject('postgres'));
  const unique = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${process.pid}_${process.env.VITEST_WORKER_ID ?? 0}_${++made}`;
  const client = new pg.Client(postgres.href);
  await client.connect();
  await client.query(`create database "${unique}"`);
  await client.end();
  postgres.pathname = unique;
  return Object.assign(openDatabase(open(postgres.href)), {
    connectionString: postgres.href,
  });
}
