/**
 * Words asked for → a predicate over search entries. A word is found by its beginning; spelt otherwise, or in the middle
 * of a longer one, by the words that the workspace has: those are few, however many records have them.
 */
import { fieldRight } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { type Scope, tableOf } from '../records/scope.ts';
import { no, type Sql, sql, yes } from '../sql.ts';
import { backwards, queryWords, shortest } from './words.ts';

/** `exact` finds words by their beginning; `nearly` finds misspelt ones and parts of words too, which costs more. */
export type Closeness = 'exact' | 'nearly';

/** Words that resemble one that was asked for and are looked for in its place, the most alike first. */
const alike = 60;

/** The record's text has every word, or something spelt nearly so. */
export function matchesWords(scope: Scope, q: string): Sql {
  // Of signs alone: there is no word to find.
  if (queryWords(q).length === 0) return no;
  return sql`exists (select 1 from ${tableOf(scope.schema, 'search_entry')} s
    where s.object = ${scope.object.name} and s.record_id = ${sql.ref(`${scope.alias}.id`)}
    and ${entryMatches(scope.ctx, q, 'nearly')} and ${visiblyMatches(scope.ctx, scope.object, q, 'nearly')})`;
}

/** The predicate over a row `s` of `search_entry`, which the index serves. */
export function entryMatches(ctx: Context, q: string, how: Closeness): Sql {
  return sql`s.words @@ ${searchQuery(ctx, q, how)}`;
}

/** The same over the fields that the actor may read; true where these are all. What is hidden must not show by what it finds. */
export function visiblyMatches(ctx: Context, object: ObjectModel, q: string, how: Closeness): Sql {
  const hidden = hiddenFields(ctx, object);
  if (hidden.length === 0) return yes;
  return sql`(select coalesce(string_agg(e.value ->> 1, ' '), '') from jsonb_each(s.parts) e
    where e.key <> all(${hidden}::text[]))::tsvector @@ ${searchQuery(ctx, q, how)}`;
}

export function hiddenFields(ctx: Context, object: ObjectModel): string[] {
  return [...object.fields.values()]
    .filter(field => fieldRight(ctx, field) === 'none')
    .map(field => field.name);
}

/**
 * All words asked for, as PostgreSQL's text search takes them. Made of letters and digits alone, they need no quoting. The
 * last word may not be typed to its end; to look for all of them by their beginnings would cost the more, the more there are.
 */
function searchQuery(ctx: Context, q: string, how: Closeness): Sql {
  const words = queryWords(q);
  const last = words.length - 1;
  if (how === 'exact')
    return sql`${words.map((word, at) => (at === last ? begins(word) : is(word))).join(' & ')}::tsquery`;
  const all = words.map((word, at) =>
    misspeltMaybe(word)
      ? orAlike(ctx, word, at === last ? begins(word) : is(word))
      : sql`${begins(word)}::tsquery`,
  );
  return sql`(select ${sql.join(all, sql` && `)})`;
}

function is(word: string): string {
  return misspeltMaybe(word) ? `'${word}'` : begins(word);
}

/** Begins as asked; a number of some length may also end so. */
function begins(word: string): string {
  return /^\d{4,}$/.test(word) ? `('${word}':* | '${backwards(word)}':*)` : `'${word}':*`;
}

/** Numbers are looked for as they are: what resembles them is something else. */
function misspeltMaybe(word: string): boolean {
  return word.length >= shortest && !/\d/.test(word);
}

/** The words there are that resemble this one: contain it, or differ from it by a slip or two. */
function orAlike(ctx: Context, word: string, asked: string): Sql {
  const equal = sql`v.word = any(${oneSlip(word)}::text[])`;
  const resembles = sql`v.word like ${`%${word}%`} or ${word}::text <% v.word or (v.word % ${word}::text and levenshtein(v.word, ${word}) <= 2)`;
  return sql`(${asked} || coalesce((select string_agg(' | ''' || near.word || '''', '') from (
      select v.word from ${tableOf(ctx.schema, 'search_word')} v where ${word.length > shortest ? sql`${equal} or ${resembles}` : equal}
      order by similarity(v.word, ${word}) desc, v.word limit ${sql.lit(alike)}) near), ''))::tsquery`;
}

const alphabet = [...'abcdefghijklmnopqrstuvwxyz'];

/**
 * The word with one slip: two neighbouring letters swapped, and where the word is too short for its trigrams to tell, a
 * letter missing, too many or wrong.
 */
function oneSlip(word: string): string[] {
  const slips = new Set<string>();
  const letters = word.length < 7 && /^[a-z]+$/.test(word) ? alphabet : [];
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    if (after.length > 1 && word.length <= 15) slips.add(before + after[1] + after[0] + after.slice(2));
    if (letters.length > 0 && after) slips.add(before + after.slice(1));
    for (const letter of letters) slips.add(before + letter + after).add(before + letter + after.slice(1));
  }
  return [...slips];
}
