/** Routes of the job ledger, and search: what people look things up in. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayAdminister } from '../access/reach.ts';
import { FarleyError } from '../errors.ts';
import { tableOf } from '../records/scope.ts';
import { search } from '../search/search.ts';
import { sql } from '../sql.ts';
import type { Route } from './app.ts';
import { limitOf } from './query.ts';

export const lookUpRoutes: Route[] = [
  {
    method: 'GET',
    url: '/api/search',
    policy: 'signedIn',
    doc: {
      summary: 'Search all objects',
      tag: 'Platform',
      query: {
        q: Type.String({ description: 'Words, misspelt or not; phone numbers in any format.' }),
        limit: Type.Integer({ description: 'At most 100.' }),
        object: Type.String({ description: 'Only this object.' }),
      },
    },
    handler: async request => {
      const { q = '', object } = request.query as { q?: string; object?: string };
      return { data: await search(request.ctx, q, limitOf(request, 20, 100), object) };
    },
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
  {
    method: 'POST',
    url: '/api/jobs/:id/cancel',
    policy: 'signedIn',
    doc: {
      summary:
        'Cancel a job: it ends after the piece of work it is at. What it has done stays and can be undone',
      tag: 'Platform',
    },
    handler: async request => {
      const { id } = request.params as { id: string };
      const [run] = await jobRuns(request, id);
      if (!run) throw new FarleyError('notFound', 'There is no such job of yours.');
      const { ctx } = request;
      await ctx.db.run(
        sql`update ${tableOf(ctx.schema, 'job_run')} set state = case state when 'running' then 'cancelling' else 'cancelled' end,
            ended_at = case state when 'running' then ended_at else now() end
          where id = ${id}::uuid and state in ('queued', 'waiting', 'running')`,
      );
      return (await jobRuns(request, id))[0];
    },
  },
];

async function jobRuns(request: FastifyRequest, id?: string): Promise<unknown[]> {
  const { ctx } = request;
  const own = mayAdminister(ctx) ? sql`true` : sql`actor_id = ${ctx.actor.userId}::uuid`;
  const one = id ? sql`and id::text = ${id}` : sql``;
  const rows = await ctx.db.run<{ j: string }>(
    sql`select json_build_object('id', id, 'job', job, 'label', label, 'state', state, 'queuedAt', queued_at, 'startedAt', started_at,
        'endedAt', ended_at, 'attempt', attempt, 'done', done, 'total', total, 'skipped',
        case jsonb_typeof(skipped) when 'object' then skipped else '{"count": 0, "examples": []}' end, 'error', error, 'result', result)::text as j
      from ${tableOf(ctx.schema, 'job_run')} where ${own} ${one} order by queued_at desc limit 100`,
  );
  return rows.map(row => JSON.parse(row.j) as unknown);
}
