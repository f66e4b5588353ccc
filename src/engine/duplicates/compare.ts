/**
 * Comparing two values of the same thing written differently. A comparison says how alike two values are, from 0 to 1,
 * and under which keys a value is filed, so that only records that share one are compared at all.
 */
import type { Json } from '../field.ts';
import { normalise, searched } from '../search/words.ts';

export interface Comparison {
  /** Keys of a value: what is the same shares one, what is alike mostly does. At most a few. */
  keys(text: string): string[];
  /** How alike two texts are, 0 to 1. Both have something to compare. */
  alike(a: string, b: string): number;
  /** From this on two values are nearly the same. */
  near: number;
}

/** Text of a canonical value: of an object with parts, the whole, or the parts in their order. Empty where there is none. */
export function textOfValue(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(textOfValue).join(' ');
  if (typeof value !== 'object') return String(value);
  return typeof value.full === 'string' ? value.full : Object.values(value).map(textOfValue).join(' ').trim();
}

const groups = `alexander alex sascha sasha xander|alexandra alex sandra sascha sasha|andrew andy drew|andreas andi andy|
anthony tony antonio toni anton|barbara barb babs barbie|benjamin ben benny benji|catherine katherine kathryn kate katie cathy kathy katharina kathrin katja|
charles charlie chuck karl carl carlos|christopher chris kit christoph christoffer|christine christina chris tina christiane|daniel dan danny|david dave davy|
dorothy dot dotty dora|edward ed eddie ted ned eduard eduardo|elizabeth liz lizzie beth betty eliza lisa elisabeth elsa sissi isabel|eugene gene|
frederick fred freddy friedrich fritz federico|francis frank francisco paco pancho franz francesco franco|gabriel gabe|george georg jorge jurgen schorsch|
gerald gerry jerry|giuseppe peppe beppe pino jose pepe josef joseph joe joey sepp|gregory greg|guillermo memo william will bill billy liam wilhelm willi|
harold harry hal|heinrich heinz henry hank harry henri enrique|helen helena nell ellen lena|ignacio nacho|james jim jimmy jamie jakob jacob jake jacques diego santiago|
jean john jack johnny johann johannes hans juan giovanni gianni ivan ian vanya|jennifer jen jenny|jessica jess jessie|jonathan jon jonny|joshua josh|
judith judy|kenneth ken kenny|lawrence larry laurence lorenz lorenzo|leonard leo lenny leonhard|ludwig louis lou luis luigi lutz|margaret maggie meg peggy greta gretel margarete margarita rita|
maria mary marie mia mitzi molly|martha marty|matthew matt matthias mateo matteo|maximilian max maxim|michael mike mick mickey michel michele miguel misha|
nathaniel nathan nat nate|nicholas nick nicky klaus niklas nikolaus nicolas|patricia pat patty tricia trish|patrick pat paddy|peter pete pietro pedro pierre petr|
philip phil philipp felipe|rebecca becky becca|richard rick ricky dick rich riccardo|robert rob bob bobby bert roberto|ronald ron ronny|rudolf rudi|samuel sam sammy|samantha sam|
stephen steven steve stefan stephan esteban stefano|susan sue susie suzanne susanne susanna|sebastian basti bastian|theodore ted teddy theo theodor|
theresa terry tess teresa resi|thomas tom tommy tomas tommaso|timothy tim|ulrich uli ulli|ursula uschi|victoria vicky|vincent vince vincenzo|walter wally walt|wolfgang wolf wolfi|zachary zach zack`;

/** Name → the groups of names that people use for each other. A name may be short for several. */
const nicknames = new Map<string, number[]>();
for (const [index, group] of groups.split('|').entries())
  for (const name of group.trim().split(/\s+/)) nicknames.set(name, [...(nicknames.get(name) ?? []), index]);

const legalForms = new Set(
  `gmbh mbh ag kg kgaa ohg gbr ug eg ev se co corp corporation inc incorporated llc llp lp ltd limited plc pty pte pvt
  sa sas sarl sasu snc srl spa sapa sl slu sau sgps lda ltda eirl bv nv vof cv ab as asa aps oy oyj hf ehf sro as kft zrt bt nyrt doo dd ad ood eood
  sp zoo sia uab ou jsc ooo oao pao zao kk gk bhd sdn berhad holding holdings group gruppe the and und et`.split(
    /\s+/,
  ),
);

/** Providers whose domain says nothing about who someone works for, by the name before the ending. */
const freeMail = new Set(
  `gmail googlemail hotmail outlook live msn yahoo ymail aol icloud me mac gmx web t-online freenet mail protonmail proton posteo
  mailbox fastmail zoho yandex qq 163 126 sina orange wanadoo free laposte libero virgilio tiscali aon chello bluewin hispeed telefonica terra seznam wp o2 onet interia`.split(
    /\s+/,
  ),
);

const titles = new Set(
  'dr prof mag ing dipl mr mrs ms miss herr frau sir mme mlle jr sr univ phd msc bsc mba'.split(' '),
);

const wordsIn = (text: string) =>
  searched(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
/** Marks of abbreviation go, so that "S.A." and "S.p.A." are one word each. */
const joined = (text: string) => text.replace(/\b(\p{L})\.\s?(?=\p{L}\b)/gu, '$1').replaceAll(/['’`]/g, '');

function nameWords(text: string): string[] {
  const words = wordsIn(joined(text)).filter(word => !titles.has(word));
  return words.length > 0 ? words : wordsIn(text);
}

/** The words of an organisation's name without its legal form; all of them where nothing else is left. */
export function organisationWords(text: string): string[] {
  const words = wordsIn(joined(text));
  const own = words.filter(word => !legalForms.has(word) && !/^compan(y|ia|hia|ies)$/.test(word));
  return own.length > 0 ? own : words;
}

/** Addresses keep their marks: müller.example is another domain than muller.example, and somebody else's. */
const addressed = (text: string) => text.normalize('NFKC').trim().toLowerCase();

/** An e-mail address as its provider delivers it: no tag after a plus, and at Gmail no dots. */
export function mailboxOf(text: string): string {
  const [local = '', domain = ''] = addressed(text).split('@');
  const bare = local.replace(/\+.*$/, '');
  if (domain === 'gmail.com' || domain === 'googlemail.com') return `${bare.replaceAll('.', '')}@gmail.com`;
  return `${bare}@${domain}`;
}

/** The domain of a web or e-mail address, without `www`; empty for those that everyone may have. */
export function domainOf(text: string): string {
  const host = addressed(text)
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?#:].*$/, '')
    .replace(/^www\d?\./, '');
  const name = host.split('.')[0]!;
  return host.includes('.') && !freeMail.has(name) ? host : '';
}

/**
 * Jaro–Winkler similarity (Winkler 1990, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter
 * Model"): 1 for equal texts; the first four letters count most.
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Array<boolean>(b.length).fill(false);
  const matched: string[] = [];
  for (let i = 0; i < a.length; i++)
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j++)
      if (!taken[j] && a[i] === b[j]) {
        taken[j] = true;
        matched.push(a[i]!);
        break;
      }
  const m = matched.length;
  if (m === 0) return 0;
  const others = [...b].filter((_, j) => taken[j]);
  const swapped = matched.filter((letter, i) => letter !== others[i]).length / 2;
  const jaro = (m / a.length + m / b.length + (m - swapped) / m) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Shared trigrams of all there are (Jaccard), with blanks around words as `pg_trgm` has it. */
export function trigrams(a: string, b: string): number {
  const cut = (text: string) => {
    const found = new Set<string>();
    for (const word of text.split(' ')) {
      const padded = `  ${word} `;
      for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
    }
    return found;
  };
  const [x, y] = [cut(a), cut(b)];
  let shared = 0;
  for (const gram of x) if (y.has(gram)) shared++;
  return shared / (x.size + y.size - shared);
}

const sounds: [RegExp, string][] = [
  [/ph/g, 'f'],
  [/[^a-z]/g, ''],
];
const codes: Record<string, string> = {
  b: '1',
  p: '1',
  d: '2',
  t: '2',
  f: '3',
  v: '3',
  w: '3',
  g: '4',
  k: '4',
  q: '4',
  l: '5',
  m: '6',
  n: '6',
  r: '7',
  s: '8',
  z: '8',
};

function coded(before: string, letter: string, next: string): string {
  if ('aeijouy'.includes(letter)) return '0';
  if (letter === 'x') return /[ckq]/.test(before) ? '8' : '48';
  if (letter !== 'c') return /[dt]/.test(letter) && /[csz]/.test(next) ? '8' : (codes[letter] ?? '');
  const hard = before === '' ? /[ahkloqrux]/.test(next) : /[ahkoqux]/.test(next) && !/[sz]/.test(before);
  return hard ? '4' : '8';
}

/** Cologne phonetics (Postel 1969): digits for what a word sounds like; vowels only tell at its beginning. */
export function cologne(text: string): string {
  const word = sounds.reduce((rest, [from, to]) => rest.replace(from, to), normalise(text));
  const code = [...word].map((letter, at) => coded(word[at - 1] ?? '', letter, word[at + 1] ?? '')).join('');
  const once = code.replace(/(\d)\1+/g, '$1');
  return once.slice(0, 1) + once.slice(1).replaceAll('0', '');
}

function wordAlike(a: string, b: string): number {
  if (a === b) return 1;
  // A number that differs is another number.
  if (/\d/.test(a + b)) return 0;
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? 0.9 : 0;
  const known = nicknames.get(a)?.some(group => nicknames.get(b)?.includes(group));
  return known ? 0.97 : jaroWinkler(a, b);
}

/** Words paired with those most like them, in any order; `spare` is what a word without a partner is worth. */
function paired(a: string[], b: string[], spare: number): number {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  if (few.length === 0) return 0;
  const left = [...many];
  let sum = 0;
  for (const word of few) {
    const scores = left.map(other => wordAlike(word, other));
    const best = Math.max(...scores);
    sum += best >= 0.8 ? best : best / 2;
    left.splice(scores.indexOf(best), 1);
  }
  return (sum + left.length * spare) / many.length;
}

/** How words sound that were met lately: names have few words, and most come again. */
const sounded = new Map<string, string>();
const remembered = 20_000;

function sound(word: string): string {
  let known = sounded.get(word);
  if (known === undefined) {
    if (sounded.size >= remembered) sounded.clear();
    known = cologne(word) || word;
    sounded.set(word, known);
  }
  return known;
}

/** Keys of a name: how its words sound, in any order; and the beginnings of the two longest, for slips that sound different. */
function nameKeys(words: string[]): string[] {
  if (words.length === 0) return [];
  const group = (word: string) => {
    const [first] = nicknames.get(word) ?? [];
    return first === undefined ? sound(word) : `g${first}`;
  };
  const longest = [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, 2);
  const all = [
    `s${words.map(group).sort().join(' ')}`,
    `s${words.map(sound).sort().join(' ')}`,
    `b${longest
      .map(word => word.slice(0, 4))
      .sort()
      .join(' ')}`,
  ];
  return [...new Set(all)];
}

const short = (text: string) => searched(text).slice(0, 200);

/** The comparisons that rules name. */
export const comparisons: Record<string, Comparison> = {
  /** The same but for case, accents and blanks. */
  exact: { keys: text => [short(text)], alike: (a, b) => (short(a) === short(b) ? 1 : 0), near: 1 },
  /** One line of text, with slips. */
  line: {
    keys: text => [short(text)],
    alike: (a, b) => Math.max(jaroWinkler(short(a), short(b)), trigrams(short(a), short(b))),
    near: 0.88,
  },
  mailbox: {
    keys: text => [mailboxOf(normalise(text))],
    alike: (a, b) => (mailboxOf(a) === mailboxOf(b) ? 1 : 0),
    near: 1,
  },
  /** Digits that end alike: a number with and without its country. */
  digits: {
    keys: text => [digitsOf(text)].filter(Boolean),
    alike: (a, b) => (digitsOf(a) === digitsOf(b) ? 1 : 0),
    near: 1,
  },
  domain: {
    keys: text => [domainOf(normalise(text))].filter(Boolean),
    alike: (a, b) => (domainOf(a) !== '' && domainOf(a) === domainOf(b) ? 1 : 0),
    near: 1,
  },
  /** Names of people: nicknames, initials, titles, the order of the parts, slips. */
  person: {
    keys: text => nameKeys(nameWords(text)),
    alike: (a, b) => paired(nameWords(a), nameWords(b), 0.7),
    near: 0.88,
  },
  /** Names of organisations, whatever their legal form. */
  organisation: {
    keys: text => nameKeys(organisationWords(text)),
    alike: (a, b) => {
      const [x, y] = [organisationWords(a), organisationWords(b)];
      // "Datenbank" and "Daten Bank" are one name.
      return x.join('') === y.join('') ? 1 : paired(x, y, 0.4);
    },
    near: 0.9,
  },
  /** Text of several words in any order. */
  words: {
    keys: text => nameKeys(wordsIn(text).slice(0, 12)),
    alike: (a, b) => Math.max(paired(wordsIn(a), wordsIn(b), 0), trigrams(short(a), short(b))),
    near: 0.85,
  },
};

/** The last nine digits, without an extension: what differs before them is how a country is dialled. */
function digitsOf(text: string): string {
  return text
    .replace(/;ext=.*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '')
    .slice(-9);
}
