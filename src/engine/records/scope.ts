/** A scope: one row of one object in a statement, and what field types may ask about it while SQL is made. */

import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Cell, Field, SqlScope } from '../field.ts';
import { columnName, type ObjectModel } from '../model.ts';
import { type Sql, sql } from '../sql.ts';

export interface Scope extends SqlScope {
  ctx: Context;
  object: ObjectModel;
  /** `schema.table as alias`, or the table as it was at `asOf`. */
  source: Sql;
  /** The moment read at; null for now. */
  asOf: string | null;
  /** A scope for a row of another object inside the same statement, with an alias of its own. */
  inner(object: ObjectModel): Scope;
  /** The same, as it is now whatever the moment read at. */
  present(object: ObjectModel): Scope;
}

export function tableOf(schema: string, table: string): Sql {
  return sql.id(schema, table);
}

/** The columns of a field in the row called `alias`. */
export function cellOf(field: Field, alias: string): Cell {
  return (suffix?: string) => {
    const { storage } = field.type;
    const first = storage.kind === 'computed' ? '' : storage.columns[0]!.suffix;
    const name = storage.kind === 'rows' ? (suffix ?? first) : columnName(field.name, suffix ?? first);
    return sql.ref(`${alias}.${name}`);
  };
}

/** Canonical JSON of a field: what history keeps. */
export function jsonOf(field: Field, scope: Scope): Sql {
  return valueOf(field, scope, false);
}

/** JSON of a field as reads show it. */
export function showOf(field: Field, scope: Scope): Sql {
  return valueOf(field, scope, true);
}

function valueOf(field: Field, scope: Scope, shown: boolean): Sql {
  const { type } = field;
  const shape = (shown ? type.show : undefined) ?? type.json;
  if (type.storage.kind === 'computed') return type.storage.sql(field, scope);
  if (type.storage.kind === 'columns') {
    const cell = cellOf(field, scope.alias);
    return shape ? shape.call(type, cell, field, scope) : cell();
  }
  const alias = `${scope.alias}_items`;
  const cell = cellOf(field, alias);
  const item = shown && type.show ? type.show(cell, field, scope) : type.storage.item(cell);
  const current = sql`(select coalesce(jsonb_agg(${item} order by ${sql.ref(`${alias}.position`)}), '[]'::jsonb)
    from ${tableOf(scope.schema, field.table!)} as ${sql.ref(alias)}
    where ${sql.ref(`${alias}.owner_id`)} = ${sql.ref(`${scope.alias}.id`)})`;
  return scope.asOf ? rowsAsOf(field, scope, current) : current;
}

function rowsAsOf(field: Field, scope: Scope, current: Sql): Sql {
  return sql`coalesce((select coalesce(nullif(c.fields -> ${field.name} -> 0, 'null'::jsonb), '[]'::jsonb)
    from ${tableOf(scope.schema, 'change')} c where c.object = ${field.object} and c.record_id = ${sql.ref(`${scope.alias}.id`)}
    and c.at > ${scope.asOf}::timestamptz and c.fields ? ${field.name} order by c.seq limit 1), ${current})`;
}

/** The field's value as SQL text: for titles and sorting by them. */
export function textOf(field: Field, scope: Scope): Sql {
  const cell = cellOf(field, scope.alias);
  if (field.type.text) return field.type.text(cell, field, scope);
  return sql`(${field.type.storage.kind === 'computed' ? field.type.storage.sql(field, scope) : cell()})::text`;
}

/** The object by its name; refuses names that do not exist. */
export function objectOf(ctx: Context, name: string): ObjectModel {
  const object = ctx.model.objects.get(name);
  if (!object) throw new FarleyError('notFound', `There is no object called ${name}.`);
  return object;
}
