import { expect, test } from 'vitest';
import { laneOf, moved, pulled, scale, stretchOf } from './lanes.ts';

const vienna = 'Europe/Vienna';

test('a record takes the days from its start to its end, and one day where it has no end', () => {
  expect(laneOf('2026-11-03', '2026-11-05', '2026-11-01', vienna)).toEqual({ from: 2, to: 5 });
  expect(laneOf('2026-11-03', null, '2026-11-01', vienna)).toEqual({ from: 2, to: 3 });
  // An end before the start is an error of the data, not of the picture.
  expect(laneOf('2026-11-03', '2026-11-01', '2026-11-01', vienna)).toEqual({ from: 2, to: 3 });
});

test('it is pulled as a whole or at one side, and never ends before it starts', () => {
  expect(pulled({ from: 2, to: 5 }, 'whole', -3)).toEqual({ from: -1, to: 2 });
  expect(pulled({ from: 2, to: 5 }, 'start', 9)).toEqual({ from: 4, to: 5 });
  expect(pulled({ from: 2, to: 5 }, 'end', -9)).toEqual({ from: 2, to: 3 });
});

test('what is written keeps times of day, and only what moved', () => {
  expect(moved('2026-11-03', '2026-11-05', 'whole', 2, vienna)).toEqual({
    start: '2026-11-05',
    end: '2026-11-07',
  });
  expect(moved('2026-11-03', '2026-11-05', 'end', 1, vienna)).toEqual({ end: '2026-11-06' });
  expect(moved('2026-11-03', null, 'end', 2, vienna)).toEqual({ end: '2026-11-05' });
  expect(moved('2026-11-03', null, 'start', 1, vienna)).toBeNull();
  expect(moved('2026-10-24T07:00:00.000Z', '2026-10-24T08:00:00.000Z', 'whole', 2, vienna)).toEqual({
    start: '2026-10-26T08:00:00.000Z',
    end: '2026-10-26T09:00:00.000Z',
  });
});

test('the scale covers the stretch', () => {
  const { from, to } = stretchOf('2026-11-22', 'month');
  expect([from, to]).toEqual(['2026-09-28', '2027-02-01']);
  const { above, below } = scale(from, to, 'month');
  expect(above.map(mark => mark.days)).toEqual([3, 31, 30, 31, 31]);
  expect(below.reduce((sum, mark) => sum + mark.days, 0)).toBe(126);
});
