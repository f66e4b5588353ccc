/** Letters of Chinese, Japanese and Korean for paper: pieces of Noto Sans, read when a text has such letters. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import decompress from 'woff2-encoder/decompress';

/** Letters that the usual font of paper has not, and these have. */
const eastAsian =
  /[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{1f200}-\u{1f2ff}\u{20000}-\u{3ffff}]/u;

const hangul = /[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff]/;

type Family = 'sc' | 'jp' | 'kr';

interface Piece {
  name: string;
  file: string;
  ranges: [number, number][];
}

const catalogues = new Map<Family, Promise<Piece[]>>();

function catalogueOf(family: Family): Promise<Piece[]> {
  const known = catalogues.get(family);
  if (known) return known;
  const read = readCatalogue(family);
  catalogues.set(family, read);
  return read;
}

async function readCatalogue(family: Family): Promise<Piece[]> {
  const at = createRequire(import.meta.url).resolve(`@fontsource-variable/noto-sans-${family}/unicode.json`);
  const pieces = JSON.parse(await readFile(at, 'utf8')) as Record<string, string>;
  return Object.entries(pieces).map(([key, ranges]) => {
    const part = key.replace(/[[\]]/g, '');
    return {
      name: `${family} ${part}`,
      file: join(dirname(at), 'files', `noto-sans-${family}-${part}-wght-normal.woff2`),
      ranges: ranges.split(',').map(range => {
        const [from, to = from] = range.slice(2).split('-');
        return [Number.parseInt(from!, 16), Number.parseInt(to!, 16)];
      }),
    };
  });
}

/**
 * In which order the families are asked: the same character is drawn otherwise in China and Japan. The letters that
 * only one language has decide, then the language of the paper.
 */
function familiesOf(text: string, language: string): Family[] {
  const first: Family[] = [];
  if (/[\u3040-\u30ff\uff66-\uff9f]/.test(text)) first.push('jp');
  if (/^ja\b/.test(language)) first.push('jp');
  if (/^ko\b/.test(language)) first.push('kr');
  return [...new Set<Family>([...first, 'sc', 'jp', 'kr'])];
}

export interface EastAsian {
  /** Fonts by their name, as TrueType. */
  fonts: Map<string, Buffer>;
  /** The name of the font that has a letter; undefined for all that the usual font draws. */
  fontOf(letter: string): string | undefined;
}

/** The fonts that a text needs, none for most. */
export async function eastAsianFonts(text: string, language: string): Promise<EastAsian> {
  const letters = [...new Set(text)].filter(letter => eastAsian.test(letter));
  const byLetter = new Map<string, string>();
  const needed = new Map<string, string>();
  const families = familiesOf(text, language);
  const pieces = new Map<Family, Piece[]>();
  for (const family of letters.length ? families : []) pieces.set(family, await catalogueOf(family));
  for (const letter of letters) {
    const code = letter.codePointAt(0)!;
    // The Chinese pieces name Hangul too, and have none.
    const order: Family[] = hangul.test(letter) ? ['kr'] : families;
    const piece = order
      .flatMap(family => pieces.get(family) ?? [])
      .find(({ ranges }) => ranges.some(([from, to]) => code >= from && code <= to));
    if (!piece) continue;
    byLetter.set(letter, piece.name);
    needed.set(piece.name, piece.file);
  }
  const fonts = await Promise.all(
    [...needed].map(
      async ([name, file]) => [name, Buffer.from(await decompress(await readFile(file)))] as const,
    ),
  );
  return { fonts: new Map(fonts), fontOf: letter => byLetter.get(letter) };
}

/** Where a line may break: between words, and beside each such letter, but not before what closes. */
export function breakable(text: string): string[] {
  const closes =
    /[\u3001\u3002\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u300d\u300f\u3011\u3015\u3009\u300b\u30fc]/;
  const parts: string[] = [];
  for (const letter of text) {
    const last = parts.at(-1);
    const apart = last?.endsWith(' ') && letter !== ' ';
    // Korean is broken between words.
    const alone = /[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;
    const beside = last !== undefined && (alone.test(letter) || alone.test([...last].at(-1)!));
    if (last === undefined || apart || (beside && letter !== ' ' && !closes.test(letter))) parts.push(letter);
    else parts[parts.length - 1] = last + letter;
  }
  return parts;
}
