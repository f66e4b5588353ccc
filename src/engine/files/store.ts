/** File contents, by their SHA-256 under the data directory: the same content is kept once. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isFull, requireRoom } from '../db/space.ts';
import { FarleyError } from '../errors.ts';
import { newId } from '../id.ts';

/** Bytes of a file at most: what can be imported can be uploaded. */
export const maxFile = 100 * 1024 ** 3;

export interface StoredFile {
  hash: string;
  /** Bytes. */
  size: number;
}

export interface FileStore {
  /** Takes a stream in; refuses more than `limit` bytes with `tooLarge`. */
  put(content: Readable, limit: number): Promise<StoredFile>;
  /** As a whole, or a part of it, both ends included. `size`: that of the whole, in bytes. */
  open(hash: string, part?: { start: number; end: number }): Promise<{ stream: Readable; size: number }>;
  /** Bytes. */
  size(hash: string): Promise<number>;
  /** A path to read from, for code that streams a file itself. */
  path(hash: string): string;
  /** The SHA-256 of all contents that nobody has taken in for `quiet` milliseconds. */
  stored(quiet: number): AsyncIterable<string>;
  /** Removes a content, and answers its bytes; null where it is gone, or was taken in within the last `quiet` milliseconds. */
  remove(hash: string, quiet: number): Promise<number | null>;
  /** Removes what uploads that were broken off have left and nobody has written to for `quiet` milliseconds. */
  tidy(quiet: number): Promise<void>;
}

const draft = /^draft-/;

/** Why a stream is not taken further; null while nothing speaks against it. */
function problemWith(size: number, limit: number, room: () => void): Error | null {
  if (size > limit)
    return new FarleyError('tooLarge', `A file has at most ${Math.floor(limit / 1024 / 1024)} MiB.`);
  try {
    room();
    return null;
  } catch (error) {
    return error as Error;
  }
}

const missing = () => new FarleyError('notFound', 'This file has no content in the data directory.');

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch(() => {
    throw missing();
  });
  return size;
}

async function* oldContents(directory: string, quiet: number): AsyncGenerator<string> {
  const folders = (await readdir(directory).catch(() => [])).filter(name => /^[0-9a-f]{2}$/.test(name));
  for (const folder of folders)
    for (const name of await readdir(join(directory, folder)).catch(() => [])) {
      if (!/^[0-9a-f]{64}$/.test(name)) continue;
      const found = await stat(join(directory, folder, name)).catch(() => null);
      if (found?.isFile() && Date.now() - found.mtimeMs >= quiet) yield name;
    }
}

/** Removes a content unless it is young; answers its bytes. It goes aside first: whoever takes the same in meanwhile puts it there anew. */
async function removed(path: string, aside: string, quiet: number): Promise<number | null> {
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return null;
  const { size, mtimeMs } = await stat(aside);
  const old = Date.now() - mtimeMs >= quiet;
  await (old ? rm(aside, { force: true }) : rename(aside, path));
  return old ? size : null;
}

export function fileStore(directory: string): FileStore {
  // The database may be on the same disk, and needs what is kept back.
  const room = requireRoom(dirname(directory));
  const path = (hash: string) => {
    // Whatever a record says, it names no other file of the machine.
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) throw missing();
    return join(directory, hash.slice(0, 2), hash);
  };
  return {
    path,
    put: async (content, limit) => {
      room();
      await mkdir(directory, { recursive: true });
      const partial = join(directory, `draft-${newId()}`);
      const digest = createHash('sha256');
      let size = 0;
      const measure = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          size += chunk.length;
          digest.update(chunk);
          const problem = problemWith(size, limit, room);
          if (problem) done(problem);
          else done(null, chunk);
        },
      });
      try {
        await pipeline(content, measure, createWriteStream(partial, { flush: true }));
        const hash = digest.digest('hex');
        await mkdir(join(directory, hash.slice(0, 2)), { recursive: true });
        await rename(partial, path(hash));
        return { hash, size };
      } catch (error) {
        await rm(partial, { force: true });
        throw isFull(error) ? new FarleyError('diskFull') : error;
      }
    },
    open: async (hash, part) => ({
      size: await sizeOf(path(hash)),
      stream: createReadStream(path(hash), part),
    }),
    size: async hash => sizeOf(path(hash)),
    stored: quiet => oldContents(directory, quiet),
    remove: (hash, quiet) => removed(path(hash), join(directory, `draft-${newId()}`), quiet),
    tidy: async quiet => {
      const names = (await readdir(directory).catch(() => [])).filter(name => draft.test(name));
      for (const name of names) {
        const partial = join(directory, name);
        const { mtimeMs } = await stat(partial).catch(() => ({ mtimeMs: Date.now() }));
        if (Date.now() - mtimeMs >= quiet) await rm(partial, { force: true });
      }
    },
  };
}
