/** Live updates as server-sent events: one open answer per listener, as long as the listener may listen and keeps up. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Route } from './app.ts';

export interface LiveParts {
  hub: LiveHub;
  /** The caller of a request as it stands now; null once signed out, deactivated or revoked. */
  renew(request: FastifyRequest): Promise<Context | null>;
}

/** Bytes that a slow reader may leave unread before it is cut off. */
const maxUnread = 1024 * 1024;
/** A sign of life this often (milliseconds) keeps proxies from closing the stream, and shows who has stopped reading. */
const beatEvery = 20_000;
/** Milliseconds of the past that a listener may ask for. */
const longestAgo = 60_000;

export function liveRoutes(parts: LiveParts): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/live',
      policy: 'signedIn',
      doc: {
        summary: 'Changes in reach as they happen (server-sent events)',
        tag: 'Platform',
        query: {
          ago: Type.Integer({
            description:
              'Milliseconds, at most 60,000: first tells what has changed since, of more than 500 the latest.',
          }),
        },
      },
      handler: (request, reply) => live(parts, request, reply),
    },
  ];
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

function agoOf(request: FastifyRequest): number {
  const { ago = '0' } = request.query as { ago?: string };
  const asked = Number(ago);
  if (Number.isInteger(asked) && asked >= 0 && asked <= longestAgo) return asked;
  const message = `\`ago\` is a whole number from 0 to ${longestAgo}.`;
  throw new FarleyError('invalidQuery', message, {
    problems: [{ pointer: '/ago', code: 'outOfRange', message }],
  });
}

async function live(parts: LiveParts, request: FastifyRequest, reply: FastifyReply) {
  if (request.method === 'HEAD') return reply.headers(headers).send();
  const ago = agoOf(request);
  const { raw } = reply;
  let gone = false;
  raw.on('close', () => {
    gone = true;
  });
  const listening = await parts.hub.listen(request.ctx, {
    renew: () => parts.renew(request),
    tell: changes => {
      if (raw.writableLength > maxUnread) raw.destroy();
      else raw.write(changes.map(change => `event: change\ndata: ${JSON.stringify(change)}\n\n`).join(''));
    },
    meet: (object, id) => raw.write(`event: presence\ndata: ${JSON.stringify({ object, id })}\n\n`),
    end: () => raw.end('event: end\ndata: {}\n\n'),
  });
  if (gone) return listening.stop();
  // Only now may the client believe that it misses nothing.
  reply.hijack();
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
  raw.write(': listening\n\n');
  if (ago > 0) listening.recall(ago).catch(() => raw.destroy());
  const beat = setInterval(() => {
    if (raw.writableLength > 0) return raw.destroy();
    raw.write(': still here\n\n');
    listening.check();
  }, beatEvery).unref();
  raw.on('close', () => {
    clearInterval(beat);
    listening.stop();
  });
}
