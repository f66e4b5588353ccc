/** Where bytes of a table come from: a file on disk, a member of an archive, what was packed by gzip. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import iconv from 'iconv-lite';
import { FarleyError } from '../errors.ts';

export interface Source {
  /** What people call it; never used as a path. */
  name: string;
  /** Where it lies on disk as it is. */
  path?: string;
  /** In bytes, where that is known before it is read. */
  size?: number;
  /** Starts reading; each call from the beginning. */
  bytes(): Readable;
}

/** A file on disk. */
export async function fileSource(path: string, name: string): Promise<Source> {
  const found = await stat(path).catch(error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (!found?.isFile()) throw new FarleyError('invalidInput', `There is no file ${path}.`);
  return { name, path, size: found.size, bytes: () => createReadStream(path, { highWaterMark: 256 * 1024 }) };
}

/** The first bytes of a source; all, where it has fewer. */
export async function firstBytes(source: Source, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source.bytes() as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= count) break;
  }
  return Buffer.concat(chunks).subarray(0, count);
}

/** A source as a whole, where a format cannot be read in pieces. */
export async function allBytes(source: Source, most: number): Promise<Buffer> {
  const bytes = await firstBytes(source, most + 1);
  if (bytes.length > most)
    throw new FarleyError(
      'invalidInput',
      `${source.name} is larger than ${Math.floor(most / 1024 ** 2)} MiB. Save it as CSV, or as an Excel workbook of today (.xlsx).`,
    );
  return bytes;
}

/** Nothing that people keep is packed tighter; what grows more is made to fill disks. */
export const mostGrowth = 250;
/** Below this, growth does no harm. */
export const harmless = 64 * 1024 ** 2;

/** The content of what was packed by gzip. */
export function unpacked(source: Source): Source {
  return {
    name: source.name.replace(/\.gz$/i, ''),
    bytes: () => {
      const packed = source.bytes();
      let before = 0;
      let after = 0;
      packed.on('data', (chunk: Buffer) => {
        before += chunk.length;
      });
      const bounded = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          after += chunk.length;
          if (after > harmless && after > before * mostGrowth) done(tooTight(source.name));
          else done(null, chunk);
        },
      });
      const gunzip = createGunzip();
      gunzip.on('error', error => {
        if (/^Z_/.test((error as NodeJS.ErrnoException).code ?? ''))
          bounded.destroy(
            new FarleyError('invalidInput', `${source.name} cannot be unpacked: ${error.message}.`),
          );
      });
      return pipeline(packed, gunzip, bounded, () => {});
    },
  };
}

export function tooTight(name: string): FarleyError {
  return new FarleyError(
    'invalidInput',
    `${name} grows more than ${mostGrowth} times when it is unpacked. Unpack it yourself and import what is in it.`,
  );
}

/** Text of two or four bytes per character as UTF-8; other encodings, in which line ends are bytes, as they are. */
export function narrow(source: Source, encoding: string): { source: Source; encoding: string } {
  if (!/^(utf|ucs).?(16|32|2)/i.test(encoding)) return { source, encoding };
  const bytes = () =>
    pipeline(
      source.bytes(),
      iconv.decodeStream(encoding),
      iconv.encodeStream('utf-8'),
      () => {},
    ) as Readable & NodeJS.ReadWriteStream;
  return { source: { name: source.name, bytes }, encoding: 'utf-8' };
}

/** No line of a text format is longer. */
const longestLine = 64 * 1024 ** 2;

/** The lines of a source, a block at a time; one letter is one byte, so that each may be decoded in its own way. */
export async function* byteLines(source: Source): AsyncGenerator<string[]> {
  let rest = '';
  for await (const chunk of source.bytes() as AsyncIterable<Buffer>) {
    rest += chunk.toString('latin1');
    // Whether a CR at the very end is followed by an LF is not known yet.
    const end = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r', rest.length - 2));
    if (end < 0) {
      if (rest.length > longestLine) throw new FarleyError('invalidInput', 'A line is larger than 64 MiB.');
      continue;
    }
    const lines = rest.slice(0, end + 1).split(/\r\n|\n|\r/);
    lines.pop();
    rest = rest.slice(end + 1);
    yield lines;
  }
  if (rest !== '') yield rest.split(/\r\n|\n|\r/);
}

/** Text out of bytes that stand for letters. */
export function textOf(bytes: string, encoding: string): string {
  // What is plain ASCII is the same in all of them.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  return /^[\x00-\x7f]*$/.test(bytes) ? bytes : iconv.decode(Buffer.from(bytes, 'latin1'), encoding);
}
