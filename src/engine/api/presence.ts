/** Who else looks at a record. A reader says so every few seconds, and gets the others as an answer. */
import { Type } from 'typebox';
import { fieldRight } from '../access/reach.ts';
import { isId } from '../id.ts';
import type { Presence } from '../live/presence.ts';
import { read } from '../records/read.ts';
import type { Route } from './app.ts';
import { objectAt } from './query.ts';
import { compileInput } from './validate.ts';

const Body = Type.Object({
  tab: Type.String({
    pattern: '^[A-Za-z0-9-]{8,64}$',
    description: 'Tells the windows of one person apart: any text of the caller’s own.',
  }),
  field: Type.Optional(
    Type.Union([Type.String({ maxLength: 60 }), Type.Null()], { description: 'The field being changed.' }),
  ),
  left: Type.Optional(Type.Boolean({ description: 'true: the window shows the record no longer.' })),
});
const readBody = compileInput<{ tab: string; field?: string | null; left?: boolean }>(Body);

export function presenceRoutes(presence: Presence): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/:path/:id/presence',
      policy: 'signedIn',
      doc: { summary: 'Say that one looks at a {label}, and see who else does', tag: '{object}', body: Body },
      handler: async request => {
        const { ctx } = request;
        const object = objectAt(request);
        const { tab, field = null, left = false } = readBody(request.body ?? {});
        const id = (request.params as { id: string }).id.toLowerCase();
        // Also with every later beat: who has lost the right to it sees nobody there, and is not seen.
        await read(ctx, object.name, id, { fields: ['id'] });
        const { userId, name } = ctx.actor;
        const place = { schema: ctx.schema, object: object.name, id };
        const known = object.fields.has(field ?? '') ? field : null;
        if (isId(userId)) await presence.say(place, tab, { user: userId, name, field: known }, left);
        const readable = (named: string | null) => {
          const of = named === null ? undefined : object.fields.get(named);
          return of && fieldRight(ctx, of) !== 'none' ? named : null;
        };
        const others = left ? [] : presence.others(place, userId ?? '');
        return {
          data: others.map(viewer => ({
            user: { id: viewer.user, title: viewer.name },
            field: readable(viewer.field),
          })),
        };
      },
    },
  ];
}
