/** Cells pasted from a spreadsheet: text as people wrote it, read by each field, and written as one change set. */
import { fieldRight } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { type Problem, Refusal } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import type { Values } from '../object.ts';
import { parseScopeOf } from '../records/draft.ts';
import { objectOf } from '../records/scope.ts';
import { type ItemKind, type Operation, write } from '../records/write.ts';
import { Finder } from './finder.ts';

/** What is pasted into one record. */
export interface PastedRow {
  id: string;
  /** The one that was on the screen. */
  version?: number;
  /** Field → text; an empty one takes the value away. */
  cells: Record<string, string>;
}

/** What comes, or would come, of it. */
export interface PasteResult {
  /** Null where nothing changed. */
  changeSet: string | null;
  rows: {
    id: string;
    kind: ItemKind;
    /** What was read, as lists show it: linked records with their titles. */
    values: Values;
    /** Cells that cannot be read, and what the record as a whole is refused for; pointers are field names. */
    problems: Problem[];
  }[];
}

type Read = { value: Json; shown: Json } | Problem;

/** Reads and writes the cells; what cannot be read is told and left as it is, the rest of its row is written. */
export async function paste(
  ctx: Context,
  objectName: string,
  rows: PastedRow[],
  options: { dryRun?: boolean } = {},
): Promise<PasteResult> {
  const object = objectOf(ctx, objectName);
  const names = [...new Set(rows.flatMap(row => Object.keys(row.cells)))];
  const readers = new Map<string, (text: string) => Read>();
  for (const name of names) readers.set(name, await readerOf(ctx, object, name, rows));
  const read = rows.map(row => readRow(row, readers));
  const operations = rows.map(
    ({ id, version }, index): Operation => ({
      op: 'update',
      id,
      values: read[index]!.stated,
      ...(version === undefined ? {} : { version }),
    }),
  );
  const done = await write(ctx, objectName, operations, { perItem: true, dryRun: options.dryRun });
  return {
    changeSet: done.changeSet,
    rows: done.results.map(({ kind, problems }, index) => ({
      id: rows[index]!.id,
      kind,
      values: read[index]!.shown,
      problems: [...read[index]!.problems, ...problems],
    })),
  };
}

function readRow({ cells }: PastedRow, readers: Map<string, (text: string) => Read>) {
  const row = { stated: {} as Values, shown: {} as Values, problems: [] as Problem[] };
  for (const [name, text] of Object.entries(cells)) {
    const found = readers.get(name)!(text.trim());
    if ('code' in found) row.problems.push(found);
    else {
      row.stated[name] = found.value;
      row.shown[name] = found.shown;
    }
  }
  return row;
}

/** How texts are read for a field; records that they name are looked up together. */
async function readerOf(
  ctx: Context,
  object: ObjectModel,
  name: string,
  rows: PastedRow[],
): Promise<(text: string) => Read> {
  const problem = (code: string, message: string): Problem => ({ pointer: `/${name}`, code, message });
  const field = object.fields.get(name);
  if (!field || fieldRight(ctx, field) === 'none')
    return () => problem('unknownField', `${object.spec.label} has no field ${name}.`);
  if (field.system || fieldRight(ctx, field) !== 'edit')
    return () => problem('readOnly', `${field.label} cannot be changed.`);
  const relation = relationOf(field);
  if (!relation) return text => plain(ctx, field, text, problem);
  const target = relation.many ? undefined : ctx.model.objects.get(relation.to);
  if (!target) return () => problem('notPasted', `${field.label} takes no text; choose the records.`);
  const texts = rows.map(row => row.cells[name]?.trim() ?? '').filter(Boolean);
  const found = await new Finder(ctx, target, { by: 'title' }).find(texts);
  const { label, plural } = target.spec;
  return text => {
    const known = found.get(text);
    if (text === '') return { value: null, shown: null };
    if (known === 'several')
      return problem('severalRecords', `Several ${plural.toLowerCase()} are called "${text}".`);
    if (!known || known === 'none')
      return problem('unknownRecord', `There is no ${label.toLowerCase()} called "${text}".`);
    return { value: known.id, shown: { id: known.id, title: known.spelt ?? text } };
  };
}

function plain(
  ctx: Context,
  field: Field,
  text: string,
  problem: (code: string, message: string) => Problem,
): Read {
  if (text === '') return { value: null, shown: null };
  const { type } = field;
  const value = (type.parseText ?? type.parse).call(type, text, field, parseScopeOf(ctx));
  if (value instanceof Refusal) return problem(value.code, value.message);
  return { value, shown: value };
}
