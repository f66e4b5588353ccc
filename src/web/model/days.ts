/** Days of the calendar as `2026-11-22`, and the moments at which they begin in a time zone. */

import { momentOf, wall } from '../../fields/clock.ts';
import { t } from '../../kit/words.ts';

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

const length = 86_400_000;

function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  return iso(new Date(utc(day).getTime() + count * length));
}

/** Days from one to the other. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / length);
}

/** The first day of the month so many months away. */
function addMonths(day: string, count: number): string {
  const date = utc(day);
  return iso(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1)));
}

/** The day on which the week, month, quarter or year of a day begins; weeks on Monday, as the server reckons them. */
export function startOf(day: string, unit: Unit): string {
  const date = utc(day);
  if (unit === 'week') return addDays(day, -((date.getUTCDay() + 6) % 7));
  if (unit === 'month') return addMonths(day, 0);
  if (unit === 'quarter') return addMonths(day, -(date.getUTCMonth() % 3));
  return unit === 'year' ? `${day.slice(0, 4)}-01-01` : day;
}

/** The day on which a week of the calendar begins that is shown to people: 0 is Sunday, 1 Monday, 6 Saturday. */
export function weekOf(day: string, firstDay: number): string {
  return addDays(day, -((utc(day).getUTCDay() - firstDay + 7) % 7));
}

/** The first day of the stretch so many units away from that of `day`. */
export function step(day: string, unit: Unit, count: number): string {
  const from = startOf(day, unit);
  if (unit === 'day') return addDays(from, count);
  if (unit === 'week') return addDays(from, 7 * count);
  return addMonths(from, { month: 1, quarter: 3, year: 12 }[unit] * count);
}

/** The day of a value: itself where it is one, else the day that it is then in the zone. */
export function dayOf(value: string, timeZone: string): string {
  if (value.length === 10) return value;
  return iso(new Date(wall(Date.parse(value), timeZone)));
}

/** The moment at which a day begins in the zone. */
export function beginOf(day: string, timeZone: string): string {
  return new Date(momentOf(utc(day).getTime(), timeZone)).toISOString();
}

/** The first and the last moment of some days, as filters of moments take them: both count. */
export function momentsOf({ from, to }: { from: string; to: string }, timeZone: string): [string, string] {
  const last = Date.parse(beginOf(addDays(to, 1), timeZone)) - 1;
  return [beginOf(from, timeZone), new Date(last).toISOString()];
}

/** A value moved to another day; a moment keeps its time of day. */
export function onDay(value: string, day: string, timeZone: string): string {
  if (value.length === 10) return day;
  const clock = wall(Date.parse(value), timeZone) % length;
  return new Date(momentOf(utc(day).getTime() + clock, timeZone)).toISOString();
}

/** The moment at which clocks of the zone show so many minutes after midnight on a day. */
export function atClock(day: string, minutes: number, timeZone: string): string {
  return new Date(momentOf(utc(day).getTime() + minutes * 60_000, timeZone)).toISOString();
}

export function today(timeZone: string, now = new Date()): string {
  return dayOf(now.toISOString(), timeZone);
}

/** A stretch in words: "November 2026", "Q4 2026", "16 – 22 Nov 2026". */
export function nameOf(day: string, unit: Unit, locale: string): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const date = utc(day);
  if (unit === 'year') return format({ year: 'numeric' }).format(date);
  if (unit === 'month') return format({ month: 'long', year: 'numeric' }).format(date);
  if (unit === 'quarter') {
    const quarter = String(Math.floor(date.getUTCMonth() / 3) + 1);
    return t('period.nth', { quarter, year: String(date.getUTCFullYear()) });
  }
  const medium = format({ dateStyle: 'medium' });
  return unit === 'week' ? medium.formatRange(date, utc(addDays(day, 6))) : medium.format(date);
}
