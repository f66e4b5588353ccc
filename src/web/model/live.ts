/** Changes by others, as they happen: rows on screen change in place, lists and counts follow shortly after. */
import { type QueryClient, type QueryFilters, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Meta, MetaObject } from '../../engine/index.ts';
import { isOwn, type Row, readTogether } from '../api.ts';
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
/** Milliseconds of the past that the server tells of at most; a little more is asked for than the page is old. */
const longestAgo = 60_000;
const slack = 1_000;
/** An ear that was refused is opened again after this many milliseconds. */
const reopenAfter = 5_000;

function shows(client: QueryClient, object: string, id: string): boolean {
  if (client.getQueryData(keys.record(object, id))) return true;
  const lists = client.getQueriesData<Pages>({ queryKey: keys.lists(object) });
  return lists.some(([, pages]) => pages?.pages.some(page => page.data.some(row => row.id === id)));
}

function isMeasured({ fields }: Meta['objects'][number]): boolean {
  return fields.some(({ options }) => options.measured === true);
}

/** Asks anew. What is under way for the first time may be from before the change: it is waited for. */
async function renew(client: QueryClient, filters: QueryFilters) {
  const first = client
    .getQueryCache()
    .findAll(filters)
    .filter(({ state }) => state.data === undefined && state.fetchStatus === 'fetching');
  void client.invalidateQueries(filters);
  if (first.length === 0) return;
  await Promise.allSettled(first.map(query => query.promise));
  void client.invalidateQueries({ predicate: query => first.includes(query) });
}

async function renewRecord(client: QueryClient, { name, path }: MetaObject, id: string, kind: string) {
  // What is open says itself that it is in the trash, or leads to what it was merged into.
  const gone = kind === 'deleted';
  if (gone || kind === 'restored' || !client.getQueryData(keys.record(name, id)))
    void renew(client, { queryKey: keys.record(name, id) });
  if (gone || !shows(client, name, id)) return;
  const row = await readTogether<Row>(`/api/${path}/${id}`).catch(() => null);
  if (row) patchEverywhere(client, name, row);
  else void client.invalidateQueries({ queryKey: keys.record(name, id) });
}

async function apply(client: QueryClient, meta: Meta, events: LiveEvent[]) {
  const latest = new Map(events.map(event => [event.id, event]));
  await Promise.all(
    [...latest.values()].slice(0, 20).map(async ({ object: name, id, kind }) => {
      const object = meta.objects.find(each => each.name === name);
      if (object) await renewRecord(client, object, id, kind);
    }),
  );
  for (const object of new Set(events.map(event => event.object))) {
    void renew(client, { queryKey: keys.lists(object) });
    void renew(client, { queryKey: ['records', object, 'groups'] });
  }
  void renew(client, { queryKey: ['timeline'] });
  void renew(client, { queryKey: ['changeSets'] });
}

/** Collects events for some milliseconds, then applies them together. */
function gathering(pause: number, flush: (events: LiveEvent[]) => void) {
  let waiting: LiveEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(event: LiveEvent) {
      waiting.push(event);
      timer ??= setTimeout(() => {
        const events = waiting;
        waiting = [];
        timer = undefined;
        flush(events);
      }, pause);
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * An open ear, opened again when it is shut. What changed while the page was loading is told at the beginning; after a
 * pause in the connection `missed` is called.
 */
function openEar(ear: { [kind in 'change' | 'presence']: (data: string) => void } & { missed(): void }) {
  let source: EventSource;
  let lost = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(`/api/live?ago=${Math.min(longestAgo, Math.ceil(performance.now()) + slack)}`);
    source.addEventListener('change', message => ear.change(String(message.data)));
    source.addEventListener('presence', message => ear.presence(String(message.data)));
    source.onopen = () => {
      if (lost) ear.missed();
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      // The browser tries again by itself unless it was answered otherwise than by a stream.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, reopenAfter);
    };
  };
  open();
  return () => {
    clearTimeout(again);
    source.close();
  };
}

/** Listens while the page is open. After a pause in the connection everything on screen is asked for again. */
export function useLive(meta: Meta) {
  const client = useQueryClient();
  const now = useRef(meta);
  now.current = meta;
  useEffect(() => {
    const flush = (events: LiveEvent[]) => void apply(client, now.current, events);
    const soon = gathering(pause, flush);
    const late = gathering(measuredAfter, flush);
    const close = openEar({
      change(data) {
        const event = JSON.parse(data) as LiveEvent;
        if (event.kind === 'schema') void client.invalidateQueries({ queryKey: metaKey });
        if (now.current.objects.some(each => each.name === event.object && isMeasured(each))) late.add(event);
        if (event.object && !isOwn(event.changeSet)) soon.add(event);
      },
      presence(data) {
        const { object, id } = JSON.parse(data) as { object: string; id: string };
        void client.invalidateQueries({ queryKey: presenceKey(object, id) });
      },
      missed: () => void client.invalidateQueries({ refetchType: 'active' }),
    });
    return () => {
      close();
      soon.stop();
      late.stop();
    };
  }, [client]);
}
