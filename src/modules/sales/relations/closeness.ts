/** Who knows whom how well, told by what has passed between them. Pure. */

/** Something that passed between a colleague and a customer. */
export interface Touch {
  kind: string;
  /** ISO 8601. */
  at: string;
}

/** A meeting says more than a call, and a call more than a letter. */
const weights: Record<string, number> = { meeting: 3, call: 2, email: 1, note: 0.5 };
/** Days after which what passed says half. */
const halfLife = 90;
const milliseconds = 86_400_000;

/**
 * 0 to 100. Each touch counts by its weight, halved every 90 days, and the sum s becomes 100 · (1 − e^(−s/6)): three
 * meetings of this week are 77, one call of half a year ago is 8. What is yet to come does not count.
 */
export function closeness(touches: Touch[], now: string): number {
  const sum = touches.reduce((total, { kind, at }) => {
    const days = (Date.parse(now) - Date.parse(at)) / milliseconds;
    return days < 0 ? total : total + (weights[kind] ?? 0) * 0.5 ** (days / halfLife);
  }, 0);
  return Math.round(100 * (1 - Math.exp(-sum / 6)));
}
