/**
 * The words of the interface, as its parts ask for them. A change of language draws the whole page anew (see `Gate`), so
 * that no part needs to listen for one; and most messages are as they stand, so that each is looked up once.
 */
import i18next from 'i18next';
import { createElement, type ReactNode } from 'react';

const plain = new Map<string, string>();
i18next.on('languageChanged', () => plain.clear());

/** The first message there is of the languages that are tried, unless ICU has something to do with it. */
function asItStands(key: string): string | null {
  for (const language of i18next.languages ?? []) {
    const found: unknown = i18next.getResource(language, 'translation', key);
    if (typeof found === 'string') return /[{']/.test(found) ? null : found;
  }
  return null;
}

/** A message in the language that is spoken: `t('list.rows', { count: 12 })`. The key itself where there is none. */
export function t(key: string, values?: Record<string, unknown>): string {
  if (values) return i18next.t(key, values);
  const known = plain.get(key);
  if (known !== undefined) return known;
  const text = asItStands(key) ?? i18next.t(key);
  plain.set(key, text);
  return text;
}

export type Translate = typeof t;

/** A message with `<b>` in it, drawn: to ICU, as it is set up, tags are text. */
export function rich(key: string, values: Record<string, unknown>): ReactNode {
  const parts = t(key, values).split(/<\/?b>/);
  return parts.map((part, at) => (at % 2 === 1 ? createElement('b', { key: at }, part) : part));
}
