/** When someone is mailed: in their zone, within their working hours. Pure. */

import { Temporal } from 'temporal-polyfill';
import type { Json } from '../../engine/index.ts';
import { hoursOf, weekdays } from '../workspace/module.ts';
import type { Pace } from './sending.ts';

/**
 * The moment of the letter about something that happened at `at`: now, when the next working day begins, or when the next
 * working week does. What comes `now` outside working hours waits until they begin. Null for never.
 */
export function mailedAt(pace: Pace, at: string, zone: string, workingHours: Json): string | null {
  if (pace === 'never') return null;
  const hours = hoursOf(workingHours);
  const moment = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const begins = (day: Temporal.PlainDate) =>
    day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(hours.from) });
  const works = (day: Temporal.PlainDate) => hours.days.includes(weekdays[day.dayOfWeek - 1]!);
  const today = moment.toPlainDate();
  if (pace === 'now' && works(today)) {
    const clock = moment.toPlainTime().toString().slice(0, 5);
    if (clock >= hours.from && clock < hours.to) return at;
  }
  const days = Array.from({ length: 15 }, (_, away) => today.add({ days: away }));
  const later = (day: Temporal.PlainDate) => Temporal.ZonedDateTime.compare(begins(day), moment) > 0;
  const first = (day: Temporal.PlainDate) => {
    const monday = day.subtract({ days: day.dayOfWeek - 1 });
    return !Array.from({ length: day.dayOfWeek - 1 }, (_, n) => monday.add({ days: n })).some(works);
  };
  const day = days.find(each => works(each) && later(each) && (pace !== 'weekly' || first(each)));
  return day ? new Date(begins(day).epochMilliseconds).toISOString() : null;
}
