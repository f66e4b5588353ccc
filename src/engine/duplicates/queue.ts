/** The review queue: pairs that may be the same, why, and what people decide; from which the weights are learned. */
import { fieldRight, may, mayAdminister, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError, Refusal } from '../errors.ts';
import { isId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import type { Input, Values } from '../object.ts';
import { parseScopeOf } from '../records/draft.ts';
import { find, missing } from '../records/read.ts';
import { objectOf, type Scope, tableOf, textOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { inTransaction } from '../records/write.ts';
import { and, type Sql, sql } from '../sql.ts';
import { candidatesOf, weightsOf } from './find.ts';
import { type Level, type Levels, learn, scoreOf, type Weights } from './model.ts';
import { comparedBy, rulesOf } from './rules.ts';

/** Why two records may be the same: `bias` and the weights of the parts add up to `score`. */
export interface Reasons {
  rules: string[];
  score: number;
  /** 0 to 1. */
  probability: number;
  bias: number;
  parts: { field: string; label: string; level: Level; weight: number }[];
}

export interface Look {
  id: string;
  title: string | null;
}

export type DuplicateHit = Look & Reasons & { mode: 'block' | 'warn' | 'review' };

/** What a reader may not see of the fields is told as one part without a name, so that the sum holds. */
function reasonsOf(
  ctx: Context,
  object: ObjectModel,
  weights: Weights,
  levels: Levels,
  rules: string[],
): Reasons {
  const { score, probability, parts } = scoreOf(weights, levels);
  const shown = parts.filter(({ field }) => readable(ctx, object, field));
  const hidden = parts.filter(({ field }) => !readable(ctx, object, field));
  const rest = hidden.reduce((sum, { weight }) => sum + weight, 0);
  return {
    rules: rulesOf(object).flatMap(({ name, label, same }) =>
      rules.includes(name) && Object.keys(same).every(field => readable(ctx, object, field)) ? [label] : [],
    ),
    score,
    probability,
    bias: weights.bias,
    parts: [
      ...shown.map(part => ({ ...part, label: object.fields.get(part.field)!.label })),
      ...(hidden.length > 0 ? [{ field: '', label: '', level: null, weight: rest }] : []),
    ],
  };
}

function readable(ctx: Context, object: ObjectModel, name: string): boolean {
  const field = object.fields.get(name);
  return field !== undefined && fieldRight(ctx, field) !== 'none';
}

/** The object, if it has rules and the actor may see it. */
export function requireRules(ctx: Context, name: string): ObjectModel {
  const object = objectOf(ctx, name);
  if (!may(ctx, object, 'read')) throw missing(object);
  if (rulesOf(object).length > 0) return object;
  throw new FarleyError('unknownRoute', `${object.spec.plural} have no rules about duplicates.`);
}

/**
 * Records in reach that may be the same as a draft, the most likely first: for who is still typing. Values that cannot be
 * read yet are left out. With `id`, the draft is of a record that exists. Rules on fields the actor may not read tell nothing.
 */
export async function duplicatesOfDraft(
  ctx: Context,
  objectName: string,
  values: Input,
  id?: string,
): Promise<DuplicateHit[]> {
  const object = requireRules(ctx, objectName);
  if (id !== undefined && !isId(id)) throw missing(object);
  const draft: Values = id ? await stored(ctx, object, id) : {};
  for (const name of comparedBy(object).keys()) {
    const input = values[name];
    if (input === undefined || !readable(ctx, object, name)) continue;
    const field = object.fields.get(name)!;
    const value = input === null ? null : field.type.parse(input, field, parseScopeOf(ctx));
    draft[name] = value instanceof Refusal ? null : value;
  }
  const rules = rulesOf(object).filter(({ same }) =>
    Object.keys(same).every(name => readable(ctx, object, name)),
  );
  const found = await candidatesOf(ctx, ctx.tx ?? ctx.db, object, [draft], rules);
  const weights = await weightsOf(ctx, object);
  const hits = found
    .filter(({ visible }) => visible)
    .map(({ record, levels, rules: held }) => ({
      id: record.id as string,
      title: titleOf(ctx, object, record),
      mode: strictest(held.map(({ mode }) => mode)),
      ...reasonsOf(
        ctx,
        object,
        weights,
        levels,
        held.map(({ name }) => name),
      ),
    }));
  return hits.sort((a, b) => b.score - a.score).slice(0, 20);
}

/** Ids of records in reach that may be the same as one just written, the most likely first: for callers who ask for them. */
export async function duplicatesOfWritten(ctx: Context, object: ObjectModel, id: string): Promise<string[]> {
  if (rulesOf(object).length === 0) return [];
  try {
    return (await duplicatesOfDraft(ctx, object.name, {}, id)).map(hit => hit.id);
  } catch (error) {
    // Whoever hands a record over may lose sight of it by that.
    if (error instanceof FarleyError && error.code === 'notFound') return [];
    throw error;
  }
}

function strictest(modes: DuplicateHit['mode'][]): DuplicateHit['mode'] {
  return (['block', 'warn', 'review'] as const).find(mode => modes.includes(mode))!;
}

/** The fields compared of a record in reach, as they are stored. */
async function stored(ctx: Context, object: ObjectModel, id: string): Promise<Values> {
  const shown = await find(ctx, object.name, id);
  const bare = ([name, value]: [string, Values[string]]) => {
    const isLink = object.fields.get(name)?.type.references && value !== null && typeof value === 'object';
    return [name, isLink && !Array.isArray(value) ? (value.id ?? null) : (value ?? null)];
  };
  return Object.fromEntries(Object.entries(shown).map(bare)) as Values;
}

function titleOf(ctx: Context, object: ObjectModel, record: Values): string | null {
  const { title } = object;
  const value = record[title.name] ?? null;
  if (value === null || fieldRight(ctx, title) === 'none' || title.type.references) return null;
  return title.type.format(value, title, parseScopeOf(ctx));
}

export type PairState = 'open' | 'later' | 'different';

export interface Pair extends Reasons {
  a: Look;
  b: Look;
  state: PairState;
  foundAt: string;
}

/** Both ends are there and in reach: what was merged or deleted is not asked about any more, until it is back. */
export function pairsInReach(
  ctx: Context,
  object: ObjectModel,
): { from: Sql; where: Sql; a: Scope; b: Scope } {
  const a = scopeOf(ctx, object);
  const b = a.inner(object);
  const live = (scope: Scope) =>
    and([sql`${sql.ref(`${scope.alias}.deleted_at`)} is null`, reach(ctx, object, 'read', scope)]);
  return {
    a,
    b,
    from: sql`${tableOf(ctx.schema, 'duplicate_pair')} p join ${a.source} on ${sql.ref(`${a.alias}.id`)} = p.a
      join ${b.source} on ${sql.ref(`${b.alias}.id`)} = p.b`,
    where: and([sql`p.object = ${object.name}`, live(a), live(b)]),
  };
}

/** Pairs that are counted at most. */
const maxCounted = 1_000;

async function countPairs(ctx: Context, { from, where }: { from: Sql; where: Sql }, state: PairState) {
  const upTo = (those: Sql) =>
    sql`(select count(*) from (select from ${from} where ${where} and p.state = ${state} ${those} limit ${maxCounted}) c)`;
  const [row] = await (ctx.tx ?? ctx.db).run<{ count: number; certain: number }>(
    sql`select ${upTo(sql``)} as count, ${upTo(sql`and p.score >= ${scoreAt(certainFrom)}::real`)} as certain`,
  );
  return row!;
}

/** Pairs that are at least so likely are as good as certain. */
export const certainFrom = 0.99;

/** The score that stands for a probability. */
export function scoreAt(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

/**
 * A page of the queue, the most likely pairs first, with the weights they are scored by; the first page tells how many
 * there are, and how many of them are as good as certain, as far as to a thousand.
 */
export async function reviewQueue(
  ctx: Context,
  objectName: string,
  { state = 'open', limit = 50, after }: { state?: PairState; limit?: number; after?: string },
) {
  const object = requireRules(ctx, objectName);
  const { from, where, a, b } = pairsInReach(ctx, object);
  const title = (scope: Scope) =>
    fieldRight(ctx, object.title) === 'none' ? sql`null::text` : textOf(object.title, scope);
  const rows = await (ctx.tx ?? ctx.db).run<{
    a: string;
    b: string;
    a_title: string | null;
    b_title: string | null;
    rules: string[];
    levels: string;
    score: number;
    found_at: string;
  }>(
    sql`select p.a, p.b, ${title(a)} as a_title, ${title(b)} as b_title, p.rules, p.levels::text as levels, p.score,
        to_char(p.found_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as found_at
      from ${from} where ${where} and p.state = ${state} ${after ? sql`and ${placeAfter(after)}` : sql``}
      order by p.score desc, p.a, p.b limit ${limit + 1}`,
  );
  const weights = await weightsOf(ctx, object);
  const counts: { count?: number; certain?: number } = after
    ? {}
    : await countPairs(ctx, { from, where }, state);
  const data = rows.slice(0, limit).map(
    (row): Pair => ({
      a: { id: row.a, title: row.a_title },
      b: { id: row.b, title: row.b_title },
      state,
      foundAt: row.found_at,
      ...reasonsOf(ctx, object, weights, JSON.parse(row.levels) as Levels, row.rules),
    }),
  );
  const last = rows[limit - 1];
  const { prior: _, ...current } = weights;
  const fields = Object.fromEntries(
    Object.entries(weights.fields).filter(([name]) => readable(ctx, object, name)),
  );
  return {
    data,
    next: rows.length > limit && last ? `${last.score}_${last.a}_${last.b}` : null,
    ...counts,
    weights: { ...current, fields },
  };
}

function placeAfter(after: string): Sql {
  const [, score, a, b] = /^(-?[\d.]+(?:e-?\d+)?)_([0-9a-f-]{36})_([0-9a-f-]{36})$/.exec(after) ?? [];
  if (!isId(a) || !isId(b) || !Number.isFinite(Number(score))) throw new FarleyError('invalidCursor');
  return sql`(p.score < ${score}::real or (p.score = ${score}::real and (p.a, p.b) > (${a}::uuid, ${b}::uuid)))`;
}

/** Decides about a pair: `different`, `later`, or `open` again. That they are the same is said by merging them. */
export async function decide(ctx: Context, objectName: string, one: string, other: string, state: PairState) {
  const object = requireRules(ctx, objectName);
  const ids = [one, other].map(id => id.toLowerCase()).sort();
  if (!ids.every(isId)) throw missing(object);
  const { from, where, a } = pairsInReach(ctx, object);
  const decided = await inTransaction(ctx, async (inside, tx) => {
    const [pair] = await tx.run<{ editable: boolean }>(
      sql`select coalesce(${reach(inside, object, 'edit', a)}, false) as editable from ${from}
        where ${where} and p.a = ${ids[0]!}::uuid and p.b = ${ids[1]!}::uuid for update of p`,
    );
    if (!pair) throw new FarleyError('notFound', 'There is no such pair, or it is out of your reach.');
    if (!pair.editable)
      throw new FarleyError('forbidden', 'Only who may edit these records decides about them.');
    await tx.run(
      sql`update ${tableOf(ctx.schema, 'duplicate_pair')} set state = ${state}, decided_by = ${ctx.actor.userId}::uuid,
          decided_at = ${ctx.clock.now().toISOString()}::timestamptz
        where object = ${object.name} and a = ${ids[0]!}::uuid and b = ${ids[1]!}::uuid`,
    );
    return { a: ids[0]!, b: ids[1]!, state };
  });
  const [count] = await ctx.db.run<{ n: number }>(
    sql`select count(*) as n from ${tableOf(ctx.schema, 'duplicate_pair')} where object = ${object.name} and state = 'different'`,
  );
  // The queue is scored anew by every few decisions: nobody sees the difference that a single one makes.
  const weights = await weightsOf(ctx, object);
  if (count!.n % learnEvery === 0) await relearn(ctx, object, weights.prior ?? weights);
  return decided;
}

const learnEvery = 5;

/** Decisions that weights are learned from: pairs said to be different, and those that were merged and not split again. */
export async function decisionsOf(
  ctx: Context,
  object: ObjectModel,
): Promise<{ levels: Levels; same: boolean }[]> {
  const rows = await (ctx.tx ?? ctx.db).run<{ levels: string; same: boolean }>(
    sql`select p.levels::text as levels, m.same from ${tableOf(ctx.schema, 'duplicate_pair')} p
      cross join lateral (select exists (select 1 from ${tableOf(ctx.schema, 'merged')} g
        join ${tableOf(ctx.schema, 'change_set')} s on s.id = g.set_id and s.undone_by is null
        where (g.record_id = p.a and g.into_id = p.b) or (g.record_id = p.b and g.into_id = p.a)) as same) m
      where p.object = ${object.name} and (p.state = 'different' or m.same) order by p.decided_at desc nulls last limit 5000`,
  );
  return rows.map(({ levels, same }) => ({ levels: JSON.parse(levels) as Levels, same }));
}

/** Learns the weights anew from `prior` and all decisions, keeps them, and scores the queue by them. */
export async function relearn(ctx: Context, object: ObjectModel, prior: Weights): Promise<Weights> {
  const weights: Weights = { ...learn(prior, await decisionsOf(ctx, object)), prior };
  const rescored = Object.entries(weights.fields).map(
    ([field, own]) => sql`coalesce((${own}::float8[])[(p.levels ->> ${field})::int + 1], 0)`,
  );
  await ctx.db.transaction(async tx => {
    await tx.run(
      sql`insert into ${tableOf(ctx.schema, 'duplicate_model')} (object, model, at)
        values (${object.name}, ${JSON.stringify(weights)}::jsonb, ${ctx.clock.now().toISOString()}::timestamptz)
        on conflict (object) do update set model = excluded.model, at = excluded.at`,
    );
    await tx.run(
      sql`update ${tableOf(ctx.schema, 'duplicate_pair')} p set score = ${sql.join([sql`${weights.bias}::float8`, ...rescored], sql` + `)}
        where p.object = ${object.name}`,
    );
  });
  return weights;
}

/** The weights of an object learned anew from all decisions, at once. */
export async function learnNow(ctx: Context, objectName: string): Promise<Omit<Weights, 'prior'>> {
  const object = requireScan(ctx, objectName);
  const weights = await weightsOf(ctx, object);
  const { prior: _, ...learned } = await relearn(ctx, object, weights.prior ?? weights);
  return learned;
}

/** Refuses everyone who may not order a scan: it looks at all records, whoever may see them. */
export function requireScan(ctx: Context, objectName: string): ObjectModel {
  const object = requireRules(ctx, objectName);
  if (mayAdminister(ctx)) return object;
  throw new FarleyError('forbidden', 'Only administrators order a scan.');
}
