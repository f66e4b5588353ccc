import { expect, test } from 'vitest';
import { atShown, shownAt } from './clock.ts';

test.each([
  ['2026-03-28T08:30:00.000Z', 'Europe/Vienna', '2026-03-28T09:30'],
  ['2026-03-29T07:30:00.000Z', 'Europe/Vienna', '2026-03-29T09:30'],
  ['2026-11-22T23:15:00.000Z', 'Asia/Tokyo', '2026-11-23T08:15'],
  ['2026-11-22T02:00:00.000Z', 'America/Los_Angeles', '2026-11-21T18:00'],
])('%s is shown by the clocks of %s, and comes back from there', (moment, zone, shown) => {
  expect(shownAt(moment, zone)).toBe(shown);
  expect(atShown(shown, zone)).toBe(moment);
});
