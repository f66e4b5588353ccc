/** What every file format becomes: tables with named columns and rows of text. */
import type { Readable } from 'node:stream';
import { FarleyError } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import type { Encoding } from './encoding.ts';

/** What may be said about a file; the rest is found out. */
export interface FileOptions {
  /** Any name iconv knows: `utf-8`, `utf-16le`, `windows-1252`, `shift_jis`, `gb18030`, `big5` … */
  encoding?: string;
  /** One character. */
  delimiter?: string;
  /** Whether the first row names the columns. Default true; otherwise they are called `1`, `2`, `3` … */
  header?: boolean;
  /** Lines, or rows of a sheet, above the header that do not belong to the table. Default 0. */
  skipLines?: number;
  /** Name of the one table that is wanted. Default: all. */
  table?: string;
  /** Where clock times are told without a zone: its IANA name. Default: the workspace's. */
  timeZone?: string;
}

/** One row, as it stood in the file. */
export interface FileRow {
  /** As a spreadsheet counts: the header is row 1. Of formats without rows: the record, the first being row 2. */
  row: number;
  cells: string[];
  /** Files that come with it, such as attachments, where they are kept. */
  files?: RowAttachment[];
}

/** A file that a row brings along; its content is in the file store. */
export interface RowAttachment {
  name: string;
  mediaType: string;
  size: number;
  hash: string;
}

/** Takes in the content of a file. */
export type KeepFile = (content: Buffer | Readable) => Promise<{ hash: string; size: number }>;

export type Format =
  | 'csv'
  | 'xlsx'
  | 'xls'
  | 'xlsb'
  | 'ods'
  | 'json'
  | 'ndjson'
  | 'vcard'
  | 'icalendar'
  | 'mbox'
  | 'eml';

export interface TableFile {
  /** Of the sheet, the member of an archive, the list within a document; or else of the file. */
  name: string;
  format: Format;
  /** Only where the file is text. */
  encoding?: Encoding;
  /** Only of separated values. */
  dialect?: Dialect;
  columns: string[];
  /** What of the file is in no table, in words for people. */
  notes: string[];
  /** The column that names the files that rows bring along. */
  filesColumn?: string;
  /** How much it is, as far as that is known before it is read: rows, or letters with delimiters and line ends. */
  extent?: { rows: number } | { letters: number };
  /** Starts reading; each call from the beginning. */
  rows(): AsyncGenerator<FileRow>;
}

/** As many as a spreadsheet has. */
const mostColumns = 16_384;

/** One record of a format without rows: column → text. */
export type FileRecord = Map<string, string> & { files?: RowAttachment[] };

/** The columns and rows of a grid whose first row may name the columns; null where it has no row. */
export async function gridTable(
  read: () => AsyncGenerator<FileRow>,
  header = true,
): Promise<Pick<TableFile, 'columns' | 'rows'> | null> {
  const first = await firstRow(read());
  if (!first) return null;
  requireFew(first.length);
  return {
    columns: header ? distinct(first) : first.map((_, index) => String(index + 1)),
    rows: () => withoutHeader(read(), header),
  };
}

/**
 * The columns and rows of records, which are read once to find the columns; null where there is none. Columns named in
 * `order` come first and in that order, the others as they turn up.
 */
export async function recordTable(
  read: () => AsyncGenerator<FileRecord>,
  order: readonly string[] = [],
): Promise<Pick<TableFile, 'columns' | 'rows' | 'extent'> | null> {
  const found = new Set<string>();
  let records = 0;
  for await (const record of read()) {
    records++;
    for (const column of record.keys()) found.add(column);
    requireFew(found.size);
  }
  if (records === 0) return null;
  const columns = [
    ...order.filter(column => found.has(column)),
    ...[...found].filter(column => !order.includes(column)),
  ];
  return { columns, extent: { rows: records }, rows: () => asRows(read(), columns) };
}

async function* asRows(records: AsyncGenerator<FileRecord>, columns: string[]): AsyncGenerator<FileRow> {
  let row = 1;
  for await (const record of records) {
    row++;
    const { files } = record;
    yield { row, cells: columns.map(column => record.get(column) ?? ''), ...(files ? { files } : {}) };
  }
}

function requireFew(columns: number) {
  if (columns > mostColumns)
    throw new FarleyError(
      'invalidInput',
      `The table has ${columns} columns or more; at most ${mostColumns} are read.`,
    );
}

async function firstRow(rows: AsyncGenerator<FileRow>): Promise<string[] | null> {
  for await (const { cells } of rows) return cells;
  return null;
}

async function* withoutHeader(rows: AsyncGenerator<FileRow>, header: boolean): AsyncGenerator<FileRow> {
  let first = header;
  for await (const row of rows) {
    if (!first) yield row;
    first = false;
  }
}

/** Names for all columns: what is missing is counted, what is there twice gets a number. */
function distinct(names: string[]): string[] {
  const used = new Set<string>();
  return names.map((name, index) => {
    const base = name.trim() || `Column ${index + 1}`;
    let unique = base;
    for (let count = 2; used.has(unique); count++) unique = `${base} (${count})`;
    used.add(unique);
    return unique;
  });
}

/** A number as people of the workspace write it: field types read texts of tables so. At most 15 digits, as Excel has. */
export function numberText(value: number, locale: string): string {
  const text = String(Number.isInteger(value) ? value : Number(value.toPrecision(15)));
  return text.includes('.') && decimalComma(locale) ? text.replace('.', ',') : text;
}

/** Whether people of a language write 1,5 and not 1.5. */
export function decimalComma(locale: string): boolean {
  return new Intl.NumberFormat(locale).formatToParts(1.5).some(({ value }) => value === ',');
}
