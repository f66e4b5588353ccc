/** Tar as POSIX describes it (ustar), of plain files without owner or time: the same content gives the same bytes. */
import { FarleyError } from '../errors.ts';

const block = 512;
/** Bytes of one file at most: eleven octal digits. */
const largest = 8 ** 11 - 1;

/** The header of a file of `size` bytes. Its name has at most 255 letters of ASCII, with a slash within the last 100. */
export function tarHeader(name: string, size: number): Buffer {
  if (size > largest) throw new Error(`${name} has more than 8 GiB, which a tar does not take.`);
  const header = Buffer.alloc(block);
  const cut = name.length > 100 ? name.indexOf('/', name.length - 101) : -1;
  header.write(name.slice(cut + 1), 0, 100, 'ascii');
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  if (cut > 0) header.write(name.slice(0, cut), 345, 155, 'ascii');
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** What follows the content of a file of `size` bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

export const tarEnd = Buffer.alloc(2 * block);

function sumOf(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}

export interface TarEntry {
  name: string;
  /** Bytes. */
  size: number;
  /** To be read to its end before the next entry is asked for; what is left is passed over. */
  content: AsyncIterable<Buffer>;
}

export function damaged(why: string): FarleyError {
  return new FarleyError('invalidInput', `The archive is damaged: ${why}. Nothing was changed.`);
}

/** The files of a tar, one after the other. Throws `invalidInput` where it is none, or is cut off. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = reader(source);
  for (;;) {
    const header = await whole(bytes, block);
    if (header.every(byte => byte === 0)) return;
    const stated = Number.parseInt(header.toString('ascii', 148, 156), 8);
    const size = Number.parseInt(header.toString('ascii', 124, 136), 8);
    header.fill(' ', 148, 156);
    if (stated !== sumOf(header) || !Number.isSafeInteger(size))
      throw damaged('what should be the beginning of a file is something else');
    const prefix = textAt(header, 345, 155);
    const name = `${prefix ? `${prefix}/` : ''}${textAt(header, 0, 100)}`;
    const left = { bytes: size };
    yield { name, size, content: contentOf(bytes, left) };
    for await (const _ of contentOf(bytes, left));
    await whole(bytes, tarPadding(size).length);
  }
}

function textAt(header: Buffer, from: number, length: number): string {
  return header.toString('ascii', from, from + length).replace(/\0.*$/s, '');
}

async function* contentOf(bytes: Bytes, left: { bytes: number }): AsyncGenerator<Buffer> {
  while (left.bytes > 0) {
    const chunk = await bytes(left.bytes);
    if (!chunk) throw damaged('it ends in the midst of a file');
    left.bytes -= chunk.length;
    yield chunk;
  }
}

/** Answers the next bytes, one to `most` of them; null at the end. */
type Bytes = (most: number) => Promise<Buffer | null>;

function reader(source: AsyncIterable<Buffer>): Bytes {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  return async most => {
    while (held.length === 0) {
      const { value, done } = await chunks.next();
      if (done) return null;
      held = value;
    }
    const taken = held.subarray(0, most);
    held = held.subarray(taken.length);
    return taken;
  };
}

async function whole(bytes: Bytes, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let left = size; left > 0; ) {
    const chunk = await bytes(left);
    if (!chunk) throw damaged('its end is missing');
    parts.push(chunk);
    left -= chunk.length;
  }
  return Buffer.concat(parts);
}
