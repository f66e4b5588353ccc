import { expect, test } from 'vitest';
import '../i18n.ts';
import {
  addDays,
  beginOf,
  dayOf,
  daysBetween,
  momentsOf,
  nameOf,
  onDay,
  startOf,
  step,
  weekOf,
} from './days.ts';

const vienna = 'Europe/Vienna';

test('a week begins where people begin it', () => {
  expect([0, 1, 6].map(first => weekOf('2026-11-22', first))).toEqual([
    '2026-11-22',
    '2026-11-16',
    '2026-11-21',
  ]);
});

test('days, weeks, months and quarters are reckoned across their ends', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(startOf('2026-11-22', 'week')).toBe('2026-11-16');
  expect(startOf('2026-11-22', 'quarter')).toBe('2026-10-01');
  expect(step('2026-01-31', 'month', 1)).toBe('2026-02-01');
  expect(step('2026-01-31', 'quarter', -1)).toBe('2025-10-01');
  expect(step('2026-11-22', 'year', 1)).toBe('2027-01-01');
});

test('a moment is on the day that it is where the reader is', () => {
  expect(dayOf('2026-11-21T23:30:00.000Z', vienna)).toBe('2026-11-22');
  expect(dayOf('2026-11-21T23:30:00.000Z', 'America/New_York')).toBe('2026-11-21');
  expect(dayOf('2026-11-21', vienna)).toBe('2026-11-21');
});

test('moved to another day it keeps its time, also over the change of the clocks', () => {
  expect(onDay('2026-03-28T08:15:00.500Z', '2026-03-30', vienna)).toBe('2026-03-30T07:15:00.500Z');
  expect(onDay('2026-10-24T07:00:00.000Z', '2026-10-26', vienna)).toBe('2026-10-26T08:00:00.000Z');
  expect(onDay('2026-03-28', '2026-03-30', vienna)).toBe('2026-03-30');
  // 02:30 does not exist on that day.
  expect(onDay('2026-03-28T01:30:00.000Z', '2026-03-29', vienna)).toBe('2026-03-29T01:30:00.000Z');
});

test('a day begins at its own midnight', () => {
  expect(beginOf('2026-11-22', vienna)).toBe('2026-11-21T23:00:00.000Z');
  expect(beginOf('2026-07-01', vienna)).toBe('2026-06-30T22:00:00.000Z');
  expect(beginOf('2026-03-30', vienna)).toBe('2026-03-29T22:00:00.000Z');
});

test('days as moments go from midnight to the last moment where one is, also where an hour is missing', () => {
  expect(momentsOf({ from: '2026-03-01', to: '2026-03-31' }, vienna)).toEqual([
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T21:59:59.999Z',
  ]);
});

test('stretches have names', () => {
  expect(nameOf('2026-11-01', 'month', 'en')).toBe('November 2026');
  expect(nameOf('2026-10-01', 'quarter', 'en')).toBe('Q4 2026');
});
