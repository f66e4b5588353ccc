/** Routes for leaving whole: an archive of the workspace, ordered and fetched. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { archiveOf } from '../archive/job.ts';
import { FarleyError } from '../errors.ts';
import { isId } from '../id.ts';
import { enqueue } from '../jobs/queue.ts';
import { tableOf } from '../records/scope.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import type { Route } from './app.ts';

/** `directory`: where archives are kept. */
export function archiveRoutes(directory: string): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/archive',
      policy: 'administrator',
      doc: {
        summary: 'Order an archive of the whole workspace; its job says when it can be fetched',
        tag: 'Import and export',
        status: 202,
      },
      handler: async (request, reply) => {
        const id = await inTransaction(request.ctx, async (ctx, tx) => {
          ctx.db.requireRoom();
          const job = { task: 'archive', label: 'Archive of the workspace', payload: {} };
          return (await enqueue(ctx, tx, [job]))[0];
        });
        return reply.status(202).send({ id });
      },
    },
    {
      method: 'GET',
      url: '/api/archive/:id',
      policy: 'administrator',
      doc: { summary: 'Fetch an archive, for a day after it was made', tag: 'Import and export' },
      handler: async (request, reply) => {
        const { ctx } = request;
        const { id } = request.params as { id: string };
        const runs = tableOf(ctx.schema, 'job_run');
        const [run] = isId(id)
          ? await ctx.db.run(
              sql`select 1 as found from ${runs} where id = ${id}::uuid and job = 'archive' and ended_at is not null`,
            )
          : [];
        const path = run ? archiveOf(directory, id) : null;
        if (!path) throw new FarleyError('notFound', 'There is no such archive, or none any more.');
        const { size } = await stat(path);
        return reply
          .header('content-disposition', `attachment; filename="${ctx.settings.name}.tar.gz"`)
          .header('content-length', size)
          .type('application/gzip')
          .send(createReadStream(path));
      },
    },
  ];
}
