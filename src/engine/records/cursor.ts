/**
 * Keyset paging. A cursor holds the sort values of the last row seen and its id, so that the next page starts right
 * after it whatever was added or removed in between, at the same cost on page 1 and page 10,000.
 */
import { FarleyError } from '../errors.ts';
import { and, or, type Sql, sql } from '../sql.ts';
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
 * The rows after `values` (null: from the start), in one or two stretches. One nullable key followed by the id is split
 * into the rows with a value and those without, because each of the two can then walk an index; nulls come last.
 */
export function keyset(keys: SortKey[], values: (string | null)[] | null): Page[] {
  const order = sql.join(keys.map(key => sql`${key.sql} ${direction(key)}`));
  if (!values) return [{ where: sql`true`, order }];
  const [first, id] = keys as [SortKey, SortKey];
  if (keys.length === 1) return [{ where: compare(first, values[0]!), order }];
  if (keys.length > 2 || first.descending !== id.descending)
    return [{ where: lexicographic(keys, values), order }];
  const idOrder = sql`${id.sql} ${direction(id)}`;
  const withoutValue = sql`${first.sql} is null`;
  if (values[0] === null) return [{ where: and([withoutValue, compare(id, values[1]!)]), order: idOrder }];
  const sign = first.descending ? sql`<` : sql`>`;
  const after = sql`(${first.sql}, ${id.sql}) ${sign} (${bound(first, values[0]!)}, ${bound(id, values[1]!)})`;
  return first.nullable
    ? [
        { where: after, order },
        { where: withoutValue, order: idOrder },
      ]
    : [{ where: after, order }];
}

function lexicographic(keys: SortKey[], values: (string | null)[]): Sql {
  return or(
    keys.map((key, index) => {
      const same = keys.slice(0, index).map((earlier, i) => {
        const value = values[i]!;
        return value === null ? sql`${earlier.sql} is null` : sql`${earlier.sql} = ${bound(earlier, value)}`;
      });
      const value = values[index]!;
      if (value === null) return sql`false`;
      const later = key.nullable ? or([compare(key, value), sql`${key.sql} is null`]) : compare(key, value);
      return and([...same, later]);
    }),
  );
}

function compare(key: SortKey, value: string): Sql {
  return sql`${key.sql} ${key.descending ? sql`<` : sql`>`} ${bound(key, value)}`;
}

function bound(key: SortKey, value: string): Sql {
  return sql`${value}::${sql.raw(key.type)}`;
}

function direction(key: SortKey): Sql {
  if (!key.nullable) return key.descending ? sql`desc` : sql`asc`;
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
