/** Rows of a file of separated values, as a stream: whatever the encoding, delimiter, quoting and line ends. */
import { pipeline, Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { FarleyError } from '../errors.ts';
import { type Dialect, detectDialect } from './dialect.ts';
import { beginning, decoded, detectEncoding, type Encoding } from './encoding.ts';
import type { Source } from './source.ts';
import { type FileOptions, type FileRow, gridTable, type TableFile } from './table.ts';

/** A file of separated values. */
export type RowFile = TableFile & { encoding: Encoding; dialect: Dialect };

/** No value of a table is larger; an opening quote that never closes would otherwise take in the rest of the file. */
const largestRow = 4 * 1024 * 1024;

/** Delimiters without a line end between them; text in quotes may hold some. */
const mostDelimiters = 1_000_000;

/** Looks at a file of separated values and tells how to read it; null where it is empty. */
export async function openRows(
  source: Source,
  options: FileOptions = {},
  locale = 'en',
): Promise<RowFile | null> {
  if (options.delimiter !== undefined && !/^[^"\r\n]$/u.test(options.delimiter))
    throw new FarleyError('invalidInput', 'A delimiter is one character, but no quotation mark or line end.');
  const encoding = await detectEncoding(source, options.encoding, locale);
  const dialect = detectDialect(await beginning(source, encoding.name), options.delimiter);
  dialect.skipLines += options.skipLines ?? 0;
  const table = await gridTable(() => readRows(source, encoding.name, dialect), options.header);
  return (
    table && {
      name: source.name,
      format: 'csv',
      encoding,
      dialect,
      notes: [],
      ...extentOf(source, encoding),
      ...table,
    }
  );
}

/** Letters beyond ASCII take more bytes: this is an estimate. */
function extentOf({ size }: Source, { name }: Encoding): Pick<RowFile, 'extent'> {
  const wide = /(16|32)/.exec(name)?.[1];
  return size === undefined
    ? {}
    : { extent: { letters: size / (/^utf/.test(name) && wide ? Number(wide) / 8 : 1) } };
}

async function* readRows(source: Source, encoding: string, dialect: Dialect): AsyncGenerator<FileRow> {
  const { bytes, text } = decoded(source, encoding);
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
  // As a spreadsheet counts, lines above the header included.
  let row = dialect.skipLines;
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
