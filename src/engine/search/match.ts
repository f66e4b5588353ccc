/**
 * Words asked for → a predicate over search entries. A word is found by its beginning; spelt otherwise, or in the middle
 * of a longer one, by the words that the workspace has: those are few, however many records have them.
 */
import { fieldRight } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { type Scope, tableOf } from '../records/scope.ts';
import { type Sql, sql, yes } from '../sql.ts';
import { backwards, queryWords } from './words.ts';

/** `exact` finds words by their beginning; `nearly` finds misspelt ones and parts of words too, which costs more. */
export type Closeness = 'exact' | 'nearly';

/** Words that resemble one that was asked for and are looked for in its place, the most alike first. */
const alike = 60;

/** The record's text has every word, or something spelt nearly so. */
export function matchesWords(scope: Scope, q: string): Sql {
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

/** All words asked for, as PostgreSQL's text search takes them. Made of letters and digits alone, they need no quoting. */
function searchQuery(ctx: Context, q: string, how: Closeness): Sql {
  const words = queryWords(q);
  if (how === 'exact' || !words.some(misspeltMaybe)) return sql`${words.map(begins).join(' & ')}::tsquery`;
  return sql`(select ${sql.join(
    words.map(word => oneWord(ctx, word)),
    sql` && `,
  )})`;
}

/** Begins as asked; a number of some length may also end so. */
function begins(word: string): string {
  return /^\d{4,}$/.test(word) ? `('${word}':* | '${backwards(word)}':*)` : `'${word}':*`;
}

/** Numbers are looked for as they are: what resembles them is something else. */
function misspeltMaybe(word: string): boolean {
  return word.length >= 4 && !/\d/.test(word);
}

function oneWord(ctx: Context, word: string): Sql {
  if (!misspeltMaybe(word)) return sql`${begins(word)}::tsquery`;
  return sql`(${begins(word)} || coalesce((select string_agg(' | ''' || near.word || '''', '') from (
      select v.word from ${tableOf(ctx.schema, 'search_word')} v
      where v.word like ${`%${word}%`} or v.word = any(${swaps(word)}::text[]) or ${word}::text <% v.word
      order by similarity(v.word, ${word}) desc, v.word limit ${sql.lit(alike)}) near), ''))::tsquery`;
}

/** The word with each two neighbouring letters swapped: a slip that leaves too few trigrams to be similar by. */
function swaps(word: string): string[] {
  if (word.length < 5 || word.length > 15) return [];
  return Array.from(
    { length: word.length - 1 },
    (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2),
  );
}
