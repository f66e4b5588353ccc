/** The ways to filter that several types share. A type names how its values compare and gets the operators from here. */

import {
  type Aggregate,
  type Cell,
  type Field,
  type Json,
  type Operator,
  type ParseScope,
  type Refusal,
  refuse,
  type Sql,
  sql,
  yes,
} from '../engine/index.ts';
import { cleanText } from './reading.ts';

export type Operators<V> = Record<string, Operator<V>>;
export type Scalar = string | number | boolean;

/** How values of a type compare: by one scalar that SQL and JavaScript order alike. */
export interface Comparable<V> {
  /** PostgreSQL type of the scalar. */
  type: string;
  /** The scalar that stands for a value. */
  key(value: V): Scalar;
  /** The scalar in SQL. Default: the first column. */
  sql?(cell: Cell): Sql;
  /** Order of two scalars, where `<` does not give it. */
  compare?(a: Scalar, b: Scalar): number;
}

function parts<V>(of: Comparable<V>) {
  const cast = sql.raw(`::${of.type}`);
  const list = sql.raw(`::${of.type}[]`);
  const column = of.sql ?? (cell => cell());
  const order = of.compare ?? ((a: Scalar, b: Scalar) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    column,
    one: (operand: Json) => sql`${of.key(operand as V)}${cast}`,
    many: (operand: Json) => sql`${(operand as Json[]).map(item => of.key(item as V))}${list}`,
    same: (a: V, operand: Json) => order(of.key(a), of.key(operand as V)) === 0,
    among: (a: V, operand: Json) =>
      (operand as Json[]).some(item => order(of.key(a), of.key(item as V)) === 0),
    order: (a: V, operand: Json) => order(of.key(a), of.key(operand as V)),
  };
}

/** `is`, `isNot`, `isAnyOf`, `isNoneOf`. The negative ones hold for empty values too. */
export function equality<V>(of: Comparable<V>): Operators<V> {
  const { column, one, many, same, among } = parts(of);
  return {
    is: {
      label: 'is',
      operand: 'one',
      sql: (cell, operand) => sql`${column(cell)} = ${one(operand)}`,
      test: same,
    },
    isNot: {
      label: 'is not',
      operand: 'one',
      nulls: true,
      sql: (cell, operand) => sql`${column(cell)} is distinct from ${one(operand)}`,
      test: (value, operand) => value === null || !same(value, operand),
    },
    isAnyOf: {
      label: 'is any of',
      operand: 'many',
      sql: (cell, operand) => sql`${column(cell)} = any(${many(operand)})`,
      test: among,
    },
    isNoneOf: {
      label: 'is none of',
      operand: 'many',
      nulls: true,
      sql: (cell, operand) => sql`(${column(cell)} = any(${many(operand)})) is not true`,
      test: (value, operand) => value === null || !among(value, operand),
    },
  };
}

/** Words for order: numbers are greater, dates are after. */
export interface OrderWords {
  gt: string;
  gte: string;
  lt: string;
  lte: string;
  between: string;
}

const amounts: OrderWords = {
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  between: 'is between',
};

export const times: OrderWords = {
  gt: 'is after',
  gte: 'is on or after',
  lt: 'is before',
  lte: 'is on or before',
  between: 'is between',
};

/** `gt`, `gte`, `lt`, `lte`, `between` (both ends included). */
export function comparison<V>(of: Comparable<V>, words: OrderWords = amounts): Operators<V> {
  const { column, one, order } = parts(of);
  const operator = (label: string, sign: Sql, holds: (order: number) => boolean): Operator<V> => ({
    label,
    operand: 'one',
    sql: (cell, operand) => sql`${column(cell)} ${sign} ${one(operand)}`,
    test: (value, operand) => holds(order(value, operand)),
  });
  return {
    gt: operator(words.gt, sql`>`, n => n > 0),
    gte: operator(words.gte, sql`>=`, n => n >= 0),
    lt: operator(words.lt, sql`<`, n => n < 0),
    lte: operator(words.lte, sql`<=`, n => n <= 0),
    between: {
      label: words.between,
      operand: 'range',
      sql: (cell, operand) => {
        const [from, to] = operand as [Json, Json];
        return sql`${column(cell)} between ${one(from)} and ${one(to)}`;
      },
      test: (value, operand) => {
        const [from, to] = operand as [Json, Json];
        return order(value, from) >= 0 && order(value, to) <= 0;
      },
    },
  };
}

/** `empty`, `notEmpty`: by the first column, or by `isNull`. */
export function emptiness<V>(isNull: (cell: Cell) => Sql = cell => sql`${cell()} is null`): Operators<V> {
  return {
    empty: {
      label: 'is empty',
      operand: 'none',
      nulls: true,
      sql: cell => isNull(cell),
      test: value => value === null,
    },
    notEmpty: {
      label: 'is not empty',
      operand: 'none',
      nulls: true,
      sql: cell => sql`not (${isNull(cell)})`,
      test: value => value !== null,
    },
  };
}

/** Reads free text to look for. */
export function textOperand(operand: unknown): Json | Refusal {
  const text = typeof operand === 'number' ? String(operand) : operand;
  if (typeof text !== 'string' || cleanText(text) === '')
    return refuse('wrongOperand', 'Give the text to look for, at least one letter long.');
  return cleanText(text);
}

/**
 * `contains`, `notContains`, `startsWith`, `endsWith`: whatever the case of letters, accents as written. Patterns are
 * escaped, so `%`, `_` and `\` stand for themselves.
 */
export function textual<V>(
  textOf: (value: V) => string,
  column: (cell: Cell) => Sql = cell => cell(),
): Operators<V> {
  const like = (cell: Cell, pattern: string) => sql`${column(cell)} ilike ${pattern}::text`;
  const operator = (
    label: string,
    pattern: (escaped: string) => string,
    holds: (text: string, part: string) => boolean,
  ): Operator<V> => ({
    label,
    operand: 'text',
    parse: textOperand,
    sql: (cell, operand) => like(cell, pattern(escapeLike(operand as string))),
    test: (value, operand) => holds(fold(textOf(value)), fold(operand as string)),
  });
  const contains = operator(
    'contains',
    part => `%${part}%`,
    (text, part) => text.includes(part),
  );
  return {
    contains,
    notContains: {
      ...contains,
      label: 'does not contain',
      nulls: true,
      sql: (cell, operand) => sql`(${like(cell, `%${escapeLike(operand as string)}%`)}) is not true`,
      test: (value, operand, field, scope) => value === null || !contains.test(value, operand, field, scope),
    },
    startsWith: operator(
      'starts with',
      part => `${part}%`,
      (text, part) => text.startsWith(part),
    ),
    endsWith: operator(
      'ends with',
      part => `%${part}`,
      (text, part) => text.endsWith(part),
    ),
  };
}

/** Text as part of a LIKE pattern, standing for itself. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/**
 * Lower case as PostgreSQL's C.UTF-8 has it: letter by letter. JavaScript differs in two letters only: it makes two of
 * İ, and lets Σ depend on its place in the word.
 */
export function fold(text: string): string {
  return (/[İΣ]/.test(text) ? text.replaceAll('İ', 'i').replaceAll('Σ', 'σ') : text).toLowerCase();
}

/** Operators of things kept as rows, one per item: `has`, `hasAnyOf`, `hasNoneOf`, `empty`, `notEmpty`. */
export function membership<I>(of: {
  /** Reads one operand to the scalar that stands for an item. */
  read(operand: unknown, field: Field, scope: ParseScope): string | Refusal;
  key(item: I): string;
  /** The scalar of the item's row. */
  sql(cell: Cell): Sql;
  type: string;
}): Operators<I[]> {
  const list = sql.raw(`::${of.type}[]`);
  const cast = sql.raw(`::${of.type}`);
  const readMany = (operand: unknown, field: Field, scope: ParseScope): Json | Refusal => {
    if (!Array.isArray(operand)) return refuse('wrongOperand', 'Give a list.');
    const items = operand.map(item => of.read(item, field, scope));
    const wrong = items.find(item => typeof item !== 'string');
    return wrong ?? (items as string[]);
  };
  const among = (items: I[] | null, operand: Json) =>
    (items ?? []).some(item => (operand as string[]).includes(of.key(item)));
  const any = (cell: Cell, operand: Json) => sql`${of.sql(cell)} = any(${operand}${list})`;
  return {
    has: {
      label: 'has',
      operand: 'one',
      parse: of.read,
      sql: (cell, operand) => sql`${of.sql(cell)} = ${operand}${cast}`,
      test: (items, operand) => among(items, [operand]),
    },
    hasAnyOf: { label: 'has any of', operand: 'many', parse: readMany, sql: any, test: among },
    hasNoneOf: {
      label: 'has none of',
      operand: 'many',
      parse: readMany,
      items: 'none',
      nulls: true,
      sql: any,
      test: (items, operand) => !among(items, operand),
    },
    empty: {
      label: 'is empty',
      operand: 'none',
      items: 'none',
      nulls: true,
      sql: () => yes,
      test: items => (items ?? []).length === 0,
    },
    notEmpty: {
      label: 'is not empty',
      operand: 'none',
      nulls: true,
      sql: () => yes,
      test: items => (items ?? []).length > 0,
    },
  };
}

/** Chooses operators by name, in the order named. */
export function only<V>(operators: Operators<V>, ...names: string[]): Operators<V> {
  return Object.fromEntries(names.map(name => [name, operators[name]!]));
}

/** How many records have a value, and how many different ones there are. */
export const counts: Record<string, Aggregate> = {
  filled: { label: 'Number filled in', sql: cell => sql`count(${cell()})` },
  distinct: { label: 'Number of different values', sql: cell => sql`count(distinct ${cell()})` },
};

/** Sum, average, least, greatest and median of a numeric column. */
export const arithmetic: Record<string, Aggregate> = {
  sum: { label: 'Sum', sql: cell => sql`sum(${cell()})` },
  avg: { label: 'Average', sql: cell => sql`avg(${cell()})` },
  min: { label: 'Least', sql: cell => sql`min(${cell()})` },
  max: { label: 'Greatest', sql: cell => sql`max(${cell()})` },
  median: { label: 'Median', sql: cell => sql`percentile_cont(0.5) within group (order by ${cell()})` },
};

/**
 * The order people know from a telephone book: Äpfel beside Apfel, whatever the case. An index serves it only when it
 * is made on this expression.
 */
export function alphabetical(cell: Cell): { sql: Sql; type: string }[] {
  return [{ sql: sql`${cell()} collate "und-x-icu"`, type: 'text' }];
}

/** The order of the first column as it is. */
export function plainOrder(type: string) {
  return (cell: Cell): { sql: Sql; type: string }[] => [{ sql: cell(), type }];
}
