/** Holding back callers whom nobody knows: so many per window of time and key, in this process. */

interface Window {
  until: number;
  count: number;
}

/** Keys remembered at most: who fills it up is let through as others are, and no memory grows. */
const most = 50_000;

export class Throttle {
  readonly #seen = new Map<string, Window>();
  readonly #max: number;
  readonly #length: number;

  /** `max` calls in `length` milliseconds. */
  constructor(max: number, length: number) {
    this.#max = max;
    this.#length = length;
  }

  /** Seconds to wait; nought where the call is let through. */
  wait(key: string, now = Date.now()): number {
    const known = this.#seen.get(key);
    if (!known || known.until <= now) {
      if (this.#seen.size >= most) this.#forget(now);
      this.#seen.set(key, { until: now + this.#length, count: 1 });
      return 0;
    }
    known.count++;
    return known.count > this.#max ? Math.max(1, Math.ceil((known.until - now) / 1_000)) : 0;
  }

  #forget(now: number) {
    for (const [key, { until }] of this.#seen) if (until <= now) this.#seen.delete(key);
    if (this.#seen.size >= most) this.#seen.clear();
  }
}
