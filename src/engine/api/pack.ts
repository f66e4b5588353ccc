/** Long answers go packed to who takes them so: a list of 60 records is a tenth, the metadata a fifteenth. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Shorter ones would not get there any sooner. Characters. */
const least = 4_096;
const gzipped = promisify(gzip);

/**
 * A hook before sending. JSON only: files are packed already or belong to somebody else, and live updates must not wait
 * for a full block. At once and as a whole, so that nothing is left half packed when the reader leaves.
 */
export function pack(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: Error | null, payload?: unknown) => void,
): void {
  const json = String(reply.getHeader('content-type') ?? '').startsWith('application/json');
  if (!json || typeof payload !== 'string' || payload.length < least) return void done(null, payload);
  reply.header('vary', 'accept-encoding');
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/i.test(String(request.headers['accept-encoding'] ?? '')))
    return void done(null, payload);
  reply.header('content-encoding', 'gzip');
  gzipped(payload, { level: 5 }).then(
    packed => done(null, packed),
    error => done(error as Error),
  );
}
