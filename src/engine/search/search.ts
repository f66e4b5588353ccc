/** Search over all objects: by words, misspellings, accents and phone formats, within reach, saying why it matched. */
import { may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { and, or, type Sql, sql } from '../sql.ts';
import {
  type Closeness,
  type Entry,
  entryMatches,
  hiddenFields,
  normalise,
  phoneDigits,
  queryWords,
  visiblyMatches,
} from './words.ts';

export interface Hit {
  object: string;
  id: string;
  title: string;
  /** Some other text of the record, to tell namesakes apart. */
  subtitle: string | null;
  /** The field whose text matched best, and that text. */
  matched: { field: string; label: string; snippet: string } | null;
}

interface Found extends Record<string, unknown> {
  object: string;
  record_id: string;
  title: string | null;
  parts: string;
}

/** Matches whose reach and likeness are looked at, where words are found as they were asked for. */
const candidates = 200;

/** The best hits over all objects in reach, best first. */
export async function search(ctx: Context, q: string, limit = 20, only?: string): Promise<Hit[]> {
  const words = queryWords(q);
  const objects = [...ctx.model.objects.values()].filter(
    object => may(ctx, object, 'read') && (!only || object.name === only),
  );
  if (words.length === 0 || objects.length === 0) return [];
  const runner = ctx.tx ?? ctx.db;
  // All matches, and misspelt words too, where the best of those spelt as asked are not enough.
  let found = await runner.run<Found>(bestExact(ctx, q, objects, limit));
  if (found.length < limit) found = await runner.run<Found>(allNearly(ctx, q, objects, limit));
  return found.map(row => explained(ctx, row, words, phoneDigits(q)));
}

/** A word of many records has too many to ask for each whether it is in reach: only the best are looked at. */
function bestExact(ctx: Context, q: string, objects: ObjectModel[], limit: number): Sql {
  const names = objects.map(object => object.name);
  return sql`with best as materialized (
      select s.*, ${titleScore(q)} as title_score from ${tableOf(ctx.schema, 'search_entry')} s
      where ${entryMatches(q, 'exact')} and s.object = any(${names}::text[])
      order by title_score desc, s.title, s.record_id limit ${Math.max(candidates, 2 * limit)})
    ${hits(q, sql`best s`, sql`s.title_score`, inReachOfAny(ctx, objects, q, 'exact'), limit)}`;
}

function allNearly(ctx: Context, q: string, objects: ObjectModel[], limit: number): Sql {
  const where = and([entryMatches(q, 'nearly'), inReachOfAny(ctx, objects, q, 'nearly')]);
  return hits(q, sql`${tableOf(ctx.schema, 'search_entry')} s`, titleScore(q), where, limit);
}

function hits(q: string, source: Sql, score: Sql, where: Sql, limit: number): Sql {
  return sql`select s.object, s.record_id, s.title, s.parts::text as parts,
      ${score} + word_similarity(${queryWords(q).join(' ')}, s.words) as score
    from ${source} where ${where} order by score desc, s.title, s.record_id limit ${limit}`;
}

/** 3 for the title asked for, 2 for its beginning, 1 for a part of it. */
function titleScore(q: string): Sql {
  const whole = queryWords(q).join(' ');
  const like = whole.replace(/[\\%_]/g, '\\$&');
  return sql`(case when s.title_words = ${whole} then 3 when s.title_words like ${`${like}%`} then 2
    when s.title_words like ${`%${like}%`} then 1 else 0 end)`;
}

function inReachOfAny(ctx: Context, objects: ObjectModel[], q: string, how: Closeness): Sql {
  return or(objects.map(object => inReach(ctx, object, q, how)));
}

function inReach(ctx: Context, object: ObjectModel, q: string, how: Closeness): Sql {
  const scope = scopeOf(ctx, object);
  return sql`(s.object = ${object.name} and ${visiblyMatches(ctx, object, q, how)} and exists (select 1 from ${scope.source}
    where ${sql.ref(`${scope.alias}.id`)} = s.record_id and ${sql.ref(`${scope.alias}.deleted_at`)} is null
    and ${reach(ctx, object, 'read', scope)}))`;
}

/** Adds why it matched, out of the fields that the actor may read. */
function explained(ctx: Context, row: Found, words: string[], digits: string | null): Hit {
  const object = ctx.model.objects.get(row.object)!;
  const hidden = new Set(hiddenFields(ctx, object));
  const parts = Object.entries(JSON.parse(row.parts) as Entry['parts']).filter(([name]) => !hidden.has(name));
  const scored = parts
    .map(([name, [text, normal]]) => ({ name, text, score: scoreOf(normal, words, digits) }))
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

function scoreOf(text: string, words: string[], digits: string | null): number {
  if (digits && text.replace(/\D/g, '').includes(digits)) return 1;
  return similarity(words, text);
}

/** Share of the asked words found in the text: 1 for contained, else the best overlap of letter pairs (Dice's coefficient). */
function similarity(words: string[], normal: string): number {
  const tokens = normal.split(/[^\p{L}\p{N}@.+-]+/u);
  const score = words.reduce((sum, word) => {
    if (normal.includes(word)) return sum + 1;
    return sum + Math.max(0, ...tokens.map(token => dice(word, token)));
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
