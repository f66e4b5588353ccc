/** Signing in: by an invitation once, by password, by key; and how all of it ends. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  browser,
  type Caller,
  type Json,
  nobody,
  type Server,
  startServer,
  until,
  welcome,
} from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('sign_in');
});
afterAll(() => server.close());

const password = 'correct horse battery';
const call = (who: Caller, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(who, method, path, body, headers);
const signedIn = async (who: Caller) => (await call(who, 'GET', '/api/me')).status;
/** Wrong attempts of one test do not count in the next. */
const forgive = () => server.db.pool.query('delete from farley."rateLimit"');

async function signIn(email: string, secret = password) {
  const who = browser();
  const reply = await call(who, 'POST', '/api/auth/sign-in/email', { email, password: secret });
  return { who, reply };
}

async function linkFor(body: Json): Promise<string> {
  const invited = await call(server.ada, 'POST', '/api/invitations', body);
  expect(invited.status, invited.text).toBe(201);
  expect(invited.body.link).toMatch(/^http:\/\/farley\.test\/welcome\?token=[\w-]{32}$/);
  return new URL(invited.body.link).searchParams.get('token')!;
}

test('an invitation signs in once, with the role it names', async () => {
  const token = await linkFor({ role: 'member' });
  expect((await call(nobody, 'GET', `/api/welcome?token=${token}`)).body).toMatchObject({
    role: 'member',
    email: null,
  });
  const who = browser();
  const account = { token, name: 'Tom Eder', email: 'tom@kaffeehaus.example', password };
  expect((await call(who, 'POST', '/api/welcome', account)).status).toBe(201);
  expect((await call(who, 'GET', '/api/me')).body).toMatchObject({ kind: 'person', role: 'member' });
  expect((await call(nobody, 'GET', `/api/welcome?token=${token}`)).status).toBe(404);
  const again = await call(browser(), 'POST', '/api/welcome', {
    ...account,
    email: 'second@kaffeehaus.example',
  });
  expect([again.status, again.body.code]).toEqual([404, 'notFound']);
});

test('two who use one link at once: one gets in, and the other’s address is not used up', async () => {
  const token = await linkFor({ role: 'member' });
  const accounts = ['x1', 'x2', 'x3'].map(name => ({
    token,
    name,
    email: `${name}@kaffeehaus.example`,
    password,
  }));
  const replies = await Promise.all(
    accounts.map(account => call(browser(), 'POST', '/api/welcome', account)),
  );
  expect(replies.map(reply => reply.status).sort()).toEqual([201, 404, 404]);
  const loser = accounts[replies.findIndex(reply => reply.status === 404)]!;
  const next = await call(browser(), 'POST', '/api/welcome', {
    ...loser,
    token: await linkFor({ role: 'member' }),
  });
  expect(next.status, next.text).toBe(201);
});

test('an invitation of a user record is for that person, who keeps their role', async () => {
  const roles = (await call(server.ada, 'GET', '/api/roles?fields=name')).body.data;
  const role = roles.find((each: Json) => each.name === 'reader').id;
  const made = await call(server.ada, 'POST', '/api/users', {
    name: 'Olga Petrenko',
    email: 'olga@kaffeehaus.example',
    role,
  });
  const token = await linkFor({ role: 'administrator', user: made.body.id });
  const account = { token, name: 'Olga Petrenko', password };
  const wrong = await call(browser(), 'POST', '/api/welcome', {
    ...account,
    email: 'eve@kaffeehaus.example',
  });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/email']);
  const who = browser();
  expect(
    (await call(who, 'POST', '/api/welcome', { ...account, email: 'Olga@kaffeehaus.example' })).status,
  ).toBe(201);
  const me = (await call(who, 'GET', '/api/me')).body;
  expect([me.role, me.user.id]).toEqual(['reader', made.body.id]);
});

test('an invitation does not let anyone take over a user record that exists', async () => {
  const made = await call(server.ada, 'POST', '/api/users', {
    name: 'Boss',
    email: 'boss@kaffeehaus.example',
  });
  const token = await linkFor({ role: 'member' });
  const reply = await call(browser(), 'POST', '/api/welcome', {
    token,
    name: 'Eve',
    email: 'boss@kaffeehaus.example',
    password,
  });
  expect([reply.status, reply.body.code], reply.text).toEqual([409, 'duplicate']);
  expect((await call(server.ada, 'GET', `/api/users/${made.body.id}`)).body.role).toBeNull();
});

test('invitations name a role and a user that exist', async () => {
  for (const body of [{ role: 'emperor' }, {}, { role: 'member', user: 'nobody' }])
    expect([404, 422]).toContain((await call(server.ada, 'POST', '/api/invitations', body)).status);
  expect((await call(nobody, 'GET', '/api/welcome?token=guess')).status).toBe(404);
  expect((await call(nobody, 'GET', '/api/welcome')).status).toBe(404);
});

test.each(['short', '', 'x'.repeat(201)])('the password %j is refused', async secret => {
  const token = await linkFor({ role: 'member' });
  const reply = await call(browser(), 'POST', '/api/welcome', {
    token,
    name: 'P',
    email: 'p@kaffeehaus.example',
    password: secret,
  });
  expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, '/password']);
});

test('a password signs in; a wrong one says no more than that', async () => {
  await forgive();
  const { email } = await welcome(server, 'Pia Moser', 'member');
  const { who, reply } = await signIn(email);
  expect([reply.status, await signedIn(who)]).toEqual([200, 200]);
  const wrong = (await signIn(email, 'wrong password')).reply;
  const unknown = (await signIn('nobody@kaffeehaus.example', 'wrong password')).reply;
  expect([wrong.status, wrong.body.detail]).toEqual([401, unknown.body.detail]);
  expect(unknown.status).toBe(401);
});

test('cookies are out of reach of scripts and of other sites', async () => {
  await forgive();
  const { cookies } = await welcome(server, 'Cora Klein', 'member');
  const session = cookies.find(cookie => cookie.startsWith('farley.session_token='))!;
  expect(session).toMatch(/HttpOnly/i);
  expect(session).toMatch(/SameSite=Lax/i);
  expect(session).toMatch(/Path=\//);
});

test('sessions are listed, ended one by one, by signing out, and everywhere', async () => {
  await forgive();
  const { email } = await welcome(server, 'Lea Huber', 'member');
  const [a, b, c] = [(await signIn(email)).who, (await signIn(email)).who, (await signIn(email)).who];
  const sessions = (await call(a, 'GET', '/api/auth/list-sessions')).body;
  expect(sessions).toHaveLength(4);
  expect((await call(a, 'POST', '/api/auth/sign-out', {})).status).toBe(200);
  expect([await signedIn(a), await signedIn(b)]).toEqual([401, 200]);
  const token = decodeURIComponent(c.jar.get('farley.session_token')!).split('.')[0];
  expect((await call(b, 'POST', '/api/auth/revoke-session', { token })).status).toBe(200);
  expect([await signedIn(b), await signedIn(c)]).toEqual([200, 401]);
  expect((await call(b, 'POST', '/api/auth/revoke-sessions', {})).status).toBe(200);
  expect(await signedIn(b)).toBe(401);
});

test('a cookie kept after signing out is worth nothing', async () => {
  await forgive();
  const { who } = await signIn((await welcome(server, 'Ida Lang', 'member')).email);
  const kept = who.headers();
  await call(who, 'POST', '/api/auth/sign-out', {});
  expect(await signedIn({ id: '', headers: () => kept })).toBe(401);
});

test('a session ends when its time is over', async () => {
  const who = await welcome(server, 'Uwe Spät', 'member');
  expect(await signedIn(who)).toBe(200);
  await server.db.pool.query(
    `update farley.session set "expiresAt" = now() - interval '1 second' where "userId" in (select account_id from farley.membership where user_id = $1)`,
    [who.id],
  );
  expect(await signedIn(who)).toBe(401);
});

test('a changed password ends other sessions where asked, and the old one no longer signs in', async () => {
  await forgive();
  const person = await welcome(server, 'Eva Roth', 'member');
  const { who } = await signIn(person.email);
  const body = { currentPassword: password, newPassword: 'another good one', revokeOtherSessions: true };
  expect(
    (await call(who, 'POST', '/api/auth/change-password', { ...body, currentPassword: 'no' })).status,
  ).toBeGreaterThanOrEqual(400);
  expect((await call(who, 'POST', '/api/auth/change-password', body)).status).toBe(200);
  expect([await signedIn(who), await signedIn(person)]).toEqual([200, 401]);
  expect((await signIn(person.email)).reply.status).toBe(401);
  expect((await signIn(person.email, 'another good one')).reply.status).toBe(200);
});

test('wrong passwords have to wait, whatever address a client claims to come from', async () => {
  await forgive();
  const attempt = (index: number) =>
    call(
      nobody,
      'POST',
      '/api/auth/sign-in/email',
      { email: 'a@b.example', password: 'wrong password' },
      {
        'x-forwarded-for': `10.0.0.${index}`,
        'x-real-ip': `10.0.1.${index}`,
        'x-farley-client': `10.0.2.${index}`,
        forwarded: `for=10.0.3.${index}`,
      },
    );
  const statuses: number[] = [];
  for (let index = 0; index < 12; index++) statuses.push((await attempt(index)).status);
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  const refused = await attempt(99);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
  expect(refused.headers.get('ratelimit')).toMatch(/^"sign-in";r=0;t=\d+$/);
  expect(refused.body.code).toBe('rateLimited');
  await forgive();
});

test('behind a proxy that is named, each client has its own limit', async () => {
  const behind = await startServer('proxied', { beside: server, proxies: 'loopback' });
  const from = async (address: string) => {
    const body = { email: 'a@b.example', password: 'wrong password' };
    return (
      await behind.call(nobody, 'POST', '/api/auth/sign-in/email', body, { 'x-forwarded-for': address })
    ).status;
  };
  const statuses: number[] = [];
  for (let index = 0; index < 11; index++) statuses.push(await from('203.0.113.7'));
  expect(statuses.at(-1)).toBe(429);
  expect(await from('203.0.113.8')).toBe(401);
  await behind.close();
  await forgive();
});

test('pages of other sites cannot write, sign in or set passwords', async () => {
  await forgive();
  const person = await welcome(server, 'Max Muster', 'member');
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:1' },
  ];
  for (const headers of foreign) {
    for (const [path, body] of [
      ['/api/companies', { name: 'x' }],
      ['/api/auth/sign-in/email', { email: person.email, password }],
      ['/api/auth/sign-out', {}],
      ['/api/welcome', { token: 'x', name: 'x', email: 'x@y.z', password }],
    ] as const) {
      const reply = await call(person, 'POST', path, body, headers);
      expect([reply.status, reply.body.code], path).toEqual([403, 'forbidden']);
    }
  }
  expect((await call(person, 'POST', '/api/companies', { name: 'x' }, { origin: server.url })).status).toBe(
    201,
  );
  // A key is no cookie: no browser sends it by itself.
  expect(
    (await call(server.ada, 'POST', '/api/companies', { name: 'x' }, { origin: 'https://partner.example' }))
      .status,
  ).toBe(201);
});

test.each([
  'POST sign-up/email',
  'POST api-key/create',
  'GET api-key/list',
  'POST update-user',
  'POST delete-user',
  'POST change-email',
  'POST forget-password',
  'GET reset-password/x',
  'POST sign-in/social',
  'GET error',
  'GET ok',
  'POST sign-in/email/',
  'POST sign-in//email',
  'GET get-session/../api-key/list',
  'POST SIGN-UP/email',
  'POST sign-up%2femail',
])('%s of the library is not reachable', async route => {
  const [method, path] = route.split(' ') as [string, string];
  const who = await call(
    server.ada,
    method,
    `/api/auth/${path}`,
    method === 'POST' ? { name: 'x', email: 'e@x.example', password } : undefined,
  );
  expect(who.status, who.text).toBe(404);
});

test('who is deactivated is out with the next request, by session and by key, and back when reactivated', async () => {
  const person = await welcome(server, 'Rosa Weiss', 'member');
  const keyed = await server.hire('Robot', 'member');
  expect([await signedIn(person), await signedIn(keyed)]).toEqual([200, 200]);
  for (const { id } of [person, keyed])
    await call(server.ada, 'PATCH', `/api/users/${id}`, { active: false });
  expect([await signedIn(person), await signedIn(keyed)]).toEqual([401, 401]);
  for (const { id } of [person, keyed]) await call(server.ada, 'PATCH', `/api/users/${id}`, { active: true });
  expect([await signedIn(person), await signedIn(keyed)]).toEqual([200, 200]);
  await call(server.ada, 'DELETE', `/api/users/${person.id}`);
  expect(await signedIn(person)).toBe(401);
});

test('a key has the rights of its role, is shown once, and is nowhere to be found', async () => {
  const made = await call(server.ada, 'POST', '/api/keys', { name: 'Web shop', role: 'reader' });
  expect([made.status, Object.keys(made.body).sort()]).toEqual([201, ['key', 'userId']]);
  const { key, userId } = made.body;
  expect(key).toMatch(/^farley_\w{40,}$/);
  const shop: Caller = { id: userId, headers: () => ({ authorization: `Bearer ${key}` }) };
  expect((await call(shop, 'GET', '/api/companies')).status).toBe(200);
  expect((await call(shop, 'POST', '/api/companies', { name: 'x' })).status).toBe(403);
  const listed = await call(server.ada, 'GET', '/api/keys');
  expect(listed.body.data.map((each: Json) => each.id)).toContain(userId);
  expect(listed.text).not.toContain(key);
  expect(server.log.join()).not.toContain(key);
  expect(await dump()).not.toContain(key);
  expect((await call(server.ada, 'POST', '/api/keys', { name: 'x', role: 'emperor' })).status).toBe(422);
});

test('passwords and welcome tokens are nowhere in the database', async () => {
  const person = await welcome(server, 'Gabi Gruber', 'member', 'a very telling password');
  const everything = await dump();
  expect(everything).toContain('gabi@kaffeehaus.example');
  expect(everything).not.toContain('a very telling password');
  expect(everything).not.toContain(person.token);
});

/** Everything in the database as text. */
async function dump(): Promise<string> {
  const { rows } = await server.db.pool.query(
    `select string_agg((xpath('/table/text()', x))[1]::text, '') as t, string_agg(x::text, '') as x
     from (select query_to_xml(format('select * from %I.%I', schemaname, tablename), true, false, '') as x from pg_tables
       where schemaname in ('farley', 'ws_main', 'farley_jobs')) t`,
  );
  return rows[0].x;
}

test('a revoked key is dead at once, its user stays in history; people cannot be revoked', async () => {
  const keyed = await server.hire('Old shop', 'member');
  expect(await signedIn(keyed)).toBe(200);
  expect((await call(server.ada, 'DELETE', `/api/keys/${keyed.id}`)).status).toBe(204);
  expect(await signedIn(keyed)).toBe(401);
  expect((await call(server.ada, 'GET', `/api/users/${keyed.id}`)).body).toMatchObject({ active: false });
  await call(server.ada, 'PATCH', `/api/users/${keyed.id}`, { active: true });
  expect(await signedIn(keyed)).toBe(401);
  const person = await welcome(server, 'Hugo Fuchs', 'member');
  for (const id of [person.id, 'x', '01a00000-0000-7000-8000-000000000000'])
    expect((await call(server.ada, 'DELETE', `/api/keys/${id}`)).status).toBe(404);
  expect(await signedIn(person)).toBe(200);
});

test('another process learns of a revoked key and a deactivated user within two seconds', async () => {
  const second = await startServer('sign_in', { beside: server });
  try {
    const keyed = await server.hire('Twice', 'member');
    const there = () => second.call(keyed, 'GET', '/api/me');
    expect((await there()).status).toBe(200);
    await call(server.ada, 'DELETE', `/api/keys/${keyed.id}`);
    await until(async () => (await there()).status === 401, 2_500);
  } finally {
    await second.close();
  }
});
