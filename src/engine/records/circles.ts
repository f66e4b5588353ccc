/** Links of an object to itself make trees: a company below its own subsidiary would never end a walk upwards. */
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { fieldsThat, type ObjectModel, relationOf } from '../model.ts';
import { sql } from '../sql.ts';
import { tableOf } from './scope.ts';
import type { Item } from './write.ts';

const upwards = fieldsThat(field => {
  const relation = relationOf(field);
  return relation !== null && !relation.many && relation.to === field.object && !field.system;
});

/**
 * Two that move below each other at the same moment lock different rows, so those who move wait for one another; before
 * they lock any row, as who waits with rows in hand holds up those who wait for the rows.
 */
export async function lockTrees(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  for (const field of upwards(object)) {
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
 * record moves: a new one has nothing below it yet.
 */
export async function refuseCircles(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  for (const field of upwards(object)) {
    const moved = items.filter(
      item => item.before && item.problems.length === 0 && item.changes.has(field.name),
    );
    const rising = moved.filter(item => (item.record[field.name] ?? null) !== null);
    if (rising.length === 0) continue;
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
    const found = new Set(circular.map(({ id }) => id));
    for (const item of rising)
      if (found.has(item.id))
        item.problems.push({
          pointer: `/${field.name}`,
          code: 'circle',
          message: `${field.label} leads back to this ${object.spec.label.toLowerCase()} itself.`,
        });
  }
}
