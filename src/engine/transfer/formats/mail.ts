/** E-mails: one message (.eml, RFC 5322) or a mailbox of them (mbox, RFC 4155). One row per message. */

import type { Address, Attachment, Email } from 'postal-mime';
import { FarleyError } from '../../errors.ts';
import type { Source } from '../source.ts';
import { type FileRecord, type KeepFile, type RowAttachment, recordTable, type TableFile } from '../table.ts';
import { textOfHtml } from './html.ts';
import { takenApart } from './mail-thread.ts';

const order = [
  ...['Message-ID', 'Date', 'From', 'From name', 'To', 'Cc', 'Bcc', 'Reply-To', 'Subject', 'Text'],
  ...['In-Reply-To', 'References', 'Attachments'],
];

/** Of a message no more is read: what comes last are attachments, which are left out anyway. */
const longestMessage = 64 * 1024 ** 2;
/** As many letters as a long text holds. */
const longestText = 1_000_000;
/** Milliseconds that one message may take: of a file that somebody brings, and of a letter that anybody sends. */
const patienceOfImports = 60_000;
const patienceOfLetters = 10_000;

/** The messages of a file. Of attachments the names are told; where `keep` takes them, they come along. */
export async function openMail(
  source: Source,
  format: 'mbox' | 'eml',
  keep: KeepFile | null,
): Promise<TableFile[]> {
  let attached = 0;
  // The first reading is for the columns.
  let looking = true;
  const read = async function* () {
    attached = 0;
    for await (const bytes of format === 'mbox' ? mailbox(source) : single(source)) {
      const message = await parse(bytes);
      if (message.attachments.length > 0) attached++;
      const record: FileRecord = recordOf(message);
      if (keep && !looking) record.files = await attachments(message, keep);
      yield record;
    }
  };
  const table = await recordTable(read, order);
  looking = false;
  if (!table) return [];
  const notes =
    attached > 0 && !keep ? [`Attachments of ${attached} messages were left out; their names are told.`] : [];
  return [{ name: source.name, format, notes, ...(keep ? { filesColumn: 'Attachments' } : {}), ...table }];
}

/** Each is taken in by itself, so that no more than one message is in memory. */
async function attachments(message: Email, keep: KeepFile): Promise<RowAttachment[]> {
  const kept: RowAttachment[] = [];
  for (const attachment of message.attachments)
    kept.push({ ...described(attachment), ...(await keep(contentOf(attachment))) });
  return kept;
}

const described = ({ filename, mimeType }: Attachment) => ({
  name: (filename?.trim() || 'unnamed').slice(0, 250),
  mediaType: mimeType || 'application/octet-stream',
});

const contentOf = ({ content }: Attachment) =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);

async function* single(source: Source): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source.bytes() as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestMessage) break;
  }
  const bytes = Buffer.concat(chunks);
  const envelope = /^\s*>?From .*\r?\n/.exec(bytes.toString('latin1', 0, 1_000));
  yield bytes.subarray(envelope?.[0].length ?? 0);
}

const separator = /^From \S.*\d:\d\d.*$/;
const newLine = 10;

/** Cuts a mailbox where a line begins with From, behind an empty one. */
async function* mailbox(source: Source): AsyncGenerator<Buffer> {
  let message: Buffer[] | null = null;
  let size = 0;
  let empty = true;
  for await (const line of fullLines(source)) {
    if (empty && isSeparator(line)) {
      if (message) yield Buffer.concat(message);
      [message, size, empty] = [[], 0, false];
      continue;
    }
    empty = line.length <= 2 && line.toString('latin1').trim() === '';
    if (size < longestMessage) message?.push(unquoted(line));
    size += line.length;
  }
  if (message) yield Buffer.concat(message);
}

/** Lines with their ends. */
async function* fullLines(source: Source): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source.bytes() as AsyncIterable<Buffer>) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = rest.indexOf(newLine); end >= 0; end = rest.indexOf(newLine, from)) {
      yield rest.subarray(from, end + 1);
      from = end + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > longestMessage)
      throw new FarleyError('invalidInput', `A line of ${source.name} is larger than 64 MiB.`);
  }
  if (rest.length > 0) yield rest;
}

function isSeparator(line: Buffer): boolean {
  return line.length < 500 && line[0] === 70 && separator.test(line.toString('latin1').trimEnd());
}

/** A line of the message that begins with From has a mark in front. */
function unquoted(line: Buffer): Buffer {
  return line[0] === 62 && /^>+From /.test(line.toString('latin1', 0, 20)) ? line.subarray(1) : line;
}

function parse(given: Buffer, patience = patienceOfImports): Promise<Email> {
  // Old programs of the Mac end lines with CR alone.
  const bytes = given.includes(newLine)
    ? given
    : Buffer.from(given.toString('latin1').replaceAll('\r', '\n'), 'latin1');
  return takenApart(bytes, patience);
}

/** A message as it came, for who takes it in by itself. */
export interface Message {
  /** Message-ID; null where it has none. */
  id: string | null;
  /** ISO 8601; null where it does not say, or nothing credible. */
  sentAt: string | null;
  from: Mailbox | null;
  replyTo: Mailbox | null;
  /** Addresses with semicolons between them. */
  to: string;
  cc: string;
  subject: string;
  /** What is to be read of it, also where it is a page. */
  text: string;
  inReplyTo: string | null;
  /** What a header says, small letters; all of them where it stands there more than once. */
  headers(name: string): string[];
  attachments: { name: string; mediaType: string; content: Buffer }[];
}

export interface Mailbox {
  name: string;
  address: string;
}

/**
 * Reads one message (RFC 5322), as imports do. What is no message at all has neither sender nor text. Throws `invalidInput`
 * where it cannot be read in ten seconds, `overloaded` where many wait.
 */
export async function readMessage(given: Buffer): Promise<Message> {
  const envelope = /^\s*>?From .*\r?\n/.exec(given.toString('latin1', 0, 1_000));
  const message = await parse(given.subarray(envelope?.[0].length ?? 0), patienceOfLetters);
  const told = recordOf(message);
  const text = (column: string) => told.get(column) ?? '';
  const date = text('Date');
  return {
    id: told.get('Message-ID') ?? null,
    sentAt: /^\d{4}-\d\d-\d\dT/.test(date) ? date : null,
    from: mailboxOf(message.from ? [message.from] : []),
    replyTo: mailboxOf(message.replyTo ?? []),
    to: text('To'),
    cc: text('Cc'),
    subject: text('Subject'),
    text: text('Text'),
    inReplyTo: told.get('In-Reply-To') ?? null,
    headers: name =>
      message.headers.filter(({ key }) => key === name).map(({ value }) => value.trim().toLowerCase()),
    attachments: message.attachments.map(attachment => ({
      ...described(attachment),
      content: contentOf(attachment),
    })),
  };
}

function mailboxOf(list: Address[]): Mailbox | null {
  const [first] = flat(list).filter(({ address }) => address?.includes('@'));
  return first ? { name: first.name.trim(), address: first.address!.trim() } : null;
}

function recordOf(message: Email): FileRecord {
  const record: FileRecord = new Map();
  const put = (column: string, text: string | undefined) => {
    if (text?.trim()) record.set(column, text.trim());
  };
  const [from] = flat(message.from ? [message.from] : []);
  put('Message-ID', message.messageId);
  put('Date', dateText(message.date));
  put('From', from?.address);
  put('From name', from?.name);
  put('To', addresses(message.to));
  put('Cc', addresses(message.cc));
  put('Bcc', addresses(message.bcc));
  put('Reply-To', addresses(message.replyTo));
  put('Subject', message.subject);
  put(
    'Text',
    (message.text?.trim() ? message.text : textOfHtml((message.html ?? '').slice(0, 4 * longestText))).slice(
      0,
      longestText,
    ),
  );
  put('In-Reply-To', message.inReplyTo);
  put('References', message.references);
  put('Attachments', message.attachments.map(({ filename }) => filename ?? 'unnamed').join(';'));
  return record;
}

/** A moment as ISO 8601; what is none stays as it is. */
function dateText(date: string | undefined): string {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? (date ?? '') : new Date(time).toISOString();
}

function flat(list: Address[]): { name: string; address?: string }[] {
  return list.flatMap(one => (one.group ? one.group : [one]));
}

function addresses(list: Address[] | undefined): string {
  return flat(list ?? [])
    .map(({ address, name }) => address || name)
    .filter(Boolean)
    .join(';');
}
