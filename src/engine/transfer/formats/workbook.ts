/** Workbooks that are read whole: Excel's of the last century (.xls), its binary ones (.xlsb) and OpenDocument (.ods). */
import { read } from 'hucre';
import { FarleyError } from '../../errors.ts';
import { allBytes, type Source } from '../source.ts';
import {
  type FileOptions,
  type FileRow,
  type Format,
  gridTable,
  numberText,
  type TableFile,
} from '../table.ts';
import { skipped } from './xlsx.ts';

/** An .xls of all rows that the format allows has seldom more. */
const most = 128 * 1024 ** 2;

type Value = string | number | boolean | Date | null;

/** The tables of a workbook; sheets without rows are left out. */
export async function openWorkbook(
  source: Source,
  format: Format,
  options: FileOptions,
  locale: string,
): Promise<TableFile[]> {
  const bytes = await allBytes(source, most);
  const book = await read(bytes).catch(error => {
    throw refusal(source, bytes, error);
  });
  const tables: TableFile[] = [];
  for (const { name, rows } of book.sheets) {
    const all = () => skipped(textRows(rows as Value[][], locale), options.skipLines ?? 0);
    const table = await gridTable(all, options.header);
    if (table) tables.push({ name, format, notes: [], extent: { rows: rows.length - 1 }, ...table });
  }
  return tables;
}

async function* textRows(rows: Value[][], locale: string): AsyncGenerator<FileRow> {
  for (const [index, values] of rows.entries()) {
    const cells = Array.from(values ?? [], value => cellText(value ?? null, locale));
    while (cells.at(-1) === '') cells.pop();
    if (cells.length > 0) yield { row: index + 1, cells };
  }
}

function cellText(value: Value, locale: string): string {
  if (value === null) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value === 'number') return numberText(value, locale);
  const text = String(value);
  // Errors of formulas arrive as their names.
  return /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!)$/.test(text) ? '' : text;
}

function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return '';
  const text = new Date(Math.round(value.getTime() / 1000) * 1000).toISOString();
  if (/^1899-12-3\d/.test(text)) return text.slice(11, 19);
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}

/** Streams by which other files of the same container are told. */
const others: [string, string][] = [
  ['EncryptedPackage', 'protected by a password. Save it without one, or as CSV.'],
  ['WordDocument', 'a Word document. Save its table as CSV.'],
  ['PowerPoint Document', 'a presentation. Save the data as CSV.'],
  ['__properties_version1.0', 'a message of Outlook. Save it as .eml.'],
];

function refusal(source: Source, bytes: Buffer, error: unknown): FarleyError {
  const other = others.find(([stream]) => bytes.includes(Buffer.from(stream, 'utf16le')));
  if (other) return new FarleyError('invalidInput', `${source.name} is ${other[1]}`);
  const why = error instanceof Error ? error.message.split('\n')[0]!.slice(0, 200) : String(error);
  const perhaps = /malformed|encrypt|password/i.test(why) ? 'damaged, or protected by a password' : why;
  return new FarleyError(
    'invalidInput',
    `${source.name} cannot be read as a workbook (${perhaps}). Save it as an Excel workbook of today (.xlsx) or as CSV.`,
  );
}
