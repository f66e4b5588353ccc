/** Nobody passes who may not: every route has a policy, and every policy holds, whatever the route. */
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nobody, type Server, startServer } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('policies');
});
afterAll(() => server.close());

/** An address a route answers to, with made-up parts. */
function addressOf({ url }: RouteOptions): string {
  return url
    .replace(':path', 'companies')
    .replace(':object', 'company')
    .replace(/:(id|user|changeSet|grantee)/g, '00000000-0000-7000-8000-000000000000')
    .replace(/:\w+/g, 'x')
    .replace('*', 'x');
}

const routesWith = (policy: string) =>
  server.farley.app.allRoutes.flatMap(route =>
    route.config?.policy === policy
      ? [route.method].flat().map(method => ({ method, url: addressOf(route) }))
      : [],
  );

test('every route has a policy', () => {
  const without = server.farley.app.allRoutes.filter(route => !route.config?.policy).map(route => route.url);
  expect(without).toEqual([]);
  expect(server.farley.app.allRoutes.length).toBeGreaterThan(30);
});

test('only sign-in, health, the empty reference, signed links, pages for outsiders and the web page are open to everyone', () => {
  const open = new Set(routesWith('public').map(({ url }) => url));
  expect([...open].sort()).toEqual([
    '/api/auth/x',
    '/api/docs',
    '/api/links/x',
    ...['', '/ask', '/send'].map(act => `/api/open/form/x${act}`),
    ...['', '/mime', '/send'].map(act => `/api/open/letters/x${act}`),
    ...['', '/accept', '/ask', '/decline', '/file', '/price', '/seen'].map(act => `/api/open/quote/x${act}`),
    '/api/welcome',
    '/healthz',
    '/metrics',
    '/readyz',
  ]);
});

test('who is not signed in gets 401 from every other route, and learns nothing', async () => {
  const closed = [...routesWith('signedIn'), ...routesWith('administrator')];
  expect(closed.length).toBeGreaterThan(40);
  for (const { method, url } of closed) {
    const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
    const reply = await server.call(nobody, method, url, hasBody ? {} : undefined);
    expect(reply.status, `${method} ${url}`).toBe(401);
    if (method === 'HEAD') continue;
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(Object.keys(reply.body).sort()).toEqual([
      'code',
      'detail',
      'requestId',
      'status',
      'title',
      'type',
    ]);
    expect(reply.body.code).toBe('unauthenticated');
  }
});

test('an unknown key, a mangled header and a forged cookie are nobody', async () => {
  const forged: Record<string, string>[] = [
    { authorization: 'Bearer farley_0123456789' },
    { authorization: 'Bearer' },
    { authorization: 'Basic YWRhOmFkYQ==' },
    { cookie: 'farley.session_token=abc.def' },
    { cookie: 'farley.session_token=%00; __proto__=1' },
  ];
  for (const headers of forged) {
    const reply = await server.call(nobody, 'GET', '/api/companies', undefined, headers);
    expect(reply.status, JSON.stringify(headers)).toBe(401);
  }
});

test('routes of administrators are closed to managers, members and readers', async () => {
  const closed = routesWith('administrator');
  expect(closed.map(({ method, url }) => `${method} ${url}`)).toContain('POST /api/objects');
  for (const { method, url } of closed)
    for (const who of [server.max, server.sina, server.rita]) {
      const reply = await server.call(who, method, url, method === 'POST' ? {} : undefined);
      expect(reply.status, `${method} ${url}`).toBe(403);
      if (method !== 'HEAD') expect(reply.body.code).toBe('forbidden');
    }
});

test('an object that does not exist is an unknown address, whatever the method', async () => {
  for (const [method, path] of [
    ['GET', '/api/nothing'],
    ['POST', '/api/nothing'],
    ['GET', '/api/nothing/00000000-0000-7000-8000-000000000000'],
    ['DELETE', '/api/nothing/x'],
    ['GET', '/api/nothing/x/history'],
    ['POST', '/api/nothing/search'],
    ['GET', '/api/__proto__'],
    ['GET', '/api/constructor/x'],
    ['GET', '/api/companies/x/y/z'],
    ['PUT', '/api/companies'],
  ] as const) {
    const body = ['POST', 'PUT'].includes(method) ? {} : undefined;
    const reply = await server.call(server.ada, method, path, body);
    expect([reply.status, reply.body?.code], `${method} ${path}`).toEqual([404, 'unknownRoute']);
  }
});

test('HEAD answers as GET does, without a body', async () => {
  for (const path of ['/api/companies', '/api/objects', '/api/live', '/healthz']) {
    const reply = await server.call(server.rita, 'HEAD', path);
    expect([reply.status, reply.text], path).toEqual([200, '']);
  }
});

test('a workspace where the caller has no user is closed to them', async () => {
  const at = (name: string) =>
    server.call(server.ada, 'GET', '/api/companies', undefined, { 'farley-workspace': name });
  expect((await at('main')).status).toBe(200);
  expect((await at('other')).status).toBe(401);
  expect((await at("main'; drop schema ws_main --")).status).toBe(401);
});

test('the metrics hold numbers and no names', async () => {
  const { text } = await server.call(nobody, 'GET', '/metrics');
  for (const line of text.trim().split('\n'))
    expect(line).toMatch(/^(# TYPE farley_\w+ gauge|farley_\w+ [\d.e+]+)$/);
});

test('what people may say of themselves they change without an administrator; their rights they do not', async () => {
  const me = await server.call(server.sina, 'GET', '/api/me');
  expect(me.body).toMatchObject({ role: 'member', administer: false, workspace: { name: 'main' } });
  expect(me.body.user.id).toBe(server.sina.id);
  const changed = await server.call(server.sina, 'PATCH', '/api/me', {
    jobTitle: 'Sales',
    timeZone: 'Europe/Vienna',
  });
  expect(changed.body.user).toMatchObject({ jobTitle: 'Sales', timeZone: 'Europe/Vienna' });
  for (const body of [{ role: server.ada.id }, { team: null }, { active: false }, { kind: 'person' }]) {
    const reply = await server.call(server.sina, 'PATCH', '/api/me', body);
    expect(reply.status, JSON.stringify(body)).toBe(422);
  }
  const wrong = await server.call(server.sina, 'PATCH', '/api/me', { timeZone: 'Mars/Olympus' });
  expect(wrong.body.errors[0].pointer).toBe('/timeZone');
  const direct = await server.call(server.sina, 'PATCH', `/api/users/${server.sina.id}`, {
    jobTitle: 'Boss',
  });
  expect(direct.status).toBe(403);
});

test('a change of role, team or user holds with the next request', async () => {
  const tom = await server.hire('Tom Eder', 'reader');
  const make = () => server.call(tom, 'POST', '/api/companies', { name: 'Hotel Sacher' });
  const edit = (values: object) => server.call(server.ada, 'PATCH', `/api/users/${tom.id}`, values);
  const roles = await server.call(server.ada, 'GET', '/api/roles?fields=name');
  const role = (name: string) => roles.body.data.find((each: { name: string }) => each.name === name).id;
  expect((await make()).status).toBe(403);
  await edit({ role: role('member') });
  expect((await make()).status).toBe(201);
  await edit({ active: false });
  expect((await make()).status).toBe(401);
  await edit({ active: true, role: role('reader') });
  expect((await make()).status).toBe(403);
});
