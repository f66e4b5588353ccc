/** Records whose activities a timeline tells besides those about its own: the members of a household, and their deals. */
import { fieldRight, may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { ObjectModel } from '../model.ts';
import { relationOf } from '../model.ts';
import { and, sql } from '../sql.ts';
import { type Filter, filterSql } from './filter.ts';
import { objectOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

export interface Gathered {
  object: string;
  id: string;
  title: string | null;
}

/** Of so many records at most, the latest, so that no timeline asks for all there is. */
const most = 200;

/** Those that the reader may see, by what the object `gathers`. One statement, and none where it gathers nothing. */
export async function gatheredBy(ctx: Context, { spec }: ObjectModel, id: string): Promise<Gathered[]> {
  const parts = (spec.gathers ?? []).flatMap(({ object: name, by }) => {
    if (!ctx.model.objects.has(name)) return [];
    const object = objectOf(ctx, name);
    if (!may(ctx, object, 'read')) return [];
    const paths = by.filter(path => readable(ctx, object, path));
    if (paths.length === 0) return [];
    const scope = scopeOf(ctx, object);
    const self = sql.ref(`${scope.alias}.id`);
    const points: Filter = { or: paths.map(field => ({ field, op: 'is', value: id })) };
    const where = and([
      filterSql(points, scope),
      sql`${sql.ref(`${scope.alias}.deleted_at`)} is null`,
      reach(ctx, object, 'read', scope),
    ]);
    return [
      sql`(select ${name}::text as object, ${self} as id, ${scope.titleOf(name, self)} as title from ${scope.source}
        where ${where} order by ${self} desc limit ${most})`,
    ];
  });
  if (parts.length === 0) return [];
  return (ctx.tx ?? ctx.db).run<Gathered & Record<string, unknown>>(
    sql`select * from (${sql.join(parts, sql` union all `)}) g limit ${most}`,
  );
}

/** Whether the reader may know each link of a path. */
function readable(ctx: Context, object: ObjectModel, path: string): boolean {
  const [head, ...rest] = path.split('.');
  const field = object.fields.get(head!);
  if (!field || fieldRight(ctx, field) === 'none') return false;
  if (rest.length === 0) return true;
  const next = ctx.model.objects.get(relationOf(field)?.to ?? '');
  return next !== undefined && may(ctx, next, 'read') && readable(ctx, next, rest.join('.'));
}
