/** A record and all below it: a company with its subsidiaries, as a part of other statements. Only what is in reach is walked. */
import { fieldRight, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Field } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import { type Sql, sql } from '../sql.ts';
import { cellOf, type Scope } from './scope.ts';

/** The link by which the object's records stand below each other; null where they do not, or the reader may not see it. */
export function hierarchyOf(ctx: Context, object: ObjectModel): Field | null {
  const field = object.fields.get(object.spec.hierarchy ?? '');
  return field && fieldRight(ctx, field) !== 'none' ? field : null;
}

/** Ids of a record and of all below it, as a statement of one column. What stands below a hidden record is hidden too. */
export function belowSql(scope: Scope, object: ObjectModel, by: Field, top: string): Sql {
  const first = scope.inner(object);
  const next = scope.inner(object);
  return sql`with recursive below(id) as (
      select ${sql.ref(`${first.alias}.id`)} from ${first.source}
        where ${sql.ref(`${first.alias}.id`)} = ${top}::uuid and ${reach(scope.ctx, object, 'read', first)}
      union select ${sql.ref(`${next.alias}.id`)} from below join ${next.source} on ${cellOf(by, next.alias)()} = below.id
        where ${sql.ref(`${next.alias}.deleted_at`)} is null and ${reach(scope.ctx, object, 'read', next)})
    select id from below`;
}
