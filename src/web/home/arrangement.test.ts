import { expect, test } from 'vitest';
import { type Block, moved, put, readBlocks, usual, without } from './arrangement.ts';

const names = (blocks: Block[], at: string) => blocks.filter(each => each.at === at).map(({ kind }) => kind);
const of = (kind: string) => usual.find(each => each.kind === kind) as Block;

test('what is kept is read as far as it is known', () => {
  expect(
    readBlocks([
      { kind: 'tasks', at: 'main' },
      { kind: 'view', at: 'side' },
      { kind: 'clock', at: 'main' },
      7,
      { kind: 'seen', at: 'attic' },
      { kind: 'view', at: 'below', view: 'a' },
    ]),
  ).toEqual([
    { kind: 'tasks', at: 'main' },
    { kind: 'view', at: 'below', view: 'a' },
  ]);
  expect(readBlocks(null)).toEqual([]);
});

test('blocks move up, down and elsewhere, and go', () => {
  expect(names(moved(usual, of('attention'), -1), 'side')).toEqual(['attention', 'today', 'seen']);
  expect(names(moved(usual, of('attention'), 1), 'side')).toEqual(['today', 'seen', 'attention']);
  expect(moved(usual, of('today'), -1)).toEqual(usual);
  expect(moved(usual, of('seen'), 1)).toEqual(usual);
  const there = put(usual, of('today'), 'main', of('tasks'));
  expect([names(there, 'main'), names(there, 'side')]).toEqual([
    ['favourites', 'today', 'tasks', 'targets'],
    ['attention', 'seen'],
  ]);
  expect(names(put(usual, of('tasks'), 'below', null), 'below')).toEqual(['recent', 'tasks']);
  expect(names(without(usual, of('seen')), 'side')).toEqual(['today', 'attention']);
});
