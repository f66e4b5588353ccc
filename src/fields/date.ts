import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type ParseScope,
  type Refusal,
  refuse,
  sql,
} from '../engine/index.ts';
import { comparison, counts, emptiness, equality, plainOrder, times } from './operators.ts';
import { bucketNames, bucketUnits, during } from './period.ts';
import { lookupKey } from './reading.ts';

const iso = /^(\d{4})-(\d\d)-(\d\d)$/;
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the calendar has such a day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && (year % 4 === 0 ? year % 100 !== 0 || year % 400 === 0 : false);
  return day <= lengths[month - 1]! + (leap ? 1 : 0);
}

function dayOf(year: number, month: number, day: number): string | null {
  if (!isDay(year, month, day)) return null;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

const monthNames = new Map<string, Map<string, number>>();

/** Month names of a locale and of English, long and short, → 1 to 12. */
function monthsOf(locale: string): Map<string, number> {
  let found = monthNames.get(locale);
  if (!found) {
    found = new Map();
    for (const language of ['en', locale])
      for (const style of ['long', 'short'] as const) {
        const names = new Intl.DateTimeFormat(language, { month: style, day: 'numeric', timeZone: 'UTC' });
        for (let month = 0; month < 12; month++) {
          const parts = names.formatToParts(Date.UTC(2026, month, 1));
          found.set(lookupKey(parts.find(part => part.type === 'month')!.value), month + 1);
        }
      }
    monthNames.set(locale, found);
  }
  return found;
}

/** Whether a locale writes the month before the day, as Americans do. */
const monthFirst = new Map<string, boolean>();
function writesMonthFirst(locale: string): boolean {
  let found = monthFirst.get(locale);
  if (found === undefined) {
    const order = new Intl.DateTimeFormat(locale, { dateStyle: 'short' })
      .formatToParts(0)
      .map(part => part.type);
    found = order.indexOf('month') < order.indexOf('day');
    monthFirst.set(locale, found);
  }
  return found;
}

/** A day as people of a locale write it, as YYYY-MM-DD; null when it is none or could be two. */
export function readDay(text: string, locale: string): string | null {
  const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?$/.exec(text);
  if (yearFirst) return dayOf(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4]));
  const numeric = /^(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})$/.exec(text);
  if (numeric) {
    const [first, second, year] = [Number(numeric[1]), Number(numeric[3]), Number(numeric[4])];
    const american = numeric[2] !== '.' && (writesMonthFirst(locale) ? first <= 12 : second > 12);
    return american ? dayOf(year, first, second) : dayOf(year, second, first);
  }
  const words = lookupKey(text)
    .split(' ')
    .filter(word => word !== 'de');
  const year = Number(words[2]);
  if (words.length !== 3 || !/^\d{4}$/.test(words[2]!)) return null;
  const months = monthsOf(locale);
  const [left, right] = words as [string, string];
  const day = /^\d{1,2}(st|nd|rd|th)?$/;
  if (months.has(right) && day.test(left)) return dayOf(year, months.get(right)!, Number.parseInt(left, 10));
  if (months.has(left) && day.test(right)) return dayOf(year, months.get(left)!, Number.parseInt(right, 10));
  return null;
}

function refused(field: Field): Refusal {
  return refuse('notADate', `${field.label} takes a day of the calendar as YYYY-MM-DD, such as 2026-11-21.`);
}

function parse(input: unknown, field: Field): string | Refusal {
  const match = typeof input === 'string' ? iso.exec(input.trim()) : null;
  const day = match && dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return day ?? refused(field);
}

const comparable = { type: 'date', key: (value: string) => value };

/** A day of the calendar, without time and time zone. */
export const dateType: FieldType<string> = {
  name: 'date',
  label: 'Date',
  help: 'A day of the calendar, such as a birthday or a due date.',
  icon: 'calendar',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'date' }], put: value => [value] },
  schema: () => Type.String({ format: 'date' }),
  parse,
  parseText: (text: string, field: Field, scope: ParseScope) =>
    readDay(text.trim().replace(/[ T]0?0:00(:00(\.0+)?)?$/, ''), scope.locale) ?? refused(field),
  format: value => value,
  recognises: { rank: 5, test: text => /^\d{4}-\d\d-\d\d$/.test(text) },
  operators: {
    ...equality(comparable),
    ...comparison(comparable, times),
    during: during('date', days => days),
    ...emptiness(),
  },
  sort: plainOrder('date'),
  group: (cell, _field, _scope, bucket) =>
    bucket && bucketUnits[bucket]
      ? sql`date_trunc(${bucketUnits[bucket]}, ${cell()}::timestamp)::date`
      : cell(),
  buckets: bucketNames,
  aggregates: {
    min: { label: 'Earliest', sql: cell => sql`min(${cell()})` },
    max: { label: 'Latest', sql: cell => sql`max(${cell()})` },
    ...counts,
  },
  cel: {
    type: 'timestamp',
    sql: cell => sql`(${cell()}::timestamp at time zone 'UTC')`,
    value: day => new Date(day),
  },
  samples: [
    { input: '2026-11-21', value: '2026-11-21', text: '2026-11-21' },
    { input: '2028-02-29', value: '2028-02-29', text: '2028-02-29' },
    { input: '0099-01-01', value: '0099-01-01', text: '0099-01-01' },
    { input: '9999-12-31', value: '9999-12-31', text: '9999-12-31' },
  ],
  refused: [
    { input: '2026-02-29', code: 'notADate' },
    { input: '21.11.2026', code: 'notADate' },
    { input: '2026-11-21T10:00:00Z', code: 'notADate' },
    { input: 20261121, code: 'notADate' },
    { input: '0000-01-01', code: 'notADate' },
  ],
};

/** A day of the calendar: `closeDate: date()`. */
export const date = fieldOf(dateType);
