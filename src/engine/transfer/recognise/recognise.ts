/** Which system a table comes from, and what its rows are, told by its name and the names of its columns. */

import type { Format } from '../table.ts';
import {
  type Dictionary,
  headerParts,
  type Meaning,
  plain,
  type Source,
  type SystemSpec,
  sourceFor,
} from './dictionary.ts';
import { linkTable, linkTo } from './link-tables.ts';

/** A table to be understood. */
export interface Named {
  /** Of the sheet or member. */
  name: string;
  /** Of the file. */
  file: string;
  format?: Format;
  columns: string[];
}

export interface Recognised {
  system: SystemSpec | null;
  source: Source | null;
  /** 0 to 1. */
  confidence: number;
  /** For people: what told it. */
  reason: string;
}

/** The system that all tables together speak for; null where none does. */
export function systemOf(dictionary: Dictionary, tables: Named[]): SystemSpec | null {
  const shares = dictionary.systems.map(system => {
    const { least = 2, files = '' } = system;
    const marks = new Set(tables.flatMap(({ columns }) => marksIn(system, columns)));
    const parts = files.split('|').filter(Boolean);
    const byName = tables.some(({ file }) => parts.some(part => file.toLowerCase().includes(part)));
    return { system, share: marks.size / least + (byName ? 1 : 0) };
  });
  const [best] = shares.sort((a, b) => b.share - a.share);
  return best && best.share >= 1 ? best.system : null;
}

/** Columns that few other systems have. Whether words are set apart counts: `AccountId` is not `Account ID`. */
function marksIn({ marks }: SystemSpec, columns: string[]): string[] {
  const spaced = (name: string) => /[_\s]/.test(name);
  return marks.split('|').flatMap(mark => {
    const part = mark.replaceAll('*', '').toLowerCase();
    const test = mark.endsWith('*')
      ? (column: string) => column.toLowerCase().startsWith(part)
      : mark.startsWith('*')
        ? (column: string) => column.toLowerCase().endsWith(part)
        : (column: string) => plain(column) === plain(mark) && spaced(column) === spaced(mark);
    return columns.find(test) ?? [];
  });
}

/** What the rows of a table are. `system` was told from all tables. */
export function recognise(dictionary: Dictionary, table: Named, system: SystemSpec | null): Recognised {
  const source = system && sourceByName(dictionary, table);
  if (source) {
    const { plural } = source.object.spec;
    return {
      system,
      source,
      confidence: 1,
      reason: `The name says that it tells of ${plural.toLowerCase()}.`,
    };
  }
  const ties = system && linkTable(dictionary, table);
  if (ties) {
    const label = ties.object.spec.plural.toLowerCase();
    const reason = `Its columns only tell what ${label} belong to: links are added to those that are there.`;
    return { system, source: ties, confidence: 0.95, reason };
  }
  const reason = system && leftOut(system, dictionary, table);
  return reason ? { system, source: null, confidence: 0.9, reason } : byColumns(dictionary, table, system);
}

/** What the name alone tells, in files of a known system. */
function sourceByName(dictionary: Dictionary, table: Named): Source | null {
  const names = wholeNames(table);
  const custom = names.flatMap(name => dictionary.custom.get(name) ?? []);
  const known = dictionary.sources.find(
    ({ spec, called }) =>
      spec.byName && (dictionary.contents || !spec.withContents) && names.some(name => called.has(name)),
  );
  return known ?? (custom[0] ? sourceFor(dictionary, custom[0]) : null);
}

/** Why a table that a system is known to have becomes no records; null where it may. */
function leftOut(system: SystemSpec, { sources }: Dictionary, table: Named): string | null {
  const names = wholeNames(table);
  const called = sources.filter(source => names.some(name => source.called.has(name)));
  if (called.some(({ spec }) => !spec.withContents)) return null;
  if (called.length > 0)
    return `${system.label}: files. Their contents are not in the archive. Export them too, and give the archive as it is.`;
  const among = (list: string) =>
    list.split('|').some(mark => {
      const end = plain(mark);
      return names.some(name => (mark.startsWith('*') ? name.endsWith(end) : name === end));
    });
  if (among(system.derived ?? '')) return 'Farley keeps this by itself, or does not need it.';
  const found = Object.entries(system.others ?? {}).find(([, list]) => among(list));
  return found
    ? `${system.label}: ${found[0]}. No records of Farley are made of them. Make an object of that name, or leave them out.`
    : null;
}

/** A table's name without the ending of its file, as it stands and without the numbers behind it. */
export function wholeNames({ name }: Pick<Named, 'name'>): string[] {
  const [last = name] = name.split(/[\\/]/).slice(-1);
  const bare = last.replace(/\.[a-z]{2,5}$/i, '');
  return [plain(bare), plain(bare.replace(/[\d\s_-]+$/, ''))].filter(Boolean);
}

/** What a header says that its column is about, if that is something known. */
export function aboutOf({ sources }: Dictionary, column: string): string | null {
  const { about } = headerParts(column);
  return about !== null && sources.some(({ called }) => called.has(about)) ? about : null;
}

/** How much of a table has to be known where its name says nothing, among files of a known system. */
const fitting = 0.6;

function byColumns(dictionary: Dictionary, table: Named, system: SystemSpec | null): Recognised {
  const scored = dictionary.sources
    .filter(({ spec }) => !spec.byName)
    .map(source => ({ source, score: scoreOf(dictionary, source, table) }))
    .sort((a, b) => b.score - a.score);
  const [best, next] = scored;
  if (!best || best.score <= 0) return { system, source: null, confidence: 0, reason: 'No column is known.' };
  const confidence = Math.min(1, 0.5 + (best.score - (next?.score ?? 0)) / (2 * best.score));
  const known = table.columns.filter(column => meaningOf(dictionary, best.source, column)).length;
  const { plural } = best.source.object.spec;
  const about = table.columns.some(column => aboutOf(dictionary, column) !== null);
  if (system && !about && !named(best.source, table) && known < fitting * table.columns.length)
    return {
      system,
      source: null,
      confidence: 0.5,
      reason: `${system.label}: no table of this name is known, and only ${known} of ${table.columns.length} columns are those of ${plural.toLowerCase()}. Say what the rows are, or leave them out.`,
    };
  return {
    system,
    source: best.source,
    confidence: Math.round(confidence * 100) / 100,
    reason: `${known} of ${table.columns.length} columns are known of ${plural.toLowerCase()}${named(best.source, table) ? ', and the name says so' : ''}.`,
  };
}

function scoreOf(dictionary: Dictionary, source: Source, table: Named): number {
  const scores = table.columns.map(column => {
    const { about, name } = headerParts(column);
    if (about && dictionary.sources.some(({ called }) => called.has(about))) {
      const own = source.called.has(about);
      const meant = own ? lookUp(source, name) : null;
      return { titled: titles(source, meant), standsIn: standsIn(source, meant), score: own ? 1 : 0 };
    }
    const meaning = lookUp(source, column);
    const weight = meaning ? (meaning.target === '-' ? 0.5 : 1) : 0;
    return {
      titled: titles(source, meaning),
      standsIn: standsIn(source, meaning),
      score: weight / (dictionary.common.get(plain(column)) ?? 1),
    };
  });
  const titled = scores.some(one => one.titled);
  const score = scores.reduce((sum, one) => sum + one.score, titled ? 1 : 0);
  if (table.format && source.spec.formats?.includes(table.format)) return score + 100;
  const byName = named(source, table);
  // Notes and calls often have no title. Of a narrow table fewer columns say as much.
  const least = byName ? 1 : Math.max(2, Math.min(3, table.columns.length / 4));
  if (!titled && !scores.some(one => one.standsIn) && score <= least) return 0;
  // A name such as "Accounts.csv" says more than the columns that all tables of a system have.
  return byName ? score * 1.5 + 4 : score;
}

function titles({ object }: Source, meaning: Meaning | null): boolean {
  return meaning !== null && meaning.target.split('.')[0] === object.title.name;
}

/** Whether a title can be made of it as of nothing else. */
function standsIn({ object }: Source, meaning: Meaning | null): boolean {
  const [best] = object.spec.fallbacks?.[object.title.name]?.of ?? [];
  return meaning !== null && meaning.target === best;
}

function named({ called }: Source, { name, file }: Named): boolean {
  const words = `${name} ${file}`
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/\.[a-z]{2,5}\b/gi, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .map(plain);
  const whole = [
    plain(name.replace(/\.[a-z]{2,5}$/i, '')),
    ...words,
    ...words.slice(1).map((word, index) => words[index] + word),
  ];
  return whole.some(word => called.has(word));
}

/** The name of a column without what it is about. */
export function nameIn(header: string): string {
  return headerParts(header).name;
}

/** Whether its name says that a table explains others and holds no records. */
export function explains({ explains: names }: Dictionary, { name }: Pick<Named, 'name'>): boolean {
  const words = name.split(/[^\p{L}\p{N}]+/u).map(plain);
  return [...words, ...wholeNames({ name })].some(word => names.includes(word));
}

export function lookUp(source: Source, header: string): Meaning | null {
  const bare = header.replace(/\s*\*+\s*$/, '').replace(/ \(\d+\)$/, '');
  const known = source.names.get(plain(bare));
  if (known || !/__c$/i.test(bare)) return known ?? null;
  // A field that an earlier import made for it bears its name without the ending.
  const own = plain(bare.replace(/__c$/i, ''));
  const made = [...source.object.fields.values()].find(field => field.custom && plain(field.label) === own);
  return made ? { target: made.name, rank: 0 } : null;
}

/** What a column becomes in an object; `link/field` is a value of a linked record. */
export function meaningOf(dictionary: Dictionary, source: Source, header: string): Meaning | null {
  const whole = lookUp(source, header);
  if (whole) return whole;
  const { about, name } = headerParts(header);
  const other = about === null ? undefined : dictionary.sources.find(({ called }) => called.has(about));
  if (!other) return null;
  if (source.called.has(about!)) return lookUp(source, name);
  const field = linkTo(source.object, other.object.name);
  const meaning = lookUp(other, name);
  if (!field || !meaning) return null;
  const { target, rank } = meaning;
  if (target === '-') return meaning;
  if (target === '@id') return { target: `${field.name}@id`, rank };
  if (target === other.object.title.name) return { target: field.name, rank };
  return /[.@+]/.test(target) ? null : { target: `${field.name}/${target}`, rank };
}
