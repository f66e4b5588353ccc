/** Pages of other sites: they cannot write with someone's session, read an answer, frame a page, or run a file of ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browser, type Caller, nobody, welcome } from '../api/server.ts';
import { buildHouse, counts, type House } from './house.ts';
import { send, wrongWith } from './send.ts';
import { type Operation, operationsFor, rightShot } from './walk.ts';

let house: House;
let ada: Caller & { cookies: string[] };
let writes: Operation[];
const web = mkdtempSync(join(tmpdir(), 'farley-web-'));

beforeAll(async () => {
  mkdirSync(join(web, 'assets'));
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>Farley</title>');
  writeFileSync(join(web, 'assets', 'main.js'), 'export {};');
  writeFileSync(join(web, 'secret.txt'), 'not for anyone');
  house = await buildHouse('foreign', { webDir: web });
  ada = await welcome(house, 'Anna Adler', 'administrator');
  // A link in a letter is followed by mail programs, from wherever they are: what it may do is signed, and no session counts.
  writes = (await operationsFor(house, ada)).filter(
    ({ method, template }) => method !== 'GET' && !/^\/api\/(links|open)\//.test(template),
  );
});
afterAll(async () => {
  await house.close();
  rmSync(web, { recursive: true, force: true });
});

const foreign: [string, Record<string, string>][] = [
  ['another origin', { origin: 'https://evil.example' }],
  ['an origin that begins alike', { origin: 'http://127.0.0.1.evil.example' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['no origin but the browser’s word', { 'sec-fetch-site': 'cross-site' }],
  ['a broken origin', { origin: 'http://[' }],
];

test.each(foreign)('every write from %s is refused', async (_, headers) => {
  const before = await counts(house);
  for (const operation of writes) {
    const right = rightShot(operation);
    const answer = await send(house.url, ada, { ...right, headers: { ...right.headers, ...headers } });
    expect([answer.status, wrongWith(answer)], `${right.what} ${answer.text}`).toEqual([403, null]);
  }
  expect(await counts(house)).toBe(before);
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; a="application/json"',
  'application/jsonx',
  '',
])('what a form can send without asking (%s) is no JSON', async type => {
  const before = await counts(house);
  // Proposals take files as well, of any type, and write nothing.
  const takesFiles = (template: string) => template === '/api/imports/proposal';
  const ofJson = writes.filter(each => each.stream === undefined && each.body !== undefined);
  for (const operation of ofJson.filter(each => !takesFiles(each.template))) {
    const right = rightShot(operation);
    const body = JSON.stringify(right.body);
    const answer = await send(house.url, ada, { ...right, body, headers: { 'content-type': type } });
    expect([answer.status, wrongWith(answer)], `${right.what} ${answer.text}`).toEqual([415, null]);
  }
  expect(await counts(house)).toBe(before);
});

test('no other origin may read an answer, whatever it asks', async () => {
  const origin = {
    origin: 'https://evil.example',
    'access-control-request-method': 'DELETE',
    'access-control-request-headers': 'authorization',
  };
  for (const operation of await operationsFor(house, ada)) {
    const right = rightShot(operation);
    for (const method of ['OPTIONS', ...(operation.method === 'GET' ? ['GET'] : [])]) {
      const answer = await send(house.url, ada, {
        what: right.what,
        method,
        path: right.path,
        headers: origin,
      });
      const granting = Object.keys(answer.headers).filter(name => name.startsWith('access-control-'));
      expect([granting, wrongWith(answer)], `${method} ${right.path}`).toEqual([[], null]);
    }
  }
});

test('the session’s cookie goes to us alone, and no script sees it', () => {
  const session = ada.cookies.filter(cookie => cookie.startsWith('farley.session'));
  expect(session.length).toBeGreaterThan(0);
  for (const cookie of session) {
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=(Lax|Strict)/i);
    expect(cookie).toMatch(/; Path=\//i);
    expect(cookie).not.toMatch(/; Domain=/i);
  }
});

test('every answer says that it must not be framed, guessed at, or embedded elsewhere', async () => {
  const reading = (await operationsFor(house, ada)).filter(operation => operation.method === 'GET');
  const addresses = [
    ...reading.map(operation => rightShot(operation).path),
    '/',
    '/deals/x',
    '/assets/main.js',
    '/assets/none.js',
    '/api/nothing',
    '/api/%zz',
    `/api/companies/${'x'.repeat(700)}`,
  ];
  for (const path of addresses)
    for (const who of [ada, nobody]) {
      const { status, headers } = await send(house.url, who, { what: path, method: 'GET', path });
      const said = `${path} ${status} ${JSON.stringify(headers)}`;
      expect(headers['content-security-policy'], said).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options'], said).toBe('nosniff');
      expect(headers['referrer-policy'], said).toMatch(/^(no-referrer|same-origin)$/);
      expect(headers['x-powered-by'], said).toBeUndefined();
      expect(headers.server, said).toBeUndefined();
    }
});

test.each([
  ['text/html', '<script>fetch("/api/me")</script>'],
  ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['application/xhtml+xml', '<html xmlns="http://www.w3.org/1999/xhtml"><script>1</script></html>'],
  ['text/javascript', 'alert(1)'],
  ['application/pdf', '%PDF-1.7'],
])('a file of type %s is handed out to be saved, never shown', async (type, content) => {
  const upload = await house.call(ada, 'POST', '/api/uploads?name=x.html', content, { 'content-type': type });
  expect(upload.status, upload.text).toBe(201);
  const { headers, text } = await house.call(ada, 'GET', `/api/files/${upload.body.id}/content`);
  expect(text).toBe(content);
  expect(headers.get('content-disposition')).toMatch(/^attachment;/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
});

test.each([
  ['text/html', 'a.html', 415],
  ['image/svg+xml', 'a.svg', 200],
  ['application/pdf', 'a.pdf', 200],
  ['application/xhtml+xml', 'a.png.xhtml', 415],
  // It says that it is a picture, and as that it is handed out: nobody reads it as a page.
  ['text/html', 'a.png', 200],
])('a file of type %s called %s is shown in a page only as what runs nothing', async (type, name, status) => {
  const content = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  const upload = await house.call(ada, 'POST', `/api/uploads?name=${name}`, content, {
    'content-type': type,
  });
  const { status: given, headers } = await house.call(ada, 'GET', `/api/files/${upload.body.id}/preview`);
  expect(given).toBe(status);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-type')).toMatch(
    status === 200 ? /^(image\/(svg\+xml|png)|application\/pdf)$/ : /^application\/problem/,
  );
  const policy = headers.get('content-security-policy');
  expect(policy).toMatch(/default-src 'none'/);
  if (type !== 'application/pdf' && status === 200) expect(policy).toMatch(/^sandbox;/);
  const part = await house.call(ada, 'GET', `/api/files/${upload.body.id}/preview`, undefined, {
    range: 'bytes=1-3',
  });
  if (status === 200)
    expect([part.status, part.text, part.headers.get('content-range')]).toEqual([
      206,
      'svg',
      `bytes 1-3/${content.length}`,
    ]);
  const text = await house.call(ada, 'GET', `/api/files/${upload.body.id}/text`);
  expect(text.body).toEqual({ text: content, cut: false });
  const { rita: stranger } = house;
  expect((await house.call(stranger, 'GET', `/api/files/${upload.body.id}/preview`)).status).toBe(given);
});

test.each([
  '/../secret.txt',
  '/assets/../secret.txt',
  '/assets/..%2fsecret.txt',
  '/assets/%2e%2e/secret.txt',
  '/assets/..%5csecret.txt',
  '/assets/%00',
  '/assets/main.js%00.html',
  '/assets/....//secret.txt',
  '//evil.example/assets/../secret.txt',
  '/assets//etc/passwd',
])('the address %s leads to no file outside', async path => {
  const answer = await send(house.url, nobody, { what: path, method: 'GET', path });
  expect(answer.status).toBeLessThan(500);
  expect(answer.text).not.toMatch(/not for anyone|root:/);
  expect(answer.headers.location).toBeUndefined();
});

test('signing in is refused from elsewhere, and a signed-out browser is nobody', async () => {
  const login = { email: 'anna@kaffeehaus.example', password: 'correct horse battery' };
  const who = browser();
  const away = await house.call(who, 'POST', '/api/auth/sign-in/email', login, {
    origin: 'https://evil.example',
  });
  expect([away.status, who.jar.size]).toEqual([403, 0]);
  expect((await house.call(who, 'POST', '/api/auth/sign-in/email', login)).status).toBe(200);
  const redirected = await house.call(who, 'POST', '/api/auth/sign-in/email', {
    ...login,
    callbackURL: 'https://evil.example',
  });
  expect(redirected.headers.get('location')).toBeNull();
  expect((await house.call(who, 'POST', '/api/auth/sign-out', {})).status).toBe(200);
  expect((await house.call(who, 'GET', '/api/me')).status).toBe(401);
});
