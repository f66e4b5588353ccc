import { expect, test } from 'vitest';
import type { AgendaEntry } from './agenda.ts';
import {
  axisOf,
  byDays,
  daysOf,
  endRow,
  gone,
  idleOf,
  lined,
  missingOf,
  momentAt,
  placedOn,
  readCalendar,
  readHours,
  rowOf,
  stretchedBy,
} from './calendar-view.ts';

const vienna = 'Europe/Vienna';
const ms = (iso: string) => Date.parse(`${iso}:00Z`);
const entry = (at: string, until: string | null = null, more: Partial<AgendaEntry> = {}): AgendaEntry => ({
  object: 'meeting',
  id: at,
  occurrence: null,
  repeats: false,
  at: `${at}:00.000Z`,
  until: until && `${until}:00.000Z`,
  allDay: false,
  done: false,
  owner: null,
  guests: [],
  record: {},
  ...more,
});

test('the address says what is looked at, and nothing else', () => {
  expect(readCalendar({ at: '2026-11-22', layout: 'workweek', people: 'team', x: 1 })).toEqual({
    at: '2026-11-22',
    layout: 'workweek',
    people: 'team',
  });
  expect(readCalendar({ at: '2026-99-99', layout: 'decade', people: 'me' })).toEqual({});
});

test('weeks, working weeks and months are whole; steps lead to the next screen', () => {
  const hours = readHours({ days: ['MO', 'WE', 'FR'], from: '08:30', to: '12:00' });
  expect(daysOf('workweek', '2026-11-22', hours)).toEqual(['2026-11-16', '2026-11-18', '2026-11-20']);
  expect(daysOf('week', '2026-11-22', hours)).toHaveLength(7);
  expect(daysOf('month', '2026-11-22', hours).at(0)).toBe('2026-10-26');
  expect(daysOf('month', '2026-08-10', hours)).toHaveLength(42);
  expect([gone('month', '2026-11-22', 1), gone('week', '2026-11-22', -1)]).toEqual([
    '2026-12-01',
    '2026-11-15',
  ]);
});

test('a day of 23 hours lacks one, a day of 25 has one twice', () => {
  const spring = axisOf(['2026-03-28', '2026-03-29'], vienna);
  expect(spring.hours).toHaveLength(24);
  expect([missingOf(spring, '2026-03-28'), missingOf(spring, '2026-03-29')]).toEqual([
    [],
    [{ from: 2, to: 3 }],
  ]);
  expect(rowOf(spring, '2026-03-29', ms('2026-03-29T01:00'))).toBe(3);
  expect(endRow(spring, '2026-03-29', ms('2026-03-29T01:00'))).toBeCloseTo(2);
  expect(momentAt(spring, '2026-03-29', 2.5)).toBe(ms('2026-03-29T01:00'));
  expect(momentAt(spring, '2026-03-29', 9)).toBe(ms('2026-03-29T07:00'));

  const autumn = axisOf(['2026-10-25'], vienna);
  expect(autumn.hours).toHaveLength(25);
  expect(rowOf(autumn, '2026-10-25', ms('2026-10-25T00:30'))).toBe(2.5);
  expect(rowOf(autumn, '2026-10-25', ms('2026-10-25T01:30'))).toBe(3.5);
  for (const row of [0, 2.25, 3.25, 9, 24.75])
    expect(rowOf(autumn, '2026-10-25', momentAt(autumn, '2026-10-25', row))).toBe(row);
});

test('half an hour that comes twice has half a row', () => {
  const axis = axisOf(['2026-04-05'], 'Australia/Lord_Howe');
  expect(axis.hours).toHaveLength(25);
  expect(rowOf(axis, '2026-04-05', ms('2026-04-04T15:15'))).toBe(2.75);
});

test('working hours are those of the person, seen from where one is', () => {
  const axis = axisOf(['2026-11-23'], vienna);
  const idle = idleOf(axis, '2026-11-23', vienna, readHours(null), 'America/New_York');
  expect(idle).toEqual([
    { from: 0, to: 15 },
    { from: 23, to: 24 },
  ]);
  const sunday = axisOf(['2026-11-22'], vienna);
  expect(idleOf(sunday, '2026-11-22', vienna, readHours(null), vienna)).toEqual([{ from: 0, to: 24 }]);
});

test('what happens at once stands side by side; a point has room to be touched', () => {
  const axis = axisOf(['2026-11-23'], vienna);
  const placed = placedOn(axis, '2026-11-23', vienna, [
    entry('2026-11-23T08:00', '2026-11-23T10:00'),
    entry('2026-11-23T08:30', '2026-11-23T09:00'),
    entry('2026-11-23T09:00', '2026-11-23T09:30'),
    entry('2026-11-23T12:00'),
    entry('2026-11-22T20:00', '2026-11-23T01:00'),
  ]);
  expect(placed.map(({ top, bottom, lane, lanes }) => [top, Number(bottom.toFixed(2)), lane, lanes])).toEqual(
    [
      [0, 2, 0, 1],
      [9, 11, 0, 2],
      [9.5, 10, 1, 2],
      [10, 10.5, 1, 2],
      [13, 13.63, 0, 1],
    ],
  );
});

test('what takes days stands in lines over them', () => {
  const days = ['2026-11-23', '2026-11-24', '2026-11-25'];
  const found = lined(
    days,
    [
      entry('2026-11-20T08:00', '2026-11-23T23:00'),
      entry('2026-11-24T23:00', '2026-11-25T23:00'),
      entry('2026-11-22T23:00', '2026-11-25T23:00'),
    ],
    vienna,
  );
  expect(found.map(({ from, to, line }) => [from, to, line])).toEqual([
    [0, 0, 0],
    [0, 2, 1],
    [2, 2, 0],
  ]);
});

test('what takes whole days is moved and stretched by days, by the clock on the wall, and never ends before it begins', () => {
  const days = (times: { at: string; until: string | null }) => [
    times.at.slice(0, 16),
    times.until?.slice(0, 16),
  ];
  // The clocks change in the night to the 29th.
  const fair = entry('2026-03-26T23:00', '2026-03-28T23:00', { allDay: true });
  expect(days(stretchedBy(fair, 2, vienna))).toEqual(['2026-03-26T23:00', '2026-03-30T22:00']);
  expect(days(stretchedBy(fair, -9, vienna))).toEqual(['2026-03-26T23:00', '2026-03-27T23:00']);
  expect(days(byDays(fair, 3, vienna))).toEqual(['2026-03-29T22:00', '2026-03-31T22:00']);
  const single = entry('2026-03-26T23:00', null, { allDay: true });
  expect(days(stretchedBy(single, 1, vienna))).toEqual(['2026-03-26T23:00', '2026-03-28T23:00']);
  const trip = entry('2026-03-16T08:00', '2026-03-18T17:00');
  expect(days(stretchedBy(trip, 1, vienna))).toEqual(['2026-03-16T08:00', '2026-03-19T17:00']);
});
