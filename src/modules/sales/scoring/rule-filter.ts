/** What becomes of a rule's conditions while the rule is written. Pure. */
import type { Json } from '../../../engine/index.ts';
import { str } from '../../../fields/read.tsx';

/** A rule as it is kept, of which `activity` and `filter` are looked at. */
export type KeptRule = Record<string, Json>;

/**
 * The conditions after a field of the rule was set. They are about what is counted: of something else they would ask for
 * fields that are not there, so another activity begins without any, and the rule's own brings back those that it has.
 * `activity` is what was counted so far; null where the rule is new.
 */
export function filterAfter(
  rule: KeptRule | null,
  { activity, filter }: { activity: string; filter: Json },
  [name, value]: [name: string, value: Json],
): Json {
  if (name !== 'activity' || str(value) === activity) return filter;
  return str(value) === str(rule?.activity) ? (rule?.filter ?? null) : null;
}
