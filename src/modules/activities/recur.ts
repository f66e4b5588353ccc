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

/**
 * The first moment of a series after `after`; null where it is over. What begins at nine stays at nine on both sides of a
 * change to or from summer time; an hour that the zone leaves out is the one after it.
 */
export function nextOccurrence(
  { rule, anchor, exceptions }: Series,
  after: string,
  zone: string,
): string | null {
  const recurrence = ICAL.Recur.fromString(rule);
  const last = endOf(recurrence, zone);
  recurrence.until = null;
  const local = Temporal.Instant.from(anchor).toZonedDateTimeISO(zone).toPlainDateTime();
  const iterator = recurrence.iterator(
    ICAL.Time.fromString(local.toString({ smallestUnit: 'second' }), undefined!),
  );
  for (let steps = 0; steps < maxSteps; steps++) {
    const time = iterator.next();
    if (!time) return null;
    const { year, month, day, hour, minute, second } = time;
    const wall = Temporal.PlainDateTime.from({ year, month, day, hour, minute, second });
    const at = isoOf(wall.toZonedDateTime(zone));
    if (last !== null && at > last) return null;
    if (at > after && !exceptions.includes(at)) return at;
  }
  return null;
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
