/** Users named in a text: kept with their ids, `[@Sina Gruber](user:…)`, written and read as `@Sina Gruber`. */
import { createContext } from 'react';

const marked = /\[@([^\]\n]*)\]\(user:([0-9a-f-]{36})\)/gi;

/** What users are called now, by their ids: a text knows what they were called when it was written. */
export const MentionNames = createContext<ReadonlyMap<string, string>>(new Map());

/** The text as people write it, and whom it names: name → id. */
export function unmarked(text: string): { text: string; names: Map<string, string> } {
  const names = new Map<string, string>();
  const shown = text.replace(marked, (_, name: string, id: string) => {
    names.set(name, id);
    return `@${name}`;
  });
  return { text: shown, names };
}

/** The text as it is kept. Of two names that begin alike the longer one is meant. */
export function withMarks(text: string, names: ReadonlyMap<string, string>): string {
  const known = [...names.keys()].sort((a, b) => b.length - a.length);
  if (known.length === 0) return text;
  const plain = known.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const any = new RegExp(`@(${plain.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  return text.replace(any, (_, name: string) => `[@${name}](user:${names.get(name)})`);
}

/** What is being typed after an `@` at the end of `text`; null where nobody is being named. */
export function naming(text: string): string | null {
  return /(?:^|[\s(])@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*)?)$/u.exec(text)?.[1] ?? null;
}

/** As it is said, without any marks. */
export function plain(text: string): string {
  return unmarked(text)
    .text.replace(/\[([^\]\n]*)\]\([^)\s]*\)/g, '$1')
    .replace(/(\*\*|__|~~|`)/g, '')
    .replace(/(^|\s)[*_](\S[^*_\n]*)[*_](?=\W|$)/g, '$1$2');
}
