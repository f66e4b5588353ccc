/** Search over all objects: by words, misspellings, accents and phone formats, within reach, saying why it matched. */
import { may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { type Sql, sql, yes } from '../sql.ts';
import { hiddenFields, knownWords, nearlyQuery, visiblyMatches, type WordQuery } from './match.ts';
import { backwards, type Entry, normalise, queryWords, titleWords } from './words.ts';

export interface Hit {
  object: string;
  id: string;
  title: string;
  /** Some other text of the record, to tell namesakes apart. */
  subtitle: string | null;
  /** The field whose text matched best, and that text. */
  matched: { field: string; label: string; snippet: string } | null;
}

/** A record whose title or words match, before its reach is looked at. */
interface Candidate extends Record<string, unknown> {
  object: string;
  record_id: string;
  title_words: string;
  score: number;
}

interface Found extends Record<string, unknown> {
  object: string;
  record_id: string;
  title: string;
  parts: string;
}

/** Matches that are compared by their titles, and the best of these whose reach is looked at. */
const matchesAtMost = 500;
const candidatesAtMost = 300;
/** Titles that are compared for each way in which they may begin. */
const titlesAtMost = 60;

/** The best hits over all objects in reach, best first. */
export async function search(ctx: Context, q: string, limit = 20, only?: string): Promise<Hit[]> {
  const words = queryWords(q);
  const objects = [...ctx.model.objects.values()].filter(
    object => may(ctx, object, 'read') && (only ? object.name === only : object.spec.listed !== false),
  );
  if (words.length === 0 || objects.length === 0) return [];
  const found = await bestHits({ ctx, q, objects, limit });
  return found.map(row => explained(ctx, row, words));
}

interface Asked {
  ctx: Context;
  q: string;
  objects: ObjectModel[];
  limit: number;
}

/**
 * Who is called so, or begins so, comes from the index of titles. Where these are not enough: who is called so in another
 * order, or as the workspace spells it; who has these words anywhere; who has words that resemble them; and, where too
 * few of the best are in reach, all of them. A common word has too many records to compare them all: as many are looked
 * at as are soon looked through, so that the cost does not grow with the number of records.
 */
async function bestHits(asked: Asked): Promise<Found[]> {
  const { ctx, q, limit } = asked;
  const nearly = nearlyQuery(ctx, q);
  const seen = new Map<string, Candidate>();
  let hits: Found[] = [];
  let more = false;
  const look = async (statement: Sql, words: Sql) => {
    const found = await (ctx.tx ?? ctx.db).run<Candidate>(statement);
    more ||= found.length >= candidatesAtMost;
    for (const candidate of found) seen.set(`${candidate.object}/${candidate.record_id}`, candidate);
    if (found.length > 0) hits = await inReach(asked, [...seen.values()].sort(betterFirst), words);
    return hits.length >= limit;
  };
  if (await look(calledSo(asked), nearly)) return hits;
  const known = await knownWords(ctx, q);
  if (known && known.beginnings.length > 0 && (await look(calledLike(asked, known.beginnings), known.whole)))
    return hits;
  if (known && (await look(having(asked, known), known.whole))) return hits;
  if (hits.length > 0 && !known?.widens && !more) return hits;
  if (await look(having(asked, { index: nearly, whole: nearly }), nearly)) return hits;
  return more ? (ctx.tx ?? ctx.db).run<Found>(allHits(asked, nearly)) : hits;
}

function betterFirst(a: Candidate, b: Candidate): number {
  if (a.score !== b.score) return b.score - a.score;
  const [one, other] = [a.title_words + a.record_id, b.title_words + b.record_id];
  return one < other ? -1 : 1;
}

function ofObjects({ objects }: Asked): Sql {
  return sql`s.object = any(${objects.map(object => object.name)}::text[])`;
}

/** The records whose titles begin as asked, from the index of titles: the whole title before its beginning, in their order. */
function calledSo(asked: Asked): Sql {
  const title = titleWords(asked.q);
  return sql`select s.object, s.record_id, s.title_words, case when s.title_words = ${title} then 4 else 3 end as score
    from (${titled(asked, sql`${title}`, candidatesAtMost)}) s`;
}

/** The same for titles that may begin in several ways. */
function calledLike(asked: Asked, beginnings: string[]): Sql {
  return scored(
    asked,
    sql`select distinct s.* from unnest(${beginnings}::text[]) as b(title) cross join lateral (${titled(asked, sql`b.title`, titlesAtMost)}) s`,
  );
}

function titled(asked: Asked, title: Sql, limit: number): Sql {
  return sql`select s.object, s.record_id, s.title_words from ${tableOf(asked.ctx.schema, 'search_entry')} s
    where s.title_words ~>=~ ${title} and s.title_words ~<~ (${title} || ${'\u{10ffff}'}) and ${ofObjects(asked)}
    order by s.title_words using ~<~ limit ${sql.lit(limit)}`;
}

/** Records that have the words. */
function having(asked: Asked, { index, whole }: WordQuery): Sql {
  // As a sum, the whole is nothing that the index would be asked for.
  const rest = index === whole ? yes : sql`(s.words || ''::tsvector) @@ ${whole}`;
  return scored(
    asked,
    sql`select s.object, s.record_id, s.title_words from ${tableOf(asked.ctx.schema, 'search_entry')} s
      where s.words @@ ${index} and ${rest} and ${ofObjects(asked)} limit ${sql.lit(matchesAtMost)}`,
  );
}

/** The best of some entries. */
function scored({ q }: Asked, entries: Sql): Sql {
  return sql`select s.object, s.record_id, s.title_words, ${score(q)} as score from (${entries}) s
    order by score desc, s.title_words collate "C", s.record_id limit ${sql.lit(candidatesAtMost)}`;
}

/** 3 for the title asked for, 2 for its beginning, 1 for a part of it; and how alike the title is. */
function score(q: string): Sql {
  const title = titleWords(q);
  const like = title.replace(/[\\%_]/g, '\\$&');
  return sql`(case when s.title_words = ${title} then 3 when s.title_words like ${`${like}%`} then 2
    when s.title_words like ${`%${like}%`} then 1 else 0 end) + word_similarity(${title}, s.title_words)`;
}

/** The first of the candidates that are in reach, in the order given. */
async function inReach(asked: Asked, candidates: Candidate[], words: Sql): Promise<Found[]> {
  const { ctx, limit } = asked;
  const hits: Found[] = [];
  // Most often nearly all are in reach.
  for (const some of [candidates.slice(0, 2 * limit), candidates.slice(2 * limit)]) {
    if (some.length === 0 || hits.length >= limit) break;
    const idsOf = Map.groupBy(some, ({ object }) => object);
    const each = asked.objects.flatMap(object => {
      const ids = idsOf.get(object.name)?.map(({ record_id }) => record_id);
      return ids
        ? [
            sql`(${sql.join([hitsOf(ctx, object, words), sql`s.record_id = any(${ids}::uuid[])`], sql` and `)})`,
          ]
        : [];
    });
    const found = await (ctx.tx ?? ctx.db).run<Found>(sql.join(each, sql` union all `));
    const byId = new Map(found.map(row => [`${row.object}/${row.record_id}`, row]));
    hits.push(...some.flatMap(({ object, record_id }) => byId.get(`${object}/${record_id}`) ?? []));
  }
  return hits.slice(0, limit);
}

/** All that match and are in reach, the best first: for who reaches little. */
function allHits(asked: Asked, words: Sql): Sql {
  const each = asked.objects.map(object => sql`${hitsOf(asked.ctx, object, words)} and s.words @@ ${words}`);
  return sql`select s.object, s.record_id, s.title, s.parts from (select s.*, ${score(asked.q)} as score from (${sql.join(each, sql` union all `)}) s) s
    order by s.score desc, s.title_words collate "C", s.record_id limit ${asked.limit}`;
}

/** The entries of an object in reach whose visible fields match. */
function hitsOf(ctx: Context, object: ObjectModel, words: Sql): Sql {
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  return sql`select s.object, s.record_id, s.title, s.title_words, s.parts::text as parts
    from ${tableOf(ctx.schema, 'search_entry')} s join ${scope.source} on ${id} = s.record_id
    where s.object = ${object.name} and ${visiblyMatches(ctx, object, words)}
      and ${sql.ref(`${scope.alias}.deleted_at`)} is null and ${reach(ctx, object, 'read', scope)}`;
}

/** Adds why it matched, out of the fields that the actor may read. */
function explained(ctx: Context, row: Found, words: string[]): Hit {
  const object = ctx.model.objects.get(row.object)!;
  const hidden = new Set(hiddenFields(ctx, object));
  // A field of an administrator's own may be gone since.
  const parts = Object.entries(JSON.parse(row.parts) as Entry['parts']).filter(
    ([name]) => object.fields.has(name) && !hidden.has(name),
  );
  const scored = parts
    .map(([name, [text, normal]]) => ({ name, text, score: similarity(words, normal) }))
    .sort((a, b) => b.score - a.score);
  const [best] = scored;
  const matched =
    best && best.score > 0
      ? { field: best.name, label: object.fields.get(best.name)!.label, snippet: snippet(best.text, words) }
      : null;
  const subtitle = parts.find(([name]) => name !== object.title.name)?.[1][0].slice(0, 120) ?? null;
  const title = hidden.has(object.title.name) ? '' : (row.title ?? '');
  return { object: row.object, id: row.record_id, title, subtitle, matched };
}

/** Share of the asked words found in the text: 1 for contained, else the best overlap of letter pairs (Dice's coefficient). */
function similarity(words: string[], text: string): number {
  const kept = text.split(' ');
  const score = words.reduce((sum, word) => {
    if (text.includes(word) || (/^\d{4,}$/.test(word) && text.includes(backwards(word)))) return sum + 1;
    return sum + Math.max(0, ...kept.map(other => dice(word, other)));
  }, 0);
  return score / words.length;
}

function dice(a: string, b: string): number {
  if (a.length < 2 || b.length < 2) return 0;
  const pairs = new Set(Array.from({ length: a.length - 1 }, (_, i) => a.slice(i, i + 2)));
  let same = 0;
  for (let i = 0; i < b.length - 1; i++) if (pairs.has(b.slice(i, i + 2))) same++;
  return (2 * same) / (a.length + b.length - 2);
}

/** The text around the first word found. */
function snippet(text: string, words: string[]): string {
  const at = Math.max(0, normalise(text).indexOf(words[0]!));
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 120)}${from + 120 < text.length ? '…' : ''}`;
}
