import { expect, test } from 'vitest';
import type { Row } from '../api.ts';
import { nextPlace, type Pages, patchPages, rowsOf, withoutRows, withRow } from './cache.ts';

const row = (id: string, part: Partial<Row> = {}): Row => ({ id, version: 1, name: id, ...part });

function pages(): Pages {
  return {
    pages: [
      { data: [row('a'), row('b')], next: 'x', count: 3 },
      { data: [row('c')], next: null },
    ],
    pageParams: [null, { after: 'x', limit: 2 }],
  };
}

const names = (list: Pages | undefined) => rowsOf(list).map(item => item.id);

test('a changed row changes in place and nothing else does', () => {
  const before = pages();
  const after = patchPages(before, { id: 'c', version: 2, name: 'new' });
  expect(rowsOf(after).map(item => item.name)).toEqual(['a', 'b', 'new']);
  expect(after?.pages[0]).toBe(before.pages[0]);
});

test('a list without the row stays the very same', () => {
  const before = pages();
  expect(patchPages(before, { id: 'z' })).toBe(before);
  expect(withoutRows(before, new Set(['z']))).toBe(before);
});

test('news that are older than what is shown are ignored', () => {
  const list = patchPages(pages(), { id: 'a', version: 3, name: 'third' });
  expect(rowsOf(patchPages(list, { id: 'a', version: 2, name: 'second' }))[0]?.name).toBe('third');
});

test('removing rows lowers the count', () => {
  const after = withoutRows(pages(), new Set(['b', 'c']));
  expect(names(after)).toEqual(['a']);
  expect(after?.pages[0]?.count).toBe(1);
});

test('a row can be put on top or under another', () => {
  expect(names(withRow(pages(), row('n'), null))).toEqual(['n', 'a', 'b', 'c']);
  expect(names(withRow(pages(), row('n'), 'b'))).toEqual(['a', 'b', 'n', 'c']);
  expect(withRow(undefined, row('n'), null)).toBeUndefined();
});

test('5,000 rows are fourteen requests, however small the first page is; nothing follows the last', () => {
  const sizes: number[] = [40];
  const full = (length: number) => ({ data: Array.from({ length }, (_, n) => row(`${n}`)), next: 'x' });
  while (sizes.reduce((sum, size) => sum + size, 0) < 5_000)
    sizes.push(nextPlace(sizes.map(full), 'x', 40)!.limit);
  expect(sizes.slice(0, 6)).toEqual([40, 40, 80, 160, 320, 500]);
  expect(sizes).toHaveLength(14);
  expect(nextPlace([full(40)], null, 40)).toBeNull();
  expect(nextPlace([full(1_000)], 'x', 1_000)?.limit).toBe(1_000);
});
