/** Random choices that a seed repeats: mulberry32 over a hash of its name. */
export class Random {
  #state: number;

  /** Streams of different names are independent of each other. */
  constructor(name: string) {
    let hash = 2166136261;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
    this.#state = hash >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** Letters alone, so that it is a word to the search. */
  word(length: number): string {
    return Array.from({ length }, () => String.fromCharCode(97 + this.between(0, 25))).join('');
  }

  /** A UUID version 7 of now, the rest random. */
  id(): string {
    const time = Date.now().toString(16).padStart(12, '0');
    const hex = (length: number) => Array.from({ length }, () => this.between(0, 15).toString(16)).join('');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  }
}
