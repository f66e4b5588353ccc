/** What the calendar's address says, and where on its hours things stand, on days of 23 and 25 hours too. Pure. */
import type { Json } from '../../engine/index.ts';
import { wall } from '../../fields/clock.ts';
import { addDays, atClock, beginOf, dayOf, onDay, startOf, step, weekOf } from '../../web/model/days.ts';
import type { AgendaEntry } from './agenda.ts';

export const layouts = ['day', 'workweek', 'week', 'month', 'agenda'] as const;
export type CalendarLayout = (typeof layouts)[number];

export interface CalendarSearch {
  /** The day looked at; today where it is left out. */
  at?: string;
  layout?: CalendarLayout;
  /** User ids with commas, or `team`; oneself where it is left out. */
  people?: string;
  [name: string]: string | undefined;
}

export function readCalendar(search: Record<string, unknown>): CalendarSearch {
  const { at, layout, people } = search;
  const sound = typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at) && !Number.isNaN(Date.parse(at));
  return {
    ...(sound ? { at } : {}),
    ...(layouts.some(name => name === layout) ? { layout: layout as CalendarLayout } : {}),
    ...(typeof people === 'string' && /^(team|[0-9a-f-]{36}(,[0-9a-f-]{36})*)$/.test(people)
      ? { people }
      : {}),
  };
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/** When someone works: `MO` …, and minutes after midnight by their own clock. */
export interface WorkingHours {
  days: string[];
  from: number;
  to: number;
}

const usual: WorkingHours = { days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: 540, to: 1_020 };

function minutesOf(clock: unknown, otherwise: number): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(String(clock)) ?? [];
  return hours === undefined ? otherwise : Number(hours) * 60 + Number(minutes);
}

/** From what stands in a user's record. */
export function readHours(value: Json | undefined): WorkingHours {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return usual;
  const days = Array.isArray(value.days) ? value.days.map(String) : usual.days;
  return { days, from: minutesOf(value.from, usual.from), to: minutesOf(value.to, usual.to) };
}

function worksOn(day: string, { days }: WorkingHours): boolean {
  return days.includes(weekdays[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] ?? '');
}

/** Days that an agenda shows. */
const agendaDays = 21;

/** The days on the screen; weeks begin on `firstDay` (0 is Sunday). */
export function daysOf(layout: CalendarLayout, at: string, hours: WorkingHours, firstDay = 1): string[] {
  const stretch = (from: string, count: number) => Array.from({ length: count }, (_, n) => addDays(from, n));
  if (layout === 'day') return [at];
  if (layout === 'agenda') return stretch(at, agendaDays);
  if (layout === 'month') {
    const from = weekOf(startOf(at, 'month'), firstDay);
    return stretch(from, addDays(from, 35) < step(at, 'month', 1) ? 42 : 35);
  }
  const week = stretch(weekOf(at, firstDay), 7);
  const working = week.filter(day => worksOn(day, hours));
  return layout === 'workweek' && working.length > 0 ? working : week;
}

/** The day to look at after going on, or back, by one screen. */
export function gone(layout: CalendarLayout, at: string, count: 1 | -1): string {
  if (layout === 'month') return step(at, 'month', count);
  return addDays(at, count * { day: 1, agenda: agendaDays, week: 7, workweek: 7 }[layout]);
}

const minute = 60_000;

/** An hour as the clock shows it; `fold` tells the second of two of the same name apart. */
interface Hour {
  hour: number;
  fold: number;
}
/** An hour that a day has: from when, and the minute with which it begins there. */
interface Slot extends Hour {
  at: number;
  minute: number;
}

function slotsOf(day: string, timeZone: string): Slot[] {
  const end = Date.parse(beginOf(addDays(day, 1), timeZone));
  const found: Slot[] = [];
  for (let at = Date.parse(beginOf(day, timeZone)); at < end; ) {
    const shown = wall(at, timeZone);
    const [hour, past] = [Math.floor(shown / 3_600_000) % 24, Math.floor(shown / minute) % 60];
    found.push({ hour, fold: found.filter(slot => slot.hour === hour).length, at, minute: past });
    at += (60 - past) * minute;
  }
  return found;
}

/** The hours of some days beside each other: all that any of them has, in their order. */
export interface Axis {
  hours: Hour[];
  slots: Map<string, Slot[]>;
}

export function axisOf(days: string[], timeZone: string): Axis {
  const slots = new Map(days.map(day => [day, slotsOf(day, timeZone)]));
  const all = new Map([...slots.values()].flat().map(({ hour, fold }) => [hour * 2 + fold, { hour, fold }]));
  return { hours: [...all].sort(([a], [b]) => a - b).map(([, hour]) => hour), slots };
}

function indexOf({ hours }: Axis, { hour, fold }: Hour): number {
  return hours.findIndex(each => each.hour === hour && each.fold === fold);
}

/** How far down a moment stands on its day, in hours of the axis. */
export function rowOf(axis: Axis, day: string, moment: number): number {
  const slots = axis.slots.get(day) ?? [];
  const slot = slots.findLast(({ at }) => at <= moment);
  if (!slot) return 0;
  const past = slot.minute + (moment - slot.at) / minute;
  return indexOf(axis, slot) + Math.min(60, past) / 60;
}

/** The moment at a height of a day; in an hour that the day lacks, the one after it. */
export function momentAt(axis: Axis, day: string, row: number): number {
  const slots = axis.slots.get(day) ?? [];
  const place = Math.max(0, Math.min(row, axis.hours.length));
  const slot = slots.findLast(each => indexOf(axis, each) <= place);
  if (!slot) return slots[0]?.at ?? 0;
  const next = slots[slots.indexOf(slot) + 1];
  const past = (place - indexOf(axis, slot)) * 60 - slot.minute;
  const end = next?.at ?? slot.at + (60 - slot.minute) * minute;
  return Math.min(end, slot.at + Math.max(0, past) * minute);
}

/** Stretches of the axis that a day does not have. */
export function missingOf(axis: Axis, day: string): { from: number; to: number }[] {
  const had = new Set((axis.slots.get(day) ?? []).map(slot => indexOf(axis, slot)));
  return axis.hours.flatMap((_, index) => (had.has(index) ? [] : [{ from: index, to: index + 1 }]));
}

/** Stretches of a day outside someone's working hours, by their clock. */
export function idleOf(
  axis: Axis,
  day: string,
  timeZone: string,
  hours: WorkingHours,
  theirZone: string,
): { from: number; to: number }[] {
  const [begin, end] = [beginOf(day, timeZone), beginOf(addDays(day, 1), timeZone)].map(Date.parse) as [
    number,
    number,
  ];
  const shifts = [-1, 0, 1]
    .map(away => addDays(dayOf(new Date(begin).toISOString(), theirZone), away))
    .concat(addDays(dayOf(new Date(begin).toISOString(), theirZone), 2))
    .filter(each => worksOn(each, hours))
    .map(
      each =>
        [hours.from, hours.to].map(minutes => Date.parse(atClock(each, minutes, theirZone))) as [
          number,
          number,
        ],
    )
    .filter(([from, to]) => to > begin && from < end);
  const idle: { from: number; to: number }[] = [];
  let at = begin;
  for (const [from, to] of shifts) {
    if (from > at) idle.push({ from: rowOf(axis, day, at), to: endRow(axis, day, from) });
    at = Math.max(at, to);
  }
  if (at < end) idle.push({ from: rowOf(axis, day, at), to: axis.hours.length });
  return idle;
}

/** Where something ends that lasts until `moment`: hours that the day lacks are not part of it. */
export function endRow(axis: Axis, day: string, moment: number): number {
  return rowOf(axis, day, moment - minute) + 1 / 60;
}

export interface Placed {
  entry: AgendaEntry;
  /** Hours of the axis. */
  top: number;
  bottom: number;
  /** Its lane, of so many beside each other. */
  lane: number;
  lanes: number;
}

/** No mark is lower than this, in hours: what takes time, so that two half hours stand below each other, and what does not. */
const least = { lasting: 0.45, point: 0.625 };

/** Entries of a day on the axis; those at the same time stand beside each other. */
export function placedOn(axis: Axis, day: string, timeZone: string, entries: AgendaEntry[]): Placed[] {
  const [begin, end] = [beginOf(day, timeZone), beginOf(addDays(day, 1), timeZone)].map(Date.parse) as [
    number,
    number,
  ];
  const on = entries
    .flatMap(entry => {
      const from = Date.parse(entry.at);
      const to = entry.until ? Date.parse(entry.until) : from;
      if (from >= end || (to <= begin && from < begin)) return [];
      const top = rowOf(axis, day, Math.max(from, begin));
      const bottom = to > from ? endRow(axis, day, Math.min(to, end)) : top;
      const lowest = top + (to > from ? least.lasting : least.point);
      return [{ entry, top, bottom: Math.max(bottom, lowest), lane: 0, lanes: 1 }];
    })
    .sort((a, b) => a.top - b.top || b.bottom - a.bottom);
  for (let first = 0; first < on.length; ) first = lay(on, first);
  return on;
}

/** Gives lanes to those from `first` on that overlap by way of one another; answers where the next begin. */
function lay(on: Placed[], first: number): number {
  const ends: number[] = [];
  let after = first;
  for (let last = -1; after < on.length; after++) {
    const each = on[after]!;
    if (after > first && each.top >= last) break;
    const free = ends.findIndex(end => end <= each.top);
    each.lane = free === -1 ? ends.length : free;
    ends[each.lane] = each.bottom;
    last = Math.max(last, each.bottom);
  }
  for (const each of on.slice(first, after)) each.lanes = ends.length;
  return after;
}

/** The days of an entry, both counted in; one that ends at midnight does not reach into the next day. */
export function daysOfEntry({ at, until }: AgendaEntry, timeZone: string): { from: string; to: string } {
  const from = dayOf(at, timeZone);
  if (!until) return { from, to: from };
  const last = until.length === 10 ? until : dayOf(new Date(Date.parse(until) - 1).toISOString(), timeZone);
  return { from, to: [from, last].sort().at(-1) ?? from };
}

/** What takes whole days stands above the hours. */
export function isLong({ at, until, allDay }: AgendaEntry): boolean {
  return allDay || at.length === 10 || (until !== null && Date.parse(until) - Date.parse(at) >= 86_400_000);
}

/** Entries over days in lines one below the other: first and last day as places among `days`. */
export function lined(
  days: string[],
  entries: AgendaEntry[],
  timeZone: string,
): { entry: AgendaEntry; from: number; to: number; line: number }[] {
  const ends: number[] = [];
  return entries
    .map(entry => ({ entry, ...daysOfEntry(entry, timeZone) }))
    .filter(({ from, to }) => days.some(day => day >= from && day <= to))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : b.to.localeCompare(a.to)))
    .map(({ entry, from, to }) => {
      const first = days.findIndex(day => day >= from);
      const last = days.findLastIndex(day => day <= to);
      const free = ends.findIndex(end => end < first);
      const line = free === -1 ? ends.length : free;
      ends[line] = last;
      return { entry, from: first, to: last, line };
    });
}

type Times = Pick<AgendaEntry, 'at' | 'until'>;

/** An entry moved by so many days; its hours stay. */
export function byDays({ at, until }: Times, days: number, timeZone: string): Times {
  const moved = (moment: string) => onDay(moment, addDays(dayOf(moment, timeZone), days), timeZone);
  return { at: moved(at), until: until && moved(until) };
}

/** An entry whose last day is so many days later: never before its first. What ends at midnight does so again. */
export function stretchedBy(entry: AgendaEntry, days: number, timeZone: string): Times {
  const { at, until } = entry;
  const { from, to } = daysOfEntry(entry, timeZone);
  const last = [from, addDays(to, days)].sort().at(-1) ?? from;
  if (until?.length === 10 || at.length === 10) return { at, until: last };
  const whole = until === null || until === beginOf(dayOf(until, timeZone), timeZone);
  const ends = whole ? beginOf(addDays(last, 1), timeZone) : onDay(until, last, timeZone);
  return { at, until: ends > at ? ends : until };
}

/** The key of an entry among all others. */
export function keyOf({ object, id, occurrence }: AgendaEntry): string {
  return `${object} ${id} ${occurrence ?? ''}`;
}
