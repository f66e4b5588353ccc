import { expect, test } from 'vitest';
import { isOver, rateOf, secondsLeft } from './jobs.ts';

const startedAt = '2026-11-22T10:00:00.000Z';
const now = Date.parse('2026-11-22T10:00:10.000Z');

test('rate and time left are told once there is something to divide', () => {
  expect(rateOf({ startedAt: null, done: 0 }, now)).toBeNull();
  expect(rateOf({ startedAt, done: 0 }, now)).toBeNull();
  expect(rateOf({ startedAt, done: 5_000 }, now)).toBe(500);
  expect(secondsLeft({ startedAt, done: 5_000, total: null }, now)).toBeNull();
  expect(secondsLeft({ startedAt, done: 5_000, total: 5_900 }, now)).toBe(2);
  // An estimate that was too low.
  expect(secondsLeft({ startedAt, done: 5_000, total: 4_000 }, now)).toBeNull();
});

test('a job is over when it is done, has failed or was cancelled', () => {
  expect(
    ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled'].map(state => isOver({ state })),
  ).toEqual([false, false, false, true, true, true]);
  expect(isOver(undefined)).toBe(false);
});
