/**
 * What Farley writes to people outside the browser, in their language: the messages of the interface's own files, ICU as
 * there. A folder of `web/locales` is a language here as well; what it lacks is said in English.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { inSentence } from '../model.ts';

const folder = join(import.meta.dirname, '../../web/locales');
/** Topics of which something is said outside the browser. */
const topics = ['letters', 'notifications', 'main'];

interface Words {
  [key: string]: string | Words;
}

export interface Speech {
  /** How dates and numbers are written: `de-AT`. */
  locale: string;
  /** In which language the words are: `de`. */
  language: string;
  direction: string;
  /** A message, its gaps filled. */
  t(key: string, values?: Record<string, string | number>): string;
  /** A label of the model. */
  label(english: string): string;
  /** The same within a sentence. */
  noun(english: string): string;
  /** A moment by someone's clock. */
  moment(at: string, timeZone: string): string;
}

const languages = new Map<string, { messages: Map<string, string>; labels: Record<string, string> }>();
const speeches = new Map<string, Speech>();

function read(language: string, topic: string): Words {
  const file = join(folder, language, `${topic}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Words) : {};
}

function wordsOf(language: string) {
  const known = languages.get(language);
  if (known) return known;
  const flat = (words: Words, before: string): [string, string][] =>
    Object.entries(words).flatMap(([key, word]) =>
      typeof word === 'string' ? [[before + key, word] as [string, string]] : flat(word, `${before}${key}.`),
    );
  const messages = new Map(topics.flatMap(topic => flat(read(language, topic), '')));
  const made = { messages, labels: read(language, 'labels') as Record<string, string> };
  languages.set(language, made);
  return made;
}

/** `de` for `de-AT`; English where there are no words for a locale. */
function languageOf(locale: string): string {
  const known = readdirSync(folder);
  const short = locale.split('-')[0]!;
  return [locale, short].find(tag => known.includes(tag)) ?? 'en';
}

function sound(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** How people of a locale are spoken to. */
export function speechOf(wanted: string): Speech {
  const locale = sound(wanted);
  const known = speeches.get(locale);
  if (known) return known;
  const language = languageOf(locale);
  const [own, english] = [wordsOf(language), wordsOf('en')];
  const formats = new Map<string, IntlMessageFormat>();
  const t: Speech['t'] = (key, values = {}) => {
    let format = formats.get(key);
    if (!format) {
      const mine = own.messages.get(key);
      const text = mine ?? english.messages.get(key) ?? key;
      format = new IntlMessageFormat(text, mine === undefined ? 'en' : language, undefined, {
        ignoreTag: true,
      });
      formats.set(key, format);
    }
    return String(format.format(values));
  };
  const label = (text: string) => own.labels[text] ?? text;
  const speech: Speech = {
    locale,
    language,
    direction: t('language.direction'),
    t,
    label,
    noun: text => (t('language.nouns') === 'small' ? inSentence(label(text), language) : label(text)),
    moment: (at, timeZone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
        new Date(at),
      ),
  };
  speeches.set(locale, speech);
  return speech;
}
