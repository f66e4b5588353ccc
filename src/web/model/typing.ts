/** What is being typed into a record in this window, before it is saved: for parts that show what comes of it. */
import { useEffect, useSyncExternalStore } from 'react';
import type { Json } from '../../engine/index.ts';

interface Typed {
  id: string;
  values: Record<string, Json>;
}

const none: Typed['values'] = {};
let typed: Typed | null = null;
const listeners = new Set<() => void>();

function put(next: Typed | null) {
  typed = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells what stands in the editor of a field for as long as it is open. */
export function useTyping(id: string, field: string, value: Json) {
  useEffect(() => {
    const mine = { id, values: { [field]: value } };
    put(mine);
    return () => {
      if (typed === mine) put(null);
    };
  }, [id, field, value]);
}

/** What is being typed into a record, by field; the same object until it changes. */
export function useTyped(id: string): Record<string, Json> {
  return useSyncExternalStore(subscribe, () => (typed?.id === id ? typed.values : none));
}
