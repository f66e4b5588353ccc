/** Routes of pages for people who are not signed in and have a signed link: what it shows, what it takes, its file. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import type { FileStore } from '../files/store.ts';
import { type PageLink, readLink, type Visit } from '../outside/link.ts';
import { Throttle } from '../outside/throttle.ts';
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
      const wait = byAddress.wait(request.ip) || byLink.wait(token) || (acts ? actsByLink.wait(token) : 0);
      if (wait > 0) {
        reply.header('retry-after', wait);
        throw new FarleyError('rateLimited', `Too many attempts. Try again in ${wait} seconds.`);
      }
      const signed = readLink(parts.secret, token);
      if (signed?.link !== page.name)
        throw new FarleyError('notFound', 'This link was cut off, or is not one of ours.');
      const ctx = { ...(await parts.system(signed.workspace)), via: 'link', requestId: request.id };
      const agent = String(request.headers['user-agent'] ?? '').slice(0, 500);
      return { ctx, payload: signed.payload, visit: { address: request.ip, agent } };
    };
  const pages = parts.declared.modules.flatMap(module => module.links ?? []);
  return pages.filter(link => 'show' in link).flatMap(page => routesOf(page, opener(page), parts.files));
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
    ...Object.entries(page.takes).map(([act, { summary, input, answer, run }]): Route => {
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
