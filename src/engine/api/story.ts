/** The routes of what became of a record: its history, its timeline, and why someone may see it. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { explain } from '../access/explain.ts';
import { history } from '../records/history.ts';
import { type TimelineOptions, timeline } from '../records/timeline.ts';
import { treeOf } from '../records/tree.ts';
import type { Route } from './app.ts';
import { limitOf, objectAt, QueryBody } from './query.ts';

const idOf = (request: FastifyRequest) => (request.params as { id: string }).id;

const { after, limit, q } = QueryBody.properties;

/** What a timeline is narrowed to. */
const Wish = {
  kind: Type.Optional(
    Type.String({ description: '`change`, `event`, names of activity objects; several with commas.' }),
  ),
  by: Type.Optional(Type.String({ description: 'User id: only what they did.' })),
  until: Type.Optional(Type.String({ description: 'ISO 8601: only what happened until then.' })),
  below: Type.Optional(
    Type.String({ description: 'true: what happened with all records below it too, such as subsidiaries.' }),
  ),
};

export const storyRoutes: Route[] = [
  {
    method: 'GET',
    url: '/api/:path/:id/history',
    policy: 'signedIn',
    doc: { summary: 'All changes of a {label}', tag: '{object}', query: { after, limit } },
    handler: async request => history(request.ctx, objectAt(request).name, idOf(request), pageOf(request)),
  },
  {
    method: 'GET',
    url: '/api/:path/:id/timeline',
    policy: 'signedIn',
    doc: {
      summary: 'Changes and activities of a {label} in one stream',
      tag: '{object}',
      query: { after, limit, q, ...Wish },
    },
    handler: async request => timeline(request.ctx, objectAt(request).name, idOf(request), wishOf(request)),
  },
  {
    method: 'GET',
    url: '/api/:path/:id/tree',
    policy: 'signedIn',
    doc: {
      summary: 'What stands above and below a {label}',
      tag: '{object}',
      of: object => object.spec.hierarchy !== undefined,
    },
    handler: async request => treeOf(request.ctx, objectAt(request).name, idOf(request)),
  },
  {
    method: 'GET',
    url: '/api/:path/:id/explain',
    policy: 'signedIn',
    doc: {
      summary: 'Why someone can or cannot see and change a {label}',
      tag: '{object}',
      query: { user: Type.String({ description: 'User id; default: the caller.' }) },
    },
    handler: async request =>
      explain(request.ctx, objectAt(request).name, idOf(request), (request.query as { user?: string }).user),
  },
];

function pageOf(request: FastifyRequest): { after?: string; limit: number } {
  const { after } = request.query as { after?: string };
  return { ...(after ? { after } : {}), limit: limitOf(request, 50) };
}

function wishOf(request: FastifyRequest): TimelineOptions {
  const { kind, by, until, q, below } = request.query as Record<string, string | undefined>;
  return {
    ...pageOf(request),
    ...(kind ? { kinds: kind.split(',').filter(Boolean) } : {}),
    ...(by ? { by } : {}),
    ...(until ? { until } : {}),
    ...(q ? { q } : {}),
    ...(below === 'true' ? { below: true } : {}),
  };
}
