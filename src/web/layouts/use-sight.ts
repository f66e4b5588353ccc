/** Moving and zooming over a map. */
import { useMemo, useState } from 'react';
import type { Placed } from './MapMark.tsx';
import { fitted, type Sight, within } from './world.ts';

/** Where one looks: all places at first, then wherever one goes. */
export function useSight(items: Placed[], width: number, height: number) {
  const [chosen, setChosen] = useState<Sight | null>(null);
  const usual = useMemo(
    () =>
      fitted(
        items.map(({ place }) => place),
        Math.max(width, 1),
        Math.max(height, 1),
      ),
    [items, width, height],
  );
  const sight = chosen ?? usual;
  return {
    sight,
    look: (next: Sight | null) => setChosen(next && within(next, width, height)),
    zoom: (by: number) => setChosen(within({ ...sight, zoom: sight.zoom * by }, width, height)),
    move: (dx: number, dy: number) =>
      setChosen(
        within({ ...sight, x: sight.x + dx / sight.zoom, y: sight.y + dy / sight.zoom }, width, height),
      ),
  };
}
