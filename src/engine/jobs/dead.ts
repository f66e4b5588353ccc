/**
 * Jobs of workers that died. The queue itself gives a job back four hours after its worker was last heard of; here every
 * worker says that it lives, and the jobs of those that have fallen silent go to others within a minute.
 */
import type { WorkerEvents } from 'graphile-worker';
import type { Database } from '../db/database.ts';
import { sql } from '../sql.ts';
import { queueSchema } from './queue.ts';

export interface RescuePace {
  /** Seconds between two signs of life. Default 15. */
  beat?: number;
  /** Seconds of silence after which a worker counts as dead. Default 60. */
  silence?: number;
}

export interface Rescue {
  stop(): void;
  /** Takes this process off the list of the living. */
  leave(): Promise<unknown>;
}

const jobsTable = sql.id(queueSchema, '_private_jobs');

/** Reports the worker of this process as alive, and frees what dead ones hold. */
export function rescue(
  db: Database,
  events: WorkerEvents,
  { beat = 15, silence = 60 }: RescuePace = {},
): Rescue {
  // Jobs are held by the pool of a process's workers, not by the single worker.
  const own = new Set<string>();
  events.on('pool:create', ({ workerPool }) => {
    own.add(workerPool.id);
    look().catch(() => {});
  });
  const look = async () => {
    await db.run(
      sql`insert into farley.worker (id, seen) select id, now() from unnest(${[...own]}::text[]) id
        on conflict (id) do update set seen = excluded.seen`,
    );
    const dead = await db.run<{ id: string }>(
      sql`select distinct locked_by as id from ${jobsTable} j
        where locked_by is not null and locked_at < now() - make_interval(secs => ${silence})
        and not exists (select 1 from farley.worker w where w.id = j.locked_by and w.seen > now() - make_interval(secs => ${silence}))`,
    );
    if (dead.length === 0) return;
    await free(
      db,
      dead.map(({ id }) => id),
    );
    await db.run(sql`delete from farley.worker where seen < now() - interval '1 day'`);
  };
  // A look that fails, because the database is away, is made up for by the next.
  const timer = setInterval(() => look().catch(() => {}), beat * 1_000).unref();
  return {
    stop: () => clearInterval(timer),
    leave: () => db.run(sql`delete from farley.worker where id = any(${[...own]}::text[])`).catch(() => {}),
  };
}

/** Frees every job that is held: for a process that has the database to itself and has not begun to work. */
export async function freeAll(db: Database) {
  const held = await db.run<{ id: string }>(
    sql`select distinct locked_by as id from ${jobsTable} where locked_by is not null`,
  );
  await free(
    db,
    held.map(({ id }) => id),
  );
}

/** That a worker died says nothing about its jobs: the attempt does not count. */
async function free(db: Database, holders: string[]) {
  if (holders.length === 0) return;
  await db.transaction(async tx => {
    await tx.run(
      sql`update ${jobsTable} set attempts = greatest(attempts - 1, 0) where locked_by = any(${holders}::text[])`,
    );
    await tx.run(sql`select ${sql.id(queueSchema, 'force_unlock_workers')}(${holders}::text[])`);
  });
}
