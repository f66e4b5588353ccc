/** What of a record is shown, as it stands in the address: a part, all below it, a moment and one to compare it with. Pure. */

export interface RecordSearch {
  /** The part of the page that is open; absent: the timeline. */
  tab?: string;
  /** With what belongs to the records below it, such as subsidiaries. */
  below?: true;
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

export function readRecordSearch(search: Record<string, unknown>): RecordSearch {
  const asOf = readMoment(search.asOf);
  return {
    tab: typeof search.tab === 'string' && search.tab !== '' ? search.tab : undefined,
    below: search.below === 'true' || search.below === true ? true : undefined,
    asOf,
    with: asOf && (search.with === 'now' ? 'now' : readMoment(search.with)),
  };
}
