/** What a list shows: a saved view or the object's own, and what of it the address changes. Pure. */
import { hashKey } from '@tanstack/react-query';
import type { Json, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import type { Filter } from './filter.ts';
import { type Arrangement, arrangements, isLayout, type Layout, layoutsOf } from './layouts.ts';

export type Density = 'compact' | 'normal' | 'comfortable';

/** Column → pixels, where someone chose them. */
export type Widths = Record<string, number>;

export interface ViewState {
  q: string;
  filter: Filter | null;
  sort: string[];
  columns: string[];
  widths: Widths;
  /** Null: as the device has it. */
  density: Density | null;
  layout: Layout;
  /** How the layout is arranged. */
  arrangement: Arrangement;
  /** Field by whose values rows stand together, or `field:month` and the like. */
  group: string | null;
  /** Column → what is computed of it below the rows. */
  totals: Record<string, string>;
  /** The day (`2026-11-22`) around which a layout in time stands; null: today. */
  at: string | null;
  /** Shows what was deleted instead. */
  trash: boolean;
}

/** Stands in the address for no view at all. */
export const viewAll = 'all';

export interface ViewSearch extends Arrangement {
  /** Id of a saved view, or `all` for none where the list opens with one. */
  view?: string;
  q?: string;
  filter?: string;
  /** Names of fields, or `none`. */
  sort?: string;
  columns?: string;
  /** `name:240,amount:90` */
  widths?: string;
  density?: Density;
  layout?: Layout;
  /** `stage`, `closeDate:month`, or `none`. */
  group?: string;
  /** `amount:sum,name:filled` */
  totals?: string;
  at?: string;
  trash?: 'only';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whatever stands in the address, reduced to what a list understands. */
export function readSearch(search: Record<string, unknown>): ViewSearch {
  const at = text(search.at);
  return {
    ...Object.fromEntries(arrangements.map(name => [name, text(search[name])])),
    view: text(search.view),
    q: text(search.q),
    filter: text(search.filter),
    sort: text(search.sort),
    columns: text(search.columns),
    widths: text(search.widths),
    density: isDensity(search.density) ? search.density : undefined,
    layout: isLayout(search.layout) ? search.layout : undefined,
    group: text(search.group),
    totals: text(search.totals),
    at: at && /^\d{4}-\d\d-\d\d$/.test(at) && !Number.isNaN(Date.parse(at)) ? at : undefined,
    trash: search.trash === 'only' ? 'only' : undefined,
  };
}

function isDensity(value: unknown): value is Density {
  return value === 'compact' || value === 'normal' || value === 'comfortable';
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
    columns: titled(object, columns),
    widths: {},
    density: null,
    layout: object.board?.rank ? 'board' : 'table',
    arrangement: {},
    group: null,
    totals: {},
    at: null,
    trash: false,
  };
}

/** The columns with the one that names the record first. */
function titled(object: MetaObject, columns: string[]): string[] {
  return [object.title, ...columns.filter(name => name !== object.title)];
}

function sorting(object: MetaObject, names: string[]): string[] {
  return known(object, names, name => object.fields.find(f => f.name === name)?.sortable ?? false);
}

const leastWidth = 40;

function isWidth(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= leastWidth && value <= 1200;
}

function parseWidths(object: MetaObject, given: string): Widths {
  const pairs = given.split(',').map((part): [string, number] => {
    const [name = '', width] = part.split(':');
    return [name, Number(width)];
  });
  return Object.fromEntries(
    pairs.filter(([name, width]) => known(object, [name]).length > 0 && isWidth(width)),
  );
}

function textOfWidths(widths: Widths): string {
  const pairs = Object.entries(widths).sort(([a], [b]) => a.localeCompare(b));
  return pairs.map(([name, width]) => `${name}:${width}`).join(',');
}

/** A grouping that the list knows. */
function grouping(object: MetaObject, given: unknown): string | null {
  if (typeof given !== 'string') return null;
  const [name = '', bucket] = given.split(':');
  const field = object.fields.find(f => f.name === name);
  return field && (bucket === undefined || field.buckets?.includes(bucket)) ? given : null;
}

function parseTotals(object: MetaObject, given: string): Record<string, string> {
  const pairs = given.split(',').map(part => part.split(':') as [string, string?]);
  return Object.fromEntries(
    pairs.flatMap(([name, op]) => (op && known(object, [name]).length > 0 ? [[name, op]] : [])),
  );
}

function textOfTotals(totals: Record<string, string>): string {
  const pairs = Object.entries(totals).sort(([a], [b]) => a.localeCompare(b));
  return pairs.map(([name, op]) => `${name}:${op}`).join(',');
}

/** A layout that the object has, or the next best. */
function possible(object: MetaObject, layout: Layout, trash = false): Layout {
  if (trash) return 'table';
  return layoutsOf(object).includes(layout) ? layout : 'table';
}

/** What is stated of an arrangement; anything but text is left out. */
function arranged(given: unknown): Arrangement {
  const stated = (given ?? {}) as Record<string, unknown>;
  return Object.fromEntries(arrangements.flatMap(name => (text(stated[name]) ? [[name, stated[name]]] : [])));
}

/** A column as a view keeps it. */
interface Column {
  field: string;
  width?: number;
  total?: string;
}

/** What a saved view shows. Fields that are gone, or not for this reader, are left out; conditions on them stay and are told. */
export function savedState(object: MetaObject, view: Row): ViewState {
  const usual = defaultState(object);
  const entries = (Array.isArray(view.columns) ? view.columns : []) as unknown as Column[];
  const columns = known(
    object,
    entries.map(({ field }) => field),
  );
  return {
    ...usual,
    filter: isFilter(view.filter) ? view.filter : null,
    sort: Array.isArray(view.sort) ? sorting(object, view.sort as string[]) : usual.sort,
    columns: columns.length > 0 ? titled(object, columns) : usual.columns,
    widths: Object.fromEntries(
      entries.flatMap(({ field, width }) =>
        isWidth(width) && columns.includes(field) ? [[field, width]] : [],
      ),
    ),
    density: isDensity(view.density) ? view.density : null,
    layout: isLayout(view.layout) ? possible(object, view.layout) : 'table',
    arrangement: arranged(view.arrangement),
    group: grouping(object, view.group),
    totals: Object.fromEntries(
      entries.flatMap(({ field, total }) => {
        const op = text(total);
        return op && columns.includes(field) ? [[field, op]] : [];
      }),
    ),
  };
}

/** A state as a view keeps it. */
export function savedValues(state: ViewState, filter: Filter | null): Record<string, Json> {
  return {
    layout: state.layout,
    columns: state.columns.map((field): Json => {
      const width = state.widths[field];
      const total = state.totals[field];
      return {
        field,
        ...(width === undefined ? {} : { width }),
        ...(total === undefined ? {} : { total }),
      };
    }),
    arrangement:
      Object.keys(arranged(state.arrangement)).length > 0 ? { ...arranged(state.arrangement) } : null,
    group: state.group,
    filter: filter as Json,
    sort: state.sort,
    density: state.density,
  };
}

/** The address states what differs; another layout starts from nothing. */
function arrangementOf(search: ViewSearch, base: Arrangement): Arrangement {
  const stated = arranged({ ...base, ...arranged(search) });
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== 'usual'));
}

function arrangementSearch(state: ViewState, base: ViewState): Arrangement {
  const from = state.layout === base.layout ? base.arrangement : {};
  return Object.fromEntries(
    arrangements.map(name => {
      const [now, before] = [state.arrangement[name], from[name]];
      return [name, now === before ? undefined : (now ?? 'usual')];
    }),
  );
}

/** The state that an address stands for: `base` is the view it starts from. */
export function stateOf(object: MetaObject, search: ViewSearch, base = defaultState(object)): ViewState {
  const columns = known(object, search.columns?.split(',') ?? []);
  const layout = search.layout ?? base.layout;
  const trash = search.trash === 'only';
  return {
    q: search.q ?? '',
    filter: search.filter === undefined ? base.filter : parseFilter(search.filter),
    sort: search.sort ? sorting(object, search.sort.split(',')) : base.sort,
    columns: columns.length > 0 ? titled(object, columns) : base.columns,
    widths: search.widths ? parseWidths(object, search.widths) : base.widths,
    density: search.density ?? base.density,
    layout: possible(object, layout, trash),
    arrangement: arrangementOf(search, layout === base.layout ? base.arrangement : {}),
    group: search.group ? grouping(object, search.group) : base.group,
    totals: search.totals ? parseTotals(object, search.totals) : base.totals,
    at: search.at ?? null,
    trash,
  };
}

/** The address of a state: only what differs from `base`, so that links stay short and what they start from can improve. */
export function searchOf(object: MetaObject, state: ViewState, base = defaultState(object)): ViewSearch {
  const same = (a: string[], b: string[]) => a.join() === b.join();
  const widths = textOfWidths(state.widths);
  const totals = textOfTotals(state.totals);
  return {
    ...arrangementSearch(state, base),
    q: state.q || undefined,
    // The database keeps the keys of a filter in an order of its own.
    filter: hashKey([state.filter]) === hashKey([base.filter]) ? undefined : JSON.stringify(state.filter),
    sort: same(state.sort, base.sort) ? undefined : state.sort.join(',') || 'none',
    columns: same(state.columns, base.columns) ? undefined : state.columns.join(','),
    widths: widths === textOfWidths(base.widths) ? undefined : widths || 'none',
    density: state.density === base.density ? undefined : (state.density ?? undefined),
    layout: state.layout === base.layout || state.trash ? undefined : state.layout,
    group: state.group === base.group ? undefined : (state.group ?? 'none'),
    totals: totals === textOfTotals(base.totals) ? undefined : totals || 'none',
    at: state.at ?? undefined,
    trash: state.trash ? 'only' : undefined,
  };
}

/** Whether a list shows something else than the view it starts from; words, the trash and the day one looks at are no part of a view. */
export function differs(object: MetaObject, state: ViewState, base: ViewState): boolean {
  const { q: _, at: __, trash, ...rest } = searchOf(object, state, base);
  return trash === undefined && Object.values(rest).some(value => value !== undefined);
}

/** Puts a column before or after another; the one that names the record stays first. */
export function reordered(columns: string[], name: string, beside: string, after: boolean): string[] {
  if (name === beside || name === columns[0]) return columns;
  const rest = columns.filter(column => column !== name);
  const to = rest.indexOf(beside) + (after ? 1 : 0);
  return rest.toSpliced(Math.max(1, to), 0, name);
}

/** What a click on a column's head makes of the sort: ascending, descending, none. */
export function toggled(sort: string[], field: string): string[] {
  if (sort[0] === field) return [`-${field}`];
  if (sort[0] === `-${field}`) return [];
  return [field];
}
