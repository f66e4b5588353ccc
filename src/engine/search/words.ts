/** Text as search compares it: lower case, without accents and ligatures, so that "Müller", "muller" and "MUELLER" meet. */

import { type Scope, tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';

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

/** Normalised text: compatibility-decomposed (Unicode NFKD), marks removed, letters without a decomposition spelled out. */
export function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, letter => ligatures[letter]!)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The words asked for, at most eight; a phone number or an address stays one word. */
export function queryWords(q: string): string[] {
  return normalise(q.slice(0, 200)).split(' ').filter(Boolean).slice(0, 8);
}

/** Digits of something that looks like a phone number, without prefixes that people leave out. */
export function phoneDigits(q: string): string | null {
  if (!/^[+(\d][\d\s()./-]{4,}$/.test(q.trim())) return null;
  const digits = q.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length >= 5 ? digits : null;
}

/** The record's text has every word, or something spelt nearly so. */
export function matchesWords(scope: Scope, q: string): Sql {
  return sql`exists (select 1 from ${tableOf(scope.schema, 'search_entry')} s
    where s.object = ${scope.object.name} and s.record_id = ${sql.ref(`${scope.alias}.id`)} and ${entryMatches(q)})`;
}

/** The predicate over a row `s` of `search_entry`. */
export function entryMatches(q: string): Sql {
  const digits = phoneDigits(q);
  if (digits) return sql`s.words like ${`%${digits}%`}`;
  const words = queryWords(q);
  if (words.length === 0) return sql`true`;
  return sql`(${sql.join(words.map(oneWord), sql` and `)})`;
}

/** Contained as it is, or for words long enough to be misspelt, similar by trigrams (threshold set on the database). */
function oneWord(word: string): Sql {
  const contains = sql`s.words like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`;
  return word.length < 4 ? contains : sql`(${contains} or ${word} <% s.words)`;
}
