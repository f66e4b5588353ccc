/** Parts of statements that a module puts together itself: the records in reach that match, and what the change log says of them. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { type Sql, sql } from '../sql.ts';
import { ownerOf } from './aggregate.ts';
import { type Filter, fieldOfRequest } from './filter.ts';
import { whereOf } from './read.ts';
import { cellOf, objectOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

/**
 * A column by its name in the statement: the field, or a path over links (`company.sector`); `part` is one of the columns
 * that the field is kept in. Amounts of money come in the workspace's currency by the rates of today, null where no rate says.
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
    if (field.type.storage.kind !== 'columns') throw unkept(field.label, name);
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

/** The JSON text of a field after a change, such as `amount` of `{"amount": "12.50", "currency": "EUR"}` by its `part`. */
export interface StayColumn {
  field: string;
  part?: string;
}

/**
 * The stays of the records of a CTE called `of` (`id`, `created_at`) between changes of some fields, as CTEs to be put after
 * `with`. `name` has record_id, seq, since, until (null: it lasts), `first`, each column (text; '' where it was empty) and
 * `…_set`: whether it was written by the change that the stay begins with. What was undone did not happen.
 */
export function stays(
  ctx: Context,
  objectName: string,
  columns: Record<string, StayColumn>,
  of: string,
  name: string,
): Sql {
  const moves = sql.id(`${name}_moves`);
  const each = Object.entries(columns).map(([column, { field, part }]) => {
    const path = [field, '1', ...(part ? [part] : [])];
    const value = sql.id(column);
    // The latest text that was written is the greatest that begins with the place of its change in the log.
    const read = sql`case when c.fields ? ${field}::text then lpad(c.seq::text, 20, '0') || coalesce(c.fields #>> ${path}::text[], '') end collate "C" as ${value}`;
    const kept = sql`substr(max(${value}) over along, 21) as ${value}, ${value} is not null as ${sql.id(`${column}_set`)}`;
    return { field, read, kept };
  });
  const fields = [...new Set(each.map(({ field }) => field))];
  return sql`${movesOf(ctx, objectName, sql.join(each.map(({ read }) => read)), fields, of, moves)},
    ${sql.id(name)} as (select record_id, seq, at as since, lead(at) over along as until, row_number() over along = 1 as first,
        ${sql.join(each.map(({ kept }) => kept))}
      from ${moves} window along as (partition by record_id order by seq))`;
}

/** The changes of some fields of the records of a CTE that were not taken back, with when each counts from, as a CTE. */
export function movesOf(
  ctx: Context,
  objectName: string,
  read: Sql,
  fields: string[],
  of: string,
  name: Sql,
): Sql {
  const sets = tableOf(ctx.schema, 'change_set');
  // Which fields a change has is looked up once it is known that it is of one of the records: `offset 0` keeps that order.
  return sql`${name} as materialized (select c.record_id, c.seq, ${read},
        case when c.kind = 'created' then least(c.at, c.created_at) else c.at end as at
      from (select c.record_id, c.seq, c.kind, c.at, c.fields, c.set_id, p.created_at
          from ${tableOf(ctx.schema, 'change')} c join ${sql.id(of)} p on p.id = c.record_id
          where c.object = ${objectName} and c.fields is not null offset 0) c
        left join ${sets} s on s.id = c.set_id
      where c.fields ?| ${fields}::text[] and s.undone_by is null
        and not exists (select 1 from ${sets} u where u.id = s.undoes and u.undone_by = s.id))`;
}
