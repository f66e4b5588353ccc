/** What people are asked when two wrote the same record. */
import { expect, test } from 'vitest';
import { undecided } from './conflict.ts';

test('only what differs is asked; nothing and null are the same', () => {
  const same = { attempted: { id: 'a' }, actual: { id: 'a' }, original: null };
  const other = { attempted: 1, actual: 2, original: 0 };
  const cleared = { attempted: null, actual: undefined as never, original: 'x' };
  expect(undecided({ same, other, cleared })).toEqual({ other });
  expect(undecided({})).toEqual({});
});
