/**
 * Time travel. The table as it was: today's rows with every later change taken back. A field's value at a moment is the
 * `before` of its first change after that moment, or today's value where there was none. A record that an import brought
 * with the day on which it was made elsewhere is there from that day on, with the earliest values that are known of it.
 */
import type { Context } from '../context.ts';
import type { Field } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import { type Sql, sql } from '../sql.ts';
import { tableOf } from './scope.ts';

/** A FROM item called `alias` with the columns of the object's table as they were at `asOf` (ISO 8601); of one record where `only` names it. */
export function sourceAsOf(
  ctx: Context,
  object: ObjectModel,
  alias: string,
  asOf: string,
  only: string | null,
): Sql {
  const columns: Sql[] = [];
  for (const field of object.fields.values()) {
    const { storage } = field.type;
    if (storage.kind !== 'columns') continue;
    // History does not know it, and what it is today says nothing of then.
    if (field.options.measured) {
      const nulls = storage.columns.map(
        (column, index) => sql`null::${sql.raw(column.type)} as ${sql.ref(field.columns[index]!)}`,
      );
      columns.push(...nulls);
      continue;
    }
    const prior = priorColumn[field.name];
    if (prior) {
      columns.push(
        sql`case when b.record_id is not null then ${prior} else r.${sql.ref(field.columns[0]!)} end as ${sql.ref(field.columns[0]!)}`,
      );
      continue;
    }
    const restored = storage.restore?.(sql`b.fields -> ${sql.lit(field.name)}`) ?? castBack(field);
    for (const [index, column] of field.columns.entries()) {
      columns.push(
        sql`case when b.fields ? ${sql.lit(field.name)} then ${restored[index]!} else r.${sql.ref(column)} end as ${sql.ref(column)}`,
      );
    }
  }
  return sql`(select ${sql.join(columns)} from ${tableOf(ctx.schema, object.table)} r
    left join ${laterChanges(ctx, object, asOf, only)} b on b.record_id = r.id
    where r.created_at <= ${asOf}::timestamptz and not ${takenBack(ctx, object, 'r', asOf)}) as ${sql.ref(alias)}`;
}

/** Whether the row `alias` was filed after `asOf` by something that was undone: then it was never there. */
export function takenBack(ctx: Context, object: ObjectModel, alias: string, asOf: string): Sql {
  return sql`(${sql.ref(`${alias}.deleted_at`)} is not null and exists (select 1 from ${tableOf(ctx.schema, 'change')} f
    join ${tableOf(ctx.schema, 'change_set')} s on s.id = f.set_id
    where f.object = ${object.name} and f.record_id = ${sql.ref(`${alias}.id`)} and f.kind = 'created'
      and f.at > ${asOf}::timestamptz and s.undone_by is not null))`;
}

/** What the engine keeps with each change about the state before it. */
const priorColumn: Record<string, Sql> = {
  version: sql`b.version - 1`,
  updatedAt: sql`b.prior_at`,
  updatedBy: sql`b.prior_by`,
};

/**
 * Per record: field → value before the first change after `asOf`, which is the last of those told backwards, and what the first
 * such change says of the state before.
 */
function laterChanges(ctx: Context, object: ObjectModel, asOf: string, only: string | null): Sql {
  const one = only ? sql`and c.record_id = ${only}::uuid` : sql``;
  const later = sql`select * from ${tableOf(ctx.schema, 'change')} c
    where c.object = ${object.name} and c.at > ${asOf}::timestamptz and c.fields is not null and c.kind <> 'created' ${one}`;
  return sql`(with later as (${later}),
      firsts as (select distinct on (record_id) record_id, version, prior_at, prior_by from later order by record_id, seq),
      old as (select l.record_id, jsonb_object_agg(e.key, e.value -> 0 order by l.seq desc) as fields
        from later l, jsonb_each(l.fields) e group by l.record_id)
    select f.record_id, f.version, f.prior_at, f.prior_by, o.fields from firsts f join old o on o.record_id = f.record_id)`;
}

function castBack(field: Field): Sql[] {
  const { storage } = field.type;
  if (storage.kind !== 'columns') return [];
  return storage.columns.map(column => sql`(b.fields ->> ${sql.lit(field.name)})::${sql.raw(column.type)}`);
}
