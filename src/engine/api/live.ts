/** Live updates as server-sent events: one open answer per listener, as long as the listener may listen and keeps up. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
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

export function liveRoutes(parts: LiveParts): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/live',
      policy: 'signedIn',
      doc: { summary: 'Changes in reach as they happen (server-sent events)', tag: 'Platform' },
      handler: (request, reply) => live(parts, request, reply),
    },
  ];
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

async function live(parts: LiveParts, request: FastifyRequest, reply: FastifyReply) {
  if (request.method === 'HEAD') return reply.headers(headers).send();
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
