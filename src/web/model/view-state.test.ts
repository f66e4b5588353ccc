import { expect, test } from 'vitest';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import {
  defaultState,
  differs,
  readSearch,
  reordered,
  savedState,
  savedValues,
  searchOf,
  stateOf,
  toggled,
} from './view-state.ts';

const named = (name: string) =>
  ({
    name,
    type: 'text',
    sortable: name !== 'notes',
    options: {},
    operators: [],
    relation: null,
  }) as unknown as MetaField;

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
    widths: {},
    density: null,
    layout: 'board',
    arrangement: {},
    group: null,
    totals: {},
    at: null,
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
    widths: { stage: 200 },
    density: 'compact' as const,
    layout: 'table' as const,
    arrangement: { frozen: '2' },
    group: 'stage',
    totals: { amount: 'sum' },
    at: '2026-11-22',
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
  expect(stateOf(deal, readSearch({ filter: 'not json', layout: 'mosaic' }))).toMatchObject({
    filter: null,
    layout: 'board',
  });
});

test('a board without a rank of its own waits to be chosen', () => {
  expect(stateOf({ ...deal, board: { by: 'stage', sum: null, rank: null, marks: null } }, {}).layout).toBe(
    'table',
  );
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

const saved: Row = {
  id: 'v1',
  version: 1,
  layout: 'table',
  columns: [
    { field: 'stage', width: 300 },
    { field: 'gone', width: 80 },
    { field: 'name', total: 'filled' },
  ],
  // As the database gives it back: keys in another order.
  filter: { and: [{ op: 'is', field: 'stage', value: 'won' }] },
  sort: ['amount', 'notes'],
  density: 'compact',
  group: 'stage',
  arrangement: { frozen: '2', by: 7 },
};

test('a saved view shows what it holds, as far as the list knows it', () => {
  expect(savedState(deal, saved)).toEqual({
    q: '',
    filter,
    sort: ['amount'],
    columns: ['name', 'stage'],
    widths: { stage: 300 },
    density: 'compact',
    layout: 'table',
    arrangement: { frozen: '2' },
    group: 'stage',
    totals: { name: 'filled' },
    at: null,
    trash: false,
  });
});

test('what a view keeps is what it shows again', () => {
  const state = savedState(deal, saved);
  const values = savedValues(state, state.filter);
  expect(savedState(deal, { id: 'v2', version: 1, ...values })).toEqual(state);
  expect(differs(deal, state, savedState(deal, { id: 'v2', version: 1, ...values }))).toBe(false);
});

test('the address of a view holds only what someone changed, nothing included', () => {
  const base = savedState(deal, saved);
  const none = (search: object) => Object.values(search).every(value => value === undefined);
  expect(none(searchOf(deal, { ...base, filter }, base))).toBe(true);
  const changed = {
    ...base,
    filter: null,
    sort: [],
    widths: {},
    q: 'solar',
    group: null,
    totals: {},
    arrangement: {},
  };
  const search = searchOf(deal, changed, base);
  expect(search).toMatchObject({
    filter: 'null',
    sort: 'none',
    widths: 'none',
    q: 'solar',
    group: 'none',
    totals: 'none',
    frozen: 'usual',
    columns: undefined,
  });
  const address = JSON.parse(JSON.stringify(search)) as Record<string, string>;
  expect(stateOf(deal, readSearch(address), base)).toEqual(changed);
});

test('words and the trash make no other view', () => {
  const base = defaultState(deal);
  expect(differs(deal, { ...base, q: 'solar' }, base)).toBe(false);
  expect(differs(deal, { ...base, trash: true, layout: 'table' }, base)).toBe(false);
  expect(differs(deal, { ...base, widths: { amount: 90 } }, base)).toBe(true);
});

test('columns are put beside others; the title stays first', () => {
  const columns = ['name', 'a', 'b', 'c'];
  expect(reordered(columns, 'c', 'a', false)).toEqual(['name', 'c', 'a', 'b']);
  expect(reordered(columns, 'a', 'c', true)).toEqual(['name', 'b', 'c', 'a']);
  expect(reordered(columns, 'b', 'name', false)).toEqual(['name', 'b', 'a', 'c']);
  expect(reordered(columns, 'name', 'c', true)).toEqual(columns);
});

test('another layout starts without the arrangement of the one before', () => {
  const base = savedState(deal, saved);
  const search = searchOf(
    deal,
    { ...base, layout: 'chart', arrangement: { by: 'stage', kind: 'donut' } },
    base,
  );
  expect(search).toMatchObject({ layout: 'chart', by: 'stage', kind: 'donut', frozen: undefined });
  expect(stateOf(deal, search, base)).toMatchObject({ arrangement: { by: 'stage', kind: 'donut' } });
});
