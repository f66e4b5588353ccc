/** Where a record lies on a line of days, and where it would lie after being pulled. Pure. */
import { addDays, dayOf, daysBetween, onDay, startOf, step, type Unit } from '../model/days.ts';

export type Zoom = 'week' | 'month' | 'quarter';

/** Pixels of a day. */
export const dayWidth: Record<Zoom, number> = { week: 96, month: 32, quarter: 11 };

/** How much is on the screen: some stretches before and after the one looked at. */
export function stretchOf(at: string, zoom: Zoom): { from: string; to: string } {
  const around: Record<Zoom, [Unit, number, number]> = {
    week: ['week', -1, 4],
    month: ['month', -1, 3],
    quarter: ['quarter', -1, 4],
  };
  const [unit, before, after] = around[zoom];
  return { from: startOf(step(at, unit, before), 'week'), to: step(at, unit, after) };
}

/** Days from the first one to the one after the last. */
export interface Lane {
  from: number;
  to: number;
}

/** The days of a record, counted from `origin`; one without an end takes a day. */
export function laneOf(start: string, end: string | null, origin: string, timeZone: string): Lane {
  const from = daysBetween(origin, dayOf(start, timeZone));
  const last = end ? daysBetween(origin, dayOf(end, timeZone)) : from;
  return { from, to: Math.max(from, last) + 1 };
}

export type Part = 'whole' | 'start' | 'end';

/** The lane after a part of it was pulled by so many days; it never ends before it starts. */
export function pulled({ from, to }: Lane, part: Part, by: number): Lane {
  if (part === 'whole') return { from: from + by, to: to + by };
  if (part === 'start') return { from: Math.min(from + by, to - 1), to };
  return { from, to: Math.max(to + by, from + 1) };
}

/** What the fields become; times of day stay. Null where nothing changes. */
export function moved(
  start: string,
  end: string | null,
  part: Part,
  by: number,
  timeZone: string,
): { start?: string; end?: string } | null {
  if (by === 0) return null;
  const day = dayOf(start, timeZone);
  const lane = laneOf(start, end, day, timeZone);
  const next = pulled(lane, part, by);
  const changes: { start?: string; end?: string } = {};
  if (next.from !== lane.from) changes.start = onDay(start, addDays(day, next.from), timeZone);
  if (end && next.to !== lane.to) changes.end = onDay(end, addDays(day, next.to - 1), timeZone);
  // Pulled at its end, a record without one gets it.
  if (!end && part === 'end' && next.to !== lane.to)
    changes.end = onDay(start, addDays(day, next.to - 1), timeZone);
  return Object.keys(changes).length > 0 ? changes : null;
}

/** The marks of the scale: weeks or months above, days or weeks below. */
export function scale(from: string, to: string, zoom: Zoom): { above: Mark[]; below: Mark[] } {
  const units: Record<Zoom, [Unit, Unit]> = {
    week: ['month', 'day'],
    month: ['month', 'week'],
    quarter: ['quarter', 'month'],
  };
  const [above, below] = units[zoom];
  return { above: marks(from, to, above), below: marks(from, to, below) };
}

export interface Mark {
  day: string;
  unit: Unit;
  from: number;
  days: number;
}

function marks(from: string, to: string, unit: Unit): Mark[] {
  const found: Mark[] = [];
  for (let day = step(from, unit, 0); day < to; day = step(day, unit, 1)) {
    const begin = Math.max(0, daysBetween(from, day));
    const end = Math.min(daysBetween(from, to), daysBetween(from, step(day, unit, 1)));
    found.push({ day, unit, from: begin, days: end - begin });
  }
  return found;
}
