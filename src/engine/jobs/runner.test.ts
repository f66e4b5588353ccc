/** Who carries a job out: the living keep theirs, those of the dead go to others, and nobody reports for another. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { settings } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { asSystem, systemActor } from '../access/actor.ts';
import { systemClock } from '../clock.ts';
import type { Context } from '../context.ts';
import { contextOf, createWorkspace, migrateInstallation } from '../workspace.ts';
import { defineJob, type JobReport } from './job.ts';
import { enqueue } from './queue.ts';
import { migrateQueue, startWorker, type WorkerOptions } from './runner.ts';

let db: TestDatabase;
let ctx: Context;
const begun: { payload: unknown; resumed: unknown }[] = [];
let held: JobReport | undefined;

const slow = defineJob('slow', {
  label: 'Slow',
  run: async (_ctx, payload, report, resumed, signal) => {
    begun.push({ payload, resumed });
    held = report;
    await report.checkpoint({ at: 1 });
    report.done(1);
    await sleep(Number(payload.milliseconds), undefined, payload.listens ? { signal } : {}).catch(() => {});
    if (payload.listens) signal.throwIfAborted();
    await report.result('done');
  },
});

beforeAll(async () => {
  db = await createTestDatabase('runner');
  await migrateInstallation(db);
  await migrateQueue(db);
  const workspace = await createWorkspace(db, declared, settings, systemClock);
  ctx = asSystem(contextOf(db, workspace, systemActor('tests'), 'test', systemClock), 'tests');
});
afterAll(() => db.close());

function worker(more: Partial<WorkerOptions> = {}) {
  return startWorker({
    db,
    jobs: [slow],
    contextOf: async () => ctx,
    onFailure: () => {},
    ...more,
  });
}

async function order(milliseconds: number, listens = false): Promise<string> {
  begun.length = 0;
  const payload = { milliseconds, listens };
  const [id] = await db.transaction(tx => enqueue(ctx, tx, [{ task: 'slow', payload }]));
  return id!;
}

const line = async (id: string) =>
  (await db.pool.query(`select * from ${ctx.schema}.job_run where id = $1`, [id])).rows[0];
const ended = (id: string, state: string) =>
  expect.poll(async () => (await line(id)).state, { timeout: 60_000, interval: 50 }).toBe(state);
/** As a process that was killed leaves it. */
const takeAs = (id: string, holder: string, attempts: number) =>
  db.pool.query(
    'update farley_jobs._private_jobs set locked_at = now(), locked_by = $2, attempts = $3 where key = $1',
    [id, holder, attempts],
  );

test('a job that takes longer than the silence of the dead stays with the living, and is begun once', async () => {
  const id = await order(6_000);
  const working = await worker({ rescue: { beat: 0.2, silence: 1 } });
  const other = await worker({ rescue: { beat: 0.2, silence: 1 } });
  await ended(id, 'done');
  await Promise.all([working.stop(), other.stop()]);
  expect(begun).toHaveLength(1);
  expect((await line(id)).attempt).toBe(1);
});

test('who has the database alone begins at once with what a dead process held, and the attempt is not counted', async () => {
  const id = await order(0);
  await takeAs(id, 'pool-dead', 5);
  const working = await worker({ alone: true });
  await ended(id, 'done');
  await working.stop();
});

test('counts go on from the checkpoint, not from what was reported after it', async () => {
  const id = await order(0);
  await takeAs(id, 'pool-dead', 1);
  const checkpoint = {
    state: { at: 1 },
    done: 7,
    skipped: 1,
    skips: [{ what: 'row 3', why: 'It was empty.' }],
  };
  await db.pool.query(`update ${ctx.schema}.job_run set checkpoint = $2, done = 9 where id = $1`, [
    id,
    checkpoint,
  ]);
  const working = await worker({ alone: true });
  await ended(id, 'done');
  await working.stop();
  expect(begun[0]!.resumed).toEqual({ at: 1 });
  const { done, skipped } = await line(id);
  expect([done, JSON.parse(skipped)]).toEqual([8, { count: 1, examples: checkpoint.skips }]);
});

test('an attempt that was given up for dead can report nothing any more', async () => {
  const id = await order(2_000);
  const working = await worker();
  await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(1);
  await db.pool.query(`update ${ctx.schema}.job_run set attempt = attempt + 1 where id = $1`, [id]);
  await expect(held!.checkpoint({ at: 2 })).rejects.toMatchObject({ code: 'conflict' });
  expect(() => held!.done(1)).toThrow(/Another worker/);
  await working.stop();
  expect((await line(id)).result).toBeNull();
});

test('a job that breaks its workers again and again is given up', async () => {
  const id = await order(0);
  await db.pool.query(`update ${ctx.schema}.job_run set attempt = 25 where id = $1`, [id]);
  const working = await worker();
  await ended(id, 'failed');
  await working.stop();
  expect(begun).toEqual([]);
  expect((await line(id)).error).toMatch(/begun 25 times/);
});

test('a job that cannot be handed back, the database being away, is handed back later', async () => {
  await db.pool.query(`create sequence tries;
    create function away() returns trigger language plpgsql as $$ begin
      if nextval('tries') = 1 then raise exception 'terminating connection' using errcode = '57P01'; end if;
      return old;
    end $$;
    create trigger away before delete on farley_jobs._private_jobs for each row execute function away()`);
  const id = await order(7);
  const working = await worker();
  await ended(id, 'done');
  const left = async () =>
    (await db.pool.query('select 1 from farley_jobs._private_jobs where key = $1', [id])).rowCount;
  await expect.poll(left, { timeout: 30_000, interval: 100 }).toBe(0);
  await working.stop();
  // The job of an earlier test, which was given up for dead, may come round again meanwhile.
  expect(
    begun.filter(({ payload }) => (payload as { milliseconds: number }).milliseconds === 7),
  ).toHaveLength(1);
});

/** Earlier tests leave jobs that wait to be tried again. */
const emptyQueue = () => db.pool.query('delete from farley_jobs._private_jobs');

test('a worker that is stopped hands back what ends early, and the next one goes on with it at once', async () => {
  await emptyQueue();
  const id = await order(60_000, true);
  const working = await worker();
  await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(1);
  await working.stop();
  const { state, error } = await line(id);
  expect([state, error]).toEqual(['queued', null]);
  const queued = 'select attempts, run_at <= now() as due from farley_jobs._private_jobs where key = $1';
  expect((await db.pool.query(queued, [id])).rows).toEqual([{ attempts: 0, due: true }]);
  await db.pool.query(`update ${ctx.schema}.job_run set payload = '{"milliseconds": 0}' where id = $1`, [id]);
  const next = await worker();
  await ended(id, 'done');
  await next.stop();
  expect(begun.map(({ resumed }) => resumed)).toEqual([null, { at: 1 }]);
});

test('a job that is cancelled ends where it is; one whose worker died meanwhile is not begun again', async () => {
  await emptyQueue();
  const id = await order(60_000, true);
  const working = await worker();
  await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(1);
  const cancel = () =>
    db.pool.query(`update ${ctx.schema}.job_run set state = 'cancelling' where id = $1`, [id]);
  await cancel();
  await ended(id, 'cancelled');
  await working.stop();
  await cancel();
  await db.pool.query(
    "select farley_jobs.add_job('run', json_build_object('workspace', 'main', 'run', $1::text), job_key => $1::text)",
    [id],
  );
  const next = await worker();
  await ended(id, 'cancelled');
  await next.stop();
  expect(begun).toHaveLength(1);
});
