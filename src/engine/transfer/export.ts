/** Any list, exactly as asked, as CSV, XLSX, NDJSON or vCards: streaming page by page, no cap, and safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import { type CellValue, writeXlsxStream } from 'hucre/xlsx';
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
import { cardOf, hasCards } from './export-vcard.ts';
import { markFormulas } from './formulas.ts';

/** Format → the ending of its files, and their media type. */
export const exportFormats = {
  csv: { ending: 'csv', mediaType: 'text/csv; charset=utf-8' },
  xlsx: {
    ending: 'xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  ndjson: { ending: 'ndjson', mediaType: 'application/x-ndjson' },
  vcard: { ending: 'vcf', mediaType: 'text/vcard; charset=utf-8' },
};

export type ExportFormat = keyof typeof exportFormats;

/** The formats that records of these fields can be exported in. */
export function formatsFor(fields: Field[]): ExportFormat[] {
  const all = Object.keys(exportFormats) as ExportFormat[];
  return all.filter(format => format !== 'vcard' || hasCards(fields));
}

/** Rows of a page: few at first, then as many as are likely to be a page of this size. A client that stalls holds one. */
const pageRows = { first: 100, most: 1_000 };
const pageBytes = 1024 ** 2;

/**
 * Chunks of the file. Rows that the role may read but not export are left out. `raw`: cells of CSV and XLSX are the values
 * as the API shows them, not as people read them. Throws `forbidden` when none may be exported.
 */
export async function* exportRecords(
  ctx: Context,
  objectName: string,
  format: ExportFormat,
  query: Query,
  raw = false,
): AsyncGenerator<string | Uint8Array> {
  const object = objectOf(ctx, objectName);
  if (!may(ctx, object, 'export'))
    throw new FarleyError(
      'forbidden',
      `Your role does not allow to export ${object.spec.plural.toLowerCase()}.`,
    );
  const fields = columnsOf(ctx, object, format === 'vcard' ? undefined : query.fields);
  if (format === 'vcard' && !hasCards(fields))
    throw new FarleyError('invalidQuery', `${object.spec.plural} have nothing that belongs on a vCard.`);
  const pages = pagesOf(ctx, objectName, query, fields);
  // Before the header, so that a query which cannot be carried out is refused and not begun.
  let first = (await pages.next()).value ?? [];
  const all = async function* () {
    yield first;
    first = [];
    yield* pages;
  };
  const shown = fields.filter(field => field.name !== 'id');
  const cells = cellsOf(ctx, shown, raw);
  const header = ['id', ...shown.map(field => field.name)];
  if (format === 'xlsx') {
    yield* sheet(object, header, all(), record =>
      [record.id as string, ...cells(record)].map((text, index) =>
        numeric(text, record[header[index]!] ?? null),
      ),
    );
    return;
  }
  if (format === 'csv') yield stringify([header], { bom: true });
  const scope = parseScopeOf(ctx);
  const text = {
    csv: (records: Values[]) =>
      stringify(records.map(record => [record.id as string, ...cells(record).map(markFormulas)])),
    ndjson: (records: Values[]) => records.map(record => `${JSON.stringify(record)}\n`).join(''),
    vcard: (records: Values[]) =>
      records
        .map(record =>
          cardOf(object, fields, record, textOf(object.title, record[object.title.name] ?? null, scope)),
        )
        .join(''),
  }[format];
  for await (const records of all()) if (records.length > 0) yield text(records);
}

async function* pagesOf(
  ctx: Context,
  object: string,
  query: Query,
  fields: Field[],
): AsyncGenerator<Values[]> {
  const names = fields.map(field => field.name);
  let limit = pageRows.first;
  for (let after = query.after; ; ) {
    const asked = { ...query, fields: names, limit, ...(after ? { after } : {}) };
    const { data, next } = await list(ctx, object, asked, 'export');
    limit = Math.ceil(Math.min(pageRows.most, 4 * limit, (limit * pageBytes) / data.length));
    yield JSON.parse(data) as Values[];
    if (!next) return;
    after = next;
  }
}

/** A workbook, in as many sheets as its rows take; never held whole. */
async function* sheet(
  object: ObjectModel,
  header: string[],
  pages: AsyncIterable<Values[]>,
  cells: (record: Values) => CellValue[],
): AsyncGenerator<Uint8Array> {
  const rows = async function* () {
    for await (const page of pages) for (const record of page) yield cells(record);
  };
  const columns = header.map(name => ({ header: name }));
  const name = object.spec.plural.replace(/[\\/?*[\]:]/g, ' ').slice(0, 25);
  const options = { name, columns, freezePane: { rows: 1 }, repeatHeaders: true, zip64: true };
  yield* writeXlsxStream(rows(), options) as unknown as AsyncIterable<Uint8Array>;
}

/** A number is one in the sheet too; all else is text, which no spreadsheet takes for a formula. Excel cuts at 32,767 letters. */
function numeric(text: string, value: Json): CellValue {
  return typeof value === 'number' || typeof value === 'boolean' ? value : text.slice(0, 32_767);
}

function cellsOf(ctx: Context, fields: Field[], raw: boolean): (record: Values) => string[] {
  const scope = parseScopeOf(ctx);
  return record =>
    fields.map(field => {
      const value = record[field.name] ?? null;
      if (!raw) return textOf(field, value, scope);
      return value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    });
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

/** Links are written by their titles, so that the file can be read, and imported elsewhere. */
function textOf(field: Field, value: Json, scope: ReturnType<typeof parseScopeOf>): string {
  if (value === null) return '';
  if (!field.type.references) return field.type.format(value, field, scope);
  const items = Array.isArray(value) ? value : [value];
  return items
    .map(item => (item as { title?: string | null; id: string }).title ?? (item as { id: string }).id)
    .join('; ');
}
