/** How pages and answers reach a browser: small, and what every page needs at once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inFull, metaAddress } from '../../src/web/model/meta.tsx';
import { type Caller, nobody, type Server, startServer, welcome } from './server.ts';

let server: Server;
const web = mkdtempSync(join(tmpdir(), 'farley-web-'));
const script = 'export const words = "a script that is longer in plain than packed";\n'.repeat(40);

beforeAll(async () => {
  mkdirSync(join(web, 'assets'));
  writeFileSync(
    join(web, 'index.html'),
    '<!doctype html><meta name="farley-ahead" content="/api/objects /api/views?a=1&amp;b=2"><title>Farley</title>',
  );
  writeFileSync(join(web, 'assets/main.js'), script);
  writeFileSync(join(web, 'assets/main.js.br'), brotliCompressSync(script));
  writeFileSync(join(web, 'worker.js'), 'addEventListener("push", () => {})');
  writeFileSync(join(web, 'manifest.webmanifest'), JSON.stringify({ name: 'Farley', start_url: '/' }));
  server = await startServer('delivery', { webDir: web });
});
afterAll(async () => {
  await server.close();
  rmSync(web, { recursive: true, force: true });
});

/** As it comes over the wire: fetch would unpack it. */
function wire(
  who: Caller,
  path: string,
  encodings: string,
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((done, fail) => {
    get(server.url + path, { headers: { ...who.headers(), 'accept-encoding': encodings } }, async answer => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      done({ headers: answer.headers, body: Buffer.concat(parts) });
    }).on('error', fail);
  });
}

test('long answers are packed for who takes them so, and say the same', async () => {
  const plain = await wire(server.ada, '/api/objects', 'identity');
  const packed = await wire(server.ada, '/api/objects', 'gzip, br');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(packed.headers.vary).toMatch(/accept-encoding/i);
  expect(packed.body.length).toBeLessThan(plain.body.length / 5);
  expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
});

test('short answers and refusals go as they are', async () => {
  for (const [who, path] of [
    [server.ada, '/api/me'],
    [nobody, '/api/objects'],
  ] as const)
    expect((await wire(who, path, 'gzip')).headers['content-encoding']).toBeUndefined();
});

test('scripts go out as they were packed when they were built, and are kept for good', async () => {
  const { headers, body } = await wire(nobody, '/assets/main.js', 'gzip, br');
  expect([headers['content-encoding'], headers['cache-control']]).toEqual([
    'br',
    'public, max-age=31536000, immutable',
  ]);
  expect(body.length).toBeLessThan(script.length / 5);
  expect((await wire(nobody, '/assets/main.js', 'identity')).body.toString()).toBe(script);
});

test('the page asks ahead for what every page needs, but not for strangers', async () => {
  const anna = await welcome(server, 'Anna Adler', 'member');
  const { link } = (await wire(anna, '/deals', 'gzip')).headers;
  expect(link).toContain('</api/objects>; rel=preload');
  expect(link).toContain('</api/views?a=1&b=2>; rel=preload');
  expect((await wire(nobody, '/deals', 'gzip')).headers.link).toBeUndefined();
});

test('objects in brief are the same objects, in a third of the room', async () => {
  const full = await server.call(server.ada, 'GET', '/api/objects');
  const brief = await server.call(server.ada, 'GET', metaAddress);
  // What was read in between may be a later version of the same.
  expect(inFull(brief.body)).toEqual({ ...full.body, version: expect.any(String) });
  expect(brief.text.length).toBeLessThan(full.text.length / 3);
});

test('the app that browsers install is called like the workspace of who installs it', async () => {
  const anna = await welcome(server, 'Anton Adler', 'member');
  const { name, start_url } = (await server.call(anna, 'GET', '/manifest.webmanifest')).body;
  expect([name, start_url]).toEqual([(await server.call(anna, 'GET', '/api/me')).body.workspace.label, '/']);
  const strange = await server.call(nobody, 'GET', '/manifest.webmanifest');
  expect(JSON.parse(strange.text).name).toBe('Farley');
  expect(strange.headers.get('content-type')).toMatch(/manifest/);
});

test('the worker of the browser is asked for anew each time; what is shared before it runs is told to be lost', async () => {
  expect((await wire(nobody, '/worker.js', 'identity')).headers['cache-control']).toBe('no-cache');
  const body = new FormData();
  body.set('text', 'A card');
  const answer = await fetch(`${server.url}/share`, { method: 'POST', body, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/share?lost=true']);
});
