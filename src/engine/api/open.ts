/** Routes of pages for people who are not signed in: what their link shows, what it takes, its file. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import type { FileStore } from '../files/store.ts';
import {
  type PageAct,
  type PageLink,
  type RawVisit,
  readKnown,
  readLink,
  type Visit,
} from '../outside/link.ts';
import { Throttle } from '../outside/throttle.ts';
import { firstBytes } from '../transfer/source.ts';
import type { Declared } from '../workspace.ts';
import type { Route } from './app.ts';
import { compileInput } from './validate.ts';

export interface OpenParts {
  declared: Declared;
  files: FileStore;
  secret: string;
  /** The system in a workspace. */
  system(workspace: string): Promise<Context>;
}

const minute = 60_000;
/** Bytes that a page takes at a time: a drawn signature is the largest. */
const bodyLimit = 512 * 1024;

interface Opened {
  ctx: Context;
  payload: Json;
  visit: Visit;
}

type Open = (request: FastifyRequest, reply: FastifyReply, acts: boolean) => Promise<Opened>;

export function openRoutes(parts: OpenParts): Route[] {
  // One address may be a whole company's; a link is one person's.
  const byAddress = new Throttle(1_200, minute);
  const byLink = new Throttle(600, minute);
  const actsByLink = new Throttle(60, minute);
  const opener =
    (page: PageLink): Open =>
    async (request, reply, acts) => {
      reply.headers({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
        'referrer-policy': 'no-referrer',
      });
      const { token } = request.params as { token: string };
      // What everyone knows is not one person's.
      const key = page.known ? `${token} ${request.ip}` : token;
      const wait = byAddress.wait(request.ip) || byLink.wait(key) || (acts ? actsByLink.wait(key) : 0);
      if (wait > 0) {
        reply.header('retry-after', wait);
        throw new FarleyError('rateLimited', `Too many attempts. Try again in ${wait} seconds.`);
      }
      const { ctx, payload } = await linked(parts, page, token);
      const origin = request.headers.origin ?? null;
      if (page.known && origin && (await page.known.websites(ctx, payload)).includes(origin))
        reply.headers({ 'access-control-allow-origin': origin, vary: 'Origin' });
      const agent = String(request.headers['user-agent'] ?? '').slice(0, 500);
      const visit = { address: request.ip, agent, origin };
      return { ctx: { ...ctx, via: 'link', requestId: request.id }, payload, visit };
    };
  return pagesOf(parts.declared).flatMap(page => routesOf(page, opener(page), parts.files));
}

function pagesOf(declared: Declared): PageLink[] {
  const links = declared.modules.flatMap(module => module.links ?? []);
  return links.filter(link => 'show' in link);
}

/** The system in the workspace that the address of a page leads to, and what the page is about. */
async function linked(
  { secret, system }: Pick<OpenParts, 'secret' | 'system'>,
  page: PageLink,
  token: string,
): Promise<{ ctx: Context; payload: Json }> {
  const found = page.known ? readKnown(token, page.name) : readLink(secret, token);
  const cut = () => new FarleyError('notFound', 'This link was cut off, or is not one of ours.');
  if (found?.link !== page.name) throw cut();
  // Whoever guesses names learns of no workspace.
  const ctx = await system(found.workspace).catch(error => {
    throw page.known && error instanceof FarleyError && error.code === 'notFound' ? cut() : error;
  });
  return { ctx, payload: found.payload };
}

/** Paths of pages that everyone may know, each with who may show one of them in a frame. */
export function knownPages(parts: Pick<OpenParts, 'declared' | 'secret' | 'system'>): KnownPage[] {
  return pagesOf(parts.declared).flatMap(page => {
    const { known } = page;
    if (!known) return [];
    const framedBy = async (token: string) => {
      const { ctx, payload } = await linked(parts, page, token);
      return known.websites(ctx, payload);
    };
    return [{ path: known.path, framedBy: (token: string) => framedBy(token).catch(() => []) }];
  });
}

export interface KnownPage {
  path: string;
  framedBy(token: string): Promise<string[]>;
}

function routesOf(page: PageLink, open: Open, files: FileStore): Route[] {
  const url = `/api/open/${page.name}/:token`;
  const shared = { policy: 'public' as const, bodyLimit };
  return [
    {
      ...shared,
      method: 'GET',
      url,
      doc: { summary: `${page.summary}: what a signed link shows`, tag: 'Outside', answer: page.shows },
      handler: async (request, reply) => {
        const { ctx, payload, visit } = await open(request, reply, false);
        return found(await page.show(ctx, payload, visit));
      },
    },
    ...(page.file ? [fileRoute(page, page.file, open, files)] : []),
    ...(page.known ? askingFirst(page, open, url) : []),
    ...Object.entries(page.takes).map(([act, { summary, input, raw, answer, run }]): Route => {
      if (raw) return rawRoute(page, act, raw, open);
      const readInput = compileInput<never>(input);
      return {
        ...shared,
        method: 'POST',
        url: `${url}/${act}`,
        doc: { summary: `${page.summary}: ${summary}`, tag: 'Outside', body: input, answer },
        handler: async (request, reply) => {
          const { ctx, payload, visit } = await open(request, reply, true);
          return run(ctx, payload, readInput(request.body ?? {}), visit);
        },
      };
    }),
  ];
}

/** Something that comes as it is. Who may not send it is turned away before it is taken in. */
function rawRoute(page: PageLink, act: string, raw: NonNullable<PageAct['raw']>, open: Open): Route {
  const { summary, input, answer, run } = page.takes[act]!;
  return {
    method: 'POST',
    url: `/api/open/${page.name}/:token/${act}`,
    policy: 'public',
    bodyLimit: raw.most,
    streams: true,
    doc: {
      summary: `${page.summary}: ${summary}`,
      tag: 'Outside',
      body: input,
      mediaType: raw.mediaType,
      answer,
    },
    handler: async (request, reply) => {
      const { ctx, payload, visit } = await open(request, reply, true);
      const { body } = request;
      if (!(body instanceof Readable))
        throw new FarleyError('unsupportedMedia', `Send it as it is, as ${raw.mediaType}.`);
      const bytes = await firstBytes({ name: act, bytes: () => body }, raw.most + 1);
      if (bytes.length > raw.most) throw new FarleyError('tooLarge');
      const came: RawVisit = { ...visit, mediaType: request.headers['content-type'] ?? '' };
      return run(ctx, payload, bytes as never, came);
    },
  };
}

/** Browsers ask before they let another website send JSON here. */
function askingFirst(page: PageLink, open: Open, url: string): Route[] {
  return [url, ...Object.keys(page.takes).map(act => `${url}/${act}`)].map(each => ({
    method: 'OPTIONS',
    url: each,
    policy: 'public',
    doc: { summary: `${page.summary}: whether another website may call it`, tag: 'Outside', status: 204 },
    handler: async (request, reply) => {
      await open(request, reply, false);
      if (reply.hasHeader('access-control-allow-origin'))
        reply.headers({
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': 'content-type',
          'access-control-max-age': '600',
        });
      return reply.status(204).send();
    },
  }));
}

function fileRoute(page: PageLink, file: NonNullable<PageLink['file']>, open: Open, files: FileStore): Route {
  return {
    method: 'GET',
    url: `/api/open/${page.name}/:token/file`,
    policy: 'public',
    doc: { summary: `${page.summary}: its file`, tag: 'Outside' },
    handler: async (request, reply) => {
      const { ctx, payload } = await open(request, reply, false);
      const { hash, name, mediaType } = found(await file(ctx, payload)) as {
        hash: string;
        name: string;
        mediaType: string;
      };
      const { stream, size } = await files.open(hash);
      return reply
        .headers({
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
          'content-length': size,
        })
        .type(mediaType)
        .send(stream);
    },
  };
}

function found<T>(value: T | null): T {
  if (value === null) throw new FarleyError('notFound', 'There is nothing to see here any more.');
  return value;
}
