/** The outlines of the countries, and where on them a record is. */
import { useQuery } from '@tanstack/react-query';
import outlines from 'world-atlas/countries-50m.json?url';
import type { MetaField } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import type { Row } from '../api.ts';
import { middleOfCountry, type Place, project, type Topology, type World, worldOf } from './world.ts';

/** Fetched once, when the first map is opened. */
export function useWorld() {
  return useQuery({
    queryKey: ['world'],
    queryFn: async ({ signal }) => {
      const answer = await fetch(outlines, { signal });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return worldOf((await answer.json()) as Topology);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Where a record is; null where nobody knows. */
export function placeOf(row: Row, by: MetaField, world: World): Place | null {
  const point = viewOf(by.type).point?.(row[by.name] ?? null);
  if (!point) return null;
  return 'country' in point
    ? middleOfCountry(world, point.country)
    : project(point.longitude, point.latitude);
}
