/** Which records are in a territory on a day, as a filter: for figures and for the lists behind them. Pure. */
import type { Filter, Json } from '../../../engine/index.ts';

/** Of an account of a territory: that it holds on the day. */
function holdsOn(day: string): Filter[] {
  const until: Filter[] = [
    { field: 'until', op: 'empty' },
    { field: 'until', op: 'gte', value: day },
  ];
  return [{ field: 'from', op: 'lte', value: day }, { or: until }];
}

/** Of an account of a territory: that it holds on the day, and that what it names is a region. */
export function regionOn(day: string): Filter {
  return { and: [{ field: 'territory.dimension', op: 'is', value: 'region' }, ...holdsOn(day)] };
}

/**
 * Of what has a `company`: that this is in the region or a part of it on the day; null: that it is in none, or that there
 * is none. The region may come with its title, for those who read the filter.
 */
export function inRegion(region: Json, day: string): Filter {
  const field = 'company.territories';
  if (region === null) return { field, op: 'none', value: regionOn(day) as unknown as Json };
  const value: Filter = { and: [{ field: 'territory', op: 'within', value: region }, ...holdsOn(day)] };
  return { field, op: 'some', value: value as unknown as Json };
}
