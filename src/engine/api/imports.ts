/** Routes of imports: ordering them, by uploaded files or one file as the body, and the rows they refused. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { requireAdministrator } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { maxFile } from '../files/store.ts';
import { isId, newId } from '../id.ts';
import { enqueue } from '../jobs/queue.ts';
import { objectOf, tableOf } from '../records/scope.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import { importLabel, type PlannedTable, readPlan } from '../transfer/import-tables.ts';
import { failedRows, type ImportOrder, type ImportParts } from '../transfer/job.ts';
import { type ImportMap, importMapSchema, readImportMap } from '../transfer/map.ts';
import { inOrder } from '../transfer/recognise/propose.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { uploaded } from './proposal.ts';
import { requireWriting, streamOf } from './transfer.ts';
import { compileInput } from './validate.ts';

const text = (description: string) => Type.Optional(Type.String({ description }));

const OrderBody = Type.Object(
  {
    files: Type.Array(Type.String({ format: 'uuid' }), {
      minItems: 1,
      maxItems: 10_000,
      description: 'Ids of uploaded files. At most 1,000; a ZIP of more is one.',
    }),
    tables: Type.Array(
      Type.Object({
        file: Type.String(),
        table: Type.Optional(Type.String()),
        part: Type.Optional(
          Type.String({
            description:
              'As proposed, where a table is several kinds of records: it names, and does nothing.',
          }),
        ),
        map: Type.Optional(Type.Union([importMapSchema, Type.Null()])),
        fields: Type.Optional(Type.Array(Type.Object({}))),
      }),
      {
        minItems: 1,
        maxItems: 1_000,
        description: 'As proposed, or changed; those without a map are left out.',
      },
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'true: report only.' })),
    notify: Type.Optional(
      Type.Boolean({ description: 'true: people are told as of changes made by hand. Default: false.' }),
    ),
  },
  { additionalProperties: false },
);

interface Order {
  files: string[];
  tables: unknown[];
  dryRun?: boolean;
  notify?: boolean;
}

// The map itself is checked where it is read, with words of its own.
const readOrder = compileInput<Order>(
  Type.Object(
    { ...OrderBody.properties, tables: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1_000 }) },
    { additionalProperties: false },
  ),
);

export function importRoutes(parts: ImportParts): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/imports',
      policy: 'signedIn',
      bodyLimit: maxFile,
      streams: true,
      doc: {
        summary:
          'Import uploaded files as proposed, all tables as one change set; or one file that is the body, of any type but JSON',
        tag: 'Import and export',
        body: OrderBody,
        query: {
          object: text('What the rows become. This and the following: where the file is the body.'),
          name: text('Name of the file.'),
          match: text('Field by which rows find existing records.'),
          map: text('Mapping, as JSON.'),
          dryRun: text('true: report only.'),
        },
        status: 202,
      },
      handler: async (request, reply) => {
        const streamed = request.body instanceof Readable;
        const order = streamed ? await orderOfBody(parts, request) : await orderOfFiles(request);
        const work = async (ctx: Context) => {
          const ordered = await enqueueImport(ctx, order);
          return { status: 202, headers: {}, body: JSON.stringify(ordered) };
        };
        return once(request, reply, work, streamed ? order.files : request.body);
      },
    },
    {
      method: 'GET',
      url: '/api/imports/:id/failures',
      policy: 'signedIn',
      doc: {
        summary: 'The rows of an import that were refused, as they came, each with its reason',
        tag: 'Import and export',
        query: { table: text('Place of the table in the plan, from 0. Default: the first that has some.') },
      },
      handler: async (request, reply) => {
        const { id } = request.params as { id: string };
        const { table } = request.query as { table?: string };
        if (table !== undefined && !/^\d{1,4}$/.test(table))
          throw new FarleyError('invalidQuery', '`table` is a number from 0 on.');
        await requireOwnRun(request, id);
        const stream = failedRows(parts.directory, id, table === undefined ? null : Number(table));
        if (!stream) throw new FarleyError('notFound', 'No row of this import was refused.');
        return reply
          .header('content-disposition', 'attachment; filename="failed-rows.csv"')
          .type('text/csv; charset=utf-8')
          .send(stream);
      },
    },
  ];
}

/** Uploaded files, imported as a plan says. */
async function orderOfFiles({ ctx, body }: FastifyRequest): Promise<ImportOrder> {
  const { files: ids, dryRun = false, notify = false, ...given } = readOrder(body ?? {});
  const files = Object.fromEntries((await uploaded(ctx, ids)).map(({ name, hash }) => [name, hash]));
  // Someone may have decided that a table is something else than was proposed.
  const tables = inOrder(ctx.model, readPlan(given));
  if (tables.length === 0) throw new FarleyError('invalidInput', 'No table of the plan has a map.');
  for (const { file, map, fields } of tables) {
    if (!Object.hasOwn(files, file))
      throw new FarleyError('invalidInput', `The plan needs ${file}, which is not among the files.`);
    requireWriting(ctx, objectOf(ctx, map.object ?? ''));
    if (fields.some(({ name }) => map.fields?.[name] !== undefined)) requireAdministrator(ctx);
  }
  return { files, tables, dryRun, notify, changeSet: newId() };
}

/** The file that is the body, as a plan of one table. */
async function orderOfBody({ files }: ImportParts, request: FastifyRequest): Promise<ImportOrder> {
  const { ctx } = request;
  const {
    object,
    name = 'file.csv',
    match,
    map: given,
    dryRun,
  } = request.query as Record<string, string | undefined>;
  const map: ImportMap = {
    ...(given ? mapOf(given) : {}),
    ...(object ? { object } : {}),
    ...(match ? { match } : {}),
  };
  if (!map.object) throw new FarleyError('invalidInput', 'Say which `object` the rows become.');
  requireWriting(ctx, objectOf(ctx, map.object));
  const { hash, size } = await files.put(streamOf(request), maxFile);
  if (size === 0) throw new FarleyError('invalidInput', 'The file is empty.');
  const tables: PlannedTable[] = [{ file: name, map, fields: [] }];
  return { files: { [name]: hash }, tables, dryRun: dryRun === 'true', notify: false, changeSet: newId() };
}

function mapOf(text: string): ImportMap {
  try {
    return readImportMap(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new FarleyError('invalidJson', '`map` is JSON.');
    throw error;
  }
}

function enqueueImport(ctx: Context, order: ImportOrder) {
  const label = importLabel(order.tables);
  return inTransaction(ctx, async (inside, tx) => {
    const [id] = await enqueue(inside, tx, [
      { task: 'import', label, payload: JSON.parse(JSON.stringify(order)) },
    ]);
    return { id, changeSet: order.dryRun ? null : order.changeSet };
  });
}

async function requireOwnRun({ ctx }: FastifyRequest, id: string) {
  const [run] = isId(id)
    ? await ctx.db.run(
        sql`select 1 as found from ${tableOf(ctx.schema, 'job_run')} where id = ${id}::uuid and (actor_id = ${ctx.actor.userId}::uuid or ${ctx.actor.grants.administer ?? false})`,
      )
    : [];
  if (!run) throw new FarleyError('notFound', 'There is no such import of yours.');
}
