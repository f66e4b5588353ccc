/** Walking from record to record as the last list had them. */
import { expect, test } from 'vitest';
import { leaveTrail, placeOf } from './walk.ts';

test('a record knows those before and after it in the list one came from, and no other list', () => {
  leaveTrail('deal', ['x']);
  leaveTrail('person', ['a', 'b', 'c']);
  expect(placeOf('person', 'a')).toEqual({ at: 1, of: 3, before: null, after: 'b' });
  expect(placeOf('person', 'b')).toEqual({ at: 2, of: 3, before: 'a', after: 'c' });
  expect(placeOf('person', 'c')).toEqual({ at: 3, of: 3, before: 'b', after: null });
  expect([placeOf('person', 'x'), placeOf('deal', 'x'), placeOf('deal', 'a')]).toEqual([null, null, null]);
});
