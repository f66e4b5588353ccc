/** JSON: a list of objects, a document with such lists, or an object a line. Nested objects become columns `a.b`. */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import iconv from 'iconv-lite';
import { FarleyError } from '../../errors.ts';
import type { Encoding } from '../encoding.ts';
import { narrow, type Source } from '../source.ts';
import { decimalComma, type FileRecord, numberText, recordTable, type TableFile } from '../table.ts';

/** One record, or the beginning of a document without lists. */
const largest = 16 * 1024 ** 2;
const deepest = 20;

/** A text cut out of the document: a record of a list. `list` is the key under which it stands, or ''. */
interface Piece {
  list: string;
  text: string;
}

/** The tables of a document: one for each list of objects. */
export async function openJson(
  source: Source,
  encoding: Encoding,
  format: 'json' | 'ndjson',
  locale: string,
): Promise<TableFile[]> {
  const read = () => (format === 'ndjson' ? lines(source, encoding.name) : pieces(source, encoding.name));
  const lists = new Set<string>();
  for await (const { list } of read()) lists.add(list);
  const tables: TableFile[] = [];
  for (const list of lists) {
    const name = list || source.name;
    const table = await recordTable(() => records(read(), list, locale));
    if (table) tables.push({ name, format, encoding, notes: [], ...table });
  }
  return tables;
}

function textBlocks(source: Source, encoding: string): Readable {
  const text = iconv.decodeStream(encoding);
  pipeline(source.bytes(), text, () => {});
  return text as unknown as Readable;
}

async function* lines(source: Source, encoding: string): AsyncGenerator<Piece> {
  // In narrow encodings a line end is a byte, whatever stands around it.
  const { source: bytes, encoding: name } = narrow(source, encoding);
  let rest = '';
  for await (const block of textBlocks(bytes, name)) {
    rest += block as string;
    const found = rest.split('\n');
    rest = found.pop()!;
    if (rest.length > largest) throw tooLarge();
    for (const text of found) if (text.trim()) yield { list: '', text };
  }
  if (rest.trim()) yield { list: '', text: rest };
}

/** Cuts a document into its records without holding it. */
async function* pieces(source: Source, encoding: string): AsyncGenerator<Piece> {
  const cutter = new Cutter();
  for await (const block of textBlocks(source, encoding)) yield* cutter.push(block as string);
  yield* cutter.end();
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];

/** Walks over the letters of a document, knowing only strings and brackets. */
class Cutter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** What the document is: a list, an object, or not seen yet. */
  #root: 'list' | 'object' | null = null;
  /** The list whose records are cut, and the last key of the document. */
  #list: string | null = null;
  #key = '';
  /** Beginning of a record, of a key, or of a document without lists; null while none is kept. */
  #kept: string | null = null;
  #keyText: string | null = null;
  /** The document itself, as long as no list was found in it. */
  #whole: string | null = '';

  *push(text: string): Generator<Piece> {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#inString) {
        this.#walkString(code, text[at]!);
        continue;
      }
      if (this.#depth === this.#recordDepth) {
        const ends = code === comma || code === closeList;
        if (ends && this.#kept !== null) {
          yield { list: this.#list!, text: this.#kept + text.slice(from, at) };
          this.#kept = null;
        } else if (!ends && this.#kept === null && code > 32) {
          this.#kept = '';
          from = at;
        }
      }
      this.#step(code);
    }
    if (this.#kept !== null) this.#kept += text.slice(from);
    if (this.#whole !== null) this.#whole += text;
    if (Math.max(this.#kept?.length ?? 0, this.#whole?.length ?? 0) > largest) throw tooLarge();
  }

  /** How deep the records of the current list stand; -1 outside of lists. */
  get #recordDepth(): number {
    if (this.#list === null) return -1;
    return this.#root === 'list' ? 1 : 2;
  }

  #walkString(code: number, letter: string) {
    if (this.#escaped) this.#escaped = false;
    else if (code === backslash) this.#escaped = true;
    else if (code === quote) this.#inString = false;
    if (this.#keyText !== null) this.#keyText += letter;
  }

  #step(code: number) {
    if (code === quote) {
      this.#inString = true;
      if (this.#root === 'object' && this.#depth === 1) this.#keyText = '"';
    } else if (code === openList || code === openObject) this.#open(code === openList);
    else if (code === closeList || code === closeObject) this.#close();
    else if (this.#depth === 1) this.#separate(code);
  }

  #open(list: boolean) {
    if (this.#depth === 0) this.#root ??= list ? 'list' : 'object';
    if (list && this.#depth === (this.#root === 'list' ? 0 : 1)) {
      this.#list = this.#root === 'list' ? '' : this.#key;
      this.#whole = null;
    }
    this.#depth++;
  }

  #close() {
    this.#depth--;
    if (this.#depth < 0) throw broken('a bracket closes that was never opened');
    if (this.#depth < (this.#root === 'list' ? 1 : 2)) this.#list = null;
  }

  /** Of the document's own entries: what stands before a colon is a key. */
  #separate(code: number) {
    if (code === colon && this.#keyText !== null) {
      this.#key = parseKey(this.#keyText);
      this.#keyText = null;
    } else if (code === comma) this.#keyText = null;
  }

  *end(): Generator<Piece> {
    if (this.#depth > 0 || this.#inString) throw broken('it ends in the middle of a value');
    if (this.#whole?.trim()) yield { list: '', text: this.#whole };
  }
}

function parseKey(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw broken('a key is no proper text');
  }
}

function tooLarge(): FarleyError {
  return new FarleyError('invalidInput', 'A record of the JSON file is larger than 16 MiB.');
}

function broken(why: string): FarleyError {
  return new FarleyError('invalidInput', `The file is no proper JSON: ${why}.`);
}

async function* records(
  found: AsyncGenerator<Piece>,
  list: string,
  locale: string,
): AsyncGenerator<FileRecord> {
  const cells = new Flattener(locale);
  let count = 0;
  for await (const piece of found) {
    if (piece.list !== list) continue;
    count++;
    yield cells.record(parseRecord(piece.text, count));
  }
}

type Value = string | number | boolean | null | Exact | Value[] | { [key: string]: Value };

/** A whole number with more digits than JavaScript keeps: ids of other systems are such. */
class Exact {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

function exactly(_key: string, value: Value, context?: { source?: string }): Value {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context?.source ?? '') ? new Exact(context!.source!) : value;
}

function parseRecord(text: string, count: number): Value {
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch (error) {
    throw broken(`record ${count} cannot be read (${(error as Error).message.slice(0, 100)})`);
  }
}

class Flattener {
  readonly #locale: string;
  readonly #comma: boolean;

  constructor(locale: string) {
    this.#locale = locale;
    this.#comma = decimalComma(locale);
  }

  record(value: Value): FileRecord {
    const record: FileRecord = new Map();
    if (isObject(value)) this.#add(record, '', value, 0);
    else record.set('Value', this.#text(value));
    return record;
  }

  #add(record: FileRecord, prefix: string, value: { [key: string]: Value }, depth: number) {
    for (const [key, inner] of Object.entries(value)) {
      const column = prefix + key;
      if (isObject(inner) && depth < deepest) this.#add(record, `${column}.`, inner, depth + 1);
      else record.set(column, this.#text(inner));
    }
  }

  #text(value: Value): string {
    if (value === null) return '';
    if (value instanceof Exact) return value.digits;
    if (typeof value === 'number') return this.#comma ? numberText(value, this.#locale) : String(value);
    if (typeof value !== 'object') return String(value);
    if (Array.isArray(value) && !value.some(item => typeof item === 'object' && !(item instanceof Exact)))
      return value.map(item => this.#text(item)).join(';');
    return JSON.stringify(value, (_, item) => (item instanceof Exact ? item.digits : item));
  }
}

function isObject(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Exact);
}
