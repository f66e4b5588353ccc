/** The list one came from, so that people can walk on from record to record without going back to it. */
import { useEffect } from 'react';

let trail: { object: string; ids: string[] } = { object: '', ids: [] };

/** The rows that a list shows, in its order; the last list that was looked at is the one to walk. */
export function leaveTrail(object: string, ids: string[]) {
  trail = { object, ids };
}

/** The same, for as long as a list is on screen. */
export function useTrail(object: string, rows: { id: string }[]) {
  useEffect(
    () =>
      leaveTrail(
        object,
        rows.map(row => row.id),
      ),
    [object, rows],
  );
}

export interface Place {
  /** From 1. */
  at: number;
  of: number;
  before: string | null;
  after: string | null;
}

/** Where a record stands in that list; null where it is not of it. */
export function placeOf(object: string, id: string): Place | null {
  const at = trail.object === object ? trail.ids.indexOf(id) : -1;
  if (at < 0) return null;
  return {
    at: at + 1,
    of: trail.ids.length,
    before: trail.ids[at - 1] ?? null,
    after: trail.ids[at + 1] ?? null,
  };
}
