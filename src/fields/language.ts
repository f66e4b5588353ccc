import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse } from '../engine/index.ts';
import { counts, emptiness, equality, plainOrder } from './operators.ts';
import { didYouMean, lookupKey } from './reading.ts';

const common =
  `af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu
de-AT de-CH en-AU en-CA en-GB en-IE en-US es-MX fr-BE fr-CA fr-CH nl-BE pt-BR pt-PT zh-Hans zh-Hant`.split(
    /\s+/,
  );

const english = new Intl.DisplayNames('en', {
  type: 'language',
  languageDisplay: 'standard',
  fallback: 'none',
});
let names: Map<string, string> | undefined;

/** Names in English, in German and in the language itself → tag. Made when the first name is read. */
function tagByName(): Map<string, string> {
  if (names) return names;
  names = new Map();
  for (const tag of common)
    for (const locale of ['en', tag, 'de', 'fr', 'es']) {
      const display = new Intl.DisplayNames(locale, { type: 'language', languageDisplay: 'standard' });
      const key = lookupKey(display.of(tag) ?? tag);
      if (!names.has(key)) names.set(key, tag);
    }
  return names;
}

const found = new Map<string, string | null>();

function read(text: string): string | null {
  let tag = found.get(text);
  if (tag === undefined) {
    tag = tagByName().get(lookupKey(text)) ?? canonicalTag(text.trim().replaceAll('_', '-'));
    if (found.size > 2000) found.clear();
    found.set(text, tag);
  }
  return tag;
}

/** The tag as the standard writes it, if the world knows such a language. */
function canonicalTag(text: string): string | null {
  try {
    const [tag] = Intl.getCanonicalLocales(text);
    return tag && english.of(new Intl.Locale(tag).language) ? tag : null;
  } catch {
    return null;
  }
}

/** A language by its BCP 47 tag. */
export const languageType: FieldType<string> = {
  name: 'language',
  label: 'Language',
  help: 'A language, such as German or German of Austria.',
  icon: 'language',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ pattern: '^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$' }),
  inputSchema: () => Type.String(),
  parse(input, field) {
    if (typeof input === 'string' && input.trim() === '') return null;
    const tag = typeof input === 'string' && input.length < 100 ? read(input) : null;
    if (tag) return tag;
    const near =
      typeof input === 'string'
        ? didYouMean(
            input,
            common.map(each => english.of(each)!),
          )
        : null;
    const hint = near ? ` Did you mean ${near}?` : '';
    return refuse(
      'notALanguage',
      `${field.label} takes a language by its name or tag, such as German or de-AT.${hint}`,
    );
  },
  format(value) {
    const name = english.of(value);
    return name && tagByName().get(lookupKey(name)) === value ? name : value;
  },
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...emptiness() },
  sort: plainOrder('text'),
  group: cell => cell(),
  aggregates: counts,
  cel: { type: 'string' },
  fact: { kind: 'level' },
  samples: [
    { input: 'DE-at', value: 'de-AT', text: 'German (Austria)' },
    { input: 'Deutsch', value: 'de', text: 'German' },
    { input: 'zh_hant_tw', value: 'zh-Hant-TW', text: 'zh-Hant-TW' },
    { input: 'english', value: 'en', text: 'English' },
  ],
  refused: [
    { input: 'Germann', code: 'notALanguage' },
    { input: 'x', code: 'notALanguage' },
    { input: 49, code: 'notALanguage' },
  ],
};

/** A language: `language: language()`. */
export const language = fieldOf(languageType);
