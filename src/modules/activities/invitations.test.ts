/** Guests from outside: letters with the appointment in them, one for each thing there is to tell, and their answers. */

import type { AddressInfo } from 'node:net';
import ICAL from 'ical.js';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import {
  carryOut,
  create,
  createOutside,
  find,
  type Input,
  type Outside,
  rows,
  step,
  update,
  write,
} from '../../engine/index.ts';
import { guestAnswer, inviteGuest } from './invitation-letters.ts';
import { inviting } from './invitations.ts';
import { rolling } from './meeting-series.ts';

let world: World;
let smtp: SMTPServer;
let outside: Outside;
let letters: Email[] = [];
let kim: string;

beforeAll(async () => {
  world = await createWorld('invitations');
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
  outside = createOutside({
    url: 'https://farley.example',
    secret: 'a secret of this test',
    smtp: { url: `smtp://127.0.0.1:${port}`, from: 'Farley <farley@farley.example>' },
  });
  world.system = { ...world.system, outside };
  kim = await create(world.sina, 'person', { name: 'Kim Huber', email: 'kim@hotel.example', language: 'de' });
  await settle();
});
afterAll(async () => {
  outside?.mail?.close();
  await new Promise<void>(resolve => smtp.close(resolve));
  await world.close();
});
beforeEach(() => {
  letters = [];
});

/** What watches and workers do, twice: what was told is not told again. Answers the letters, the latest of each guest last. */
async function settle(): Promise<Email[]> {
  for (const watch of [rolling, inviting, inviting]) while (await step(world.system, watch));
  const due = await rows(world.system, 'meetingLetter', {
    filter: { field: 'state', op: 'is', value: 'due' },
  });
  const report = { done() {}, skipped() {} } as never;
  for (const { id } of due)
    for (let twice = 0; twice < 2; twice++)
      await inviteGuest.run(world.system, { letter: id! }, report, null, new AbortController().signal);
  return letters.splice(0);
}

/** The calendar in a letter, as another program reads it. */
function calendarOf(letter: Email) {
  const part = letter.attachments.find(({ mimeType }) => mimeType.startsWith('text/calendar'))!;
  const text = typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content);
  const calendar = ICAL.Component.fromString(text);
  const events = calendar.getAllSubcomponents('vevent').map(component => {
    const value = (name: string) => component.getFirstPropertyValue(name);
    return {
      uid: String(value('uid')),
      sequence: Number(value('sequence')),
      begins: new ICAL.Event(component).startDate.toJSDate().toISOString(),
      of: value('recurrence-id') ? (value('recurrence-id') as ICAL.Time).toString() : null,
      left: component.getAllProperties('exdate').length,
      rule: value('rrule') === null ? null : String(value('rrule')),
      status: String(value('status')),
      organiser: String(value('organizer')),
      guest: String(value('attendee')),
    };
  });
  for (const zone of calendar.getAllSubcomponents('vtimezone'))
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  return { method: String(calendar.getFirstPropertyValue('method')), events };
}

const nine = '2026-03-17T08:00:00.000Z';
const ten = '2026-03-17T09:00:00.000Z';
const meet = (more: Input = {}) =>
  create(world.sina, 'meeting', {
    subject: 'Tasting',
    startsAt: nine,
    endsAt: ten,
    attendees: [{ id: kim }],
    invites: true,
    owner: world.sina.actor.userId!,
    ...more,
  });

const remove = (id: string) => write(world.sina, 'meeting', [{ op: 'delete', id }]);

test('a guest is invited, told of a change, and of the end, each once and in their language', async () => {
  const id = await meet({ otherGuests: 'eva@hotel.example' });
  const invited = await settle();
  expect(invited.map(({ subject, to }) => [subject, to![0]!.address]).sort()).toEqual([
    ['Einladung: Tasting', 'kim@hotel.example'],
    ['Invitation: Tasting', 'eva@hotel.example'],
  ]);
  const first = calendarOf(invited.find(({ subject }) => subject === 'Einladung: Tasting')!);
  expect(first.method).toBe('REQUEST');
  expect(first.events).toMatchObject([
    { sequence: 0, begins: nine, rule: null, status: 'CONFIRMED', guest: 'mailto:kim@hotel.example' },
  ]);

  await update(world.sina, 'meeting', id, { notes: 'They like it strong' });
  expect(await settle()).toEqual([]);

  await update(world.sina, 'meeting', id, { startsAt: ten, endsAt: '2026-03-17T10:00:00.000Z' });
  const moved = await settle();
  expect(moved.map(({ subject }) => subject).sort()).toEqual(['Changed: Tasting', 'Geändert: Tasting']);
  expect(calendarOf(moved[0]!).events).toMatchObject([
    { sequence: 1, begins: ten, uid: first.events[0]!.uid },
  ]);

  await update(world.sina, 'meeting', id, { otherGuests: null });
  const left = await settle();
  expect(left.map(({ subject, to }) => [subject, to![0]!.address])).toEqual([
    ['Cancelled: Tasting', 'eva@hotel.example'],
  ]);
  await remove(id);
  const over = await settle();
  expect(over.map(({ subject }) => subject)).toEqual(['Abgesagt: Tasting']);
  const end = calendarOf(over[0]!);
  expect(end.method).toBe('CANCEL');
  expect(end.events).toMatchObject([{ sequence: 3, status: 'CANCELLED', uid: first.events[0]!.uid }]);
});

test('nobody is written to who is not to be: no wish of the organiser, no e-mails, a time that has passed', async () => {
  const quiet = await create(world.sina, 'person', {
    name: 'Quiet One',
    email: 'quiet@hotel.example',
    doNotEmail: true,
  });
  await meet({ invites: false });
  await meet({ attendees: [{ id: quiet }] });
  await meet({ startsAt: '2020-01-01T08:00:00.000Z', endsAt: null });
  expect(await settle()).toEqual([]);
});

test('a series is one appointment by the clock of its zone; one that is moved or left out is told as a change of it', async () => {
  const id = await meet({ repeats: 'FREQ=WEEKLY;COUNT=6' });
  const [whole] = await settle();
  const told = calendarOf(whole!);
  expect(told.events).toMatchObject([{ rule: 'FREQ=WEEKLY;COUNT=6', left: 0, of: null }]);
  // Nine in Vienna on both sides of the last Sunday of March.
  const text = new TextDecoder().decode(
    whole!.attachments.find(({ mimeType }) => mimeType.startsWith('text/calendar'))!.content as ArrayBuffer,
  );
  const again = ICAL.Component.fromString(text);
  const series = new ICAL.Event(again.getFirstSubcomponent('vevent')!);
  const zone = new ICAL.Timezone(again.getFirstSubcomponent('vtimezone')!);
  const iterator = series.iterator();
  const moments = Array.from({ length: 3 }, () => {
    const time = iterator.next();
    time.zone = zone;
    return time.toJSDate().toISOString();
  });
  expect(moments).toEqual([nine, '2026-03-24T08:00:00.000Z', '2026-03-31T07:00:00.000Z']);

  const change = (input: object) => carryOut(world.sina, 'meeting', 'change', id, input as never);
  const third = '2026-03-31T07:00:00.000Z';
  await change({ scope: 'this', occurrence: third, startsAt: '2026-04-01T07:00:00.000Z' });
  const [moved] = await settle();
  expect(calendarOf(moved!).events).toMatchObject([
    { sequence: 1, left: 0, of: null },
    { sequence: 1, begins: '2026-04-01T07:00:00.000Z', rule: null },
  ]);
  expect(calendarOf(moved!).events[1]!.of).toContain('2026-03-31');

  await carryOut(world.sina, 'meeting', 'cancel', id, {
    scope: 'this',
    occurrence: '2026-03-24T08:00:00.000Z',
  } as never);
  const [without] = await settle();
  expect(calendarOf(without!).events).toMatchObject([{ sequence: 2, left: 1 }, { sequence: 2 }]);

  // Each becomes a record when it begins: that is no news to anyone.
  for (const now of [
    nine,
    '2026-04-07T07:00:01.000Z',
    '2026-04-14T07:00:01.000Z',
    '2026-04-21T07:00:01.000Z',
  ]) {
    world.clock.move(now);
    expect((await settle()).map(({ subject }) => subject)).toEqual([]);
  }
});

test('a guest answers by the link in the letter, once they have been asked again', async () => {
  world.clock.move('2026-03-16T09:00:00.000Z');
  const id = await meet();
  const [letter] = await settle();
  expect(letter!.html).toContain('/api/links/');
  expect(letter!.text).toContain('Ja: https://farley.example/api/links/');
  const payload = { meeting: id, guest: kim, email: 'kim@hotel.example', language: 'de', answer: 'accepted' };
  expect(await guestAnswer.ask(world.system, payload)).toMatchObject({
    question: '„Tasting“ zusagen?',
    button: 'Ja',
  });
  expect((await find(world.sina, 'meeting', id)).answers).toBeNull();
  expect(await guestAnswer.run(world.system, payload)).toBe('Danke. Sie haben „Tasting“ zugesagt.');
  expect((await find(world.sina, 'meeting', id)).answers).toEqual({ [kim]: 'accepted' });
  expect(await guestAnswer.ask(world.system, payload)).toBeNull();
  await settle();
  await remove(id);
  expect(await guestAnswer.ask(world.system, payload)).toBeNull();
});
