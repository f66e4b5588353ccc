/** What a list shows, as it stands in the address: filter, sort, columns, layout, search. Pure. */
import type { Json, MetaObject } from '../../engine/index.ts';
import type { Filter } from './filter.ts';

export interface ViewState {
  q: string;
  filter: Filter | null;
  sort: string[];
  columns: string[];
  layout: 'table' | 'board';
  /** Shows what was deleted instead. */
  trash: boolean;
}

export interface ViewSearch {
  q?: string;
  filter?: string;
  sort?: string;
  columns?: string;
  layout?: 'table' | 'board';
  trash?: 'only';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whatever stands in the address, reduced to what a list understands. */
export function readSearch(search: Record<string, unknown>): ViewSearch {
  const layout = search.layout === 'board' || search.layout === 'table' ? search.layout : undefined;
  return {
    q: text(search.q),
    filter: text(search.filter),
    sort: text(search.sort),
    columns: text(search.columns),
    layout,
    trash: search.trash === 'only' ? 'only' : undefined,
  };
}

function isFilter(value: unknown): value is Filter {
  if (value === null || typeof value !== 'object') return false;
  if ('and' in value) return Array.isArray(value.and) && value.and.every(isFilter);
  if ('or' in value) return Array.isArray(value.or) && value.or.every(isFilter);
  if ('not' in value) return isFilter(value.not);
  return 'field' in value && typeof value.field === 'string' && 'op' in value && typeof value.op === 'string';
}

function parseFilter(json: string | undefined): Filter | null {
  try {
    const value = JSON.parse(json ?? 'null') as Json;
    return isFilter(value) ? value : null;
  } catch {
    return null;
  }
}

function known(object: MetaObject, names: string[], also: (name: string) => boolean = () => true): string[] {
  return names.filter(name => {
    const bare = name.replace(/^-/, '');
    return object.fields.some(field => field.name === bare) && also(bare);
  });
}

export function defaultState(object: MetaObject): ViewState {
  const columns = known(object, object.list.columns.length > 0 ? object.list.columns : [object.title]);
  return {
    q: '',
    filter: null,
    sort: known(object, object.list.sort),
    columns: columns.includes(object.title) ? columns : [object.title, ...columns],
    layout: object.board?.rank ? 'board' : 'table',
    trash: false,
  };
}

export function stateOf(object: MetaObject, search: ViewSearch): ViewState {
  const usual = defaultState(object);
  const sortable = (name: string) => object.fields.find(field => field.name === name)?.sortable ?? false;
  const columns = known(object, search.columns?.split(',') ?? []);
  const layout = search.layout ?? usual.layout;
  const trash = search.trash === 'only';
  return {
    q: search.q ?? '',
    filter: parseFilter(search.filter),
    sort: search.sort ? known(object, search.sort.split(','), sortable) : usual.sort,
    columns:
      columns.length > 0 ? [object.title, ...columns.filter(name => name !== object.title)] : usual.columns,
    layout: layout === 'board' && (!object.board || trash) ? 'table' : layout,
    trash,
  };
}

/** The address of a state: only what differs from the default, so that links stay short and defaults can improve. */
export function searchOf(object: MetaObject, state: ViewState): ViewSearch {
  const usual = defaultState(object);
  const same = (a: string[], b: string[]) => a.join() === b.join();
  return {
    q: state.q || undefined,
    filter: state.filter ? JSON.stringify(state.filter) : undefined,
    sort: same(state.sort, usual.sort) ? undefined : state.sort.join(',') || undefined,
    columns: same(state.columns, usual.columns) ? undefined : state.columns.join(','),
    layout: state.layout === usual.layout || state.trash ? undefined : state.layout,
    trash: state.trash ? 'only' : undefined,
  };
}

/** What a click on a column's head makes of the sort: ascending, descending, none. */
export function toggled(sort: string[], field: string): string[] {
  if (sort[0] === field) return [`-${field}`];
  if (sort[0] === `-${field}`) return [];
  return [field];
}
