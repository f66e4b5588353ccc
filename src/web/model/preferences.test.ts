/** What someone likes, as it is kept with them: what is known is read, what is not is left out. */
import { expect, test } from 'vitest';
import { readPreferences } from './preferences.ts';

test('preferences come back as they were kept, without what this version does not know', () => {
  const kept = {
    keys: { 'go.home': 'g h' },
    closed: ['steps'],
    used: { 'go-deals': [3, 20_000] },
    looks: { scheme: 'dark', density: 'compact', rail: 'folded' },
  };
  expect(readPreferences(kept as never)).toEqual(kept);
  const strange = {
    looks: { scheme: 'sepia', rail: 'open' },
    keys: { a: 1 },
    closed: 'all',
    used: { b: ['x'] },
  };
  expect(readPreferences(strange as never)).toEqual({
    keys: {},
    closed: [],
    used: {},
    looks: { rail: 'open' },
  });
  expect(readPreferences(null)).toEqual({ keys: {}, closed: [], used: {}, looks: {} });
});
