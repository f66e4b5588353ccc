/** vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): one row per card. Pictures, sounds and keys are left out. */
import type { Encoding } from '../encoding.ts';
import { narrow, type Source } from '../source.ts';
import { type FileRecord, recordTable, type TableFile } from '../table.ts';
import { type ContentLine, contentLines, partsOf, plainText } from './content-lines.ts';

const nameParts = ['Last name', 'First name', 'Middle name', 'Prefix', 'Suffix'];
const addressParts = ['PO box', 'Address extra', 'Street', 'City', 'Region', 'Postal code', 'Country'];

/** The columns that people expect first. */
const order = [
  'Formatted name',
  ...['Prefix', 'First name', 'Middle name', 'Last name', 'Suffix', 'Nickname'],
  ...['Email', 'Email 2', 'Email 3'],
  ...['Phone', 'Phone (work)', 'Phone (mobile)', 'Phone (home)'],
  ...['Organisation', 'Department', 'Title', 'Role'],
  ...['', ' (work)', ' (home)'].flatMap(kind => addressParts.slice(2).map(part => part + kind)),
  ...['Birthday', 'Anniversary', 'Website', 'Categories', 'Note', 'UID'],
];

const mostLines = 10_000;

/** Of a person's data no text. */
const leftOut = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY', 'X-MS-CARDPICTURE', 'X-EVOLUTION-X509']);
/** Of the file, not of the person. */
const ofFile = new Set([
  'VERSION',
  'PRODID',
  'SORT-STRING',
  'X-ABLABEL',
  'X-ABADR',
  'AGENT',
  'CLASS',
  'LABEL',
  'PROFILE',
  'SOURCE',
  'NAME',
  'MAILER',
  'CLIENTPIDMAP',
]);

const simple: Record<string, string> = {
  FN: 'Formatted name',
  NICKNAME: 'Nickname',
  TITLE: 'Title',
  ROLE: 'Role',
  NOTE: 'Note',
  UID: 'UID',
  REV: 'Changed',
  TZ: 'Time zone',
  GEO: 'Position',
  KIND: 'Kind',
  GENDER: 'Gender',
  LANG: 'Language',
  EMAIL: 'Email',
  RELATED: 'Related',
  MEMBER: 'Member',
  'X-GENDER': 'Gender',
  'X-SPOUSE': 'Spouse',
  'X-ANNIVERSARY': 'Anniversary',
  'X-EVOLUTION-ANNIVERSARY': 'Anniversary',
};

/** The cards of a file, or null where it has none. */
export async function openVcard(source: Source, encoding: Encoding): Promise<TableFile[]> {
  const bytes = narrow(source, encoding.name);
  const omitted = new Set<number>();
  const read = () => cards(contentLines(bytes.source, bytes.encoding), omitted);
  const table = await recordTable(read, order);
  if (!table) return [];
  const notes = omitted.size > 0 ? [`Pictures, sounds and keys of ${omitted.size} cards were left out.`] : [];
  return [{ name: source.name, format: 'vcard', encoding, notes, ...table }];
}

async function* cards(lines: AsyncGenerator<ContentLine>, omitted: Set<number>): AsyncGenerator<FileRecord> {
  let card: ContentLine[] | null = null;
  let count = 0;
  for await (const line of withoutAgents(lines)) {
    const begins = isBound(line, 'BEGIN');
    if (begins || isBound(line, 'END')) {
      // One that never ended ends where the next begins.
      if (card) yield recordOf(card);
      card = begins ? [] : null;
      count++;
    } else if (leftOut.has(line.name)) omitted.add(count);
    else if (card && card.length < mostLines) card.push(line);
  }
  if (card) yield recordOf(card);
}

/** An agent's card stands within another. */
async function* withoutAgents(lines: AsyncGenerator<ContentLine>): AsyncGenerator<ContentLine> {
  let depth = 0;
  let last = '';
  for await (const line of lines) {
    if (isBound(line, 'BEGIN') && (depth > 0 || last === 'AGENT')) depth++;
    else if (depth > 0 && isBound(line, 'END')) depth--;
    else if (depth === 0) yield line;
    last = line.name;
  }
}

function isBound({ name, value }: ContentLine, bound: 'BEGIN' | 'END'): boolean {
  return name === bound && /^\s*vcard\s*$/i.test(value);
}

function recordOf(lines: ContentLine[]): FileRecord {
  const record: FileRecord = new Map();
  const labels = new Map(
    lines.filter(line => line.name === 'X-ABLABEL').map(line => [line.group, labelText(line.value)]),
  );
  for (const line of lines) addLine(record, line, labels.get(line.group) ?? null);
  return record;
}

/** Apple writes its own words as `_$!<Mobile>!$_`. */
function labelText(value: string): string {
  return plainText(value)
    .replace(/^_\$!<(.*)>!\$_$/, '$1')
    .trim()
    .toLowerCase();
}

function addLine(record: FileRecord, line: ContentLine, label: string | null) {
  const { name, value } = line;
  const known = simple[name];
  if (known !== undefined) return put(record, known, '', plainText(value).trim());
  if (ofFile.has(name)) return;
  switch (name) {
    case 'N':
      return putParts(record, nameParts, '', partsOf(value, ';'));
    case 'ADR':
      return putParts(record, addressParts, kindOf(line, label), partsOf(value, ';'));
    case 'ORG': {
      const [organisation = '', ...units] = partsOf(value, ';');
      put(record, 'Organisation', '', organisation);
      return put(record, 'Department', '', units.filter(Boolean).join(', '));
    }
    case 'TEL':
      return put(record, 'Phone', phoneKind(line, label), plainText(value).replace(/^tel:/i, '').trim());
    case 'BDAY':
    case 'ANNIVERSARY':
      return put(record, name === 'BDAY' ? 'Birthday' : 'Anniversary', '', dayText(plainText(value).trim()));
    case 'URL':
      return put(record, 'Website', '', plainText(value).trim());
    case 'CATEGORIES':
      return put(record, 'Categories', '', partsOf(value, ',').filter(Boolean).join(';'), ';');
    case 'IMPP':
    case 'X-SOCIALPROFILE':
      return put(
        record,
        name === 'IMPP' ? 'Messenger' : 'Profile',
        kindOf(line, label),
        plainText(value).trim(),
      );
    default:
      return put(record, name, '', plainText(value).trim());
  }
}

/** Puts a value into its column, or the next one of that name: Email, Email 2, Email 3. */
function put(record: FileRecord, base: string, kind: string, text: string, join?: string) {
  if (text === '') return;
  const column = kind ? `${base} (${kind})` : base;
  const there = record.get(column);
  if (there === undefined) record.set(column, text);
  else if (join) record.set(column, `${there}${join}${text}`);
  else if (there !== text) {
    let count = 2;
    while (record.has(`${column} ${count}`) && record.get(`${column} ${count}`) !== text) count++;
    record.set(`${column} ${count}`, text);
  }
}

/** Puts parts that belong together, all with the same number behind. */
function putParts(record: FileRecord, names: string[], kind: string, parts: string[]) {
  const columns = (count: number) =>
    names.map(name => `${name}${kind && ` (${kind})`}${count > 1 ? ` ${count}` : ''}`);
  let count = 1;
  while (columns(count).some(column => record.has(column))) count++;
  for (const [index, column] of columns(count).entries()) {
    const text = parts[index] ?? '';
    if (text !== '') record.set(column, text);
  }
}

function typesOf(line: ContentLine): Set<string> {
  return new Set((line.parameters.get('TYPE') ?? []).map(type => type.toLowerCase()));
}

function kindOf(line: ContentLine, label: string | null): string {
  if (label) return label;
  const types = typesOf(line);
  return ['work', 'home', 'other'].find(kind => types.has(kind)) ?? '';
}

function phoneKind(line: ContentLine, label: string | null): string {
  if (label) return label === 'iphone' ? 'mobile' : label;
  const types = typesOf(line);
  const place = ['work', 'home'].find(kind => types.has(kind)) ?? '';
  if (types.has('fax')) return `${place} fax`.trim();
  if (types.has('cell')) return place === 'work' ? 'work mobile' : 'mobile';
  return types.has('pager') ? 'pager' : place || (types.has('car') ? 'car' : '');
}

/** 19850412 and 1985-04-12T00:00:00Z are 1985-04-12; days without a year stay as they are. */
function dayText(text: string): string {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})(T.*)?$/.exec(text) ?? [];
  return year ? `${year}-${month}-${day}` : text;
}
