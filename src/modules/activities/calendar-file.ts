/** Appointments as other calendars read them: iCalendar (RFC 5545) with the methods of invitations (RFC 5546). Pure. */
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';

/** An appointment, a series of them, or one of a series that is otherwise. Moments are ISO 8601. */
export interface Appointment {
  subject: string;
  startsAt: string;
  endsAt: string | null;
  allDay: boolean;
  place: string | null;
  joinUrl: string | null;
  /** RRULE; null where it takes place once. */
  rule: string | null;
  /** Moments that the series leaves out. */
  left: string[];
  /** Which one of its series it is; null for the series itself, and for what takes place once. */
  occurrence: string | null;
}

export interface Invitation {
  method: 'REQUEST' | 'CANCEL';
  /** The same for a series and all of it, for as long as it exists. */
  uid: string;
  /** One more with each change. */
  sequence: number;
  /** When it is written. */
  at: string;
  /** Time zone by whose clock a series goes on. */
  zone: string;
  organiser: { name: string; email: string };
  guest: { name: string; email: string };
  appointments: Appointment[];
}

/** Years of a series for which changes to and from summer time are told. */
const yearsTold = 10;

export function calendarFile(invitation: Invitation): string {
  const { method, zone, appointments } = invitation;
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//Farley//Farley//EN');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('method', method);
  const series = appointments.find(({ rule, allDay }) => rule && !allDay);
  if (series && zone !== 'UTC') calendar.addSubcomponent(zoneComponent(zone, series.startsAt));
  for (const each of appointments) calendar.addSubcomponent(event(invitation, each, series !== undefined));
  return `${calendar.toString()}\r\n`;
}

function event(invitation: Invitation, appointment: Appointment, zoned: boolean): ICAL.Component {
  const { method, uid, sequence, at, organiser, guest } = invitation;
  const { subject, startsAt, endsAt, place, joinUrl, rule, left, occurrence } = appointment;
  const component = new ICAL.Component('vevent');
  const zone = { clock: zoned ? invitation.zone : 'UTC', days: invitation.zone };
  const time = (name: string, moment: string) => addTime(component, name, moment, appointment, zone);
  component.addPropertyWithValue('uid', uid);
  component.addPropertyWithValue('sequence', sequence);
  component.addPropertyWithValue('dtstamp', timeOf(at, 'UTC'));
  if (occurrence) time('recurrence-id', occurrence);
  time('dtstart', startsAt);
  if (endsAt) addTime(component, 'dtend', endsAt, appointment, zone, true);
  component.addPropertyWithValue('summary', subject);
  const where = [place, joinUrl].filter(Boolean).join(', ');
  if (where) component.addPropertyWithValue('location', where);
  if (joinUrl) component.addPropertyWithValue('url', joinUrl);
  if (rule) component.addPropertyWithValue('rrule', ruleOf(rule, appointment, invitation.zone));
  for (const moment of left) time('exdate', moment);
  component.addPropertyWithValue('status', method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED');
  component
    .addPropertyWithValue('organizer', `mailto:${organiser.email}`)
    .setParameter('cn', named(organiser.name));
  const attendee = component.addPropertyWithValue('attendee', `mailto:${guest.email}`);
  attendee.setParameter('cn', named(guest.name));
  attendee.setParameter('partstat', 'NEEDS-ACTION');
  attendee.setParameter('rsvp', 'TRUE');
  return component;
}

/** Of whole days the last is a day too. */
function ruleOf(rule: string, { allDay }: Appointment, zone: string): ICAL.Recur {
  const recurrence = ICAL.Recur.fromString(rule);
  const { until } = recurrence;
  if (allDay && until && !until.isDate) recurrence.until = dayOf(until.toJSDate().toISOString(), zone, false);
  return recurrence;
}

/** Within a parameter there are no quotation marks (RFC 5545, 3.2). */
const named = (text: string) => text.replace(/["\p{Cc}]/gu, ' ').trim();

function addTime(
  component: ICAL.Component,
  name: string,
  moment: string,
  { allDay }: Appointment,
  zone: { clock: string; days: string },
  end = false,
) {
  const value = allDay ? dayOf(moment, zone.days, end) : timeOf(moment, zone.clock);
  const property = component.addPropertyWithValue(name, value);
  if (!allDay && zone.clock !== 'UTC') property.setParameter('tzid', zone.clock);
}

/** The clock on the wall of a zone; of UTC itself with its mark. */
function timeOf(moment: string, zone: string): ICAL.Time {
  const wall = Temporal.Instant.from(moment).toZonedDateTimeISO(zone).toPlainDateTime();
  const text = wall.toString({ smallestUnit: 'second' });
  return ICAL.Time.fromDateTimeString(zone === 'UTC' ? `${text}Z` : text);
}

/** A day; the end of whole days is the day after the last. */
function dayOf(moment: string, zone: string, end: boolean): ICAL.Time {
  const wall = Temporal.Instant.from(moment).toZonedDateTimeISO(zone);
  const midnight = wall.hour === 0 && wall.minute === 0;
  const day = wall.toPlainDate().add({ days: end && !midnight ? 1 : 0 });
  return ICAL.Time.fromDateString(day.toString());
}

/** What a zone is for those who do not know its name: each change of its offset from the first appointment on. */
function zoneComponent(zone: string, from: string): ICAL.Component {
  const component = new ICAL.Component('vtimezone');
  component.addPropertyWithValue('tzid', zone);
  const first = Temporal.Instant.from(from).toZonedDateTimeISO(zone);
  const last = first.add({ years: yearsTold });
  let before = first;
  let at: Temporal.ZonedDateTime | null =
    first.getTimeZoneTransition('previous') ?? first.with({ year: first.year - 1 });
  for (; at && Temporal.ZonedDateTime.compare(at, last) < 0; at = at.getTimeZoneTransition('next')) {
    before = at.subtract({ nanoseconds: 1 });
    const summer = at.offsetNanoseconds > before.offsetNanoseconds;
    const change = new ICAL.Component(summer ? 'daylight' : 'standard');
    // The clock on the wall as it was before the change.
    const onset = before.add({ nanoseconds: 1 }).toInstant();
    const wall = onset.toZonedDateTimeISO(before.offset).toPlainDateTime();
    change.addPropertyWithValue(
      'dtstart',
      ICAL.Time.fromDateTimeString(wall.toString({ smallestUnit: 'second' })),
    );
    change.addPropertyWithValue('tzoffsetfrom', ICAL.UtcOffset.fromString(before.offset));
    change.addPropertyWithValue('tzoffsetto', ICAL.UtcOffset.fromString(at.offset));
    component.addSubcomponent(change);
  }
  return component;
}
