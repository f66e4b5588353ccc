/** Which encoding a file of text is in, and decoding it as a stream. */
import type { Readable } from 'node:stream';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { FarleyError } from '../errors.ts';
import { firstBytes, type Source } from './source.ts';

export interface Encoding {
  /** Name as iconv-lite knows it. */
  name: string;
  /** How sure it is: a byte order mark or valid UTF-8 prove it, statistics guess it, people state it. */
  how: 'stated' | 'mark' | 'valid' | 'guessed';
}

const sampleSize = 256 * 1024;
/** Below this, statistics over a few names with accents know less than the language of the workspace. */
const confident = 50;

/** What programs of the last century wrote, by language. */
const byLanguage: Record<string, string> = {
  ...spread('windows-1250', 'bs cs hr hu pl ro sk sl sq'),
  ...spread('windows-1251', 'be bg kk mk ru sr tg uk'),
  ...spread('windows-1253', 'el'),
  ...spread('windows-1254', 'az tr'),
  ...spread('windows-1255', 'he'),
  ...spread('windows-1256', 'ar fa ur'),
  ...spread('windows-1257', 'et lt lv'),
  ...spread('windows-1258', 'vi'),
};

/** Windows' own pages hold the ISO ones, and a euro sign and quotation marks where those have nothing. */
const wider: Record<string, string> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-9': 'windows-1254',
  ASCII: 'utf-8',
};

function spread(page: string, languages: string): Record<string, string> {
  return Object.fromEntries(languages.split(' ').map(language => [language, page]));
}

/** Finds out the encoding of a file. Reads it as a whole where only that can tell UTF-8 from others. */
export async function detectEncoding(source: Source, stated?: string, locale = 'en'): Promise<Encoding> {
  if (stated) {
    // Names such as `constructor` are none of the table's own; base64 and hex are no encodings of text.
    const plain = stated.toLowerCase().replace(/[^a-z0-9]/g, '');
    const known = stated.length < 50 && !(plain in Object.prototype) && !/^(base64|hex)$/.test(plain);
    if (known && iconv.encodingExists(stated)) return { name: stated, how: 'stated' };
    throw new FarleyError(
      'invalidInput',
      `The encoding ${stated.slice(0, 50)} is not known. Try utf-8, utf-16le or windows-1252.`,
    );
  }
  const marked = markedEncoding(await firstBytes(source, 4096));
  if (marked) return marked;
  const odd = await firstInvalid(source);
  if (odd === null) return { name: 'utf-8', how: 'valid' };
  return { name: guess(odd, locale), how: 'guessed' };
}

/** What the first bytes prove: a mark, or the zeros of wide characters. */
export function markedEncoding(start: Buffer): Encoding | null {
  return byMark(start) ?? byZeros(start);
}

const marks: [number[], string][] = [
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

function byMark(start: Buffer): Encoding | null {
  const found = marks.find(([bytes]) => bytes.every((byte, index) => start[index] === byte));
  return found ? { name: found[1], how: 'mark' } : null;
}

/** UTF-16 without a mark: the delimiters and line ends alone put zeros on one side of the pairs. */
function byZeros(start: Buffer): Encoding | null {
  const zeros = [0, 0];
  for (const [index, byte] of start.entries()) if (byte === 0) zeros[index % 2]!++;
  const few = start.length / 40;
  const [even, odd] = zeros as [number, number];
  if (odd > few && odd > even * 4) return { name: 'utf-16le', how: 'guessed' };
  return even > few && even > odd * 4 ? { name: 'utf-16be', how: 'guessed' } : null;
}

/** A sample that starts shortly before the first bytes that are not UTF-8; null where all are. */
async function firstInvalid(source: Source): Promise<Buffer | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const chunks: Buffer[] = [];
  let size = 0;
  let before: Buffer = Buffer.alloc(0);
  for await (const chunk of source.bytes() as AsyncIterable<Buffer>) {
    const valid = size === 0 && decodes(decoder, chunk);
    if (!valid) {
      const lines = linesWithAccents(size === 0 ? Buffer.concat([before.subarray(-64), chunk]) : chunk);
      chunks.push(lines);
      size += lines.length;
      if (size > sampleSize) break;
    }
    before = chunk;
  }
  if (size > 0) return Buffer.concat(chunks);
  return decodes(decoder) ? null : linesWithAccents(before);
}

function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** Lines of plain ASCII tell nothing and would drown the others. */
function linesWithAccents(chunk: Buffer): Buffer {
  const lines: Buffer[] = [];
  for (let from = 0; from < chunk.length; ) {
    const end = chunk.indexOf(10, from);
    const line = chunk.subarray(from, end < 0 ? chunk.length : end + 1);
    if (line.some(byte => byte > 127)) lines.push(line);
    from += line.length;
  }
  return Buffer.concat(lines);
}

function guess(sample: Buffer, locale: string): string {
  const [best] = analyse(sample).filter(
    match => iconv.encodingExists(match.name) && !/^UTF/.test(match.name),
  );
  if (best && best.confidence >= confident) return wider[best.name] ?? best.name;
  return byLanguage[locale.slice(0, 2)] ?? (best ? (wider[best.name] ?? best.name) : 'windows-1252');
}

/** The text of a file, as a stream; a byte order mark is left out. */
export function decoded(source: Source, encoding: string): { bytes: Readable; text: NodeJS.ReadWriteStream } {
  return { bytes: source.bytes(), text: iconv.decodeStream(encoding) };
}

/** The beginning of a file as text. */
export async function beginning(source: Source, encoding: string, bytes = 128 * 1024): Promise<string> {
  return iconv.decode(await firstBytes(source, bytes), encoding);
}
