/** What is no request: bytes on the wire that no client would send. Each is answered clearly, or the connection ends. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../api/server.ts';
import { counts, type House } from './house.ts';
import { send, sendRaw, wrongWith } from './send.ts';

let server: Server;
let authorization: string;
beforeAll(async () => {
  server = await startServer('wire');
  authorization = server.ada.headers().authorization!;
});
afterAll(() => server.close());

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`;
const host = 'Host: farley.test';
const json = 'Content-Type: application/json';
const post = (...headers: string[]) =>
  lines(
    'POST /api/companies HTTP/1.1',
    host,
    `Authorization: ${authorization}`,
    json,
    'Connection: close',
    ...headers,
  );

/** The first answer that came back, split up. */
function read(text: string) {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map(field => [field.split(':')[0]!.toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, text: body.join('\r\n\r\n'), took: 0 };
}

/** Requests that must be refused, as bytes. */
const refused: [string, () => string | Buffer][] = [
  ['noise', () => Buffer.from(Array.from({ length: 2_000 }, (_, n) => (n * 97) % 256))],
  ['TLS', () => Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, ...Array(200).fill(7)])],
  ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/9', () => lines('GET /healthz HTTP/9.9', host)],
  ['a method nobody knows', () => lines('EXPLODE /api/companies HTTP/1.1', host)],
  ['a NUL in the address', () => lines('GET /api/comp\0anies HTTP/1.1', host)],
  ['a blank in the address', () => lines('GET /api/companies x HTTP/1.1', host)],
  ['a NUL in a header', () => lines('GET /healthz HTTP/1.1', host, 'X-A: a\0b')],
  ['a line end in a header', () => lines('GET /healthz HTTP/1.1', host, 'X-A: a\rSet-Cookie: injected=1')],
  ['a header of 64 KiB', () => lines('GET /healthz HTTP/1.1', host, `X-A: ${'a'.repeat(65_536)}`)],
  ['an address of 64 KiB', () => lines(`GET /api/companies?q=${'a'.repeat(65_536)} HTTP/1.1`, host)],
  [
    '3,000 headers',
    () => lines('GET /healthz HTTP/1.1', host, ...Array.from({ length: 3_000 }, (_, n) => `X-${n}: 1`)),
  ],
  ['a length below zero', () => `${post('Content-Length: -1')}{}`],
  ['a length that is none', () => `${post('Content-Length: 1e3')}{}`],
  ['two lengths', () => `${post('Content-Length: 2', 'Content-Length: 200')}{}`],
  [
    'a length and chunks',
    () => `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\nGET /api/keys HTTP/1.1\r\n\r\n`,
  ],
  ['chunks of no length', () => `${post('Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`],
  ['a chunk too long to count', () => `${post('Transfer-Encoding: chunked')}ffffffffffffffffff\r\n{}`],
  ['an encoding of chunks unknown', () => `${post('Transfer-Encoding: chunked, rot13')}2\r\n{}\r\n0\r\n\r\n`],
  ['less than promised', () => `${post('Content-Length: 100')}{"name":`],
];

test.each(refused)('%s is refused', async (_, bytes) => {
  const before = await counts(server as unknown as House);
  const text = await sendRaw(server.url, bytes());
  expect(await counts(server as unknown as House)).toBe(before);
  if (text === '') return;
  const answer = read(text);
  expect(answer.status, text.slice(0, 300)).toBeGreaterThanOrEqual(400);
  // Node itself answers some, with the status alone.
  if (answer.text !== '') expect(wrongWith(answer), text.slice(0, 500)).toBeNull();
  // One request, one answer: nothing was smuggled behind it.
  expect(text.split('HTTP/1.1 ').length, text.slice(0, 500)).toBe(2);
});

const invalid: [string, number[]][] = [
  ['a lone continuation byte', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xc0, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
  ['a letter cut off', [0xe2, 0x82]],
  ['UTF-16', [0xff, 0xfe, 0x41, 0]],
];

test.each(invalid)('a body with bytes that are no UTF-8 (%s) stores nothing broken', async (_, bytes) => {
  const body = Buffer.concat([Buffer.from('{"name":"odd '), Buffer.from(bytes), Buffer.from(' name"}')]);
  const shot = {
    what: 'invalid UTF-8',
    method: 'POST',
    path: '/api/companies',
    body,
    headers: { 'content-type': 'application/json' },
  };
  const answer = await send(server.url, server.ada, shot);
  expect(wrongWith(answer)).toBeNull();
  if (answer.status >= 400) return;
  const { id, name } = JSON.parse(answer.text);
  expect(name).toMatch(/^odd .* name$/);
  expect(name.isWellFormed()).toBe(true);
  expect((await server.call(server.ada, 'GET', `/api/companies/${id}`)).body.name).toBe(name);
});

test('a body larger than allowed is refused, however its length is told', async () => {
  const big = `{"name":"${'x'.repeat(11 * 1024 * 1024)}"}`;
  const chunk = `${(1024 * 1024).toString(16)}\r\n${'x'.repeat(1024 * 1024)}\r\n`;
  const told = await send(server.url, server.ada, {
    what: 'big',
    method: 'POST',
    path: '/api/companies',
    body: big,
  });
  expect([told.status, wrongWith(told)]).toEqual([413, null]);
  const untold = read(
    await sendRaw(server.url, `${post('Transfer-Encoding: chunked')}${chunk.repeat(12)}0\r\n\r\n`),
  );
  expect([untold.status, wrongWith(untold)]).toEqual([413, null]);
});

test('a packed body is not unpacked: 100 MB in 100 kB stay 100 kB', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000, 0x20));
  const before = process.memoryUsage().rss;
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd']) {
    const headers = { 'content-encoding': encoding, 'content-type': 'application/json' };
    const answer = await send(server.url, server.ada, {
      what: encoding,
      method: 'POST',
      path: '/api/companies',
      body: bomb,
      headers,
    });
    expect([answer.status, wrongWith(answer)]).toEqual([400, null]);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
});

test('an address with another host in it is no other host’s', async () => {
  const text = await sendRaw(
    server.url,
    lines('GET http://evil.example/healthz HTTP/1.1', 'Host: evil.example', 'Connection: close'),
  );
  expect(text).not.toMatch(/location:|evil\.example/i);
  const invited = await server.call(
    server.ada,
    'POST',
    '/api/invitations',
    { role: 'reader' },
    { 'x-forwarded-host': 'evil.example' },
  );
  expect(invited.body.link).toMatch(/^http:\/\/farley\.test\//);
});
