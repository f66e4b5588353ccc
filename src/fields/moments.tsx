/** Dates, times and durations in words. */

import type { Json } from '../engine/index.ts';
import { t } from '../kit/words.ts';
import { dateFormat, numberFormat, relativeFormat } from './intl.ts';
import { record, str } from './read.tsx';
import type { Format } from './view.ts';

const day = 86_400_000;

function isDay(iso: string): boolean {
  return iso.length === 10;
}

/** A calendar day as a number that can be subtracted, in the time zone of the person. */
function dayNumber(date: Date, timeZone: string): number {
  const text = dateFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(date);
  return Date.parse(`${text}T00:00:00Z`) / day;
}

export function daysFromNow(iso: string, timeZone: string, now = new Date()): number {
  const then = isDay(iso) ? Date.parse(`${iso}T00:00:00Z`) / day : dayNumber(new Date(iso), timeZone);
  return then - dayNumber(now, timeZone);
}

/** "12 Mar 2026" or "12 Mar 2026, 14:05" */
export function exactly(iso: string, format: Format): string {
  const date = new Date(isDay(iso) ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(date.getTime())) return iso;
  return dateFormat(format.locale, {
    dateStyle: 'medium',
    timeStyle: isDay(iso) ? undefined : 'short',
    timeZone: isDay(iso) ? 'UTC' : format.timeZone,
  }).format(date);
}

function clock(iso: string, format: Format): string {
  return dateFormat(format.locale, { timeStyle: 'short', timeZone: format.timeZone }).format(new Date(iso));
}

/** Near days relative ("tomorrow", "3 days ago"), farther ones as a date without what goes without saying. */
export function relatively(iso: string, format: Format, now = new Date()): string {
  const date = new Date(isDay(iso) ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(date.getTime())) return iso;
  const distance = daysFromNow(iso, format.timeZone, now);
  if (distance === 0 && !isDay(iso)) {
    const minutes = Math.round((date.getTime() - now.getTime()) / 60_000);
    if (Math.abs(minutes) < 1) return t('field.justNow');
    if (Math.abs(minutes) < 60)
      return relativeFormat(format.locale, { style: 'short' }).format(minutes, 'minute');
    return clock(iso, format);
  }
  if (Math.abs(distance) <= 7)
    return capital(relativeFormat(format.locale, { numeric: 'auto' }).format(distance, 'day'));
  const sameYear = date.getUTCFullYear() === now.getUTCFullYear();
  return dateFormat(format.locale, {
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric',
    timeZone: isDay(iso) ? 'UTC' : format.timeZone,
  }).format(date);
}

/** The same with the hour, for what one has to be there for: "Tomorrow, 14:05". */
export function withHour(iso: string, format: Format, now = new Date()): string {
  const day = relatively(iso, format, now);
  if (isDay(iso) || daysFromNow(iso, format.timeZone, now) === 0) return day;
  return t('field.dayAndHour', { day, hour: clock(iso, format) });
}

/** From when to when: "Mon, 23 Nov, 16:00 – 17:00", or whole days: "23 – 24 Nov". */
export function during(from: string, until: string, format: Format, wholeDays = false): string {
  const begin = new Date(from);
  // Whole days last until the next begins.
  const end = new Date(Math.max(Date.parse(from), Date.parse(until) - (wholeDays ? 1 : 0)));
  if (Number.isNaN(end.getTime())) return exactly(from, format);
  const hours: Intl.DateTimeFormatOptions = wholeDays ? {} : { hour: 'numeric', minute: '2-digit' };
  const { timeZone, locale } = format;
  return dateFormat(locale, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', timeZone },
    ...hours,
    year: begin.getUTCFullYear() === new Date().getUTCFullYear() ? undefined : 'numeric',
  }).formatRange(begin, end);
}

/** The day on which weeks begin where people of this locale live: 0 is Sunday, 1 Monday, 6 Saturday. */
export function firstDayOfWeek(locale: string): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  // Older browsers have it as a property, the oldest not at all.
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?(): { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const { firstDay } = known.getWeekInfo?.() ?? known.weekInfo ?? { firstDay: 1 };
  return (firstDay % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** Seconds or an ISO 8601 duration as "1h 30m", as people of the locale write it; without one, as it is typed. */
export function durationWords(value: Json, locale = 'en'): string {
  const seconds = typeof value === 'number' ? value : isoSeconds(str(value));
  if (seconds === null) return str(value);
  const write = (count: number, unit: string) =>
    numberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }).format(count);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor((seconds % 86_400) / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [Math.round(seconds % 60), 'second'],
  ];
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => write(count, unit))
      .join(' ') || write(0, 'minute')
  );
}

function isoSeconds(text: string): number | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  if (!match) return null;
  const [, d = 0, h = 0, m = 0, s = 0] = match;
  return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s);
}

/** "1h 30m", "90m" or "1:30" as seconds; null when it is none of these. */
export function readDuration(text: string): number | null {
  const clockLike = /^(\d+):(\d{2})$/.exec(text.trim());
  if (clockLike) return Number(clockLike[1]) * 3600 + Number(clockLike[2]) * 60;
  const match = /^\s*(?:(\d+)\s*d)?\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?\s*$/i.exec(
    text,
  );
  if (!match?.slice(1).some(Boolean)) return null;
  const [, d = 0, h = 0, m = 0, s = 0] = match;
  return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s);
}

/** A value that an expression made, whatever kind it turned out to be. */
export function computedText(value: Json, format: Format): string {
  if (typeof value === 'number')
    return numberFormat(format.locale, { maximumFractionDigits: 2 }).format(value);
  if (typeof value === 'boolean') return t(value ? 'field.yes' : 'field.no');
  const { amount, currency } = record(value);
  if (typeof currency === 'string')
    return numberFormat(format.locale, {
      style: 'currency',
      currency,
      maximumFractionDigits: 0,
    }).format(Number(amount));
  const text = str(value);
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return exactly(text, format);
  if (/^-?\d+(\.\d+)?$/.test(text))
    return numberFormat(format.locale, { maximumFractionDigits: 2 }).format(Number(text));
  return text || JSON.stringify(value);
}
