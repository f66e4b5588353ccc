/** The route of cells pasted from a spreadsheet. */
import { Type } from 'typebox';
import { FarleyError } from '../errors.ts';
import { type PastedRow, paste } from '../transfer/paste.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { maxBatch } from './records.ts';
import { byName, compileInput } from './validate.ts';

const Body = Type.Object(
  {
    rows: Type.Array(
      Type.Object({
        id: Type.String(),
        version: Type.Optional(Type.Integer()),
        cells: byName(Type.String({ maxLength: 100_000 }), {
          description: 'Field → text as people write it; an empty one takes the value away.',
        }),
      }),
      { minItems: 1, maxItems: maxBatch },
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'Say what would change; write nothing.' })),
  },
  { additionalProperties: false },
);
const readBody = compileInput<{ rows: PastedRow[]; dryRun?: boolean }>(Body);

export const pasteRoutes: Route[] = [
  {
    method: 'POST',
    url: '/api/:path/paste',
    policy: 'signedIn',
    doc: {
      summary: 'Paste cells of a spreadsheet into {plural}: text is read by the fields, one change set',
      tag: '{object}',
      body: Body,
    },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const { path } = request.params as { path: string };
        const object = ctx.model.paths.get(path);
        if (!object) throw new FarleyError('unknownRoute', `There is nothing called ${path}.`);
        const { rows, dryRun } = readBody(request.body ?? {});
        const done = await paste(ctx, object.name, rows, { dryRun });
        const headers: Record<string, string> = done.changeSet ? { 'farley-change-set': done.changeSet } : {};
        return { status: 200, headers, body: JSON.stringify(done) };
      }),
  },
];
