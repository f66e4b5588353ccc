/** What stands in the address of the page of territories: the day whose territories are looked at, `2026-11-22`. */
export type TerritoriesSearch = Record<string, string | undefined> & { on?: string };

/** Whatever stands in the address, reduced to what is understood. */
export function readTerritories({ on }: Record<string, unknown>): TerritoriesSearch {
  const isDay = typeof on === 'string' && /^\d{4}-\d\d-\d\d$/.test(on) && !Number.isNaN(Date.parse(on));
  return isDay ? { on } : {};
}
