/** Reading the change log: a record's history, what collides with a late writer, and the feed of all changes. */
import { fieldRight, mayAdminister, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Runner } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { isId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { and, or, type Sql, sql } from '../sql.ts';
import { missing } from './read.ts';
import { objectOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

/** The three sides of a conflict on one field. */
export interface Collision {
  attempted: Json;
  actual: Json;
  original: Json;
}

/** A writer who has read a record at `version` and does not know what was done to it since. */
export interface Late {
  id: string;
  version: number;
  /** The record as it is now. */
  actual: Values;
  /** The values it is to get; null where any change counts, as for a deletion. */
  attempted: Values | null;
}

/** Per record, the fields that others changed since `version` and that `attempted` would overwrite. One statement. */
export async function collisions(
  ctx: Context,
  runner: Runner,
  object: ObjectModel,
  late: Late[],
): Promise<Map<string, Record<string, Collision>>> {
  const wanted = JSON.stringify(late.map(({ id, version }) => ({ id, version })));
  const later = await runner.run<{ id: string; fields: string }>(
    sql`select c.record_id as id, c.fields::text as fields from ${tableOf(ctx.schema, 'change')} c
      join json_to_recordset(${wanted}::json) as w(id uuid, version int) on c.record_id = w.id and c.version > w.version
      where c.object = ${object.name} and c.fields is not null order by c.seq`,
  );
  const originals = new Map<string, Map<string, Json>>();
  for (const { id, fields } of later) {
    const first = originals.get(id) ?? new Map<string, Json>();
    originals.set(id, first);
    for (const [name, [before]] of Object.entries(JSON.parse(fields) as Record<string, [Json, Json]>))
      if (!first.has(name)) first.set(name, before);
  }
  return new Map(
    late.map(each => [each.id, collided(ctx, object, each, originals.get(each.id) ?? new Map())]),
  );
}

function collided(
  ctx: Context,
  object: ObjectModel,
  { actual, attempted }: Late,
  originals: Map<string, Json>,
): Record<string, Collision> {
  const found: Record<string, Collision> = {};
  for (const [name, original] of originals) {
    const field = object.fields.get(name);
    if (!field || fieldRight(ctx, field) === 'none') continue;
    const now = actual[name] ?? null;
    // Wanting the same collides as well: of two who count on from ten, both want eleven.
    if (attempted && !(name in attempted)) continue;
    found[name] = { attempted: attempted?.[name] ?? null, actual: now, original };
  }
  return found;
}

export interface HistoryEntry {
  /** Position in the change log. */
  seq: number;
  at: string;
  kind: string;
  version: number | null;
  changeSet: string;
  actor: { id: string | null; name: string };
  via: string;
  /** Field → [before, after]. */
  fields: Record<string, [Json, Json]>;
  event: string | null;
  payload: Values | null;
  /** The record it happened to, where that has since been merged into this one. */
  mergedFrom?: string;
}

/** A record's changes, newest first, with those of what was merged into it. */
export async function history(
  ctx: Context,
  objectName: string,
  id: string,
  options: { after?: string; limit?: number } = {},
) {
  const object = objectOf(ctx, objectName);
  const merged = await requireReach(ctx, object, id);
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 1_000);
  const before = options.after ? sql`and c.seq < ${positionOf(options.after)}` : sql``;
  const found = await changesWhere(
    ctx,
    sql`${changesOfRecord(object, id, merged)} ${before}`,
    sql`c.seq desc`,
    limit + 1,
  );
  const data = found.slice(0, limit).map(row => ({
    ...entryOf(ctx, row),
    ...(row.record_id === id.toLowerCase() ? {} : { mergedFrom: row.record_id }),
  }));
  return { data, next: found.length > limit ? String(data.at(-1)!.seq) : null };
}

/** What was merged into a record, at any time and by any way, and the change sets that did it. */
interface Merged {
  ids: string[];
  sets: string[];
}

/** The changes `c` of a record, and what happened to those merged into it before they were. */
export function changesOfRecord(object: ObjectModel, id: string, { ids, sets }: Merged): Sql {
  if (ids.length === 0) return sql`c.object = ${object.name} and c.record_id = ${id}::uuid`;
  return sql`c.object = ${object.name} and c.record_id = any(${[id, ...ids]}::uuid[])
    and (c.record_id = ${id}::uuid or not c.set_id = any(${sets}::uuid[]))`;
}

/** Refuses ids that the actor cannot read; answers what was merged into the record. */
export async function requireReach(ctx: Context, object: ObjectModel, id: string): Promise<Merged> {
  if (!isId(id)) throw missing(object);
  const scope = scopeOf(ctx, object);
  const merged = sql`${tableOf(ctx.schema, 'merged')} m join ${tableOf(ctx.schema, 'change_set')} s on s.id = m.set_id and s.undone_by is null`;
  const [row] = await (ctx.tx ?? ctx.db).run<{ merged: string }>(
    sql`select (with recursive gone as (select m.record_id, m.set_id from ${merged} where m.into_id = ${id}::uuid
          union select m.record_id, m.set_id from gone g join (select m.* from ${merged}) m on m.into_id = g.record_id)
        select json_build_object('ids', coalesce(json_agg(distinct record_id), '[]'), 'sets', coalesce(json_agg(distinct set_id), '[]')) from gone)::text as merged
      from ${scope.source} where ${sql.ref(`${scope.alias}.id`)} = ${id}::uuid and ${reach(ctx, object, 'read', scope)}`,
  );
  if (!row) throw missing(object);
  return JSON.parse(row.merged) as Merged;
}

export interface ChangeRow extends Record<string, unknown> {
  seq: number;
  at: string;
  kind: string;
  object: string;
  record_id: string;
  version: number | null;
  set_id: string;
  fields: string | null;
  event: string | null;
  payload: string | null;
  actor_id: string | null;
  actor_name: string;
  via: string;
  /** Whether the change set was taken back. */
  undone: boolean;
}

export function changesWhere(ctx: Context, where: Sql, order: Sql, limit: number): Promise<ChangeRow[]> {
  return (ctx.tx ?? ctx.db).run<ChangeRow>(
    sql`select c.seq, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, c.kind, c.object,
        c.record_id, c.version, c.set_id, c.fields::text as fields, c.event, c.payload::text as payload,
        s.actor_id, s.actor_name, s.via, s.undone_by is not null as undone
      from ${tableOf(ctx.schema, 'change')} c join ${tableOf(ctx.schema, 'change_set')} s on s.id = c.set_id
      where ${where} order by ${order} limit ${limit}`,
  );
}

/** A change as the actor may see it: values of hidden fields are left out. */
export function entryOf(ctx: Context, row: ChangeRow): HistoryEntry {
  const object = ctx.model.objects.get(row.object);
  const fields = row.fields ? (JSON.parse(row.fields) as Record<string, [Json, Json]>) : {};
  for (const name of Object.keys(fields)) {
    const field = object?.fields.get(name);
    if (!field || fieldRight(ctx, field) === 'none') delete fields[name];
  }
  return {
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    version: row.version,
    changeSet: row.set_id,
    actor: { id: row.actor_id, name: row.actor_name },
    via: row.via,
    fields,
    event: row.event,
    // A verb's words name the record; they are not for who may not read its name.
    payload:
      row.payload && object && fieldRight(ctx, object.title) !== 'none'
        ? (JSON.parse(row.payload) as Values)
        : null,
  };
}

/**
 * The feed of all changes in reach, complete and in order: each once, a record's versions ascending. It ends with what
 * is committed now; `next` is where to go on.
 */
export async function feed(ctx: Context, after: string | undefined, limit = 100) {
  const size = Math.min(Math.max(limit, 1), 1_000);
  const { found, next } = await refusingPosition(() => feedPage(ctx, after ?? feedStart, size));
  return {
    data: found.map(row => ({ object: row.object, id: row.record_id, ...entryOf(ctx, row) })),
    next,
    more: found.length === size,
  };
}

/** A page that is not full ends with what is committed now: the end of an older stretch is followed by the next one. */
async function feedPage(ctx: Context, after: string, size: number) {
  const found: ChangeRow[] = [];
  for (let position = after; ; ) {
    const stretch = await stretchAfter(ctx.tx ?? ctx.db, ctx.schema, position);
    if (stretch.where) {
      const where = and([stretch.where, changesInReach(ctx)]);
      found.push(...(await changesWhere(ctx, where, sql`c.seq`, size - found.length)));
    }
    const full = found.length === size;
    position = stretch.next(full ? found.at(-1)!.seq : null);
    if (full || stretch.latest) return { found, next: position };
  }
}

/** A position that someone changed may hold what is no snapshot; PostgreSQL then finds it out (class 22). */
async function refusingPosition<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw (error as { code?: string }).code?.startsWith('22') ? wrongPosition() : error;
  }
}

function wrongPosition(): FarleyError {
  return new FarleyError('invalidCursor', 'A position in the feed is what `next` said.');
}

/** A snapshot that sees nothing: the place of a reader who has read nothing. */
const feedStart = '1:1:';

/** A part of the change log that a reader gets in the order of `seq`. */
interface Stretch {
  /** Which changes `c`; null where there are none. */
  where: Sql | null;
  /** Whether it ends with what is committed now. */
  latest: boolean;
  /** The reader's place after the change `seq`; null after the last one. */
  next(seq: number | null): string;
}

/**
 * What a reader at `position` has still to get. Sequence and transaction numbers are both given before commits and
 * locks, so a place among them would miss late committers, or put a record's second change before its first. A place is
 * therefore a snapshot, and what follows is what is visible now and was not then: a change is visible only with all that
 * it stands on. In the midst of that, the place is both snapshots and the last sequence number.
 */
export async function stretchAfter(runner: Runner, schema: string, position: string): Promise<Stretch> {
  const place = placeOf(position);
  const { read } = place;
  const unread = (upTo: Sql) => sql`c.xid >= pg_snapshot_xmin(${read}::pg_snapshot)
    and not pg_visible_in_snapshot(c.xid, ${read}::pg_snapshot) and pg_visible_in_snapshot(c.xid, ${upTo})`;
  const latest = place.upTo === undefined;
  const { upTo, seq } = latest ? await unreadNow(runner, schema, read, unread) : place;
  return {
    where: seq === null ? null : sql`c.seq > ${seq}::bigint and ${unread(sql`${upTo}::pg_snapshot`)}`,
    latest,
    next: last => (last === null ? upTo : `${read}-${upTo}-${last}`),
  };
}

/**
 * What is committed now, and the number before the first change of it that is unread; null where there is none. The
 * order asked for is that of the index by transaction, or the whole log would be looked through for the least number.
 */
async function unreadNow(runner: Runner, schema: string, read: string, unread: (upTo: Sql) => Sql) {
  if (read === feedStart) return { upTo: await feedEnd(runner, schema), seq: '0' };
  const [row] = await runner.run<{ now: string; seq: string | null }>(
    sql`with s as materialized (${committed(schema)})
      select s.now::text as now, (select min(u.seq) - 1 from (select c.seq from ${tableOf(schema, 'change')} c
        where ${unread(sql`s.now`)} order by c.xid, c.seq offset 0) u)::text as seq
      from s`,
  );
  return { upTo: row!.now, seq: row!.seq };
}

/** The feed's end now: where a reader that wants only what comes next starts. */
export async function feedEnd(runner: Runner, schema: string): Promise<string> {
  const [row] = await runner.run<{ now: string }>(
    sql`select s.now::text as now from (${committed(schema)}) s`,
  );
  return row!.now;
}

/**
 * The current snapshot, up to the last transaction that has changed something. What comes after that may have been rolled
 * back without reaching the disk; PostgreSQL, when it crashes then, gives the same numbers out again, to changes that
 * nobody has read. Looked for between the transactions that run: what those have written already may be a lot.
 */
function committed(schema: string): Sql {
  const last = sql`(select max(f.xid::text::bigint) from
      (select b.upper, lag(b.upper, 1, '0'::xid8) over (order by b.upper) as lower from
        (select x as upper from pg_snapshot_xip(n.now) x union all select pg_snapshot_xmax(n.now)) b) r,
      lateral (select c.xid from ${tableOf(schema, 'change')} c where c.xid > r.lower and c.xid < r.upper
        order by c.xid desc, c.seq desc limit 1) f)`;
  return sql`select (least(pg_snapshot_xmin(n.now)::text::bigint, e.past) || ':' || e.past || ':'
      || coalesce((select string_agg(x::text, ',' order by x) from pg_snapshot_xip(n.now) x where x::text::bigint < e.past), ''))::pg_snapshot as now
    from pg_current_snapshot() as n(now), lateral (select coalesce(${last} + 1, 1) as past) e`;
}

const positions = /^(\d{1,19}:\d{1,19}:[\d,]*)(?:-(\d{1,19}:\d{1,19}:[\d,]*)-(\d{1,18}))?$/;

function placeOf(
  position: string,
): { read: string; upTo?: undefined } | { read: string; upTo: string; seq: string } {
  const [, read, upTo, seq] = positions.exec(position) ?? [];
  if (!read) throw wrongPosition();
  return upTo && seq ? { read, upTo, seq } : { read };
}

/** Changes of records in reach now; administrators see those of purged records too. */
export function changesInReach(ctx: Context): Sql {
  if (mayAdminister(ctx)) return sql`true`;
  return or(
    [...ctx.model.objects.values()].map(object => {
      const scope = scopeOf(ctx, object);
      return sql`(c.object = ${object.name} and exists (select 1 from ${scope.source}
        where ${sql.ref(`${scope.alias}.id`)} = c.record_id and ${reach(ctx, object, 'read', scope)}))`;
    }),
  );
}

function positionOf(after: string): string {
  if (!/^\d{1,19}$/.test(after)) throw new FarleyError('invalidCursor');
  return after;
}
