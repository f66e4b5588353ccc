import { expect, test } from 'vitest';
import { branches } from './tree.ts';

const node = (id: string, parent: string | null = null) => ({ id, title: id, parent });
const tree = {
  more: false,
  data: [node('top'), node('a', 'top'), node('b', 'top'), node('a1', 'a'), node('a2', 'a'), node('b1', 'b')],
};
const seen = (id: string, most?: number) =>
  branches(tree, id, most).shown.map(each => `${' '.repeat(each.level)}${each.id}`);

test('those above, beside and directly below are shown, others are counted', () => {
  expect(seen('top')).toEqual(['top', ' a', ' b']);
  expect(seen('a')).toEqual(['top', ' a', '  a1', '  a2', ' b']);
  expect(seen('a1')).toEqual(['top', ' a', '  a1', '  a2', ' b']);
  expect(branches(tree, 'a').left).toBe(1);
  expect(branches(tree, 'a').shown.find(({ id }) => id === 'b')?.below).toBe(1);
});

test('where there is little room, the way up to the top stays', () => {
  expect(seen('a1', 3)).toEqual(['top', ' a', '  a1']);
});
