/**
 * THE write path. Every entrance — REST, screen, import, workflow, job, seed — calls `write` with a set of operations
 * on one object: authorise → load → draft → link → derive → check → store with history, search and jobs, all in one
 * transaction, with a number of statements that does not depend on the size of the set.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { decidesRights } from '../access/actor.ts';
import { keepingAdministrator } from '../access/administrators.ts';
import { may, mayCreate, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { meetSoon, refuseSame } from '../duplicates/find.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { isId, newId } from '../id.ts';
import { announce } from '../live/wake.ts';
import type { ObjectModel } from '../model.ts';
import type { Input, Values } from '../object.ts';
import { type Sql, sql } from '../sql.ts';
import { lockTrees, refuseCircles } from './circles.ts';
import { checkItem, deriveItem, draftItem } from './draft.ts';
import { collisions, type Late } from './history.ts';
import { duplicateOf, fillFirst, findDuplicates, guardDependants, loadLinked, partsOf } from './integrity.ts';
import { missing } from './read.ts';
import { objectOf, storedJson, tableOf } from './scope.ts';
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
  /** Ids of records with which what comes in was met: they take the latest of what is told once. */
  met?: ReadonlySet<string>;
  /** Everything is checked and nothing is written. */
  dryRun?: boolean;
  /** Records in the trash are written as well: what they link to has moved. */
  inTrash?: boolean;
  /** The one record created is wanted as a read would show it. */
  answer?: boolean;
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
  /** The record as JSON text, where it was wanted and could be told without reading it again. */
  answer?: string | null;
}

/** One operation on its way through the pipeline. */
export interface Item {
  operation: Operation;
  /** Its place in the set. */
  index: number;
  id: string;
  /** `refused` from the start where there is nothing to check: the record is out of reach. */
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
  let written: Item[] = [];
  const work = async (inside: Context, tx: Transaction) => {
    const items = operations.map((operation, index) => newItem(operation, index));
    const rounds = roundsOf(items);
    const alone = rounds.length === 1 && !ctx.tx;
    const order = { last: alone, begins: alone && ctx.changeSet === undefined };
    let answer: string | null = null;
    for (const round of rounds) answer = await writeRound(inside, tx, object, round, options, order);
    const changed = items.some(isChange);
    const results = items.map(resultOf);
    const changeSet = changed && !options.dryRun ? inside.changeSet! : null;
    if (changeSet && ctx.tx) tx.onCommit(() => void meetSoon(ctx, object, items.filter(isChange)));
    written = items;
    return { changeSet, results, ...(options.answer ? { answer } : {}) };
  };
  const done = await inTransaction(ctx, work, true);
  if (done.changeSet && !ctx.tx) await meetSoon(ctx, object, written.filter(isChange));
  return done;
}

/** The pipeline. Each step is for the whole set, and none but `storeItems` and `cascade` writes. */
async function writeRound(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  options: WriteOptions,
  { last: lastRound, begins }: { last: boolean; begins: boolean },
): Promise<string | null> {
  await lockTrees(ctx, tx, object, items);
  await load(ctx, tx, object, items, options);
  for (const item of items) draftItem(ctx, object, item, options);
  await refuseCollisions(ctx, tx, object, items, options);
  await fillFirst(ctx, tx, object, items);
  await loadLinked(ctx, tx, object, items);
  for (const item of items) deriveItem(ctx, object, item);
  for (const item of items) checkItem(ctx, object, item);
  await findDuplicates(ctx, tx, object, items);
  await refuseSame(ctx, tx, object, items);
  await guardDependants(ctx, tx, object, items);
  await refuseCircles(ctx, tx, object, items);
  refuseOrSkip(object, items, options);
  const changed = items.filter(isChange);
  if (changed.length === 0 || options.dryRun) return null;
  const simple = changed.every(item => item.kind === 'created' || item.kind === 'updated');
  const last = lastRound && simple && !decidesRights(object.name);
  const answer = await keepingAdministrator(ctx, tx, object.name, () =>
    storing(object, () =>
      storeItems(ctx, tx, object, changed, { last, begins, answer: options.answer ?? false }),
    ),
  );
  tx.onCommit(() => announce(ctx.db, object.name));
  await cascade(ctx, tx, object, changed);
  return answer;
}

/** A record that stands in a set several times is written as often, in the order stated; nearly always there is one round. */
function roundsOf(items: Item[]): Item[][] {
  const rounds: Item[][] = [];
  const times = new Map<string, number>();
  for (const item of items) {
    const time = times.get(item.id) ?? 0;
    times.set(item.id, time + 1);
    rounds[time] ??= [];
    rounds[time].push(item);
  }
  return rounds;
}

function isChange(item: Item): boolean {
  return item.kind !== 'unchanged' && item.kind !== 'refused';
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

/** How often an act is begun that another one crossed. */
const attempts = 8;
/** Milliseconds at most, growing by the attempt, before the next: those who met once would meet again. */
const aside = 20;

/** Another writer claimed the same value at the same moment, and has it now: whoever begins again is told by the check. */
class Outrun extends FarleyError {}

/**
 * Runs `work` in the context's transaction, or in a new one that is one change set. `work` may be run several times, as
 * nothing is left of one that ended in a deadlock, or was outrun.
 */
export async function inTransaction<T>(
  ctx: Context,
  work: (ctx: Context, tx: Transaction) => Promise<T>,
  lazy = false,
): Promise<T> {
  if (ctx.tx) return work(ctx, ctx.tx);
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.db.transaction(
        tx => work({ ...ctx, tx, changeSet: ctx.changeSet ?? newId() }, tx),
        lazy,
      );
    } catch (error) {
      const deadlock = (error as { code?: string }).code === '40P01';
      if (!deadlock && !(error instanceof Outrun)) throw error;
      if (attempt === attempts) throw deadlock ? new FarleyError('overloaded') : error;
      await sleep(Math.random() * aside * attempt);
    }
  }
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

function newItem(operation: Operation, index: number): Item {
  const stated = operation.op === 'create' ? (operation.values.id ?? newId()) : operation.id;
  const kinds = { create: 'created', update: 'updated', delete: 'deleted', restore: 'restored' } as const;
  return {
    operation,
    index,
    id: typeof stated === 'string' ? stated.toLowerCase() : '',
    kind: kinds[operation.op],
    before: null,
    record: {},
    linked: {},
    stated: new Set(),
    changes: new Map(),
    problems: [],
  };
}

interface Found {
  before: Values;
  canEdit: boolean;
  canDelete: boolean;
}

/** Reads the rows to be changed, locks them, and refuses what is out of reach. */
async function load(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  options: WriteOptions,
) {
  const existing = items.filter(item => item.operation.op !== 'create');
  for (const item of items)
    if (item.operation.op === 'create' && !isId(item.id))
      item.problems.push({ pointer: '/id', code: 'invalidId', message: 'An id is a UUID.' });
  if (existing.length === 0) return;
  const found = await lockRows(ctx, tx, object, existing);
  for (const item of existing) {
    const row = found.get(item.id);
    item.before = row?.before ?? null;
    const error = refusalOf(object, item, row);
    if (!error) continue;
    if (!options.perItem) throw error;
    item.kind = 'refused';
    item.problems.push({ pointer: '', code: error.code, message: error.message });
  }
}

function refusalOf(object: ObjectModel, item: Item, row: Found | undefined): FarleyError | null {
  if (!row) return missing(object);
  const updates = item.operation.op === 'update';
  if (updates ? row.canEdit : row.canDelete) return null;
  const act = updates ? 'edit' : item.operation.op;
  return new FarleyError(
    'forbidden',
    `Your role does not allow to ${act} this ${object.spec.label.toLowerCase()}.`,
  );
}

async function lockRows(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
): Promise<Map<string, Found>> {
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const ids = items.map(item => item.id).filter(isId);
  const lock = lockFor(items);
  // Whoever waits for a lock gets the row as it then is, but other tables as they were when the statement began. So
  // where items of a list are to be compared, the lock comes first, in a statement of its own.
  if (items.some(item => statesList(object, item)))
    await tx.run(
      sql`select ${id} from ${scope.source} where ${id} = any(${ids}::uuid[]) order by ${id} ${lock}`,
    );
  const verb = ctx.verb?.object === object.name ? ctx.verb : null;
  const can = (action: string) =>
    sql`coalesce(${reach(ctx, object, action, scope)}, false)${verb ? sql` or ${id} = ${verb.id}::uuid` : sql``}`;
  const rows = await tx.run<{ json: string; can_edit: boolean; can_delete: boolean }>(
    sql`select ${storedJson(object, scope)}::text as json, (${can('edit')}) as can_edit, (${can('delete')}) as can_delete
      from ${scope.source} where ${id} = any(${ids}::uuid[]) and ${reach(ctx, object, 'read', scope)}
      order by ${id} ${lock} of ${sql.ref(scope.alias)}`,
  );
  const found = rows.map(row => ({
    before: JSON.parse(row.json) as Values,
    canEdit: row.can_edit,
    canDelete: row.can_delete,
  }));
  return new Map(found.map(row => [row.before.id as string, row]));
}

/** Whoever links to a record shares a lock of it (`loadLinked`): trashing and linking exclude each other, editing and linking do not. */
function lockFor(items: Item[]): Sql {
  return items.some(item => item.operation.op === 'delete') ? sql`for update` : sql`for no key update`;
}

function statesList(object: ObjectModel, { operation }: Item): boolean {
  if (operation.op !== 'update') return false;
  return Object.keys(operation.values).some(name => object.fields.get(name)?.table !== undefined);
}

/** A field that someone else changed since the version the client read is a conflict; other fields go through. */
async function refuseCollisions(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  options: WriteOptions,
) {
  const late = items.flatMap(item => lateOf(item));
  if (late.length === 0) return;
  const found = await collisions(ctx, tx, object, late);
  for (const { item, version, actual } of late) {
    const fields = found.get(item.id) ?? {};
    const ahead = version > (actual.version as number);
    if (Object.keys(fields).length === 0 && !ahead) continue;
    const details = { id: item.id, version: actual.version, fields };
    const error = new FarleyError(ahead ? 'precondition' : 'conflict', undefined, { details });
    if (!options.perItem) throw error;
    item.kind = 'refused';
    item.problems.push({ pointer: '', code: error.code, message: error.message });
  }
}

/** The writer, where it has not seen the record as it is now. */
function lateOf(item: Item): (Late & { item: Item })[] {
  const { operation, before, id } = item;
  if (!before || item.kind === 'refused') return [];
  if (operation.op === 'restore' || operation.op === 'create') return [];
  if (operation.version === undefined || operation.version === before.version) return [];
  const attempted =
    operation.op === 'delete'
      ? null
      : Object.fromEntries([...item.stated].map(name => [name, item.record[name] ?? null]));
  return [{ item, id, version: operation.version, actual: before, attempted }];
}

function refuseOrSkip(object: ObjectModel, items: Item[], options: WriteOptions) {
  for (const item of items) if (item.problems.length > 0) item.kind = 'refused';
  if (options.perItem) return;
  const refused = items.filter(item => item.kind === 'refused');
  if (refused.length === 0) return;
  const problems = items.flatMap(item =>
    item.problems.map(problem =>
      items.length === 1 ? problem : { ...problem, pointer: `/${item.index}${problem.pointer}` },
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
async function storing<T>(object: ObjectModel, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = duplicateOf(object, error);
    if (!problem) throw error;
    // Ids are not checked beforehand, so that beginning again would tell nothing new.
    const Refused = problem.pointer === '/id' ? FarleyError : Outrun;
    throw new Refused('duplicate', problem.message, { problems: [problem] });
  }
}

/** What is reached through a record goes to the trash with it, in the same change set, and comes back with it. */
async function cascade(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const idsOf = (kind: ItemKind) => items.filter(item => item.kind === kind).map(item => item.id);
  const [gone, back] = [idsOf('deleted'), idsOf('restored')];
  if (gone.length === 0 && back.length === 0) return;
  for (const { part, link } of partsOf(ctx.model, object)) {
    const moving = await tx.run<{ id: string; op: 'delete' | 'restore' }>(
      partsMoving(ctx, object, part, link, gone, back),
    );
    await write(asEngine(ctx), part.name, moving);
  }
}

/** Parts of `gone` that are live, and parts of `back` that went with what they are part of and not at another time. */
function partsMoving(
  ctx: Context,
  object: ObjectModel,
  part: ObjectModel,
  link: Field,
  gone: string[],
  back: string[],
): Sql {
  const parts = tableOf(ctx.schema, part.table);
  const whole = sql.id('p', link.columns[0]!);
  const lastTrashing = (name: string, id: Sql) => sql`(select c.set_id from ${tableOf(ctx.schema, 'change')} c
    where c.object = ${name} and c.record_id = ${id} and c.kind = 'deleted' order by c.seq desc limit 1)`;
  return sql`select p.id, 'delete' as op from ${parts} p where ${whole} = any(${gone}::uuid[]) and p.deleted_at is null
    union all select p.id, 'restore' from ${parts} p where ${whole} = any(${back}::uuid[]) and p.deleted_at is not null
      and ${lastTrashing(part.name, sql`p.id`)} = ${lastTrashing(object.name, whole)}`;
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
