/** Rows of a file of separated values, as a stream: whatever the encoding, delimiter, quoting and line ends. */
import { pipeline, Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { FarleyError } from '../errors.ts';
import { type Dialect, detectDialect } from './dialect.ts';
import { beginning, decoded, detectEncoding, type Encoding } from './encoding.ts';

/** What may be said about a file; the rest is found out. */
export interface FileOptions {
  /** Any name iconv knows: `utf-8`, `utf-16le`, `windows-1252`, `shift_jis`, `gb18030`, `big5` … */
  encoding?: string;
  /** One character. */
  delimiter?: string;
  /** Whether the first row names the columns. Default true; otherwise they are called `1`, `2`, `3` … */
  header?: boolean;
  /** Lines above the header that do not belong to the table. Default 0. */
  skipLines?: number;
}

/** One row, as it stood in the file. */
export interface FileRow {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  cells: string[];
}

export interface RowFile {
  encoding: Encoding;
  dialect: Dialect;
  columns: string[];
  /** Starts reading; each call from the beginning. */
  rows(): AsyncGenerator<FileRow>;
}

/** No value of a table is larger; an opening quote that never closes would otherwise take in the rest of the file. */
const largestRow = 4 * 1024 * 1024;

/** As many as a spreadsheet has. */
const mostColumns = 16_384;
/** Delimiters without a line end between them; text in quotes may hold some. */
const mostDelimiters = 1_000_000;

/** Looks at a file and tells how to read it. */
export async function openRows(path: string, options: FileOptions = {}, locale = 'en'): Promise<RowFile> {
  if (options.delimiter !== undefined && !/^[^"\r\n]$/u.test(options.delimiter))
    throw new FarleyError('invalidInput', 'A delimiter is one character, but no quotation mark or line end.');
  const encoding = await detectEncoding(path, options.encoding, locale);
  const dialect = detectDialect(await beginning(path, encoding.name), options.delimiter);
  dialect.skipLines += options.skipLines ?? 0;
  const header = options.header ?? true;
  const read = () => readRows(path, encoding.name, dialect);
  const columns = await firstRow(read());
  if (!columns) throw new FarleyError('invalidInput', 'The file is empty.');
  if (columns.length > mostColumns)
    throw new FarleyError(
      'invalidInput',
      `The first row has ${columns.length} columns; a table has at most ${mostColumns}.`,
    );
  return {
    encoding,
    dialect,
    columns: header ? distinct(columns) : columns.map((_, index) => String(index + 1)),
    rows: () => withoutHeader(read(), header),
  };
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

async function* readRows(path: string, encoding: string, dialect: Dialect): AsyncGenerator<FileRow> {
  const { bytes, text } = decoded(path, encoding);
  const parser = parse({
    delimiter: dialect.delimiter,
    record_delimiter: dialect.lineEnds,
    from_line: dialect.skipLines + 1,
    // Around quotes people put spaces; around tabs they are values.
    trim: !/\s/.test(dialect.delimiter),
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: largestRow,
  });
  // Errors of the earlier streams reach the parser, whose reader is told.
  pipeline(bytes, text, boundedRows(dialect.delimiter), parser, () => {});
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row++;
      if (cells.length > 1 || cells[0]?.trim()) yield { row, cells };
    }
  } catch (error) {
    throw readable(error, row + 1);
  } finally {
    bytes.destroy();
  }
}

/** Stops what is nothing but delimiters: the parser counts letters, and would make a cell of each without end. */
function boundedRows(delimiter: string): Transform {
  let streak = 0;
  return new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform(chunk: string | Buffer, _encoding, done) {
      const part = String(chunk);
      streak = /[\r\n]/.test(part) ? 0 : streak + part.split(delimiter).length - 1;
      if (streak > mostDelimiters)
        done(new FarleyError('invalidInput', `A row has more than ${mostDelimiters} columns.`));
      else done(null, part);
    },
  });
}

function readable(error: unknown, row: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const why =
    {
      CSV_MAX_RECORD_SIZE:
        'the row is larger than 4 MiB; perhaps a quotation mark is opened and never closed',
      CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
    }[error.code as string] ?? error.message;
  return new FarleyError('invalidInput', `The file cannot be read from row ${row} on: ${why}.`);
}
