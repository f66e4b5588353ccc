/** The rows of a list in groups: each group is counted by one aggregate for all, opened when it comes into sight, and paged by itself. */
import { useMemo, useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import type { Filter } from '../model/filter.ts';
import {
  type Grouping,
  groupBy,
  groupingOf,
  groupsOf,
  type RowGroup,
  type Total,
  totalsOf,
  valuesAsked,
} from '../model/groups.ts';
import { formatOf, objectNamed, useMeta } from '../model/meta.tsx';
import { useGroups, useRecords } from '../model/records.ts';

/** One line of a list. */
export type Line =
  | { kind: 'row'; key: string; row: Row }
  | { kind: 'group'; key: string; group: RowGroup; open: boolean }
  /** Stands for rows that are still to come. */
  | { kind: 'wait'; key: string; group: RowGroup };

/** What a group has loaded so far. */
interface Loaded {
  rows: Row[];
  more: boolean;
  busy: boolean;
  next(): void;
}

/** Lines that stand for a group that is not there yet, at most. */
const most = 100;

/** What is counted and computed of the rows that match. */
export function askTotals(
  totals: Total[],
  { filter, q }: { filter: Filter | null; q: string },
  by: Grouping | null = null,
): { [key: string]: Json } {
  return {
    values: valuesAsked(totals),
    ...(by ? { groupBy: [groupBy(by)] } : {}),
    ...(filter ? { filter: filter as Json } : {}),
    ...(q ? { q } : {}),
  };
}

/** Ids of linked set-up in its own order, such as stages. */
export function useOrder(by: Grouping | null): { order: string[]; pending: boolean } {
  const meta = useMeta();
  const target = objectNamed(meta, by?.field.relation?.to);
  const wanted = target?.setup === true;
  const found = useRecords(
    target ?? (meta.objects[0] as MetaObject),
    { sort: target?.list.sort, limit: 500 },
    wanted,
  );
  const order = useMemo(() => (wanted ? rowsOf(found.data).map(row => row.id) : []), [wanted, found.data]);
  return { order, pending: wanted && found.isPending };
}

interface Wish {
  group: string | null;
  columns: MetaField[];
  totals: Record<string, string>;
  filter: Filter | null;
  q: string;
}

function linesOf(
  groups: RowGroup[],
  closed: ReadonlySet<string>,
  loaded: ReadonlyMap<string, Loaded>,
): Line[] {
  return groups.flatMap((group): Line[] => {
    const open = !closed.has(group.key);
    const head: Line = { kind: 'group', key: `group ${group.key}`, group, open };
    if (!open) return [head];
    const known = loaded.get(group.key);
    const rows = (known?.rows ?? []).map(
      (row): Line => ({ kind: 'row', key: `${group.key} ${row.id}`, row }),
    );
    const waiting = known ? Number(known.more) : Math.min(group.count, most);
    const rest = Array.from(
      { length: waiting },
      (_, index): Line => ({ kind: 'wait', key: `wait ${group.key} ${index}`, group }),
    );
    return [head, ...rows, ...rest];
  });
}

export function useRowGroups(object: MetaObject, wish: Wish, enabled: boolean) {
  const meta = useMeta();
  const by = useMemo(() => groupingOf(object, wish.group), [object, wish.group]);
  const totals = useMemo(() => totalsOf(wish.columns, wish.totals, true), [wish.columns, wish.totals]);
  const { order, pending } = useOrder(by);
  const found = useGroups(object, askTotals(totals, wish, by), enabled && by !== null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const [loaded, setLoaded] = useState<ReadonlyMap<string, Loaded>>(new Map());
  const groups = useMemo(
    () => (by && found.data ? groupsOf(by, found.data.data, formatOf(meta), order) : []),
    [by, found.data, meta, order],
  );
  const lines = useMemo(() => linesOf(groups, closed, loaded), [groups, closed, loaded]);
  if (!by) return null;
  return {
    by,
    totals,
    groups,
    lines,
    pending: found.isPending || pending,
    error: found.data ? null : found.error,
    retry: () => void found.refetch(),
    /** Groups whose rows are asked for. */
    wanted: groups.filter(group => wanted.has(group.key)),
    /** Takes what a group has loaded. */
    take: (key: string, rows: Loaded) => setLoaded(known => new Map(known).set(key, rows)),
    toggle(key: string) {
      const next = new Set(closed);
      if (!next.delete(key)) next.add(key);
      setClosed(next);
    },
    /** Has what comes into sight loaded. */
    want(keys: string[]) {
      const missing = keys.filter(key => !wanted.has(key));
      if (missing.length > 0) setWanted(new Set([...wanted, ...missing]));
      for (const key of keys) {
        const known = loaded.get(key);
        if (known?.more && !known.busy) known.next();
      }
    },
  };
}

export type RowGroups = NonNullable<ReturnType<typeof useRowGroups>>;
