/** The route of bulk acts on all that match, and the job behind it. */
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import { type BulkOrder, bulk, checkBulk, labelOfBulk } from '../records/bulk.ts';
import { inTransaction } from '../records/write.ts';
import type { Route } from './app.ts';
import { type Answer, once } from './idempotency.ts';
import { QueryBody } from './query.ts';
import { compileInput } from './validate.ts';

const acts = ['update', 'delete', 'restore', 'verb'].map(act => Type.Literal(act));

const Body = Type.Object(
  {
    filter: QueryBody.properties.filter,
    q: QueryBody.properties.q,
    act: Type.Union(acts, { description: '`restore` is for what is in the trash.' }),
    values: Type.Optional(Type.Object({}, { description: 'With `update`: field → value.' })),
    verb: Type.Optional(Type.String({ description: 'With `verb`: its name.' })),
    input: Type.Optional(Type.Object({}, { description: 'With `verb`: its input.' })),
  },
  { additionalProperties: false },
);
const readBody = compileInput<BulkOrder>(Body);

export const bulkRoutes: Route[] = [
  {
    method: 'POST',
    url: '/api/:path/bulk',
    policy: 'signedIn',
    doc: {
      summary: 'Change, trash or restore all {plural} that match, or run a verb on them, as a job',
      tag: '{object}',
      body: Body,
      status: 202,
    },
    handler: (request, reply) =>
      once(request, reply, ctx => {
        const { path } = request.params as { path: string };
        return order(ctx, path, readBody(request.body ?? {}));
      }),
  },
];

async function order(ctx: Context, path: string, wish: BulkOrder): Promise<Answer> {
  const object = ctx.model.paths.get(path);
  if (!object) throw new FarleyError('unknownRoute', `There is nothing called ${path}.`);
  checkBulk(ctx, object.name, wish);
  const changeSet = newId();
  const payload = { ...wish, object: object.name, changeSet } as unknown as Record<string, Json>;
  const label = labelOfBulk(object, wish);
  const [id] = await inTransaction(ctx, (_, tx) => enqueue(ctx, tx, [{ task: 'bulk', label, payload }]));
  return { status: 202, headers: {}, body: JSON.stringify({ id, changeSet }) };
}

/** Broken off, it goes on where it was; cancelled, what is done stays and can be undone. */
export const bulkJob: JobSpec = defineJob('bulk', {
  label: 'Bulk change',
  run: async (ctx, payload, report, resumed, signal) => {
    const { object, changeSet, ...wish } = payload as unknown as BulkOrder & {
      object: string;
      changeSet: string;
    };
    const done = await bulk({ ...ctx, changeSet }, object, wish, report, { resumed, signal });
    await report.result({ ...done });
    signal.throwIfAborted();
  },
});
