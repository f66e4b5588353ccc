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

/** Words that resemble one that was asked for and are looked for in its place, the most alike first. */
const alike = 60;
/** Words that begin as asked and are looked for in its place. Where there are more, each record is asked instead. */
const endings = 40;

/** The record's text has every word, or something spelt nearly so. */
export function matchesWords(scope: Scope, q: string): Sql {
  // Of signs alone: there is no word to find.
  if (queryWords(q).length === 0) return no;
  const words = nearlyQuery(scope.ctx, q);
  return sql`exists (select 1 from ${tableOf(scope.schema, 'search_entry')} s
    where s.object = ${scope.object.name} and s.record_id = ${sql.ref(`${scope.alias}.id`)}
    and s.words @@ ${words} and ${visiblyMatches(scope.ctx, scope.object, words)})`;
}

/**
 * The same as the words that the search index has of a row `s` of `search_entry`, over the fields that the actor may read;
 * true where these are all. What is hidden must not show by what it finds.
 */
export function visiblyMatches(ctx: Context, object: ObjectModel, words: Sql): Sql {
  const hidden = hiddenFields(ctx, object);
  if (hidden.length === 0) return yes;
  return sql`(select coalesce(string_agg(e.value ->> 1, ' '), '') from jsonb_each(s.parts) e
    where e.key <> all(${hidden}::text[]))::tsvector @@ ${words}`;
}

export function hiddenFields(ctx: Context, object: ObjectModel): string[] {
  return [...object.fields.values()]
    .filter(field => fieldRight(ctx, field) === 'none')
    .map(field => field.name);
}

/** What is looked for: by the index, and then in the records that it finds. */
export interface WordQuery {
  index: Sql;
  /** All of it; the same where the index can tell. */
  whole: Sql;
}

export interface KnownWords extends WordQuery {
  /** How titles of these words may begin. */
  beginnings: string[];
  /** Whether other words might be meant. */
  widens: boolean;
}

/** Spellings of a word that are tried in titles. */
const spellingsInTitles = 3;

/**
 * The words asked for as the workspace spells them: each as it is where the vocabulary has it, else what resembles it; the
 * last one, which may not be typed to its end, with its endings. One statement. Null where a word resembles none.
 * Made of letters and digits alone, they need no quoting as PostgreSQL's text search takes them.
 */
export async function knownWords(ctx: Context, q: string): Promise<KnownWords | null> {
  const words = queryWords(q);
  const spelt = words.filter(misspeltMaybe);
  const known = await spellings(ctx, spelt, spelt.at(-1) === words.at(-1) ? spelt.at(-1)! : null);
  const asked: string[] = [];
  const seldom: string[] = [];
  const names: string[] = [];
  for (const [at, word] of words.entries()) {
    const found = known.get(word);
    if (isName(word) && at < words.length - 1) names.push(`'${word}'`);
    else if (!found) (word.length > shortest ? asked : seldom).push(begins(word));
    else if (found.length === 0) return null;
    else if (found.length > endings) seldom.push(begins(word));
    else asked.push(`(${found.map(each => `'${each}'`).join(' | ')})`);
  }
  const whole = sql`${[...names, ...asked, ...seldom].join(' & ')}::tsquery`;
  const told = names.length > 0 ? names : asked;
  // To gather all records of a beginning that many words have would cost the more, the more records there are.
  const index = told.length > 0 ? sql`${told.join(' & ')}::tsquery` : whole;
  return { index, whole, beginnings: beginningsOf(words, known), widens: spelt.length > 0 };
}

/** The words in any order, each as the workspace spells it: of two as many spellings as are likely, of three one each. */
function beginningsOf(words: string[], known: Map<string, string[]>): string[] {
  if (words.length > 3) return [];
  const spelt = words.map(word => {
    const found = known.get(word) ?? [];
    if (found.length === 0 || found.includes(word)) return [word];
    return found.slice(0, words.length < 3 ? spellingsInTitles : 1);
  });
  return ordersOf(spelt).flatMap(combined);
}

function ordersOf<T>(all: T[]): T[][] {
  if (all.length < 2) return [all];
  return all.flatMap((first, at) => ordersOf(all.toSpliced(at, 1)).map(rest => [first, ...rest]));
}

function combined([first, ...rest]: string[][]): string[] {
  if (rest.length === 0) return first!;
  const after = combined(rest);
  return first!.flatMap(word => after.map(others => `${word} ${others}`));
}

/** Word → how the vocabulary spells it; more than `endings` only for the last one. */
async function spellings(ctx: Context, words: string[], last: string | null): Promise<Map<string, string[]>> {
  if (words.length === 0) return new Map();
  const table = tableOf(ctx.schema, 'search_word');
  const each = words.map(word => {
    const same = word === last ? sql`v.word like ${`${word}%`}` : sql`v.word = ${word}`;
    return sql`select ${word}::text as word, known.words || case when known.words = '{}' then array(${resembling(ctx, word)}) else '{}' end as found
      from (select array(select distinct v.word from ${table} v where ${same} limit ${sql.lit(endings + 1)}) as words) known`;
  });
  const found = await (ctx.tx ?? ctx.db).run<{ word: string; found: string[] }>(
    sql.join(each, sql` union all `),
  );
  return new Map(found.map(row => [row.word, row.found]));
}

/** All words asked for, or what resembles them, or begins so: finds most, and costs most. */
export function nearlyQuery(ctx: Context, q: string): Sql {
  const words = queryWords(q);
  const all = words.map((word, at) =>
    misspeltMaybe(word)
      ? orAlike(ctx, word, at === words.length - 1 ? begins(word) : `'${word}'`)
      : sql`${begins(word)}::tsquery`,
  );
  return sql`(select ${sql.join(all, sql` && `)})`;
}

/** Begins as asked; a number of some length may also end so. */
function begins(word: string): string {
  return /^\d{4,}$/.test(word) ? `('${word}':* | '${backwards(word)}':*)` : `'${word}':*`;
}

/** Letters and digits together are what one thing is called, or the name of a mailbox: few records have it. */
function isName(word: string): boolean {
  return word.length > shortest && /\d/.test(word) && /\D/.test(word);
}

/** Numbers are looked for as they are: what resembles them is something else. */
function misspeltMaybe(word: string): boolean {
  return word.length >= shortest && !/\d/.test(word);
}

function orAlike(ctx: Context, word: string, asked: string): Sql {
  return sql`(${asked} || coalesce((select string_agg(' | ''' || near.word || '''', '') from (${resembling(ctx, word)}) near), ''))::tsquery`;
}

/** The words there are that resemble this one: contain it, or differ from it by a slip or two. */
function resembling(ctx: Context, word: string): Sql {
  const equal = sql`v.word = any(${oneSlip(word)}::text[])`;
  const near = sql`v.word like ${`%${word}%`} or ${word}::text <% v.word or (v.word % ${word}::text and levenshtein(v.word, ${word}) <= 2)`;
  return sql`select v.word from ${tableOf(ctx.schema, 'search_word')} v where ${word.length > shortest ? sql`${equal} or ${near}` : equal}
    order by similarity(v.word, ${word}) desc, v.word limit ${sql.lit(alike)}`;
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
