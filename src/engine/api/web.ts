/** The web interface as the server sends it: files by their names, the app that browsers install, one page for all the rest. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { hasSession } from '../auth/auth.ts';
import { FarleyError } from '../errors.ts';
import type { ApiOptions } from './app.ts';
import type { KnownPage } from './open.ts';

interface WebParts {
  /** The built web interface; null where there is none. */
  webDir: string | null;
  authenticate: ApiOptions['authenticate'];
  /** Pages for outsiders at addresses that everyone may know. */
  known: KnownPage[];
}

const headers = {
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Scripts that stand in the page itself, by what they say: none but these run there. */
function inPage(page: string): string {
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
  const sums = scripts.map(text => ` 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return `script-src 'self'${sums.join('')}; ${headers['content-security-policy']}`;
}

/** Of pages for people who are not signed in: their address is a secret, and goes nowhere else. */
const openHeaders = {
  ...headers,
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

/** The same for pages that other websites may show inside their own: those that are named, and no others. */
function framedBy(websites: string[]) {
  // Our own pages show what it looks like.
  const allowed = ["'self'", ...websites].join(' ');
  const policy = openHeaders['content-security-policy'].replace(
    "frame-ancestors 'none'",
    () => `frame-ancestors ${allowed}`,
  );
  return { ...openHeaders, 'content-security-policy': policy };
}

/** What the page says it will ask for as soon as its scripts run, in `<meta name="farley-ahead">`, as a `Link` header. */
function aheadOf(page: string): string {
  const [, addresses = ''] = /<meta name="farley-ahead" content="([^"]*)"/.exec(page) ?? [];
  return addresses
    .replaceAll('&amp;', '&')
    .split(' ')
    .filter(Boolean)
    .map(address => `<${address}>; rel=preload; as=fetch; crossorigin=anonymous`)
    .join(', ');
}

export function serveWeb(app: FastifyInstance, { webDir, authenticate, known }: WebParts) {
  if (!webDir || !existsSync(join(webDir, 'index.html'))) return;
  const built = (name: string) => readFileSync(join(webDir, name), 'utf8');
  const has = (name: string) => existsSync(join(webDir, name));
  const page = built('index.html');
  const ahead = aheadOf(page);
  const pageHeaders = { ...headers, 'content-security-policy': inPage(page) };
  app.register(async web => {
    web.addHook('onRoute', route => {
      route.config = { ...route.config, policy: 'public' };
    });
    await web.register(fastifyStatic, {
      root: join(webDir, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
      index: false,
    });
    if (has('icons'))
      await web.register(fastifyStatic, {
        root: join(webDir, 'icons'),
        prefix: '/icons/',
        maxAge: '1d',
        index: false,
        decorateReply: false,
      });
    if (has('worker.js')) {
      const worker = built('worker.js');
      web.get('/worker.js', (_request, reply) => reply.headers(headers).type('text/javascript').send(worker));
    }
    if (has('embed.js')) {
      const embed = built('embed.js');
      const anywhere = { ...headers, 'cross-origin-resource-policy': 'cross-origin' };
      web.get('/embed.js', (_request, reply) => reply.headers(anywhere).type('text/javascript').send(embed));
    }
    if (has('manifest.webmanifest'))
      serveApp(web, JSON.parse(built('manifest.webmanifest')) as object, authenticate);
    if (has('open.html')) {
      const open = built('open.html');
      web.get('/open/*', (_request, reply) =>
        reply.headers(openHeaders).type('text/html; charset=utf-8').send(open),
      );
      for (const page of known)
        web.get(`/${page.path}/:token`, async (request, reply) => {
          const { token } = request.params as { token: string };
          const headers = framedBy(await page.framedBy(token));
          return reply.headers(headers).type('text/html; charset=utf-8').send(open);
        });
    }
    for (const url of ['/', '/*']) {
      web.get(url, async (request, reply) => {
        if (request.url.startsWith('/api/')) throw new FarleyError('unknownRoute');
        // Browsers ask for what every page needs before they have read the scripts that would.
        if (ahead && hasSession(request.headers.cookie)) reply.header('link', ahead);
        return reply.headers(pageHeaders).type('text/html; charset=utf-8').send(page);
      });
    }
  });
}

/** What the app is called, by the name of the caller's workspace; and what reaches it from other apps before its worker runs. */
function serveApp(web: FastifyInstance, manifest: object, authenticate: ApiOptions['authenticate']) {
  web.get('/manifest.webmanifest', async (request, reply) => {
    const caller = await authenticate(request);
    const settings = caller?.workspace.settings;
    const own = settings ? { name: settings.label, short_name: settings.label, lang: settings.locale } : {};
    return reply
      .headers(headers)
      .type('application/manifest+json; charset=utf-8')
      .send(JSON.stringify({ ...manifest, ...own }));
  });
  // Only the worker can keep what was shared for the page; without it, people are told to share once more.
  web.register(async alone => {
    alone.removeAllContentTypeParsers();
    alone.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    alone.post('/share', (_request, reply) => reply.redirect('/share?lost=true', 303));
  });
}
