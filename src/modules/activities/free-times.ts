/** When people are free: within everyone's working hours, by everyone's own clock, beside what they have already. Pure. */
import { Temporal } from 'temporal-polyfill';
import { type Hours, weekdays } from '../workspace/module.ts';

/** Milliseconds. */
export interface Span {
  from: number;
  to: number;
}

export interface Calendar {
  zone: string;
  hours: Hours;
  busy: Span[];
}

/** Meetings begin at full and half hours. Milliseconds. */
const grid = 30 * 60_000;
/** As many of one day, so that there is a choice of days. */
const perDay = 2;

/** The first times of this length at which everybody works and nobody has anything, from `from` on; `most` at most. */
export function freeTimes(people: Calendar[], { from, to }: Span, length: number, most = 6): Span[] {
  const [first] = people;
  if (!first || length <= 0) return [];
  const shifts = people.map(({ zone, hours }) => workingSpans(zone, hours, { from, to }));
  const common = shifts.reduce((all, some) => all.flatMap(each => meeting(each, some)));
  const busy = people.flatMap(person => person.busy);
  const found: Span[] = [];
  const days = new Map<string, number>();
  for (const stretch of common) {
    for (let at = Math.ceil(stretch.from / grid) * grid; at + length <= stretch.to; at += grid) {
      const span = { from: at, to: at + length };
      if (busy.some(each => overlap(each, span))) continue;
      const day = dayIn(at, first.zone);
      if ((days.get(day) ?? 0) >= perDay) break;
      found.push(span);
      if (found.length >= most) return found;
      days.set(day, (days.get(day) ?? 0) + 1);
      at += length - grid;
    }
  }
  return found;
}

export function overlap(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** What a stretch has in common with each of some. */
function meeting(stretch: Span, some: Span[]): Span[] {
  return some
    .filter(each => overlap(each, stretch))
    .map(each => ({ from: Math.max(each.from, stretch.from), to: Math.min(each.to, stretch.to) }));
}

function dayIn(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** When someone works, cut to a span. */
function workingSpans(zone: string, hours: Hours, within: Span): Span[] {
  const spans: Span[] = [];
  const last = Temporal.PlainDate.from(dayIn(within.to, zone));
  for (
    let day = Temporal.PlainDate.from(dayIn(within.from, zone));
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (!hours.days.includes(weekdays[day.dayOfWeek - 1]!)) continue;
    const span = { from: moment(day, hours.from, zone), to: moment(day, hours.to, zone) };
    if (overlap(span, within)) spans.push(...meeting(span, [within]));
  }
  return spans;
}

function moment(day: Temporal.PlainDate, clock: string, zone: string): number {
  const [date, time] = clock === '24:00' ? [day.add({ days: 1 }), '00:00'] : [day, clock];
  return date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}
