/** What of a file may be shown inside a page. What people upload is never run on our own origin. */
import type { Readable } from 'node:stream';
import { Readable as Stream } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { FarleyError } from '../errors.ts';
import { detectDialect } from '../transfer/dialect.ts';
import { beginning, detectEncoding } from '../transfer/encoding.ts';

/** Media types that browsers draw or play without running anything, by the endings of names. */
const shown: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  webm: 'video/webm',
};
const types = new Set(Object.values(shown));

/** The media type as which a file is shown; null where it is only downloaded. A name tells where the browser did not know. */
export function shownAs(mediaType: string | null, name: string): string | null {
  const stated = mediaType?.toLowerCase() ?? '';
  if (types.has(stated)) return stated;
  return shown[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null;
}

/**
 * A sandbox without scripts, forms and an origin: an SVG that is opened by itself is a picture and nothing else. Viewers
 * of PDF refuse to start in one; they have their own, and the type is not guessed (`nosniff`).
 */
export function shownHeaders(type: string): Record<string, string> {
  const framed = type === 'application/pdf';
  return {
    'content-type': type,
    'content-security-policy': framed
      ? "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
      : "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    // Asked for again each time: rights may have gone, and another person may sign in here.
    'cache-control': 'private, no-cache',
  };
}

/** A part of a file, both ends included; null where all of it is asked for. Throws `invalidQuery` for one it does not have. */
export function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start > end || start >= size)
    throw new FarleyError('invalidQuery', `The file has ${size} bytes; this part is not in it.`);
  return { start, end };
}

/** Bytes that are looked at: enough for what one reads before opening the whole. */
export const textSize = 128 * 1024;
const mostRows = 200;

export interface TextPreview {
  text: string;
  /** Whether there is more than that. */
  cut: boolean;
  /** Cells, where the name says that it is a table. */
  rows?: string[][];
}

/** How a file of text begins, whatever its encoding. Throws `unsupportedMedia` where it is no text. */
export async function textPreview(
  bytes: Buffer,
  { name, cut, locale }: { name: string; cut: boolean; locale: string },
): Promise<TextPreview> {
  // A letter may be cut in two; a line is not.
  const end = cut ? bytes.lastIndexOf(10) + 1 || bytes.length : bytes.length;
  const whole = bytes.subarray(0, end);
  const source = { name, bytes: (): Readable => Stream.from([whole], { objectMode: false }) };
  const encoding = whole.length > 0 ? (await detectEncoding(source, undefined, locale)).name : 'utf-8';
  const text = await beginning(source, encoding, textSize);
  if (text.includes('\0'))
    throw new FarleyError('unsupportedMedia', 'This file is no text. Download it to open it.');
  const rows = /\.(csv|tsv)$/i.test(name) ? rowsIn(text) : null;
  return { text, cut, ...(rows ? { rows } : {}) };
}

/** Null where it is no table after all, such as one whose last quote was cut off. */
function rowsIn(text: string): string[][] | null {
  const { delimiter, lineEnds, skipLines } = detectDialect(text);
  try {
    return parse(text, {
      delimiter,
      record_delimiter: lineEnds,
      from_line: skipLines + 1,
      to: mostRows,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch {
    return null;
  }
}
