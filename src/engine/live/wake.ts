/** Wakes those who follow the change log, in this process, right after a commit. Other processes look at it by themselves. */
import type { Database } from '../db/database.ts';

type Wake = (object: string) => void;

const listeners = new WeakMap<object, Set<Wake>>();

/** Says that records of `object` were changed and committed. */
export function announce(db: Database, object: string) {
  for (const wake of listeners.get(db.root) ?? []) wake(object);
}

/** Calls `wake` after each commit that changed records; returns how to stop. */
export function onAnnounce(db: Database, wake: Wake): () => void {
  const set = listeners.get(db.root) ?? new Set<Wake>();
  listeners.set(db.root, set.add(wake));
  return () => set.delete(wake);
}
