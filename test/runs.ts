/** What properties need: how often they are tried, and processes that write at the same time. */
import pg from 'pg';
import type { Context } from '../src/engine/context.ts';
import { type Database, openDatabase } from '../src/engine/db/database.ts';
import type { World } from './world.ts';

/** `n` times, or as many times more as `FARLEY_RUNS` says, for a long run. */
export function runs(n: number): number {
  return Math.ceil(n * Number(process.env.FARLEY_RUNS ?? 1));
}

export interface Processes {
  /** The same person in the process of a writer. */
  of(writer: number): Context;
  databases: [Database, Database];
  close(): Promise<void>;
}

/** Ada at work in two processes at once. Deadlocks are noticed soon, so that they cost the tests no seconds. */
export async function twoProcesses(world: World): Promise<Processes> {
  const { connectionString } = world.db;
  const client = new pg.Client(connectionString);
  await client.connect();
  await client.query(
    `alter database "${new URL(connectionString).pathname.slice(1)}" set deadlock_timeout = '40ms'`,
  );
  await client.end();
  const databases: [Database, Database] = [
    openDatabase({ connectionString }),
    openDatabase({ connectionString }),
  ];
  return {
    of: writer => ({ ...world.ada, db: databases[writer % 2]! }),
    databases,
    close: async () => {
      for (const database of databases) await database.close();
    },
  };
}
