/**
 * Merging all pairs that are as good as certain: pairs that share a record are one group, of which the record stays that
 * most is known of. Each group is a change set of its own, so that a wrong merge is split alone; all are parts of one.
 */
import { fieldRight, may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { defineJob } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import type { ObjectModel } from '../model.ts';
import { note } from '../records/note.ts';
import { objectOf, storedJson, tableOf, textOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { carryOut } from '../records/verbs.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import { certainFrom, type Look, pairsInReach, requireRules, scoreAt } from './queue.ts';

/** Records that are to become one. */
export interface MergeGroup {
  /** Which of them stays: the one of which most is known, of equals the oldest. */
  survivor: Look;
  others: Look[];
  /** Of the least likely of its pairs. */
  probability: number;
  /** Why it is left in the queue; null where nothing speaks against it. */
  refused: string | null;
}

/** What merging all would do. */
export interface MergeAllPreview {
  groups: MergeGroup[];
  /** All groups that would be merged, also those that are not named. */
  count: number;
  /** Records that would go into others. */
  records: number;
  refused: number;
  /** Until when the pairs were found, ISO 8601: what comes later is not merged unseen. */
  until: string;
}

export interface MergeAllResult {
  /** What takes all of it back; null where nothing was merged. */
  changeSet: string | null;
  merged: number;
  /** Records that went into others. */
  records: number;
  refused: number;
}

/** Pairs that are looked at in one go; the rest is left for the next. */
const mostPairs = 10_000;
/** Groups that are named before. */
const mostNamed = 200;
/** Records that a merge takes into one. */
const mostOthers = 100;

interface Order {
  /** 0 to 1. */
  above?: number;
  until?: string;
}

/** What merging all pairs of a probability would do. Nothing is written. Throws `invalidInput`, `notFound`. */
export async function previewMergeAll(
  ctx: Context,
  objectName: string,
  { above = certainFrom }: Order,
): Promise<MergeAllPreview> {
  const object = requireRules(ctx, objectName);
  const until = ctx.clock.now().toISOString();
  const groups = await groupsOf(ctx, object, { above, until });
  const going = groups.filter(({ refused }) => refused === null);
  return {
    groups: groups.slice(0, mostNamed),
    count: going.length,
    records: going.reduce((sum, { others }) => sum + others.length, 0),
    refused: groups.length - going.length,
    until,
  };
}

/** Orders it as a job; answers its run, and what takes all of it back. */
export async function orderMergeAll(
  ctx: Context,
  objectName: string,
  { above = certainFrom, until = ctx.clock.now().toISOString() }: Order,
): Promise<{ run: string; changeSet: string }> {
  const object = requireRules(ctx, objectName);
  const plural = object.spec.plural.toLowerCase();
  // Record by record the job asks again; who may merge none is told at once.
  if (!['edit', 'delete', 'merge'].every(action => may(ctx, object, action)))
    throw new FarleyError('forbidden', `Your role does not allow to merge ${plural}.`);
  const changeSet = newId();
  const label = `Merge of ${plural} that are the same by ${above * 100} %`;
  const payload = { object: objectName, above, until, changeSet, label };
  const [run] = await inTransaction(ctx, (_, tx) =>
    enqueue(ctx, tx, [{ task: mergeAllJob.name, payload, label }]),
  );
  return { run: run!, changeSet };
}

/** The job; with the rights of who ordered it. What a crash or someone ended goes on with what is still in the queue. */
export const mergeAllJob = defineJob('mergeAll', {
  label: 'Merge duplicates',
  run: async (ctx, payload, report, resumed, signal) => {
    const {
      object: name,
      changeSet,
      label,
      ...order
    } = payload as unknown as Required<Order> & {
      object: string;
      changeSet: string;
      label: string;
    };
    const object = objectOf(ctx, name);
    const state = (resumed ?? { merged: 0, records: 0, refused: 0 }) as Omit<MergeAllResult, 'changeSet'> & {
      [key: string]: Json;
    };
    if (!resumed) await begin({ ...ctx, changeSet }, label, name, order.above);
    const groups = await groupsOf(ctx, object, order);
    // What was refused before is met again, and told again.
    state.refused = 0;
    const total = state.merged + groups.length;
    for (const [index, group] of groups.entries()) {
      if (signal.aborted) break;
      const refused = group.refused ?? (await mergeGroup(ctx, object, group, changeSet));
      if (refused === null) {
        state.merged++;
        state.records += group.others.length;
      } else {
        state.refused++;
        report.skipped(
          [group.survivor, ...group.others].map(({ id, title }) => title ?? id).join(', '),
          refused,
        );
      }
      if (index % 50 === 49) await report.checkpoint(state);
      report.progress(state.merged + state.refused, total);
    }
    await report.result({ ...state, changeSet: state.merged > 0 ? changeSet : null });
    signal.throwIfAborted();
  },
});

function begin(ctx: Context, label: string, object: string, above: number) {
  return inTransaction(ctx, inside =>
    note(inside, { event: 'duplicates.merged', label, payload: { object, above } }),
  );
}

/** Why it was refused; null where it was merged. */
async function mergeGroup(
  ctx: Context,
  object: ObjectModel,
  { survivor, others }: MergeGroup,
  whole: string,
): Promise<string | null> {
  try {
    await inTransaction({ ...ctx, changeSet: newId() }, async (inside, tx) => {
      await carryOut(inside, object.name, 'merge', survivor.id, { others: others.map(({ id }) => id) });
      await tx.run(
        sql`update ${tableOf(ctx.schema, 'change_set')} set part_of = ${whole}::uuid where id = ${inside.changeSet}::uuid`,
      );
    });
    return null;
  } catch (error) {
    if (!(error instanceof FarleyError) || error.status >= 500) throw error;
    return error.problems[0]?.message ?? error.message;
  }
}

/** The groups of open pairs in reach that are so likely, the most likely first. Three statements. */
async function groupsOf(
  ctx: Context,
  object: ObjectModel,
  { above, until }: Required<Order>,
): Promise<MergeGroup[]> {
  if (!(above >= 0.5 && above < 1))
    throw new FarleyError('invalidInput', '`above` is a probability from 0.5 to less than 1.');
  const { from, where } = pairsInReach(ctx, object);
  const pairs = await ctx.db.run<Pair>(
    sql`select p.a, p.b, p.score from ${from} where ${where} and p.state = 'open' and p.score >= ${scoreAt(above)}::real
      and p.found_at <= ${until}::timestamptz order by p.score desc, p.a, p.b limit ${mostPairs}`,
  );
  const sets = joined(pairs);
  const ids = sets.flatMap(each => [...each.ids]);
  const members = await membersOf(ctx, object, ids);
  const apart = await ctx.db.run<{ a: string; b: string }>(
    sql`select a, b from ${tableOf(ctx.schema, 'duplicate_pair')} where object = ${object.name} and state = 'different'
      and a = any(${ids}::uuid[]) and b = any(${ids}::uuid[])`,
  );
  return sets.flatMap(({ ids: own, score }) => {
    const known = [...own].flatMap(id => members.get(id) ?? []);
    if (known.length < 2) return [];
    const decided = apart.some(({ a, b }) => own.has(a) && own.has(b));
    return [groupOf(object, known, 1 / (1 + 2 ** -score), decided)];
  });
}

interface Pair extends Record<string, unknown> {
  a: string;
  b: string;
  score: number;
}

/** Pairs that share a record, together; `score` is the lowest of them. */
function joined(pairs: Pair[]): { ids: Set<string>; score: number }[] {
  const sets = new Map<string, { ids: Set<string>; score: number }>();
  for (const { a, b, score } of pairs) {
    const [one, other] = [sets.get(a), sets.get(b)];
    const [large, small] = (one?.ids.size ?? 0) >= (other?.ids.size ?? 0) ? [one, other] : [other, one];
    const all = large ?? { ids: new Set<string>(), score };
    for (const id of [a, b, ...(small && small !== large ? small.ids : [])]) {
      all.ids.add(id);
      sets.set(id, all);
    }
    all.score = score;
  }
  return [...new Set(sets.values())];
}

interface Member extends Look, Record<string, unknown> {
  /** Fields that have a value. */
  filled: number;
  /** What the actor may do with it. */
  stays: boolean;
  goes: boolean;
}

async function membersOf(ctx: Context, object: ObjectModel, ids: string[]): Promise<Map<string, Member>> {
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const can = (action: string) => sql`coalesce(${reach(ctx, object, action, scope)}, false)`;
  const title = fieldRight(ctx, object.title) === 'none' ? sql`null::text` : textOf(object.title, scope);
  const rows = await ctx.db.run<Member>(
    sql`select ${id} as id, ${title} as title, ${can('edit')} and ${can('merge')} as stays, ${can('delete')} as goes,
        (select count(*) from json_each(${storedJson(object, scope)}) v where v.value::text not in ('null', '""', '[]', '{}'))::int as filled
      from ${scope.source} where ${id} = any(${ids}::uuid[])`,
  );
  return new Map(rows.map(row => [row.id, row]));
}

function groupOf(object: ObjectModel, members: Member[], probability: number, decided: boolean): MergeGroup {
  const ranked = members.toSorted((a, b) => b.filled - a.filled || (a.id < b.id ? -1 : 1));
  const allowed = ranked.find(one => one.stays && ranked.every(other => other === one || other.goes));
  const survivor = allowed ?? ranked[0]!;
  const look = ({ id, title }: Member): Look => ({ id, title });
  const plural = object.spec.plural.toLowerCase();
  const refused = decided
    ? 'Two of them were said to be different.'
    : members.length > mostOthers + 1
      ? `More than ${mostOthers + 1} ${plural} hang together.`
      : allowed
        ? null
        : `Your role does not allow to merge these ${plural}.`;
  const others = ranked.filter(one => one !== survivor).map(look);
  return { survivor: look(survivor), others, probability, refused };
}
