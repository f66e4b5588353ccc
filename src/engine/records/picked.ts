/** Parts of statements that a module puts together itself: the records in reach that match. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { type Sql, sql } from '../sql.ts';
import { ownerOf } from './aggregate.ts';
import { type Filter, fieldOfRequest } from './filter.ts';
import { whereOf } from './read.ts';
import { cellOf, objectOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

/**
 * A column by its name in the statement: the field, or a path over links (`company.sector`); `part` is one of the columns
 * that the field is kept in, where it is. Amounts of money come in the workspace's currency by the rates of today, null where no rate says.
 */
export type Picked = Record<string, string | { field: string; part: string }>;

/**
 * `select id, created_at, …` of the records in the actor's reach that match. A path over links that lead to several makes
 * a row for each. Throws `invalidQuery` where a field is unknown or must not be read.
 */
export function picked(ctx: Context, objectName: string, filter: Filter | undefined, columns: Picked): Sql {
  const scope = scopeOf(ctx, objectOf(ctx, objectName));
  const joins: Sql[] = [];
  const cells = Object.entries(columns).map(([name, column], index) => {
    const { field: path, part } = typeof column === 'string' ? { field: column, part: undefined } : column;
    const { owner, name: last } = ownerOf(scope, path, index, joins);
    const field = fieldOfRequest(owner, last, `/${name}`);
    const { storage } = field.type;
    if (storage.kind === 'rows' || (part !== undefined && storage.kind === 'computed'))
      throw unkept(field.label, name);
    if (storage.kind === 'computed') return sql`, ${storage.sql(field, owner)} as ${sql.id(name)}`;
    const cell = cellOf(field, owner.alias);
    const worth = part === undefined ? field.type.worth?.(cell, owner) : undefined;
    return sql`, ${worth ?? cell(part)} as ${sql.id(name)}`;
  });
  const own = (column: string) => sql.ref(`${scope.alias}.${column}`);
  return sql`select ${own('id')} as id, ${own('created_at')} as created_at${sql.join(cells, sql``)}
    from ${scope.source} ${sql.join(joins, sql` `)} where ${whereOf(scope, filter ? { filter } : {})}`;
}

/** What one of a currency is worth in the workspace's by the rates of today; null where no rate says. */
export function rateOf(ctx: Context, currency: Sql): Sql {
  const [object] = ctx.model.objects.values();
  return scopeOf(ctx, object!).rateOf(currency);
}

function unkept(label: string, name: string): FarleyError {
  const message = `${label} is computed or a list and has no column.`;
  return new FarleyError('invalidQuery', message, {
    problems: [{ pointer: `/${name}`, code: 'invalidField', message }],
  });
}
