/** The words of pages for outsiders, in the language of their browser. Without a library: their messages have no plurals. */

interface Words {
  [key: string]: string | Words;
}

const files = import.meta.glob<Words>('../locales/*/open.json', { import: 'default' });

/** Puts values into a message: `t('offer.title', { number })`. */
export type Say = (key: string, values?: Record<string, string | number>) => string;

/** The first of some languages that there are words for, with its region for numbers and days; else English. */
function spoken(wanted: readonly string[]): { language: string; locale: string } {
  const known = Object.keys(files).map(path => path.split('/')[2]!);
  for (const locale of wanted) {
    const language = known.find(each => each === locale.split('-')[0]);
    if (language) return { language, locale };
  }
  return { language: 'en', locale: 'en' };
}

/** Fetches the words, of one of these languages or of those of the browser, and sets the page up for them. */
export async function learnWords(wanted = navigator.languages): Promise<{ t: Say; locale: string }> {
  const { language, locale } = spoken(wanted);
  const words = await files[`../locales/${language}/open.json`]!();
  const t: Say = (key, values = {}) => {
    const found = key
      .split('.')
      .reduce<string | Words | undefined>(
        (at, part) => (typeof at === 'object' ? at[part] : undefined),
        words,
      );
    return String(found ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  };
  document.documentElement.lang = language;
  document.documentElement.dir = t('open.direction');
  return { t, locale };
}
