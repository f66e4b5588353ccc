/** Importing several tables as one: in the order of the plan, so that later ones find what earlier ones made, in one change set. */
import type { Context } from '../context.ts';
import { addField } from '../db/custom.ts';
import { FarleyError } from '../errors.ts';
import type { FieldOptions } from '../field.ts';
import { newId } from '../id.ts';
import type { Model } from '../model.ts';
import type { Declared } from '../workspace.ts';
import type { ImportReport } from './findings.ts';
import { type ImportProgress, importFile, takenBack } from './import.ts';
import { type ImportMap, readImportMap } from './map.ts';

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
  /** Where refused rows of a table go. */
  failuresOf?(table: PlannedTable): string;
  report?(table: PlannedTable, progress: ImportProgress): void;
}

/** Checks the shape of a plan: what `propose` gave, or `{ "tables": [{ "file", "table", "map" }] }`. Tables without a map are left out. */
export function readPlan(input: unknown): PlannedTable[] {
  const { tables } = (input ?? {}) as { tables?: unknown };
  if (!Array.isArray(tables)) throw new FarleyError('invalidInput', 'A plan has a list of `tables`.');
  return tables.flatMap((given: unknown) => {
    const { file, table, map, fields = [] } = (given ?? {}) as Record<string, unknown>;
    if (typeof file !== 'string')
      throw new FarleyError('invalidInput', 'Each table of a plan names its `file`.');
    if (map === null || map === undefined) return [];
    const made = fields as PlannedTable['fields'];
    return [{ file, ...(typeof table === 'string' ? { table } : {}), map: readImportMap(map), fields: made }];
  });
}

/** Imports all tables; answers a report for each. A dry run does all of it in one transaction and takes it back. */
export async function importTables(ctx: Context, options: TablesOptions): Promise<ImportReport[]> {
  const model = options.dryRun ? ctx.model : await withFields(ctx, options);
  const within: Context = { ...ctx, model, changeSet: ctx.changeSet ?? newId() };
  const run = async (inside: Context) => {
    const reports: ImportReport[] = [];
    for (const [index, planned] of options.tables.entries()) {
      const { file, table } = planned;
      const map = options.dryRun ? withoutNew(ctx.model, planned) : planned.map;
      const failures = options.dryRun ? undefined : options.failuresOf?.(planned);
      reports.push(
        await importFile(inside, {
          path: options.pathOf(file),
          name: file,
          map: table === undefined ? map : { ...map, file: { ...map.file, table } },
          part: index,
          ...(failures ? { failures } : {}),
          report: progress => options.report?.(planned, progress),
        }),
      );
    }
    return reports;
  };
  if (!options.dryRun) return run(within);
  const reports = await takenBack(within, run);
  return reports.map(report => ({ ...report, dryRun: true, changeSet: null }));
}

/** The model with the fields that the plan makes; what exists stays as it is. */
async function withFields(ctx: Context, { declared, tables }: TablesOptions): Promise<Model> {
  let { model } = ctx;
  for (const { map, fields } of tables)
    for (const field of fields)
      if (map.fields?.[field.name] !== undefined && !model.objects.get(map.object!)?.fields.has(field.name))
        model = await addField({ ...ctx, model }, declared, map.object!, field);
  return model;
}

/** A dry run makes no fields: columns that would fill them are left out of it. */
function withoutNew(model: Model, { map }: PlannedTable): ImportMap {
  const known = model.objects.get(map.object ?? '')?.fields;
  if (!known || !map.fields) return map;
  return {
    ...map,
    fields: Object.fromEntries(Object.entries(map.fields).filter(([name]) => known.has(name))),
  };
}
