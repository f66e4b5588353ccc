/** Working time, across weekends, days off and the days on which clocks are changed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { awayAt, type WorkingTime, workedBetween, workedFor, worksAt } from './working-time.ts';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const office: WorkingTime = {
  zone: 'Europe/Vienna',
  hours: { days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '09:00', to: '17:00' },
  absences: [],
};

test('hours that do not fit into a day go on on the next one that is worked', () => {
  // Friday, 16:00 in Vienna.
  const friday = at('2026-03-20T15:00:00Z');
  expect(workedFor(office, friday, 2 * hour)).toBe(at('2026-03-23T09:00:00Z'));
  expect(workedFor(office, at('2026-03-21T12:00:00Z'), hour)).toBe(at('2026-03-23T09:00:00Z'));
  const away = { ...office, absences: [{ from: '2026-03-23', to: '2026-03-24' }] };
  expect(workedFor(away, friday, 2 * hour)).toBe(at('2026-03-25T09:00:00Z'));
  expect(awayAt(away, at('2026-03-24T22:30:00Z'))).toEqual({ from: '2026-03-23', to: '2026-03-24' });
  expect(awayAt(away, at('2026-03-24T23:30:00Z'))).toBeNull();
  expect(workedFor({ ...office, hours: { ...office.hours, days: [] } }, friday, hour)).toBeNull();
});

test('a night shift loses an hour when clocks go forward, and has one more when they go back', () => {
  const night = { ...office, hours: { days: ['SU'], from: '00:00', to: '08:00' } };
  const worked = (day: string) => workedBetween(night, at(`${day}T00:00:00+01:00`), at(`${day}T20:00:00Z`));
  expect(worked('2026-03-29')).toBe(7 * hour);
  expect(worked('2026-10-18')).toBe(8 * hour - hour);
  expect(workedBetween(night, at('2026-10-24T20:00:00Z'), at('2026-10-25T20:00:00Z'))).toBe(9 * hour);
});

const times = fc.record({
  zone: fc.constantFrom('Europe/Vienna', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'),
  hours: fc.record({
    days: fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 }),
    from: fc.constantFrom('00:00', '02:30'),
    to: fc.constantFrom('03:00', '17:00', '24:00'),
  }),
  absences: fc.constantFrom<WorkingTime['absences']>([], [{ from: '2026-03-27', to: '2026-03-30' }]),
});
const moments = fc.integer({ min: at('2026-03-20T00:00:00Z'), max: at('2026-11-10T00:00:00Z') });

test('what has been worked up to the end of some work is that work, wherever clocks are changed', () => {
  fc.assert(
    // Half an hour a week reaches no further within the year that is looked ahead.
    fc.property(times, moments, fc.integer({ min: 1, max: 20 * hour }), (time, from, length) => {
      const end = workedFor(time, from, length)!;
      expect(workedBetween(time, from, end)).toBe(length);
      expect(worksAt(time, end - 1)).toBe(true);
      const first = workedFor(time, from, Math.ceil(length / 2))!;
      expect(workedFor(time, first, length - Math.ceil(length / 2) || 1)! >= first).toBe(true);
    }),
    { numRuns: 150 },
  );
});
