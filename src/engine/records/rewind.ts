/**
 * Back to a moment: one record, or all of an object, as they were then, out of the history; one change set, which can be
 * undone like any other. What does not go back (a value that another record has by now, a link to what is gone) is shown.
 */
import { fieldRight, may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { sql } from '../sql.ts';
import { takenBack } from './as-of.ts';
import { same } from './draft.ts';
import { requireReach } from './history.ts';
import { objectOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { currentValues } from './undo.ts';
import { inTransaction, type Operation, write } from './write.ts';

const batchSize = 1_000;
/** Collisions named in an answer; their number is always told. */
const maxShown = 100;

export interface RewindOptions {
  /** The moment, ISO 8601. */
  at: string;
  /** One record of the object. Default: all of them. */
  id?: string;
  /** What would collide stays as it is, and the rest goes back. Default: nothing does. */
  keep?: boolean;
  /** Nothing is written. */
  dryRun?: boolean;
  report?(records: number): void;
}

export interface RewindResult {
  /** Null when nothing changed. */
  changeSet: string | null;
  /** Records put back, or that would be. */
  records: number;
  collisions: number;
  /** The first of them. */
  shown: { id: string; problems: Problem[] }[];
}

interface Then {
  record_id: string;
  /** It has been made since. */
  made: boolean;
  /** Field → value at that moment, of those that changed since. */
  fields: Record<string, Json>;
}

/** Throws `notFound`, `forbidden`, `invalidInput` for a moment that is none, `undoConflict` for collisions. */
export async function rewind(
  ctx: Context,
  objectName: string,
  options: RewindOptions,
): Promise<RewindResult> {
  const object = objectOf(ctx, objectName);
  const at = momentOf(ctx, options.at);
  // Even where there is nothing to put back: what one may not do is refused, whatever would come of it.
  if (options.id !== undefined) await requireEdit(ctx, object, options.id);
  else if (!may(ctx, object, 'edit')) throw new FarleyError('forbidden');
  const label = ctx.label ?? `${options.id ? object.spec.label : object.spec.plural} as of ${at}`;
  return inTransaction({ ...ctx, rewinds: at, label }, async (inside, tx) => {
    const result: RewindResult = { changeSet: null, records: 0, collisions: 0, shown: [] };
    await tx.run(changedSince(inside, object, at, options.id));
    let late: Operation[] = [];
    for (;;) {
      const ids = await tx.run<{ id: string }>(sql`fetch ${sql.raw(String(batchSize))} from rewound`);
      if (ids.length === 0) break;
      const operations = await planBatch(
        inside,
        tx,
        object,
        at,
        ids.map(row => row.id),
        options.id !== undefined,
      );
      const done = await carryOut(inside, object, operations, options.dryRun === true);
      result.records += done.records;
      // What stood in the way may itself go back with a later batch.
      late.push(...done.refused);
      options.report?.(result.records);
    }
    await tx.run(sql`close rewound`);
    for (let before = Number.POSITIVE_INFINITY; late.length > 0 && late.length < before; ) {
      before = late.length;
      const again = await inBatches(late, batch => carryOut(inside, object, batch, options.dryRun === true));
      late = again.flatMap(done => done.refused);
      result.records += again.reduce((sum, done) => sum + done.records, 0);
      result.shown = again.flatMap(done => done.shown).slice(0, maxShown);
      result.collisions = again.reduce((sum, done) => sum + done.shown.length, 0);
    }
    if (result.collisions > 0 && !options.keep && !options.dryRun) throw standInTheWay(result);
    return { ...result, changeSet: result.records > 0 && !options.dryRun ? inside.changeSet! : null };
  });
}

async function requireEdit(ctx: Context, object: ObjectModel, id: string) {
  await requireReach(ctx, object, id);
  const scope = scopeOf(ctx, object);
  const [own] = await (ctx.tx ?? ctx.db).run(
    sql`select 1 as found from ${scope.source} where ${sql.ref(`${scope.alias}.id`)} = ${id}::uuid and ${reach(ctx, object, 'edit', scope)}`,
  );
  if (!own) throw new FarleyError('forbidden');
}

function momentOf(ctx: Context, text: string): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()) || moment > ctx.clock.now())
    throw new FarleyError('invalidInput', '`at` is a moment of the past, such as 2026-03-16T12:00:00Z.');
  return moment.toISOString();
}

function standInTheWay({ collisions, shown }: RewindResult): FarleyError {
  return new FarleyError(
    'undoConflict',
    `${collisions} records cannot go back. Put back the rest and leave these as they are, or leave everything.`,
    { details: { conflicts: shown, count: collisions } },
  );
}

/** The records with a later change, as a cursor: what is written meanwhile does not come into it. */
function changedSince(ctx: Context, object: ObjectModel, at: string, id: string | undefined) {
  const one = id === undefined ? sql`` : sql`and record_id = ${id}::uuid`;
  return sql`declare rewound no scroll cursor for select distinct record_id as id from ${tableOf(ctx.schema, 'change')}
    where object = ${object.name} and at > ${at}::timestamptz and fields is not null ${one} order by record_id`;
}

async function planBatch(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  at: string,
  ids: string[],
  alone: boolean,
): Promise<Operation[]> {
  const found = await tx.run<Omit<Then, 'fields'> & { fields: string }>(
    sql`with later as (select c.* from ${tableOf(ctx.schema, 'change')} c join ${tableOf(ctx.schema, object.table)} t on t.id = c.record_id
          where c.object = ${object.name}
          and c.record_id = any(${ids}::uuid[]) and c.at > ${at}::timestamptz and c.fields is not null
          and (c.kind <> 'created' or t.created_at > ${at}::timestamptz or ${takenBack(ctx, object, 't', at)})),
        old as (select distinct on (l.record_id, e.key) l.record_id, e.key, e.value -> 0 as before
          from later l, jsonb_each(l.fields) e order by l.record_id, e.key, l.seq)
      select o.record_id, jsonb_object_agg(o.key, o.before)::text as fields,
        exists (select 1 from later l where l.record_id = o.record_id and l.kind = 'created') as made
      from old o group by o.record_id order by o.record_id`,
  );
  const now = await currentValues(ctx, tx, object, found);
  return found.flatMap(row => {
    const record = now.get(row.record_id);
    if (!record) return [];
    if (row.made && alone)
      throw new FarleyError('invalidInput', `This ${object.spec.label.toLowerCase()} did not exist then.`);
    return stepsBack(ctx, object, record, { ...row, fields: JSON.parse(row.fields) as Values });
  });
}

function stepsBack(ctx: Context, object: ObjectModel, record: Values, then: Then): Operation[] {
  const id = then.record_id;
  const live = record.deletedAt === null;
  if (then.made) return live ? [{ op: 'delete', id }] : [];
  const values: Values = {};
  for (const [name, before] of Object.entries(then.fields)) {
    const field = object.fields.get(name);
    // What an actor may not edit stays; so does what the engine counts and stamps.
    if (!field || (field.system ? name !== 'externalIds' : fieldRight(ctx, field) !== 'edit')) continue;
    if (!same(field, record[name] ?? null, before)) values[name] = before;
  }
  const wasLive = 'deletedAt' in then.fields ? then.fields.deletedAt === null : live;
  return [
    ...(wasLive && !live ? [{ op: 'restore' as const, id }] : []),
    ...(Object.keys(values).length > 0 ? [{ op: 'update' as const, id, values }] : []),
    ...(live && !wasLive ? [{ op: 'delete' as const, id }] : []),
  ];
}

interface Done {
  records: number;
  refused: Operation[];
  shown: RewindResult['shown'];
}

async function carryOut(
  ctx: Context,
  object: ObjectModel,
  operations: Operation[],
  dryRun: boolean,
): Promise<Done> {
  const { results } = await write(ctx, object.name, operations, { trusted: true, perItem: true, dryRun });
  const changed = new Set(
    results.flatMap(({ kind, id }) => (kind === 'unchanged' || kind === 'refused' ? [] : [id])),
  );
  return {
    records: changed.size,
    refused: operations.filter((_, index) => results[index]!.kind === 'refused'),
    shown: results.flatMap(({ kind, id, problems }) => (kind === 'refused' ? [{ id, problems }] : [])),
  };
}

async function inBatches(
  operations: Operation[],
  work: (batch: Operation[]) => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = [];
  for (let from = 0; from < operations.length; from += batchSize)
    done.push(await work(operations.slice(from, from + batchSize)));
  return done;
}
