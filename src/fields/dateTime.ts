import { Temporal } from 'temporal-polyfill';
import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type ParseScope,
  type Refusal,
  refuse,
  type Sql,
  sql,
} from '../engine/index.ts';
import { isDay, readDay } from './date.ts';
import { comparison, counts, emptiness, equality, plainOrder, times } from './operators.ts';
import { bucketNames, bucketUnits, during, startOfDay } from './period.ts';
import { longestNumeral } from './reading.ts';

const iso =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const clock = /^(.+?)[,T]?\s*(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s?([ap])\.?m\.?)?$/i;

function wrong(field: Field): Refusal {
  return refuse(
    'notADateTime',
    `${field.label} takes a moment with its time zone, such as 2026-11-21T09:30:00Z.`,
  );
}

/** Milliseconds since 1970 of an ISO 8601 moment; `zone` is for one without an offset. */
function momentOf(match: RegExpExecArray, zone: string | null): number | null {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = match[8];
  if (!offset)
    return zone === null ? null : inZone({ year, month, day, hour, minute, second, millisecond }, zone);
  const utc = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, millisecond));
  utc.setUTCFullYear(year, month - 1, day);
  return utc.getTime() - minutesOf(offset) * 60_000;
}

function minutesOf(offset: string): number {
  if (offset.length === 1) return 0;
  const digits = offset.replace(/\D/g, '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -minutes : minutes;
}

/** A clock time that the zone skips in spring is read as the hour after; one that it has twice, as the first. */
function inZone(local: Temporal.PlainDateTimeLike, zone: string): number {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
}

const first = Date.parse('0001-01-01T00:00:00Z');
const last = Date.parse('9999-12-31T23:59:59.999Z');

function canonical(moment: number | null, field: Field): string | Refusal {
  return moment === null || moment < first || moment > last ? wrong(field) : new Date(moment).toISOString();
}

function parse(input: unknown, field: Field): string | Refusal {
  const match = typeof input === 'string' ? iso.exec(input.trim()) : null;
  if (!match) return wrong(field);
  if (!match[8])
    return refuse(
      'zoneMissing',
      `${field.label} needs a time zone: end it with Z or an offset, such as +01:00.`,
    );
  return canonical(momentOf(match, null), field);
}

/** Reads a moment; a clock time without offset is local to `scope.timeZone`, a day alone is its midnight there. */
export function readMoment(text: string, field: Field, scope: ParseScope): string | Refusal {
  const trimmed = text.trim();
  if (trimmed.length > longestNumeral) return wrong(field);
  const match = iso.exec(trimmed);
  if (match) return canonical(momentOf(match, scope.timeZone), field);
  const day = readDay(trimmed, scope.locale);
  if (day) return startOfDay(day, scope.timeZone);
  const parts = clock.exec(trimmed);
  const date = parts && readDay(parts[1]!.trim(), scope.locale);
  if (!parts || !date) return wrong(field);
  const [hours, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 0)];
  const half = parts[5]?.toLowerCase();
  const hour = half ? (hours % 12) + (half === 'p' ? 12 : 0) : hours;
  if (hour > 23 || (half && (hours < 1 || hours > 12)) || minute > 59 || second > 59) return wrong(field);
  const time = [hour, minute, second].map(part => String(part).padStart(2, '0')).join(':');
  return canonical(momentOf(iso.exec(`${date}T${time}`)!, scope.timeZone), field);
}

/** What is compared with: a moment, or a day or clock time in the workspace's time zone. */
function operand(input: unknown, field: Field, scope: ParseScope): string | Refusal {
  return typeof input === 'string' ? readMoment(input, field, scope) : wrong(field);
}

function operands(input: unknown, field: Field, scope: ParseScope): string[] | Refusal {
  if (!Array.isArray(input)) return refuse('wrongOperand', 'Give a list of moments.');
  const moments = input.map(item => operand(item, field, scope));
  return (moments.find(moment => typeof moment !== 'string') as Refusal | undefined) ?? (moments as string[]);
}

function pair(input: unknown, field: Field, scope: ParseScope): string[] | Refusal {
  if (!Array.isArray(input) || input.length !== 2) return refuse('wrongOperand', 'A range is [from, to].');
  return operands(input, field, scope);
}

const comparable = { type: 'timestamptz', key: (value: string) => value };
const parsers = { one: operand, many: operands, range: pair };

const comparing = Object.fromEntries(
  Object.entries({ ...equality(comparable), ...comparison(comparable, times) }).map(([name, operator]) => [
    name,
    { ...operator, parse: parsers[operator.operand as keyof typeof parsers] },
  ]),
);

/** A moment as ISO 8601 in UTC with milliseconds. */
export function momentJson(moment: Sql): Sql {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** A moment, the same for everyone on earth. */
export const dateTimeType: FieldType<string> = {
  name: 'dateTime',
  label: 'Date and time',
  help: 'A moment, shown to everyone in their own time zone.',
  icon: 'clock',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'timestamptz(3)' }], put: value => [value] },
  schema: () => Type.String({ format: 'date-time' }),
  parse,
  parseText: readMoment,
  format: value => value,
  json: cell => momentJson(cell()),
  text: cell => momentJson(cell()),
  recognises: { rank: 6, test: text => /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/.test(text) },
  operators: {
    ...comparing,
    during: during('timestamptz', (days, scope) => ({
      from: startOfDay(days.from, scope.timeZone),
      to: startOfDay(days.to, scope.timeZone),
    })),
    ...emptiness(),
  },
  sort: plainOrder('timestamptz'),
  // The time zone is written out, not bound: PostgreSQL must see the same expression again in GROUP BY.
  group: (cell, _field, scope, bucket) =>
    sql`date_trunc(${bucketUnits[bucket ?? 'day'] ?? bucketUnits.day!}, ${cell()} at time zone ${sql.lit(scope.timeZone)})::date`,
  buckets: bucketNames,
  aggregates: {
    min: { label: 'Earliest', sql: cell => sql`min(${cell()})`, json: momentJson },
    max: { label: 'Latest', sql: cell => sql`max(${cell()})`, json: momentJson },
    ...counts,
  },
  cel: { type: 'timestamp', value: moment => new Date(moment) },
  samples: [
    { input: '2026-11-21T09:30:00Z', value: '2026-11-21T09:30:00.000Z', text: '2026-11-21T09:30:00.000Z' },
    {
      input: '2026-03-29T02:30:00.1239+01:00',
      value: '2026-03-29T01:30:00.123Z',
      text: '2026-03-29T01:30:00.123Z',
    },
    { input: '1900-01-01 00:00-0530', value: '1900-01-01T05:30:00.000Z', text: '1900-01-01T05:30:00.000Z' },
    { input: '0050-06-01T00:00:00Z', value: '0050-06-01T00:00:00.000Z', text: '0050-06-01T00:00:00.000Z' },
  ],
  refused: [
    { input: '2026-11-21T09:30:00', code: 'zoneMissing' },
    { input: '2026-11-31T09:30:00Z', code: 'notADateTime' },
    { input: '2026-11-21', code: 'notADateTime' },
    { input: 1_795_000_000_000, code: 'notADateTime' },
    { input: '2026-11-21T24:01:00Z', code: 'notADateTime' },
  ],
};

/** A moment: `startsAt: dateTime()`. */
export const dateTime = fieldOf(dateTimeType);
