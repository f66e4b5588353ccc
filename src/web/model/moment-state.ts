/** Which moment of a record is shown, and with which one it is compared, as it stands in the address. Pure. */

export interface MomentSearch {
  /** ISO 8601: the record as it was then. */
  asOf?: string;
  /** ISO 8601, or `now`: what it is compared with. */
  with?: string;
}

/** A moment that was read; none where it is none. */
export function readMoment(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

export function readMoments(search: Record<string, unknown>): MomentSearch {
  const asOf = readMoment(search.asOf);
  return { asOf, with: asOf && (search.with === 'now' ? 'now' : readMoment(search.with)) };
}
