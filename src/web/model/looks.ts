/**
 * How Farley looks to someone: light or dark, how dense lists are, whether the rail is folded. It is kept with the person,
 * wherever they sign in; the browser's copy is what its next page starts with, before the person is known.
 */
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import type { Json } from '../../engine/index.ts';
import { type Looks, readLooks, usePreferences } from './preferences.ts';

const place = 'farley-looks';
const listeners = new Set<() => void>();
let looks = readLooks(stored());

function stored(): Json {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(place) ?? 'null') as Json;
  } catch {
    return null;
  }
}

function put(next: Looks) {
  if (JSON.stringify(next) === JSON.stringify(looks)) return;
  looks = next;
  try {
    localStorage.setItem(place, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing starts with the usual looks.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How Farley looks, and a way to change it: at once here, and with the person. */
export function useLooks() {
  const now = useSyncExternalStore(subscribe, () => looks);
  const { setColorScheme } = useMantineColorScheme();
  const { change } = usePreferences();
  return {
    looks: now,
    change(part: Looks) {
      put({ ...looks, ...part });
      if (part.scheme) setColorScheme(part.scheme);
      void change({ looks });
    },
  };
}

/** Takes over what the person has chosen elsewhere, as soon as it is known. */
export function useKeptLooks() {
  const { preferences } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const kept = preferences?.looks;
  useEffect(() => {
    if (!kept) return;
    if (kept.scheme && kept.scheme !== looks.scheme) setColorScheme(kept.scheme);
    put({ ...looks, ...kept });
  }, [kept, setColorScheme]);
}
