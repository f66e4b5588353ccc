/**
 * Several reads in one request: what a page shows beside each other it also asks for at once. Each is answered as its own
 * address would answer it, on a line of its own, as soon as it is known: the slow ones hold up nobody.
 */
import { PassThrough, type Transform } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { FarleyError } from '../errors.ts';
import { callerWithin, type Route } from './app.ts';
import { compileInput } from './validate.ts';

const most = 50;
/** How many are looked up at the same time: nobody takes all connections for one page. */
const atOnce = 8;

/** Lists by a query in the body, and what belongs to one record. */
const asked = /^\/api\/\w+\/(search|aggregate|time-in|flow)$/;
const named = /^\/api\/\w+\/[\da-f-]{36}(\/(timeline|history|tree|quality))?(\?[^#]*)?$/;

interface Read {
  path: string;
  body?: object;
}

const Body = Type.Object(
  {
    reads: Type.Array(
      Type.Object(
        {
          path: Type.String({
            description: 'A list by a query, or one record: `/api/{object}/search`, `/api/{object}/{id}`.',
          }),
          body: Type.Optional(Type.Object({}, { description: 'The query, where the path takes one.' })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: most },
    ),
  },
  { additionalProperties: false },
);
const readBody = compileInput<{ reads: Read[] }>(Body);

export function togetherRoutes(app: FastifyInstance): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/reads',
      policy: 'signedIn',
      doc: {
        summary: 'Several reads at once: a line of JSON for each, with its place, status and body',
        tag: 'Platform',
        body: Body,
      },
      handler: async (request, reply) => {
        const { reads } = readBody(request.body ?? {});
        for (const { path, body } of reads)
          if (!(body ? asked : named).test(path))
            throw new FarleyError('invalidQuery', `\`${path.slice(0, 100)}\` cannot be read beside others.`);
        const packed = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/i.test(
          String(request.headers['accept-encoding'] ?? ''),
        );
        reply.header('vary', 'accept-encoding').type('application/x-ndjson; charset=utf-8');
        if (packed) reply.header('content-encoding', 'gzip');
        // A line must not wait until a block is full.
        const lines = packed ? createGzip({ level: 5, flush: constants.Z_SYNC_FLUSH }) : new PassThrough();
        void callerWithin.run(request.caller, () => answerAll(app, reads, lines));
        return reply.send(lines);
      },
    },
  ];
}

async function answerAll(app: FastifyInstance, reads: Read[], lines: Transform) {
  let next = 0;
  const work = async () => {
    for (let at = next++; at < reads.length && !lines.destroyed; at = next++) {
      const { path, body } = reads[at]!;
      const answer = await app.inject({
        method: body ? 'POST' : 'GET',
        url: path,
        ...(body ? { payload: body } : {}),
      });
      // Within JSON a line end is only space.
      const text = answer.body.replaceAll('\n', ' ') || 'null';
      lines.write(`{"at":${at},"status":${answer.statusCode},"body":${text}}\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work)).catch(error => lines.destroy(error as Error));
  lines.end();
}
