/** Everything a list page decides: what is asked, what is selected, what is open. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import type { Filter } from '../model/filter.ts';
import { isList } from '../model/layouts.ts';
import { filtersOf, listQuery } from '../model/list-query.ts';
import { useLooks } from '../model/looks.ts';
import { fieldOf, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import {
  type Density,
  defaultState,
  differs,
  readSearch,
  savedState,
  searchOf,
  stateOf,
  type ViewSearch,
  type ViewState,
} from '../model/view-state.ts';
import { openView, useViews } from '../model/views.ts';
import { useTrail } from '../model/walk.ts';
import { type Line, useRowGroups } from './use-groups.ts';

export function rowHeight(density: Density): number {
  return { compact: 28, normal: 36, comfortable: 44 }[density];
}

function useViewState(object: MetaObject) {
  const { me } = useMeta();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { views: all, pending } = useViews();
  const views = useMemo(() => all.filter(view => view.object === object.name), [all, object]);
  const asked = readSearch(search).view;
  const view = openView(views, asked, me.role);
  const base = useMemo(() => (view ? savedState(object, view) : defaultState(object)), [object, view]);
  const state = useMemo(() => stateOf(object, readSearch(search), base), [object, search, base]);
  /** The address of the list with some of it changed. */
  const searchWith = (part: Partial<ViewState>): ViewSearch => ({
    // A link to what is on the screen names the view it starts from, even where the list opens with it.
    view: asked ?? view?.id,
    ...searchOf(object, { ...state, ...part }, base),
  });
  const change = (part: Partial<ViewState>) => {
    void navigate({
      to: '/$object',
      params: { object: object.path },
      search: searchWith(part),
      replace: true,
    });
  };
  return {
    state,
    change,
    searchWith,
    view: pending ? null : view,
    views,
    /** While it is not known which view is open. */
    pending,
    /** Whether the list differs from its view. */
    changed: differs(object, state, base),
  };
}

/** Row height and widths of columns: kept in the view, or, where there is none, with the person. */
function useLook(object: MetaObject, { state, change, view }: ReturnType<typeof useViewState>) {
  const { looks, change: changeLooks } = useLooks();
  const own = looks.widths?.[object.name];
  const shown = useMemo(() => (view ? state.widths : { ...own, ...state.widths }), [view, own, state]);
  return {
    density: state.density ?? looks.density ?? 'normal',
    setDensity(value: Density) {
      if (view) return change({ density: value });
      changeLooks({ density: value });
    },
    widths: shown,
    /** Null gives the column back the width it has by itself. */
    setWidth(column: string, width: number | null) {
      const { [column]: _, ...rest } = shown;
      const next = width === null ? rest : { ...rest, [column]: width };
      if (view) return change({ widths: next });
      changeLooks({ widths: { ...looks.widths, [object.name]: next } });
    },
  };
}

/** How many there are: what is loaded when that is all, else the estimate, but never less than what is loaded. */
export function countOf(estimate: number | undefined, loaded: number, more: boolean): number | undefined {
  if (estimate === undefined) return undefined;
  return more ? Math.max(estimate, loaded) : loaded;
}

/** What drawings need of a list. */
export type Drawable = Pick<ReturnType<typeof useViewState>, 'state' | 'searchWith'> &
  ReturnType<typeof useFilter> & { q: string };

/** A saved view as it is kept, where the address is that of another page. */
export function useSavedList(object: MetaObject, view: Row): Drawable {
  const state = useMemo(() => savedState(object, view), [object, view]);
  const searchWith = (part: Partial<ViewState>): ViewSearch => ({
    view: view.id,
    ...searchOf(object, { ...state, ...part }, state),
  });
  return { state, searchWith, q: state.q, ...useFilter(object, state) };
}

function useFilter(object: MetaObject, { filter }: ViewState) {
  const meta = useMeta();
  return useMemo(() => filtersOf(meta, object, filter), [filter, meta, object]);
}

/** What a list is asked, and the lines it shows of the answers. */
function useLines(
  object: MetaObject,
  { state, columns, filter, q }: { state: ViewState; columns: MetaField[]; filter: Filter | null; q: string },
  enabled: boolean,
) {
  const { sort, columns: names, trash } = state;
  const query = useMemo(
    () => listQuery(object, { sort, columns: names, trash }, filter, q),
    [object, sort, names, trash, filter, q],
  );
  const group = state.layout === 'table' && !state.trash ? state.group : null;
  const groups = useRowGroups(object, { group, columns, totals: state.totals, filter, q }, enabled);
  const records = useRecords(object, query, enabled && !groups);
  const ungrouped = useMemo(
    () => rowsOf(records.data).map((row): Line => ({ kind: 'row', key: row.id, row })),
    [records.data],
  );
  const lines = groups?.lines ?? ungrouped;
  const rows = useMemo(() => lines.flatMap(line => (line.kind === 'row' ? [line.row] : [])), [lines]);
  const grouped = groups?.pending ? undefined : groups?.groups.reduce((sum, { count }) => sum + count, 0);
  return {
    query,
    records,
    rows,
    /** Rows in groups; null where they stand one after the other. */
    groups,
    lines,
    count: groups ? grouped : countOf(records.data?.pages[0]?.count, rows.length, records.hasNextPage),
    /** Has loaded what comes into sight: the lines from the first to the last. */
    reach(first: number, last: number) {
      if (groups) {
        const waiting = lines
          .slice(first, last + 1)
          .flatMap(line => (line.kind === 'wait' ? [line.group.key] : []));
        groups.want([...new Set(waiting)]);
      } else if (records.hasNextPage && !records.isFetchingNextPage && last >= rows.length - 30)
        void records.fetchNextPage();
    },
  };
}

/** The rows that are chosen: some of those loaded, or all that match. */
function useSelection(rows: Row[]) {
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [every, setEvery] = useState(false);
  const setSelected = (ids: ReadonlySet<string>) => {
    select(ids);
    setEvery(false);
  };
  return {
    selected,
    setSelected,
    /** All that match are chosen, loaded or not. */
    every,
    setEvery,
    isSelected: (id: string) => every || selected.has(id),
    /** Of all that match, one taken out leaves those that are loaded. */
    toggle(id: string) {
      const next = new Set(every ? rows.map(row => row.id) : selected);
      if (!next.delete(id)) next.add(id);
      setSelected(next);
    },
  };
}

export function useList(object: MetaObject) {
  const opened = useViewState(object);
  const { state, pending } = opened;
  const look = useLook(object, opened);
  const [peek, setPeek] = useState<string | null>(null);
  const columns = useMemo(
    () => state.columns.map(name => fieldOf(object, name)).filter(field => field !== undefined),
    [object, state.columns],
  );
  const { kept, filter } = useFilter(object, state);
  const q = useDeferredValue(state.q);
  const lines = useLines(object, { state, columns, filter, q }, !pending && isList(state.layout));
  const selection = useSelection(lines.rows);
  useTrail(object.name, lines.rows);
  return {
    ...opened,
    columns,
    /** The filter as a view keeps it. */
    kept,
    filter,
    q,
    ...lines,
    /** How many columns stand still. */
    frozen: Math.max(1, Math.min(columns.length, Number(state.arrangement.frozen ?? 1) || 1)),
    /** What is in the trash is not changed, only brought back. */
    editable: object.can.edit && !state.trash,
    ...selection,
    peek,
    setPeek,
    ...look,
  };
}

export type ListModel = ReturnType<typeof useList>;
