/**
 * Guests from outside are told of a meeting, of its changes and of its end, by letters with the appointment in them
 * (RFC 5546). What each was told is kept in the transaction that takes the changes: so each is told once, and of what
 * they know already never again.
 */
import {
  type Context,
  defineObject,
  defineWatch,
  find,
  type Input,
  type Json,
  rows,
  sql,
  tableOf,
  type Values,
  type WatchedChange,
  write,
} from '../../engine/index.ts';
import { choice, dateTime, json, number, text, user } from '../../fields/index.ts';
import type { Appointment } from './calendar-file.ts';
import { addressesOf, idsOf } from './guests.ts';
import { nextOccurrence, occurrencesBetween } from './recur.ts';
import { zoneOf } from './series.ts';

export const MeetingLetter = defineObject('meetingLetter', {
  label: 'Invitation letter',
  plural: 'Invitation letters',
  icon: 'mail',
  description: 'A letter to a guest of a meeting from outside: that it takes place, otherwise, or not.',
  title: 'subject',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    subject: text({ searchable: false }),
    meeting: text({
      readOnly: true,
      hidden: true,
      searchable: false,
      index: true,
      help: 'Id of it, or of its series.',
    }),
    guest: text({ readOnly: true, searchable: false, label: 'To' }),
    name: text({ readOnly: true, searchable: false }),
    answersAs: text({ readOnly: true, hidden: true, searchable: false, help: 'By what its answer is kept.' }),
    method: choice({
      choices: ['invitation', 'change', 'cancellation'],
      default: 'invitation',
      required: true,
      readOnly: true,
    }),
    sequence: number({ integer: true, readOnly: true }),
    appointments: json({ readOnly: true, hidden: true, searchable: false, help: 'What it tells.' }),
    zone: text({ readOnly: true, hidden: true, searchable: false }),
    language: text({ readOnly: true, hidden: true, searchable: false }),
    state: choice({
      choices: [
        'due',
        'sending',
        'sent',
        { value: 'nothing', label: 'Nothing to tell' },
        'failed',
        { value: 'unknown', label: 'Broken off while it was sent' },
      ],
      // Only what tells somebody something makes one that goes out.
      default: 'nothing',
      required: true,
      readOnly: true,
    }),
    sentAt: dateTime({ readOnly: true, label: 'Sent' }),
    error: text({ readOnly: true, searchable: false }),
    owner: user({ readOnly: true, label: 'Organiser' }),
  },
  list: { columns: ['subject', 'guest', 'method', 'state', 'sentAt'], sort: ['-createdAt'] },
  after: (written, enqueue) => {
    for (const { kind, record } of written)
      if (kind === 'created' && record.state === 'due') enqueue('inviteGuest', { letter: record.id! });
  },
});

/** A meeting has no more guests from outside who are told by letters. */
const mostGuests = 200;

interface Guest {
  email: string;
  name: string;
  answersAs: string;
  language: string | null;
}

export const inviting = defineWatch('invitations', {
  label: 'Letters to guests of meetings',
  run: async (ctx, changes, skipped) => {
    if (!ctx.outside?.mail) return;
    for (const uid of await seriesOfChanges(ctx, changes)) await tellGuests(ctx, uid, skipped);
  },
});

/** Ids of the meetings, or of their series, of which something changed. */
async function seriesOfChanges(ctx: Context & { tx: NonNullable<Context['tx']> }, changes: WatchedChange[]) {
  const ids = [...new Set(changes.flatMap(({ object, id }) => (object === 'meeting' ? [id] : [])))];
  if (ids.length === 0) return [];
  const found = await ctx.tx.run<{ uid: string }>(
    sql`select distinct coalesce(series, id::text) as uid from ${tableOf(ctx.schema, 'meeting')} where id = any(${ids}::uuid[])`,
  );
  return found.map(({ uid }) => uid);
}

const needed = [
  'subject',
  'startsAt',
  'endsAt',
  'allDay',
  'place',
  'joinUrl',
  'repeats',
  'series',
  'seriesStart',
  'occurrence',
  'exceptions',
  'attendees',
  'otherGuests',
  'invites',
  'owner',
];

/** Those of a series, or the one; what is in the trash is not among them. */
async function meetingsOf(ctx: Context, uid: string): Promise<Values[]> {
  const of = ['series', 'id'].map(field => ({ field, op: 'is', value: uid }));
  return rows(ctx, 'meeting', { filter: { or: of }, fields: needed, limit: 1_000 });
}

async function tellGuests(ctx: Context, uid: string, skipped: (what: string, why: string) => void) {
  const told = await toldOf(ctx, uid);
  const meetings = await meetingsOf(ctx, uid);
  const asked = meetings.filter(({ invites }) => invites === true);
  if (asked.length === 0 && (told.size === 0 || meetings.length > 0)) return;
  const owner = (asked[0]?.owner ?? null) as { id: string } | null;
  const before = [...told.values()][0];
  const zone = before && asked.length === 0 ? (before.zone as string) : await zoneOf(ctx, owner);
  const guests = await guestsOf(ctx, asked);
  if (guests.size > mostGuests)
    return skipped(`meeting ${uid}`, `It has more than ${mostGuests} guests from outside.`);
  const now = ctx.clock.now().toISOString();
  const next = 1 + Math.max(-1, ...[...told.values()].map(letter => letter.sequence as number));
  const letters = [...new Set([...guests.keys(), ...told.keys()])].flatMap(email => {
    const guest = guests.get(email);
    const due = guest ? ahead(appointmentsFor(guest, asked, now, zone), now, zone) : [];
    const values = letterTo(guest, told.get(email), due, { now, zone });
    if (!values) return [];
    const standing = { meeting: uid, guest: email, sequence: next, zone, state: 'due' };
    return { op: 'create' as const, values: { owner: owner?.id ?? null, ...values, ...standing } };
  });
  if (letters.length > 0) await write(ctx, 'meetingLetter', letters, { trusted: true });
}

/** What is to be told to a guest who was told `last`; null where they know. Who is no guest any more has none. */
function letterTo(
  guest: Guest | undefined,
  last: Values | undefined,
  due: Appointment[],
  { now, zone }: { now: string; zone: string },
): Input | null {
  const before = last && last.method !== 'cancellation' ? last.appointments : [];
  const knows = ahead(before as unknown as Appointment[], now, zone);
  if (same(knows, due, now, zone)) return null;
  const ends = due.length === 0;
  const appointments = ends ? knows : due;
  const { name, answersAs, language } = guest ?? (last as unknown as Guest);
  const to = { name, answersAs, language, subject: appointments[0]!.subject };
  const told = { ...to, appointments: JSON.parse(JSON.stringify(appointments)) as Json };
  if (!ends) return { ...told, method: knows.length > 0 ? 'change' : 'invitation' };
  const owner = last?.owner as { id: string } | null | undefined;
  return { ...told, method: 'cancellation', ...(owner ? { owner: owner.id } : {}) };
}

/** The latest letter to each guest, by address. */
async function toldOf(ctx: Context, uid: string): Promise<Map<string, Values>> {
  const letters = await rows(ctx, 'meetingLetter', {
    filter: { field: 'meeting', op: 'is', value: uid },
    fields: ['guest', 'name', 'answersAs', 'language', 'method', 'sequence', 'appointments', 'zone', 'owner'],
    sort: ['sequence', 'createdAt'],
    limit: 1_000,
  });
  return new Map(letters.map(letter => [letter.guest as string, letter]));
}

/** Everyone from outside who is asked and can be written to, by address. */
async function guestsOf(ctx: Context, meetings: Values[]): Promise<Map<string, Guest>> {
  const ids = [...new Set(meetings.flatMap(({ attendees }) => idsOf(attendees)))];
  const people = ids.length
    ? await rows(ctx, 'person', {
        filter: { field: 'id', op: 'isAnyOf', value: ids },
        fields: ['name', 'email', 'language', 'doNotEmail'],
        limit: 1_000,
      })
    : [];
  const guests = new Map<string, Guest>();
  for (const { otherGuests } of meetings)
    for (const email of addressesOf(otherGuests))
      guests.set(email, { email, name: email, answersAs: email, language: null });
  for (const { id, name, email, language, doNotEmail } of people)
    if (email && doNotEmail !== true)
      guests.set(email as string, {
        email: email as string,
        name: (name as { full: string }).full,
        answersAs: id as string,
        language: (language as string | null) ?? null,
      });
  return guests;
}

/** What of a series concerns a guest: the series where they are asked to it, and each of it that is otherwise. */
function appointmentsFor(
  { email, answersAs }: Guest,
  asked: Values[],
  now: string,
  zone: string,
): Appointment[] {
  const has = ({ attendees, otherGuests }: Values) =>
    [...idsOf(attendees), ...addressesOf(otherGuests)].some(each => each === answersAs || each === email);
  const own = asked.filter(has);
  const singles = own.filter(({ repeats }) => !repeats);
  const kept = new Set(singles.map(({ occurrence }) => occurrence));
  const series = own.filter(({ repeats }) => repeats).map(meeting => seriesFrom(meeting, kept, now, zone));
  const others = singles.map(single).filter(each => !series.some(whole => isUsual(each, whole)));
  return [...series, ...others.sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1))];
}

const lengthOf = ({ startsAt, endsAt }: Appointment) =>
  endsAt === null ? null : Date.parse(endsAt) - Date.parse(startsAt);
const wordsOf = ({ subject, allDay, place, joinUrl }: Appointment) =>
  JSON.stringify([subject, allDay, place, joinUrl]);

/** Whether one of a series is as the series has it: each becomes a record when it begins, which is no news. */
function isUsual(one: Appointment, series: Appointment): boolean {
  return (
    one.occurrence === one.startsAt && lengthOf(one) === lengthOf(series) && wordsOf(one) === wordsOf(series)
  );
}

function single(meeting: Values): Appointment {
  return {
    subject: meeting.subject as string,
    startsAt: meeting.startsAt as string,
    endsAt: meeting.endsAt as string | null,
    allDay: meeting.allDay === true,
    place: meeting.place as string | null,
    joinUrl: meeting.joinUrl as string | null,
    rule: null,
    left: [],
    occurrence: meeting.series ? (meeting.occurrence as string | null) : null,
  };
}

/** The series from its first moment on, without what it leaves out and what is no record of it before this one. */
function seriesFrom(meeting: Values, kept: Set<unknown>, now: string, zone: string): Appointment {
  const [anchor, rule, at] = [meeting.seriesStart, meeting.repeats, meeting.occurrence] as string[];
  const length = meeting.endsAt
    ? Date.parse(meeting.endsAt as string) - Date.parse(meeting.startsAt as string)
    : null;
  const passed = occurrencesBetween({ rule: rule!, anchor: anchor!, exceptions: [] }, now, at!, zone);
  const left = [...new Set([...passed, ...((meeting.exceptions as string[] | null) ?? [])])];
  return {
    ...single(meeting),
    startsAt: anchor!,
    endsAt: length === null ? null : new Date(Date.parse(anchor!) + length).toISOString(),
    rule: rule!,
    left: left.filter(moment => !kept.has(moment)).sort(),
    occurrence: null,
  };
}

/** What of it is still to come: of the past nobody is told. */
function ahead(appointments: Appointment[], now: string, zone: string): Appointment[] {
  return appointments.filter(each => (each.rule ? nextOf(each, now, zone) !== null : each.startsAt > now));
}

function nextOf({ rule, startsAt, left }: Appointment, after: string, zone: string): string | null {
  return nextOccurrence({ rule: rule!, anchor: startsAt, exceptions: left }, after, zone);
}

/** A series of which only one is left is told of as that one. */
function asOne(series: Appointment, now: string, zone: string): Appointment {
  const next = series.rule ? nextOf(series, now, zone) : null;
  if (next === null || nextOf(series, next, zone) !== null) return series;
  const length = lengthOf(series);
  const endsAt = length === null ? null : new Date(Date.parse(next) + length).toISOString();
  return { ...series, startsAt: next, endsAt, rule: null, left: [], occurrence: next };
}

function same(a: Appointment[], b: Appointment[], now: string, zone: string): boolean {
  const text = (all: Appointment[]) =>
    JSON.stringify(
      all
        .map(each => asOne(each, now, zone))
        .map(each => [
          ...[wordsOf(each), each.startsAt, each.endsAt, each.rule, each.occurrence],
          each.left.filter(moment => moment > now),
        ]),
    );
  return text(a) === text(b);
}

/** The meeting that stands for a series, or the one; null where there is none any more. */
export async function standingFor(ctx: Context, uid: string): Promise<Values | null> {
  const found = await meetingsOf(ctx, uid);
  const one = found.find(({ repeats }) => repeats) ?? found.toSorted(latest)[0];
  return one ? find(ctx, 'meeting', one.id as string) : null;
}

const latest = (a: Values, b: Values) => ((a.startsAt as string) > (b.startsAt as string) ? -1 : 1);
