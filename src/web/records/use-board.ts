/** What the board knows and does: its columns, their cards, and moving a card. One request, one record. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { optionsOf, reference } from '../../fields/read.tsx';
import type { Row } from '../api.ts';
import { type Pages, rowsOf, withoutRows, withRow } from '../model/cache.ts';
import { both, equals, type Filter, isEmptyFilter } from '../model/filter.ts';
import { fieldOf, objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import {
  fail,
  keys,
  patchEverywhere,
  type Query,
  settle,
  useActions,
  useGroups,
  useRecords,
} from '../model/records.ts';

export interface Column {
  /** The value of the field by which the board is arranged; null for records that have none. */
  id: string | null;
  title: string;
  value: Json;
  filter: Filter | null;
}

/** The link by which the columns themselves are grouped, as stages are by pipeline. */
export function scopeField(columns: MetaObject | undefined): MetaField | undefined {
  return columns?.fields.find(
    field =>
      !field.system &&
      field.relation &&
      !field.relation.many &&
      field.relation.to !== '*' &&
      field.relation.to !== 'user',
  );
}

export function useColumns(by: MetaField, scope: string | null) {
  const meta = useMeta();
  const target = by.relation ? objectNamed(meta, by.relation.to) : undefined;
  const scoped = scopeField(target);
  const filter = scoped && scope ? equals(scoped, scope) : null;
  const waiting = Boolean(scoped) && !scope;
  const stages = useRecords(
    target ?? (meta.objects[0] as MetaObject),
    { filter, sort: target?.list.sort, limit: 100 },
    target !== undefined && !waiting,
  );
  const columns = useMemo((): Column[] => {
    const none: Column = { id: null, title: '', value: null, filter: isEmptyFilter(by) };
    const found = target
      ? rowsOf(stages.data).map((row): Column => {
          const title = titleOf(meta, target, row);
          return { id: row.id, title, value: { id: row.id, title }, filter: equals(by, row.id) };
        })
      : optionsOf(by).map(
          (o): Column => ({ id: o.value, title: o.label, value: o.value, filter: equals(by, o.value) }),
        );
    return by.required ? found : [none, ...found];
  }, [by, meta, stages.data, target]);
  return { columns, pending: target !== undefined && stages.isPending };
}

/** The ways to group the columns: pipelines. */
export function useScopes(by: MetaField) {
  const meta = useMeta();
  const target = by.relation ? objectNamed(meta, by.relation.to) : undefined;
  const object = objectNamed(meta, scopeField(target)?.relation?.to);
  const found = useRecords(
    object ?? (meta.objects[0] as MetaObject),
    { sort: object?.list.sort, limit: 50 },
    object !== undefined,
  );
  if (!object) return { scopes: [], to: undefined, pending: false };
  return {
    scopes: rowsOf(found.data).map(row => ({ id: row.id, title: titleOf(meta, object, row) })),
    pending: found.isPending,
    to: object.name,
  };
}

export function useTotals(object: MetaObject, by: MetaField, filter: Filter | null, q: string) {
  const sum = object.board?.sum;
  const body: { [key: string]: Json } = {
    groupBy: [{ field: by.name }],
    values: [{ op: 'count' }, ...(sum ? [{ field: sum, op: 'sum' }] : [])],
    ...(filter ? { filter: filter as Json } : {}),
    ...(q ? { q } : {}),
  };
  const groups = useGroups(object, body);
  return (id: string | null) => {
    const group = groups.data?.data.find(g => {
      const value = g.group[by.name] ?? null;
      return (reference(value)?.id ?? value) === id;
    });
    return group
      ? { count: Number(group.values[0] ?? 0), sum: group.values[1] ?? null }
      : groups.data
        ? { count: 0, sum: null }
        : null;
  };
}

/** Fields of a card: title, and what its list and highlights show, at most five lines. */
export function cardFields(object: MetaObject, by: MetaField): MetaField[] {
  const names = [...new Set([...object.highlights, ...object.list.columns])];
  const all = names
    .filter(name => name !== object.title && name !== by.name)
    .map(name => fieldOf(object, name))
    .filter(field => field !== undefined);
  const marks = all.filter(isMark);
  return [...all.filter(field => !isMark(field)).slice(0, 5), ...marks];
}

/** So small that a card always has room for it. */
export function isMark({ options }: MetaField): boolean {
  return options.outOf !== undefined;
}

export function columnQuery(
  object: MetaObject,
  by: MetaField,
  column: Column,
  filter: Filter | null,
  q: string,
): Query {
  // The places of cards are those among the object's own columns.
  const rank = by.name === object.board?.by ? object.board.rank : null;
  const sortable = rank && fieldOf(object, rank)?.sortable;
  const beside = [rank, object.board?.marks ?? null].filter(name => name !== null);
  const fields = [...new Set([object.title, by.name, ...cardFields(object, by).map(f => f.name), ...beside])];
  return {
    filter: both(column.filter, filter),
    q,
    sort: sortable ? [rank] : object.list.sort,
    fields,
    limit: 40,
  };
}

export function useMove(object: MetaObject, by: MetaField, filter: Filter | null, q: string) {
  const client = useQueryClient();
  const actions = useActions();
  const move = by.name === object.board?.by ? object.verbs.find(verb => verb.name === 'move') : undefined;

  /** Puts the card under `after` (null: on top) in another column, at once on screen, then on the server. */
  return async (row: Row, from: Column, to: Column, after: string | null) => {
    if (from.id === to.id && !move) return;
    const source = keys.list(object.name, columnQuery(object, by, from, filter, q));
    const aim = keys.list(object.name, columnQuery(object, by, to, filter, q));
    const kept = [client.getQueryData<Pages>(source), client.getQueryData<Pages>(aim)];
    client.setQueryData<Pages>(source, pages => withoutRows(pages, new Set([row.id])));
    client.setQueryData<Pages>(aim, pages => withRow(pages, { ...row, [by.name]: to.value }, after));
    try {
      if (move) {
        await actions.run(object, row.id, move.name, move.label, { [by.name]: to.id, after }, true);
        patchEverywhere(client, object.name, { id: row.id, [by.name]: to.value });
      } else await actions.edit(object, row, { [by.name]: to.value });
      settle(client, object.name, row.id);
    } catch (error) {
      client.setQueryData(source, kept[0]);
      client.setQueryData(aim, kept[1]);
      fail(error);
    }
  };
}
