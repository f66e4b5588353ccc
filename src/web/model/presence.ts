/** Who else looks at a record: this window says every few seconds that it does, and gets the others as an answer. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { read } from '../api.ts';

export interface OtherViewer {
  user: { id: string; title: string };
  /** The field they are changing. */
  field: string | null;
}

/** How often a window says that it is there, in milliseconds. */
const beatEvery = 10_000;

/** Tells the windows of one person apart. */
const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), byte =>
  byte.toString(16).padStart(2, '0'),
).join('');

/** The value being changed in this window. */
let editing: { id: string; field: string } | null = null;
const listeners = new Set<() => void>();

function setEditing(next: typeof editing) {
  editing = next;
  for (const listener of listeners) listener();
}

/** Says for as long as it is on screen that a field is being changed. */
export function useEditing(id: string, field: string) {
  useEffect(() => {
    const mine = { id, field };
    setEditing(mine);
    return () => {
      if (editing === mine) setEditing(null);
    };
  }, [id, field]);
}

export const presenceKey = (object: string, id: string) => ['presence', object, id] as const;

function say(object: MetaObject, id: string, more: { field: string | null } | { left: true }) {
  return read<{ data: OtherViewer[] }>(`/api/${object.path}/${id}/presence`, { body: { tab, ...more } });
}

/** Leaving is said by a request that outlives the page; nobody waits for the answer. */
function leave(object: MetaObject, id: string) {
  void fetch(`/api/${object.path}/${id}/presence`, {
    method: 'POST',
    keepalive: true,
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ tab, left: true }),
  }).catch(() => undefined);
}

function useVisible(): boolean {
  return useSyncExternalStore(
    listener => {
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
    () => document.visibilityState === 'visible',
  );
}

/** Who else looks at the record at this moment. A window that nobody sees is not there. */
export function useOthers(object: MetaObject, id: string): OtherViewer[] {
  const client = useQueryClient();
  const visible = useVisible();
  const field = useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (editing?.id === id ? editing.field : null),
  );
  const key = presenceKey(object.name, id);
  const found = useQuery({
    queryKey: [...key, field],
    queryFn: () => say(object, id, { field }),
    enabled: visible,
    refetchInterval: beatEvery,
    refetchOnWindowFocus: false,
    retry: false,
    staleTime: 0,
    gcTime: 0,
    placeholderData: before => before,
  });
  useEffect(() => {
    if (!visible) return;
    const gone = () => leave(object, id);
    window.addEventListener('pagehide', gone);
    return () => {
      window.removeEventListener('pagehide', gone);
      gone();
    };
  }, [object, id, visible]);
  useEffect(
    () => () => void client.removeQueries({ queryKey: presenceKey(object.name, id) }),
    [client, object, id],
  );
  return visible && !found.isError ? (found.data?.data ?? []) : [];
}
