/** Excel workbooks (ECMA-376, part 1): every sheet as rows of text, read as a stream. */
import { posix } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { FarleyError } from '../../errors.ts';
import { firstBytes, type Source } from '../source.ts';
import { type FileOptions, type FileRow, gridTable, numberText, type TableFile } from '../table.ts';
import type { Member } from './zip.ts';

/** What the cells of a workbook refer to. */
interface Book {
  strings: string[];
  /** By number of style: what its numbers mean. */
  styles: NumberForm[];
  /** Days of the workbook begin in 1904 instead of 1900. */
  since1904: boolean;
  locale: string;
}

/** How a number is shown: as a number, with leading zeros, as a day, a time of day, or both. */
type NumberForm =
  | { kind: 'number' | 'date' | 'time' | 'dateTime' | 'elapsed' }
  | { kind: 'digits'; width: number };

/** Texts that several cells share are kept in memory. */
const mostText = 256 * 1024 ** 2;
/** No cell of Excel holds more than 32,767 letters. */
const longestCell = 4 * 1024 ** 2;
const mostColumns = 16_384;

/** The tables of a workbook; sheets without rows are left out. */
export async function openXlsx(
  members: Member[],
  options: FileOptions,
  locale: string,
): Promise<TableFile[]> {
  const parts = new Map(members.map(member => [member.name.replace(/^\//, '').toLowerCase(), member]));
  const root = await targets(parts, '_rels/.rels', '');
  const bookPath = [...root.values()].find(path => /workbook\.xml$/.test(path)) ?? 'xl/workbook.xml';
  const links = await targets(
    parts,
    `${posix.dirname(bookPath)}/_rels/${posix.basename(bookPath)}.rels`,
    bookPath,
  );
  const { sheets, since1904 } = await readSheetList(parts.get(bookPath));
  const beside = (name: string) => parts.get(posix.join(posix.dirname(bookPath), name));
  const book: Book = {
    strings: await readStrings(beside('sharedstrings.xml')),
    styles: await readStyles(beside('styles.xml')),
    since1904,
    locale,
  };
  const tables: TableFile[] = [];
  for (const { name, id } of sheets) {
    const part = parts.get(links.get(id) ?? '');
    if (!part) continue;
    const read = () => skipped(readSheet(part, book), options.skipLines ?? 0);
    const table = await gridTable(read, options.header);
    if (table) tables.push({ name, format: 'xlsx', notes: [], ...(await extentOf(part)), ...table });
  }
  return tables;
}

/** Most programs say at the beginning of a sheet how far it reaches. */
async function extentOf(part: Source): Promise<Pick<TableFile, 'extent'>> {
  const start = (await firstBytes(part, 4_096)).toString('latin1');
  const [, last] = /<(?:\w+:)?dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"/.exec(start) ?? [];
  return last === undefined ? {} : { extent: { rows: Number(last) - 1 } };
}

export async function* skipped(rows: AsyncGenerator<FileRow>, count: number): AsyncGenerator<FileRow> {
  for await (const row of rows) if (row.row > count) yield row;
}

interface Handlers {
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Parses a part of the workbook; yields after every block, so that what was found in it can be handed on. */
async function* walk(part: Source, handlers: Handlers): AsyncGenerator<void> {
  const parser = new SaxesParser();
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('opentag', ({ name, attributes }) =>
    handlers.open?.(local(name), attributes as Record<string, string>),
  );
  parser.on('text', text => handlers.text?.(text));
  parser.on('cdata', text => handlers.text?.(text));
  parser.on('closetag', ({ name }) => handlers.close?.(local(name)));
  parser.on('error', error => {
    const why = error.message.replace(/^\d+:\d+: |\.$/g, '').replace('undefined', 'unknown');
    throw new FarleyError('invalidInput', `The workbook is damaged: ${part.name} is no proper XML (${why}).`);
  });
  const decoder = new StringDecoder('utf8');
  for await (const chunk of part.bytes() as AsyncIterable<Buffer>) {
    parser.write(decoder.write(chunk));
    yield;
  }
  parser.close();
}

async function walkAll(part: Source | undefined, handlers: Handlers) {
  if (part) for await (const _ of walk(part, handlers));
}

/** Relationships of a part: id → path of the part it leads to, in lower case. */
async function targets(parts: Map<string, Member>, path: string, from: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await walkAll(parts.get(path), {
    open(name, { Id, Target }) {
      if (name !== 'Relationship' || !Id || !Target) return;
      const whole = Target.startsWith('/') ? Target.slice(1) : posix.join(posix.dirname(from), Target);
      found.set(Id, whole.toLowerCase());
    },
  });
  return found;
}

async function readSheetList(part: Source | undefined) {
  const sheets: { name: string; id: string }[] = [];
  let since1904 = false;
  await walkAll(part, {
    open(name, attributes) {
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
      if (name !== 'sheet' || attributes.state === 'veryHidden') return;
      const [, id] = Object.entries(attributes).find(([key]) => key.endsWith(':id')) ?? [];
      sheets.push({ name: attributes.name ?? '', id: id ?? '' });
    },
  });
  return { sheets, since1904 };
}

/** Texts that cells share. Of rich text the letters, without what tells how to pronounce them. */
async function readStrings(part: Source | undefined): Promise<string[]> {
  const strings: string[] = [];
  let text = '';
  let size = 0;
  let within = false;
  let phonetic = false;
  await walkAll(part, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      within = name === 't' && !phonetic;
    },
    text(piece) {
      if (within) text += piece;
    },
    close(name) {
      within = false;
      if (name === 'rPh') phonetic = false;
      if (name !== 'si') return;
      strings.push(unescapeText(text));
      size += text.length;
      if (size > mostText)
        throw new FarleyError(
          'invalidInput',
          'The workbook holds more text than is read. Save its sheets as CSV.',
        );
    },
  });
  return strings;
}

/** Letters that XML cannot hold are written `_x000D_`. */
function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([\dA-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

async function readStyles(part: Source | undefined): Promise<NumberForm[]> {
  const formats = new Map<number, string>();
  const styles: NumberForm[] = [];
  let within = false;
  await walkAll(part, {
    open(name, { numFmtId = '0', formatCode = '' }) {
      if (name === 'numFmt') formats.set(Number(numFmtId), formatCode);
      if (name === 'cellXfs') within = true;
      if (name === 'xf' && within) styles.push(formOf(Number(numFmtId), formats.get(Number(numFmtId))));
    },
    close(name) {
      if (name === 'cellXfs') within = false;
    },
  });
  return styles;
}

/** Excel's own number formats that are moments (ECMA-376 18.8.30, with those of East Asia): from, to, kind. */
const builtIn: [number, number, 'date' | 'time' | 'dateTime' | 'elapsed'][] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'dateTime'],
  [27, 36, 'date'],
  [45, 45, 'time'],
  [46, 46, 'elapsed'],
  [47, 47, 'time'],
  [50, 58, 'date'],
];

/** What a number format means. */
function formOf(id: number, code: string | undefined): NumberForm {
  if (code === undefined)
    return { kind: builtIn.find(([from, to]) => id >= from && id <= to)?.[2] ?? 'number' };
  // Only the part for positive numbers, without what is shown as it stands.
  const plain = (code.split(';')[0] ?? '').replace(/"[^"]*"|\\.|_.|\*./g, '').toLowerCase();
  if (/\[[hms]+\]/.test(plain)) return { kind: 'elapsed' };
  const letters = plain.replace(/\[[^\]]*\]/g, '').replace('general', '');
  const time = /[hs]/.test(letters);
  const day = time ? /[yd]/.test(letters) : /[ydm]/.test(letters);
  if (day) return { kind: time ? 'dateTime' : 'date' };
  if (time) return { kind: 'time' };
  return /^0{2,}$/.test(letters) ? { kind: 'digits', width: letters.length } : { kind: 'number' };
}

/** The rows of a sheet that hold anything. */
async function* readSheet(part: Source, book: Book): AsyncGenerator<FileRow> {
  const ready: FileRow[] = [];
  const sheet = new SheetReader(book, ready);
  for await (const _ of walk(part, sheet)) {
    yield* ready;
    ready.length = 0;
  }
}

class SheetReader implements Handlers {
  readonly #book: Book;
  readonly #ready: FileRow[];
  #row = 0;
  #cells: string[] = [];
  #column = 0;
  #type = '';
  #style = 0;
  #text = '';
  #within = false;
  #phonetic = false;

  constructor(book: Book, ready: FileRow[]) {
    this.#book = book;
    this.#ready = ready;
  }

  open(name: string, attributes: Record<string, string>) {
    if (name === 'row') {
      this.#row = Number(attributes.r ?? this.#row + 1);
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c') {
      this.#column = attributes.r ? columnOf(attributes.r) : this.#column + 1;
      this.#type = attributes.t ?? 'n';
      this.#style = Number(attributes.s ?? 0);
      this.#text = '';
    } else if (name === 'rPh') this.#phonetic = true;
    else this.#within = name === 'v' || (name === 't' && !this.#phonetic);
  }

  text(text: string) {
    if (!this.#within) return;
    this.#text += text;
    if (this.#text.length > longestCell)
      throw new FarleyError('invalidInput', `A cell of row ${this.#row} is larger than 4 MiB.`);
  }

  close(name: string) {
    this.#within = false;
    if (name === 'rPh') this.#phonetic = false;
    if (name === 'c') this.#addCell();
    if (name === 'row' && this.#cells.some(cell => cell.trim() !== ''))
      this.#ready.push({ row: this.#row, cells: this.#cells });
  }

  #addCell() {
    if (this.#text === '') return;
    if (!(this.#column >= 0 && this.#column < mostColumns))
      throw new FarleyError('invalidInput', `Row ${this.#row} has more than ${mostColumns} columns.`);
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = this.#value();
  }

  #value(): string {
    const text = this.#text;
    switch (this.#type) {
      case 's':
        return this.#book.strings[Number(text)] ?? '';
      case 'b':
        return text === '1' ? 'true' : 'false';
      // Errors of formulas, such as #N/A.
      case 'e':
        return '';
      case 'd':
        return text.replace(/T00:00:00(\.0+)?Z?$/, '');
      case 'n': {
        const value = Number(text);
        return Number.isFinite(value) ? numeral(value, this.#book.styles[this.#style], this.#book) : text;
      }
      default:
        return unescapeText(text);
    }
  }
}

/** Position of a column: A is 0, AA is 26. */
function columnOf(address: string): number {
  let column = 0;
  for (let index = 0; index < address.length; index++) {
    const letter = address.charCodeAt(index) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}

const dayMs = 86_400_000;

function numeral(value: number, form: NumberForm | undefined, book: Book): string {
  switch (form?.kind) {
    case 'digits':
      return Number.isInteger(value) && value >= 0
        ? String(value).padStart(form.width, '0')
        : numberText(value, book.locale);
    case 'elapsed':
      return elapsed(value);
    case 'date':
    case 'time':
    case 'dateTime':
      return momentText(value, form.kind, book) ?? numberText(value, book.locale);
    default:
      return numberText(value, book.locale);
  }
}

function elapsed(days: number): string {
  const seconds = Math.round(days * 86_400);
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

/** Days since the beginning of the workbook's calendar as ISO 8601, without a zone as Excel has none. */
function momentText(value: number, kind: 'date' | 'time' | 'dateTime', book: Book): string | null {
  if (value < 0 || value >= 2_958_466) return null;
  // Excel takes 1900 for a leap year: its days before March of that year are one off.
  const epoch = book.since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, value < 60 ? 31 : 30);
  const moment = new Date(epoch + Math.round((value * dayMs) / 1000) * 1000).toISOString();
  if (kind === 'time' && value < 1) return moment.slice(11, 19);
  return kind === 'date' || Number.isInteger(value) ? moment.slice(0, 10) : moment.slice(0, 19);
}
