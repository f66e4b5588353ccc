/** A scope: one row of one object in a statement, and what field types may ask about it while SQL is made. */

import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Cell, Field, Json, SqlScope } from '../field.ts';
import { columnName, type ObjectModel } from '../model.ts';
import { Sql, sql } from '../sql.ts';
import { itemsAsOf } from './items-as-of.ts';

export interface Scope extends SqlScope {
  ctx: Context;
  object: ObjectModel;
  /** `schema.table as alias`, or the table as it was at `asOf`. */
  source: Sql;
  /** The moment read at; null for now. */
  asOf: string | null;
  /** The row is being made by the same statement, and has no items in any list. */
  fresh?: boolean;
  /** A scope for a row of another object inside the same statement, with an alias of its own. */
  inner(object: ObjectModel): Scope;
  /** The same, with only the rows that the reader may see. */
  reader(object: ObjectModel): Scope;
  /** The same, as it is now whatever the moment read at. */
  present(object: ObjectModel): Scope;
}

export function tableOf(schema: string, table: string): Sql {
  return sql.ref(`${schema}.${table}`);
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
  if (scope.fresh) return sql`'[]'::jsonb`;
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

/** The columns of a value, put into a row for `rowsAs`. */
export function putColumns(row: Record<string, Json>, field: Field, value: Json) {
  if (field.type.storage.kind !== 'columns') return;
  const values = field.type.storage.put(value);
  for (const [index, column] of field.columns.entries()) row[column] = values[index] ?? null;
}

/** Columns that a statement brings along, with their types. Both come from the model or the program, never from a request. */
export type Shape = readonly (readonly [column: string, type: string])[];

/** The columns of fields after those of `extra`. */
export function shapeOf(fields: Field[], extra: Shape): Shape {
  const columns = fields.flatMap(field =>
    field.type.storage.kind === 'columns'
      ? field.type.storage.columns.map((column, index) => [field.columns[index]!, column.type] as const)
      : [],
  );
  return [...extra, ...columns];
}

/** By shape, the texts around the values of a single row, and around the JSON of several. */
const knownTexts = new WeakMap<Shape, Record<string, { one: Sql; several: Sql }>>();

function textsOf(shape: Shape, alias: string) {
  const known = knownTexts.get(shape) ?? {};
  knownTexts.set(shape, known);
  if (!known[alias]) {
    const typed = shape.map(([column, type]) => [sql.id(column), sql.raw(type)] as const);
    const named = sql.raw(alias);
    const one = sql.join(typed.map(([column, type]) => sql`${null}::${type} as ${column}`));
    const several = sql.join(typed.map(([column, type]) => sql`${column} ${type}`));
    known[alias] = {
      one: sql`(select ${one}) as ${named}`,
      several: sql`json_to_recordset(${null}::json) as ${named}(${several})`,
    };
  }
  return known[alias];
}

/**
 * Rows as a FROM item. A single one goes as parameters, which spares PostgreSQL a fifth of the work of a whole write;
 * several go as one JSON text, however many they are. What a row leaves out is null.
 */
export function rowsAs(shape: Shape, rows: Record<string, unknown>[], alias = 'r'): Sql {
  const { one, several } = textsOf(shape, alias);
  if (rows.length !== 1) return new Sql(several.texts, [JSON.stringify(rows)]);
  const [row] = rows as [Record<string, unknown>];
  return new Sql(
    one.texts,
    shape.map(([column, type]) => {
      const value = row[column] ?? null;
      return type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
    }),
  );
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
