/** The HTTP application: one hook that authenticates and holds each route to its policy, one handler for all errors. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify';
import type { TSchema } from 'typebox';
import { mayAdminister } from '../access/reach.ts';
import type { Clock } from '../clock.ts';
import type { Actor, Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isFull } from '../db/space.ts';
import { errors, FarleyError } from '../errors.ts';
import { newId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import { contextOf, type Workspace } from '../workspace.ts';
import { checkParameters } from './query.ts';

/** Who may call a route at all. What they reach with it, roles decide. */
export type Policy = 'public' | 'signedIn' | 'administrator';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
    /** For the API reference. */
    doc?: RouteDoc;
    /** Parameters are checked by the handler. */
    openQuery?: boolean;
    /** The body is a stream of any type but JSON. */
    streams?: boolean;
  }
  interface FastifyRequest {
    ctx: Context;
    /** Who asks, as it was found out once. */
    caller: Caller;
  }
  interface FastifyInstance {
    /** Every route there is, with its policy. */
    allRoutes: RouteOptions[];
  }
}

/** How a route stands in the OpenAPI document. `{object}` in texts is replaced by each object's own words. */
export interface RouteDoc {
  summary: string;
  tag: string;
  query?: Record<string, TSchema>;
  body?: TSchema;
  /** Of the body. Default: application/json. */
  mediaType?: string;
  answer?: TSchema;
  status?: number;
  /** Which objects have it, of a route that stands for one of each. Default: all. */
  of?(object: ObjectModel): boolean;
}

export interface Caller {
  actor: Actor;
  workspace: Workspace;
  cookies?: string[];
}

/** Whoever asks for several things at once is looked up once: who, for the requests within a request. */
export const callerWithin = new AsyncLocalStorage<Caller>();

export interface ApiOptions {
  db: Database;
  clock: Clock;
  /** Who calls, and in which workspace; null when nobody known. */
  authenticate(request: FastifyRequest): Promise<Caller | null>;
  log: { error(sentence: string): void };
  /** What verbs reach beside the database. */
  reaches?: Pick<Context, 'outside' | 'files'>;
  /** Largest body in bytes. Default 10 MiB; file uploads stream and are not held to it. */
  bodyLimit?: number;
  /** Milliseconds without a byte in either direction after which a connection is cut. Default 120,000. */
  idleTimeout?: number;
  /** Addresses of proxies whose word on a client's address is taken, comma separated. Default: none. */
  proxies?: string;
}

/** A route: what it is, who may call it, what it does. */
export type Route = Pick<RouteOptions, 'method' | 'url' | 'bodyLimit'> & {
  policy: Policy;
  doc: RouteDoc;
  openQuery?: boolean;
  /** Takes a stream of any type but JSON as its body. Others take JSON only. */
  streams?: boolean;
  handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
};

/** What every answer says: no page may frame it, guess its type, or run it. Our own pages say what they need instead. */
const safeHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export function createApi(options: ApiOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: options.bodyLimit ?? 10 * 1024 * 1024,
    genReqId: () => newId(),
    trustProxy: options.proxies ?? false,
    forceCloseConnections: 'idle',
    // A client that stops reading an export would keep it open for ever.
    connectionTimeout: options.idleTimeout ?? 120_000,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, request, reply) =>
      answerError(options, error, request, reply.headers({ ...safeHeaders, 'x-request-id': request.id })),
    clientErrorHandler: answerUnreadable,
  });
  const allRoutes: RouteOptions[] = [];
  app.decorate('allRoutes', allRoutes);
  app.addHook('onRoute', route => {
    allRoutes.push(route);
  });
  app.decorateRequest('ctx', null as unknown as Context);
  app.decorateRequest('caller', null as unknown as Caller);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...safeHeaders, 'x-request-id': request.id });
    await admit(options, request, reply);
    const { doc, openQuery } = request.routeOptions.config ?? {};
    if (doc && !openQuery) checkParameters(request, Object.keys(doc.query ?? {}));
  });
  app.setErrorHandler((error, request, reply) => answerError(options, error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    answerError(options, new FarleyError('unknownRoute'), request, reply),
  );
  return app;
}

/** Milliseconds that requests under way get to finish when Farley stops. */
const grace = 10_000;

/**
 * How to stop: requests under way finish, then every connection goes. Without that a browser that has opened a
 * connection ahead of time, and sent nothing on it yet, would hold up the end.
 */
export function stopper(app: FastifyInstance): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  app.server.on('request', (_request, response: ServerResponse) => {
    underWay.add(response);
    response.on('close', () => underWay.delete(response));
  });
  return async () => {
    const closed = app.close();
    const until = Date.now() + grace;
    const timer = setInterval(() => {
      if (underWay.size === 0 || Date.now() > until) app.server.closeAllConnections();
    }, 20);
    await closed;
    clearInterval(timer);
  };
}

export function addRoutes(app: FastifyInstance, routes: Route[]) {
  for (const { policy, doc, openQuery = false, streams = false, ...route } of routes)
    app.route({ ...route, config: { policy, doc, openQuery, streams } });
}

/** Nobody passes a route that has no policy. */
async function admit(options: ApiOptions, request: FastifyRequest, reply: FastifyReply) {
  const policy = request.routeOptions.config?.policy;
  if (request.is404 || policy === 'public') return;
  if (!policy) throw new FarleyError('forbidden', 'This address has no access policy.');
  const within = callerWithin.getStore();
  const caller = within ?? (await options.authenticate(request));
  if (!caller) throw new FarleyError('unauthenticated');
  request.caller = caller;
  for (const cookie of within ? [] : (caller.cookies ?? [])) reply.header('set-cookie', cookie);
  const via = caller.actor.kind === 'key' ? 'api' : 'web';
  const db = options.db.until(departure(reply));
  request.ctx = {
    ...contextOf(db, caller.workspace, caller.actor, via, options.clock, request.id),
    ...options.reaches,
  };
  if (policy === 'administrator' && !mayAdminister(request.ctx))
    throw new FarleyError('forbidden', 'Only administrators may do this.');
}

/** What is no HTTP, too long in its head, or too slow to arrive: there is no request yet that could be answered. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const overflow = error.code === 'HPE_HEADER_OVERFLOW';
  const code = overflow ? 'tooLarge' : 'invalidQuery';
  const detail = overflow
    ? 'The address and the headers have at most 16 KiB together.'
    : 'This is not an HTTP request, or it took too long to arrive.';
  const requestId = newId();
  const body = JSON.stringify({ ...problemOf(new FarleyError(code, detail)), requestId });
  const head = {
    ...safeHeaders,
    'x-request-id': requestId,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    `HTTP/1.1 ${errors[code][0]} ${overflow ? 'Too Large' : 'Bad Request'}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
  );
}

function problemOf(error: FarleyError) {
  return {
    type: `/api/docs/errors#${error.code}`,
    title: errors[error.code][1],
    status: error.status,
    code: error.code,
    detail: error.message,
    ...(error.problems.length > 0 ? { errors: error.problems } : {}),
    ...(Object.keys(error.details).length > 0 ? { details: error.details } : {}),
  };
}

/** Aborts when the client leaves before it has its answer. */
function departure({ raw }: FastifyReply): AbortSignal {
  const leaving = new AbortController();
  const look = () => {
    if (!raw.writableFinished) leaving.abort();
  };
  // It may have left while it was being looked up.
  if (raw.destroyed) look();
  else raw.on('close', look);
  return leaving.signal;
}

/** RFC 9457. Defects are logged with their request id and told as `internal`, without details. */
function answerError(options: ApiOptions, thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const error = known(thrown);
  if (error.code === 'internal')
    options.log.error(
      `${request.method} ${request.routeOptions.url ?? ''} failed (${request.id}): ${(thrown as Error).stack ?? thrown}`,
    );
  const passing = ['overloaded', 'databaseUnavailable', 'rateLimited'].includes(error.code);
  if (passing && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
  return (
    reply
      .status(error.status)
      // Browsers keep a 410 for ever unless they are told; what is merged or missing now may be back in a moment.
      .header('cache-control', 'no-store')
      .type('application/problem+json')
      .send({ ...problemOf(error), requestId: request.id })
  );
}

/** What PostgreSQL says of values that came with the request. */
const unkeepable = new Set(['22021', '22P05', '22003', '22P02', '22007', '22008', '22009', '54000', '54011']);

function known(thrown: unknown): FarleyError {
  if (thrown instanceof FarleyError) return thrown;
  const { code, statusCode } = thrown as { code?: string; statusCode?: number };
  if (isFull(thrown)) return new FarleyError('diskFull');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new FarleyError('unsupportedMedia');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new FarleyError('tooLarge');
  if (
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    thrown instanceof SyntaxError
  )
    return new FarleyError('invalidJson');
  // Recursion over nested input: ours (V8 names it so) or PostgreSQL's.
  if ((thrown instanceof RangeError && /call stack/.test(thrown.message)) || code === '54001')
    return new FarleyError('invalidInput', 'The body is nested too deeply.');
  if (statusCode === 429) return new FarleyError('rateLimited');
  if (statusCode && statusCode < 500) return new FarleyError('invalidQuery', (thrown as Error).message);
  // Text that PostgreSQL cannot hold (a zero byte), a number or time beyond its column, a text beyond its index.
  if (code && unkeepable.has(code))
    return new FarleyError('invalidInput', 'A value has characters or a size that cannot be kept.');
  if (code === '55P03')
    return new FarleyError(
      'overloaded',
      'Someone else has been changing the same for a long time. Nothing was changed; try again.',
    );
  if (code === '40P01' || code === '40001')
    return new FarleyError(
      'overloaded',
      'Several writers were in each other’s way. Nothing was changed; try again.',
    );
  return new FarleyError('internal');
}

/** Sends text that is JSON already. */
export function sendJson(reply: FastifyReply, text: string, status = 200) {
  return reply.status(status).type('application/json; charset=utf-8').send(text);
}
