/** How letters that come in by themselves become leads: once, of people, kept as they are; with the reason where they do not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { fileStore } from '../../../engine/files/store.ts';
import { asSystem, type Context, carryOut, create, find, rows, step } from '../../../engine/index.ts';
import { assigning } from './assigning.ts';
import { forwardedOf } from './letter.ts';
import { receive } from './receive.ts';

let world: World;
let door: Context;
let address: string;
const data = mkdtempSync(join(tmpdir(), 'farley-letters-'));

beforeAll(async () => {
  world = await createWorld('letters');
  door = { ...asSystem(world.system, 'letter'), via: 'link', files: fileStore(data) };
  address = await create(world.ada, 'leadAddress', { name: 'Sales', campaign: 'Spring' });
});
afterAll(async () => {
  await world.close();
  rmSync(data, { recursive: true, force: true });
});

let ids = 0;
/** A letter as mail servers hand it on: its head, an empty line, its text. */
const letter = (head: Record<string, string>, text = 'Please call me.') =>
  Buffer.from(
    [
      ...Object.entries({
        'Message-ID': `<${ids++}@post.example>`,
        Date: 'Mon, 16 Mar 2026 09:00:00 +0100',
        To: 'sales@kaffeehaus.example',
        ...head,
      }).map(([name, value]) => `${name}: ${value}`),
      '',
      text,
    ].join('\r\n'),
  );
const hand = async (bytes: Buffer) => receive(door, await find(world.system, 'leadAddress', address), bytes);
const leadsOf = (email: string) =>
  rows(world.system, 'lead', { filter: { field: 'email', op: 'is', value: email } });
const emailsOf = (sender: string) =>
  rows(world.system, 'email', { filter: { field: 'sender', op: 'is', value: sender } });
const submissionOf = async (name: string) =>
  (await rows(world.system, 'formSubmission', { filter: { field: 'name', op: 'is', value: name } }))[0]!;

test('whoever writes becomes a lead, with the letter and its files; the same letter again is the first, the next goes to the same lead', async () => {
  const bytes = Buffer.from(
    [
      'Return-Path: <rosa@post.example>',
      'Message-ID: <first@post.example>',
      'Date: Mon, 16 Mar 2026 09:00:00 +0100',
      'From: =?iso-8859-1?Q?Rosa_H=F6fer?= <rosa@post.example>',
      'To: "Kaffeehaus, Vertrieb" <sales@kaffeehaus.example>',
      'Subject: =?utf-8?B?S2FmZmVlbWFzY2hpbmVuIGbDvHIgZGFzIEZyw7xoc3TDvGNr?=',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=cut',
      '',
      '--cut',
      'Content-Type: text/html; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '<html><head><style>p{}</style></head><body><p>Wir er=F6ffnen im Mai.</p><p>F=FCr 80 G=E4ste.</p></body></html>',
      '--cut',
      'Content-Type: application/pdf; name="=?utf-8?Q?Gr=C3=B6=C3=9Fen.pdf?="',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fen.pdf?="',
      '',
      Buffer.from('%PDF-1.4 nothing').toString('base64'),
      '--cut--',
      '',
    ].join('\r\n'),
    'latin1',
  );
  expect(await Promise.all([hand(bytes), hand(bytes)])).toContainEqual({ state: 'taken', reason: null });
  expect(await hand(bytes)).toEqual({ state: 'known', reason: null });
  const [lead, ...others] = await leadsOf('rosa@post.example');
  expect(others).toEqual([]);
  expect(lead).toMatchObject({
    name: { full: 'Rosa Höfer' },
    description: 'Wir eröffnen im Mai.\nFür 80 Gäste.',
    campaign: 'Spring',
    status: 'new',
    owner: null,
    firstTouch: { channel: 'email', at: '2026-03-16T08:00:00.000Z' },
  });
  const emails = await rows(world.system, 'email', {});
  expect(emails).toMatchObject([
    {
      subject: 'Kaffeemaschinen für das Frühstück',
      sender: 'rosa@post.example',
      senderName: 'Rosa Höfer',
      recipients: 'sales@kaffeehaus.example',
      about: [{ object: 'lead', id: lead!.id }],
      attachments: [{ title: 'Größen.pdf' }],
      externalIds: { file: '<first@post.example>' },
    },
  ]);
  await hand(letter({ From: 'ROSA@post.example', Subject: 'Again' }));
  expect(await leadsOf('rosa@post.example')).toMatchObject([{ id: lead!.id, name: { full: 'Rosa Höfer' } }]);
});

test('a new lead of a letter goes by the rules of assignment and waits for its first contact', async () => {
  // What is due by the clock comes in the first step.
  while (await step(world.system, assigning));
  const rule = await create(world.system, 'assignmentRule', { name: 'All', contactWithin: 7_200 });
  await create(world.system, 'assignmentMember', { rule, user: world.sina.actor.userId! });
  await hand(letter({ From: 'Ida Berg <ida@berg.example>', Subject: 'Grinder' }));
  while (await step(world.system, assigning));
  const [lead] = await leadsOf('ida@berg.example');
  expect(lead).toMatchObject({
    owner: { title: 'Sina Gruber' },
    contactState: 'waiting',
    firstContactAt: null,
  });
});

test('letters of machines, of lists, that came back, of ourselves and in circles make no lead, and say why; a person may let them in', async () => {
  const from = 'Otto Auto <otto@auto.example>';
  const portal = 'Portal <no-reply@portal.example>';
  const odd: [reason: string, head: Record<string, string>][] = [
    ['automatic', { From: from, 'Auto-Submitted': 'auto-replied' }],
    ['automatic', { From: from, 'X-Auto-Response-Suppress': 'All' }],
    [
      'automatic',
      { From: from, 'Content-Type': 'multipart/report; report-type=feedback-report; boundary=x' },
    ],
    ['automatic', { From: portal }],
    ['automatic', { From: portal, 'Reply-To': 'Keine-Antwort@portal.example' }],
    ['bulk', { From: from, 'List-Unsubscribe': '<https://auto.example/u>' }],
    ['bulk', { From: from, Precedence: 'bulk' }],
    ['bounce', { From: 'MAILER-DAEMON@auto.example' }],
    ['bounce', { From: from, 'Return-Path': '<>' }],
    ['own', { From: 'Sina Gruber <sina@kaffeehaus.example>' }],
    ['own', { From: 'Office <office@kaffeehaus.example>' }],
    [
      'loop',
      {
        From: from,
        ...Object.fromEntries([...Array(51)].map((_, at) => [`Received${' '.repeat(at)}`, 'x'])),
      },
    ],
    ['noSender', { Subject: 'Nobody' }],
  ];
  for (const [reason, head] of odd)
    expect(await hand(letter(head)), JSON.stringify(head)).toEqual({ state: 'passedOver', reason });
  expect(await leadsOf('otto@auto.example')).toEqual([]);
  const kept = await submissionOf('Otto Auto');
  expect(kept).toMatchObject({ state: 'passedOver', lead: null, email: { title: expect.any(String) } });
  await carryOut(world.ada, 'formSubmission', 'admit', kept.id as string, {});
  const [lead] = await leadsOf('otto@auto.example');
  expect(await find(world.system, 'formSubmission', kept.id as string)).toMatchObject({
    state: 'accepted',
    passedFor: null,
    lead: { id: lead!.id },
  });
  // A person who says that theirs is none, and a group address that marks what people write to it.
  expect(await hand(letter({ From: 'Nora <nora@hand.example>', 'Auto-Submitted': 'no' }))).toMatchObject({
    state: 'taken',
  });
  const forVisitor = { From: 'Portal <noreply+7@portal.example>', 'Reply-To': 'Vera <vera@hand.example>' };
  expect(await hand(letter(forVisitor))).toMatchObject({ state: 'taken' });
  expect(await leadsOf('vera@hand.example')).toMatchObject([{ name: { full: 'Vera' } }]);
  const group = { ...(await find(world.system, 'leadAddress', address)), lists: true };
  const listed = letter({ From: 'Lia <lia@hand.example>', 'List-Id': 'sales', Precedence: 'list' });
  expect(await receive(door, group, listed)).toMatchObject({ state: 'taken' });
});

const gmail = `Can you take this one?

---------- Forwarded message ---------
From: Jürgen Weiß <juergen@weiss.example>
Date: Mon, 16 Mar 2026 at 08:12
Subject: Machines for Graz
To: <sina@kaffeehaus.example>

How soon can you deliver?`;

test('what a colleague forwards is the letter of whoever wrote it first, and no contact of ours; what a stranger forwards is theirs', async () => {
  const outlook = `<div>Bitte <b>übernehmen</b>.</div><hr><div><b>Von:</b> Käthe Groß &lt;<a href="mailto:kaethe@gross.example">kaethe@gross.example</a>&gt;<br><b>Gesendet:</b> Montag, 16. März 2026 08:12<br><b>An:</b> Sina Gruber &lt;sina@kaffeehaus.example&gt;<br><b>Betreff:</b> Mühle</div><p>Was kostet sie?</p>`;
  const sina = { From: 'Sina Gruber <sina@kaffeehaus.example>' };
  await hand(
    letter(
      { ...sina, Subject: 'Fwd: Machines for Graz', 'Content-Type': 'text/plain; charset=utf-8' },
      gmail,
    ),
  );
  await hand(letter({ ...sina, Subject: 'WG: Mühle', 'Content-Type': 'text/html; charset=utf-8' }, outlook));
  expect(await leadsOf('juergen@weiss.example')).toMatchObject([
    { name: { full: 'Jürgen Weiß' }, firstContactAt: null },
  ]);
  const [kaethe] = await leadsOf('kaethe@gross.example');
  expect(kaethe).toMatchObject({
    name: { full: 'Käthe Groß' },
    description: expect.stringContaining('Was kostet sie?'),
  });
  const [email] = await rows(world.system, 'email', {
    filter: { field: 'sender', op: 'is', value: 'kaethe@gross.example' },
  });
  expect(email).toMatchObject({ subject: 'Mühle', about: [{ id: kaethe!.id }] });
  // A website writes on behalf of its visitor.
  await hand(
    letter({
      From: 'Website <web@kaffeehaus.example>',
      'Reply-To': 'Vito <vito@visit.example>',
      'Auto-Submitted': 'auto-generated',
    }),
  );
  expect(await leadsOf('vito@visit.example')).toHaveLength(1);
  await hand(
    letter({ From: 'Zoe <zoe@strange.example>', Subject: 'Fwd: x' }, gmail.replaceAll('weiss', 'nobody')),
  );
  expect([await leadsOf('juergen@nobody.example'), await leadsOf('zoe@strange.example')]).toMatchObject([
    [],
    [{}],
  ]);
  const closed = { ...(await find(world.system, 'leadAddress', address)), forwarded: false };
  expect(await receive(door, closed, letter(sina, gmail))).toEqual({ state: 'passedOver', reason: 'own' });
});

test('a letter that a colleague forwards as a file is the letter of whoever wrote it, with its files; of a stranger it is a file', async () => {
  let cuts = 0;
  const enclosing = (head: Record<string, string>, note: string, inner: Buffer) => {
    const cut = `cut${cuts++}`;
    const parts = `--${cut}\r\n\r\n${note}\r\n--${cut}\r\nContent-Type: message/rfc822; name=x.eml\r\n\r\n${inner}\r\n--${cut}--\r\n`;
    return letter(
      { ...head, 'MIME-Version': '1.0', 'Content-Type': `multipart/mixed; boundary=${cut}` },
      parts,
    );
  };
  const mixed = { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=inner' };
  const inner = letter(
    { From: '=?utf-8?Q?Hanna_H=C3=B6fer?= <hanna@inner.example>', Subject: 'Brew bar', ...mixed },
    '--inner\r\n\r\nWe need two.\r\n--inner\r\nContent-Type: text/plain; name=plan.txt\r\nContent-Disposition: attachment; filename=plan.txt\r\n\r\nx\r\n--inner--\r\n',
  );
  const sina = { From: 'Sina Gruber <sina@kaffeehaus.example>', Subject: 'Fwd' };
  expect(await hand(enclosing(sina, 'Yours?', inner))).toMatchObject({ state: 'taken' });
  expect(await leadsOf('hanna@inner.example')).toMatchObject([
    { name: { full: 'Hanna Höfer' }, description: 'Yours?\n\nWe need two.', firstContactAt: null },
  ]);
  const kept = { senderName: 'Hanna Höfer', subject: 'Brew bar', attachments: [{ title: 'plan.txt' }] };
  expect(await emailsOf('hanna@inner.example')).toMatchObject([kept]);
  // Handed on twice, the first time by a colleague whose program quotes.
  const twice = enclosing(
    { From: 'Office <office@kaffeehaus.example>' },
    '',
    letter(sina, gmail.replaceAll('weiss', 'twice')),
  );
  await hand(enclosing(sina, 'See below', twice));
  expect(await leadsOf('juergen@twice.example')).toHaveLength(1);
  // Colleagues among themselves, and a stranger.
  const ours = enclosing(sina, '', letter({ From: 'Office <office@kaffeehaus.example>' }));
  expect(await hand(ours)).toEqual({ state: 'passedOver', reason: 'own' });
  const theirs = letter({ From: 'Nobody <nobody@inner.example>' });
  await hand(enclosing({ From: 'Yann <yann@strange.example>' }, 'Look', theirs));
  expect(await emailsOf('yann@strange.example')).toMatchObject([{ attachments: [{ title: 'x.eml' }] }]);
  expect(await leadsOf('nobody@inner.example')).toEqual([]);
});

test('the first head that is quoted says who wrote, in the words of each mail program; what is no head, or names nobody by address, does not', () => {
  const heads: [text: string, address: string | null][] = [
    [
      'Begin forwarded message:\n\nFrom: Ann <ann@a.example>\nSubject: Hi\nDate: 16 March 2026\nTo: us@k.example',
      'ann@a.example',
    ],
    [
      '-------- Weitergeleitete Nachricht --------\nBetreff: \tHallo\nDatum: \tMo\nVon: \tBea <bea@b.example>\nAn: \tuns@k.example',
      'bea@b.example',
    ],
    ['De : Chloé <c@c.example>\nEnvoyé : lundi\nÀ : nous@k.example\nObjet : Prix', 'c@c.example'],
    [
      '> De: Dora [mailto:d@d.example]\n> Enviado: lunes\n> Para: n@k.example\n> Asunto: Precio',
      'd@d.example',
    ],
    ['*From:* Eva <e@e.example>\n*Sent:* Monday\n*To:* us@k.example\n*Subject:* Hi', 'e@e.example'],
    ['From: Gruber, Sina\nSent: Monday\nTo: Novak, Max\nSubject: Lunch', null],
    ['From: a@a.example, b@b.example\nSent: Monday\nTo: c@c.example\nSubject: Two', null],
    ['We come from: Graz x@x.example and to: Linz', null],
    ['From: x@x.example\nis where it came from', null],
  ];
  for (const [text, address] of heads) expect(forwardedOf(text)?.address ?? null, text).toBe(address);
});

test('a letter that our own mail server calls spam waits for a person with its files; who it is from is kept as far as it can be', async () => {
  expect(await hand(letter({ From: 'Win <win@prize.example>', 'X-Spam-Flag': 'YES' }))).toEqual({
    state: 'inReview',
    reason: null,
  });
  const held = await submissionOf('Win');
  expect(held).toMatchObject({
    state: 'inReview',
    points: 100,
    suspicions: [{ reason: 'flagged' }],
    lead: null,
  });
  await carryOut(world.ada, 'formSubmission', 'admit', held.id as string, {});
  const [lead] = await leadsOf('win@prize.example');
  expect(await find(world.system, 'email', (held.email as { id: string }).id)).toMatchObject({
    about: [{ id: lead!.id }],
  });
  // Three links are a signature's.
  const links = (count: number) => [...Array(count)].map((_, at) => `https://x.example/${at}`).join(' ');
  expect(await hand(letter({ From: 'Lin <lin@links.example>' }, links(3)))).toMatchObject({ state: 'taken' });
  expect(await hand(letter({ From: 'Lea <lea@links.example>' }, links(7)))).toMatchObject({
    state: 'inReview',
  });
  expect(await hand(letter({ From: 'Odd <odd@@x>' }))).toMatchObject({
    state: 'passedOver',
    reason: 'noSender',
  });
  // Clocks of others may be ahead, and names long.
  const far = letter({
    From: `${'N'.repeat(3_000)} <far@far.example>`,
    Date: 'Mon, 16 Mar 2037 09:00:00 +0100',
    'In-Reply-To': `<${'r'.repeat(3_000)}>`,
  });
  expect(await hand(far)).toMatchObject({ state: 'taken' });
  expect((await leadsOf('far@far.example'))[0]).toMatchObject({
    firstTouch: { at: world.clock.now().toISOString() },
  });
  expect(await emailsOf('far@far.example')).toMatchObject([{ sentAt: world.clock.now().toISOString() }]);
});

test('letters whose encoding is told wrongly or not at all are read as they were meant', async () => {
  const from = { From: 'Léo <leo@words.example>' };
  const said = (type: string) => ({ ...from, ...(type ? { 'Content-Type': type } : {}) });
  for (const type of ['', 'text/plain; charset=X-UNKNOWN', 'text/plain; charset=us-ascii'])
    await hand(letter(said(type), 'Envoyé à 18 € – für Größe 3'));
  // Heads as they are in the encoding of the text, which RFC 6532 has as UTF-8.
  const old = letter({ From: 'Zoë <zoe@words.example>', Subject: 'Preço e prazo' }, 'Olá');
  expect(await hand(Buffer.from(old.toString(), 'latin1'))).toMatchObject({ state: 'taken' });
  const texts = (await emailsOf('leo@words.example')).map(({ text }) => text);
  expect(texts).toEqual(Array(3).fill('Envoyé à 18 € – für Größe 3'));
  expect(await emailsOf('zoe@words.example')).toMatchObject([
    { senderName: 'Zoë', subject: 'Preço e prazo', text: 'Olá' },
  ]);
  // Another address with marks is somebody else's.
  await hand(letter({ From: 'L <léo@words.example>' }));
  expect(await emailsOf('leo@words.example')).toHaveLength(3);
  expect(await leadsOf('léo@words.example')).toHaveLength(1);
});

test('a page that is made to be read for long is read at once', async () => {
  // Each of them took minutes and more where the time grows with the square of the length.
  for (const piece of ['<style>', '<', '<!--', '\v']) {
    const page = piece.repeat(1_000_000 / piece.length);
    const head = { From: 'Eve <eve@evil.example>', 'Content-Type': 'text/html' };
    expect(await hand(letter(head, page))).toMatchObject({ state: 'taken' });
  }
}, 20_000);

test('a letter that is made to be read for minutes is turned away in time, and others are read after it', async () => {
  const head = 'From: Eve <eve@evil.example>\r\nMIME-Version: 1.0\r\n';
  const part = (type: string, body: string) => `--x\r\nContent-Type: text/${type}\r\n\r\n${body}\r\n`;
  const parts = `${part('plain', 'Hi')}${part('html', '<a href="'.repeat(200_000))}--x--\r\n`;
  const evil = Buffer.from(`${head}Content-Type: multipart/mixed; boundary=x\r\n\r\n${parts}`);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 20);
  const [turned, taken] = await Promise.allSettled([
    hand(evil),
    hand(letter({ From: 'After <after@evil.example>' })),
  ]);
  clearInterval(timer);
  expect(turned).toMatchObject({ status: 'rejected', reason: { code: 'invalidInput' } });
  expect(taken).toMatchObject({ status: 'fulfilled', value: { state: 'taken' } });
  // Ten seconds have passed, in which this thread did other things.
  expect(ticks).toBeGreaterThan(50);
});
