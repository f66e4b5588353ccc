/**
 * Live updates: each process follows the change log of its workspaces and tells its listeners what changed in their
 * reach. Following the log, rather than notifications, means that every process sees every change, also through pgBouncer.
 */
import { actorOf } from '../access/actor.ts';
import { levelOf, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { feedEnd, stretchAfter } from '../records/history.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { type Sql, sql } from '../sql.ts';
import type { Place } from './presence.ts';
import { onAnnounce } from './wake.ts';

/** A change as listeners get it: what, not the values. */
export interface LiveChange {
  object: string;
  id: string;
  kind: string;
  version: number | null;
  changeSet: string;
  /** User id of who did it; null for the system. */
  actor: string | null;
}

/** Who listens: what is called for them. */
export interface Ear {
  tell(changes: LiveChange[]): void;
  /** Others came to a record that the listener looks at, left it, or began to change something. */
  meet(object: string, id: string): void;
  /** The listener as it stands now, from its session or key; null where it may not listen any more. */
  renew(): Promise<Context | null>;
  /** Called once, when listening is over for a reason of ours. */
  end(): void;
}

interface Listener extends Ear {
  ctx: Context;
  /** When `renew` was last asked. */
  renewed: number;
}

interface Seen extends Record<string, unknown> {
  seq: number;
  object: string;
  record_id: string;
  kind: string;
  version: number | null;
  set_id: string;
  actor_id: string | null;
}

/** How often the log is looked at when nothing in this process was written, in milliseconds. */
const lookEvery = 300;
/** How long a session or key is taken on trust, in milliseconds; rights are looked at with every batch. */
const renewEvery = 2_000;
const batchSize = 500;

export class LiveHub {
  readonly #db: Database;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #positions = new Map<string, string>();
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #again = false;

  constructor(db: Database) {
    this.#db = db;
    this.#unsubscribe = onAnnounce(db, () => this.#look());
  }

  /**
   * Tells `ear` about changes in the reach of `ctx` from now on. `recall` tells it the latest of the last milliseconds too:
   * what it asked for before it listened may be from before them. A change may then be told twice.
   */
  async listen(
    ctx: Context,
    ear: Ear,
  ): Promise<{ stop(): void; check(): void; recall(ago: number): Promise<void> }> {
    const start = await feedEnd(this.#db, ctx.schema);
    const set = this.#listeners.get(ctx.schema) ?? new Set<Listener>();
    // Who listens already follows from where they are; only the first sets the place.
    if (set.size === 0) this.#positions.set(ctx.schema, start);
    const listener: Listener = { ...ear, ctx, renewed: Date.now() };
    this.#listeners.set(ctx.schema, set.add(listener));
    this.#timer ??= setInterval(() => this.#look(), lookEvery).unref();
    return {
      stop: () => this.#forget(listener),
      check: () => {
        this.#present(listener, 0).catch(() => {});
      },
      recall: async ago => {
        const recent = await this.#visible(listener.ctx, await this.#recent(ctx.schema, ago));
        if (recent.length > 0 && set.has(listener)) ear.tell(recent);
      },
    };
  }

  /** Tells those of `users` who listen here that others look at the same record. */
  meet({ schema, object, id }: Place, users: Set<string>) {
    for (const listener of this.#listeners.get(schema) ?? [])
      if (users.has(listener.ctx.actor.userId ?? '')) listener.meet(object, id);
  }

  #forget(listener: Listener) {
    const { schema } = listener.ctx;
    const set = this.#listeners.get(schema);
    if (!set?.delete(listener) || set.size > 0) return;
    this.#listeners.delete(schema);
    if (this.#listeners.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Ends all listening. */
  async stop() {
    this.#unsubscribe();
    if (this.#timer) clearInterval(this.#timer);
    const all = [...this.#listeners.values()].flatMap(set => [...set]);
    this.#listeners.clear();
    for (const listener of all) listener.end();
    await this.#looking;
  }

  /** One look at a time; a wish during a look makes another one after it. */
  #look() {
    if (this.#listeners.size === 0) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#lookOnce()
      .catch(() => {})
      .finally(() => {
        this.#looking = null;
        if (!this.#again) return;
        this.#again = false;
        this.#look();
      });
  }

  async #lookOnce() {
    for (const [schema, listeners] of this.#listeners) {
      const stretch = await stretchAfter(this.#db, schema, this.#positions.get(schema)!);
      const seen = stretch.where ? await this.#changes(schema, stretch.where) : [];
      const told = await this.#hearing(listeners, seen);
      // Those who began to listen when all others had left have a place of their own.
      if (this.#listeners.get(schema) !== listeners) continue;
      // Nothing is told, and the place is kept, when the database fails in between: the next look tells all.
      const full = seen.length === batchSize;
      this.#positions.set(schema, stretch.next(full ? seen.at(-1)!.seq : null));
      if (full || !stretch.latest) this.#again = true;
      for (const [listener, changes] of told) listener.tell(changes);
    }
  }

  /** Who is to hear what of it. */
  async #hearing(listeners: Set<Listener>, seen: Seen[]): Promise<[Listener, LiveChange[]][]> {
    const told: [Listener, LiveChange[]][] = [];
    for (const listener of seen.length > 0 ? listeners : []) {
      const ctx = await this.#present(listener, renewEvery);
      const changes = ctx ? await this.#visible(ctx, seen) : [];
      if (changes.length > 0) told.push([listener, changes]);
    }
    return told;
  }

  #changes(schema: string, where: Sql, order = sql`asc`): Promise<Seen[]> {
    return this.#db.run<Seen>(
      sql`select c.seq, c.object, c.record_id, c.kind, c.version, c.set_id, s.actor_id
        from ${tableOf(schema, 'change')} c join ${tableOf(schema, 'change_set')} s on s.id = c.set_id
        where ${where} order by c.seq ${order} limit ${batchSize}`,
    );
  }

  async #recent(schema: string, ago: number): Promise<Seen[]> {
    const since = sql`now() - ${ago} * interval '1 millisecond'`;
    return (await this.#changes(schema, sql`s.at > ${since}`, sql`desc`)).reverse();
  }

  /** The listener with the rights it has now; null, and the end of it, where it has none left. */
  async #present(listener: Listener, trust: number): Promise<Context | null> {
    const { ctx } = listener;
    let now: Context | null;
    if (Date.now() - listener.renewed >= trust) {
      now = await listener.renew();
      listener.renewed = Date.now();
    } else {
      const { userId, kind } = ctx.actor;
      const actor = userId && kind !== 'system' ? await actorOf(this.#db, ctx.schema, userId, kind) : null;
      now = actor && { ...ctx, actor };
    }
    if (now?.schema === ctx.schema) {
      listener.ctx = now;
      return now;
    }
    this.#forget(listener);
    listener.end();
    return null;
  }

  /** Only what is in the listener's reach is told, were it but an id. */
  async #visible(ctx: Context, seen: Seen[]): Promise<LiveChange[]> {
    const allowed = new Map<string, Set<string> | 'all'>();
    for (const name of new Set(seen.map(row => row.object))) {
      const object = ctx.model.objects.get(name);
      if (!object) continue;
      const level = levelOf(ctx, object, 'read');
      if (level === 'all') allowed.set(name, 'all');
      if (level === 'all' || level === 'none') continue;
      const ids = [...new Set(seen.filter(row => row.object === name).map(row => row.record_id))];
      const scope = scopeOf(ctx, object);
      const id = sql.ref(`${scope.alias}.id`);
      const rows = await this.#db.run<{ id: string }>(
        sql`select ${id} as id from ${scope.source} where ${id} = any(${ids}::uuid[]) and ${reach(ctx, object, 'read', scope)}`,
      );
      allowed.set(name, new Set(rows.map(row => row.id)));
    }
    return seen.flatMap(row => {
      const ids = allowed.get(row.object);
      if (ids !== 'all' && !ids?.has(row.record_id)) return [];
      return [
        {
          object: row.object,
          id: row.record_id,
          kind: row.kind,
          version: row.version,
          changeSet: row.set_id,
          actor: row.actor_id,
        },
      ];
    });
  }
}
