/** How leads come in by forms: judged, confirmed, let in once, met with who is known. */
import { createHash } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import {
  asSystem,
  type Context,
  carryOut,
  create,
  createOutside,
  type FarleyError,
  find,
  type Json,
  type Letter,
  rows,
  step,
  update,
} from '../../../engine/index.ts';
import { confirmForm, forgetUnconfirmed, formPage, mailConfirmation } from './form-page.ts';

let world: World;
let site: Context;
const letters: Letter[] = [];

beforeAll(async () => {
  world = await createWorld('forms');
  const outside = createOutside({ url: 'http://farley.test', secret: 'a secret that nobody guesses' });
  outside.mail = {
    from: 'crm@farley.test',
    send: async letter => void letters.push(letter),
    close: () => {},
  };
  site = { ...asSystem(world.system, 'form'), via: 'link', outside };
  await create(world.system, 'leadForm', {
    name: 'Contact',
    consent: 'I agree that Kaffeehaus Supplies writes to me.',
    websites: 'https://hotel.example https://www.kaffeehaus.example/contact',
    campaign: 'Spring',
  });
});
afterAll(() => world.close());

const visit = { address: '203.0.113.7', agent: 'Firefox', origin: null };
type Shown = { ticket: string; bits: number; questions: { field: string; kind: string; label: string }[] };
const show = async (key = 'contact') => (await formPage.show(site, { key }, visit)) as Shown;

function worked({ ticket, bits }: Shown): string {
  const nonce = ticket.split('.')[1];
  for (let n = 0; ; n++)
    if (createHash('sha256').update(`${nonce}.${n}`).digest().readUInt32BE(0) >>> (32 - bits) === 0)
      return String(n);
}

const rosa = {
  name: 'Rosa Hofer',
  email: 'rosa@post.example',
  companyName: 'Hotel Post',
  description: 'We open in May.',
};

/** Sends as a person would: having seen the form, and taken half a minute. */
async function send(values: Record<string, string>, more: object = {}, key = 'contact') {
  const shown = await show(key);
  world.clock.move(new Date(world.clock.now().getTime() + 30_000).toISOString());
  const body = { values, consent: true, ticket: shown.ticket, work: worked(shown), language: 'de', ...more };
  return { body, answer: await formPage.takes.send!.run(site, { key }, body as never, visit) };
}

const submissions = (filter?: object) =>
  rows(world.system, 'formSubmission', { filter: filter as never, sort: ['createdAt'] });
const leadOf = async (email: string) =>
  rows(world.system, 'lead', { filter: { field: 'email', op: 'is', value: email } });

test('what a visitor sends becomes a lead, with where they came from and what they agreed to; a second click is the same', async () => {
  const { body, answer } = await send(rosa, {
    page: 'https://hotel.example/contact?utm_source=google&utm_medium=cpc&utm_campaign=Terrace&gclid=x1',
    referrer: 'https://www.google.com/search?q=coffee',
  });
  expect(answer).toEqual({ state: 'taken', thanks: null, redirect: null });
  await formPage.takes.send!.run(site, { key: 'contact' }, body as never, visit);
  const [lead, ...others] = await leadOf(rosa.email);
  expect(others).toEqual([]);
  expect(lead).toMatchObject({
    status: 'new',
    source: 'advertising',
    campaign: 'Spring',
    owner: null,
    firstTouch: {
      source: 'google',
      medium: 'cpc',
      campaign: 'Terrace',
      gclid: 'x1',
      page: 'https://hotel.example/contact',
      referrer: 'https://www.google.com/search',
    },
    consent: { text: 'I agree that Kaffeehaus Supplies writes to me.', version: 1, address: '203.0.113.7' },
  });
  const [submission] = await submissions();
  expect(submission).toMatchObject({
    state: 'accepted',
    points: 0,
    lead: { id: lead!.id },
    about: [{ id: lead!.id }],
  });
});

test('who sends again adds to the open lead: empty fields are filled, nothing is written over, what differs is noted', async () => {
  await send(
    { ...rosa, name: 'Rosa Hofer-Lang', companyName: 'Post Hotels' },
    { page: 'https://hotel.example/?utm_source=letter' },
  );
  const [lead, ...others] = await leadOf(rosa.email);
  expect(others).toEqual([]);
  expect(lead).toMatchObject({
    companyName: 'Hotel Post',
    firstTouch: { source: 'google' },
    lastTouch: { source: 'letter' },
  });
  const [, second] = await submissions();
  expect(second).toMatchObject({
    lead: { id: lead!.id },
    conflicts: { companyName: { known: 'Hotel Post', sent: 'Post Hotels' } },
  });
});

test('a form speaks the language of who sees it, as far as somebody has written it; what was agreed to is what was shown', async () => {
  await create(world.system, 'leadForm', {
    name: 'Spoken',
    heading: 'How can we help?',
    thanks: 'Thank you.',
    consent: 'I agree.',
    questions: [
      {
        field: 'name',
        label: 'Your name',
        help: 'First and last',
        labels: { de: 'Ihr Name' },
        helps: { de: 'Vor- und Nachname' },
      },
      { field: 'companyName', label: 'House' },
    ] as never,
    translations: {
      de: { heading: 'Wie können wir helfen?', thanks: 'Danke.', consent: 'Ich bin einverstanden.' },
    },
  });
  const asked = async (language: string) =>
    (await formPage.takes.ask!.run(site, { key: 'spoken' }, { language } as never, visit)) as Shown & {
      heading: string;
      consent: { text: string };
    };
  const german = await asked('de-AT');
  expect([german.heading, german.consent.text]).toEqual(['Wie können wir helfen?', 'Ich bin einverstanden.']);
  expect(german.questions).toMatchObject([
    { label: 'Ihr Name', help: 'Vor- und Nachname' },
    { label: 'House' },
  ]);
  const other = await asked('it');
  expect([other.heading, other.questions[0]!.label]).toEqual(['How can we help?', 'Your name']);
  const { answer } = await send({ name: 'Max Müller', companyName: 'Alpenhof' }, {}, 'spoken');
  expect(answer).toMatchObject({ thanks: 'Danke.' });
  const [sent] = await submissions({ field: 'name', op: 'is', value: 'Max Müller' });
  expect(sent!.consent).toMatchObject({ text: 'Ich bin einverstanden.' });
  const odd = create(world.system, 'leadForm', { name: 'Odd', translations: { de: { title: 'x' } } });
  await expect(odd).rejects.toThrow(/Translations are texts/);
});

test('an address whose domain surely takes no mail is refused, where the form looks it up; without an answer nobody is', async () => {
  const known: Record<string, () => unknown> = {
    'hotel.example': () => [{ exchange: 'mx.hotel.example', priority: 10 }],
    'nomail.example': () => [{ exchange: '', priority: 0 }],
    'plain.example': () => failing('ENODATA'),
    'empty.example': () => failing('ENODATA'),
    'gone.example': () => failing('ENOTFOUND'),
    'away.example': () => failing('ECONNREFUSED'),
  };
  const failing = (code: string) => {
    throw Object.assign(new Error(code), { code });
  };
  const lookedUp: string[] = [];
  vi.spyOn(Resolver.prototype, 'resolveMx').mockImplementation((async (domain: string) => {
    lookedUp.push(domain);
    return known[domain]!();
  }) as never);
  vi.spyOn(Resolver.prototype, 'resolve4').mockImplementation((async (domain: string) =>
    domain === 'plain.example' ? ['192.0.2.1'] : failing('ENODATA')) as never);
  vi.spyOn(Resolver.prototype, 'resolve6').mockImplementation((async () => failing('ENODATA')) as never);
  await create(world.system, 'leadForm', { name: 'Looked up', checkMail: true });
  const from = (domain: string) =>
    send({ name: `At ${domain}`, email: `someone@${domain}` }, {}, 'looked-up').then(
      () => 'taken',
      (error: FarleyError) => error.problems[0],
    );
  for (const domain of ['nomail.example', 'empty.example', 'gone.example'])
    expect(await from(domain)).toEqual({
      pointer: '/values/email',
      code: 'takesNoMail',
      message: `${domain} takes no e-mail. Check the address.`,
    });
  for (const domain of ['hotel.example', 'plain.example', 'away.example', 'hotel.example'])
    expect(await from(domain)).toBe('taken');
  const [away] = await submissions({ field: 'name', op: 'is', value: 'At away.example' });
  const [there] = await submissions({ field: 'name', op: 'is', value: 'At hotel.example' });
  expect([away!.mailDomain, there!.mailDomain]).toEqual(['unknown', 'takes']);
  // It is asked once, and not at all where the form does not want it.
  expect(lookedUp.filter(domain => domain === 'hotel.example')).toHaveLength(1);
  await send({ name: 'Nobody asks', email: 'someone@gone.example' });
  expect(lookedUp.filter(domain => domain === 'gone.example')).toHaveLength(1);
  vi.restoreAllMocks();
});

test('two at the same moment make one lead', async () => {
  const both = { name: 'Twin Peaks', email: 'twin@peaks.example' };
  await Promise.all([send(both), send(both)]);
  expect(await leadOf(both.email)).toHaveLength(1);
});

test('who is on file is linked, and their account with them', async () => {
  const company = await create(world.system, 'company', {
    name: 'Seeblick',
    domain: 'seeblick.example',
    owner: world.tom.actor.userId,
  });
  const person = await create(world.system, 'person', {
    name: 'Greta Sommer',
    email: 'greta@seeblick.example',
    company,
  });
  await send({ name: 'G. Sommer', email: 'Greta@seeblick.example' });
  await send({ name: 'Hans Neu', email: 'hans@seeblick.example' });
  const [greta] = await leadOf('greta@seeblick.example');
  expect(greta).toMatchObject({ person: { id: person }, company: { id: company }, status: 'new' });
  const told = await submissions({
    field: 'about',
    op: 'hasAnyOf',
    value: [{ object: 'person', id: person }],
  }).catch(() => []);
  expect(told.length === 0 || told.length === 1).toBe(true);
  const [hans] = await leadOf('hans@seeblick.example');
  expect(hans).toMatchObject({ person: null, company: { id: company } });
});

test('what looks like spam waits for a person and is never lost; what was wrong is said field by field', async () => {
  const { answer } = await send(
    { name: 'Bot', email: 'bot@mailinator.com', description: 'http://a.example http://b.example' },
    { trap: 'x' },
  );
  expect(answer).toMatchObject({ state: 'taken' });
  const [held] = await submissions({ field: 'state', op: 'is', value: 'inReview' });
  expect((held!.suspicions as { reason: string }[]).map(({ reason }) => reason)).toEqual([
    'trap',
    'links',
    'disposable',
  ]);
  expect(await leadOf('bot@mailinator.com')).toEqual([]);
  await carryOut(world.ada, 'formSubmission', 'admit', held!.id as string, {});
  expect(await leadOf('bot@mailinator.com')).toMatchObject([{ status: 'new' }]);
  // Without ticket and work: from a program that has not asked for the form.
  await send({ name: 'Robo', email: 'robo@post.example' }, { ticket: '', work: '' });
  const [again] = await submissions({ field: 'state', op: 'is', value: 'inReview' });
  await carryOut(world.ada, 'formSubmission', 'reject', again!.id as string, {});
  expect(await find(world.system, 'formSubmission', again!.id as string)).toMatchObject({ state: 'spam' });
  await expect(send({ name: '', email: 'nobody' }, { consent: false })).rejects.toMatchObject({
    code: 'invalidInput',
    problems: [{ pointer: '/values/name', code: 'required' }, { pointer: '/consent' }],
  });
  await expect(send({ name: 'N', email: 'nobody' })).rejects.toMatchObject({
    problems: [{ pointer: '/values/email', code: 'notAnEmail' }],
  });
});

test('with double opt-in nothing counts until its sender has opened the link; what nobody confirms goes', async () => {
  const form = await create(world.system, 'leadForm', {
    name: 'Newsletter',
    key: 'news',
    doubleOptIn: true,
    keepDays: 3,
    consent: 'Yes.',
  });
  const { answer } = await send({ name: 'Ida Berg', email: 'ida@berg.example' }, {}, 'news');
  await send({ name: 'Never', email: 'never@berg.example' }, {}, 'news');
  expect(answer).toMatchObject({ state: 'confirm' });
  expect(await leadOf('ida@berg.example')).toEqual([]);
  const [waiting] = await submissions({ field: 'form', op: 'is', value: form });
  const report = {
    done: () => {},
    skipped: () => {},
    progress: () => {},
    result: async () => {},
    checkpoint: async () => {},
  };
  await mailConfirmation.run(
    site,
    { submission: waiting!.id as Json },
    report,
    null,
    new AbortController().signal,
  );
  expect(letters).toMatchObject([
    { to: 'ida@berg.example', subject: expect.stringContaining('Kaffeehaus Supplies') },
  ]);
  const payload = { submission: waiting!.id as Json };
  expect(await confirmForm.ask(site, payload)).toMatchObject({ locale: 'de' });
  await confirmForm.run(site, payload);
  expect(await confirmForm.ask(site, payload)).toBeNull();
  const [lead] = await leadOf('ida@berg.example');
  expect(lead!.consent).toMatchObject({ text: 'Yes.', confirmedAt: expect.any(String) });
  await step(world.system, forgetUnconfirmed);
  world.clock.move(new Date(world.clock.now().getTime() + 4 * 86_400_000).toISOString());
  await step(world.system, forgetUnconfirmed);
  expect(await submissions({ field: 'form', op: 'is', value: form })).toMatchObject([{ name: 'Ida Berg' }]);
});

test('a form says in which language it asks, names websites that may embed it, and is gone once it is switched off', async () => {
  const asked = (await formPage.takes.ask!.run(
    site,
    { key: 'contact' },
    { language: 'de' } as never,
    visit,
  )) as Shown;
  expect(asked.questions.map(({ field, kind, label }) => [field, kind, label])).toEqual([
    ['name', 'text', 'Name'],
    ['email', 'email', 'E-Mail'],
    ['companyName', 'text', 'Unternehmen'],
    ['description', 'long', 'Beschreibung'],
  ]);
  expect(await formPage.known!.websites(site, { key: 'contact' })).toEqual([
    'https://hotel.example',
    'https://www.kaffeehaus.example',
  ]);
  const bad = (values: object) => create(world.ada, 'leadForm', { name: 'Bad', key: 'bad', ...values });
  await expect(bad({ websites: "https://a.example; script-src 'unsafe-inline'" })).rejects.toMatchObject({
    code: 'invalidInput',
  });
  await expect(bad({ key: '日本' })).rejects.toMatchObject({ code: 'invalidInput' });
  for (const questions of [[{ field: 'owner' }], [{ field: 'nothing' }], [], {}])
    await expect(bad({ questions }), JSON.stringify(questions)).rejects.toMatchObject({
      code: 'invalidInput',
    });
  const [form] = await rows(world.system, 'leadForm', {
    filter: { field: 'key', op: 'is', value: 'contact' },
  });
  await update(world.ada, 'leadForm', form!.id as string, { active: false });
  expect(await formPage.show(site, { key: 'contact' }, visit)).toBeNull();
});
