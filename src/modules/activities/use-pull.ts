/** Pulling in the hour grid: an entry to another hour or day, its end to another hour, and strokes on empty hours. */
import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { addDays, dayOf } from '../../web/model/days.ts';
import type { AgendaEntry } from './agenda.ts';
import { type Axis, axisOf, byDays, endRow, keyOf, momentAt, rowOf, stretchedBy } from './calendar-view.ts';
import type { Times } from './use-calendar.ts';

/** Pixels of an hour. */
export const hourHeight = 48;
/** What is pulled holds at these, in hours. */
const grain = 0.25;
const shortest = 15 * 60_000;

export type Part = 'whole' | 'end';

const snapped = (row: number) => Math.round(row / grain) * grain;
const iso = (moment: number) => new Date(moment).toISOString();

/** The times of an entry of which a part was pulled by so many hours, and days. */
export function pulledTimes(
  { at, until }: Times,
  part: Part,
  by: { rows: number; days: number },
  timeZone: string,
): Times {
  const begin = Date.parse(at);
  const length = until ? Date.parse(until) - begin : null;
  if (part === 'end') {
    const end = until ? Date.parse(until) : begin + 2 * shortest;
    const day = dayOf(iso(end - 1), timeZone);
    const axis = axisOf([day], timeZone);
    const moved = momentAt(axis, day, snapped(endRow(axis, day, end) + by.rows));
    return { at, until: iso(Math.max(begin + shortest, moved)) };
  }
  const from = dayOf(at, timeZone);
  const to = addDays(from, by.days);
  const [before, after] = [axisOf([from], timeZone), axisOf([to], timeZone)];
  const row = rowOf(before, from, begin) + by.rows;
  // The hours of the two days are matched by their names, as one of them may lack some.
  const hour = before.hours[Math.max(0, Math.min(before.hours.length - 1, Math.floor(row)))];
  const match = after.hours.findIndex(each => each.hour === hour?.hour && each.fold <= (hour?.fold ?? 0));
  const place = match === -1 ? row : match + (row - Math.floor(row));
  const moved = momentAt(after, to, by.rows === 0 ? place : snapped(place));
  return { at: iso(moved), until: length === null ? null : iso(moved + length) };
}

export interface Pulled {
  key: string;
  times: Times;
}

/** Pulls entries; `onDone` gets what came of it. A click that ends a pull is told by `wasPulled`. */
export function usePull(
  body: RefObject<HTMLElement | null>,
  columns: number,
  daysOfColumn: number,
  timeZone: string,
  onDone: (entry: AgendaEntry, times: Times) => void,
) {
  const [pulled, setPulled] = useState<Pulled | null>(null);
  const wasPulled = useRef(false);

  function grab(event: PointerEvent<HTMLElement>, entry: AgendaEntry, part: Part) {
    wasPulled.current = false;
    // A finger scrolls; on phones an entry is moved by its dialog.
    if (event.button !== 0 || event.pointerType === 'touch') return;
    event.stopPropagation();
    const handle = event.currentTarget;
    const [x, y] = [event.clientX, event.clientY];
    const top = body.current?.getBoundingClientRect().top ?? 0;
    const width = (body.current?.getBoundingClientRect().width ?? 1) / columns;
    const way = getComputedStyle(handle).direction === 'rtl' ? -1 : 1;
    let times: Times | null = null;
    const onMove = (moved: globalThis.PointerEvent) => {
      // Scrolled meanwhile, the hours have gone under the hand.
      const scrolled = top - (body.current?.getBoundingClientRect().top ?? top);
      const rows = snapped((moved.clientY - y + scrolled) / hourHeight);
      const days = part === 'end' ? 0 : Math.round(((moved.clientX - x) * way) / width) * daysOfColumn;
      if (rows !== 0 || days !== 0) wasPulled.current = true;
      times = wasPulled.current ? pulledTimes(entry, part, { rows, days }, timeZone) : null;
      setPulled(times && { key: keyOf(entry), times });
    };
    // On another day the entry is drawn anew in another column: the page has the hand, as the entry would lose it.
    const listening = new AbortController();
    const over = (done: boolean) => {
      listening.abort();
      setPulled(null);
      if (done && times && (times.at !== entry.at || times.until !== entry.until)) onDone(entry, times);
    };
    const { signal } = listening;
    addEventListener('pointermove', onMove, { signal });
    addEventListener('pointerup', () => over(true), { signal });
    addEventListener('pointercancel', () => over(false), { signal });
  }
  return { pulled, grab, wasPulled };
}

export interface Stroke {
  column: string;
  from: number;
  to: number;
}

/** Strokes over empty hours of a column. */
export function useStroke(axis: Axis, onDone: (column: string, from: number, to: number) => void) {
  const [stroke, setStroke] = useState<Stroke | null>(null);

  function begin(event: PointerEvent<HTMLElement>, column: string) {
    if (event.button !== 0 || event.target !== event.currentTarget || event.pointerType === 'touch') return;
    const area = event.currentTarget;
    area.setPointerCapture(event.pointerId);
    const rowAt = (clientY: number) => {
      const row = (clientY - area.getBoundingClientRect().top) / hourHeight;
      return Math.max(0, Math.min(axis.hours.length, row));
    };
    const first = Math.floor(rowAt(event.clientY) / grain) * grain;
    let last = first;
    area.onpointermove = moved => {
      last = snapped(rowAt(moved.clientY));
      setStroke({ column, from: Math.min(first, last), to: Math.max(first + grain, last) });
    };
    const over = (done: boolean) => {
      area.onpointermove = area.onpointerup = area.onpointercancel = null;
      setStroke(null);
      // Only touched, an hour is meant.
      if (done)
        onDone(column, Math.min(first, last), last === first ? first + 1 : Math.max(first + grain, last));
    };
    area.onpointerup = () => over(true);
    area.onpointercancel = () => over(false);
  }
  return { stroke, begin };
}

/** Pulls what takes whole days from day to day, or its last day. `days`: those of the columns, beside each other. */
export function useDayPull(
  body: RefObject<HTMLElement | null>,
  days: string[],
  timeZone: string,
  onDone: (entry: AgendaEntry, times: Times) => void,
) {
  const [pulled, setPulled] = useState<Pulled | null>(null);
  const wasPulled = useRef(false);

  function dayAt(clientX: number): string {
    const area = body.current;
    const { left, width } = area?.getBoundingClientRect() ?? { left: 0, width: 1 };
    const share = (clientX - left) / width;
    const along = area && getComputedStyle(area).direction === 'rtl' ? 1 - share : share;
    const index = Math.max(0, Math.min(days.length - 1, Math.floor(along * days.length)));
    return days[index] ?? '';
  }

  function grab(event: PointerEvent<HTMLElement>, entry: AgendaEntry, part: Part) {
    wasPulled.current = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    event.stopPropagation();
    const first = dayAt(event.clientX);
    let times: Times | null = null;
    const listening = new AbortController();
    const { signal } = listening;
    const onMove = (moved: globalThis.PointerEvent) => {
      const count = Math.round((Date.parse(dayAt(moved.clientX)) - Date.parse(first)) / 86_400_000);
      if (count !== 0) wasPulled.current = true;
      times = part === 'end' ? stretchedBy(entry, count, timeZone) : byDays(entry, count, timeZone);
      setPulled(wasPulled.current ? { key: keyOf(entry), times } : null);
    };
    const over = (done: boolean) => {
      listening.abort();
      setPulled(null);
      if (done && wasPulled.current && times && (times.at !== entry.at || times.until !== entry.until))
        onDone(entry, times);
    };
    addEventListener('pointermove', onMove, { signal });
    addEventListener('pointerup', () => over(true), { signal });
    addEventListener('pointercancel', () => over(false), { signal });
  }
  return { pulled, grab, wasPulled };
}
