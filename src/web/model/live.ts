/** Changes by others, as they happen: rows on screen change in place, lists and counts follow shortly after. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Meta } from '../../engine/index.ts';
import { isOwn, type Row, read } from '../api.ts';
import type { Pages } from './cache.ts';
import { metaKey } from './meta.tsx';
import { presenceKey } from './presence.ts';
import { keys, patchEverywhere } from './records.ts';

interface LiveEvent {
  object: string;
  id: string;
  kind: string;
  changeSet: string | null;
  version: number;
}

const pause = 200;
/** What is measured of a record follows its change within this many milliseconds. */
const measuredAfter = 2_000;

function shows(client: QueryClient, object: string, id: string): boolean {
  if (client.getQueryData(keys.record(object, id))) return true;
  const lists = client.getQueriesData<Pages>({ queryKey: keys.lists(object) });
  return lists.some(([, pages]) => pages?.pages.some(page => page.data.some(row => row.id === id)));
}

function isMeasured({ fields }: Meta['objects'][number]): boolean {
  return fields.some(({ options }) => options.measured === true);
}

async function apply(client: QueryClient, meta: Meta, events: LiveEvent[]) {
  const touched = new Set(events.map(event => event.object));
  for (const event of events.slice(0, 20)) {
    const object = meta.objects.find(o => o.name === event.object);
    // What is open says itself that it is in the trash, or leads to what it was merged into.
    if (event.kind === 'deleted' || event.kind === 'restored')
      void client.invalidateQueries({ queryKey: keys.record(event.object, event.id) });
    if (!object || event.kind === 'deleted' || !shows(client, event.object, event.id)) continue;
    const row = await read<Row>(`/api/${object.path}/${event.id}`).catch(() => null);
    if (row) patchEverywhere(client, event.object, row);
  }
  for (const object of touched) {
    void client.invalidateQueries({ queryKey: keys.lists(object), refetchType: 'active' });
    void client.invalidateQueries({ queryKey: ['records', object, 'groups'] });
  }
  void client.invalidateQueries({ queryKey: ['timeline'] });
  void client.invalidateQueries({ queryKey: ['changeSets'] });
}

/** Listens while the page is open. After a pause in the connection everything on screen is asked for again. */
export function useLive(meta: Meta) {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource('/api/live');
    let waiting: LiveEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    const flush = () => {
      const events = waiting;
      waiting = [];
      timer = undefined;
      void apply(client, meta, events);
    };
    let late: LiveEvent[] = [];
    let lateTimer: ReturnType<typeof setTimeout> | undefined;
    const flushLate = () => {
      const events = late;
      late = [];
      lateTimer = undefined;
      void apply(client, meta, events);
    };
    source.addEventListener('change', message => {
      const event = JSON.parse(String(message.data)) as LiveEvent;
      if (event.kind === 'schema') void client.invalidateQueries({ queryKey: metaKey });
      if (meta.objects.some(each => each.name === event.object && isMeasured(each))) {
        late.push(event);
        lateTimer ??= setTimeout(flushLate, measuredAfter);
      }
      if (!event.object || isOwn(event.changeSet)) return;
      waiting.push(event);
      timer ??= setTimeout(flush, pause);
    });
    source.addEventListener('presence', message => {
      const { object, id } = JSON.parse(String(message.data)) as { object: string; id: string };
      void client.invalidateQueries({ queryKey: presenceKey(object, id) });
    });
    source.onerror = () => {
      lost = true;
    };
    source.onopen = () => {
      if (lost) void client.invalidateQueries({ refetchType: 'active' });
      lost = false;
    };
    return () => {
      source.close();
      clearTimeout(timer);
      clearTimeout(lateTimer);
    };
  }, [client, meta]);
}
