/** Routes for the contents of files: in, out, and what of them is shown inside a page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { rangeOf, shownAs, shownHeaders, textPreview, textSize } from '../files/preview.ts';
import { type FileStore, maxFile } from '../files/store.ts';
import { isId } from '../id.ts';
import type { Values } from '../object.ts';
import { find, read } from '../records/read.ts';
import { objectOf } from '../records/scope.ts';
import { create } from '../records/write.ts';
import { firstBytes } from '../transfer/source.ts';
import type { Route } from './app.ts';
import { once } from './idempotency.ts';
import { requireWriting, streamOf } from './transfer.ts';

const fileAt = (request: FastifyRequest): Promise<Values> =>
  find(request.ctx, 'file', (request.params as { id: string }).id);

const named = (file: Values) => encodeURIComponent(file.name as string);

const uploadQuery = {
  name: Type.Optional(Type.String({ description: 'Name of the file.' })),
  about: Type.Optional(Type.String({ description: 'The record it is attached to, as object:id.' })),
};

export function fileRoutes(files: FileStore): Route[] {
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
        query: uploadQuery,
        status: 201,
      },
      handler: (request, reply) => upload(files, request, reply),
    },
    {
      method: 'GET',
      url: '/api/files/:id/content',
      policy: 'signedIn',
      doc: { summary: 'The content of a file', tag: 'Files' },
      handler: async (request, reply) => {
        const file = await fileAt(request);
        const { stream, size } = await files.open(file.hash as string);
        // Never shown inside the page: what people upload is not to be run on our own origin.
        reply
          .header('content-disposition', `attachment; filename*=UTF-8''${named(file)}`)
          .header('x-content-type-options', 'nosniff')
          .header('content-length', size);
        return reply.type((file.mediaType as string | null) ?? 'application/octet-stream').send(stream);
      },
    },
    {
      method: 'GET',
      url: '/api/files/:id/preview',
      policy: 'signedIn',
      doc: { summary: 'A picture, PDF, sound or film, to be shown in a page', tag: 'Files' },
      handler: (request, reply) => preview(files, request, reply),
    },
    {
      method: 'GET',
      url: '/api/files/:id/text',
      policy: 'signedIn',
      doc: { summary: 'How a file of text or a table begins', tag: 'Files' },
      handler: async request => {
        const file = await fileAt(request);
        const name = file.name as string;
        const { stream, size } = await files.open(file.hash as string);
        const bytes = await firstBytes({ name, bytes: () => stream }, textSize);
        const { locale } = request.ctx.settings;
        return textPreview(bytes, { name, cut: size > bytes.length, locale });
      },
    },
  ];
}

async function upload(files: FileStore, request: FastifyRequest, reply: FastifyReply) {
  const { name = 'Untitled', about } = request.query as { name?: string; about?: string };
  requireWriting(request.ctx, objectOf(request.ctx, 'file'), false);
  await requireRecord(request, about);
  const { hash, size } = await files.put(streamOf(request), maxFile);
  const mediaType = String(request.headers['content-type'] ?? 'application/octet-stream').split(';')[0]!;
  const values = { name: name.slice(0, 250), mediaType, size, hash, ...(about ? { about } : {}) };
  const work = async (ctx: Context) => {
    const id = await create(ctx, 'file', values, { trusted: true });
    return { status: 201, headers: {}, body: await read(ctx, 'file', id) };
  };
  return once(request, reply, work, { hash });
}

/** Before the content is taken in: a file for what is not there would only fill the disk. */
async function requireRecord(request: FastifyRequest, about: string | undefined) {
  if (about === undefined) return;
  const [object = '', id] = about.split(':');
  if (!request.ctx.model.objects.has(object) || !isId(id))
    throw new FarleyError('invalidQuery', '`about` takes a record as object:id: its kind, a colon, its id.');
  await read(request.ctx, object, id, { fields: ['id'] });
}

async function preview(files: FileStore, request: FastifyRequest, reply: FastifyReply) {
  const file = await fileAt(request);
  const type = shownAs(file.mediaType as string | null, file.name as string);
  if (!type)
    throw new FarleyError('unsupportedMedia', 'This kind of file is not shown in pages. Download it.');
  const hash = file.hash as string;
  const etag = `"${hash}"`;
  reply.headers({ ...shownHeaders(type), etag, 'accept-ranges': 'bytes' });
  reply.header('content-disposition', `inline; filename*=UTF-8''${named(file)}`);
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  const size = await files.size(hash);
  const range = rangeOf(request.headers.range, size);
  const { stream } = await files.open(hash, range ?? undefined);
  reply.header('content-length', range ? range.end - range.start + 1 : size);
  if (range) reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  return reply.send(stream);
}
