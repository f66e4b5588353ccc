/** What stands before someone on a list: the record opened at its side, or those chosen, for commands that act on it. */
import { useEffect } from 'react';
import type { Row } from '../api.ts';
import type { Act } from './bulk.ts';
import type { Density } from './view-state.ts';

interface Sight {
  object: string;
  /** The record, as far as the list has loaded it. */
  row: Row | null;
  /** Several that are chosen; null where they are not. */
  many: { count: number; run(order: Act): void } | null;
  setDensity(density: Density): void;
}

let sight: Sight | null = null;
/** The record under the cursor of the table. */
let pointed: { object: string; row: Row } | null = null;

/** With the record under the cursor, where none is open or chosen. */
export function inSight(): Sight | null {
  if (!sight || sight.row || pointed?.object !== sight.object) return sight;
  return { ...sight, row: pointed.row };
}

/** The table tells on which record its cursor stands. */
export function usePointed(object: string, row: Row | undefined) {
  useEffect(() => {
    pointed = row ? { object, row } : null;
    return () => {
      pointed = null;
    };
  }, [object, row]);
}

/** The list that is open tells what is in sight of it, as long as it is. */
export function useSight(next: Sight) {
  useEffect(() => {
    sight = next;
    return () => {
      if (sight === next) sight = null;
    };
  }, [next]);
}
