/** Importing several tables as one: in the order of the plan, so that later ones find what earlier ones made, in one change set. */
import type { Context } from '../context.ts';
import { addField } from '../db/custom.ts';
import { FarleyError } from '../errors.ts';
import type { Field, FieldOptions } from '../field.ts';
import { newId } from '../id.ts';
import type { Model } from '../model.ts';
import type { Declared } from '../workspace.ts';
import { openContents } from './contents.ts';
import type { ImportReport } from './findings.ts';
import { type ImportProgress, importTable, takenBack } from './import.ts';
import { type ImportMap, readImportMap } from './map.ts';
import type { KeepFile, TableFile } from './table.ts';
import { openTable } from './tables.ts';

/** One table of a plan. */
export interface PlannedTable {
  /** Name of the file, as the plan calls it. */
  file: string;
  /** Which of its tables; absent where it has one. */
  table?: string;
  map: ImportMap;
  /** Fields to be made before. Needs the right to administer. */
  fields: { name: string; type: string; options?: FieldOptions }[];
}

export interface TablesOptions {
  declared: Declared;
  tables: PlannedTable[];
  /** Where the file of that name lies. */
  pathOf(file: string): string;
  dryRun?: boolean;
  /** Where refused rows of a table go, by its place in the plan. */
  failuresOf?(table: number): string;
  /** Names of all files that were given: contents that rows name may lie in those without a table. Default: those of the tables. */
  files?: string[];
  /** Takes in files that rows bring along, such as attachments. Default: they are left out. */
  keep?: KeepFile;
  /** Makes a model with new fields known to others. */
  takeModel?(model: Model): Promise<void>;
  /** Told after each batch: rows of all tables so far, and an estimate of all there are; null while there is none. */
  report?(rows: number, total: number | null): void;
  /** Ends the import after the running batches; what was written stays and can be undone. */
  signal?: AbortSignal;
}

/** Checks the shape of a plan: what `propose` gave, or `{ "tables": [{ "file", "table", "map" }] }`. Tables without a map are left out. */
export function readPlan(input: unknown): PlannedTable[] {
  const { tables } = (input ?? {}) as { tables?: unknown };
  if (!Array.isArray(tables)) throw new FarleyError('invalidInput', 'A plan has a list of `tables`.');
  return tables.flatMap((given: unknown) => {
    const { file, table, map, fields = [] } = (given ?? {}) as Record<string, unknown>;
    if (typeof file !== 'string')
      throw new FarleyError('invalidInput', 'Each table of a plan names its `file`.');
    if (!Array.isArray(fields))
      throw new FarleyError('invalidInput', 'The `fields` to be made for a table are a list.');
    if (map === null || map === undefined) return [];
    const made = fields as PlannedTable['fields'];
    return [{ file, ...(typeof table === 'string' ? { table } : {}), map: readImportMap(map), fields: made }];
  });
}

/** What people call an import: by its files, the first and how many more. */
export function importLabel(tables: Pick<PlannedTable, 'file'>[]): string {
  const [first, ...others] = new Set(tables.map(({ file }) => file));
  return `Import of ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

/** Imports all tables; answers a report for each. A dry run does all of it in one transaction and takes it back. */
export async function importTables(ctx: Context, options: TablesOptions): Promise<ImportReport[]> {
  const { tables, dryRun = false, signal } = options;
  const files: TableFile[] = [];
  for (const { file, table, map } of tables)
    files.push(
      await openTable(
        options.pathOf(file),
        file,
        tableOf(map, table),
        ctx.settings.locale,
        dryRun ? null : options.keep,
      ),
    );
  const given = new Set([...(options.files ?? []), ...tables.map(({ file }) => file)]);
  const contents = await openContents([...given].map(name => ({ name, path: options.pathOf(name) })));
  const taking = { contents, ...(options.keep && !dryRun ? { keep: options.keep } : {}) };
  const changeSet = ctx.changeSet ?? newId();
  const model = dryRun ? ctx.model : await withFields({ ...ctx, changeSet }, options);
  const within: Context = { ...ctx, model, changeSet, label: ctx.label ?? importLabel(tables) };
  const course = new Course(files);
  const run = async (inside: Context) => {
    const reports: ImportReport[] = [];
    for (const [index, planned] of tables.entries()) {
      if (signal?.aborted) break;
      const failures = dryRun ? undefined : options.failuresOf?.(index);
      const report = await importTable(inside, files[index]!, {
        name: planned.file,
        map: planned.map,
        ...(dryRun ? { newFields: newFields(ctx.model, planned) } : {}),
        part: index,
        ...taking,
        ...(signal ? { signal } : {}),
        ...(failures ? { failures } : {}),
        report: progress => options.report?.(...course.reached(index, progress)),
      });
      course.finish(index, report.rows);
      reports.push(report);
    }
    return reports;
  };
  if (!dryRun) return run(within);
  const reports = await takenBack(within, run);
  return reports.map(report => ({ ...report, dryRun: true, changeSet: null }));
}

function tableOf({ file }: ImportMap, table: string | undefined): ImportMap['file'] {
  return table === undefined ? file : { ...file, table };
}

/** How far an import of several tables has come. */
class Course {
  readonly #files: TableFile[];
  /** Rows of tables that are done, by their place. */
  readonly #rows: number[] = [];
  /** Of the table at hand, those of other tables included. */
  #read = 0;
  /** Of a row, as the last table had them. */
  #letters = 0;

  constructor(files: TableFile[]) {
    this.#files = files;
  }

  finish(index: number, rows: number) {
    this.#rows[index] = Math.max(rows, this.#read);
    this.#read = 0;
  }

  /** Rows so far, and in all as far as that can be told. */
  reached(index: number, { rows, letters }: ImportProgress): [number, number | null] {
    if (letters > 0) this.#letters = letters;
    this.#read = rows;
    const before = this.#rows.slice(0, index).reduce((sum, each) => sum + each, 0);
    const left = this.#files.slice(index).map(file => this.#rowsOf(file));
    if (left.includes(null)) return [before + rows, null];
    const all = Math.round((left as number[]).reduce((sum, each) => sum + each, before));
    return [before + rows, Math.max(all, before + rows)];
  }

  #rowsOf({ extent }: TableFile): number | null {
    if (!extent) return null;
    if ('rows' in extent) return extent.rows;
    return this.#letters > 0 ? extent.letters / this.#letters : null;
  }
}

/** The model with the fields that the plan makes; what exists stays as it is. */
async function withFields(ctx: Context, { declared, tables, takeModel }: TablesOptions): Promise<Model> {
  let { model } = ctx;
  for (const { map, fields } of tables)
    for (const field of fields)
      if (map.fields?.[field.name] !== undefined && !model.objects.get(map.object!)?.fields.has(field.name))
        model = await addField({ ...ctx, model }, declared, map.object!, field);
  if (model !== ctx.model) await takeModel?.(model);
  return model;
}

/** Fields that a dry run does without: their values are read and checked by the type, and not written. */
function newFields({ objects, types }: Model, { map, fields }: PlannedTable): Field[] {
  const object = objects.get(map.object ?? '');
  return fields
    .filter(({ name }) => map.fields?.[name] !== undefined && !object?.fields.has(name))
    .map(({ name, type: called, options = {} }) => {
      const type = types.get(called);
      if (!type) throw new FarleyError('invalidInput', `There is no field type ${called}.`);
      const label = options.label ?? name;
      return { name, object: object!.name, label, type, options, columns: [], system: false, custom: true };
    });
}
