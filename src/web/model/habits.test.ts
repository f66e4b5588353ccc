import { expect, test } from 'vitest';
import { byHabit, oftenUsed, used, weightOf } from './habits.ts';

const day = 86_400_000;
const now = 20_000 * day;
const times = (id: string, count: number, at: number, before = {}) =>
  Array.from({ length: count }).reduce<ReturnType<typeof used>>(uses => used(uses, id, at), before);

test('what is used often and lately weighs most; after two weeks half is left', () => {
  const uses = times('a', 4, now);
  expect(weightOf(uses, 'a', now)).toBe(4);
  expect(weightOf(uses, 'a', now + 14 * day)).toBe(2);
  expect(weightOf(uses, 'b', now)).toBe(0);
  expect(weightOf(used(uses, 'a', now + 14 * day), 'a', now + 14 * day)).toBe(3);
});

test('commands come by use within their sections, sections by their most used', () => {
  const commands = ['go a', 'go b', 'make c', 'make d'].map(id => ({ id, section: id.split(' ')[0]! }));
  const uses = times('go b', 1, now, times('make d', 3, now));
  expect(byHabit(commands, uses, now).map(({ id }) => id)).toEqual(['make d', 'make c', 'go b', 'go a']);
  expect(byHabit(commands, {}, now)).toEqual(commands);
  expect(oftenUsed(commands, uses, now).map(({ id }) => id)).toEqual(['make d', 'go b']);
});

test('the least used are forgotten', () => {
  let uses = times('old', 1, now - 100 * day);
  for (let at = 0; at < 60; at++) uses = used(uses, `new ${at}`, now);
  expect([Object.keys(uses).length, 'old' in uses]).toEqual([60, false]);
});
