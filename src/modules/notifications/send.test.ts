/** What leaves Farley: letters through a real SMTP server, messages that only the browser they are for can read. */
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { type Context, create, createOutside, type Outside, rows, step, update } from '../../engine/index.ts';
import { mailedAt } from './digest.ts';
import { purging } from './purge.ts';
import { reminding } from './reminders.ts';
import { mailing, send, unsubscribe } from './send.ts';
import { telling } from './telling.ts';

let world: World;
let smtp: SMTPServer;
let service: Server;
let outside: Outside;
let letters: Email[] = [];
let refuse = false;
let pushed: { body: Buffer; headers: Record<string, unknown>; path: string }[] = [];

const listening = (server: { listen(port: number, host: string, then: () => void): unknown }) =>
  new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

beforeAll(async () => {
  world = await createWorld('sending');
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, _session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      if (refuse) return done(new Error('Mailbox is full'));
      letters.push(await PostalMime.parse(Buffer.concat(chunks)));
      done();
    },
  });
  await listening(smtp);
  service = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    pushed.push({ body: Buffer.concat(chunks), headers: request.headers, path: request.url! });
    response.writeHead(request.url === '/gone' ? 410 : 201).end();
  });
  await listening(service);
  outside = createOutside({
    url: 'https://farley.example',
    secret: 'a secret of this test',
    smtp: {
      url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
      from: 'Farley <farley@farley.example>',
    },
    pushHosts: [hostOf()],
  });
  world.system = { ...world.system, outside };
  await settle();
});
afterAll(async () => {
  outside?.mail?.close();
  await new Promise<void>(resolve => smtp.close(resolve));
  service.close();
  await world.close();
});
beforeEach(() => {
  letters = [];
  pushed = [];
  refuse = false;
});

const hostOf = () => `127.0.0.1:${(service.address() as AddressInfo).port}`;
const idOf = (ctx: Context) => ctx.actor.userId!;
const mention = (ctx: Context) => `[@${ctx.actor.name}](user:${idOf(ctx)})`;

/** What a worker does: everything that is told is told, what is due is sent. */
async function settle(resumed?: string) {
  for (const watch of [telling, reminding, mailing]) while (await step(world.system, watch));
  const found = await rows(world.system, 'sending', {
    filter: { field: 'state', op: 'isAnyOf', value: ['due', ...(resumed ? [resumed] : [])] },
    fields: ['state'],
  });
  const skipped: string[] = [];
  const report = { done() {}, skipped: (_: string, why: string) => skipped.push(why) };
  const failures: string[] = [];
  for (const { id } of found)
    await send
      .run(world.system, { sending: id! }, report as never, null, new AbortController().signal)
      .catch(error => failures.push((error as Error).message));
  return { skipped, failures };
}
const wait = (minutes: number) =>
  world.clock.move(new Date(world.clock.now().getTime() + minutes * 60_000).toISOString());
const statesOf = async (ctx: Context) =>
  (await rows(ctx, 'sending', { sort: ['createdAt'] })).map(({ state }) => state);

test.each([
  ['at once, within working hours', 'now', '2026-03-16T12:00:00.000Z', '2026-03-16T12:00:00.000Z'],
  ['in the evening it waits for the morning', 'now', '2026-03-16T18:00:00.000Z', '2026-03-17T08:00:00.000Z'],
  [
    'over a weekend at which the clocks change',
    'daily',
    '2026-03-27T12:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ],
  ['before work, on the same day', 'daily', '2026-03-16T06:00:00.000Z', '2026-03-16T08:00:00.000Z'],
  ['when the next week begins', 'weekly', '2026-03-17T12:00:00.000Z', '2026-03-23T08:00:00.000Z'],
] as const)('a letter is due %s', (_, pace, at, due) => {
  expect(mailedAt(pace, at, 'Europe/Vienna', null)).toBe(due);
  expect(mailedAt('never', at, 'Europe/Vienna', null)).toBeNull();
});

test('what happened is one letter when the day begins, without what was read or cannot be seen any more', async () => {
  const { sina, tom, system } = world;
  const about = [{ object: 'company', id: await create(sina, 'company', { name: 'Hotel <Sacher>' }) }];
  const gone = [{ object: 'company', id: await create(sina, 'company', { name: 'Secret & Sons' }) }];
  await create(sina, 'note', { body: `${mention(tom)}: look`, about });
  await create(sina, 'note', { body: `${mention(tom)}: and this`, about: gone });
  await settle();
  expect(letters).toEqual([]);
  // Given to another team, it is out of Tom's reach.
  await update(system, 'company', gone[0]!.id, { owner: idOf(world.olga) });
  world.clock.move('2026-03-17T08:00:30.000Z');
  await settle();
  await settle();
  const toTom = letters.filter(({ to }) => to?.[0]?.address === 'tom@kaffeehaus.example');
  expect(toTom).toHaveLength(1);
  const [letter] = toTom;
  expect(letter).toMatchObject({
    from: { address: 'farley@farley.example' },
    messageId: expect.stringMatching(/^<[0-9a-f-]{36}@farley\.example>$/),
  });
  expect(letter!.text).toContain('Sina Gruber mentioned you in Hotel <Sacher>\n  @Tom Eder: look\n');
  expect(letter!.html).toContain('Hotel &lt;Sacher&gt;');
  expect(letter!.text).toContain(`https://farley.example/companies/${about[0]!.id}`);
  expect(`${letter!.text}${letter!.html}`).not.toContain('Secret');
  expect(await statesOf(tom)).toEqual(['sent']);
  expect(await rows(sina, 'sending')).toEqual([]);
});

test('a letter is in its reader’s language, from right to left where that is so, its moments by their clock', async () => {
  const { sina, ada, system } = world;
  const about = [{ object: 'company', id: await create(sina, 'company', { name: 'Hotel Imperial' }) }];
  const arabic = { language: 'ar', timeZone: 'Asia/Riyadh', mailed: { mention: 'now' } };
  await update(system, 'user', idOf(ada), arabic);
  world.clock.move('2026-03-18T09:30:00.000Z');
  await create(sina, 'note', { body: `${mention(ada)}: look`, about });
  wait(2);
  await settle();
  const [letter] = letters;
  expect(letter!.subject).toBe('أشار إليك Sina Gruber في Hotel Imperial');
  expect(letter!.html).toContain('<html lang="ar" dir="rtl">');
  expect(letter!.text).toMatch(/12:30|١٢:٣٠/);
  expect(letter!.text).not.toMatch(/Settings|No more/);
  expect(await unsubscribe.ask(system, { user: idOf(ada), kind: '*' })).toMatchObject({ locale: 'ar' });
});

test('a link in the letter stops the next, after a question; a click of the mail program is enough', async () => {
  const { sina, tom, system } = world;
  await update(system, 'user', idOf(tom), { mailed: { mention: 'now' } });
  await create(sina, 'note', { body: `${mention(tom)}!` });
  wait(2);
  await settle();
  const link = letters[0]!.headers.find(({ key }) => key === 'list-unsubscribe')!.value;
  expect(link).toMatch(/^<https:\/\/farley\.example\/api\/links\/[\w-]+\.[\w-]+>$/);
  const payload = { user: idOf(tom), kind: 'mention' };
  expect(await unsubscribe.ask(system, payload)).toMatchObject({
    question: expect.stringContaining('mentions'),
  });
  await unsubscribe.run(system, payload);
  expect(await unsubscribe.ask(system, payload)).toBeNull();
  await create(sina, 'note', { body: `${mention(tom)} again` });
  wait(2);
  await settle();
  expect(letters).toHaveLength(1);
});

test('what is refused is tried again and says why; what was broken off is not sent twice', async () => {
  const { sina, max, system } = world;
  await update(system, 'user', idOf(max), { mailed: { mention: 'now' } });
  await create(sina, 'note', { body: `${mention(max)}?` });
  refuse = true;
  wait(2);
  const { failures } = await settle();
  expect(failures[0]).toMatch(/Mailbox is full/);
  expect(await statesOf(max)).toEqual(['failed']);
  refuse = false;
  await settle('failed');
  expect([letters.length, await statesOf(max)]).toEqual([1, ['sent']]);
  const [sending] = await rows(max, 'sending');
  await update(system, 'sending', sending!.id as string, { state: 'sending' }, { trusted: true });
  expect((await settle('sending')).skipped).toHaveLength(1);
  expect([letters.length, await statesOf(max)]).toEqual([1, ['unknown']]);
});

/** A browser: its keys, and what it makes of a message (RFC 8291). */
function browser() {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = randomBytes(16);
  return {
    p256dh: keys.getPublicKey('base64url'),
    auth: auth.toString('base64url'),
    read(body: Buffer): unknown {
      const [salt, length] = [body.subarray(0, 16), body[20]!];
      const theirs = body.subarray(21, 21 + length);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), theirs]);
      const shared = Buffer.from(hkdfSync('sha256', keys.computeSecret(theirs), auth, info, 32));
      const part = (name: string, size: number) =>
        Buffer.from(hkdfSync('sha256', shared, salt, `Content-Encoding: ${name}\0`, size));
      const sealed = body.subarray(21 + length);
      const cipher = createDecipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12));
      cipher.setAuthTag(sealed.subarray(-16));
      const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
      expect(text.at(-1)).toBe(2);
      return JSON.parse(text.subarray(0, -1).toString());
    },
  };
}

test('a browser is told at once and alone can read it; one that is gone is forgotten', async () => {
  const { sina, olga, system } = world;
  const chrome = browser();
  const base = `http://${hostOf()}`;
  const device = (name: string, path: string, { p256dh, auth }: ReturnType<typeof browser>) =>
    create(olga, 'device', { name, endpoint: `${base}${path}`, p256dh, auth });
  await device('Chrome', '/one', chrome);
  await device('Old', '/gone', browser());
  const task = await create(system, 'task', { subject: 'Repair', owner: idOf(olga) });
  await settle();
  expect(pushed.map(({ path }) => path).sort()).toEqual(['/gone', '/one']);
  const { body, headers } = pushed.find(({ path }) => path === '/one')!;
  expect(chrome.read(body)).toMatchObject({
    title: 'Kaffeehaus Supplies',
    body: 'Someone made Repair yours',
    lang: 'en',
    dir: 'ltr',
    path: `/tasks/${task}`,
  });
  expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400' });
  const [, token, key] = /^vapid t=(\S+), k=(\S+)$/.exec(String(headers.authorization))!;
  expect(key).toBe(outside.push.key);
  const [head, claims, signature] = token!.split('.');
  const point = Buffer.from(key!, 'base64url');
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const sound = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature!, 'base64url'),
  );
  expect(sound).toBe(true);
  expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({
    aud: base,
    sub: 'mailto:farley@farley.example',
  });
  expect((await rows(olga, 'device')).map(({ name }) => name)).toEqual(['Chrome']);
  expect(await rows(sina, 'device')).toEqual([]);
  for (const address of [
    'http://fcm.googleapis.com/x',
    'https://evil.example/',
    'https://169.254.169.254/',
    'https://fcm.googleapis.com:8443/',
  ])
    expect(outside.push.accepts(address), address).toBe(false);
  expect(outside.push.accepts('https://fcm.googleapis.com/fcm/send/abc')).toBe(true);
});

test('what was read goes after 90 days, the rest after 180', async () => {
  const { rita, clock } = world;
  await step(world.system, purging);
  await create(rita, 'notification', { kind: 'reminder' });
  const read = await create(rita, 'notification', { kind: 'reminder' });
  await update(rita, 'notification', read, { readAt: clock.now().toISOString() });
  const begin = clock.now().getTime();
  const left = async (days: number) => {
    clock.move(new Date(begin + days * 86_400_000).toISOString());
    await step(world.system, purging);
    return (await rows(rita, 'notification')).length;
  };
  expect(await left(80)).toBe(2);
  expect(await left(91)).toBe(1);
  expect(await left(181)).toBe(0);
});
