/** A scope: one row of one object in a statement, and what field types may ask about it while SQL is made. */

import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Cell, Field, Json, SqlScope } from '../field.ts';
import { columnName, type ObjectModel } from '../model.ts';
import { type Sql, sql } from '../sql.ts';
import { itemsAsOf } from './items-as-of.ts';

export interface Scope extends SqlScope {
  ctx: Context;
  object: ObjectModel;
  /** `schema.table as alias`, or the table as it was at `asOf`. */
  source: Sql;
  /** The moment read at; null for now. */
  asOf: string | null;
  /** A scope for a row of another object inside the same statement, with an alias of its own. */
  inner(object: ObjectModel): Scope;
  /** The same, with only the rows that the reader may see. */
  reader(object: ObjectModel): Scope;
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
  return jsonValue(field, scope, false);
}

/** JSON of a field as reads show it. */
export function showOf(field: Field, scope: Scope): Sql {
  return jsonValue(field, scope, true);
}

function jsonValue(field: Field, scope: Scope, shown: boolean): Sql {
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
  return sql`(select coalesce(jsonb_agg(${item} order by ${sql.ref(`${alias}.position`)}), '[]'::jsonb)
    from ${itemsOf(field, scope)} where ${sql.ref(`${alias}.owner_id`)} = ${sql.ref(`${scope.alias}.id`)})`;
}

/** The rows of a list-valued field, as the FROM item `…_items` of the scope's row: now, or as they were. */
export function itemsOf(field: Field, scope: Scope, alias = `${scope.alias}_items`): Sql {
  return scope.asOf
    ? itemsAsOf(field, scope.schema, alias, scope.asOf)
    : sql`${tableOf(scope.schema, field.table!)} as ${sql.ref(alias)}`;
}

/** All stored fields of a row as one JSON object of canonical values. */
export function storedJson(object: ObjectModel, scope: Scope): Sql {
  const stored = [...object.fields.values()].filter(field => field.type.storage.kind !== 'computed');
  const json = sql.join(stored.map(field => sql`${jsonOf(field, scope)} as ${sql.id(field.name)}`));
  return sql`(select row_to_json(r) from (select ${json}) r)`;
}

/** The columns of a value, put into a row for `json_to_recordset`. */
export function putColumns(row: Record<string, Json>, field: Field, value: Json) {
  if (field.type.storage.kind !== 'columns') return;
  const values = field.type.storage.put(value);
  for (const [index, column] of field.columns.entries()) row[column] = values[index] ?? null;
}

/** `name type, …` for `json_to_recordset`. Both come from the model, never from a request. */
export function recordShape(fields: Field[], extra: string[]): Sql {
  const columns = fields.flatMap(field =>
    field.type.storage.kind === 'columns'
      ? field.type.storage.columns.map(
          (column, index) => sql`${sql.id(field.columns[index]!)} ${sql.raw(column.type)}`,
        )
      : [],
  );
  return sql.join([...extra.map(text => sql.raw(text)), ...columns]);
}

/** The field's value as SQL text: for titles and sorting by them. */
export function textOf(field: Field, scope: Scope): Sql {
  const { storage, text } = field.type;
  const computed = storage.kind === 'computed' ? storage.sql(field, scope) : null;
  const cell = computed ? () => computed : cellOf(field, scope.alias);
  return text ? text.call(field.type, cell, field, scope) : sql`(${cell()})::text`;
}

/** The object by its name; refuses names that do not exist. */
export function objectOf(ctx: Context, name: string): ObjectModel {
  const object = ctx.model.objects.get(name);
  if (!object) throw new FarleyError('notFound', `There is no object called ${name}.`);
  return object;
}
