/** Wakes those who follow the change log, in this process, right after a commit. Other processes look at it by themselves. */
import type { Database } from '../db/database.ts';

const listeners = new WeakMap<Database, Set<() => void>>();

export function announce(db: Database) {
  for (const wake of listeners.get(db) ?? []) wake();
}

/** Calls `wake` after each commit that changed records; returns how to stop. */
export function onAnnounce(db: Database, wake: () => void): () => void {
  const set = listeners.get(db) ?? new Set();
  listeners.set(db, set.add(wake));
  return () => set.delete(wake);
}
