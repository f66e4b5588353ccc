/** Times at which everybody is free, each by their own clock. */
import { expect, test } from 'vitest';
import { type Calendar, freeTimes } from './free-times.ts';

const office = { days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '09:00', to: '17:00' };
const vienna: Calendar = { zone: 'Europe/Vienna', hours: office, busy: [] };
const newYork: Calendar = { zone: 'America/New_York', hours: office, busy: [] };
const tokyo: Calendar = { zone: 'Asia/Tokyo', hours: office, busy: [] };
const span = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });
const begin = (people: Calendar[], from: string, to: string, minutes = 60) =>
  freeTimes(people, span(from, to), minutes * 60_000).map(({ from: at }) =>
    new Date(at).toISOString().slice(0, 16),
  );

test('two of each day, within working hours, past what is there already', () => {
  const busy = [span('2026-03-16T08:30:00Z', '2026-03-16T10:00:00Z')];
  expect(begin([{ ...vienna, busy }], '2026-03-16T07:00:00Z', '2026-03-18T00:00:00Z')).toEqual([
    '2026-03-16T10:00',
    '2026-03-16T11:00',
    '2026-03-17T08:00',
    '2026-03-17T09:00',
  ]);
});

test('people in other zones meet where their days overlap, on both sides of a change of the clocks', () => {
  expect(begin([vienna, newYork], '2026-03-27T12:00:00Z', '2026-03-31T00:00:00Z', 90)).toEqual([
    '2026-03-27T13:00',
    '2026-03-27T14:30',
    '2026-03-30T13:00',
  ]);
  expect(begin([vienna, newYork, tokyo], '2026-03-16T00:00:00Z', '2026-03-30T00:00:00Z')).toEqual([]);
});

test('nothing is proposed at weekends, nor what no working day has room for', () => {
  expect(begin([vienna], '2026-03-14T00:00:00Z', '2026-03-15T23:00:00Z')).toEqual([]);
  expect(begin([vienna], '2026-03-16T00:00:00Z', '2026-03-30T00:00:00Z', 9 * 60)).toEqual([]);
});
