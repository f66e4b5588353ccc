/** One who follows the feed of changes and keeps the place, through every crash. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, sql, tableOf } from '../src/engine/index.ts';
import type { Journal } from './journal.ts';

interface Told {
  seq: number;
  id: string;
  version: number | null;
}

/** Follows the feed as a receiver does that keeps its place: through every crash, each change once. */
export class Follower {
  readonly #journal: Journal;
  #place: string;
  #told: Told[] = [];

  constructor(journal: Journal, place = '') {
    this.#journal = journal;
    this.#place = place;
  }

  get place(): string {
    return this.#place;
  }

  /** Reads on while it is let, whatever becomes of Farley. */
  async follow(stopped: () => boolean) {
    while (!stopped()) if (!(await this.#page())) await sleep(10);
  }

  /** Reads to the end, which has to be reached. */
  async finish() {
    for (let tries = 0; tries < 20; ) {
      const more = await this.#page();
      if (more === false) return;
      if (more === null) tries++;
    }
    throw new Error('The feed cannot be read.');
  }

  /** Whether there was more; null where no answer came. */
  async #page(): Promise<boolean | null> {
    const after = this.#place ? `&after=${this.#place}` : '';
    const answer = await this.#journal.request('GET', `/api/changes?limit=1000${after}`);
    if (answer?.status !== 200) return null;
    const page = JSON.parse(answer.text) as { data: Told[]; next: string; more: boolean };
    this.#told.push(...page.data);
    this.#place = page.next;
    return page.more;
  }

  /** Every change since `since` was told once, those of a record in their order. */
  async check(ctx: Context, since: number) {
    const kept = await ctx.db.run<{ seq: number }>(
      sql`select seq from ${tableOf(ctx.schema, 'change')} where seq > ${since}`,
    );
    const times = Map.groupBy(this.#told, ({ seq }) => seq);
    const missed = kept.filter(({ seq }) => !times.has(seq));
    const again = [...times].filter(([, told]) => told.length > 1);
    const strange = this.#told.length - kept.length + missed.length;
    if (missed.length > 0)
      this.#journal.violation(
        `The feed has left out ${missed.length} changes, for instance ${missed[0]!.seq}`,
      );
    if (again.length > 0)
      this.#journal.violation(
        `The feed has told ${again.length} changes again, for instance ${again[0]![0]}`,
      );
    if (again.length === 0 && strange !== 0)
      this.#journal.violation(`The feed has told ${strange} changes that are not in the log`);
    const versions = new Map<string, number>();
    for (const { id, seq, version } of this.#told) {
      if (version !== null && version <= (versions.get(id) ?? 0))
        this.#journal.violation(`The feed tells version ${version} of ${id} (${seq}) after a later one`);
      if (version !== null) versions.set(id, version);
    }
    this.#told = [];
  }
}
