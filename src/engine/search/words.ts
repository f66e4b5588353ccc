/** Text as search compares it: lower case, without accents and ligatures, so that "Müller", "muller" and "MUELLER" meet. */

import type { ParseScope } from '../field.ts';
import { fieldsThat, type ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';

const ligatures: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Up to this, V8 copies what is cut out of a text; beyond, it points into the whole, which lives on with it. */
const longestCopied = 12;

/** The same text as one of its own: for what is remembered and was cut out of something larger. */
export function apart(text: string): string {
  return text.length > longestCopied ? Buffer.from(text).toString() : text;
}

/** Text that needs no decomposing, and has the letters and digits of ASCII alone. */
const ascii = /^[\x20-\x7e]*$/;

/** Normalised text: compatibility-decomposed (Unicode NFKD), marks removed, letters without a decomposition spelled out. */
export function normalise(text: string): string {
  // Most text needs none of the rest.
  if (ascii.test(text)) return text.toLowerCase().replace(/ {2,}/g, ' ').trim();
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, letter => ligatures[letter]!)
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Text as it is looked for: normalised, and with the two-letter spelling of umlauts made one, so that "Mueller" meets
 * "Müller". Both sides are spelt so; "Samuel" still finds "Samuel".
 */
export function searched(text: string): string {
  return spelt(normalise(text.replaceAll('\0', '')));
}

function spelt(normal: string): string {
  return normal.replace(/([aou])e/g, '$1');
}

/** Letters of a word that may be misspelt, at least. */
export const shortest = 3;

/** Scripts that put no blanks between words: cut into pairs of letters, and the last letter by itself. */
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/u;
const unspacedOrNot = new RegExp(`${unspaced.source}|[^\\s]+`, 'gu');

/** The words of text as it is looked for: runs of letters and digits, at most 60 long; long numbers without leading zeros. */
export function wordsOf(text: string): string[] {
  // Most text is plain, and then there is nothing to look for but its runs.
  if (ascii.test(text)) return (spelt(text.toLowerCase()).match(/[a-z\d]+/g) ?? []).map(wordOf);
  return searched(text)
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap(run =>
      run === '' ? [] : unspaced.test(run) ? run.match(unspacedOrNot)!.flatMap(pairs) : [wordOf(run)],
    );
}

/** A run as it is kept. */
function wordOf(run: string): string {
  if (run.length < 7) return run;
  return (/^\d+$/.test(run) ? run.replace(/^0+(?=\d)/, '') : run).slice(0, 60);
}

function pairs(run: string): string[] {
  if (!unspaced.test(run)) return [run.slice(0, 60)];
  const letters = [...run];
  return letters.map((letter, at) => letter + (letters[at + 1] ?? ''));
}

/** What search keeps of a record. */
export interface Entry {
  title: string;
  /** The title as it is looked for. */
  title_words: string;
  /** The words of all searchable fields, each once, with blanks between. */
  words: string;
  /** Field → its text, and its words: for saying why, and for who may not read all fields. */
  parts: Record<string, [text: string, words: string]>;
}

const searchable = fieldsThat(
  field => field.type.searchText !== undefined && !field.system && field.options.searchable !== false,
);

/** Makes the search entry of a record from its canonical values. */
export function entryOf(object: ObjectModel, record: Values, scope: ParseScope): Entry {
  const parts: Entry['parts'] = {};
  const all = new Set<string>();
  for (const field of searchable(object)) {
    const value = record[field.name] ?? null;
    if (value === null) continue;
    const texts = field.type.searchText!(value, field);
    if (texts.length === 0) continue;
    const words = indexed(texts);
    for (const word of words) all.add(word);
    parts[field.name] = [texts[0]!.slice(0, 2_000), [...words].join(' ')];
  }
  const value = record[object.title.name] ?? null;
  const title = value === null ? '' : object.title.type.format(value, object.title, scope);
  return { title, title_words: titleWords(title), words: [...all].join(' ').slice(0, 300_000), parts };
}

/** A title as it is looked for, cut to what an index takes. */
export function titleWords(title: string): string {
  return searched(title).slice(0, 200);
}

/** The words of a field; long numbers also backwards, so that a phone number is found by how it ends. */
export function indexed(texts: string[]): Set<string> {
  const words = new Set<string>();
  const numbers: string[] = [];
  for (const text of texts)
    for (const word of wordsOf(text.length > 20_000 ? text.slice(0, 20_000) : text)) {
      if (words.has(word)) continue;
      words.add(word);
      if (word.length >= 7 && /^\d+$/.test(word)) numbers.push(word);
    }
  for (const number of numbers)
    if (!numbers.some(other => other !== number && other.endsWith(number))) words.add(backwards(number));
  return words;
}

/** A number as it is kept for searching it by its end. */
export function backwards(number: string): string {
  return `~${[...number].reverse().join('')}`;
}

/** The words asked for, at most twelve; what looks like a phone number is one word, however it is cut up. */
export function queryWords(q: string): string[] {
  const digits = phoneDigits(q);
  return digits ? [digits] : [...new Set(wordsOf(q.slice(0, 200)))].slice(0, 12);
}

/** Digits of something that looks like a phone number, without prefixes that people leave out. */
function phoneDigits(q: string): string | null {
  if (!/^[+(\d][\d\s()./-]{3,}$/.test(q.trim())) return null;
  const digits = q.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length >= 4 ? digits : null;
}
