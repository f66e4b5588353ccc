/** Which commands someone uses, so that those come first. Pure but for the last part, which keeps them. */

import type { Uses } from './preferences.ts';
import { usePreferences } from './preferences.ts';

/** Days after which a use counts half. */
const halfLife = 14;
/** Commands that are remembered; the least used are forgotten. */
const most = 60;

const dayOf = (now: number) => Math.floor(now / 86_400_000);

/** How much someone uses a command, by how often and how lately. */
export function weightOf(uses: Uses, id: string, now: number): number {
  const use = uses[id];
  if (!use) return 0;
  const [count, day] = use;
  return count * 0.5 ** (Math.max(0, dayOf(now) - day) / halfLife);
}

/** With one more use, what was counted before having faded until today. */
export function used(uses: Uses, id: string, now: number): Uses {
  const count = Math.round((weightOf(uses, id, now) + 1) * 100) / 100;
  const next: Uses = { ...uses, [id]: [count, dayOf(now)] };
  const kept = Object.keys(next)
    .sort((a, b) => weightOf(next, b, now) - weightOf(next, a, now))
    .slice(0, most);
  return Object.fromEntries(kept.map(each => [each, next[each]!]));
}

/** The most used first, within sections, and sections by their most used; what was never used stays in its order. */
export function byHabit<C extends { id: string; section: string }>(
  commands: C[],
  uses: Uses,
  now: number,
): C[] {
  const weight = (command: C) => weightOf(uses, command.id, now);
  const sections = [...Map.groupBy(commands, ({ section }) => section).values()].map(group =>
    group.toSorted((a, b) => weight(b) - weight(a)),
  );
  return sections.toSorted((a, b) => weight(b[0]!) - weight(a[0]!)).flat();
}

/** The few that someone uses most. */
export function oftenUsed<C extends { id: string }>(commands: C[], uses: Uses, now: number): C[] {
  return commands
    .filter(({ id }) => weightOf(uses, id, now) >= 1)
    .toSorted((a, b) => weightOf(uses, b.id, now) - weightOf(uses, a.id, now))
    .slice(0, 5);
}

export function useHabits() {
  const { preferences, change } = usePreferences();
  return {
    uses: preferences?.used ?? {},
    use: (id: string) => {
      if (preferences) void change({ used: used(preferences.used, id, Date.now()) });
    },
  };
}
