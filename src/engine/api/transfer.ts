/** Routes for what goes out, and bodies that come in as streams. They stream; nothing is held in memory whole. */
import { Readable, Transform } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { may, mayCreate } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { ObjectModel } from '../model.ts';
import { type ExportFormat, exportFormats, exportRecords } from '../transfer/export.ts';
import type { Route } from './app.ts';
import { QueryBody, readQueryBody, readQueryString } from './query.ts';
import { compileInput } from './validate.ts';

/** Bytes of JSON at most, where a stream might be as large as a file. */
const maxJson = 10 * 1024 ** 2;

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
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (
      !request.routeOptions.config.streams ||
      !/^application\/json\b/i.test(request.headers['content-type'] ?? '')
    )
      return payload;
    return payload.pipe(bounded(maxJson));
  });
}

/** Ends a stream that grows too large; JSON is taken in whole. */
function bounded(most: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most) done(new FarleyError('tooLarge'));
      else done(null, chunk);
    },
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

export const exportRoutes: Route[] = [
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

export function streamOf(request: FastifyRequest): Readable {
  if (request.body instanceof Readable) return request.body;
  throw new FarleyError(
    'unsupportedMedia',
    'Send the content of the file as the body, for instance as text/csv or application/octet-stream.',
  );
}

/** Before the content is taken in: a role that may write nothing does not fill the disk either. */
export function requireWriting(ctx: Context, object: ObjectModel, edit = true) {
  if (mayCreate(ctx, object) || (edit && may(ctx, object, 'edit'))) return;
  const { plural } = object.spec;
  throw new FarleyError('forbidden', `Your role does not allow to create ${plural.toLowerCase()}.`);
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
