/** Everything a list page decides: what is asked, what is selected, what is open. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { rowsOf } from '../model/cache.ts';
import { complete, fieldAtPath } from '../model/filter.ts';
import { fieldOf, useMeta } from '../model/meta.tsx';
import { type Query, useRecords } from '../model/records.ts';
import { readSearch, searchOf, stateOf, type ViewState } from '../model/view-state.ts';
import { useTrail } from '../model/walk.ts';

export type Density = 'compact' | 'normal' | 'comfortable';

const densityPlace = 'farley-density';

export function rowHeight(density: Density): number {
  return { compact: 28, normal: 36, comfortable: 44 }[density];
}

function storedDensity(): Density {
  const kept = localStorage.getItem(densityPlace);
  return kept === 'compact' || kept === 'comfortable' ? kept : 'normal';
}

export function useViewState(object: MetaObject) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const state = useMemo(() => stateOf(object, readSearch(search)), [object, search]);
  const change = (part: Partial<ViewState>) => {
    void navigate({
      to: '/$object',
      params: { object: object.path },
      search: searchOf(object, { ...state, ...part }),
      replace: true,
    });
  };
  return { state, change };
}

/** How many there are: what is loaded when that is all, else the estimate, but never less than what is loaded. */
export function countOf(estimate: number | undefined, loaded: number, more: boolean): number | undefined {
  if (estimate === undefined) return undefined;
  return more ? Math.max(estimate, loaded) : loaded;
}

export function useList(object: MetaObject) {
  const meta = useMeta();
  const { state, change } = useViewState(object);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [peek, setPeek] = useState<string | null>(null);
  const [density, setDensityState] = useState(storedDensity);
  const columns = useMemo(
    () => state.columns.map(name => fieldOf(object, name)).filter(field => field !== undefined),
    [object, state.columns],
  );
  const filter = useMemo(
    () => complete(state.filter, path => fieldAtPath(meta, object, path)),
    [state.filter, meta, object],
  );
  const q = useDeferredValue(state.q);
  const query: Query = useMemo(
    () => ({
      filter,
      q,
      sort: state.sort,
      fields: [...new Set([object.title, ...state.columns])],
      limit: 100,
      count: 'estimated',
      ...(state.trash ? { trash: 'only' as const } : {}),
    }),
    [filter, q, state.sort, state.columns, state.trash, object.title],
  );
  const records = useRecords(object, query, state.layout === 'table');
  const rows = useMemo(() => rowsOf(records.data), [records.data]);
  useTrail(object.name, rows);

  return {
    state,
    change,
    columns,
    filter,
    q,
    records,
    rows,
    count: countOf(records.data?.pages[0]?.count, rows.length, records.hasNextPage),
    /** What is in the trash is not changed, only brought back. */
    editable: object.can.edit && !state.trash,
    selected,
    setSelected,
    toggle(id: string) {
      const next = new Set(selected);
      if (!next.delete(id)) next.add(id);
      setSelected(next);
    },
    peek,
    setPeek,
    density,
    setDensity(value: Density) {
      setDensityState(value);
      localStorage.setItem(densityPlace, value);
    },
  };
}

export type ListModel = ReturnType<typeof useList>;
