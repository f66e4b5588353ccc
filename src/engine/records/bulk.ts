/**
 * One act on all records that match: editing, trashing, bringing back, or a verb. Batch by batch, each a transaction of its
 * own with the rights of who ordered it; all of it is one change set, so that one undo takes it back.
 */

import { fieldRight, may } from '../access/reach.ts';
import { compileInput } from '../api/validate.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Input, Values } from '../object.ts';
import { sql } from '../sql.ts';
import { writeEach } from '../transfer/write-each.ts';
import type { Filter } from './filter.ts';
import { list, problemsOf, type Query } from './read.ts';
import { objectOf, tableOf } from './scope.ts';
import { carryOut } from './verbs.ts';
import type { ItemResult, Operation } from './write.ts';

const batchSize = 500;

export interface BulkOrder {
  filter?: Filter;
  /** Words to find in the record's text. */
  q?: string;
  act: 'update' | 'delete' | 'restore' | 'verb';
  /** With `update`: what the fields become. */
  values?: Input;
  /** With `verb`: its name and its input. */
  verb?: string;
  input?: Json;
}

/** What came of it. The records left out, and why, stand in the ledger. */
export interface BulkResult {
  /** Null where nothing changed. */
  changeSet: string | null;
  changed: number;
  /** Were as they should be already. */
  unchanged: number;
  refused: number;
}

/** What is told while it goes on, and where it goes on after a crash. */
export interface BulkReport {
  progress(done: number, total: number): void;
  skipped(what: string, why: string): void;
  checkpoint(state: Json): Promise<void>;
}

interface State extends Omit<BulkResult, 'changeSet'> {
  after: string | null;
  total: number;
}

/** Refuses an order that could not succeed with any record. Throws `invalidInput`, `invalidQuery`, `forbidden`. */
export function checkBulk(ctx: Context, objectName: string, order: BulkOrder) {
  const object = objectOf(ctx, objectName);
  const { act, filter, values = {}, verb } = order;
  const problems = problemsOf(ctx, objectName, { filter });
  if (problems.length > 0) throw new FarleyError('invalidQuery', problems[0]!.message, { problems });
  if (act === 'verb') {
    const spec = object.verbs.get(verb ?? '');
    if (!spec) throw new FarleyError('invalidInput', `${object.spec.label} knows no ${verb ?? 'verb'}.`);
    compileInput(spec.input)(order.input ?? {});
    return;
  }
  if (!may(ctx, object, act === 'update' ? 'edit' : 'delete')) throw new FarleyError('forbidden');
  if (act === 'update') checkFields(ctx, object, Object.keys(values));
}

function checkFields(ctx: Context, object: ObjectModel, names: string[]) {
  if (names.length === 0) throw new FarleyError('invalidInput', 'State in `values` what the fields become.');
  const wrong = names.filter(name => {
    const field = object.fields.get(name);
    return !field || field.system || field.options.unique || fieldRight(ctx, field) !== 'edit';
  });
  if (wrong.length === 0) return;
  const problems = wrong.map(name => ({
    pointer: `/values/${name}`,
    code: 'notForMany',
    message: `${object.fields.get(name)?.label ?? name} cannot be changed for many records at once.`,
  }));
  throw new FarleyError('invalidInput', problems[0]!.message, { problems });
}

/** The label under which the change list shows it. */
export function labelOfBulk(object: ObjectModel, { act, values, verb }: BulkOrder): string {
  const { plural } = object.spec;
  if (act === 'delete') return `${plural} moved to the trash`;
  if (act === 'restore') return `${plural} brought back from the trash`;
  if (act === 'verb') return `${object.verbs.get(verb ?? '')?.label ?? verb}: ${plural}`;
  const labels = Object.keys(values ?? {}).map(name => object.fields.get(name)?.label ?? name);
  return `${labels.join(', ')} of ${plural}`;
}

/**
 * Carries out the order in the context's change set. Records that may not be changed are left out and told; what is left
 * to do after a crash goes on behind `resumed`, and no record is treated twice. Ends early when `signal` is aborted.
 */
export async function bulk(
  ctx: Context,
  objectName: string,
  order: BulkOrder,
  report: BulkReport,
  { resumed = null, signal }: { resumed?: Json | null; signal?: AbortSignal } = {},
): Promise<BulkResult> {
  const object = objectOf(ctx, objectName);
  const inside = { ...ctx, label: labelOfBulk(object, order) };
  const asked: Query = {
    filter: order.filter,
    q: order.q,
    ...(order.act === 'restore' ? { trash: 'only' as const } : {}),
    fields: fieldRight(ctx, object.title) === 'none' ? [] : [object.title.name],
    // Ids do not change: whatever the act makes of the filter, each record is met once.
    sort: ['id'],
    limit: batchSize,
  };
  const state = (resumed as State | null) ?? (await begin(inside, objectName, asked));
  do {
    if (signal?.aborted) break;
    const page = await list(inside, objectName, { ...asked, ...(state.after ? { after: state.after } : {}) });
    const records = JSON.parse(page.data) as Values[];
    await treat(inside, object, order, records, state, report);
    state.after = page.next;
    await report.checkpoint({ ...state });
    report.progress(state.changed + state.unchanged + state.refused, state.total);
  } while (state.after !== null);
  const { changed, unchanged, refused } = state;
  return { changeSet: changed > 0 ? inside.changeSet! : null, changed, unchanged, refused };
}

async function begin(ctx: Context, objectName: string, asked: Query): Promise<State> {
  const { count = 0 } = await list(ctx, objectName, { ...asked, limit: 1, count: 'exact' });
  return { after: null, total: count, changed: 0, unchanged: 0, refused: 0 };
}

async function treat(
  ctx: Context,
  object: ObjectModel,
  order: BulkOrder,
  records: Values[],
  state: State,
  report: BulkReport,
) {
  const before = await alreadyTreated(ctx, object, records);
  const left = records.filter(record => !before.has(record.id as string));
  state.changed += records.length - left.length;
  const results =
    order.act === 'verb'
      ? await runEach(ctx, object, order, left)
      : await writeEach(
          ctx,
          object.name,
          left.map(record => operationOf(order, record.id as string)),
        );
  for (const [index, { kind, problems }] of results.entries()) {
    if (kind === 'unchanged') state.unchanged++;
    else if (kind !== 'refused') state.changed++;
    else {
      state.refused++;
      report.skipped(nameOf(object, left[index]!), problems[0]?.message ?? 'It was refused.');
    }
  }
}

/** What a batch did of which the checkpoint did not come to be written. */
async function alreadyTreated(ctx: Context, object: ObjectModel, records: Values[]): Promise<Set<string>> {
  const rows = await ctx.db.run<{ id: string }>(
    sql`select distinct record_id as id from ${tableOf(ctx.schema, 'change')}
      where set_id = ${ctx.changeSet}::uuid and object = ${object.name}
      and record_id = any(${records.map(record => record.id as string)}::uuid[])`,
  );
  return new Set(rows.map(row => row.id));
}

function operationOf({ act, values = {} }: BulkOrder, id: string): Operation {
  if (act === 'update') return { op: 'update', id, values };
  return { op: act === 'restore' ? 'restore' : 'delete', id };
}

/** A verb is for one record and decides for each by itself; one that refuses does not keep the others from it. */
async function runEach(
  ctx: Context,
  object: ObjectModel,
  { verb = '', input }: BulkOrder,
  records: Values[],
): Promise<ItemResult[]> {
  const results: ItemResult[] = [];
  for (const record of records) {
    const id = record.id as string;
    try {
      await carryOut(ctx, object.name, verb, id, input ?? {});
      results.push({ kind: 'updated', id, version: 0, problems: [] });
    } catch (error) {
      if (!(error instanceof FarleyError) || error.status >= 500) throw error;
      const problems =
        error.problems.length > 0
          ? error.problems
          : [{ pointer: '', code: error.code, message: error.message }];
      results.push({ kind: 'refused', id, version: 0, problems });
    }
  }
  return results;
}

/** What the ledger calls a record: its title, as far as that is text. */
function nameOf(object: ObjectModel, record: Values): string {
  const title = record[object.title.name];
  if (typeof title === 'string' && title !== '') return title;
  return title
    ? Object.values(title)
        .filter(part => typeof part === 'string')
        .join(' ')
    : String(record.id);
}
