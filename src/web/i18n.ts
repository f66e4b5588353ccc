/**
 * The words of the interface: ICU messages. English comes in the bundle, every other language from a folder of
 * `locales`, fetched when someone uses it. A new folder is a new language.
 */
import i18next from 'i18next';
import ICU from 'i18next-icu';
import { learn } from '../fields/said.ts';
import en from './locales/en/main.json' with { type: 'json' };

interface Words {
  [key: string]: string | Words;
}

const files = import.meta.glob<Words>(
  ['./locales/*/*.json', '!./locales/en/*', '!./locales/*/{letters,open}.json'],
  { import: 'default' },
);

/** Tags of the languages the interface is written in. */
export const languages = ['en', ...new Set(Object.keys(files).map(path => path.split('/')[2]!))];

/** Its types leave out what i18next calls. */
const messages = new ICU({ bindI18nStore: 'added' }) as InstanceType<typeof ICU> & {
  parse(message: string, ...rest: unknown[]): string;
};
const parse = messages.parse.bind(messages);
// Most messages are as they stand; to parse them would be a sixth of what a first page takes.
messages.parse = (message, ...rest) => (/[{']/.test(message) ? parse(message, ...rest) : message);

void i18next.use(messages).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
});

interface Dictionaries {
  labels: Record<string, string>;
  sentences: Record<string, string>;
}

const fetched = new Map<string, Promise<Dictionaries>>([
  ['en', Promise.resolve({ labels: {}, sentences: {} })],
]);

async function fetchWords(language: string): Promise<Dictionaries> {
  const own = Object.keys(files).filter(path => path.split('/')[2] === language);
  const read = await Promise.all(own.map(async path => [path, await files[path]!()] as const));
  const found: Dictionaries = { labels: {}, sentences: {} };
  for (const [path, words] of read) {
    if (path.endsWith('/labels.json')) found.labels = words as Record<string, string>;
    else if (path.endsWith('/sentences.json')) found.sentences = words as Record<string, string>;
    else i18next.addResourceBundle(language, 'translation', words, true);
  }
  return found;
}

/** The language in which someone of this locale reads the interface: `de` for `de-AT`, else English. */
function languageOf(locale: string): string {
  return languages.find(tag => tag === locale) ?? languages.find(tag => tag === locale.split('-')[0]) ?? 'en';
}

const place = 'farley-locale';
let wanted = 'en';
let spoken: string | null = null;

/** The locale of the words there are by now; null before the first. */
export function spokenLocale(): string | null {
  return spoken;
}

/** Speaks to people of a locale (`de-AT`) from now on. Rejects where the words cannot be fetched; all stays as it was. */
export async function speak(locale: string): Promise<void> {
  wanted = locale;
  const language = languageOf(locale);
  const words = fetched.get(language) ?? fetchWords(language);
  fetched.set(language, words);
  try {
    const { labels, sentences } = await words;
    if (wanted !== locale) return;
    learn(labels, sentences);
  } catch (error) {
    fetched.delete(language);
    throw error;
  }
  await i18next.changeLanguage(language === 'en' && !locale.startsWith('en') ? 'en' : locale);
  spoken = locale;
  document.documentElement.lang = i18next.language;
  document.documentElement.dir = i18next.t('language.direction');
  try {
    localStorage.setItem(place, locale);
  } catch {
    // A browser that keeps nothing is asked again next time.
  }
}

/** What this browser spoke last, else what it is set to: for the time before anyone has signed in. */
export function rememberedLocale(): string {
  try {
    return localStorage.getItem(place) ?? navigator.language;
  } catch {
    return navigator.language;
  }
}
