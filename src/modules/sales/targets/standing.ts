/** How far a target is, and how people stand against each other. Pure. */
const milliseconds = 86_400_000;
const dayOf = (day: string) => Date.parse(day) / milliseconds;

export interface Pace {
  /** Of the days of the period, how many have passed, today included, of 1. */
  passed: number;
  /** What would be there by today if every day brought the same. */
  expected: number;
  /** What it comes to at this pace by the end; null before it has begun. */
  forecast: number | null;
  /** Ahead of that line, on it (within a twentieth), or behind; or reached, whatever the day. */
  state: 'reached' | 'ahead' | 'onTrack' | 'behind' | 'coming';
}

/** Periods count whole days, the first and the last included. */
export function paceOf(
  value: number,
  amount: number,
  days: { from: string; to: string },
  today: string,
): Pace {
  const length = dayOf(days.to) - dayOf(days.from) + 1;
  const gone = Math.min(Math.max(dayOf(today) - dayOf(days.from) + 1, 0), length);
  const [passed, expected] = [gone / length, (amount * gone) / length];
  const forecast = gone === 0 ? null : value / passed;
  if (amount > 0 && value >= amount) return { passed, expected, forecast, state: 'reached' };
  if (gone === 0) return { passed, expected, forecast, state: 'coming' };
  const state = value >= expected * 1.05 ? 'ahead' : value >= expected * 0.95 ? 'onTrack' : 'behind';
  return { passed, expected, forecast, state };
}

export interface Contender {
  id: string;
  value: number;
  /** The same in the stretch before; their target, where they have one. */
  past: number | null;
  target: number | null;
  /** What must not fall, now and before; null where nothing can be said. */
  quality: number | null;
  qualityBefore: number | null;
}

export interface Place extends Contender {
  /** What they are ranked by; null where they have nothing to be measured against. */
  score: number | null;
  /** Whether it counts: the quality has not fallen. */
  fair: boolean;
  /** Equal scores share a place; those who do not count have none. */
  place: number | null;
}

export type Ranking = 'amount' | 'past' | 'target';

/**
 * The order of a challenge. By one's own past or target, those who work half the time are not last by design. Whoever lets
 * the quality fall is shown, and does not count.
 */
export function standings(contenders: Contender[], ranking: Ranking): Place[] {
  const against = {
    amount: () => 1,
    past: (one: Contender) => one.past,
    target: (one: Contender) => one.target,
  };
  const scored = contenders.map(one => {
    const measure = against[ranking](one);
    const score = measure ? one.value / measure : null;
    const fair = one.quality === null || one.qualityBefore === null || one.quality >= one.qualityBefore;
    return { ...one, score, fair };
  });
  const counted = (one: (typeof scored)[number]) => one.fair && one.score !== null && one.score > 0;
  return scored
    .sort(
      (a, b) =>
        Number(counted(b)) - Number(counted(a)) ||
        (b.score ?? -1) - (a.score ?? -1) ||
        (a.id < b.id ? -1 : 1),
    )
    .map((one, _, all) => {
      const better = all.filter(other => counted(other) && other.score! > (one.score ?? 0)).length;
      return { ...one, place: counted(one) ? better + 1 : null };
    });
}

/** The stretch of the same length before a period. */
export function before({ from, to }: { from: string; to: string }): { from: string; to: string } {
  const length = dayOf(to) - dayOf(from) + 1;
  const back = (day: string) => new Date((dayOf(day) - length) * milliseconds).toISOString().slice(0, 10);
  return { from: back(from), to: back(to) };
}
