/** iCalendar (RFC 5545) and vCalendar 1.0: a table of events and one of to-dos, a row each. */
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { FarleyError } from '../../errors.ts';
import type { Encoding } from '../encoding.ts';
import { narrow, type Source } from '../source.ts';
import { type FileRecord, recordTable, type TableFile } from '../table.ts';
import { type ContentLine, contentLines, partsOf, plainText } from './content-lines.ts';

const order = [
  ...['Summary', 'Start', 'End', 'Due', 'All day', 'Location', 'Description', 'Organizer', 'Attendees'],
  ...['Status', 'Priority', 'Completed', 'Recurrence', 'Recurrence of', 'Categories', 'URL', 'UID'],
];

const kinds = { VEVENT: 'Events', VTODO: 'To-dos' };
type Kind = keyof typeof kinds;

const texts: Record<string, string> = {
  SUMMARY: 'Summary',
  LOCATION: 'Location',
  DESCRIPTION: 'Description',
  STATUS: 'Status',
  PRIORITY: 'Priority',
  'PERCENT-COMPLETE': 'Percent complete',
  RRULE: 'Recurrence',
  URL: 'URL',
  UID: 'UID',
  CLASS: 'Class',
  TRANSP: 'Transparency',
  GEO: 'Position',
};
const moments: Record<string, string> = {
  DTSTART: 'Start',
  DUE: 'Due',
  COMPLETED: 'Completed',
  CREATED: 'Created',
  'LAST-MODIFIED': 'Changed',
  'RECURRENCE-ID': 'Recurrence of',
};

/** Of one event; attendees are the most. */
const mostLines = 10_000;

/** Time zones that a calendar brings itself: name → definition. */
type Zones = Map<string, ICAL.Timezone>;

/** The events and to-dos of a calendar. Moments are ISO 8601: in UTC where the zone is told, else without one. */
export async function openICalendar(source: Source, encoding: Encoding): Promise<TableFile[]> {
  const bytes = narrow(source, encoding.name);
  const lines = () => contentLines(bytes.source, bytes.encoding);
  const { zones, others } = await survey(lines());
  const notes = [...others].map(([name, count]) => `${count} components of the kind ${name} were left out.`);
  const tables: TableFile[] = [];
  for (const [kind, name] of Object.entries(kinds) as [Kind, string][]) {
    const table = await recordTable(() => records(lines(), kind, zones), order);
    if (table) tables.push({ name, format: 'icalendar', encoding, notes, ...table });
  }
  if (tables.length === 0)
    throw new FarleyError(
      'invalidInput',
      [`${source.name} holds no events and no to-dos.`, ...notes].join(' '),
    );
  return tables;
}

/** Collects what must be known before the first event is read. */
async function survey(lines: AsyncGenerator<ContentLine>) {
  const zones: Zones = new Map();
  const others = new Map<string, number>();
  let definition: string[] | null = null;
  for await (const { name, value } of lines) {
    const component = value.trim().toUpperCase();
    if (name === 'BEGIN' && component === 'VTIMEZONE') definition = [];
    else if (name === 'BEGIN' && /^V(JOURNAL|FREEBUSY)$/.test(component))
      others.set(component, (others.get(component) ?? 0) + 1);
    if (definition && definition.length < 5_000) definition.push(`${name}:${value}`);
    if (name === 'END' && component === 'VTIMEZONE' && definition) {
      const zone = readZone(definition);
      if (zone) zones.set(zone.tzid, zone);
      definition = null;
    }
  }
  return { zones, others };
}

function readZone(lines: string[]): ICAL.Timezone | null {
  try {
    return new ICAL.Timezone(new ICAL.Component(ICAL.parse(lines.join('\r\n')) as unknown[]));
  } catch {
    return null;
  }
}

async function* records(
  lines: AsyncGenerator<ContentLine>,
  kind: Kind,
  zones: Zones,
): AsyncGenerator<FileRecord> {
  let component: ContentLine[] | null = null;
  // Alarms stand within events, and have summaries of their own.
  let inner = 0;
  for await (const line of lines) {
    const bound = line.name === 'BEGIN' || line.name === 'END';
    const own = bound && line.value.trim().toUpperCase() === kind;
    if (own) {
      // One that never ended ends where the next begins.
      if (component) yield recordOf(component, zones);
      component = line.name === 'BEGIN' ? [] : null;
      inner = 0;
    } else if (bound) inner = Math.max(0, inner + (line.name === 'BEGIN' ? 1 : -1));
    else if (inner === 0 && component && component.length < mostLines) component.push(line);
  }
  if (component) yield recordOf(component, zones);
}

function recordOf(lines: ContentLine[], zones: Zones): FileRecord {
  const record: FileRecord = new Map();
  const attendees: string[] = [];
  const categories: string[] = [];
  for (const line of lines) {
    const { name, value } = line;
    if (texts[name]) put(record, texts[name], plainText(value).trim());
    else if (moments[name]) put(record, moments[name], momentText(line, zones));
    else if (name === 'ORGANIZER') put(record, 'Organizer', personText(line));
    else if (name === 'ATTENDEE') attendees.push(personText(line));
    else if (name === 'CATEGORIES') categories.push(...partsOf(value, ','));
  }
  put(record, 'Attendees', attendees.filter(Boolean).join(';'));
  put(record, 'Categories', categories.filter(Boolean).join(';'));
  putEnd(record, lines, zones);
  return record;
}

function put(record: FileRecord, column: string, text: string) {
  if (text !== '' && !record.has(column)) record.set(column, text);
}

const day = /^\d{4}-\d{2}-\d{2}$/;

/** Of days, calendars name the first after the end; people name the last. */
function putEnd(record: FileRecord, lines: ContentLine[], zones: Zones) {
  const start = record.get('Start');
  const stated = lines.find(({ name }) => name === 'DTEND');
  const duration = lines.find(({ name }) => name === 'DURATION')?.value.trim();
  const whole = start !== undefined && day.test(start);
  if (start !== undefined) record.set('All day', String(whole));
  let end = stated ? momentText(stated, zones) : start && duration ? later(start, duration) : '';
  if (whole && day.test(end)) {
    const last = Temporal.PlainDate.from(end).subtract({ days: 1 }).toString();
    end = [start, last].sort()[1]!;
  }
  put(record, 'End', end || (whole ? start : ''));
}

function later(start: string, duration: string): string {
  try {
    const time = Temporal.Duration.from(duration);
    if (day.test(start)) return Temporal.PlainDate.from(start).add(time).toString();
    if (start.endsWith('Z')) {
      const seconds = time.total({ unit: 'seconds', relativeTo: start.slice(0, 10) });
      return instantText(Temporal.Instant.from(start).add({ seconds }));
    }
    return Temporal.PlainDateTime.from(start).add(time).toString({ smallestUnit: 'second' });
  } catch {
    return '';
  }
}

/** Whose calendar it is: the e-mail address, or else the name. */
function personText({ value, parameters }: ContentLine): string {
  const address = plainText(value)
    .trim()
    .replace(/^mailto:/i, '')
    .trim();
  if (address.includes('@')) return address;
  return parameters.get('EMAIL')?.[0] ?? parameters.get('CN')?.[0] ?? address;
}

/** A moment as ISO 8601; what is none stays as it is. */
function momentText({ value, parameters }: ContentLine, zones: Zones): string {
  const text = value.trim();
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z)?)?$/i.exec(text);
  if (!match) return text;
  const [, year, month, date, hour, minute, second = '00', utc] = match;
  if (hour === undefined) return `${year}-${month}-${date}`;
  const local = `${year}-${month}-${date}T${hour}:${minute}:${second}`;
  if (utc) return `${local}Z`;
  const zone = parameters.get('TZID')?.[0];
  return zone ? (inZone(local, zone, zones) ?? local) : local;
}

/** By the zone's own name where the world knows it; else by what the calendar says of it. */
function inZone(local: string, name: string, zones: Zones): string | null {
  const [, place] =
    /((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|US|Canada|Etc)\/[\w/+-]+)$/.exec(
      name,
    ) ?? [];
  for (const zone of [name, place]) {
    if (!zone) continue;
    try {
      return instantText(Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant());
    } catch {
      // No such zone, or no such day.
    }
  }
  const known = zones.get(name);
  if (!known) return null;
  try {
    const time = ICAL.Time.fromDateTimeString(local);
    time.zone = known;
    return instantText(Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1000));
  } catch {
    return null;
  }
}

function instantText(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}
