/** What figures of decided deals come to. Pure; amounts are decimal texts and never floats. */
import type { Filter } from '../../../engine/index.ts';
import { fraction, inUnits, product, withPoint } from '../decimals.ts';

/** What is counted, before anything is worked out of it. */
export interface Counted {
  won: number;
  lost: number;
  /** Sum of what was won, in the currency of the workspace. */
  amount: string;
  /** Days from opening to winning of all won deals for which both are known, and how many those are. */
  days: number;
  timed: number;
  /** Deals open at the end of the period, and their sum. */
  open: number;
  openAmount: string;
}

export interface Figures extends Counted {
  /** Won of all decided, of 1; null where none was decided. */
  winRate: number | null;
  /** Won amount by deal; null where none was won. */
  average: string | null;
  /** Days from opening to winning on average. */
  cycle: number | null;
  /** What the open deals bring per day at that rate, value and pace: deals × win rate × average ÷ cycle. */
  velocity: string | null;
}

/** `digits`: of the smallest unit of the currency. */
export function figuresOf(counted: Counted, digits: number): Figures {
  const { won, lost, amount, days, timed, open } = counted;
  const decided = won + lost;
  const part = (n: number, d: number) => ({ n: BigInt(n), d: BigInt(d) });
  const round = (...factors: Parameters<typeof product>) =>
    withPoint(inUnits(product(...factors), digits, 'halfUp'), digits);
  const fits = won > 0 && timed > 0 && days > 0;
  return {
    ...counted,
    winRate: decided > 0 ? won / decided : null,
    average: won > 0 ? round(fraction(amount), part(1, won)) : null,
    cycle: timed > 0 ? days / timed : null,
    velocity: fits ? round(fraction(amount), part(open, decided), part(timed, days)) : null,
  };
}

/**
 * Where the true rate lies with 95 % confidence, given so many out of n (Wilson's score interval, 1927): of 1 of 1 it says
 * 21 % to 100 %, where the plain quotient says 100 %. Null for none.
 */
export function interval(won: number, n: number): { low: number; high: number } | null {
  if (n === 0) return null;
  const z = 1.959964;
  const rate = won / n;
  const weight = 1 + z ** 2 / n;
  const middle = (rate + z ** 2 / (2 * n)) / weight;
  const half = (z / weight) * Math.sqrt((rate * (1 - rate)) / n + z ** 2 / (4 * n ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Change from one figure to another of 1; null where there is nothing to compare with. */
export function changeOf(now: number | null, then: number | null): number | null {
  return now === null || then === null || then === 0 ? null : (now - then) / Math.abs(then);
}

const milliseconds = 86_400_000;
const dayAfter = (day: string, count: number) =>
  new Date(Date.parse(day) + count * milliseconds).toISOString().slice(0, 10);

/** The last day of the month so many months after that of a day. */
function endOfMonth(day: string, months: number): string {
  const date = new Date(day);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0))
    .toISOString()
    .slice(0, 10);
}

/** The twelve months that end with that of `to`: last days, the earliest first; that of today ends today. */
export function monthsUntil(to: string, today: string): string[] {
  const last = to < today ? to : today;
  return Array.from({ length: 12 }, (_, index) => endOfMonth(last, index - 11)).map(day =>
    day < today ? day : today,
  );
}

/** Days at whose end the pipeline is looked at: all of a month, weekly up to half a year, else the last of each month. None to come. */
export function pointsOf(from: string, to: string, today: string): string[] {
  const last = to < today ? to : today;
  const length = (Date.parse(to) - Date.parse(from)) / milliseconds + 1;
  const points: string[] = [];
  if (length > 200)
    for (let month = 0; points.length < 60; month++) {
      const day = endOfMonth(from, month);
      if (day >= last) break;
      points.push(day);
    }
  else
    for (let day = dayAfter(from, length > 45 ? 6 : 0); day < last; day = dayAfter(day, length > 45 ? 7 : 1))
      points.push(day);
  return last < from ? [] : [...points, last];
}

/** Deals that were open on some day of the period, or decided in it. */
export function openWithin({ from, to }: { from: string; to: string }): Filter {
  return {
    and: [
      {
        or: [
          { field: 'openedOn', op: 'lte', value: to },
          { field: 'openedOn', op: 'empty' },
        ],
      },
      {
        or: [
          { field: 'status', op: 'is', value: 'open' },
          { field: 'closeDate', op: 'gte', value: from },
        ],
      },
    ],
  };
}
