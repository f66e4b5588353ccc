/**
 * The words of a workspace, each once (or a few times, where several writers met it first at the same moment): what a
 * misspelt word is compared with. Only words of letters are kept; numbers and codes are found as they are written.
 */
import type { Context } from '../context.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';

/** Per database and workspace, words known to be kept, so that nearly all writes need not look. */
const known = new WeakMap<object, Map<string, Set<string>>>();
const remembered = 200_000;

/** Words of the entries that may not be kept yet. */
export function newWords(ctx: Context, entries: { words: string }[]): string[] {
  const kept = knownIn(ctx);
  const fresh = new Set<string>();
  for (const { words } of entries)
    for (const word of words.split(' ')) if (!kept.has(word) && /^\p{L}{3,40}$/u.test(word)) fresh.add(word);
  return [...fresh];
}

/** Keeps those of the words that are not kept. It waits for nobody: a word that two writers bring at once stands there twice. */
export function keepWords(ctx: Context, words: string[]): Sql {
  const table = tableOf(ctx.schema, 'search_word');
  return sql`insert into ${table} (word) select w.word from unnest(${words}::text[]) as w(word)
    where not exists (select 1 from ${table} v where v.word = w.word)`;
}

/** To be called when they are committed. */
export function wordsKept(ctx: Context, words: string[]) {
  const kept = knownIn(ctx);
  if (kept.size + words.length > remembered) kept.clear();
  for (const word of words) kept.add(word);
}

function knownIn(ctx: Context): Set<string> {
  const schemas = known.get(ctx.db.root) ?? new Map<string, Set<string>>();
  if (!known.has(ctx.db.root)) known.set(ctx.db.root, schemas);
  const kept = schemas.get(ctx.schema) ?? new Set<string>();
  if (!schemas.has(ctx.schema)) schemas.set(ctx.schema, kept);
  return kept;
}
