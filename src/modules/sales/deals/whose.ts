import type { Json } from '../../../engine/index.ts';
import type { Filter } from '../../../web/model/filter.ts';

/** Deals that count for someone: their own, and those that they share in. People go with their names, so that the filter can be read. */
export function countsFor(people: Json[]): Filter {
  const who = people.length === 1 ? { op: 'is', value: people[0]! } : { op: 'isAnyOf', value: people };
  return { or: ['owner', 'splits.user'].map(field => ({ field, ...who })) };
}
