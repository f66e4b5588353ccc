/** Routes beside records: metadata, search, undo, the change feed, live updates, the job ledger, health. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayAdminister } from '../access/reach.ts';
import { addField, addObject, FieldBody, ObjectBody } from '../db/custom.ts';
import { FarleyError } from '../errors.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Model } from '../model.ts';
import { feed } from '../records/history.ts';
import { tableOf } from '../records/scope.ts';
import { undo } from '../records/undo.ts';
import { search } from '../search/search.ts';
import { sql } from '../sql.ts';
import type { Declared } from '../workspace.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { metaObject, metaOf } from './meta.ts';
import { compileInput } from './validate.ts';

export interface PlatformParts {
  declared: Declared;
  hub: LiveHub;
  /** Makes a changed model known to this process. */
  takeModel(workspace: string, model: Model): void;
}

/** Bytes that a slow reader of live updates may leave unread before it is cut off. */
const maxUnread = 1024 * 1024;

const text = (description: string) => Type.String({ description });

export function platformRoutes(parts: PlatformParts): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/objects',
      policy: 'signedIn',
      doc: { summary: 'Objects, fields, verbs and rights of the caller', tag: 'Platform' },
      handler: async request => metaOf(request.ctx),
    },
    {
      method: 'POST',
      url: '/api/objects',
      policy: 'administrator',
      doc: { summary: 'Add an object', tag: 'Platform', body: ObjectBody, status: 201 },
      handler: async (request, reply) => {
        const model = await addObject(request.ctx, parts.declared, request.body);
        return answerObject(parts, request, reply, model, (request.body as { name: string }).name);
      },
    },
    {
      method: 'POST',
      url: '/api/objects/:object/fields',
      policy: 'administrator',
      doc: { summary: 'Add a field to an object', tag: 'Platform', body: FieldBody, status: 201 },
      handler: async (request, reply) => {
        const { object } = request.params as { object: string };
        const model = await addField(request.ctx, parts.declared, object, request.body);
        return answerObject(parts, request, reply, model, object);
      },
    },
    {
      method: 'GET',
      url: '/api/search',
      policy: 'signedIn',
      doc: {
        summary: 'Search all objects',
        tag: 'Platform',
        query: {
          q: text('Words, misspelt or not; phone numbers in any format.'),
          limit: text('At most 100.'),
          object: text('Only this object.'),
        },
      },
      handler: async request => {
        const { q = '', limit, object } = request.query as { q?: string; limit?: string; object?: string };
        return { data: await search(request.ctx, q, Math.min(Number(limit) || 20, 100), object) };
      },
    },
    {
      method: 'POST',
      url: '/api/undo/:changeSet',
      policy: 'signedIn',
      doc: {
        summary: 'Take a change set back',
        tag: 'Platform',
        body: Type.Object({
          keepLater: Type.Optional(
            Type.Boolean({ description: 'Leave values alone that were changed since, and undo the rest.' }),
          ),
        }),
      },
      handler: (request, reply) =>
        once(request, reply, async ctx => {
          const { changeSet } = request.params as { changeSet: string };
          const { keepLater } = readUndo(request.body ?? {});
          const result = await undo(ctx, changeSet, { keepLater: keepLater ?? false });
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
        query: { after: text('What `next` said.') },
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
          after: text('What `next` said; absent: from the beginning.'),
          limit: text('At most 1,000.'),
        },
      },
      handler: async request => {
        const { after, limit } = request.query as { after?: string; limit?: string };
        return feed(request.ctx, after, Number(limit) || 100);
      },
    },
    {
      method: 'GET',
      url: '/api/live',
      policy: 'signedIn',
      doc: { summary: 'Changes in reach as they happen (server-sent events)', tag: 'Platform' },
      handler: (request, reply) => live(parts.hub, request, reply),
    },
    {
      method: 'GET',
      url: '/api/jobs',
      policy: 'signedIn',
      doc: { summary: 'The ledger of background work: own jobs, for administrators all', tag: 'Platform' },
      handler: async request => ({ data: await jobRuns(request) }),
    },
    {
      method: 'GET',
      url: '/api/jobs/:id',
      policy: 'signedIn',
      doc: { summary: 'One job', tag: 'Platform' },
      handler: async request => {
        const [run] = await jobRuns(request, (request.params as { id: string }).id);
        if (!run) throw new FarleyError('notFound', 'There is no such job of yours.');
        return run;
      },
    },
  ];
}

const readUndo = compileInput<{ keepLater?: boolean }>(
  Type.Object({ keepLater: Type.Optional(Type.Boolean()) }),
);

function answerObject(
  parts: PlatformParts,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Model,
  name: string,
) {
  parts.takeModel(request.ctx.settings.name, model);
  return reply.status(201).send(metaObject({ ...request.ctx, model }, model.objects.get(name)!));
}

async function live(hub: LiveHub, request: FastifyRequest, reply: FastifyReply) {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': request.id,
  });
  raw.write(': listening\n\n');
  const stop = await hub.listen(request.ctx, changes => {
    if (raw.writableLength > maxUnread) raw.destroy();
    else raw.write(changes.map(change => `event: change\ndata: ${JSON.stringify(change)}\n\n`).join(''));
  });
  const beat = setInterval(() => raw.write(': still here\n\n'), 20_000).unref();
  raw.on('close', () => {
    clearInterval(beat);
    stop();
  });
}

async function changeSets(request: FastifyRequest) {
  const { ctx } = request;
  const { after } = request.query as { after?: string };
  const own = mayAdminister(ctx) ? sql`true` : sql`s.actor_id = ${ctx.actor.userId}::uuid`;
  const earlier = after ? sql`and s.id < ${after}::uuid` : sql``;
  const rows = await ctx.db.run<{ j: string; id: string }>(
    sql`select s.id, json_build_object('id', s.id, 'at', s.at, 'actor', json_build_object('id', s.actor_id, 'name', s.actor_name),
        'via', s.via, 'label', s.label, 'verb', s.verb, 'undoes', s.undoes, 'undoneBy', s.undone_by,
        'changes', (select json_object_agg(object, n) from (select object, count(*) as n from ${tableOf(ctx.schema, 'change')} c
          where c.set_id = s.id and c.fields is not null group by object) k))::text as j
      from ${tableOf(ctx.schema, 'change_set')} s where ${own} ${earlier} order by s.id desc limit 51`,
  );
  const page = rows.slice(0, 50);
  return {
    data: page.map(row => JSON.parse(row.j) as unknown),
    next: rows.length > 50 ? page.at(-1)!.id : null,
  };
}

async function jobRuns(request: FastifyRequest, id?: string): Promise<unknown[]> {
  const { ctx } = request;
  const own = mayAdminister(ctx) ? sql`true` : sql`actor_id = ${ctx.actor.userId}::uuid`;
  const one = id ? sql`and id::text = ${id}` : sql``;
  const rows = await ctx.db.run<{ j: string }>(
    sql`select json_build_object('id', id, 'job', job, 'label', label, 'state', state, 'queuedAt', queued_at, 'startedAt', started_at,
        'endedAt', ended_at, 'attempt', attempt, 'done', done, 'total', total, 'skipped', skipped, 'error', error, 'result', result)::text as j
      from ${tableOf(ctx.schema, 'job_run')} where ${own} ${one} order by queued_at desc limit 100`,
  );
  return rows.map(row => JSON.parse(row.j) as unknown);
}
