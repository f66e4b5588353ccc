/** Routes of the change log: undo, what was done, the feed. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayAdminister } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { scanOf } from '../duplicates/scan.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { isId } from '../id.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import type { Model } from '../model.ts';
import { feed } from '../records/history.ts';
import { tableOf } from '../records/scope.ts';
import { type UndoResult, undo } from '../records/undo.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import type { Declared } from '../workspace.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { preferring } from './me.ts';
import { limitOf } from './query.ts';
import { compileInput } from './validate.ts';

const Undo = Type.Object({
  keepLater: Type.Optional(
    Type.Boolean({ description: 'Leave values alone that were changed since, and undo the rest.' }),
  ),
  background: Type.Optional(
    Type.Boolean({
      description:
        'What is more than a request should take is done as a job: 202 with its `job`, whose `result` says what came of it. Default: false.',
    }),
  ),
});
const readUndo = compileInput<{ keepLater?: boolean; background?: boolean }>(Undo);

const pageSize = 50;

export interface ChangeParts {
  declared: Declared;
  /** Makes a changed model known to all processes. */
  takeModel(workspace: string, model: Model): Promise<void>;
}

/** Takes a change set back; where that changes the model, makes it known, and has records filed by earlier rules again. */
async function takeBack(
  ctx: Context,
  { declared, takeModel }: ChangeParts,
  changeSet: string,
  keepLater: boolean,
): Promise<UndoResult> {
  const { settings, ...result } = await undo(ctx, changeSet, { keepLater, declared });
  if (!settings) return result;
  await takeModel(ctx.settings.name, settings.model);
  const scans = settings.refile.flatMap(name => settings.model.objects.get(name) ?? []).map(scanOf);
  if (scans.length > 0) await enqueue({ ...ctx, model: settings.model }, ctx.db, scans);
  return result;
}

/** Changes, and acts that a change set consists of, that are taken back within a request: some seconds. */
const [mostChanges, mostActs] = [20_000, 200];

async function isLarge(ctx: Context, changeSet: string): Promise<boolean> {
  if (!isId(changeSet)) return false;
  const [sets, changes] = [tableOf(ctx.schema, 'change_set'), tableOf(ctx.schema, 'change')];
  const [found] = await ctx.db.run<{ large: boolean }>(
    sql`select (select count(*) from (select from ${changes} where set_id = ${changeSet}::uuid limit ${mostChanges + 1}) c) > ${mostChanges}
      or (select count(*) from (select from ${sets} where part_of = ${changeSet}::uuid limit ${mostActs + 1}) s) > ${mostActs} as large`,
  );
  return found!.large;
}

/**
 * Takes back what is too large for a request, with the rights of who ordered it. The job's result is `undo`, what came of
 * it, or `problem`, why nothing was taken back.
 */
export function undoJob(parts: ChangeParts): JobSpec {
  return defineJob('undo', {
    label: 'Undo',
    run: async (ctx, { changeSet, keepLater }, report) => {
      try {
        const undone = await takeBack(ctx, parts, String(changeSet), keepLater === true);
        report.done(undone.undone);
        await report.result({ undo: undone } as unknown as Json);
      } catch (error) {
        // What stands in its way is for whoever ordered it to decide; trying again would meet the same.
        if (
          !(error instanceof FarleyError) ||
          !['undoConflict', 'forbidden', 'notFound'].includes(error.code)
        )
          throw error;
        const { code, message: detail, details } = error;
        report.skipped(String(changeSet), detail);
        await report.result({ problem: { code, detail, details } } as unknown as Json);
      }
    },
  });
}

export const changeRoutes = (parts: ChangeParts): Route[] => [
  {
    method: 'POST',
    url: '/api/undo/:changeSet',
    policy: 'signedIn',
    doc: { summary: 'Take a change set back', tag: 'Platform', body: Undo },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const { changeSet } = request.params as { changeSet: string };
        const { keepLater = false, background = false } = readUndo(request.body ?? {});
        if (background && (await isLarge(ctx, changeSet))) {
          const job = { task: 'undo', payload: { changeSet, keepLater }, label: 'Undo' };
          const [id] = await inTransaction(ctx, (inside, tx) => enqueue(inside, tx, [job]));
          return { status: 202, headers: {}, body: JSON.stringify({ job: id! }) };
        }
        const result = await takeBack(ctx, parts, changeSet, keepLater);
        const headers: Record<string, string> = result.changeSet
          ? { 'farley-change-set': result.changeSet }
          : {};
        return { status: 200, headers, body: JSON.stringify(result) };
      }),
  },
  {
    method: 'GET',
    url: '/api/change-sets',
    policy: 'signedIn',
    doc: {
      summary: 'What was done, newest first: each entry can be undone',
      tag: 'Platform',
      query: {
        after: Type.String({ description: 'What `next` said.' }),
        via: Type.String({ description: 'Only what was done this way, such as `import`.' }),
      },
    },
    handler: async request => changeSets(request),
  },
  {
    method: 'GET',
    url: '/api/changes',
    policy: 'signedIn',
    doc: {
      summary: 'The feed of all changes in reach, complete and in order',
      tag: 'Platform',
      query: {
        after: Type.String({ description: 'What `next` said; absent: from the beginning.' }),
        limit: Type.Integer({ description: 'At most 1,000.' }),
      },
    },
    handler: async request =>
      feed(request.ctx, (request.query as { after?: string }).after, limitOf(request, 100)),
  },
];

/** Without what the system alone writes into what people keep for themselves: their notifications. */
function ofOthers(ctx: Context) {
  const personal = [...ctx.model.objects.values()]
    .filter(object => object.spec.personal)
    .map(object => object.name);
  return sql`and (s.actor_id is not null or exists (select 1 from ${tableOf(ctx.schema, 'change')} c
    where c.set_id = s.id and not c.object = any(${personal}::text[])))`;
}

async function changeSets(request: FastifyRequest) {
  const { ctx } = request;
  const { after, via } = request.query as { after?: string; via?: string };
  if (after !== undefined && !isId(after)) throw new FarleyError('invalidCursor');
  const one = via === undefined ? sql`` : sql`and s.via = ${via}`;
  const own = mayAdminister(ctx) ? sql`true` : sql`s.actor_id = ${ctx.actor.userId}::uuid`;
  const earlier = after ? sql`and s.id < ${after}::uuid` : sql``;
  const rows = await ctx.db.run<{ j: string; id: string }>(
    sql`select s.id, json_build_object('id', s.id, 'at', s.at, 'actor', json_build_object('id', s.actor_id, 'name', s.actor_name),
        'via', s.via, 'label', s.label, 'verb', s.verb, 'undoes', s.undoes, 'undoneBy', s.undone_by,
        'changes', (select json_object_agg(object, n) from (select object, count(*) as n from ${tableOf(ctx.schema, 'change')} c
          where c.set_id = any(array(select s.id union all select p.id from ${tableOf(ctx.schema, 'change_set')} p where p.part_of = s.id))
            and c.fields is not null group by object) k),
        'settings', exists (select from ${tableOf(ctx.schema, 'change')} c where c.set_id = s.id
          and c.event in ('duplicates.ruled', 'fields.undone')) or exists (
          select from ${tableOf(ctx.schema, 'custom_field')} f where f.set_id = s.id and f.undone_by is null))::text as j
      from ${tableOf(ctx.schema, 'change_set')} s where s.part_of is null and s.via <> ${preferring} and ${own} ${one} ${ofOthers(ctx)} ${earlier} order by s.id desc limit ${pageSize + 1}`,
  );
  const page = rows.slice(0, pageSize);
  return {
    data: page.map(row => JSON.parse(row.j) as unknown),
    next: rows.length > pageSize ? page.at(-1)!.id : null,
  };
}
