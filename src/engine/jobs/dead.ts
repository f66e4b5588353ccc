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

/** Reports the workers of this process as alive, and frees what dead ones hold. */
export function rescue(db: Database, events: WorkerEvents, { beat = 15, silence = 60 }: RescuePace = {}) {
  const own = new Set<string>();
  events.on('worker:create', ({ worker }) => own.add(worker.workerId));
  const look = async () => {
    await db.run(
      sql`insert into farley.worker (id, seen) select id, now() from unnest(${[...own]}::text[]) id
        on conflict (id) do update set seen = excluded.seen`,
    );
    const dead = await db.run<{ id: string }>(
      sql`select distinct locked_by as id from ${sql.id(queueSchema, '_private_jobs')} j
        where locked_by is not null and locked_at < now() - make_interval(secs => ${silence})
        and not exists (select 1 from farley.worker w where w.id = j.locked_by and w.seen > now() - make_interval(secs => ${silence}))`,
    );
    if (dead.length === 0) return;
    await db.run(
      sql`select ${sql.id(queueSchema, 'force_unlock_workers')}(${dead.map(({ id }) => id)}::text[])`,
    );
    await db.run(sql`delete from farley.worker where seen < now() - interval '1 day'`);
  };
  // A look that fails, because the database is away, is made up for by the next.
  const timer = setInterval(() => look().catch(() => {}), beat * 1_000).unref();
  setImmediate(() => look().catch(() => {}));
  return {
    stop: () => clearInterval(timer),
    leave: () => db.run(sql`delete from farley.worker where id = any(${[...own]}::text[])`).catch(() => {}),
  };
}
