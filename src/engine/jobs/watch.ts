/**
 * Work that nobody orders: what follows from changes, and what is due. A watch gets every change once, in the order of the
 * feed, in the transaction that moves its place; so what it writes is there once, however many processes there are and
 * whenever one of them dies.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../access/actor.ts';
import type { Actor, Context } from '../context.ts';
import type { Database, Transaction } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { onAnnounce } from '../live/wake.ts';
import { feedEnd, stretchAfter } from '../records/history.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';

/** A change as a watch gets it: everything, whoever may see it. */
export interface WatchedChange {
  seq: number;
  /** ISO 8601. */
  at: string;
  object: string;
  id: string;
  kind: 'created' | 'updated' | 'deleted' | 'restored' | 'event';
  /** Field → [before, after], canonical. */
  fields: Record<string, [Json, Json]>;
  /** `deal.move`, where a verb was carried out. */
  event: string | null;
  changeSet: string;
  /** The change set that was taken back by this one. */
  undoes: string | null;
  /** User id of who did it; null for the system. */
  actor: string | null;
  via: string;
}

export interface WatchSpec {
  name: string;
  label: string;
  /** The watch is called at least this often (seconds), without changes too: for what is due. Default: only for changes. */
  every?: number;
  /** Whether it gets what imports bring, which is no news to others: for what follows from records, whoever brings them. */
  imports?: true;
  /** What it writes through `ctx` is committed with its place. `skipped` goes to its ledger. */
  run(
    ctx: Context & { tx: Transaction },
    changes: WatchedChange[],
    skipped: (what: string, why: string) => void,
  ): Promise<void>;
}

export function defineWatch(name: string, spec: Omit<WatchSpec, 'name'>): WatchSpec {
  return { ...spec, name };
}

/** Changes that a watch gets at a time. */
const batchSize = 500;
/** What is older is history that came in later, by an archive, or after Farley stood still: nobody waits for it. Hours. */
const newsFor = 24;
/** Imports and first records are no news, unless whoever ordered the import wants people to be told. */
const quiet = ['import', 'seed', 'system', 'rewind'];
/** A change that fails this often is left out, and its ledger says so. */
const maxFailures = 3;
/** Skips kept in the ledger; their number is always told. */
const maxSkips = 100;

interface Place extends Record<string, unknown> {
  position: string;
  due: boolean;
  failures: number;
  skipped: string;
}

/** Carries out one step of a watch; answers whether there is more to do at once. */
export async function step(ctx: Context, watch: WatchSpec): Promise<boolean> {
  try {
    return await advance(ctx, watch);
  } catch (error) {
    await noteFailure(ctx, watch, error as Error);
    throw error;
  }
}

function advance(given: Context, watch: WatchSpec): Promise<boolean> {
  return given.db.transaction(async tx => {
    const ctx = { ...given, tx, changeSet: newId(), label: watch.label };
    const place = await take(ctx, watch);
    if (!place) return false;
    const stretch = await stretchAfter(tx, ctx.schema, place.position);
    // After a failure changes come one by one, so that a single one that cannot be dealt with is found.
    const limit = place.failures > 0 ? 1 : batchSize;
    const read = stretch.where ? await changesOf(ctx, stretch.where, limit) : [];
    const news = await toldOf(ctx, watch, read);
    const skips: [string, string][] = [];
    const gone = place.failures >= maxFailures && read.length > 0;
    if (gone) skips.push([`change ${read[0]!.seq}`, `It failed ${place.failures} times.`]);
    else if (news.length > 0 || place.due) {
      await watch.run(ctx, news, (what, why) => skips.push([what, why]));
    }
    const full = read.length === limit;
    await keep(ctx, watch, place, {
      position: stretch.next(full ? read.at(-1)!.seq : null),
      done: gone ? 0 : news.length,
      skips,
      ran: place.due || news.length > 0,
    });
    return full || !stretch.latest;
  });
}

/** The watch's place, for this process alone; null where another one has it, or the watch begins only now. */
async function take(ctx: Context & { tx: Transaction }, { name, every }: WatchSpec): Promise<Place | null> {
  const now = ctx.clock.now().toISOString();
  const due =
    every === undefined
      ? sql`false`
      : sql`(ran_at is null or ran_at <= ${now}::timestamptz - make_interval(secs => ${every}))`;
  const [place] = await ctx.tx.run<Place>(
    sql`select position, ${due} as due, failures, skipped::text as skipped from ${tableOf(ctx.schema, 'watch')}
      where name = ${name} for update skip locked`,
  );
  if (place) return place;
  const begin = await feedEnd(ctx.tx, ctx.schema);
  await ctx.tx.run(
    sql`insert into ${tableOf(ctx.schema, 'watch')} (name, position) values (${name}, ${begin}) on conflict do nothing`,
  );
  return null;
}

async function keep(
  ctx: Context & { tx: Transaction },
  { name }: WatchSpec,
  place: Place,
  step: { position: string; done: number; skips: [string, string][]; ran: boolean },
) {
  const { position, done, skips, ran } = step;
  if (position === place.position && !ran && skips.length === 0 && place.failures === 0) return;
  const known = JSON.parse(place.skipped) as { count: number; examples: Json[] };
  const examples = [...skips.map(([what, why]) => ({ what, why })), ...known.examples].slice(0, maxSkips);
  const skipped = JSON.stringify({ count: known.count + skips.length, examples });
  const now = ctx.clock.now().toISOString();
  await ctx.tx.run(
    sql`update ${tableOf(ctx.schema, 'watch')} set position = ${position}, done = done + ${done}, skipped = ${skipped}::jsonb,
        failures = 0, error = null ${ran ? sql`, ran_at = ${now}::timestamptz` : sql``} where name = ${name}`,
  );
}

async function noteFailure(ctx: Context, { name }: WatchSpec, error: Error) {
  await ctx.db.run(
    sql`update ${tableOf(ctx.schema, 'watch')} set failures = failures + 1, error = ${error.message} where name = ${name}`,
  );
}

interface Row extends Record<string, unknown> {
  seq: number;
  at: string;
  object: string;
  id: string;
  kind: WatchedChange['kind'];
  fields: string | null;
  event: string | null;
  change_set: string;
  undoes: string | null;
  actor: string | null;
  via: string;
  news: boolean;
}

function changesOf(ctx: Context & { tx: Transaction }, where: Sql, limit: number): Promise<Row[]> {
  const since = new Date(ctx.clock.now().getTime() - newsFor * 3_600_000).toISOString();
  return ctx.tx.run<Row>(
    sql`select c.seq, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, c.object, c.record_id as id, c.kind,
        c.fields::text as fields, c.event, c.set_id as change_set, s.undoes, s.actor_id as actor, s.via,
        c.at > ${since}::timestamptz as news
      from ${tableOf(ctx.schema, 'change')} c join ${tableOf(ctx.schema, 'change_set')} s on s.id = c.set_id
      where ${where} order by c.seq limit ${limit}`,
  );
}

/** What of it is news. An import is, where its order says so. */
async function toldOf(
  ctx: Context & { tx: Transaction },
  watch: WatchSpec,
  read: Row[],
): Promise<WatchedChange[]> {
  const imports = [...new Set(read.filter(({ via }) => via === 'import').map(row => row.change_set))];
  const told =
    imports.length === 0 || watch.imports
      ? []
      : await ctx.tx.run<{ id: string }>(
          sql`select payload ->> 'changeSet' as id from ${tableOf(ctx.schema, 'job_run')} where job = 'import'
            and payload ->> 'changeSet' = any(${imports}::text[]) and (payload ->> 'notify')::boolean`,
        );
  const loud = new Set(watch.imports ? imports : told.map(({ id }) => id));
  return read
    .filter(row => row.news && (!quiet.includes(row.via) || loud.has(row.change_set)))
    .map(({ change_set, fields, news: _, ...row }) => ({
      ...row,
      changeSet: change_set,
      fields: fields ? (JSON.parse(fields) as WatchedChange['fields']) : {},
    }));
}

export interface WatchmanOptions {
  db: Database;
  watches: WatchSpec[];
  /** Names of all workspaces. */
  workspaces(): Promise<string[]>;
  /** The context of a workspace, by its name. */
  contextOf(workspace: string, actor: Actor): Promise<Context>;
  onFailure(sentence: string): void;
}

function passes(error: unknown): boolean {
  return (
    error instanceof FarleyError &&
    ['databaseUnavailable', 'overloaded', 'timeout', 'unconfirmed'].includes(error.code)
  );
}

/** How often the log is looked at when nothing in this process was written, in milliseconds. */
const lookEvery = 1_000;
/** Changes that come together are looked at together, in milliseconds. */
const gather = 100;
/** After a failure the next try waits, in milliseconds: the database may be away. */
const restAfterFailure = 5_000;

/** Carries out all watches of all workspaces until stopped: at once after commits of this process, otherwise every second. */
export function startWatches(options: WatchmanOptions): { stop(): Promise<void> } {
  const { db, watches } = options;
  let stopped = false;
  let wake = () => {};
  const rounds = async () => {
    while (!stopped) {
      const woken = new Promise<void>(resolve => {
        wake = resolve;
      });
      const failed = await round(options, watches, () => stopped);
      if (stopped) return;
      const pause = new AbortController();
      const rest = sleep(failed ? restAfterFailure : lookEvery, undefined, {
        signal: pause.signal,
        ref: false,
      });
      // Commits are not waited for after a failure, or each of them would be a try.
      await Promise.race([rest.catch(() => {}), ...(failed ? [stopping.promise] : [woken])]);
      pause.abort();
      if (!stopped) await sleep(gather);
    }
  };
  const stopping = Promise.withResolvers<void>();
  const unsubscribe = onAnnounce(db, () => wake());
  const running = watches.length > 0 ? rounds() : Promise.resolve();
  return {
    stop: async () => {
      stopped = true;
      unsubscribe();
      wake();
      stopping.resolve();
      await running;
    },
  };
}

/** One look at everything; answers whether something failed. What failed is in the watch's ledger, and tried again. */
async function round(
  options: WatchmanOptions,
  watches: WatchSpec[],
  stopped: () => boolean,
): Promise<boolean> {
  let failed = false;
  const fail = (what: string, error: unknown) => {
    failed = true;
    // A database that is away or busy is no news of a watch: it looks again in a moment.
    if (!passes(error)) options.onFailure(`${what} failed: ${(error as Error).message}`);
  };
  const names = await options.workspaces().catch(() => []);
  for (const name of names) {
    try {
      const system = await options.contextOf(name, systemActor('watch'));
      for (const watch of await waiting(system, watches)) {
        const ctx = { ...system, actor: systemActor(watch.label), via: `watch ${watch.name}` };
        const steps = async () => {
          while (!stopped() && (await step(ctx, watch)));
        };
        await steps().catch(error => fail(`The watch ${watch.name}`, error));
      }
    } catch (error) {
      fail(`The look at the changes of ${name}`, error);
    }
  }
  return failed;
}

/** Those that have something to do, so that where nothing happens nothing is locked. */
async function waiting(ctx: Context, watches: WatchSpec[]): Promise<WatchSpec[]> {
  const end = await feedEnd(ctx.db, ctx.schema);
  const rows = await ctx.db.run<{ name: string; position: string; ran: string | null }>(
    sql`select name, position, to_char(ran_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ran
      from ${tableOf(ctx.schema, 'watch')}`,
  );
  const places = new Map(rows.map(row => [row.name, row]));
  const now = ctx.clock.now().getTime();
  return watches.filter(({ name, every }) => {
    const place = places.get(name);
    if (place?.position !== end) return true;
    return every !== undefined && (place.ran === null || Date.parse(place.ran) <= now - every * 1_000);
  });
}
