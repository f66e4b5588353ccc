/** A record through time: the moments at which it changed, how it was at one of them, and what differs between two. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { type Row, read } from '../api.ts';
import { fieldOf, plainFields } from '../model/meta.tsx';
import { keys } from '../model/records.ts';

interface Change {
  at: string;
  kind: string;
  actor: { name: string };
  fields: Record<string, [Json, Json]>;
}

/** A moment at which the record changed. */
export interface Moment {
  /** ISO 8601. */
  at: string;
  who: string;
  /** Whether it was created then. */
  made: boolean;
  /** Labels of the fields that changed; none where it was deleted or restored. */
  fields: string[];
}

/** More changes than these are not offered one by one; any moment can still be typed. */
const maxChanges = 1_000;

/** The moments of changes, the earliest first; what happened at the same moment is one. */
export function momentsOf(object: MetaObject, changes: Change[]): Moment[] {
  const moments = new Map<string, Moment>();
  for (const { at, kind, actor, fields } of changes.toReversed()) {
    const moment = moments.get(at) ?? { at, who: actor.name, made: false, fields: [] };
    moment.made ||= kind === 'created';
    moments.set(at, moment);
    for (const name of Object.keys(fields)) {
      const field = fieldOf(object, name);
      if (field && !field.system && !moment.fields.includes(field.label)) moment.fields.push(field.label);
    }
  }
  return [...moments.values()];
}

export function useMoments(object: MetaObject, id: string) {
  return useQuery({
    queryKey: [...keys.timeline(id), 'moments'],
    queryFn: async ({ signal }) => {
      const path = `/api/${object.path}/${id}/history?limit=${maxChanges}`;
      return momentsOf(object, (await read<{ data: Change[] }>(path, { signal })).data);
    },
  });
}

/** The record as it was; the former moment stays in sight while the next one is on its way. Null moment: not asked for. */
export function useThen(object: MetaObject, id: string, at: string | null) {
  return useQuery({
    queryKey: [...keys.record(object.name, id), 'as of', at],
    queryFn: ({ signal }) =>
      read<Row>(`/api/${object.path}/${id}?asOf=${encodeURIComponent(at ?? '')}`, { signal }),
    placeholderData: keepPreviousData,
    enabled: at !== null,
    retry: false,
  });
}

/** The fields people know whose values differ between two states of a record. */
export function differing(object: MetaObject, one: Row, other: Row): MetaField[] {
  const text = (row: Row, name: string) => JSON.stringify(row[name] ?? null);
  return plainFields(object).filter(({ name }) => text(one, name) !== text(other, name));
}

/** Which stop of a slider shows a moment: the last one not after it. */
export function stopOf(moments: Moment[], at: string | null): number {
  if (at === null) return moments.length;
  const time = Date.parse(at);
  return Math.max(
    0,
    moments.findLastIndex(moment => Date.parse(moment.at) <= time),
  );
}
