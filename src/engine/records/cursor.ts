/**
 * Keyset paging. A cursor holds the sort values of the last row seen and its id, so that the next page starts right
 * after it whatever was added or removed in between, at the same cost on page 1 and page 10,000.
 */
import { FarleyError } from '../errors.ts';
import { and, type Sql, sql, yes } from '../sql.ts';
import { fieldOfRequest } from './filter.ts';
import { cellOf, type Scope } from './scope.ts';

export interface SortKey {
  name: string;
  sql: Sql;
  /** PostgreSQL type of the expression. */
  type: string;
  descending: boolean;
  nullable: boolean;
}

/** A stretch of the list: which rows, in which order. */
export interface Page {
  where: Sql;
  order: Sql;
}

/** The order asked for, made total by the id. */
export function sortKeys(scope: Scope, sort: string[]): SortKey[] {
  if (sort.length > 5) throw badSort('A list sorts by at most five fields.');
  const keys = sort.flatMap(entry => {
    const descending = entry.startsWith('-');
    const name = descending ? entry.slice(1) : entry;
    const field = fieldOfRequest(scope, name, '/sort');
    const parts = field.type.sort?.(cellOfAny(scope, name), field, scope);
    if (!parts) throw badSort(`${field.label} cannot be sorted by.`);
    const nullable =
      !field.options.required && !(field.system && field.name !== 'deletedAt' && !/By$/.test(field.name));
    return parts.map(part => ({ name: entry, ...part, descending, nullable }));
  });
  const descending = keys[0]?.descending ?? false;
  keys.push({ name: 'id', sql: sql.ref(`${scope.alias}.id`), type: 'uuid', descending, nullable: false });
  return keys;
}

function cellOfAny(scope: Scope, name: string) {
  const field = scope.object.fields.get(name)!;
  if (field.type.storage.kind !== 'computed') return cellOf(field, scope.alias);
  const computed = field.type.storage.sql(field, scope);
  return () => computed;
}

/**
 * The rows after `values` (null: from the start), in stretches that follow one another. Each stretch is one range of an
 * index on the keys: those that share the first values and come after in the next one, from the longest shared
 * beginning to none. Rows without a value come last, in a stretch of their own.
 */
export function keyset(keys: SortKey[], values: (string | null)[] | null): Page[] {
  const order = sql.join(keys.map(key => sql`${key.sql} ${direction(key)}`));
  if (!values) return [{ where: yes, order }];
  const pages: Page[] = [];
  for (let end = keys.length; end > 0; ) {
    const start = runStart(keys, values, end);
    const shared = keys.slice(0, start).map((key, index) => equals(key, values[index]!));
    const [first, value] = [keys[start]!, values[start]!];
    if (value !== null) {
      pages.push({ where: and([...shared, after(keys.slice(start, end), values.slice(start, end))]), order });
      if (first.nullable) pages.push({ where: and([...shared, sql`${first.sql} is null`]), order });
    }
    end = start;
  }
  return pages;
}

/** Where the keys begin that end before `end` and can be compared as one row: in one direction, none but the first nullable. */
function runStart(keys: SortKey[], values: (string | null)[], end: number): number {
  let start = end - 1;
  const joins = (key: SortKey) =>
    !keys[start]!.nullable && values[start] !== null && key.descending === keys[start]!.descending;
  while (start > 0 && joins(keys[start - 1]!) && values[start - 1] !== null) start--;
  return start;
}

function after(keys: SortKey[], values: (string | null)[]): Sql {
  if (keys.length === 1) return compare(keys[0]!, values[0]!);
  const row = sql.join(keys.map(key => key.sql));
  const bounds = sql.join(keys.map((key, index) => bound(key, values[index]!)));
  return sql`(${row}) ${keys[0]!.descending ? sql`<` : sql`>`} (${bounds})`;
}

function equals(key: SortKey, value: string | null): Sql {
  return value === null ? sql`${key.sql} is null` : sql`${key.sql} = ${bound(key, value)}`;
}

function compare(key: SortKey, value: string): Sql {
  return sql`${key.sql} ${key.descending ? sql`<` : sql`>`} ${bound(key, value)}`;
}

function bound(key: SortKey, value: string): Sql {
  return sql`${value}::${sql.raw(key.type)}`;
}

/** As indexes have it (see `orderIndex` in db/schema.ts), or they would not serve. */
function direction(key: SortKey): Sql {
  if (key.name === 'id') return key.descending ? sql`desc` : sql`asc`;
  return key.descending ? sql`desc nulls last` : sql`asc nulls last`;
}

export function encodeCursor(keys: SortKey[], values: (string | null)[]): string {
  return Buffer.from(JSON.stringify([signature(keys), ...values])).toString('base64url');
}

export function decodeCursor(keys: SortKey[], cursor: string): (string | null)[] {
  try {
    const [sign, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as (string | null)[];
    if (sign === signature(keys) && values.length === keys.length && values.every(isCursorValue))
      return values;
  } catch {
    // Falls through: a cursor that is no JSON is as wrong as one of another list.
  }
  throw new FarleyError(
    'invalidCursor',
    'This cursor belongs to another order of the list. Start again without `after`.',
  );
}

function isCursorValue(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

/** A cursor fits one order only. */
function signature(keys: SortKey[]): string {
  return keys.map(key => key.name).join(',');
}

function badSort(message: string): FarleyError {
  return new FarleyError('invalidQuery', message, {
    problems: [{ pointer: '/sort', code: 'notSortable', message }],
  });
}
