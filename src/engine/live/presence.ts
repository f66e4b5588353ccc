/**
 * Who looks at which record at this moment. Kept in memory: each process tells the others what its own readers say, by
 * NOTIFY, or by a table where that is not heard (`presence-table.ts`); and whoever says nothing for a while is gone.
 */
import type pg from 'pg';
import type { Database } from '../db/database.ts';
import { newId } from '../id.ts';
import { sql } from '../sql.ts';
import { putPresence, readPresence, sweepPresence } from './presence-table.ts';

/** A record in a workspace. */
export interface Place {
  schema: string;
  object: string;
  id: string;
}

export interface Viewer {
  /** User id. */
  user: string;
  name: string;
  /** The field being changed; null while only reading. */
  field: string | null;
}

interface Present extends Viewer {
  tab: string;
  /** In milliseconds since 1970. */
  until: number;
}

/** What processes tell each other. */
interface Word extends Place, Viewer {
  process: string;
  tab: string;
  left: boolean;
  /** Whether those who are there should say so. */
  asks: boolean;
}

const channel = 'farley_presence';
/** Milliseconds after which a tab that says nothing has gone; it speaks every ten seconds. */
export const forgottenAfter = 25_000;
const sweepEvery = 3_000;
/** How often a process looks at the table, where there is nothing to hear. */
const lookEvery = 1_000;
/** Tabs that one person shows one record in, at most. */
const mostTabs = 20;

/** Told when what is said of a place has changed: whoever of `users` listens asks again. */
type Listener = (place: Place, users: Set<string>) => void;

export class Presence {
  readonly #db: Database;
  readonly #changed: Listener;
  readonly #now: () => number;
  readonly #process = newId();
  readonly #places = new Map<string, { place: Place; tabs: Map<string, Present & { own: boolean }> }>();
  #ear: pg.PoolClient | null = null;
  #opening: Promise<void> | null = null;
  #sweeping: NodeJS.Timeout | null = null;
  /** Whether processes tell each other by the table. */
  readonly #byTable: boolean;
  #looking: NodeJS.Timeout | null = null;
  #looks: Promise<void> | null = null;
  #over = false;

  constructor(db: Database, changed: Listener, now: () => number = Date.now, byTable = db.for('job').pooled) {
    this.#db = db.for('job');
    this.#byTable = byTable;
    this.#changed = changed;
    this.#now = now;
  }

  /** A tab shows the record, or (`left`) does no longer. The caller has made sure that its user may read it. */
  async say(place: Place, tab: string, viewer: Viewer, left = false) {
    if (this.#over) return;
    await this.#listen();
    const known = this.#places.get(keyOf(place))?.tabs.has(tab) ?? false;
    this.#take(place, tab, viewer, left, true);
    await this.#tell({ ...place, ...viewer, tab, left, asks: !known && !left });
    // Whoever comes in sees at once who was there before.
    if (this.#byTable && !known && !left) await this.#look();
  }

  /** Who is there besides one's own tabs, each person once. */
  others(place: Place, user: string): Viewer[] {
    const found = new Map<string, Viewer>();
    for (const present of this.#places.get(keyOf(place))?.tabs.values() ?? []) {
      const { user: who, name, field } = present;
      if (who === user || present.until <= this.#now()) continue;
      // Of several tabs the one that changes something counts.
      if (!found.get(who)?.field) found.set(who, { user: who, name, field });
    }
    return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Forgets who has said nothing for a while. */
  sweep() {
    for (const [key, { place, tabs }] of this.#places) {
      const gone = [...tabs.values()].filter(({ until }) => until <= this.#now());
      for (const { tab } of gone) tabs.delete(tab);
      if (gone.length > 0) this.#nudge(place);
      if (tabs.size === 0) this.#places.delete(key);
    }
    if (this.#places.size > 0) return;
    if (this.#sweeping) clearInterval(this.#sweeping);
    this.#sweeping = null;
    if (this.#looking) clearInterval(this.#looking);
    this.#looking = null;
    // Who has no readers of its own needs no connection to hear of others'.
    this.#ear?.release(true);
    this.#ear = null;
  }

  async stop() {
    this.#over = true;
    await this.#opening;
    await this.#looks;
    this.#places.clear();
    this.sweep();
  }

  #take(place: Place, tab: string, viewer: Viewer, left: boolean, own: boolean) {
    const key = keyOf(place);
    const at = this.#places.get(key) ?? { place, tabs: new Map() };
    const before = at.tabs.get(tab);
    // A tab belongs to whoever opened it.
    if (before && before.user !== viewer.user) return;
    if (left) at.tabs.delete(tab);
    else if (before || [...at.tabs.values()].filter(({ user }) => user === viewer.user).length < mostTabs)
      at.tabs.set(tab, { ...viewer, tab, own, until: this.#now() + forgottenAfter });
    if (at.tabs.size > 0) this.#places.set(key, at);
    this.#sweeping ??= setInterval(() => this.sweep(), sweepEvery).unref();
    if (left ? before : before?.field !== viewer.field || !before) this.#nudge(place);
  }

  #nudge(place: Place) {
    const tabs = this.#places.get(keyOf(place))?.tabs.values() ?? [];
    this.#changed(place, new Set([...tabs].map(({ user }) => user)));
  }

  async #tell(word: Omit<Word, 'process'>) {
    if (this.#byTable) return putPresence(this.#db, this.#process, word, word.left);
    const text = JSON.stringify({ ...word, process: this.#process } satisfies Word);
    await this.#db.run(sql`select pg_notify(${channel}, ${text})`);
  }

  #hear(text: string) {
    const word = JSON.parse(text) as Word;
    if (word.process === this.#process) return;
    const { schema, object, id, tab, left, user, name, field, asks } = word;
    const place = { schema, object, id };
    const here = [...(this.#places.get(keyOf(place))?.tabs.values() ?? [])].filter(({ own }) => own);
    // What nobody here looks at needs no memory.
    if (here.length === 0) return;
    this.#take(place, tab, { user, name, field }, left, false);
    if (!asks) return;
    for (const { own: _, until: __, ...present } of here)
      this.#tell({ ...place, ...present, left: false, asks: false }).catch(() => {});
  }

  /** Looks in the table who is where one's own readers are. */
  #look(): Promise<void> {
    this.#looks ??= this.#compare()
      .catch(() => {})
      .finally(() => {
        this.#looks = null;
      });
    return this.#looks;
  }

  async #compare() {
    const here = [...this.#places.values()].filter(({ tabs }) => [...tabs.values()].some(({ own }) => own));
    if (here.length === 0 || this.#over) return;
    const places = here.map(({ place }) => place);
    const said = await readPresence(this.#db, this.#process, places, forgottenAfter);
    const there = new Set(said.map(each => `${keyOf(each)} ${each.tab}`));
    for (const { place, tabs } of here)
      for (const { tab, own, user, name, field } of [...tabs.values()])
        if (!own && !there.has(`${keyOf(place)} ${tab}`))
          this.#take(place, tab, { user, name, field }, true, false);
    for (const { schema, object, id, tab, user, name, field } of said)
      this.#take({ schema, object, id }, tab, { user, name, field }, false, false);
    // Now and then, by whoever comes to it.
    if (Math.random() < 0.02) await sweepPresence(this.#db, forgottenAfter);
  }

  /** Behind a pooler that hands out sessions per transaction nothing is heard: there the table is looked at. */
  async #listen() {
    if (this.#byTable) {
      this.#looking ??= setInterval(() => void this.#look(), lookEvery).unref();
      return;
    }
    if (this.#ear || this.#over) return;
    this.#opening ??= this.#open()
      .catch(() => {})
      .finally(() => {
        this.#opening = null;
      });
    await this.#opening;
  }

  async #open() {
    const client = await this.#db.pool.connect();
    const lost = () => {
      if (this.#ear === client) this.#ear = null;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    try {
      await client.query(`listen ${channel}`);
      this.#ear = client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

function keyOf({ schema, object, id }: Place): string {
  return `${schema} ${object} ${id}`;
}
