/** The collision of two edits that is being shown, if any. */
import { useSyncExternalStore } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';

export interface Sides {
  attempted: Json;
  actual: Json;
  original: Json;
}

export interface Conflict {
  object: MetaObject;
  id: string;
  fields: Record<string, Sides>;
  /** What the person wanted to write, as it is shown. */
  values: Record<string, Json>;
}

/** The fields that people have to decide: where both wrote the same, there is nothing to decide. */
export function undecided(fields: Record<string, Sides>): Record<string, Sides> {
  const differs = ({ attempted, actual }: Sides) =>
    JSON.stringify(attempted ?? null) !== JSON.stringify(actual ?? null);
  return Object.fromEntries(Object.entries(fields).filter(([, sides]) => differs(sides)));
}

let current: Conflict | null = null;
const listeners = new Set<() => void>();

function set(conflict: Conflict | null) {
  current = conflict;
  for (const listener of listeners) listener();
}

export function showConflict(conflict: Conflict) {
  set(conflict);
}

export function closeConflict() {
  set(null);
}

export function useConflict(): Conflict | null {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
