/** First steps in a workspace, each done as soon as it is true; and sample data to look around with, gone by one act. */
import type { FastifyRequest } from 'fastify';
import { asSystem } from '../access/actor.ts';
import { USER } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { analyzeGrown } from '../db/statistics.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import { rows } from '../records/read.ts';
import { tableOf } from '../records/scope.ts';
import { undo } from '../records/undo.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import type { Declared } from '../workspace.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';

/** What the change list calls it, and what tells it from other acts of the system. */
const label = 'Sample data';
/** Records with later edits that are named; their number is always told. */
const maxShown = 100;

/** Sample data that is in. */
export interface SampleData {
  changeSet: string;
  /** Its records that are there still. */
  records: number;
  /** How many of them someone changed since, and the first of those, the latest first. */
  edited: number;
  shown: { object: string; id: string; title: string; by: string }[];
}

/** What someone who sets a workspace up has done of what there is to do. */
export interface FirstSteps {
  settings: boolean;
  import: boolean;
  invite: boolean;
  profile: boolean;
  /** The first record on the board of an object, made by a person: null where no object has one. */
  make: { object: string; done: boolean } | null;
  sample: SampleData | null;
  /** Nobody has put anything into its lists yet, and sample data was never there. */
  bare: boolean;
}

async function sampleSet(ctx: Context): Promise<string | null> {
  const [found] = await (ctx.tx ?? ctx.db).run<{ id: string }>(
    sql`select id from ${tableOf(ctx.schema, 'change_set')}
      where label = ${label} and actor_id is null and undoes is null and undone_by is null order by id desc limit 1`,
  );
  return found?.id ?? null;
}

/** Fills the workspace with the sample records of all modules, as one change set; does nothing while they are in. Some are of who orders it. */
export async function fillSample(declared: Declared, ctx: Context): Promise<void> {
  if (await sampleSet(ctx)) return;
  await ctx.db.transaction(async tx => {
    const inside: Context = { ...asSystem(ctx, 'sample data'), tx, changeSet: newId(), label };
    for (const module of declared.modules) await module.demo?.(inside);
    const { userId } = ctx.actor;
    if (userId) for (const module of declared.modules) await module.demoFor?.(inside, userId);
  });
  await analyzeGrown(ctx.db, ctx.schema, Number.POSITIVE_INFINITY);
}

/** Adds to the sample that is in what is a person's own in it, so that home is not empty; it goes with the rest. */
export async function sampleFor(declared: Declared, ctx: Context, user: string): Promise<void> {
  const set = await sampleSet(ctx);
  if (!set) return;
  await ctx.db.transaction(async tx => {
    const inside: Context = { ...asSystem(ctx, 'sample data'), tx, changeSet: set, label };
    for (const module of declared.modules) await module.demoFor?.(inside, user);
  });
}

/** Loads it. Ordered twice, the second finds it there. */
export const sampleJob = (declared: Declared): JobSpec =>
  defineJob('sample', {
    label: 'Load sample data',
    run: async ctx => fillSample(declared, ctx),
  });

/** Removes it; the result's `changeSet` takes that back. */
export const removeSampleJob: JobSpec = defineJob('removeSample', {
  label: 'Remove sample data',
  run: async (ctx, _payload, report) => {
    const set = await sampleSet(ctx);
    if (!set) return report.result({ changeSet: null, records: 0 });
    const removed = await undo({ ...ctx, label: 'Sample data removed' }, set, { wholly: true });
    report.done(removed.undone);
    await report.result({ changeSet: removed.changeSet, records: removed.undone });
  },
});

export const sampleRoutes: Route[] = [
  {
    method: 'GET',
    url: '/api/first-steps',
    policy: 'administrator',
    doc: { summary: 'What is done of the first steps, and the sample data that is in', tag: 'Platform' },
    handler: request => firstSteps(request.ctx),
  },
  {
    method: 'POST',
    url: '/api/sample',
    policy: 'administrator',
    doc: { summary: 'Load sample data, as a job', tag: 'Platform', status: 202 },
    handler: (request, reply) => once(request, reply, ctx => order(ctx, 'sample', 'Load sample data')),
  },
  {
    method: 'DELETE',
    url: '/api/sample',
    policy: 'administrator',
    doc: {
      summary: 'Remove the sample data, as a job; one change that can be undone',
      tag: 'Platform',
      status: 202,
    },
    handler: (request: FastifyRequest, reply) =>
      once(request, reply, async ctx => {
        if (!(await sampleSet(ctx))) throw new FarleyError('notFound', 'There is no sample data.');
        return order(ctx, 'removeSample', 'Remove sample data');
      }),
  },
];

async function order(ctx: Context, task: string, called: string) {
  const [id] = await inTransaction(ctx, (inside, tx) =>
    enqueue(inside, tx, [{ task, payload: {}, label: called }]),
  );
  return { status: 202, headers: {}, body: JSON.stringify({ id: id! }) };
}

async function firstSteps(ctx: Context): Promise<FirstSteps> {
  const set = await sampleSet(ctx);
  const [sets, changes] = [tableOf(ctx.schema, 'change_set'), tableOf(ctx.schema, 'change')];
  const board = [...ctx.model.objects.values()].find(({ spec }) => spec.board?.rank);
  const lists = [...ctx.model.objects.values()]
    .filter(({ spec }) => spec.group && !spec.setup)
    .map(({ name }) => name);
  const [found] = await ctx.db.run<
    Record<'settings' | 'import' | 'invite' | 'profile' | 'make' | 'bare', boolean>
  >(
    sql`select
      exists (select from ${changes} where event = 'workspace.changed') as settings,
      exists (select from ${sets} where via = 'import' and undone_by is null) as import,
      exists (select from ${tableOf(ctx.schema, USER)} u where u.deleted_at is null and u.id <> ${ctx.actor.userId}::uuid
        and u.kind = 'person' and not exists (select from ${changes} c where c.set_id = ${set}::uuid and c.record_id = u.id)) as invite,
      exists (select from ${changes} c where c.object = ${USER} and c.record_id = ${ctx.actor.userId}::uuid
        and c.fields ? 'workingHours') as profile,
      exists (select from ${changes} c join ${sets} s on s.id = c.set_id where c.object = ${board?.name ?? ''}
        and c.kind = 'created' and s.actor_id is not null) as make,
      not exists (select from ${changes} c join ${sets} s on s.id = c.set_id where c.object = any(${lists}::text[])
        and c.kind = 'created' and (s.actor_id is not null or s.label = ${label})) as bare`,
  );
  const { make, ...rest } = found!;
  return {
    ...rest,
    make: board ? { object: board.name, done: make } : null,
    sample: set ? await sampleData(ctx, set) : null,
  };
}

async function sampleData(ctx: Context, set: string): Promise<SampleData> {
  const [sets, changes] = [tableOf(ctx.schema, 'change_set'), tableOf(ctx.schema, 'change')];
  const found = await ctx.db.run<{ object: string; id: string; gone: boolean; by: string | null }>(
    sql`select m.object, m.record_id as id, coalesce(l.kind = 'deleted', false) as gone, e.by
      from ${changes} m
      left join lateral (select kind from ${changes} c where c.object = m.object and c.record_id = m.record_id
        and c.kind in ('deleted', 'restored') order by c.seq desc limit 1) l on true
      left join lateral (select s.actor_name as by, c.seq from ${changes} c join ${sets} s on s.id = c.set_id
        where c.object = m.object and c.record_id = m.record_id and c.set_id <> ${set}::uuid and c.fields is not null
        and s.actor_id is not null order by c.seq desc limit 1) e on true
      where m.set_id = ${set}::uuid and m.kind = 'created' order by e.seq desc nulls last`,
  );
  const there = found.filter(({ gone }) => !gone);
  const edited = there.filter(({ by }) => by !== null);
  const shown = edited.slice(0, maxShown);
  const titles = await titlesOf(ctx, shown);
  return {
    changeSet: set,
    records: there.length,
    edited: edited.length,
    shown: shown.map(({ object, id, by }) => ({ object, id, title: titles.get(id) ?? '', by: by! })),
  };
}

/** What records are called; one statement for each object among them. */
async function titlesOf(ctx: Context, shown: { object: string; id: string }[]): Promise<Map<string, string>> {
  const byObject = Map.groupBy(shown, ({ object }) => object);
  const read = await Promise.all(
    [...byObject].map(async ([name, records]) => {
      const object = ctx.model.objects.get(name);
      if (!object) return [];
      const ids = records.map(({ id }) => id);
      const filter = { field: 'id', op: 'isAnyOf', value: ids };
      const found = await rows(ctx, name, { fields: [object.title.name], filter, limit: maxShown });
      return found.map(row => [String(row.id), wordsOf(row[object.title.name] ?? null)] as const);
    }),
  );
  return new Map(read.flat());
}

function wordsOf(value: Json): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return String(value.full ?? '');
  return value === null ? '' : String(value);
}
