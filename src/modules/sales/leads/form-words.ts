/** What a form says in other languages than its own: as far as somebody has written it, else as it stands. */
import type { Draft, Json, Problem, Values } from '../../../engine/index.ts';
import type { Question } from './form.ts';

/** Texts of a form that are said in several languages, besides those of its questions. */
export const formTexts = ['heading', 'intro', 'button', 'thanks', 'consent'] as const;
export type FormText = (typeof formTexts)[number];

type Texts = { [text: string]: string };

/** Letters of a text at most. */
const longest = 5_000;

const base = (language: string) => language.toLowerCase().split('-')[0]!;

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text of the form in a language; null where it has none. */
export function textOfForm(form: Values, name: FormText, language: string): string | null {
  const all = isObject(form.translations) ? (form.translations as { [language: string]: Texts }) : {};
  return all[base(language)]?.[name] || (form[name] as string | null) || null;
}

/** What a question says in a language; null where nobody has written it. */
export function wordsOfQuestion({ label, help, labels, helps }: Question, language: string) {
  const of = base(language);
  return { label: labels?.[of] || label || null, help: helps?.[of] || help || null };
}

/** Translations are texts by language: `{ "de": { "heading": "Wie können wir helfen?" } }`. */
export function wrongTranslations({ record, changes }: Draft): Problem[] {
  const given = record.translations ?? null;
  if (!changes('translations') || given === null) return [];
  const isText = ([name, text]: [string, Json]) =>
    (formTexts as readonly string[]).includes(name) && typeof text === 'string' && text.length <= longest;
  const right =
    isObject(given) &&
    Object.entries(given).every(
      ([language, texts]) =>
        /^[a-z]{2,3}$/.test(language) && isObject(texts) && Object.entries(texts).every(isText),
    );
  if (right) return [];
  const message =
    'Translations are texts by language, such as {"de": {"heading": "Wie können wir helfen?"}}.';
  return [{ pointer: '/translations', code: 'notTranslations', message }];
}
