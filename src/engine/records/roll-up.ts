/** Roll-ups: one number from all records that link to this one. */

import { reach } from '../access/reach.ts';
import { FarleyError } from '../errors.ts';
import { type Sql, sql } from '../sql.ts';
import { type Filter, filterSql, related } from './filter.ts';
import { cellOf, type Scope } from './scope.ts';

/**
 * An aggregate over the records behind `relation` (a way back such as `deals`), restricted to those in reach and, where
 * given, to `filter`. `count` needs no field.
 */
export function rollUpSql(
  scope: Scope,
  relation: string,
  aggregate: string,
  field: string | null,
  filter: unknown,
): Sql {
  const { object, join, scope: inner } = related(scope, relation);
  const where = filter ? filterSql(filter as Filter, inner) : sql`true`;
  return sql`(select ${aggregateSql(inner, aggregate, field)} from ${inner.source}
    where ${join} and ${sql.ref(`${inner.alias}.deleted_at`)} is null
    and ${reach(scope.ctx, object, 'read', inner)} and ${where})`;
}

/** `count(*)`, or an aggregate that the field's type offers. */
export function aggregateSql(scope: Scope, op: string, fieldName: string | null): Sql {
  if (op === 'count' && !fieldName) return sql`count(*)`;
  const field = fieldName ? scope.object.fields.get(fieldName) : undefined;
  if (!field) throw new FarleyError('invalidQuery', `${scope.object.spec.label} has no field ${fieldName}.`);
  const { storage } = field.type;
  if (storage.kind === 'rows')
    throw new FarleyError('invalidQuery', `${field.label} is a list and cannot be aggregated.`);
  const computed = storage.kind === 'computed' ? storage.sql(field, scope) : null;
  const cell = computed ? () => computed : cellOf(field, scope.alias);
  if (op === 'count') return sql`count(${cell()})`;
  const aggregate = Object.hasOwn(field.type.aggregates ?? {}, op) ? field.type.aggregates![op] : undefined;
  if (!aggregate) throw new FarleyError('invalidQuery', `${field.label} cannot be aggregated by ${op}.`);
  const value = aggregate.sql(cell, field, scope);
  return aggregate.json ? aggregate.json(value) : value;
}
