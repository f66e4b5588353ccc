/** The words of the interface, in all languages: they can be said, they are used, and no language lacks one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { icons } from '../src/kit/icons.ts';
import { iconsOfModel, labelsOfModel, sentencesOfServer } from './model-words.ts';
import { lineOf, type Node, readSources, root, walk } from './source.ts';

type Words = { [key: string]: string | Words };
type Elements = ReturnType<IntlMessageFormat['getAst']>;

const folder = join(root, 'src/web/locales');
const languages = readdirSync(folder).filter(language => language !== 'en');
const topics = readdirSync(join(folder, 'en'));

/** A dictionary of a language: English text → its own. */
function dictionary(language: string, file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, language, file), 'utf8')) as Record<string, string>;
}

/** The messages of a file, by path: `list.empty`. */
function messagesOf(language: string, topic: string): Map<string, string> {
  const file = join(folder, language, topic);
  const flat = (words: Words, before: string): [string, string][] =>
    Object.entries(words).flatMap(([key, word]) =>
      typeof word === 'string' ? [[before + key, word] as [string, string]] : flat(word, `${before}${key}.`),
    );
  return new Map(existsSync(file) ? flat(JSON.parse(readFileSync(file, 'utf8')) as Words, '') : []);
}

/** Dictionaries of what the server says: their keys are its English texts. */
const dictionaries = ['labels.json', 'sentences.json'];
const english = new Map(topics.flatMap(topic => [...messagesOf('en', topic)]));

/** What a message takes and how it uses it: `count plural`. A plural that says its number takes no second argument. */
function takes(elements: Elements): Set<string> {
  const found = new Set<string>();
  for (const element of elements) {
    if ('value' in element && element.type !== 0 && element.type !== 8) found.add(element.value);
    if ('options' in element)
      for (const { value } of Object.values(element.options))
        for (const name of takes(value)) found.add(name);
  }
  return found;
}

const parsed = (message: string, language: string) =>
  new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst();

test('every message is one that ICU can read', () => {
  const wrong = ['en', ...languages].flatMap(language =>
    topics.flatMap(topic =>
      [...messagesOf(language, topic)].flatMap(([key, message]) => {
        try {
          parsed(message, language);
          return /\{\{\w+\}\}(?!\s*\w+ \{|\})/.test(message) ? [`${language}/${topic} ${key}: {{…}}`] : [];
        } catch (error) {
          return [`${language}/${topic} ${key}: ${String(error)}`];
        }
      }),
    ),
  );
  expect(wrong).toEqual([]);
});

test('every language says all that English says, with the same arguments and all its plurals', () => {
  const wrong = languages.flatMap(language => {
    const rules = new Intl.PluralRules(language);
    // Forms for millions and for fractions, as French and Spanish have them, may be left to "other".
    const plurals = [...new Set(Array.from({ length: 1000 }, (_, number) => rules.select(number)))];
    const known = [...topics, ...dictionaries];
    const strange = readdirSync(join(folder, language)).filter(file => !known.includes(file));
    const gaps = topics.flatMap(topic => {
      const [own, source] = [messagesOf(language, topic), messagesOf('en', topic)];
      const keys = [...new Set([...own.keys(), ...source.keys()])];
      return keys.flatMap(key => {
        const [mine, theirs] = [own.get(key), source.get(key)];
        const where = `${language}/${topic} ${key}`;
        if (mine === undefined) return [`${where} is missing`];
        if (theirs === undefined) return [`${where} is not in English`];
        const [has, wants] = [mine, theirs].map(message =>
          [...takes(parsed(message, language))].sort().join(),
        );
        if (has !== wants) return [`${where} takes “${has}”, in English “${wants}”`];
        return lacks(parsed(mine, language), plurals).map(form => `${where} has no plural “${form}”`);
      });
    });
    return [...strange.map(file => `${language}/${file} is not in English`), ...gaps];
  });
  expect(wrong).toEqual([]);
});

/** The plural forms that a message leaves out, though its language has them. */
function lacks(elements: Elements, plurals: string[]): string[] {
  return elements.flatMap(element => {
    if (!('options' in element)) return [];
    const inside = Object.values(element.options).flatMap(({ value }) => lacks(value, plurals));
    const has = Object.keys(element.options);
    return [...('pluralType' in element ? plurals.filter(form => !has.includes(form)) : []), ...inside];
  });
}

/** Keys as the sources name them: whole ones, and ones with a gap in them as patterns. */
function named() {
  const whole = new Map<string, string>();
  const patterns: { pattern: RegExp; at: string; asked: boolean }[] = [];
  const asked = new Map<string, string>();
  for (const source of readSources(
    ['src/web', 'src/fields', 'src/kit', 'src/modules', 'src/engine'],
    /\.tsx?$/,
  )) {
    if (source.test) continue;
    walk(source.ast!, (node, parents) => {
      const at = `${source.path}:${lineOf(source, node.start)}`;
      const isAsked = asks(node, parents);
      if (node.type === 'Literal' && typeof node.value === 'string') {
        whole.set(node.value, at);
        if (isAsked) asked.set(node.value, at);
      }
      if (node.type !== 'TemplateLiteral') return;
      const quasis = (node.quasis as Node[]).map(({ value }) => (value as { raw: string }).raw);
      if (!/^[a-z]\w*\./i.test(quasis[0]!)) return;
      const escaped = quasis.map(text => text.replaceAll('.', '\\.'));
      if (escaped.some(text => /[^\w\\.-]/.test(text))) return;
      patterns.push({ pattern: new RegExp(`^${escaped.join('[\\w.-]+')}$`), at, asked: isAsked });
    });
  }
  return { whole, patterns, asked };
}

/** `t('…')`, `t(both ? '…' : '…')`, `rich('…')` */
function asks(node: Node, [parent, ...above]: Node[]): boolean {
  if (parent?.type === 'ConditionalExpression' && parent.test !== node) return asks(parent, above);
  const callee = parent?.type === 'CallExpression' ? (parent.callee as Node) : undefined;
  return (callee?.name === 't' || callee?.name === 'rich') && (parent!.arguments as Node[])[0] === node;
}

test('every key that the sources use exists, and every key that exists is used', () => {
  const { whole, patterns, asked } = named();
  const missing = [
    ...[...asked].filter(([key]) => !english.has(key)).map(([key, at]) => `${at} ${key}`),
    ...patterns
      .filter(each => each.asked && ![...english.keys()].some(key => each.pattern.test(key)))
      .map(({ pattern, at }) => `${at} ${pattern.source}`),
  ];
  const unused = [...english.keys()].filter(
    key => !whole.has(key) && !patterns.some(({ pattern }) => pattern.test(key)),
  );
  expect({ missing, unused }).toEqual({ missing: [], unused: [] });
});

test('every language knows all labels of the model, and the sentences with which forms are refused', () => {
  const [labels, sentences] = [labelsOfModel(), sentencesOfServer()];
  const needed = [...sentences].filter(([text, at]) => isForPeople(text, at)).map(([text]) => text);
  const wrong = languages.flatMap(language => {
    const own = dictionary(language, 'labels.json');
    const said = dictionary(language, 'sentences.json');
    const gaps = (text: string) => [...text.matchAll(/\{\d\}/g)].map(String).sort().join();
    return [
      ...[...labels]
        .filter(([text]) => !own[text])
        .map(([text, at]) => `${language} lacks “${text}” (${at})`),
      ...needed.filter(text => !said[text]).map(text => `${language} lacks “${text}”`),
      ...Object.keys(own)
        .filter(text => !labels.has(text.split('|').at(-1)!))
        .map(text => `${language}: nothing is called “${text}”`),
      ...Object.keys(said)
        .filter(text => !sentences.has(text))
        .map(text => `${language}: nobody says “${text}”`),
      ...Object.entries(said)
        .filter(([text, translation]) => gaps(text) !== gaps(translation))
        .map(([text]) => `${language}: other gaps than “${text}”`),
    ];
  });
  expect(wrong).toEqual([]);
});

/** Sentences that people meet. What names parameters of the API, or shows JSON, is for programs. */
function isForPeople(text: string, at: string): boolean {
  const met =
    /^src\/(fields|modules)\/|^src\/engine\/(access|records|duplicates|errors|transfer|files|jobs|auth)|^src\/engine\/api\/(imports|proposal|session|transfer|changes|bulk|rewind)/;
  const words = text.replace(/\{\d\}/g, '');
  return (
    met.test(at) &&
    /\p{L}{3}/u.test(words) &&
    !/`|\{ ?"?[a-z]{2,}|\[from|UUID|RFC|ISO|0000|[Cc]ursor|feed/.test(words)
  );
}

test('every icon that the model names is in the bundle', () => {
  const missing = [...iconsOfModel()].filter(([icon]) => !Object.hasOwn(icons, icon));
  expect(missing.map(([icon, at]) => `${at}: ${icon}`)).toEqual([]);
});
