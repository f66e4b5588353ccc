/**
 * THE write path. Every entrance — REST, screen, import, workflow, job, seed — calls `write` with a set of operations
 * on one object: authorise → load → draft → link → derive → check → store with history, search and jobs, all in one
 * transaction, with a number of statements that does not depend on the size of the set.
 */
import { may, mayCreate, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Json } from '../field.ts';
import { isId, newId } from '../id.ts';
import { announce } from '../live/wake.ts';
import type { ObjectModel } from '../model.ts';
import type { Input, Values } from '../object.ts';
import { sql } from '../sql.ts';
import { checkItem, deriveItem, draftItem } from './draft.ts';
import { collisions } from './history.ts';
import { duplicateOf, fillFirst, findDuplicates, guardDependants, loadLinked } from './integrity.ts';
import { missing } from './read.ts';
import { jsonOf, objectOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { storeItems } from './store.ts';

export type Operation =
  | { op: 'create'; values: Input }
  /** `version`: the one the client read; fields changed by others since then collide. */
  | { op: 'update'; id: string; values: Input; version?: number }
  | { op: 'delete'; id: string; version?: number }
  | { op: 'restore'; id: string };

export interface WriteOptions {
  /** Problems are reported per item and the other items are written. Default: one problem refuses the whole set. */
  perItem?: boolean;
  /** Fields that are read-only for people may be written: verbs, undo and the engine itself. */
  trusted?: boolean;
  /** Everything is checked and nothing is written. */
  dryRun?: boolean;
}

export type ItemKind = 'created' | 'updated' | 'deleted' | 'restored' | 'unchanged' | 'refused';

export interface ItemResult {
  kind: ItemKind;
  id: string;
  version: number;
  problems: Problem[];
}

export interface WriteResult {
  /** The change set; null when nothing changed. */
  changeSet: string | null;
  results: ItemResult[];
}

/** One operation on its way through the pipeline. */
export interface Item {
  operation: Operation;
  id: string;
  kind: ItemKind;
  before: Values | null;
  record: Values;
  linked: Values;
  /** Names of fields that the caller states. */
  stated: Set<string>;
  /** Field → [before, after], canonical. */
  changes: Map<string, [Json, Json]>;
  problems: Problem[];
}

/** Writes a set of operations on one object. Throws `invalidInput`, `notFound`, `forbidden`, `conflict`, `duplicate`, `inUse`. */
export async function write(
  ctx: Context,
  objectName: string,
  operations: Operation[],
  options: WriteOptions = {},
): Promise<WriteResult> {
  const object = objectOf(ctx, objectName);
  authorise(ctx, object, operations);
  if (operations.length === 0) return { changeSet: null, results: [] };
  return inTransaction(ctx, async (inside, tx) => {
    const items = operations.map(newItem);
    await load(inside, tx, object, items, options);
    for (const item of items) draftItem(inside, object, item, options);
    await fillFirst(inside, tx, object, items);
    await loadLinked(inside, tx, object, items);
    for (const item of items) deriveItem(inside, object, item);
    for (const item of items) checkItem(inside, object, item);
    await findDuplicates(inside, tx, object, items);
    await guardDependants(inside, tx, object, items);
    refuseOrSkip(object, items, options);
    const changed = items.filter(item => item.kind !== 'unchanged' && item.kind !== 'refused');
    if (changed.length > 0 && !options.dryRun) {
      await storing(object, items, () => storeItems(inside, tx, object, changed));
      tx.onCommit(() => announce(ctx.db));
      await cascade(inside, object, changed);
    }
    return { changeSet: changed.length > 0 ? inside.changeSet! : null, results: items.map(resultOf) };
  });
}

/** Creates one record and answers its id. */
export async function create(
  ctx: Context,
  object: string,
  values: Input,
  options?: WriteOptions,
): Promise<string> {
  return (await write(ctx, object, [{ op: 'create', values }], options)).results[0]!.id;
}

/** Changes one record. */
export async function update(
  ctx: Context,
  object: string,
  id: string,
  values: Input,
  options?: WriteOptions,
): Promise<WriteResult> {
  return write(ctx, object, [{ op: 'update', id, values }], options);
}

/** Runs `work` in the context's transaction, or in a new one that is one change set. */
export async function inTransaction<T>(
  ctx: Context,
  work: (ctx: Context, tx: Transaction) => Promise<T>,
): Promise<T> {
  if (ctx.tx) return work(ctx, ctx.tx);
  return ctx.db.transaction(tx => work({ ...ctx, tx, changeSet: ctx.changeSet ?? newId() }, tx));
}

function authorise(ctx: Context, object: ObjectModel, operations: Operation[]) {
  const creates = operations.some(operation => operation.op === 'create');
  if (creates && !mayCreate(ctx, object)) {
    throw new FarleyError(
      'forbidden',
      `Your role does not allow to create ${object.spec.plural.toLowerCase()}.`,
    );
  }
  if (operations.some(operation => operation.op !== 'create') && !may(ctx, object, 'read'))
    throw missing(object);
}

function newItem(operation: Operation): Item {
  const id =
    operation.op === 'create' ? ((operation.values.id as string | undefined) ?? newId()) : operation.id;
  const kinds = { create: 'created', update: 'updated', delete: 'deleted', restore: 'restored' } as const;
  return {
    operation,
    id,
    kind: kinds[operation.op],
    before: null,
    record: {},
    linked: {},
    stated: new Set(),
    changes: new Map(),
    problems: [],
  };
}

/** Reads the rows to be changed, locks them, and refuses what is out of reach or has moved on. */
async function load(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  options: WriteOptions,
) {
  const existing = items.filter(item => item.operation.op !== 'create');
  for (const item of items)
    if (!isId(item.id))
      item.problems.push({ pointer: '/id', code: 'invalidId', message: 'An id is a UUID.' });
  if (existing.length === 0) return;
  const scope = scopeOf(ctx, object);
  const fields = [...object.fields.values()].filter(field => field.type.storage.kind !== 'computed');
  const json = sql.join(fields.map(field => sql`${jsonOf(field, scope)} as ${sql.id(field.name)}`));
  const verb = ctx.verb?.object === object.name ? ctx.verb : null;
  const can = (action: string) =>
    sql`coalesce(${reach(ctx, object, action, scope)}, false)${verb ? sql` or ${sql.ref(`${scope.alias}.id`)} = ${verb.id}::uuid` : sql``}`;
  const ids = existing.map(item => item.id).filter(isId);
  const found = await tx.run<{ json: string; can_edit: boolean; can_delete: boolean }>(
    sql`select (select row_to_json(r) from (select ${json}) r)::text as json, (${can('edit')}) as can_edit, (${can('delete')}) as can_delete
      from ${scope.source} where ${sql.ref(`${scope.alias}.id`)} = any(${ids}::uuid[]) and ${reach(ctx, object, 'read', scope)}
      order by ${sql.ref(`${scope.alias}.id`)} for update of ${sql.ref(scope.alias)}`,
  );
  const byId = new Map(found.map(row => [(JSON.parse(row.json) as Values).id as string, row]));
  for (const item of existing) {
    const row = byId.get(item.id);
    const allowed = row && (item.operation.op === 'update' ? row.can_edit : row.can_delete);
    if (row) item.before = JSON.parse(row.json) as Values;
    if (row && allowed) continue;
    const error = row
      ? new FarleyError(
          'forbidden',
          `Your role does not allow to ${item.operation.op === 'update' ? 'edit' : 'delete'} this ${object.spec.label.toLowerCase()}.`,
        )
      : missing(object);
    if (!options.perItem) throw error;
    item.problems.push({ pointer: '', code: error.code, message: error.message });
  }
  await refuseCollisions(ctx, tx, object, existing, options);
}

/** A field that someone else changed since the version the client read is a conflict; other fields go through. */
async function refuseCollisions(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  options: WriteOptions,
) {
  for (const item of items) {
    const { operation, before } = item;
    if (operation.op === 'restore' || operation.op === 'create' || operation.version === undefined || !before)
      continue;
    if (before.version === operation.version) continue;
    const attempted = operation.op === 'update' ? (operation.values as Values) : null;
    const fields = await collisions(ctx, tx, object, item.id, operation.version, before, attempted);
    if (Object.keys(fields).length === 0) continue;
    const error = new FarleyError('conflict', undefined, {
      details: { id: item.id, version: before.version, fields },
    });
    if (!options.perItem) throw error;
    item.problems.push({ pointer: '', code: 'conflict', message: error.message });
  }
}

function refuseOrSkip(object: ObjectModel, items: Item[], options: WriteOptions) {
  for (const item of items) if (item.problems.length > 0) item.kind = 'refused';
  if (options.perItem) return;
  const refused = items.filter(item => item.kind === 'refused');
  if (refused.length === 0) return;
  const problems = items.flatMap((item, index) =>
    item.problems.map(problem =>
      items.length === 1 ? problem : { ...problem, pointer: `/${index}${problem.pointer}` },
    ),
  );
  throw errorOf(object, problems);
}

function errorOf(object: ObjectModel, problems: Problem[]): FarleyError {
  const [first] = problems;
  const code = problems.every(problem => problem.code === 'duplicate')
    ? 'duplicate'
    : first!.code === 'inUse'
      ? 'inUse'
      : 'invalidInput';
  const message =
    problems.length === 1
      ? first!.message
      : `${problems.length} values of this ${object.spec.label.toLowerCase()} cannot be accepted.`;
  return new FarleyError(code, message, { problems });
}

/** The database has the last word on what is unique: two writers may have passed the check at the same moment. */
async function storing(object: ObjectModel, items: Item[], work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    const problem = duplicateOf(object, items, error);
    throw problem ? new FarleyError('duplicate', problem.message, { problems: [problem] }) : error;
  }
}

/** What is reached through a record goes to the trash with it, in the same change set. */
async function cascade(ctx: Context, object: ObjectModel, items: Item[]) {
  const gone = items.filter(item => item.kind === 'deleted').map(item => item.id);
  if (gone.length === 0) return;
  for (const part of ctx.model.objects.values()) {
    const link = part.spec.reachedThrough ? part.fields.get(part.spec.reachedThrough) : undefined;
    if (!link || link.type.relation?.(link).to !== object.name) continue;
    const scope = scopeOf(ctx, part);
    const rows = await ctx.tx!.run<{ id: string }>(
      sql`select id from ${scope.source} where ${sql.ref(link.columns[0]!)} = any(${gone}::uuid[]) and deleted_at is null`,
    );
    await write(
      asEngine(ctx),
      part.name,
      rows.map(row => ({ op: 'delete', id: row.id })),
    );
  }
}

/** Consequences of an allowed act are not asked for rights again; history still names who acted. */
export function asEngine(ctx: Context): Context {
  return { ...ctx, actor: { ...ctx.actor, kind: 'system', reason: `consequence of ${ctx.via}` } };
}

function resultOf(item: Item): ItemResult {
  const before = (item.before?.version as number | undefined) ?? 0;
  const moved = item.kind !== 'unchanged' && item.kind !== 'refused';
  return { kind: item.kind, id: item.id, version: before + (moved ? 1 : 0), problems: item.problems };
}
