/** What the address of the scoring page says. Pure. */

export interface ScoringSearch {
  /** Name of the object; absent: leads. */
  object?: string | undefined;
  tab?: 'learned' | undefined;
}

export function readScoring(
  search: Record<string, unknown>,
): Record<string, string | undefined> & ScoringSearch {
  return {
    object: search.object === 'deal' ? 'deal' : undefined,
    tab: search.tab === 'learned' ? 'learned' : undefined,
  };
}
