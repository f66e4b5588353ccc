/** Routes back to a moment: of one record at once, of a whole object as a job. */
import { Type } from 'typebox';
import { newId } from '../id.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import { type RewindOptions, rewind } from '../records/rewind.ts';
import { inTransaction } from '../records/write.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { objectAt } from './query.ts';
import { compileInput } from './validate.ts';

const Body = Type.Object(
  {
    at: Type.String({ description: 'A moment of the past, ISO 8601.' }),
    keep: Type.Optional(
      Type.Boolean({ description: 'What would collide stays as it is, and the rest goes back.' }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'Say what would change and collide; write nothing.' })),
  },
  { additionalProperties: false },
);
type Order = Pick<RewindOptions, 'at' | 'keep' | 'dryRun'>;
const readOrder = compileInput<Order>(Body);

export const rewindRoutes: Route[] = [
  {
    method: 'POST',
    url: '/api/:path/:id/restore-to',
    policy: 'signedIn',
    doc: { summary: 'Put a {label} back to how it was at a moment', tag: '{object}', body: Body },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const { id } = request.params as { id: string };
        const order = { ...readOrder(request.body ?? {}), id };
        const done = await rewind(ctx, objectAt(request).name, order);
        return { status: 200, headers: {}, body: JSON.stringify(done) };
      }),
  },
  {
    method: 'POST',
    url: '/api/:path/restore-to',
    policy: 'administrator',
    doc: {
      summary: 'Put all {plural} back to how they were at a moment, as a job',
      tag: '{object}',
      body: Body,
      status: 202,
    },
    handler: (request, reply) =>
      once(request, reply, ctx => {
        const object = objectAt(request);
        const order = readOrder(request.body ?? {});
        const changeSet = newId();
        return inTransaction(ctx, async (inside, tx) => {
          const label = `${object.spec.plural} back to ${order.at}`;
          const payload = { ...order, object: object.name, changeSet };
          const [id] = await enqueue(inside, tx, [{ task: 'rewind', label, payload }]);
          const answer = { id, changeSet: order.dryRun ? null : changeSet };
          return { status: 202, headers: {}, body: JSON.stringify(answer) };
        });
      }),
  },
];

/** The job behind it. Broken off, it has done nothing; begun again after its end, it finds all as it was. */
export const rewindJob: JobSpec = defineJob('rewind', {
  label: 'Back to a moment',
  run: async (ctx, payload, report) => {
    const { object, changeSet, ...order } = payload as unknown as Order & {
      object: string;
      changeSet: string;
    };
    const done = await rewind({ ...ctx, changeSet }, object, {
      ...order,
      report: records => report.progress(records, null),
    });
    await report.result({ ...done, shown: JSON.parse(JSON.stringify(done.shown)) });
  },
});
