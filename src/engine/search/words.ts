/** Text as search compares it: lower case, without accents and ligatures, so that "Müller", "muller" and "MUELLER" meet. */

import { fieldRight } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ParseScope } from '../field.ts';
import { fieldsThat, type ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { type Scope, tableOf } from '../records/scope.ts';
import { and, or, type Sql, sql, yes } from '../sql.ts';

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
  // Most text needs none of the rest.
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase().replace(/ {2,}/g, ' ').trim();
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
  return normalise(text.replaceAll('\0', '')).replace(/([aou])e/g, '$1');
}

/** What search keeps of a record. */
export interface Entry {
  title: string;
  title_words: string;
  /** The text of all searchable fields, as it is looked for. */
  words: string;
  /** Field → its text, and how that is looked for: for saying why, and for who may not read all fields. */
  parts: Record<string, [text: string, words: string]>;
}

const searchable = fieldsThat(
  field => field.type.searchText !== undefined && !field.system && field.options.searchable !== false,
);

/** Makes the search entry of a record from its canonical values. */
export function entryOf(object: ObjectModel, record: Values, scope: ParseScope): Entry {
  const parts: Entry['parts'] = {};
  for (const field of searchable(object)) {
    const value = record[field.name] ?? null;
    if (value === null) continue;
    const texts = field.type.searchText!(value, field);
    if (texts.length === 0) continue;
    const words = [...new Set(texts.map(searched))].join(' ').slice(0, 10_000);
    parts[field.name] = [texts[0]!.slice(0, 2_000), words];
  }
  const value = record[object.title.name] ?? null;
  const title = value === null ? '' : object.title.type.format(value, object.title, scope);
  const words = [...new Set(Object.values(parts).map(([, part]) => part))].join(' ').slice(0, 20_000);
  return { title, title_words: searched(title), words, parts };
}

/** The words asked for, at most eight; a phone number or an address stays one word. */
export function queryWords(q: string): string[] {
  return searched(q.slice(0, 200)).split(' ').filter(Boolean).slice(0, 8);
}

/** Digits of something that looks like a phone number, without prefixes that people leave out. */
export function phoneDigits(q: string): string | null {
  if (!/^[+(\d][\d\s()./-]{3,}$/.test(q.trim())) return null;
  const digits = q.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length >= 4 ? digits : null;
}

/** The record's text has every word, or something spelt nearly so. */
export function matchesWords(scope: Scope, q: string): Sql {
  return sql`exists (select 1 from ${tableOf(scope.schema, 'search_entry')} s
    where s.object = ${scope.object.name} and s.record_id = ${sql.ref(`${scope.alias}.id`)}
    and ${entryMatches(q)} and ${visiblyMatches(scope.ctx, scope.object, q)})`;
}

/** `exact` finds words as they are; `nearly` finds misspelt ones too, which costs more. */
export type Closeness = 'exact' | 'nearly';

/** The predicate over a row `s` of `search_entry`, which the index serves. */
export function entryMatches(q: string, how: Closeness = 'nearly'): Sql {
  return textMatches(q, sql`s.words`, how);
}

/** The same over the fields that the actor may read; true where these are all. What is hidden must not show by what it finds. */
export function visiblyMatches(ctx: Context, object: ObjectModel, q: string, how: Closeness = 'nearly'): Sql {
  const hidden = hiddenFields(ctx, object);
  if (hidden.length === 0) return yes;
  const words = sql`(select coalesce(string_agg(e.value ->> 1, ' '), '') from jsonb_each(s.parts) e
    where e.key <> all(${hidden}::text[]))`;
  return textMatches(q, words, how);
}

export function hiddenFields(ctx: Context, object: ObjectModel): string[] {
  return [...object.fields.values()]
    .filter(field => fieldRight(ctx, field) === 'none')
    .map(field => field.name);
}

function textMatches(q: string, text: Sql, how: Closeness): Sql {
  const words = queryWords(q);
  const digits = phoneDigits(q);
  const all =
    words.length === 0
      ? yes
      : and(words.map(word => (how === 'exact' ? contains(word, text) : oneWord(word, text))));
  return digits ? or([contains(digits, text), all]) : all;
}

/**
 * Contained as it is; words long enough to be misspelt also with two letters swapped, or similar by trigrams. Numbers
 * and addresses are looked for as they are: what resembles them is something else.
 */
function oneWord(word: string, text: Sql): Sql {
  if (word.length < 4 || /[\d@]/.test(word)) return contains(word, text);
  return sql`(${text} like any(${[word, ...swaps(word)].map(anywhere)}::text[]) or ${word} <% ${text})`;
}

/** The word with each two neighbouring letters swapped: a slip that leaves too few trigrams to be similar by. */
function swaps(word: string): string[] {
  if (word.length < 5 || word.length > 15 || /[^\p{L}]/u.test(word)) return [];
  return Array.from(
    { length: word.length - 1 },
    (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2),
  );
}

function contains(word: string, text: Sql): Sql {
  return sql`${text} like ${anywhere(word)}`;
}

/** A pattern for LIKE: the word, standing for itself, wherever it is. */
function anywhere(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}
