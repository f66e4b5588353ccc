/** Links of an object to itself make trees: a company below its own subsidiary would never end a walk upwards. */
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import type { Field } from '../field.ts';
import { fieldsThat, type ObjectModel, relationOf } from '../model.ts';
import { sql } from '../sql.ts';
import { tableOf } from './scope.ts';
import type { Item } from './write.ts';

const upwards = fieldsThat(field => {
  const relation = relationOf(field);
  return relation !== null && !relation.many && relation.to === field.object && !field.system;
});

/** The same of which a record has several, where the field says that they lead one way. */
const oneWay = fieldsThat(field => {
  const relation = relationOf(field);
  return field.options.acyclic === true && relation?.many === true && relation.to === field.object;
});

/** Links that put records of an object below each other. */
export const treeLinks = (object: ObjectModel): Field[] => [...upwards(object), ...oneWay(object)];

/**
 * Two that move below each other at the same moment lock different rows, so those who move wait for one another; before
 * they lock any row, as who waits with rows in hand holds up those who wait for the rows.
 */
export async function lockTrees(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  for (const field of treeLinks(object)) {
    const moves = ({ operation }: Item) =>
      operation.op === 'update' && (operation.values[field.name] ?? null) !== null;
    if (!items.some(moves)) continue;
    await tx.run(
      sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.schema} ${object.name} ${field.name}`}, 0))`,
    );
  }
}

/**
 * Refuses what would put a record below itself, however long the way. One statement per such link, and only where a
 * record moves: a new one has nothing below it yet. What is refused stays where it was, so the others are looked at again;
 * for the same reason this comes after everything else that refuses.
 */
export async function refuseCircles(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  for (const field of upwards(object)) while (await refuseRising(ctx, tx, object, field, items)) {}
  for (const field of oneWay(object)) while (await refuseRounds(ctx, tx, object, field, items)) {}
}

/** Whether any was refused. */
async function refuseRising(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  field: Field,
  items: Item[],
): Promise<boolean> {
  const moved = items.filter(
    item => item.before && item.problems.length === 0 && item.changes.has(field.name),
  );
  const rising = moved.filter(item => (item.record[field.name] ?? null) !== null);
  if (rising.length === 0) return false;
  const parent = sql.id(field.columns.at(-1)!);
  const ids = moved.map(item => item.id);
  const parents = moved.map(item => (item.record[field.name] ?? null) as string | null);
  const circular = await tx.run<{ id: string }>(
    sql`with recursive moved as (select * from unnest(${ids}::uuid[], ${parents}::uuid[]) as m(id, parent)),
          up as (select id, parent as at from moved where parent is not null
            union select u.id, coalesce(m.parent, case when m.id is null then s.${parent} end)
              from up u left join moved m on m.id = u.at left join ${tableOf(ctx.schema, object.table)} s on s.id = u.at
              where u.at <> u.id and (m.parent is not null or (m.id is null and s.${parent} is not null)))
        select distinct id from up where at = id`,
  );
  return complain(object, field, rising, circular);
}

function complain(object: ObjectModel, field: Field, items: Item[], circular: { id: string }[]): boolean {
  const found = new Set(circular.map(({ id }) => id));
  for (const item of items)
    if (found.has(item.id))
      item.problems.push({
        pointer: `/${field.name}`,
        code: 'circle',
        message: `${field.label} leads back to this ${object.spec.label.toLowerCase()} itself.`,
      });
  return found.size > 0;
}

/** Of records that lead to several others: the new links of those that change, and the links of all others as they are. */
async function refuseRounds(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  field: Field,
  items: Item[],
): Promise<boolean> {
  const changed = items.filter(
    item => item.before && item.problems.length === 0 && item.changes.has(field.name),
  );
  const pairs = changed.flatMap(item =>
    ((item.record[field.name] ?? []) as { id: string }[]).map(({ id }) => ({
      owner_id: item.id,
      target_id: id,
    })),
  );
  if (pairs.length === 0) return false;
  const ids = changed.map(({ id }) => id);
  const circular = await tx.run<{ id: string }>(
    sql`with recursive stated as (
          select * from json_to_recordset(${JSON.stringify(pairs)}::json) as s(owner_id uuid, target_id uuid)),
        along as (select owner_id as id, target_id as at from stated
          union select a.id, e.target_id from along a cross join lateral (
            select target_id from stated where owner_id = a.at
            union all select target_id from ${tableOf(ctx.schema, field.table!)} where owner_id = a.at and owner_id <> all(${ids}::uuid[])
          ) e where a.at <> a.id)
      select distinct id from along where at = id`,
  );
  return complain(object, field, changed, circular);
}
