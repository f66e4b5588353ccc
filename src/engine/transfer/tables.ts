/** The one door for files: whatever the format, tables of rows. What a file is, its content tells. */
import { FarleyError } from '../errors.ts';
import { isContent } from './contents.ts';
import { detectEncoding, markedEncoding } from './encoding.ts';
import { withoutFolds } from './formats/content-lines.ts';
import { openICalendar } from './formats/icalendar.ts';
import { openJson } from './formats/json.ts';
import { openMail } from './formats/mail.ts';
import { openVcard } from './formats/vcard.ts';
import { openWorkbook } from './formats/workbook.ts';
import { openXlsx } from './formats/xlsx.ts';
import { type Member, openZip } from './formats/zip.ts';
import { openRows } from './read-rows.ts';
import { fileSource, firstBytes, harmless, type Source, unpacked } from './source.ts';
import type { FileOptions, KeepFile, TableFile } from './table.ts';

/** Bytes by which a format is told. */
const seen = 128 * 1024;

/**
 * Opens a file and names its tables: one of a CSV, one per sheet of a workbook, all of an archive's members. `locale` is
 * the workspace's: it decides between encodings, and how numbers are written. `keep` takes in what is attached to rows. Memory does not grow with the rows, but for
 * old workbooks, which are read whole and bounded. Throws `invalidInput` where nothing can be read, and says why.
 */
export async function openTables(
  path: string,
  name: string,
  options: FileOptions = {},
  locale = 'en',
  keep: KeepFile | null = null,
): Promise<TableFile[]> {
  const source = await fileSource(path, name);
  return named(await new Opener(options, locale, keep).open(source), options.table);
}

/** Opens a file and picks the table that is meant: the one that is named, or the only one. */
export async function openTable(
  path: string,
  name: string,
  options: FileOptions = {},
  locale = 'en',
  keep: KeepFile | null = null,
): Promise<TableFile> {
  const tables = await openTables(path, name, options, locale, keep);
  const [only] = tables;
  if (only && tables.length === 1) return only;
  const listed = tables.slice(0, 20).map(table => `“${table.name}”`);
  if (tables.length > 20) listed.push('…');
  throw new FarleyError(
    'invalidInput',
    `The file holds several tables: ${listed.join(', ')}. Say in file.table of the map which one is meant.`,
  );
}

/** Names are made different, so that each can be asked for. */
function named(tables: TableFile[], wanted: string | undefined): TableFile[] {
  const used = new Set<string>();
  const all = tables.map(table => {
    let { name } = table;
    for (let count = 2; used.has(name); count++) name = `${table.name} (${count})`;
    used.add(name);
    return { ...table, name };
  });
  if (wanted === undefined) return all;
  const found = all.filter(({ name }) => name === wanted);
  if (found.length === 0)
    throw new FarleyError('invalidInput', `The file has no table called ${wanted.slice(0, 100)}.`);
  return found;
}

class Opener {
  readonly #options: FileOptions;
  readonly #locale: string;
  readonly #keep: KeepFile | null;

  constructor(options: FileOptions, locale: string, keep: KeepFile | null) {
    this.#keep = keep;
    // Which table is meant is known once all are named.
    const { table: _, ...rest } = options;
    this.#options = rest;
    this.#locale = locale;
  }

  /** The tables of a file; throws where it has none. */
  async open(source: Source, within: 'nothing' | 'gzip' | 'zip' = 'nothing'): Promise<TableFile[]> {
    const start = await firstBytes(source, seen);
    const bytes = start.toString('latin1', 0, 16);
    const refused = refusals.find(([mark]) =>
      typeof mark === 'string' ? bytes.startsWith(mark) : mark.test(bytes),
    );
    if (refused)
      throw new FarleyError(
        'invalidInput',
        `${source.name} is ${refused[1]}. Save the data as CSV and import that.`,
      );
    let tables: TableFile[];
    if (bytes.startsWith('\x1f\x8b')) {
      if (within !== 'nothing') throw nested(source);
      return this.open(unpacked(source), 'gzip');
    }
    if (bytes.startsWith('PK\x03\x04') || bytes.startsWith('PK\x05\x06'))
      tables = await this.#archive(source, within);
    else if (bytes.startsWith('\xd0\xcf\x11\xe0'))
      tables = await openWorkbook(source, 'xls', this.#options, this.#locale);
    else tables = await this.#text(source, start);
    if (tables.length === 0)
      throw new FarleyError(
        'invalidInput',
        start.toString().trim() ? `${source.name} holds no rows.` : 'The file is empty.',
      );
    return tables;
  }

  async #archive(source: Source, within: string): Promise<TableFile[]> {
    const members = await openZip(source);
    const has = (name: string) => members.some(member => member.name.toLowerCase() === name);
    if (has('xl/workbook.bin')) return this.#whole(source, 'xlsb', members);
    if (has('[content_types].xml') && members.some(({ name }) => /^\/?xl\//i.test(name)))
      return openXlsx(members, this.#options, this.#locale);
    if (has('[content_types].xml') && has('word/document.xml'))
      throw new FarleyError('invalidInput', `${source.name} is a Word document. Save its table as CSV.`);
    if (has('mimetype') && has('content.xml')) return this.#whole(source, 'ods', members);
    if (within !== 'nothing') throw nested(source);
    return this.#members(source, members);
  }

  #whole(source: Source, format: 'xlsb' | 'ods', members: Member[]) {
    if (members.reduce((sum, { size }) => sum + size, 0) > 8 * harmless)
      throw new FarleyError(
        'invalidInput',
        `${source.name} is too large to be read whole. Save it as an Excel workbook of today (.xlsx) or as CSV.`,
      );
    return openWorkbook(source, format, this.#options, this.#locale);
  }

  /** What cannot be read of an archive is told beside what can. */
  async #members(source: Source, members: Member[]): Promise<TableFile[]> {
    const tables: TableFile[] = [];
    const notes: string[] = [];
    const readable = members.filter(({ name }) => !hidden.test(name) && !isContent(name));
    for (const member of readable) {
      const [short = member.name] = member.name.split(/[\\/]/).slice(-1);
      try {
        const found = await this.open({ ...member, name: short }, 'zip');
        const only = found.length === 1;
        tables.push(...found.map(table => ({ ...table, name: only ? short : `${short} / ${table.name}` })));
      } catch (error) {
        if (!(error instanceof FarleyError)) throw error;
        notes.push(`${short} was left out: ${error.message}`);
      }
    }
    if (readable.length === 0 && members.some(({ name }) => isContent(name)))
      throw new FarleyError(
        'invalidInput',
        `${source.name} holds contents of files, but no table that says whose they are. Give it together with the archive that holds the tables.`,
      );
    if (tables.length === 0)
      throw new FarleyError(
        'invalidInput',
        [`${source.name} holds nothing that can be imported.`, ...notes.slice(0, 3)].join(' '),
      );
    return tables.map(table => ({ ...table, notes: [...table.notes, ...notes] }));
  }

  async #text(source: Source, start: Buffer): Promise<TableFile[]> {
    const format = textFormat(start, source.name);
    if (format === 'mbox' || format === 'eml') return openMail(source, format, this.#keep);
    if (format === 'csv') {
      const table = await openRows(source, this.#options, this.#locale);
      return table ? [table] : [];
    }
    const plain = format === 'vcard' || format === 'icalendar' ? withoutFolds(source) : source;
    const encoding = await detectEncoding(plain, this.#options.encoding, this.#locale);
    if (format === 'vcard') return openVcard(source, encoding);
    if (format === 'icalendar') return openICalendar(source, encoding);
    return openJson(source, encoding, format, this.#locale);
  }
}

function nested(source: Source): FarleyError {
  return new FarleyError(
    'invalidInput',
    `${source.name} is an archive within an archive. Unpack it and import that.`,
  );
}

/** Members that programs add for themselves. */
const hidden = /(^|[\\/])(__MACOSX[\\/]|\.[^.\\/]|Thumbs\.db$|desktop\.ini$)/i;

/** What files of other programs begin with. Read as text they would be rows of rubbish. */
const refusals: [string | RegExp, string][] = [
  ['%PDF-', 'a PDF'],
  ['\x89PNG', 'a picture'],
  ['\xff\xd8\xff', 'a picture'],
  [/^GIF8[79]a/, 'a picture'],
  ['Rar!', 'an archive of WinRAR'],
  ['7z\xbc\xaf', 'an archive of 7-Zip'],
  ['!BDN', 'a mailbox of Outlook'],
  ['SQLite format 3', 'a database'],
  [/^(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml)/i, 'a web page or another XML document'],
];

type TextFormat = 'csv' | 'json' | 'ndjson' | 'vcard' | 'icalendar' | 'mbox' | 'eml';

/** What a text is, by how it begins; the name decides only where that says two things. */
function textFormat(start: Buffer, name: string): TextFormat {
  const wide = markedEncoding(start);
  const text =
    wide && /^utf-(16|32)/.test(wide.name) ? new TextDecoder(wide.name).decode(start) : start.toString();
  const plain = text.replace(/^[\ufeff\s]+/, '');
  if (/^BEGIN:VCARD\b/i.test(plain)) return 'vcard';
  if (/^BEGIN:VCALENDAR\b/i.test(plain)) return 'icalendar';
  if (/\.(ics|ical|vcs)$/i.test(name) && /^BEGIN:V(CALENDAR|EVENT|TODO)\b/im.test(plain)) return 'icalendar';
  if (/\.(vcf|vcard)$/i.test(name) && /^BEGIN:VCARD\b/im.test(plain)) return 'vcard';
  if (/^\{\s*("|\})|^\[\s*[[{\]"]/.test(plain)) return jsonFormat(plain, name);
  return mailFormat(plain, name) ?? 'csv';
}

function jsonFormat(text: string, name: string): TextFormat {
  if (text.startsWith('[')) return /^\[[^[\]{}]*\]\s*[,;\t]/.test(text) ? 'csv' : 'json';
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
  const [first = '', ...others] = text.split('\n');
  return isJson(first) && others.some(line => line.trim().startsWith('{')) ? 'ndjson' : 'json';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const mailHeader =
  /^(received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-type|content-transfer-encoding|reply-to|sender|x-[\w-]+|dkim-signature|authentication-results|importance|priority|status)[ \t]*:/i;

function mailFormat(text: string, name: string): 'mbox' | 'eml' | null {
  const lines = text.split(/\r\n|\n|\r/, 200);
  const envelope = /^>?From \S/.test(lines[0] ?? '') ? 1 : 0;
  if (envelope && /^From \S.*\d:\d\d/.test(lines[0]!) && !/\.(eml|msg)$/i.test(name)) return 'mbox';
  const end = lines.findIndex((line, index) => index >= envelope && line.trim() === '');
  const head = lines.slice(envelope, end < 0 ? undefined : end);
  const known = head.filter(line => mailHeader.test(line)).length;
  const proper = head.every(line => /^[!-9;-~]+\s*:|^[ \t]/.test(line));
  const enough = /\.(eml|msg|email)$/i.test(name)
    ? known >= 1
    : proper && known >= 2 && mailHeader.test(head[0] ?? '');
  return enough ? 'eml' : null;
}
