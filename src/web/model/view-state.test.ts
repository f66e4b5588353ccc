import { expect, test } from 'vitest';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { readSearch, searchOf, stateOf, toggled } from './view-state.ts';

const named = (name: string) => ({ name, sortable: name !== 'notes' }) as MetaField;

const deal = {
  name: 'deal',
  title: 'name',
  list: { columns: ['name', 'amount'], sort: ['-amount'] },
  board: { by: 'stage', sum: 'amount', rank: 'rank' },
  fields: ['name', 'amount', 'stage', 'notes'].map(named),
} as MetaObject;

const filter = { and: [{ field: 'stage', op: 'is', value: 'won' }] };

test('the default view has an empty address', () => {
  const state = stateOf(deal, {});
  expect(state).toEqual({
    q: '',
    filter: null,
    sort: ['-amount'],
    columns: ['name', 'amount'],
    layout: 'board',
    trash: false,
  });
  expect(Object.values(searchOf(deal, state)).every(value => value === undefined)).toBe(true);
});

test('a view survives the way through the address', () => {
  const state = {
    q: 'solar',
    filter,
    sort: ['name'],
    columns: ['name', 'stage'],
    layout: 'table' as const,
    trash: false,
  };
  const address = new URLSearchParams(
    JSON.parse(JSON.stringify(searchOf(deal, state))) as Record<string, string>,
  );
  expect(stateOf(deal, readSearch(Object.fromEntries(address)))).toEqual(state);
});

test('what an address gets wrong is left out', () => {
  const wrong = { filter: '{"and":7}', sort: 'gone,-name,notes', columns: 'gone,stage', layout: 'table' };
  expect(stateOf(deal, readSearch(wrong))).toMatchObject({
    filter: null,
    sort: ['-name'],
    columns: ['name', 'stage'],
  });
  expect(stateOf(deal, readSearch({ filter: 'not json', layout: 'chart' }))).toMatchObject({
    filter: null,
    layout: 'board',
  });
});

test('a board without a rank of its own waits to be chosen', () => {
  expect(stateOf({ ...deal, board: { by: 'stage', sum: null, rank: null } }, {}).layout).toBe('table');
});

test('an object without a board is always a table', () => {
  expect(stateOf({ ...deal, board: null }, { layout: 'board' }).layout).toBe('table');
});

test('choosing a sort again turns it around, then removes it', () => {
  expect(toggled([], 'name')).toEqual(['name']);
  expect(toggled(['name'], 'name')).toEqual(['-name']);
  expect(toggled(['-name'], 'name')).toEqual([]);
});

test('the trash is always a table', () => {
  const state = stateOf(deal, { trash: 'only' });
  expect(state).toMatchObject({ layout: 'table', trash: true });
  expect(searchOf(deal, state)).toMatchObject({ trash: 'only', layout: undefined });
});
