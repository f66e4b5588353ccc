/** What one is told: how much of it is unread, and what is done with it. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import { type Row, write } from '../api.ts';
import { rowsOf } from './cache.ts';
import { addDays, atClock, today } from './days.ts';
import type { Filter } from './filter.ts';
import { objectNamed, useMeta } from './meta.tsx';
import { fail, keys, patchEverywhere, useGroups, useRecords } from './records.ts';

export type Which = 'all' | 'unread' | 'mentions';

const awake: Filter = { field: 'snoozedUntil', op: 'empty' };
const unread: Filter = { and: [awake, { field: 'readAt', op: 'empty' }] };

const filters: Record<Which, Filter> = {
  all: awake,
  unread,
  mentions: { and: [awake, { field: 'kind', op: 'isAnyOf', value: ['mention', 'comment'] }] },
};

function useObject(): MetaObject | undefined {
  return objectNamed(useMeta(), 'notification');
}

/** How many are unread, live. */
export function useUnread(): number {
  const object = useObject();
  const meta = useMeta();
  const body = { filter: unread as Json, values: [{ op: 'count' }] };
  const found = useGroups(object ?? (meta.objects[0] as MetaObject), body, object !== undefined);
  return Number(found.data?.data[0]?.values[0] ?? 0);
}

export function useNotifications(which: Which) {
  const object = useObject() as MetaObject;
  return useRecords(object, { filter: filters[which], sort: ['-happenedAt'], limit: 50 });
}

class Told {
  private readonly client: QueryClient;
  private readonly object: MetaObject;

  constructor(client: QueryClient, object: MetaObject) {
    this.client = client;
    this.object = object;
  }

  /** Reading and putting off is nothing that one undoes by a toast. */
  private async put(rows: Row[], values: Record<string, Json>) {
    if (rows.length === 0) return;
    for (const { id } of rows) patchEverywhere(this.client, this.object.name, { ...values, id });
    try {
      const operations = rows.map(({ id }) => ({ op: 'update', id, values }));
      const order = { operations, atomic: false };
      await write('POST', `/api/${this.object.path}/batch`, order, { shown: true });
    } catch (error) {
      fail(error);
    }
    await this.client.invalidateQueries({ queryKey: keys.object(this.object.name) });
  }

  read(rows: Row[], isRead = true) {
    return this.put(rows, { readAt: isRead ? new Date().toISOString() : null });
  }

  snooze(row: Row, until: Date) {
    return this.put([row], { snoozedUntil: until.toISOString() });
  }
}

export function useTold(): Told {
  const client = useQueryClient();
  const object = useObject() as MetaObject;
  return useMemo(() => new Told(client, object), [client, object]);
}

/** When something comes back that is put off: in three hours, tomorrow, or on Monday, at eight of the person's clock. */
export function snoozes(
  timeZone: string,
  now = new Date(),
): { name: 'laterToday' | 'tomorrow' | 'nextWeek'; at: Date }[] {
  const day = today(timeZone, now);
  const morning = (days: number) => new Date(atClock(addDays(day, days), 8 * 60, timeZone));
  const later = new Date(now.getTime() + 3 * 3_600_000);
  const toMonday = (8 - new Date(`${day}T00:00:00Z`).getUTCDay()) % 7 || 7;
  return [
    ...(today(timeZone, later) === day ? [{ name: 'laterToday' as const, at: later }] : []),
    { name: 'tomorrow', at: morning(1) },
    { name: 'nextWeek', at: morning(toMonday) },
  ];
}

/** Everything that is unread, for marking it all. */
export function useAllUnread(): Row[] {
  const object = useObject() as MetaObject;
  return rowsOf(useRecords(object, { filter: unread, fields: ['kind'], limit: 1_000 }).data);
}
