/** Search over all objects: by words, misspellings, accents and phone formats, within reach, saying why it matched. */
import { may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { or, type Sql, sql } from '../sql.ts';
import {
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

/** The best hits over all objects in reach, best first. */
export async function search(ctx: Context, q: string, limit = 20, only?: string): Promise<Hit[]> {
  const words = queryWords(q);
  const objects = [...ctx.model.objects.values()].filter(
    object => may(ctx, object, 'read') && (!only || object.name === only),
  );
  if (words.length === 0 || objects.length === 0) return [];
  const whole = words.join(' ');
  const like = whole.replace(/[\\%_]/g, '\\$&');
  const found = await (ctx.tx ?? ctx.db).run<Found>(
    sql`select s.object, s.record_id, s.title, s.parts::text as parts,
        (case when s.title_words = ${whole} then 3 when s.title_words like ${`${like}%`} then 2
          when s.title_words like ${`%${like}%`} then 1 else 0 end)
        + word_similarity(${whole}, s.words) as score
      from ${tableOf(ctx.schema, 'search_entry')} s
      where ${entryMatches(q)} and ${or(objects.map(object => inReach(ctx, object, q)))}
      order by score desc, s.title, s.record_id limit ${limit}`,
  );
  return found.map(row => explained(ctx, row, words, phoneDigits(q)));
}

function inReach(ctx: Context, object: ObjectModel, q: string): Sql {
  const scope = scopeOf(ctx, object);
  return sql`(s.object = ${object.name} and ${visiblyMatches(ctx, object, q)} and exists (select 1 from ${scope.source}
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
