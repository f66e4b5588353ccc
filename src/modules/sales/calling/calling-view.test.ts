/** When one calls again. */
import { expect, test } from 'vitest';
import { againAt, readCalling } from './calling-view.ts';

test('who is called again tomorrow is not called on a Saturday', () => {
  const friday = new Date(2026, 10, 20, 16, 30);
  expect(againAt('tomorrow', friday)).toEqual(new Date(2026, 10, 23, 9));
  expect(againAt('week', friday)).toEqual(new Date(2026, 10, 27, 9));
  expect(againAt('soon', friday)).toEqual(new Date(2026, 10, 20, 18, 30));
});

test('an address says what it says, and nothing else', () => {
  expect(readCalling({ list: 'a', filter: 7, name: '', other: 'x' })).toEqual({ list: 'a' });
});
