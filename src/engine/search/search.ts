/** Search over all objects: by words, misspellings, accents and phone formats, within reach, saying why it matched. */
import { fieldRight, may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { or, sql } from '../sql.ts';
import { entryMatches, normalise, phoneDigits, queryWords } from './words.ts';

export interface Hit {
  object: string;
  id: string;
  title: string;
  /** Some other text of the record, to tell namesakes apart. */
  subtitle: string | null;
  /** The field whose text matched best, and that text. */
  matched: { field: string; label: string; snippet: string } | null;
}

/** What search keeps of a record. */
export interface Entry {
  title: string;
  /** Normalised text of all searchable fields, for matching. */
  words: string;
  /** Field → text, for saying why. */
  parts: Record<string, string>;
}

/** Makes the search entry of a record from its canonical values. */
export function entryOf(
  object: ObjectModel,
  record: Values,
  format: (field: string, value: Json) => string,
): Entry {
  const parts: Record<string, string> = {};
  const words: string[] = [];
  for (const field of object.fields.values()) {
    const value = record[field.name] ?? null;
    if (value === null || field.system || field.options.searchable === false || !field.type.searchText)
      continue;
    const texts = field.type.searchText(value, field);
    if (texts.length === 0) continue;
    words.push(...texts);
    parts[field.name] = texts[0]!.slice(0, 2_000);
  }
  const title = record[object.title.name] ?? null;
  return {
    title: title === null ? '' : format(object.title.name, title),
    words: [...new Set(words.map(normalise))].join(' ').slice(0, 20_000),
    parts,
  };
}

/** The best hits over all objects in reach, best first. */
export async function search(ctx: Context, q: string, limit = 20, only?: string): Promise<Hit[]> {
  const words = queryWords(q);
  if (words.length === 0) return [];
  const objects = [...ctx.model.objects.values()].filter(
    object => may(ctx, object, 'read') && (!only || object.name === only),
  );
  const inReach = objects.map(object => {
    const scope = scopeOf(ctx, object);
    return sql`(s.object = ${object.name} and exists (select 1 from ${scope.source}
      where ${sql.ref(`${scope.alias}.id`)} = s.record_id and ${sql.ref(`${scope.alias}.deleted_at`)} is null
      and ${reach(ctx, object, 'read', scope)}))`;
  });
  if (inReach.length === 0) return [];
  const whole = words.join(' ');
  const found = await (ctx.tx ?? ctx.db).run<{
    object: string;
    record_id: string;
    title: string;
    parts: string;
  }>(
    sql`select s.object, s.record_id, s.title, s.parts::text as parts,
        (case when s.title_words = ${whole} then 3 when s.title_words like ${`${whole}%`} then 2
          when s.title_words like ${`%${whole}%`} then 1 else 0 end)
        + word_similarity(${whole}, s.words) as score
      from ${tableOf(ctx.schema, 'search_entry')} s
      where ${entryMatches(q)} and ${or(inReach)}
      order by score desc, s.title, s.record_id limit ${limit * 2}`,
  );
  return found.flatMap(row => explained(ctx, row, words, phoneDigits(q))).slice(0, limit);
}

/** Adds why it matched; drops a hit that only a hidden field explains. */
function explained(
  ctx: Context,
  row: { object: string; record_id: string; title: string; parts: string },
  words: string[],
  digits: string | null,
): Hit[] {
  const object = ctx.model.objects.get(row.object)!;
  const parts = Object.entries(JSON.parse(row.parts) as Record<string, string>);
  const visible = parts.filter(([name]) => {
    const field = object.fields.get(name);
    return field && fieldRight(ctx, field) !== 'none';
  });
  const scored = visible
    .map(([name, text]) => ({
      name,
      text,
      score: digits ? phoneScore(text, digits) : similarity(words, text),
    }))
    .sort((a, b) => b.score - a.score);
  const best = scored[0];
  if (visible.length < parts.length && (!best || best.score < 0.4)) return [];
  const subtitle = visible.find(([name]) => name !== object.title.name)?.[1]?.slice(0, 120) ?? null;
  const label = best ? object.fields.get(best.name)!.label : '';
  const matched =
    best && best.score > 0 ? { field: best.name, label, snippet: snippet(best.text, words) } : null;
  return [{ object: row.object, id: row.record_id, title: row.title, subtitle, matched }];
}

function phoneScore(text: string, digits: string): number {
  return text.replace(/\D/g, '').includes(digits) ? 1 : 0;
}

/** Share of the asked words found in the text: 1 for contained, else the best overlap of letter pairs (Dice's coefficient). */
function similarity(words: string[], text: string): number {
  const normal = normalise(text);
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
  const at = Math.max(0, text.toLowerCase().indexOf(words[0]!));
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 120)}${from + 120 < text.length ? '…' : ''}`;
}
