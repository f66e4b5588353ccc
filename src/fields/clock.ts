/** Moments and what clocks of a time zone show then. */

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall of the zone shows, as if it were UTC, in milliseconds. */
export function wall(moment: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(timeZone, clock);
  }
  const parts = Object.fromEntries(
    clock.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((moment % 1000) + 1000) % 1000);
}

/** The moment at which clocks of the zone show what `shown` is in UTC. One that is skipped in spring is the hour after. */
export function momentOf(shown: number, timeZone: string): number {
  const first = shown - (wall(shown, timeZone) - shown);
  const second = first - (wall(first, timeZone) - shown);
  return wall(second, timeZone) === shown ? second : Math.max(first, second);
}

/** What the clock on the wall shows, as `2026-11-22T09:30`. */
export function shownAt(moment: string, timeZone: string): string {
  return new Date(wall(Date.parse(moment), timeZone)).toISOString().slice(0, 16);
}

/** The moment at which it shows that. */
export function atShown(shown: string, timeZone: string): string {
  return new Date(momentOf(Date.parse(`${shown}Z`), timeZone)).toISOString();
}
