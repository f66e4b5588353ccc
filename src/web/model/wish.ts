/**
 * What someone types into a list, read as conditions: "won this quarter over 10k mine". From the fields' own words, choices
 * and operators, in the language of the reader; no field type is known by name. Pure.
 */

import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { periodWords } from '../../fields/period.tsx';
import { optionsOf } from '../../fields/read.tsx';
import { readNumeral } from '../../fields/reading.ts';
import type { Format } from '../../fields/view.ts';
import { t } from '../../kit/words.ts';
import { type Condition, equals, isEmptyFilter } from './filter.ts';
import { offeredFields } from './meta.tsx';

export interface Wish {
  /** What the words may mean, one condition for each part that was understood, the likeliest field of each. */
  conditions: Condition[];
  /** Other fields that the last part may mean. */
  instead: Condition[];
  /** What is left to be looked for as text. */
  rest: string;
}

interface Asked {
  object: MetaObject;
  /** Fields that are shown come first. */
  columns: string[];
  format: Format;
  /** Titles of linked records that are on the screen: field → title and id. */
  seen: Map<string, { id: string; title: string }[]>;
}

const longest = 6;

/** Null where nothing of it says more than a text to look for. */
export function wishIn(typed: string, asked: Asked): Wish | null {
  const words = typed.trim().split(/\s+/).filter(Boolean);
  const fields = ranked(asked);
  const conditions: Condition[] = [];
  let instead: Condition[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; ) {
    const part = partAt(words, at, fields, asked);
    if (!part) rest.push(words[at++]!);
    else {
      at += part.length;
      const [first, ...others] = part.means.filter(
        ({ field }) => !conditions.some(known => known.field === field && part.means.length > 1),
      );
      if (!first) continue;
      conditions.push(first);
      instead = others.slice(0, 3);
    }
  }
  return conditions.length > 0 ? { conditions, instead, rest: rest.join(' ') } : null;
}

function ranked({ object, columns }: Asked): MetaField[] {
  const place = (field: MetaField) => {
    const shown = columns.indexOf(field.name);
    return shown < 0 ? 100 + (field.system ? 100 : 0) : shown;
  };
  return offeredFields(object).sort((a, b) => place(a) - place(b));
}

/** The longest run of words from here that means a condition of any field. */
function partAt(words: string[], at: number, fields: MetaField[], asked: Asked) {
  for (let length = Math.min(longest, words.length - at); length > 0; length--) {
    const run = plain(words.slice(at, at + length).join(' '));
    const named = fields.flatMap(field => byName(run, field, asked) ?? []);
    const means = named.length > 0 ? named : fields.flatMap(field => meant(run, field, asked) ?? []);
    if (means.length > 0) return { length, means };
  }
  return null;
}

/** Lower case, without accents, for comparing what is said with what is typed. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

/** A message that lists ways to say something: "over|more than". The longest first, as others may begin it. */
function ways(key: string): string[] {
  return t(key)
    .split('|')
    .map(plain)
    .sort((a, b) => b.length - a.length);
}

function after(run: string, key: string): string | null {
  for (const way of ways(key)) {
    // Signs need no space behind them.
    const stuck = !/[\p{L}\p{N}]$/u.test(way);
    if (run.startsWith(`${way} `) || (stuck && run.startsWith(way))) return run.slice(way.length).trim();
  }
  return null;
}

/** With the field's name: "close date this month", "without phone". */
function byName(run: string, field: MetaField, asked: Asked): Condition | null {
  const label = plain(field.label);
  const empty = after(run, 'wish.without');
  if (empty === label) return conditionOf(isEmptyFilter(field));
  if (!run.startsWith(`${label} `)) return null;
  return meant(run.slice(label.length).trim(), field, asked);
}

/** By what is said alone: a choice, a period, more or less than a number, whoever asks, a record on the screen. */
function meant(run: string, field: MetaField, asked: Asked): Condition | null {
  const has = (name: string) => field.operators.some(operator => operator.name === name);
  const option = optionsOf(field).find(({ label }) => plain(label) === run);
  if (option) return conditionOf(equals(field, option.value));
  if (has('isMe') && ways('wish.mine').includes(run)) return { field: field.name, op: 'isMe', value: null };
  const during = field.operators.find(({ operand }) => operand === 'period');
  if (during) {
    const period = periodIn(run);
    return period ? { field: field.name, op: during.name, value: period } : null;
  }
  if (has('gt') && has('lt')) return compared(run, field, asked.format);
  const linked = asked.seen.get(field.name)?.find(({ title }) => calls(run, title));
  return linked ? conditionOf(equals(field, { id: linked.id, title: linked.title })) : null;
}

/** Whole, or by its first or last name. */
function calls(run: string, title: string): boolean {
  const said = plain(title);
  const parts = said.split(' ');
  return run.length > 2 && (run === said || run === parts[0] || run === parts.at(-1));
}

const periods = ['day', 'week', 'month', 'quarter', 'year'];
const named = [
  'today',
  'yesterday',
  'tomorrow',
  ...['this', 'last', 'next'].flatMap(way =>
    periods.slice(1).map(unit => way + unit.charAt(0).toUpperCase() + unit.slice(1)),
  ),
];

function periodIn(run: string): Json {
  const name = named.find(each => plain(t(`field.period.${each}`)) === run);
  if (name) return { period: name };
  const count = Number(/\d{1,4}/.exec(run)?.[0]);
  if (!count) return null;
  for (const direction of ['last', 'next'])
    for (const unit of periods) {
      const operand = { [direction]: count, unit };
      const said = plain(periodWords(operand) ?? '');
      // "the last 7 days", and without its article.
      if (said === run || said.endsWith(` ${run}`)) return operand;
    }
  return null;
}

function compared(run: string, field: MetaField, format: Format): Condition | null {
  for (const [key, op] of [
    ['wish.over', 'gt'],
    ['wish.under', 'lt'],
  ] as const) {
    const number = after(run, key);
    const read = number === null ? null : amountIn(number, format.locale);
    if (read) return { field: field.name, op, value: read };
  }
  return null;
}

/** "10k", "1.5m", "10,000 €": without its unit. */
function amountIn(text: string, locale: string): string | null {
  const [, number = '', times = ''] =
    /^\p{Sc}?\s*([\d.,'’ ]+?)\s*(k|m)?\s*(?:\p{Sc}|[a-z]{3})?$/u.exec(text) ?? [];
  const read = readNumeral(number, locale);
  if (read === null || times === '') return read;
  return String(Number(read) * (times === 'k' ? 1_000 : 1_000_000));
}

function conditionOf(filter: ReturnType<typeof equals>): Condition | null {
  return filter && 'field' in filter
    ? { field: filter.field, op: filter.op, value: filter.value ?? null }
    : null;
}
