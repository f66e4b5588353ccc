/**
 * Room on the disk. A PostgreSQL that cannot write its log ends, and cannot start again until there is room; so what
 * would take more is refused while enough is left for that, and everything that only reads goes on.
 */
import { statfsSync } from 'node:fs';
import { FarleyError } from '../errors.ts';

/** Bytes that are left free: for what runs at the moment, and for PostgreSQL's own work. */
export const reserve = 100 * 1024 * 1024;
/** How long, in milliseconds, an answer of the file system is taken on trust. Reading it takes a microsecond or two. */
const freshFor = 100;

/** Answers a check that throws `diskFull` while the file system of `folder` has less than the reserve. */
export function requireRoom(folder: string): () => void {
  let until = 0;
  let free = Number.POSITIVE_INFINITY;
  return () => {
    if (Date.now() >= until) {
      free = freeOn(folder);
      until = Date.now() + freshFor;
    }
    if (free < reserve) throw new FarleyError('diskFull');
  };
}

/** Bytes that may still be written; endless where the file system does not say. */
function freeOn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** What the operating system says when nothing more can be written: the disk or the quota is used up. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', '53100'].includes((error as { code?: string } | null)?.code ?? '');
}
