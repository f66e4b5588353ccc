/** What stands before someone on a list: the record opened at its side, or those chosen, for commands that act on it. */
import { useEffect } from 'react';
import type { Row } from '../api.ts';
import type { Density } from './view-state.ts';

interface Sight {
  object: string;
  /** The record, as far as the list has loaded it. */
  row: Row | null;
  setDensity(density: Density): void;
}

let sight: Sight | null = null;

export function inSight(): Sight | null {
  return sight;
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
