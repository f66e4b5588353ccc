import { expect, test } from 'vitest';
import { wall } from '../../fields/clock.ts';
import { snoozes } from './notifications.ts';

/** By a clock in Tokyo, whatever the device shows. */
const zone = 'Asia/Tokyo';
const of = (year: number, month: number, day: number, hour: number) =>
  snoozes(zone, new Date(Date.UTC(year, month - 1, day, hour - 9))).map(({ name, at }) => {
    const shown = new Date(wall(at.getTime(), zone));
    return [name, shown.getUTCMonth() + 1, shown.getUTCDate(), shown.getUTCHours()];
  });

test('later today, tomorrow at eight, Monday at eight; at night there is no later today', () => {
  expect(of(2026, 11, 18, 10)).toEqual([
    ['laterToday', 11, 18, 13],
    ['tomorrow', 11, 19, 8],
    ['nextWeek', 11, 23, 8],
  ]);
  expect(of(2026, 11, 23, 22)).toEqual([
    ['tomorrow', 11, 24, 8],
    ['nextWeek', 11, 30, 8],
  ]);
  expect(of(2026, 11, 22, 12).at(-1)).toEqual(['nextWeek', 11, 23, 8]);
});
