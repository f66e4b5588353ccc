/** What the dashboards show, worked out of what the address says and the reports answer. Pure. */

import type { Json } from '../../../engine/index.ts';
import { addDays, startOf, step } from '../../../web/model/days.ts';
import type { DashboardCard } from '../../workspace/module.ts';

export type Unit = 'month' | 'quarter' | 'year' | 'range';
export const units: Unit[] = ['month', 'quarter', 'year', 'range'];
export const comparisons = ['before', 'year', 'none'] as const;

/** What stands in the address. Days are `2026-11-22`. */
export type DashboardSearch = Record<string, string | undefined> & {
  unit?: Unit;
  /** A day within the period; else today. */
  at?: string;
  /** The days of a period of one's own. */
  from?: string;
  to?: string;
  compare?: (typeof comparisons)[number];
  pipeline?: string;
  /** `owner:…` or `team:…` with an id. */
  whose?: string;
  /** A field and its value: `company.sector:retail`. */
  only?: string;
  /** The segment that win rates are told by. */
  by?: string;
};

const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
const id = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const fits = (value: unknown, pattern: RegExp) =>
  typeof value === 'string' && pattern.test(value) ? value : undefined;

/** Whatever stands in the address, reduced to what is understood. */
export function readDashboard(search: Record<string, unknown>): DashboardSearch {
  const { unit, at, from, to, compare, pipeline, whose, only, by } = search;
  return {
    unit: units.find(each => each === unit),
    at: isDay(at) ? at : undefined,
    from: isDay(from) ? from : undefined,
    to: isDay(to) ? to : undefined,
    compare: comparisons.find(each => each === compare),
    pipeline: fits(pipeline, new RegExp(`^${id}$`, 'i')),
    whose: fits(whose, new RegExp(`^(owner|team):${id}$`, 'i')),
    only: fits(only, /^[a-zA-Z]\w*(\.[a-zA-Z]\w*)?:.{0,200}$/),
    by: fits(by, /^[a-z]{1,20}$/),
  };
}

export interface Days {
  from: string;
  to: string;
}

/** The days that are meant, and those that they are compared with. */
export function periodOf(search: DashboardSearch, today: string): Days & { compare: Days | null } {
  const unit = search.unit ?? 'quarter';
  const { compare = 'before' } = search;
  if (unit === 'range') {
    const [from, to] = [search.from ?? startOf(today, 'month'), search.to ?? today].sort() as [
      string,
      string,
    ];
    const length = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    const back = compare === 'year' ? 365 : length;
    return {
      from,
      to,
      compare: compare === 'none' ? null : { from: addDays(from, -back), to: addDays(to, -back) },
    };
  }
  const from = startOf(search.at ?? today, unit);
  const to = addDays(step(from, unit, 1), -1);
  if (compare === 'none') return { from, to, compare: null };
  const start = compare === 'year' ? `${Number(from.slice(0, 4)) - 1}${from.slice(4)}` : step(from, unit, -1);
  return { from, to, compare: { from: start, to: addDays(step(start, unit, 1), -1) } };
}

export type CardKind = DashboardCard;

/** The order in which cards stand where nobody has said otherwise; one too many or too few is no such list. */
const order: Record<CardKind, number> = {
  figures: 0,
  goal: 1,
  funnel: 2,
  overTime: 3,
  revenue: 4,
  winRates: 5,
  sellers: 6,
  attainment: 7,
  stageTimes: 8,
  velocity: 9,
  reasons: 10,
  sources: 11,
  rivals: 12,
};
export const cards = (Object.keys(order) as CardKind[]).sort((a, b) => order[a] - order[b]);

/** A card as rows: what its table shows, and what is exported. */
export interface CardTable {
  head: string[];
  rows: { cells: (string | number | null)[]; texts: string[] }[];
}

const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
/** What a spreadsheet would take for a formula is kept a text. */
const harmless = (cell: string) => (/^[=+@\t\r]|^-\D/.test(cell) ? `'${cell}` : cell);

/** RFC 4180, with the plain values instead of those written for people. */
export function csvOf({ head, rows }: CardTable): string {
  const lines = [head, ...rows.map(({ cells }) => cells.map(cell => (cell === null ? '' : String(cell))))];
  return `${lines.map(line => line.map(cell => quoted(harmless(cell))).join(',')).join('\r\n')}\r\n`;
}

/** The value of a condition in the address as lists take it. */
export function conditionOf(only: string | undefined): { field: string; op: string; value: Json } | null {
  const at = only?.indexOf(':') ?? -1;
  return only && at > 0 ? { field: only.slice(0, at), op: 'is', value: only.slice(at + 1) } : null;
}
