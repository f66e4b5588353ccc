/**
 * Idempotency keys (draft-ietf-httpapi-idempotency-key-header): a write sent twice with one key is done once, and both
 * get the same answer. Key, write and answer are one transaction, so a crash leaves all of them or none; a second
 * request with the key waits for the first.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { tableOf } from '../records/scope.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';

/** What a write answers, as it is sent and kept. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** JSON text; null for none. */
  body: string | null;
}

/**
 * Does `work`, or gives the answer of the time when this key was used before. `body` is what the request asks for, where
 * that came as a stream.
 */
export async function once(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (ctx: Context) => Promise<Answer>,
  body: unknown = request.body,
): Promise<unknown> {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return send(reply, await work(request.ctx));
  if (key.length > 255)
    throw new FarleyError('invalidInput', 'An idempotency key has at most 255 characters.');
  const hash = createHash('sha256')
    .update(`${request.method} ${request.url} ${JSON.stringify(body ?? null)}`)
    .digest('hex');
  const answer = await inTransaction(request.ctx, async (ctx, tx) => {
    const table = tableOf(ctx.schema, 'idempotency');
    const actor = ctx.actor.userId ?? 'system';
    const [claimed] = await tx.run(
      sql`insert into ${table} (key, actor, request_hash) values (${key}, ${actor}, ${hash}) on conflict do nothing returning 1 as claimed`,
    );
    if (!claimed) return earlier(ctx, actor, key, hash);
    const fresh = await work(ctx);
    await tx.run(
      sql`update ${table} set status = ${fresh.status}, headers = ${JSON.stringify(fresh.headers)}::jsonb, body = ${fresh.body}
        where actor = ${actor} and key = ${key}`,
    );
    return fresh;
  });
  return send(reply, answer);
}

/** Days for which a key is remembered. */
const keptFor = 7;

/** Forgets the keys of old requests of a workspace. */
export async function forgetKeys(ctx: Context) {
  await ctx.db.run(
    sql`delete from ${tableOf(ctx.schema, 'idempotency')} where at < now() - make_interval(days => ${keptFor})`,
  );
}

async function earlier(ctx: Context, actor: string, key: string, hash: string): Promise<Answer> {
  const [row] = await ctx.tx!.run<{
    request_hash: string;
    status: number;
    headers: string;
    body: string | null;
  }>(
    sql`select request_hash, status, headers::text as headers, body from ${tableOf(ctx.schema, 'idempotency')} where actor = ${actor} and key = ${key}`,
  );
  if (row!.request_hash !== hash) throw new FarleyError('idempotencyMismatch');
  const headers = JSON.parse(row!.headers) as Record<string, string>;
  return { status: row!.status, headers: { ...headers, 'idempotency-replayed': 'true' }, body: row!.body };
}

function send(reply: FastifyReply, { status, headers, body }: Answer) {
  reply.status(status).headers(headers);
  return body === null ? reply.send() : reply.type('application/json; charset=utf-8').send(body);
}
