/**
 * The words of a workspace, each once (or a few times, where several writers met it first at the same moment): what a
 * misspelt word is compared with. Only words of letters are kept; numbers and codes are found as they are written.
 */
import type { Context } from '../context.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';
import { apart } from './words.ts';

/**
 * Words known to be kept, by workspace, so that nearly all writes need not look. Of two generations: once the younger is
 * full it becomes the older, whose words are forgotten unless they were met again. Some 15 MiB at most, however many
 * workspaces there are.
 */
class Known {
  #young = new Map<string, Set<string>>();
  #old = new Map<string, Set<string>>();
  #size = 0;

  has(schema: string, word: string): boolean {
    if (this.#young.get(schema)?.has(word)) return true;
    if (!this.#old.get(schema)?.has(word)) return false;
    this.add(schema, word);
    return true;
  }

  add(schema: string, word: string) {
    if (this.#size >= remembered) [this.#old, this.#young, this.#size] = [this.#young, new Map(), 0];
    const own = this.#young.get(schema) ?? new Set<string>();
    this.#young.set(schema, own);
    own.add(apart(word));
    this.#size++;
  }
}

/** Words of a generation. */
const remembered = 100_000;
const known = new WeakMap<object, Known>();

/** Words of the entries that may not be kept yet. */
export function newWords(ctx: Context, entries: { words: string }[]): string[] {
  const kept = knownOf(ctx);
  const fresh = new Set<string>();
  for (const { words } of entries)
    for (const word of words.split(' '))
      if (!kept.has(ctx.schema, word) && /^\p{L}{3,40}$/u.test(word)) fresh.add(word);
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
  const kept = knownOf(ctx);
  for (const word of words) kept.add(ctx.schema, word);
}

function knownOf({ db }: Context): Known {
  const kept = known.get(db.root) ?? new Known();
  known.set(db.root, kept);
  return kept;
}
