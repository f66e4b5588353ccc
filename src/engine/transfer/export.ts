/** Any list, exactly as asked, as CSV or NDJSON: streaming page by page, no cap, and safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import { may } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { parseScopeOf } from '../records/draft.ts';
import { fieldOfRequest } from '../records/filter.ts';
import { list, type Query } from '../records/read.ts';
import { objectOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { markFormulas } from './formulas.ts';

export type ExportFormat = 'csv' | 'ndjson';

const pageSize = 1_000;

/** Chunks of the file. Rows that the role may read but not export are left out. Throws `forbidden` when none may be exported. */
export async function* exportRecords(
  ctx: Context,
  objectName: string,
  format: ExportFormat,
  query: Query,
): AsyncGenerator<string> {
  const object = objectOf(ctx, objectName);
  if (!may(ctx, object, 'export'))
    throw new FarleyError(
      'forbidden',
      `Your role does not allow to export ${object.spec.plural.toLowerCase()}.`,
    );
  const fields = columnsOf(ctx, object, query.fields);
  const names = fields.map(field => field.name);
  const pageAfter = (after?: string) =>
    list(
      ctx,
      objectName,
      { ...query, fields: names, limit: pageSize, ...(after ? { after } : {}) },
      'export',
    );
  // Before the header, so that a query which cannot be carried out is refused and not begun.
  let page = await pageAfter(query.after);
  if (format === 'csv') yield stringify([['id', ...names.filter(name => name !== 'id')]], { bom: true });
  for (;;) {
    const records = JSON.parse(page.data) as Values[];
    if (records.length > 0)
      yield format === 'csv'
        ? csv(ctx, fields, records)
        : records.map(record => `${JSON.stringify(record)}\n`).join('');
    if (!page.next) return;
    page = await pageAfter(page.next);
  }
}

function columnsOf(ctx: Context, object: ObjectModel, names: string[] | undefined): Field[] {
  const scope = scopeOf(ctx, object);
  if (names?.length) return names.map(name => fieldOfRequest(scope, name, '/fields'));
  const all = [...object.fields.values()].filter(field => !field.system || field.name === 'externalIds');
  return all.filter(field => {
    try {
      return fieldOfRequest(scope, field.name, '/fields');
    } catch {
      return false;
    }
  });
}

function csv(ctx: Context, fields: Field[], records: Values[]): string {
  const scope = parseScopeOf(ctx);
  const shown = fields.filter(field => field.name !== 'id');
  const lines = records.map(record => [
    record.id as string,
    ...shown.map(field => markFormulas(textOf(field, record[field.name] ?? null, scope))),
  ]);
  return stringify(lines);
}

/** Links are written by their titles, so that the file can be read, and imported elsewhere. */
function textOf(field: Field, value: Json, scope: ReturnType<typeof parseScopeOf>): string {
  if (value === null) return '';
  if (!field.type.references) return field.type.format(value, field, scope);
  const items = Array.isArray(value) ? value : [value];
  return items
    .map(item => (item as { title?: string | null; id: string }).title ?? (item as { id: string }).id)
    .join('; ');
}
