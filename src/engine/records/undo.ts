/** Undo: a change set taken back as a change set of its own. Later edits that collide are shown, never overwritten. */
import { fieldRight, mayAdminister } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { isId, newId } from '../id.ts';
import { type Model, type ObjectModel, relationOf } from '../model.ts';
import type { Values } from '../object.ts';
import { sql } from '../sql.ts';
import type { Declared } from '../workspace.ts';
import { treeLinks } from './circles.ts';
import { same } from './draft.ts';
import { tellsApart, uniqueGroups } from './integrity.ts';
import { shareBack, shareOnward } from './merge.ts';
import { note } from './note.ts';
import { storedJson, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { renewStays } from './stays.ts';
import { type FieldsUndone, SettingsUndo } from './undo-settings.ts';
import { asEngine, inTransaction, type Operation, type WriteResult, write } from './write.ts';

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
  /** Fields that an import had made; absent where it made none. */
  fields?: FieldsUndone;
  /** What the undo made of the model, for those who keep it; not told to callers of the API. */
  settings?: { model: Model; refile: string[] };
}

interface Taken {
  seq: number;
  object: string;
  record_id: string;
  kind: string;
  fields: Record<string, [Json, Json]>;
}

interface UndoOptions {
  keepLater?: boolean;
  /** Records that it made go, whatever became of them since; nothing collides then, and what it changed stays. */
  wholly?: boolean;
  declared?: Declared;
}

/**
 * Takes back everything a change set did: created records go to the trash, deleted ones come back, values return.
 * Values changed since then collide: with `keepLater` they stay as they are and the rest is undone, otherwise
 * `undoConflict` names them and nothing is changed. With `declared`, rules and fields that it made are taken back as well.
 */
export async function undo(ctx: Context, changeSet: string, options: UndoOptions = {}): Promise<UndoResult> {
  if (!isId(changeSet)) throw new FarleyError('notFound');
  return inTransaction({ ...ctx, undoes: changeSet, via: 'undo' }, async (inside, tx) => {
    const undid = await claim(inside, tx, changeSet);
    const { declared } = options;
    const settings = declared && new SettingsUndo(inside, tx, declared, changeSet);
    await settings?.before();
    const within = settings?.model ? { ...inside, model: settings.model } : inside;
    const done: Progress = { undone: 0, conflicts: settings?.rules.later.length ?? 0, kept: [] };
    await undoParts(within, tx, changeSet, options, done);
    for (let last: number | null = null; ; ) {
      const batch: Taken[] = await takeBatch(within, tx, changeSet, last);
      if (batch.length === 0) break;
      last = batch.at(-1)!.seq;
      await undoBatch(within, tx, batch, options, done);
    }
    if (done.conflicts > 0 && !options.keepLater) throw standsInTheWay(done);
    await settings?.after();
    await markUndone(within, tx, changeSet, undid);
    await renewStays(within, tx, [changeSet, inside.changeSet!, ...(undid ? [undid] : [])]);
    await shareBack(within, tx, changeSet);
    if (undid) await shareOnward(within, tx, undid);
    return resultOf(inside.changeSet!, done, settings);
  });
}

/** An act that consists of others goes back by each of them, the latest first; those taken back already stay so. */
async function undoParts(ctx: Context, tx: Transaction, whole: string, options: UndoOptions, done: Progress) {
  const sets = tableOf(ctx.schema, 'change_set');
  const parts = await tx.run<{ id: string }>(
    sql`select id from ${sets} where part_of = ${whole}::uuid and undone_by is null order by id desc`,
  );
  if (parts.length === 0) return;
  await note(ctx, { event: 'parts.undone', payload: { parts: parts.length } });
  for (const { id } of parts) {
    const { changeSet, undone, kept } = await undo({ ...ctx, changeSet: newId() }, id, options);
    done.undone += undone;
    done.kept.push(...kept.slice(0, maxShown - done.kept.length));
    await tx.run(sql`update ${sets} set part_of = ${ctx.changeSet!}::uuid where id = ${changeSet}::uuid`);
  }
}

function resultOf(changeSet: string, { undone, kept }: Progress, settings?: SettingsUndo): UndoResult {
  const { model, fields, rules } = settings ?? {};
  return {
    changeSet: undone > 0 || model ? changeSet : null,
    undone,
    kept,
    ...(fields && fields.gone.length + fields.stay.length > 0 ? { fields } : {}),
    ...(model ? { settings: { model, refile: rules?.refile ?? [] } } : {}),
  };
}

interface Progress {
  undone: number;
  conflicts: number;
  kept: UndoConflict[];
}

/** Takes one batch back, unless a collision has been found: then it only looks for more of them. */
async function undoBatch(
  ctx: Context,
  tx: Transaction,
  batch: Taken[],
  { keepLater = false, wholly = false }: UndoOptions,
  done: Progress,
) {
  for (const [object, taken] of byObject(ctx, batch)) {
    const made = wholly ? taken.filter(({ kind }) => kind === 'created') : taken;
    const plan = await planBatch(ctx, tx, object, made, wholly);
    done.conflicts += plan.conflicts.length;
    done.kept.push(...plan.conflicts.slice(0, maxShown - done.kept.length).map(told => tell(ctx, told)));
    if (done.conflicts > 0 && !keepLater) continue;
    for (const operations of plan.rounds)
      done.undone += changesOf(await write(asEngine(ctx), object.name, operations, { trusted: true }));
  }
}

function changesOf({ results }: WriteResult): number {
  return results.filter(({ kind }) => kind !== 'unchanged').length;
}

/** Values of fields that the actor may not read are not told. */
function tell(ctx: Context, conflict: UndoConflict): UndoConflict {
  const field = ctx.model.objects.get(conflict.object)?.fields.get(conflict.field);
  const hidden = !field || fieldRight(ctx, field) === 'none';
  return hidden ? { ...conflict, field: '', after: null, now: null } : conflict;
}

function standsInTheWay({ conflicts, kept }: Progress): FarleyError {
  return new FarleyError(
    'undoConflict',
    `${conflicts} values were changed since. Undo the rest and keep them, or leave everything.`,
    { details: { conflicts: kept, count: conflicts } },
  );
}

/** What this change set had taken back itself is in force again, and can be undone again. */
async function markUndone(ctx: Context, tx: Transaction, changeSet: string, undid: string | null) {
  const sets = tableOf(ctx.schema, 'change_set');
  await tx.run(
    sql`update ${sets} set undone_by = case when id = ${changeSet}::uuid then ${ctx.changeSet}::uuid end
      where id = any(${[changeSet, ...(undid ? [undid] : [])]}::uuid[])`,
  );
}

/** Only who made a change, or an administrator, takes it back; and only once. Answers the set that it had undone itself, if any. */
async function claim(ctx: Context, tx: Transaction, changeSet: string): Promise<string | null> {
  const [set] = await tx.run<{
    actor_id: string | null;
    undone_by: string | null;
    undoes: string | null;
    via: string;
  }>(
    sql`select actor_id, undone_by, undoes, via from ${tableOf(ctx.schema, 'change_set')} where id = ${changeSet}::uuid for update`,
  );
  const own = set && set.actor_id === ctx.actor.userId;
  if (!set || !(own || mayAdminister(ctx)))
    throw new FarleyError('notFound', 'There is no such change of yours.');
  if (set.via === 'seed')
    throw new FarleyError(
      'forbidden',
      'What a workspace starts with is not undone as a whole. Change or delete single records.',
    );
  if (set.undone_by)
    throw new FarleyError('alreadyUndone', undefined, { details: { undoneBy: set.undone_by } });
  return set.undoes;
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

/** Changes grouped by object, dependants before what they cannot do without: a stage is trashed after its deals. */
function byObject(ctx: Context, batch: Taken[]): [ObjectModel, Taken[]][] {
  const groups = new Map<ObjectModel, Taken[]>();
  for (const taken of batch) {
    const object = ctx.model.objects.get(taken.object);
    if (object) groups.set(object, [...(groups.get(object) ?? []), taken]);
  }
  const depths = new Map([...groups.keys()].map(object => [object, depthOf(ctx.model, object, [])]));
  return [...groups].sort(([a], [b]) => depths.get(b)! - depths.get(a)!);
}

/** How long the chain of records is that one of these cannot do without. */
function depthOf(model: Model, object: ObjectModel, above: ObjectModel[]): number {
  if (above.includes(object)) return 0;
  const needed = [...object.fields.values()]
    .filter(field => field.options.required)
    .flatMap(field => model.objects.get(relationOf(field)?.to ?? '') ?? []);
  return Math.max(0, ...needed.map(other => 1 + depthOf(model, other, [...above, object])));
}

/** What to write to take the changes back, in rounds in which each record stands once. */
async function planBatch(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  taken: Taken[],
  wholly: boolean,
) {
  const now = await currentValues(ctx, tx, object, taken);
  const conflicts: UndoConflict[] = [];
  const { rounds, place } = roundsOf(object);
  for (const change of taken) {
    const record = now.get(change.record_id);
    if (!record) continue;
    const held = uniqueKeys(object, record);
    const operation = wholly ? asUnmade(change, record) : reverse(object, change, record, conflicts);
    if (operation) place(change.record_id, operation, held, uniqueKeys(object, record));
  }
  return { conflicts, rounds };
}

/**
 * Sorts operations, the latest change first, into rounds. A unique value is freed before another record gets it back; and
 * records that stood below each other in turn go back in the order in which they moved, so that no round mixes their
 * places of different moments, which may be a circle.
 */
function roundsOf(object: ObjectModel) {
  const rounds: Operation[][] = [];
  const latest = new Map<string, { round: number; operation: Operation }>();
  const freed = new Map<string, number>();
  const links = treeLinks(object).map(({ name }) => name);
  let moved = 0;
  function place(id: string, operation: Operation, held: string[], wanted: string[]) {
    const moves = operation.op === 'update' && links.some(name => name in operation.values);
    const least = Math.max(moves ? moved : 0, ...wanted.map(key => freed.get(key) ?? 0));
    const last = latest.get(id);
    let round = last?.round ?? 0;
    if (last?.operation.op === 'update' && operation.op === 'update' && round >= least)
      Object.assign(last.operation.values, operation.values);
    else {
      round = Math.max(last ? round + 1 : 0, least);
      rounds[round] = [...(rounds[round] ?? []), operation];
      latest.set(id, { round, operation });
    }
    if (moves) moved = round;
    for (const key of held) freed.set(key, round + 1);
  }
  return { rounds, place };
}

/** What a live record holds that no other may have, as text. */
function uniqueKeys(object: ObjectModel, record: Values): string[] {
  if (record.deletedAt) return [];
  return uniqueGroups(object).flatMap((group, index) => {
    const values = group.map(field => record[field.name] ?? null);
    return tellsApart(group, record) ? [`${index} ${JSON.stringify(values)}`.toLowerCase()] : [];
  });
}

function asUnmade({ record_id: id }: Taken, record: Values): Operation | null {
  return record.deletedAt ? null : { op: 'delete', id };
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
    if (!same(field, current, after)) {
      conflicts.push({ object: object.name, id, field: name, after, now: current });
      continue;
    }
    if (!field.system || name === 'externalIds') values[name] = before;
    // An earlier change of the same set is compared with what this one left behind.
    record[name] = before;
  }
  if (change.kind === 'updated') return Object.keys(values).length > 0 ? { op: 'update', id, values } : null;
  if (conflicts.some(conflict => conflict.id === id)) return null;
  return change.kind === 'deleted' ? { op: 'restore', id } : { op: 'delete', id };
}

/** The records that were changed, as they are now, locked. */
export async function currentValues(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  taken: { record_id: string }[],
): Promise<Map<string, Values>> {
  const scope = scopeOf(ctx, object);
  const ids = [...new Set(taken.map(change => change.record_id))];
  const id = sql.ref(`${scope.alias}.id`);
  const chosen = sql`${scope.source} where ${id} = any(${ids}::uuid[]) order by ${id}`;
  // First the lock, then the values: a list is read as it was when the statement began, however long that waited.
  await tx.run(sql`select ${id} from ${chosen} for update`);
  const found = await tx.run<{ j: string }>(
    sql`select ${storedJson(object, scope)}::text as j from ${chosen}`,
  );
  return new Map(found.map(row => JSON.parse(row.j) as Values).map(record => [record.id as string, record]));
}
