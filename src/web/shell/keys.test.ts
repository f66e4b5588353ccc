import { afterEach, expect, test } from 'vitest';
import { actions, chooseKeys, chord, isFit, keyOf, shownKey, takenBy, usualKey } from './keys.ts';

afterEach(() => chooseKeys({}));

test('the usual keys fit and collide with none', () => {
  for (const action of actions) {
    expect([action, isFit(usualKey(action))]).toEqual([action, true]);
    expect([action, takenBy(action, usualKey(action), {})]).toEqual([action, null]);
  }
});

test('a chosen key stands in for the usual one, which is free then', () => {
  chooseKeys({ 'everywhere.rail': 's' });
  expect(keyOf('everywhere.rail')).toBe('s');
  expect(takenBy('everywhere.notifications', '[', { 'everywhere.rail': 's' })).toBeNull();
});

test('a key is taken by what works on the same page, not by what works on others', () => {
  expect(takenBy('list.select', 'm', {})).toBe('list.menu');
  expect(takenBy('list.select', 'b', {})).toBe('everywhere.notifications');
  expect(takenBy('everywhere.rail', 'j', {})).toBe('record.next');
  expect(takenBy('list.select', 'j', {})).toBeNull();
});

test('keys of the browser, of forms and of cells cannot be chosen', () => {
  for (const key of ['Enter', 'mod+c', 'mod+Enter', '1', 'Shift', '/', 'ArrowUp'])
    expect(isFit(key)).toBe(false);
  for (const key of ['g', 'mod+j', 'F2', ' ']) expect(isFit(key)).toBe(true);
});

test('what is pressed and what is shown', () => {
  expect(chord({ ctrlKey: false, metaKey: true, key: 'K' })).toBe('mod+k');
  expect(shownKey('mod+k')).toEqual(['mod', 'K']);
  expect([shownKey(' '), shownKey('['), shownKey('F2')]).toEqual([['Space'], ['['], ['F2']]);
});
