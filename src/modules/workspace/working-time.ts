/** Time counted as people work: within their hours, by the clock of their zone, without the days they are away. Pure. */
import { Temporal } from 'temporal-polyfill';
import { type Hours, weekdays } from './hours.ts';

export interface WorkingTime {
  /** IANA. */
  zone: string;
  hours: Hours;
  /** Whole days off, both included: `2026-03-16`. */
  absences: { from: string; to: string }[];
}

/** Days looked ahead at most: who never works has no working time. */
const furthest = 370;

/** Whether someone works at a moment (milliseconds). */
export function worksAt(time: WorkingTime, at: number): boolean {
  const shift = shiftOf(time, dayAt(time.zone, at));
  return shift !== null && shift.from <= at && at < shift.to;
}

/** The moment at which someone has worked for `length` from `from` on, all in milliseconds; null where that never comes. */
export function workedFor(time: WorkingTime, from: number, length: number): number | null {
  let left = length;
  let day = dayAt(time.zone, from);
  for (let count = 0; count < furthest; count++, day = day.add({ days: 1 })) {
    const shift = shiftOf(time, day);
    if (!shift || shift.to <= from) continue;
    const begin = Math.max(shift.from, from);
    if (shift.to - begin >= left) return begin + left;
    left -= shift.to - begin;
  }
  return null;
}

/** How long someone works between two moments, in milliseconds. */
export function workedBetween(time: WorkingTime, from: number, to: number): number {
  let worked = 0;
  let day = dayAt(time.zone, from);
  for (let count = 0; count < furthest; count++, day = day.add({ days: 1 })) {
    const shift = shiftOf(time, day);
    if (shift) worked += Math.max(0, Math.min(shift.to, to) - Math.max(shift.from, from));
    if (moment(day, '24:00', time.zone) >= to) break;
  }
  return worked;
}

/** The first day off that goes on at a moment, and how long it lasts; null where there is none. */
export function awayAt({ zone, absences }: WorkingTime, at: number): { from: string; to: string } | null {
  const day = dayAt(zone, at).toString();
  return absences.find(({ from, to }) => from <= day && day <= to) ?? null;
}

function shiftOf({ zone, hours, absences }: WorkingTime, day: Temporal.PlainDate) {
  if (!hours.days.includes(weekdays[day.dayOfWeek - 1]!)) return null;
  const date = day.toString();
  if (absences.some(({ from, to }) => from <= date && date <= to)) return null;
  const shift = { from: moment(day, hours.from, zone), to: moment(day, hours.to, zone) };
  return shift.from < shift.to ? shift : null;
}

function dayAt(zone: string, at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}

function moment(day: Temporal.PlainDate, clock: string, zone: string): number {
  const [date, time] = clock === '24:00' ? [day.add({ days: 1 }), '00:00'] : [day, clock];
  return date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}
