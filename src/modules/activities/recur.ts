/** What comes next in a series (RFC 5545): by the clock on the wall of a time zone, whatever daylight saving does to it. */
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';

export interface Series {
  /** RRULE. */
  rule: string;
  /** The moment of the first one, ISO 8601. */
  anchor: string;
  /** Moments that are left out. */
  exceptions: string[];
}

/** A rule that has not come round within so many steps does not. */
const maxSteps = 20_000;
/** No zone is further from UTC than this: what is earlier by the clock on the wall is earlier. */
const furthestZone = 36 * 3_600_000;

/**
 * The first moment of a series after `after`; null where it is over. What begins at nine stays at nine on both sides of a
 * change to or from summer time; an hour that the zone leaves out is the one after it.
 */
export function nextOccurrence(series: Series, after: string, zone: string): string | null {
  for (const at of momentsOf(series, after, zone)) if (at > after) return at;
  return null;
}

/** The moments of a series from `from` up to `to`, without that one; `most` at most. */
export function occurrencesBetween(
  series: Series,
  from: string,
  to: string,
  zone: string,
  most = 1_000,
): string[] {
  const found: string[] = [];
  for (const at of momentsOf(series, from, zone)) {
    if (at >= to || found.length >= most) break;
    if (at >= from) found.push(at);
  }
  return found;
}

/** The moments of a series in their order, those long before `from` left out. */
function* momentsOf({ rule, anchor, exceptions }: Series, from: string, zone: string): Generator<string> {
  const recurrence = ICAL.Recur.fromString(rule);
  const last = endOf(recurrence, zone);
  recurrence.until = null;
  const left = new Set(exceptions);
  const earliest = Date.parse(from) - furthestZone;
  const local = Temporal.Instant.from(anchor).toZonedDateTimeISO(zone).toPlainDateTime();
  const iterator = recurrence.iterator(
    ICAL.Time.fromString(local.toString({ smallestUnit: 'second' }), undefined!),
  );
  for (let steps = 0; steps < maxSteps; steps++) {
    const time = iterator.next();
    if (!time) return;
    const { year, month, day, hour, minute, second } = time;
    if (Date.UTC(year, month - 1, day, hour, minute, second) < earliest) continue;
    const wall = Temporal.PlainDateTime.from({ year, month, day, hour, minute, second });
    const at = isoOf(wall.toZonedDateTime(zone));
    if (last !== null && at > last) return;
    if (!left.has(at)) yield at;
  }
}

/** A moment moved as the clock on the wall of the zone shows it, by what lies between `from` and `to` there. */
export function shifted(moment: string, from: string, to: string, zone: string): string {
  const wall = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDateTime();
  const between = wall(from).until(wall(to), { largestUnit: 'day' });
  return isoOf(wall(moment).add(between).toZonedDateTime(zone));
}

/** Days from the day of one moment to that of another, in the zone. */
export function daysFrom(from: string, to: string, zone: string): number {
  const day = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate();
  return day(from).until(day(to), { largestUnit: 'day' }).days;
}

/** The last moment that belongs to the series; a day counts as a whole. */
function endOf({ until }: ICAL.Recur, zone: string): string | null {
  if (!until) return null;
  const { year, month, day, hour, minute, second, isDate } = until;
  const wall = isDate
    ? Temporal.PlainDateTime.from({ year, month, day, hour: 23, minute: 59, second: 59 })
    : Temporal.PlainDateTime.from({ year, month, day, hour, minute, second });
  const utc = until.zone === ICAL.Timezone.utcTimezone;
  return isoOf(wall.toZonedDateTime(utc ? 'UTC' : zone));
}

function isoOf(moment: Temporal.ZonedDateTime): string {
  return new Date(moment.epochMilliseconds).toISOString();
}
