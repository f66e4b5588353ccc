/** The lines that vCard and iCalendar are made of: `group.NAME;PARAMETER=value:value` (RFC 6350 § 3.3, RFC 5545 § 3.1). */
import { Readable } from 'node:stream';
import iconv from 'iconv-lite';
import { byteLines, type Source, textOf } from '../source.ts';

export interface ContentLine {
  /** Lines of one group belong together: `item1` of `item1.TEL`. Lower case, or ''. */
  group: string;
  /** Upper case. */
  name: string;
  /** Upper case → values. What version 2.1 writes without a name is a TYPE or ENCODING. */
  parameters: Map<string, string[]>;
  /** Decoded, but with its escapes. */
  value: string;
}

/** Letters of one line together with its continuations: pictures are the longest. */
const longest = 32 * 1024 ** 2;

/** The bytes of a file without its folds, which may cut a letter in two: by these its encoding is found. */
export function withoutFolds(source: Source): Source {
  const unfold = async function* () {
    let rest = '';
    for await (const chunk of source.bytes() as AsyncIterable<Buffer>) {
      rest += chunk.toString('latin1');
      yield Buffer.from(rest.slice(0, -2).replace(/\r?\n[ \t]/g, ''), 'latin1');
      rest = rest.slice(-2);
    }
    yield Buffer.from(rest, 'latin1');
  };
  return { name: source.name, bytes: () => Readable.from(unfold(), { objectMode: false }) };
}

/** Reads the lines of a file, folded ones put together; what is none is left out. */
export async function* contentLines(source: Source, encoding: string): AsyncGenerator<ContentLine> {
  let line = '';
  for await (const block of byteLines(source)) {
    for (const next of block) {
      if (continues(line, next)) {
        line = joined(line, next);
        continue;
      }
      const read = parseLine(line, encoding);
      if (read) yield read;
      line = next;
    }
  }
  const last = parseLine(line, encoding);
  if (last) yield last;
}

function joined(line: string, next: string): string {
  if (line.length > longest) return line;
  return soft(line) ? line.slice(0, -1) + next.trimStart() : line + next.slice(1);
}

function continues(line: string, next: string): boolean {
  return next.startsWith(' ') || next.startsWith('\t') || soft(line);
}

/** Quoted-printable has line ends of its own. */
function soft(line: string): boolean {
  return line.endsWith('=') && /^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(line.slice(0, 500));
}

function parseLine(line: string, encoding: string): ContentLine | null {
  const end = colonOf(line);
  if (end < 0) return null;
  const [path = '', ...rest] = cut(line.slice(0, end), ';', '"');
  const [name = '', group = ''] = path.trim().split('.').reverse();
  if (!/^[\w-]{1,100}$/.test(name)) return null;
  const parameters = new Map<string, string[]>();
  for (const part of rest) addParameter(parameters, part, encoding);
  const value = decodeValue(line.slice(end + 1), parameters, encoding);
  return { group: group.toLowerCase(), name: name.toUpperCase(), parameters, value };
}

/** The colon before the value: the first that stands in no quotes. */
function colonOf(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === ':' && !quoted) return at;
  }
  return line.indexOf(':');
}

function addParameter(parameters: Map<string, string[]>, part: string, encoding: string) {
  const at = part.indexOf('=');
  const bare = /^(QUOTED-PRINTABLE|BASE64|8BIT|7BIT)$/i.test(part) ? 'ENCODING' : 'TYPE';
  const name = at < 0 ? bare : part.slice(0, at).trim().toUpperCase();
  const values = cut(part.slice(at + 1), ',', '"')
    // RFC 6868 writes quotes and line ends with a circumflex.
    .map(text => text.replace(/^\s*"|"\s*$/g, '').replace(/\^([n'^])/g, (_, sign) => carets[sign as "'"]))
    // Some quote a list as a whole.
    .flatMap(text => (name === 'TYPE' ? text.split(',') : [text]));
  const known = parameters.get(name) ?? [];
  parameters.set(name, [...known, ...values.map(text => textOf(text, encoding).trim())]);
}

const carets = { n: '\n', "'": '"', '^': '^' };

function decodeValue(bytes: string, parameters: Map<string, string[]>, encoding: string): string {
  const stated = parameters.get('CHARSET')?.[0];
  const charset = stated && stated.length < 50 && iconv.encodingExists(stated) ? stated : encoding;
  const quoted = parameters.get('ENCODING')?.some(way => /^(quoted-printable|q)$/i.test(way));
  if (!quoted) return textOf(bytes, charset);
  const plain = bytes.replace(/=([\dA-F]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  // Without a charset the bytes are what is most likely today, unless they cannot be.
  if (stated) return textOf(plain, charset);
  const utf8 = textOf(plain, 'utf-8');
  return utf8.includes('\ufffd') ? textOf(plain, encoding === 'utf-8' ? 'windows-1252' : encoding) : utf8;
}

/** Cuts at a sign, but not within quotes. */
function cut(text: string, sign: string, quote: string): string[] {
  if (!text.includes(quote)) return text.split(sign);
  const pieces = [''];
  let quoted = false;
  for (const letter of text) {
    if (letter === quote) quoted = !quoted;
    if (letter === sign && !quoted) pieces.push('');
    else pieces[pieces.length - 1] += letter;
  }
  return pieces;
}

/** Cuts a value with several parts, such as a name or an address, and takes their escapes away. */
export function partsOf(value: string, sign: ';' | ','): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === sign) {
      pieces.push(value.slice(from, at));
      from = at + 1;
    }
  }
  return [...pieces, value.slice(from)].map(piece => plainText(piece).trim());
}

/** A value without its escapes. */
export function plainText(value: string): string {
  return value.replace(/\\([nN]|[\\,;:"])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign));
}
