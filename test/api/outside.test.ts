/** What reaches people by mail, over HTTP: a trial, invitations, a forgotten password, and the links in letters. */
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { declared } from '../../src/app.ts';
import { createWorkspace, invite, systemClock } from '../../src/engine/index.ts';
import { root } from '../source.ts';
import { browser, nobody, type Server, startServer, until, welcome } from './server.ts';

let smtp: SMTPServer;
let server: Server;
let bare: Server;
const letters: Email[] = [];

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, _session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      letters.push(await PostalMime.parse(Buffer.concat(chunks)));
      done();
    },
  });
  await new Promise<void>(resolve => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  server = await startServer('outside', {
    smtp: { url: `smtp://127.0.0.1:${port}`, from: 'Farley <crm@farley.test>' },
  });
  bare = await startServer('outside-bare', { beside: server });
});
afterAll(async () => {
  await server?.close();
  await new Promise<void>(resolve => smtp.close(resolve));
});

const to = (address: string) => letters.filter(letter => letter.to?.[0]?.address === address);
const addressIn = (letter: Email | undefined, part: string) =>
  letter?.text?.split(/\s+/).find(word => word.includes(part)) ?? '';

test('whether mail is set up is told, and tried by a letter to oneself', async () => {
  const max = await welcome(server, 'Max Novak', 'manager');
  const told = await server.call(max, 'GET', '/api/outside');
  expect(told.body).toEqual({
    mail: { from: 'Farley <crm@farley.test>' },
    pushKey: expect.stringMatching(/^[\w-]{87}$/),
  });
  expect(await server.call(max, 'POST', '/api/outside/trial')).toMatchObject({
    status: 200,
    body: { to: max.email },
  });
  expect(to(max.email)).toMatchObject([{ subject: 'Mail from Farley works' }]);
  expect((await bare.call(max, 'GET', '/api/outside')).body.mail).toBeNull();
  expect(await bare.call(max, 'POST', '/api/outside/trial')).toMatchObject({ status: 422 });
  expect((await server.call(nobody, 'GET', '/api/outside')).status).toBe(401);
});

test('an invitation is mailed where an address is given; the link works', async () => {
  const email = 'leyla@kaffeehaus.example';
  const invited = await server.call(server.ada, 'POST', '/api/invitations', { role: 'member', email });
  expect(invited.body).toMatchObject({ sentTo: email });
  const link = addressIn(to(email)[0], '/welcome?token=');
  expect(link).toBe(invited.body.link);
  const account = { name: 'Leyla Yılmaz', email, password: 'correct horse battery' };
  const token = new URL(link).searchParams.get('token');
  expect((await server.call(browser(), 'POST', '/api/welcome', { token, ...account })).status).toBe(201);
  const wrong = { role: 'member', email: 'a@b.example, c@d.example' };
  expect((await server.call(server.ada, 'POST', '/api/invitations', wrong)).status).toBe(422);
  expect(
    (await bare.call(server.ada, 'POST', '/api/invitations', { role: 'member', email })).body.sentTo,
  ).toBeNull();
});

test('a forgotten password is set anew by a link, once, and ends what was signed in; who has no account is not told', async () => {
  const sina = await welcome(server, 'Selma Kaya', 'member');
  await server.call(sina, 'PATCH', '/api/me', { language: 'de' });
  const ask = (email: string) =>
    server.call(browser(), 'POST', '/api/auth/request-password-reset', { email });
  const [known, unknown] = [await ask(sina.email), await ask('nobody@kaffeehaus.example')];
  expect([known.status, unknown.status, unknown.body]).toEqual([200, 200, known.body]);
  const letter = await until(async () => to(sina.email)[0]);
  expect(letter.subject).toBe('Ein neues Passwort für Farley');
  expect(to('nobody@kaffeehaus.example')).toEqual([]);
  const token = new URL(addressIn(letter, '/reset?token=')).searchParams.get('token');
  const set = (newPassword: string) =>
    server.call(browser(), 'POST', '/api/auth/reset-password', { newPassword, token });
  expect((await set('short')).status).toBe(422);
  expect((await set('battery staple horse')).status).toBe(200);
  expect((await set('again and again')).status).toBe(422);
  expect((await server.call(sina, 'GET', '/api/me')).status).toBe(401);
  const enter = (password: string) =>
    server.call(browser(), 'POST', '/api/auth/sign-in/email', { email: sina.email, password });
  expect([(await enter(sina.password)).status, (await enter('battery staple horse')).status]).toEqual([
    401, 200,
  ]);
});

test('a member who has an account gets another password from an administrator; whose account is elsewhere too, by mail alone', async () => {
  const vera = await welcome(server, 'Vera Stein', 'member');
  const linkFor = () =>
    server.call(server.ada, 'POST', '/api/invitations', { role: 'member', user: vera.id });
  const { link } = (await linkFor()).body;
  const token = new URL(link).searchParams.get('token');
  const body = { newPassword: 'battery staple horse', token };
  const set = await server.call(browser(), 'POST', '/api/auth/reset-password', body);
  expect([new URL(link).pathname, set.status]).toEqual(['/reset', 200]);
  expect((await server.call(vera, 'GET', '/api/me')).status).toBe(401);

  // The same account comes into a second workspace, with its password and no other.
  const settings = { ...server.system.settings, name: 'second', label: 'Second' };
  await createWorkspace(server.db, declared, settings, systemClock);
  const second = await server.farley.system('tests', 'second');
  const joins = async (password: string, as = browser()) => {
    const asked = { token: invited, name: 'Vera', email: vera.email, password };
    return [await server.call(as, 'POST', '/api/welcome', asked), as] as const;
  };
  const invited = await invite(second, { role: 'reader' });
  const [refused] = await joins('not her password');
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/password']);
  const [joined, who] = await joins('battery staple horse');
  expect(joined.status, joined.text).toBe(201);
  const me = async () => (await server.call(who, 'GET', '/api/me')).body;
  expect(await me()).toMatchObject({ role: 'reader', workspace: { name: 'second' } });
  const choose = (workspace: string) => server.call(who, 'POST', '/api/me/workspace', { workspace });
  expect([(await choose('main')).status, (await choose('nowhere')).status]).toEqual([204, 404]);
  expect(await me()).toMatchObject({ role: 'member', workspace: { name: 'main' } });
  expect((await me()).workspaces).toHaveLength(2);
  expect((await linkFor()).body).toEqual({ link: null, sentTo: vera.email });
});

test('another address is signed in with once a link that came to it was followed', async () => {
  const lena = await welcome(server, 'Lena Frei', 'member');
  const email = 'lena.new@kaffeehaus.example';
  const ask = (password: string) => server.call(lena, 'POST', '/api/me/email', { email, password });
  expect((await ask('wrong password')).status).toBe(422);
  expect((await ask(lena.password)).status).toBe(202);
  const link = new URL(addressIn(to(email)[0], '/api/links/')).pathname;
  const enter = async (as: string) =>
    (await server.call(browser(), 'POST', '/api/auth/sign-in/email', { email: as, password: lena.password }))
      .status;
  expect((await server.call(nobody, 'GET', link)).text).toContain(email);
  expect(await enter(lena.email)).toBe(200);
  expect((await server.call(nobody, 'POST', link)).text).toContain(email);
  expect([await enter(lena.email), await enter(email)]).toEqual([401, 200]);
  expect((await server.call(lena, 'GET', '/api/me')).body.user.email).toBe(email);
  expect((await server.call(nobody, 'GET', link)).text).toContain('nothing to do');
});

test('a session that is used goes on, and its cookie with it', async () => {
  const olaf = await welcome(server, 'Olaf Berg', 'member');
  const cookies = async () =>
    (await server.call(olaf, 'GET', '/api/me')).headers.getSetCookie().map(text => text.split('=')[0]);
  expect(await cookies()).toEqual([]);
  // As a day and more before.
  await server.db.pool.query(
    `update farley.session set "expiresAt" = now() + interval '28 days', "updatedAt" = now() - interval '2 days'
      where "userId" in (select account_id from farley.membership where user_id = $1)`,
    [olaf.id],
  );
  expect(await cookies()).toContain('farley.session_token');
});

test('a link in a letter asks before it acts, works without signing in, and is ours or nothing', async () => {
  const rita = await welcome(server, 'Rosa Lang', 'reader');
  const { outside } = await server.farley.system('tests');
  const link = outside!.link({
    workspace: 'main',
    link: 'unsubscribe',
    payload: { user: rita.id, kind: 'mention' },
  });
  const path = new URL(link).pathname;
  const asked = await server.call(nobody, 'GET', path);
  expect(asked.status).toBe(200);
  expect(asked.text).toContain('Stop e-mails about mentions to rosa@kaffeehaus.example?');
  expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'");
  const mailed = async () => (await server.call(rita, 'GET', '/api/me')).body.user.mailed;
  expect(await mailed()).toBeNull();
  const clicked = await server.call(nobody, 'POST', path, 'List-Unsubscribe=One-Click', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(clicked.status).toBe(200);
  expect(await mailed()).toEqual({ mention: 'never' });
  expect((await server.call(nobody, 'GET', path)).text).toContain('nothing to do');
  for (const other of [`${path}x`, path.replace('.', 'A.'), '/api/links/nothing'])
    expect((await server.call(nobody, 'POST', other)).status, other).toBe(404);
});

test('an administrator gives someone another address: its owner confirms it, and the old address is told', async () => {
  // Its workers would take the job, and have nothing to send letters with.
  await bare.close();
  const nora = await welcome(server, 'Nora Stein', 'member');
  const { body: kept } = await server.call(server.ada, 'GET', `/api/users/${nora.id}`);
  const give = (id: string, email: string) => server.call(server.ada, 'PATCH', `/api/users/${id}`, { email });
  const email = 'nora.new@kaffeehaus.example';
  expect((await give(nora.id!, email)).status).toBe(200);
  await expect.poll(() => to(email).length).toBe(1);
  expect(to(kept.email).at(-1)!.text).toContain(`go on signing in with ${kept.email}`);
  const signsInWith = async () => {
    const account = `select a.email from farley."user" a join farley.membership m on m.account_id = a.id where m.user_id = $1`;
    return (await server.db.pool.query(account, [nora.id])).rows[0].email;
  };
  expect(await signsInWith()).toBe(kept.email);
  const link = new URL(addressIn(to(email)[0], '/api/links/')).pathname;
  expect((await server.call(nobody, 'POST', link)).status).toBe(200);
  expect(await signsInWith()).toBe(email);
  // Who works in another workspace too keeps what opens its door.
  await server.db.pool.query(
    `insert into farley.membership (account_id, workspace, user_id) select account_id, 'second', user_id from farley.membership where user_id = $1`,
    [nora.id],
  );
  const third = 'nora.third@kaffeehaus.example';
  await give(nora.id!, third);
  await expect.poll(() => to(email).at(-1)!.text).toContain('other workspaces too');
  expect([to(third).length, await signsInWith()]).toEqual([0, email]);
});

test('a form at an address that everyone knows is called by websites that are named, and found by nobody’s guess', async () => {
  const form = { name: 'Web', key: 'web', websites: 'https://shop.example', doubleOptIn: true };
  expect((await server.call(server.ada, 'POST', '/api/leadForms', form)).status).toBe(201);
  const from = (origin: string, method: string, path: string, body?: unknown) =>
    server.call(nobody, method, path, body, { origin });
  const asked = await from('https://shop.example', 'OPTIONS', '/api/open/form/main.web/send');
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
  const strange = await from('https://other.example', 'OPTIONS', '/api/open/form/main.web/send');
  expect(strange.headers.get('access-control-allow-origin')).toBeNull();
  const { body } = await from('https://shop.example', 'GET', '/api/open/form/main.web');
  expect(body.questions.map(({ field }: { field: string }) => field)).toContain('email');
  const sent = { values: { name: 'Shop Visitor', email: 'visitor@shop.example' }, ticket: body.ticket };
  const taken = await from('https://shop.example', 'POST', '/api/open/form/main.web/send', sent);
  expect(taken).toMatchObject({ status: 200, body: { state: 'confirm' } });
  expect(taken.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  for (const token of ['main.nothing', 'nowhere.web', 'web', 'main.web.x', "main.web'--"])
    expect((await server.call(nobody, 'GET', `/api/open/form/${token}`)).status, token).toBe(404);
});

test('a letter is handed in by whoever has its key, once, in bounds; a new key ends the old one, and readers are told none', async () => {
  const made = await server.call(server.ada, 'POST', '/api/leadAddresses', { name: 'Sales' });
  expect(made.status).toBe(201);
  const keyFor = (who: typeof server.ada) =>
    server.call(who, 'POST', '/api/reports/letter-address', { address: made.body.id });
  const { address } = (await keyFor(server.ada)).body;
  expect((await keyFor(server.rita)).body).toEqual({ address: null, last: null });
  const path = new URL(address).pathname;
  const text =
    'From: Rosa <rosa@post.example>\r\nMessage-ID: <a@post.example>\r\nSubject: Hello\r\n\r\nHello.';
  const hand = (body: unknown, type = 'message/rfc822', to = path) =>
    server.call(nobody, 'POST', to, body, { 'content-type': type });
  expect(await hand(text)).toMatchObject({ status: 200, body: { state: 'taken', reason: null } });
  expect(await hand(text)).toMatchObject({ status: 200, body: { state: 'known' } });
  const leads = await server.call(server.ada, 'GET', '/api/leads?fields=email');
  expect(leads.body.data.map(({ email }: { email: string }) => email)).toEqual(['rosa@post.example']);
  expect((await keyFor(server.ada)).body.last).toMatchObject({ name: 'Rosa', state: 'accepted' });
  expect((await hand('')).status).toBe(422);
  expect((await hand({ From: 'x' }, 'application/json')).status).toBe(415);
  expect((await hand('x'.repeat(25 * 1024 ** 2 + 1))).status).toBe(413);
  expect((await hand(text, undefined, path.replace(/.{3}\/send$/, 'AAA/send'))).status).toBe(404);
  const piped = (letter: string, to = server.url + path) =>
    new Promise<[code: number | null, said: string]>(resolve => {
      const cli = spawn(process.execPath, [join(root, 'src/cli.ts'), 'receive', to]);
      let said = '';
      for (const stream of [cli.stdout, cli.stderr]) stream.on('data', chunk => (said += chunk));
      cli.on('close', code => resolve([code, said.trim()]));
      cli.stdin.end(letter);
    });
  const automatic = text
    .replace('<a@', '<b@')
    .replace('Subject:', 'Auto-Submitted: auto-replied\r\nSubject:');
  expect(
    await Promise.all([
      piped(automatic),
      piped(''),
      piped(text, `${server.url}${path}x`),
      piped(text, 'http://127.0.0.1:9'),
    ]),
  ).toMatchObject([
    [0, 'passedOver: automatic'],
    [65, expect.stringContaining('422')],
    [75, expect.stringContaining('415')],
    [75, expect.stringContaining('not taken')],
  ]);
  const renewed = await server.call(server.ada, 'POST', `/api/leadAddresses/${made.body.id}/renew`, {});
  expect(renewed.status).toBe(200);
  expect((await hand(text)).status).toBe(404);
  const now = new URL((await keyFor(server.ada)).body.address).pathname;
  expect((await hand(text, undefined, now)).body).toMatchObject({ state: 'known' });
  expect((await server.call(nobody, 'GET', now.replace('/send', ''))).body).toEqual({ name: 'Sales' });
  await server.call(server.ada, 'PATCH', `/api/leadAddresses/${made.body.id}`, { active: false });
  expect((await hand(text, undefined, now)).status).toBe(404);
});

/** Where letters are handed in, and who does it. */
async function letterDoor(name: string) {
  const made = await server.call(server.ada, 'POST', '/api/leadAddresses', { name });
  const asked = { address: made.body.id };
  const { body } = await server.call(server.ada, 'POST', '/api/reports/letter-address', asked);
  const path = new URL(body.address).pathname;
  return (sent: unknown, type: string, act = 'send') =>
    server.call(nobody, 'POST', path.replace(/send$/, act), sent, { 'content-type': type });
}
const letterOf = (name: string) => {
  const head = `From: ${name} Größe <${name}@post.example>\r\nMessage-ID: <${name}@x>`;
  return Buffer.from(`${head}\r\n\r\n${name} fragt für 2 + 3 = 5.`, 'latin1');
};
const taken = { status: 200, body: { state: 'taken', reason: null } };
/** What leads say whose letters were handed in so. */
async function leadsOf(names: string[]) {
  const { body } = await server.call(server.ada, 'GET', '/api/leads?fields=description,name&limit=100');
  const said = body.data.map((lead: { name: { full: string }; description: string }) => [
    lead.name.full,
    lead.description,
  ]);
  return said.filter(([full]: string[]) => names.includes(full!.split(' ')[0]!)).sort();
}
const asWritten = (names: string[]) =>
  names.map(name => [`${name} Größe`, `${name} fragt für 2 + 3 = 5.`]).sort();

test('services hand letters in as they send them: as they came, in a field of a form', async () => {
  const hand = await letterDoor('Forms');
  const form = (fields: Record<string, Buffer | string>) =>
    Buffer.concat([
      ...Object.entries(fields).flatMap(([name, value]) => [
        Buffer.from(`--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
        Buffer.from(value),
        Buffer.from('\r\n'),
      ]),
      Buffer.from('--cut--\r\n'),
    ]);
  const multipart = 'multipart/form-data; boundary="cut"';
  const escaped = letterOf('mia')
    .toString('latin1')
    .replace(/[^\w]/g, one => (one === ' ' ? '+' : `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`));
  const mailgun = { recipient: 'sales@k.example', 'body-mime': letterOf('max') };
  expect(await hand(form(mailgun), multipart, 'mime')).toMatchObject(taken);
  const urlencoded = `sender=mia%40post.example&body-mime=${escaped}&token=x`;
  expect(await hand(urlencoded, 'application/x-www-form-urlencoded')).toMatchObject(taken);
  const sendGrid = { to: 'x', email: letterOf('sia'), spam_score: '0.3' };
  expect(await hand(form(sendGrid), multipart)).toMatchObject(taken);
  const spam = form({ email: letterOf('spa'), spam_score: '7.1' });
  expect((await hand(spam, multipart)).body).toMatchObject({ state: 'inReview' });
  const names = ['max', 'mia', 'sia'];
  expect(await leadsOf([...names, 'spa'])).toEqual(asWritten(names));
  expect((await hand(form({ subject: 'taken apart' }), multipart)).status).toBe(422);
});

test('notices of Amazon bring letters with what it says of spam, and it is told that it may, at its own address alone', async () => {
  const hand = await letterDoor('Notices');
  const plain = 'text/plain; charset=UTF-8';
  const received = (name: string, status = 'PASS') => ({
    notificationType: 'Received',
    receipt: { spamVerdict: { status } },
    content: letterOf(name).toString('base64'),
  });
  const notice = (message: unknown) =>
    JSON.stringify({ Type: 'Notification', Message: JSON.stringify(message) });
  expect(await hand(notice(received('ada')), plain)).toMatchObject(taken);
  expect(await hand(JSON.stringify(received('raw')), plain)).toMatchObject(taken);
  expect((await hand(notice(received('bad', 'FAIL')), plain)).body).toMatchObject({ state: 'inReview' });
  expect(await leadsOf(['ada', 'raw', 'bad'])).toEqual(asWritten(['ada', 'raw']));
  expect((await hand(notice({ notificationType: 'Received' }), plain)).status).toBe(422);
  expect((await hand(notice('x'), plain)).status).toBe(400);
  const asked: string[] = [];
  const network = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (to, init) => {
    if (!String(to).includes('amazonaws')) return network(to, init);
    asked.push(String(to));
    return new Response('', { status: String(to).includes('away') ? 503 : 200 });
  });
  const confirm = (url: string) =>
    hand(JSON.stringify({ Type: 'SubscriptionConfirmation', SubscribeURL: url }), plain);
  const real = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=x';
  expect((await confirm(real)).body).toEqual({ state: 'confirmed', reason: null });
  expect((await confirm(`${real}&away`)).status).toBe(503);
  const others = [
    'http://sns.eu-west-1.amazonaws.com/',
    'https://sns.eu-west-1.amazonaws.com.evil.example/',
    'https://bucket-sns.eu-west-1.amazonaws.com/',
    'https://sns.eu-west-1.amazonaws.com:8443/',
    'https://x@127.0.0.1/amazonaws',
    'amazonaws',
  ];
  for (const other of others) expect((await confirm(other)).status, other).toBe(422);
  expect(asked).toEqual([real, `${real}&away`]);
  vi.restoreAllMocks();
});
