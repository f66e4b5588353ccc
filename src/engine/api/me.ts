/** Routes of the caller: who one is, and what one may say of oneself without an administrator. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayAdminister, USER } from '../access/reach.ts';
import { workspacesOf } from '../auth/accounts.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Input } from '../object.ts';
import { find } from '../records/read.ts';
import { asEngine, write } from '../records/write.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { compileInput } from './validate.ts';

/** What people change of their own record, though users are kept by administrators. None of it carries a right. */
const own = [
  'name',
  'phone',
  'timeZone',
  'language',
  'jobTitle',
  'silenced',
  'otherTimeZone',
  'workingHours',
  'mailed',
  'preferences',
];

/** How change sets came about that are left out of what was done. */
export const preferring = 'preferences';

const Body = Type.Object(Object.fromEntries(own.map(name => [name, Type.Optional(Type.Unknown())])), {
  additionalProperties: false,
});
const readBody = compileInput<Input>(Body);

export const meRoutes: Route[] = [
  {
    method: 'GET',
    url: '/api/me',
    policy: 'signedIn',
    doc: { summary: 'Who the caller is', tag: 'Platform' },
    handler: async request => answer(request.ctx),
  },
  {
    method: 'PATCH',
    url: '/api/me',
    policy: 'signedIn',
    doc: { summary: 'Change what one says of oneself', tag: 'Platform', body: Body },
    handler: (request, reply) => patch(request, reply),
  },
];

async function answer(ctx: Context) {
  const { userId, role, kind } = ctx.actor;
  const { name, label } = ctx.settings;
  return {
    kind,
    role,
    administer: mayAdminister(ctx),
    workspace: { name, label },
    /** Those of the same account, this one among them. */
    workspaces: userId && kind === 'person' ? await workspacesOf(ctx) : [{ name, label }],
    user: await find(asEngine(ctx), USER, userId!),
  };
}

function patch(request: FastifyRequest, reply: FastifyReply) {
  return once(request, reply, async ctx => {
    const { userId } = ctx.actor;
    if (!userId) throw new FarleyError('forbidden');
    const operation = { op: 'update', id: userId, values: readBody(request.body ?? {}) } as const;
    // What is only about how someone likes Farley to be is no entry of the list of changes.
    const via = Object.keys(operation.values).join() === 'preferences' ? preferring : ctx.via;
    const { changeSet } = await write(asEngine({ ...ctx, via }), USER, [operation]);
    const headers: Record<string, string> = changeSet ? { 'farley-change-set': changeSet } : {};
    return { status: 200, headers, body: JSON.stringify(await answer(ctx)) };
  });
}
