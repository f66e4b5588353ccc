/**
 * Stretches of time relative to now, as plain JSON: `{ period: 'thisMonth' }`, `{ last: 7, unit: 'day' }`,
 * `{ next: 2, unit: 'week' }`. They are reckoned in the workspace's time zone; weeks start on Monday. "Last" and "next"
 * both include today: the last 7 days are today and the six before it.
 */
import { Temporal } from 'temporal-polyfill';
import {
  type Json,
  type Operator,
  type Refusal,
  refuse,
  type Sql,
  type SqlScope,
  sql,
} from '../engine/index.ts';

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';
export type Period = { period: string } | { last: number; unit: Unit } | { next: number; unit: Unit };

/** A stretch of days: `from` is in it, `to` is not. */
export interface Days {
  from: string;
  to: string;
}

const units: Unit[] = ['day', 'week', 'month', 'quarter', 'year'];

/** Name → unit and how many units away it starts. */
const named: Record<string, [unit: Unit, away: number]> = {
  today: ['day', 0],
  yesterday: ['day', -1],
  tomorrow: ['day', 1],
  ...Object.fromEntries(
    (['week', 'month', 'quarter', 'year'] as const).flatMap(unit => {
      const name = unit.charAt(0).toUpperCase() + unit.slice(1);
      return [
        [`this${name}`, [unit, 0]],
        [`last${name}`, [unit, -1]],
        [`next${name}`, [unit, 1]],
      ];
    }),
  ),
};

/** Reads a period from JSON, its name (`thisMonth`), or words (`last 7 days`). */
export function parsePeriod(input: unknown): Json | Refusal {
  const wrong = () =>
    refuse(
      'notAPeriod',
      'Give a period such as {"period": "thisMonth"}, {"last": 7, "unit": "day"} or {"next": 2, "unit": "week"}.',
    );
  if (typeof input === 'string') {
    const words = /^(last|next) (\d{1,4}) (day|week|month|quarter|year)s?$/i.exec(input.trim());
    if (words)
      return parsePeriod({ [words[1]!.toLowerCase()]: Number(words[2]), unit: words[3]!.toLowerCase() });
    return Object.hasOwn(named, input) ? { period: input } : wrong();
  }
  if (typeof input !== 'object' || input === null) return wrong();
  const { period, last, next, unit } = input as Record<string, unknown>;
  if (typeof period === 'string') return Object.hasOwn(named, period) ? { period } : wrong();
  const count = last ?? next;
  const counts = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= 9999;
  if (!counts || !units.includes(unit as Unit)) return wrong();
  return last === undefined ? { next: count, unit: unit as Unit } : { last: count, unit: unit as Unit };
}

/** The days a period means at `now` in `timeZone`. */
export function daysOf(period: Period, now: Date, timeZone: string): Days {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  if ('period' in period) {
    const [unit, away] = named[period.period]!;
    const from = startOf(today, unit).add(steps(unit, away));
    return { from: from.toString(), to: from.add(steps(unit, 1)).toString() };
  }
  if ('last' in period) {
    const from = today.subtract(steps(period.unit, period.last)).add({ days: 1 });
    return { from: from.toString(), to: today.add({ days: 1 }).toString() };
  }
  return { from: today.toString(), to: today.add(steps(period.unit, period.next)).toString() };
}

function startOf(day: Temporal.PlainDate, unit: Unit): Temporal.PlainDate {
  if (unit === 'week') return day.subtract({ days: day.dayOfWeek - 1 });
  if (unit === 'month') return day.with({ day: 1 });
  if (unit === 'quarter') return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) });
  return unit === 'year' ? day.with({ day: 1, month: 1 }) : day;
}

function steps(unit: Unit, count: number): Temporal.DurationLike {
  return unit === 'quarter' ? { months: 3 * count } : { [`${unit}s`]: count };
}

/** The moment a day starts in a time zone, as UTC. */
export function startOfDay(day: string, timeZone: string): string {
  const start = Temporal.PlainDate.from(day).toZonedDateTime(timeZone);
  return new Date(start.epochMilliseconds).toISOString();
}

/** The operator `during`; `bounds` turns days into what the column holds. */
export function during(
  type: 'date' | 'timestamptz',
  bounds: (days: Days, scope: SqlScope) => Days,
): Operator<string> {
  const cast = sql.raw(`::${type}`);
  const range = (operand: Json, scope: SqlScope) =>
    bounds(daysOf(operand as Period, scope.now, scope.timeZone), scope);
  return {
    label: 'is in the period',
    operand: 'period',
    parse: parsePeriod,
    sql: (cell, operand, _field, scope) => {
      const { from, to } = range(operand, scope);
      return sql`(${cell()} >= ${from}${cast} and ${cell()} < ${to}${cast})`;
    },
    test: (value, operand, _field, scope) => {
      const { from, to } = range(operand, scope);
      return value >= from && value < to;
    },
  };
}

/** Units by which dates are grouped, as SQL constants. */
export const bucketUnits: Record<string, Sql> = Object.fromEntries(units.map(unit => [unit, sql.lit(unit)]));
export const bucketNames: string[] = units;
