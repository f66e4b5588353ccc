/**
 * Finding records that may be the same. The write path files each record under its keys; once it is committed, records
 * meet those that share one. As both of two savers look after they have committed, one of them sees the other.
 */
import { asSystem } from '../access/actor.ts';
import { reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Runner, Transaction } from '../db/database.ts';
import type { ObjectModel } from '../model.ts';
import type { DuplicateRule, Values } from '../object.ts';
import { storedJson, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import type { Item } from '../records/write.ts';
import { type Sql, sql } from '../sql.ts';
import { type Levels, scoreOf, statedWeights, type Weights } from './model.ts';
import { comparedBy, keysOf, keysOfWritten, levelsOf, rulesHeld, rulesOf } from './rules.ts';

/** Records under one key that are compared at most: what more of them share tells nothing. */
export const maxBlock = 50;

/** A record that may be the same as another. */
export interface Candidate {
  /** Which of the records asked about. */
  of: string;
  record: Values;
  levels: Levels;
  rules: DuplicateRule[];
  /** Whether the actor may read it. */
  visible: boolean;
}

/** Live records that fulfil a rule together with one of these. One statement. */
export async function candidatesOf(
  ctx: Context,
  runner: Runner,
  object: ObjectModel,
  records: Values[],
  rules = rulesOf(object),
): Promise<Candidate[]> {
  const filed = records.flatMap(record =>
    (rules === rulesOf(object) ? keysOfWritten(object, record) : keysOf(object, record, rules)).map(key => ({
      key,
      id: (record.id as string) ?? null,
    })),
  );
  if (filed.length === 0) return [];
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const found = await runner.run<{ of: string | null; j: string; visible: boolean }>(
    sql`select f.of, ${storedJson(object, scope)}::text as j, coalesce(${reach(ctx, object, 'read', scope)}, false) as visible
      from (select distinct w.id as of, d.record_id from unnest(${filed.map(({ key }) => key)}::bigint[], ${filed.map(each => each.id)}::uuid[]) as w(key, id)
        cross join lateral (select k.record_id from ${tableOf(ctx.schema, 'duplicate_key')} k where k.key = w.key limit ${maxBlock}) d
        where d.record_id is distinct from w.id) f
      join ${scope.source} on ${id} = f.record_id and ${sql.ref(`${scope.alias}.deleted_at`)} is null`,
  );
  const asked = new Map(records.map(record => [(record.id as string) ?? null, record]));
  return found.flatMap(({ of, j, visible }) => {
    const record = JSON.parse(j) as Values;
    const levels = levelsOf(object, asked.get(of as string)!, record);
    const held = rulesHeld(object, levels, rules);
    return held.length > 0 ? [{ of: of ?? '', record, levels, rules: held, visible }] : [];
  });
}

/** Larger sets are an import's, which is followed by a scan of the whole object: it files and compares them. */
export const largestMeeting = 1_000;

/** Whether new records of a set of this size are filed later. Where a rule refuses what is the same, they cannot wait. */
function filedLater(object: ObjectModel, items: Item[]): boolean {
  return items.length > largestMeeting && rulesOf(object).every(({ mode }) => mode !== 'block');
}

/** Files a set of records under their keys: part of the statement that stores them. */
export function keyParts(ctx: Context, object: ObjectModel, items: Item[]): [string, Sql][] {
  if (rulesOf(object).length === 0) return [];
  const table = tableOf(ctx.schema, 'duplicate_key');
  const gone: [string[], string[]] = [[], []];
  const come: [string[], string[]] = [[], []];
  const later = filedLater(object, items);
  for (const item of items.filter(each => (each.kind === 'created' ? !later : isCompared(object, each)))) {
    const before = item.before ? keysOf(object, item.before) : [];
    const after = keysOfWritten(object, item.record);
    for (const key of before) if (!after.includes(key)) push(gone, key, item.id);
    for (const key of after) if (!before.includes(key)) push(come, key, item.id);
  }
  const parts: [string, Sql][] = [];
  if (gone[0].length > 0)
    parts.push([
      'keys_gone',
      sql`delete from ${table} k using unnest(${gone[0]}::bigint[], ${gone[1]}::uuid[]) as w(key, id) where k.key = w.key and k.record_id = w.id`,
    ]);
  if (come[0].length > 0)
    parts.push([
      'keys_kept',
      sql`insert into ${table} (key, record_id) select w.key, w.id from unnest(${come[0]}::bigint[], ${come[1]}::uuid[]) as w(key, id)
        on conflict do nothing`,
    ]);
  return parts;
}

/** Files records that were stored without, or before there were rules. */
export async function fileRecords(ctx: Context, object: ObjectModel, records: Values[]) {
  const filed = records.flatMap(record => keysOf(object, record).map(key => [key, record.id as string]));
  await ctx.db.run(
    sql`insert into ${tableOf(ctx.schema, 'duplicate_key')} (key, record_id)
      select w.key, w.id from unnest(${filed.map(([key]) => key)}::bigint[], ${filed.map(([, own]) => own)}::uuid[]) as w(key, id)
      on conflict do nothing`,
  );
}

function push([keys, ids]: [string[], string[]], key: string, id: string) {
  keys.push(key);
  ids.push(id);
}

function isCompared(object: ObjectModel, item: Item): boolean {
  const by = comparedBy(object);
  return [...item.changes.keys()].some(field => by.has(field));
}

/** Refuses what a rule that blocks finds. Whoever brings the same waits until it is decided. Two statements. */
export async function refuseSame(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const rules = rulesOf(object).filter(rule => rule.mode === 'block');
  if (rules.length === 0 || ctx.undoes) return;
  const own = items.filter(
    item =>
      item.problems.length === 0 &&
      (item.kind === 'created' || (item.kind === 'updated' && isCompared(object, item))),
  );
  const keys = [...new Set(own.flatMap(item => keysOf(object, item.record, rules)))].sort();
  if (keys.length === 0) return;
  await tx.run(
    sql`select pg_advisory_xact_lock(k.key) from (select key from unnest(${keys}::bigint[]) as u(key) order by key) k`,
  );
  const found = await candidatesOf(
    ctx,
    tx,
    object,
    own.map(item => ({ ...item.record, id: item.id })),
    rules,
  );
  const inSet = sameInSet(object, own, rules);
  const outside = found.map(({ of, rules: held, record, visible }) => ({
    item: own.find(({ id }) => id === of)!,
    held,
    id: visible ? (record.id as string) : null,
  }));
  for (const { item, held, id } of [...outside, ...inSet]) {
    const problem = {
      pointer: `/${Object.keys(held[0]!.same)[0]}`,
      code: 'duplicate',
      message: `There is such a ${object.spec.label.toLowerCase()} already: ${held[0]!.label.toLowerCase()}.`,
      ...(id ? { existing: id } : {}),
    };
    item.problems.push(problem);
  }
}

/** Items that a rule calls the same as an earlier one of their set. Only those that share a key are compared. */
function sameInSet(object: ObjectModel, items: Item[], rules: DuplicateRule[]) {
  const filed = new Map<string, Item[]>();
  return items.flatMap(item => {
    const keys = keysOf(object, item.record, rules);
    const earlier = new Set(keys.flatMap(key => filed.get(key) ?? []));
    for (const key of keys) filed.set(key, [...(filed.get(key) ?? []), item]);
    for (const other of earlier) {
      const held = rulesHeld(object, levelsOf(object, item.record, other.record), rules);
      if (held.length > 0) return [{ item, held, id: null }];
    }
    return [];
  });
}

/** The weights by which pairs of this object are scored now. */
export async function weightsOf(ctx: Context, object: ObjectModel): Promise<Weights> {
  const [row] = await (ctx.tx ?? ctx.db).run<{ model: string | null }>(
    sql`select model::text as model from ${tableOf(ctx.schema, 'duplicate_model')} where object = ${object.name}`,
  );
  const by = comparedBy(object);
  const initial = statedWeights([...by.keys()], by);
  if (!row?.model) return initial;
  const kept = JSON.parse(row.model) as Weights;
  // Fields that a rule compares since yesterday have no weights of their own yet.
  return { ...kept, fields: { ...initial.fields, ...kept.fields } };
}

export interface FoundPair {
  a: string;
  b: string;
  rules: string[];
  levels: Levels;
}

/** Puts pairs into the queue; those that were decided stay decided. */
export async function queuePairs(
  ctx: Context,
  runner: Runner,
  object: ObjectModel,
  pairs: FoundPair[],
  weights: Weights,
) {
  const rows = pairs.map(({ a: one, b: other, rules, levels }) => {
    const [a, b] = [one, other].sort();
    return { a, b, rules, levels, score: scoreOf(weights, levels).score };
  });
  if (rows.length === 0) return;
  await runner.run(
    sql`insert into ${tableOf(ctx.schema, 'duplicate_pair')} as p (object, a, b, rules, levels, score, found_at)
      select distinct on (r.a, r.b) ${object.name}, r.a, r.b, r.rules, r.levels, r.score, ${ctx.clock.now().toISOString()}::timestamptz
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(a uuid, b uuid, rules text[], levels jsonb, score real)
      on conflict (object, a, b) do update set rules = excluded.rules, levels = excluded.levels, score = excluded.score`,
  );
}

interface Waiting {
  records: Map<string, Values>;
  ctx: Context;
  object: ObjectModel;
  timer: NodeJS.Timeout | null;
}

/** Per database, workspace and object: committed records that have not met the others yet. */
const waiting = new WeakMap<object, Map<string, Waiting>>();
const patience = 150;
const maxWaiting = 2_000;

/**
 * Has committed records meet the others, a moment later and many at once, so that nobody who saves waits for it. What a
 * process that dies leaves undone, the next scan finds.
 */
export async function meetSoon(ctx: Context, object: ObjectModel, items: Item[]) {
  if (rulesOf(object).length === 0 || ctx.undoes) return;
  const own = items.filter(
    item => item.kind === 'created' || item.kind === 'restored' || isCompared(object, item),
  );
  if (own.length === 0 || own.length > largestMeeting) return;
  const queues = waiting.get(ctx.db.root) ?? new Map<string, Waiting>();
  waiting.set(ctx.db.root, queues);
  const key = `${ctx.schema} ${object.name}`;
  const queue = queues.get(key) ?? { records: new Map(), ctx, object, timer: null };
  queues.set(key, queue);
  const { tx: _, ...outside } = asSystem(ctx, 'duplicates');
  queue.ctx = { ...outside, db: ctx.db.for('job') };
  queue.object = object;
  for (const item of own) queue.records.set(item.id, item.record);
  if (queue.records.size > maxWaiting) await flush(queue);
  else queue.timer ??= setTimeout(() => void flush(queue), patience).unref();
}

async function flush(queue: Waiting) {
  if (queue.timer) clearTimeout(queue.timer);
  queue.timer = null;
  const records = [...queue.records.values()];
  queue.records = new Map();
  if (records.length === 0) return;
  try {
    await meet(queue.ctx, queue.object, records);
  } catch {
    // They are saved; the next scan makes up for it.
  }
}

/** Compares committed records with all others, and puts pairs into the queue. */
export async function meet(ctx: Context, object: ObjectModel, records: Values[]) {
  const found = await candidatesOf(ctx, ctx.db, object, records);
  if (found.length === 0) return;
  const pairs = found.map(({ of, record, rules, levels }) => ({
    a: of,
    b: record.id as string,
    rules: rules.map(({ name }) => name),
    levels,
  }));
  await queuePairs(ctx, ctx.db, object, pairs, await weightsOf(ctx, object));
}
