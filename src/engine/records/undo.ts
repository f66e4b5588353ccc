/** Undo: a change set taken back as a change set of its own. Later edits that collide are shown, never overwritten. */
import { mayAdminister } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { isId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { sql } from '../sql.ts';
import { same } from './draft.ts';
import { jsonOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { asEngine, inTransaction, type Operation, write } from './write.ts';

const batchSize = 1_000;
/** Collisions named in an answer; their number is always told. */
const maxShown = 100;

export interface UndoConflict {
  object: string;
  id: string;
  field: string;
  /** What the change set made of it. */
  after: Json;
  /** What someone made of it since. */
  now: Json;
}

export interface UndoResult {
  changeSet: string | null;
  /** Records put back. */
  undone: number;
  /** Values left alone because they were changed since. */
  kept: UndoConflict[];
}

interface Taken {
  seq: number;
  object: string;
  record_id: string;
  kind: string;
  fields: Record<string, [Json, Json]>;
}

/**
 * Takes back everything a change set did: created records go to the trash, deleted ones come back, values return.
 * Values changed since then collide: with `keepLater` they stay as they are and the rest is undone, otherwise
 * `undoConflict` names them and nothing is changed.
 */
export async function undo(
  ctx: Context,
  changeSet: string,
  options: { keepLater?: boolean } = {},
): Promise<UndoResult> {
  if (!isId(changeSet)) throw new FarleyError('notFound');
  return inTransaction({ ...ctx, undoes: changeSet, via: 'undo' }, async (inside, tx) => {
    await claim(inside, tx, changeSet);
    const kept: UndoConflict[] = [];
    let conflicts = 0;
    let undone = 0;
    for (let last: number | null = null; ; ) {
      const batch: Taken[] = await takeBatch(inside, tx, changeSet, last);
      if (batch.length === 0) break;
      last = batch.at(-1)!.seq;
      for (const [object, taken] of byObject(inside, batch)) {
        const plan = await planBatch(inside, tx, object, taken);
        conflicts += plan.conflicts.length;
        kept.push(...plan.conflicts.slice(0, maxShown - kept.length));
        if (conflicts > 0 && !options.keepLater) continue;
        for (const operations of plan.rounds)
          await write(asEngine(inside), object.name, operations, { trusted: true });
        undone += taken.length;
      }
    }
    if (conflicts > 0 && !options.keepLater) {
      throw new FarleyError(
        'undoConflict',
        `${conflicts} values were changed since. Undo the rest and keep them, or leave everything.`,
        {
          details: { conflicts: kept, count: conflicts },
        },
      );
    }
    await tx.run(
      sql`update ${tableOf(ctx.schema, 'change_set')} set undone_by = ${inside.changeSet}::uuid where id = ${changeSet}::uuid`,
    );
    return { changeSet: undone > 0 ? inside.changeSet! : null, undone, kept };
  });
}

/** Only who made a change, or an administrator, takes it back; and only once. */
async function claim(ctx: Context, tx: Transaction, changeSet: string) {
  const [set] = await tx.run<{ actor_id: string | null; undone_by: string | null }>(
    sql`select actor_id, undone_by from ${tableOf(ctx.schema, 'change_set')} where id = ${changeSet}::uuid for update`,
  );
  const own = set && set.actor_id === ctx.actor.userId;
  if (!set || !(own || mayAdminister(ctx)))
    throw new FarleyError('notFound', 'There is no such change of yours.');
  if (set.undone_by)
    throw new FarleyError('alreadyUndone', undefined, { details: { undoneBy: set.undone_by } });
}

async function takeBatch(
  ctx: Context,
  tx: Transaction,
  changeSet: string,
  last: number | null,
): Promise<Taken[]> {
  const before = last === null ? sql`` : sql`and seq < ${last}`;
  const found = await tx.run<Omit<Taken, 'fields'> & { fields: string | null }>(
    sql`select seq, object, record_id, kind, fields::text as fields from ${tableOf(ctx.schema, 'change')}
      where set_id = ${changeSet}::uuid and fields is not null ${before} order by seq desc limit ${batchSize}`,
  );
  return found.map(row => ({ ...row, fields: JSON.parse(row.fields!) as Taken['fields'] }));
}

/** Changes grouped by object, keeping the reverse order in which objects were first touched. */
function byObject(ctx: Context, batch: Taken[]): Map<ObjectModel, Taken[]> {
  const groups = new Map<ObjectModel, Taken[]>();
  for (const taken of batch) {
    const object = ctx.model.objects.get(taken.object);
    if (object) groups.set(object, [...(groups.get(object) ?? []), taken]);
  }
  return groups;
}

/** What to write to take the changes back, in rounds in which each record stands once. */
async function planBatch(ctx: Context, tx: Transaction, object: ObjectModel, taken: Taken[]) {
  const now = await currentValues(ctx, tx, object, taken);
  const conflicts: UndoConflict[] = [];
  const rounds: Operation[][] = [];
  const seen = new Map<string, number>();
  for (const change of taken) {
    const record = now.get(change.record_id);
    if (!record) continue;
    const operation = reverse(object, change, record, conflicts);
    if (!operation) continue;
    const round = seen.get(change.record_id) ?? 0;
    seen.set(change.record_id, round + 1);
    rounds[round] = [...(rounds[round] ?? []), operation];
  }
  return { conflicts, rounds };
}

function reverse(
  object: ObjectModel,
  change: Taken,
  record: Values,
  conflicts: UndoConflict[],
): Operation | null {
  const id = change.record_id;
  const values: Values = {};
  for (const [name, [before, after]] of Object.entries(change.fields)) {
    const field = object.fields.get(name);
    if (!field) continue;
    const current = record[name] ?? null;
    if (!same(field, current, after))
      conflicts.push({ object: object.name, id, field: name, after, now: current });
    else if (!field.system || name === 'externalIds') values[name] = before;
    // An earlier change of the same set is compared with what this one left behind.
    if (same(field, current, after)) record[name] = before;
  }
  const clean = !conflicts.some(conflict => conflict.id === id);
  if (change.kind === 'created') return clean ? { op: 'delete', id } : null;
  if (change.kind === 'deleted') return clean ? { op: 'restore', id } : null;
  if (change.kind === 'restored') return clean ? { op: 'delete', id } : null;
  return Object.keys(values).length > 0 ? { op: 'update', id, values } : null;
}

async function currentValues(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  taken: Taken[],
): Promise<Map<string, Values>> {
  const scope = scopeOf(ctx, object);
  const fields = [...object.fields.values()].filter(field => field.type.storage.kind !== 'computed');
  const json = sql.join(fields.map(field => sql`${jsonOf(field, scope)} as ${sql.id(field.name)}`));
  const ids = [...new Set(taken.map(change => change.record_id))];
  const found = await tx.run<{ j: string }>(
    sql`select (select row_to_json(r) from (select ${json}) r)::text as j from ${scope.source}
      where ${sql.ref(`${scope.alias}.id`)} = any(${ids}::uuid[]) for update of ${sql.ref(scope.alias)}`,
  );
  return new Map(found.map(row => JSON.parse(row.j) as Values).map(record => [record.id as string, record]));
}
