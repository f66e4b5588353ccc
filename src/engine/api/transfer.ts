/** Routes for what comes in and goes out: imports, exports, files. Bodies stream; nothing is held in memory whole. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { may, mayCreate } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { FileStore } from '../files/store.ts';
import { isId, newId } from '../id.ts';
import { enqueue } from '../jobs/queue.ts';
import type { ObjectModel } from '../model.ts';
import { find, read } from '../records/read.ts';
import { objectOf, tableOf } from '../records/scope.ts';
import { create, inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import { type ExportFormat, exportFormats, exportRecords } from '../transfer/export.ts';
import { failedRows, type ImportOrder } from '../transfer/job.ts';
import { type ImportMap, readImportMap } from '../transfer/map.ts';
import { type Route, sendJson } from './app.ts';
import { QueryBody, readQueryBody, readQueryString } from './query.ts';
import { compileInput } from './validate.ts';

export interface TransferParts {
  files: FileStore;
  /** Where failed rows of imports are kept. */
  directory: string;
}

/** Bytes of an uploaded file at most; a file to be imported may have 100 GiB. */
const maxFile = 1024 ** 3;
const maxImport = 100 * 1024 ** 3;

/**
 * Media types whose bodies are streams: everything that is not JSON, where the route takes one. Elsewhere such a body,
 * which any form on any site can send, is refused before it is looked at.
 */
export function acceptStreams(app: FastifyInstance) {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', (request, payload, done) => {
    if (request.routeOptions.config.streams) done(null, payload);
    else done(new FarleyError('unsupportedMedia', 'Send JSON, with the content type application/json.'));
  });
}

const text = (description: string) => Type.Optional(Type.String({ description }));

const ExportBody = Type.Object({
  object: Type.String(),
  format: Type.Optional(Type.Union(Object.keys(exportFormats).map(name => Type.Literal(name)))),
  raw: Type.Optional(Type.Boolean({ description: 'Values as the API shows them, not as people read them.' })),
  query: Type.Optional(QueryBody),
});
const readExport = compileInput<{
  object: string;
  format?: ExportFormat;
  raw?: boolean;
  query?: unknown;
}>(ExportBody);

export function transferRoutes(parts: TransferParts): Route[] {
  return [...importRoutes(parts), ...exportRoutes, ...fileRoutes(parts)];
}

function importRoutes(parts: TransferParts): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/imports',
      policy: 'signedIn',
      bodyLimit: maxImport,
      streams: true,
      doc: {
        summary: 'Import a file: its content is the body, of any type but JSON',
        tag: 'Import and export',
        query: {
          object: text('What the rows become.'),
          name: text('Name of the file.'),
          match: text('Field by which rows find existing records.'),
          map: text('Mapping, as JSON.'),
          dryRun: text('true: report only.'),
        },
        status: 202,
      },
      handler: async (request, reply) => reply.status(202).send(await orderImport(parts, request)),
    },
    {
      method: 'GET',
      url: '/api/imports/:id/failures',
      policy: 'signedIn',
      doc: {
        summary: 'The rows of an import that were refused, as they came, each with its reason',
        tag: 'Import and export',
      },
      handler: async (request, reply) => {
        const { id } = request.params as { id: string };
        await requireOwnRun(request, id);
        const stream = failedRows(parts.directory, id);
        if (!stream) throw new FarleyError('notFound', 'No row of this import was refused.');
        return reply
          .header('content-disposition', 'attachment; filename="failed-rows.csv"')
          .type('text/csv; charset=utf-8')
          .send(stream);
      },
    },
  ];
}

const exportRoutes: Route[] = [
  {
    method: 'POST',
    url: '/api/exports',
    policy: 'signedIn',
    doc: {
      summary: 'Export a list as CSV, XLSX, NDJSON or vCards',
      tag: 'Import and export',
      body: ExportBody,
    },
    handler: async (request, reply) => {
      const { object, format = 'csv', raw, query = {} } = readExport(request.body ?? {});
      return answerExport(request, reply, object, { format, raw }, readQueryBody(query));
    },
  },
  {
    method: 'GET',
    url: '/api/exports/:path',
    policy: 'signedIn',
    doc: {
      summary: 'Export a list by its address, for downloads',
      tag: 'Import and export',
      query: {
        ...QueryBody.properties,
        format: text('csv (default), xlsx, ndjson or vcard.'),
        raw: text('true: values as the API shows them.'),
      },
    },
    handler: async (request, reply) => {
      const object = request.ctx.model.paths.get((request.params as { path: string }).path);
      if (!object) throw new FarleyError('unknownRoute');
      const { format = 'csv', raw, ...query } = request.query as Record<string, string>;
      return answerExport(
        request,
        reply,
        object.name,
        { format: formatOf(format), raw: raw === 'true' },
        readQueryString(request.ctx, object, query),
      );
    },
  },
];

function fileRoutes(parts: TransferParts): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/uploads',
      policy: 'signedIn',
      bodyLimit: maxFile,
      streams: true,
      doc: {
        summary: 'Upload a file: its content is the body, of any type but JSON',
        tag: 'Files',
        query: { name: text('Name of the file.') },
        status: 201,
      },
      handler: async (request, reply) => {
        const { name = 'Untitled' } = request.query as { name?: string };
        requireWriting(request.ctx, objectOf(request.ctx, 'file'), false);
        const { hash, size } = await parts.files.put(streamOf(request), maxFile);
        const mediaType = String(request.headers['content-type'] ?? 'application/octet-stream').split(
          ';',
        )[0]!;
        const id = await create(
          request.ctx,
          'file',
          { name: name.slice(0, 250), mediaType, size, hash },
          { trusted: true },
        );
        return sendJson(reply, await read(request.ctx, 'file', id), 201);
      },
    },
    {
      method: 'GET',
      url: '/api/files/:id/content',
      policy: 'signedIn',
      doc: { summary: 'The content of a file', tag: 'Files' },
      handler: async (request, reply) => {
        const file = await find(request.ctx, 'file', (request.params as { id: string }).id);
        const { stream, size } = await parts.files.open(file.hash as string);
        // Never shown inside the page: what people upload is not to be run on our own origin.
        const name = encodeURIComponent(file.name as string);
        reply
          .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
          .header('x-content-type-options', 'nosniff')
          .header('content-length', size);
        return reply.type((file.mediaType as string | null) ?? 'application/octet-stream').send(stream);
      },
    },
  ];
}

function streamOf(request: FastifyRequest): Readable {
  if (request.body instanceof Readable) return request.body;
  throw new FarleyError(
    'unsupportedMedia',
    'Send the content of the file as the body, for instance as text/csv or application/octet-stream.',
  );
}

async function orderImport(parts: TransferParts, request: FastifyRequest) {
  const { ctx } = request;
  const {
    object = null,
    name = 'file.csv',
    match = null,
    map,
    dryRun,
  } = request.query as Record<string, string | undefined>;
  const importMap = map ? mapOf(map) : null;
  const wanted = object ?? importMap?.object;
  if (!wanted) throw new FarleyError('invalidInput', 'Say which `object` the rows become.');
  requireWriting(ctx, objectOf(ctx, wanted));
  const { hash, size } = await parts.files.put(streamOf(request), maxImport);
  if (size === 0) throw new FarleyError('invalidInput', 'The file is empty.');
  const order: ImportOrder = {
    hash,
    name,
    object,
    match,
    map: importMap,
    dryRun: dryRun === 'true',
    changeSet: newId(),
  };
  return inTransaction(ctx, async (inside, tx) => {
    const [id] = await enqueue(inside, tx, [
      { task: 'import', label: `Import of ${name}`, payload: JSON.parse(JSON.stringify(order)) },
    ]);
    return { id, changeSet: order.dryRun ? null : order.changeSet };
  });
}

/** Before the content is taken in: a role that may write nothing does not fill the disk either. */
function requireWriting(ctx: Context, object: ObjectModel, edit = true) {
  if (mayCreate(ctx, object) || (edit && may(ctx, object, 'edit'))) return;
  const { plural } = object.spec;
  throw new FarleyError('forbidden', `Your role does not allow to create ${plural.toLowerCase()}.`);
}

function mapOf(text: string): ImportMap {
  try {
    return readImportMap(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new FarleyError('invalidJson', '`map` is JSON.');
    throw error;
  }
}

async function requireOwnRun(request: FastifyRequest, id: string) {
  const { ctx } = request;
  const [run] = isId(id)
    ? await ctx.db.run(
        sql`select 1 as found from ${tableOf(ctx.schema, 'job_run')} where id = ${id}::uuid and (actor_id = ${ctx.actor.userId}::uuid or ${ctx.actor.grants.administer ?? false})`,
      )
    : [];
  if (!run) throw new FarleyError('notFound', 'There is no such import of yours.');
}

function formatOf(format: string): ExportFormat {
  if (Object.hasOwn(exportFormats, format)) return format as ExportFormat;
  throw new FarleyError('invalidQuery', `\`format\` is one of ${Object.keys(exportFormats).join(', ')}.`);
}

async function answerExport(
  request: FastifyRequest,
  reply: FastifyReply,
  object: string,
  { format, raw }: { format: ExportFormat; raw?: boolean | undefined },
  query: Parameters<typeof exportRecords>[3],
) {
  const chunks = exportRecords(request.ctx, object, format, query, raw);
  // The first chunk is made before the answer begins, so that a refusal is an answer and not a broken file.
  const first = await chunks.next();
  const all = async function* () {
    if (!first.done) yield first.value;
    yield* chunks;
  };
  const path = request.ctx.model.objects.get(object)?.path ?? object;
  const { ending, mediaType } = exportFormats[format];
  reply.header('content-disposition', `attachment; filename="${path}.${ending}"`);
  return reply.type(mediaType).send(Readable.from(all(), { objectMode: false }));
}
