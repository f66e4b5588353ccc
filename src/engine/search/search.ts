/** Search over all objects: by words, misspellings, accents and phone formats, within reach, saying why it matched. */
import { may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { and, no, or, type Sql, sql } from '../sql.ts';
import { type Closeness, entryMatches, hiddenFields, visiblyMatches } from './match.ts';
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

interface Found extends Record<string, unknown> {
  object: string;
  record_id: string;
  title: string | null;
  parts: string;
  /** There were more matches than were looked at. */
  more: boolean;
}

/** Matches that are compared by their titles, and the best of these whose reach is looked at. */
const matchesAtMost = 2_000;
const candidates = 300;

/** The best hits over all objects in reach, best first. */
export async function search(ctx: Context, q: string, limit = 20, only?: string): Promise<Hit[]> {
  const words = queryWords(q);
  const objects = [...ctx.model.objects.values()].filter(
    object => may(ctx, object, 'read') && (!only || object.name === only),
  );
  if (words.length === 0 || objects.length === 0) return [];
  const runner = ctx.tx ?? ctx.db;
  const asked: Asked = { ctx, q, objects, limit };
  // Titles that begin so come before all else. Where these are not enough: words as asked; misspelt words; and all matches,
  // where too few of the best are in reach.
  let found: Found[] = [];
  for (const how of ['title', 'exact', 'nearly'] as const)
    if (found.length < limit) found = await runner.run<Found>(bestHits(asked, how));
  if (found.length < limit && found.some(({ more }) => more)) found = await runner.run<Found>(allHits(asked));
  return found.flatMap(row => (row.record_id === null ? [] : [explained(ctx, row, words)]));
}

interface Asked {
  ctx: Context;
  q: string;
  objects: ObjectModel[];
  limit: number;
}

/**
 * A common word has too many records to compare them all: those that are called so come from the index of titles, of the
 * others as many as are soon looked through. So the cost does not grow with the number of records.
 */
function bestHits(asked: Asked, how: 'title' | Closeness): Sql {
  const { ctx, q, objects, limit } = asked;
  const table = tableOf(ctx.schema, 'search_entry');
  const title = titleWords(q);
  const own = sql`s.object = any(${objects.map(object => object.name)}::text[])`;
  const called = sql`select s.* from ${table} s where s.title_words ~>=~ ${title} and s.title_words ~<~ ${`${title}\u{10ffff}`} and ${own}
    order by s.title_words using ~<~ limit ${candidates}`;
  const closeness = how === 'title' ? 'exact' : how;
  const matching =
    how === 'title'
      ? no
      : sql`${entryMatches(ctx, q, how)} and not exists (select 1 from called c where c.object = s.object and c.record_id = s.record_id)`;
  return sql`with called as materialized (${called}),
    matching as (select s.* from ${table} s where ${matching} and ${own} limit ${matchesAtMost}),
    best as materialized (select s.*, ${score(q)} as score from (select * from called union all select * from matching) s
      order by score desc, s.title, s.record_id limit ${Math.max(candidates, 2 * limit)}),
    hits as (select s.* from best s where ${inReachOfAny(asked, closeness)} order by s.score desc, s.title, s.record_id limit ${limit})
    select h.object, h.record_id, h.title, h.parts::text as parts, looked.more
    from (select (select count(*) from best) >= ${candidates} as more) looked left join hits h on true
    order by h.score desc, h.title, h.record_id`;
}

function allHits(asked: Asked): Sql {
  const { ctx, q, limit } = asked;
  return sql`select s.object, s.record_id, s.title, s.parts::text as parts, false as more
    from ${tableOf(ctx.schema, 'search_entry')} s where ${and([entryMatches(ctx, q, 'nearly'), inReachOfAny(asked, 'nearly')])}
    order by ${score(q)} desc, s.title, s.record_id limit ${limit}`;
}

/** 3 for the title asked for, 2 for its beginning, 1 for a part of it; and how alike the title is. */
function score(q: string): Sql {
  const title = titleWords(q);
  const like = title.replace(/[\\%_]/g, '\\$&');
  return sql`(case when s.title_words = ${title} then 3 when s.title_words like ${`${like}%`} then 2
    when s.title_words like ${`%${like}%`} then 1 else 0 end) + word_similarity(${title}, s.title_words)`;
}

function inReachOfAny({ ctx, q, objects }: Asked, how: Closeness): Sql {
  return or(objects.map(object => inReach(ctx, object, q, how)));
}

function inReach(ctx: Context, object: ObjectModel, q: string, how: Closeness): Sql {
  const scope = scopeOf(ctx, object);
  return sql`(s.object = ${object.name} and ${visiblyMatches(ctx, object, q, how)} and exists (select 1 from ${scope.source}
    where ${sql.ref(`${scope.alias}.id`)} = s.record_id and ${sql.ref(`${scope.alias}.deleted_at`)} is null
    and ${reach(ctx, object, 'read', scope)}))`;
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
