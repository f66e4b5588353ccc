/** Counts, sums and averages over a list, by groups: what boards, charts and reports stand on. One statement. */

import { reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { and, type Sql, sql } from '../sql.ts';
import { type Filter, fieldOfRequest, related } from './filter.ts';
import { checkedMoment, whereOf } from './read.ts';
import { aggregateSql } from './roll-up.ts';
import { cellOf, itemsOf, objectOf, type Scope } from './scope.ts';
import { scopeOf } from './scope-of.ts';

export interface AggregateQuery {
  filter?: Filter;
  q?: string;
  /** Fields to group by, one step over a relation allowed (`company.sector`); `bucket` for periods. */
  groupBy?: { field: string; bucket?: string }[];
  /** What to compute. `count` needs no field. Default: count. */
  values?: { op: string; field?: string }[];
  asOf?: string;
  /** Groups at most. Default 1,000; over HTTP at most 10,000. */
  limit?: number;
}

export interface AggregateAnswer {
  data: { group: Record<string, Json>; values: Json[] }[];
  /** True when there are more groups than `limit`. */
  truncated: boolean;
}

/** Aggregates the records in reach that match. Groups come in the order of their values. */
export async function aggregate(
  ctx: Context,
  objectName: string,
  query: AggregateQuery,
): Promise<AggregateAnswer> {
  const object = objectOf(ctx, objectName);
  const scope = scopeOf(ctx, object, checkedMoment(query.asOf));
  const groupBy = query.groupBy ?? [];
  const values = query.values?.length ? query.values : [{ op: 'count' }];
  if (groupBy.length > 4 || values.length > 20)
    throw new FarleyError('invalidQuery', 'At most four groups and twenty values.');
  const limit = Math.min(Math.max(query.limit ?? 1_000, 1), 200_000);
  const joins: Sql[] = [];
  const groups = groupBy.map((group, index) => groupSql(scope, group, index, joins));
  const computed = values.map(({ op, field }) => valueSql(scope, op, field));
  const columns = [
    ...groups.map((group, i) => sql`${group} as ${sql.id(`g${i}`)}`),
    ...computed.map((value, i) => sql`${value} as ${sql.id(`v${i}`)}`),
  ];
  const by =
    groups.length > 0
      ? sql`group by ${sql.join(groups.map((_, i) => sql.raw(`${i + 1}`)))} order by ${sql.join(groups.map((_, i) => sql.raw(`${i + 1}`)))}`
      : sql``;
  const rows = await (ctx.tx ?? ctx.db).run<{ j: string }>(
    sql`select row_to_json(a)::text as j from (select ${sql.join(columns)} from ${scope.source} ${sql.join(joins, sql` `)}
      where ${and([whereOf(scope, query)])} ${by} limit ${limit + 1}) a`,
  );
  const parsed = rows.map(row => JSON.parse(row.j) as Record<string, Json>);
  const data = parsed.slice(0, limit).map(row => ({
    group: Object.fromEntries(groupBy.map((group, i) => [group.field, row[`g${i}`] ?? null])),
    values: values.map((_, i) => row[`v${i}`] ?? null),
  }));
  await nameGroups(ctx, scope, groupBy, data);
  return { data, truncated: parsed.length > limit };
}

function valueSql(scope: Scope, op: string, name: string | undefined): Sql {
  if (name) fieldOfRequest(scope, name, '/values');
  return aggregateSql(scope, op, name ?? null);
}

function groupSql(scope: Scope, group: { field: string; bucket?: string }, index: number, joins: Sql[]): Sql {
  const { owner, name } = ownerOf(scope, group.field, index, joins);
  const field = fieldOfRequest(owner, name, `/groupBy/${index}`);
  if (field.table) {
    const items = `g${index}_items`;
    joins.push(
      sql`left join ${itemsOf(field, owner, items)} on ${sql.ref(`${items}.owner_id`)} = ${sql.ref(`${owner.alias}.id`)}`,
    );
    return sql`${cellOf(field, items)()}::text`;
  }
  const { storage } = field.type;
  const computed = storage.kind === 'computed' ? storage.sql(field, owner) : null;
  const cell = computed ? () => computed : cellOf(field, owner.alias);
  const sqlOf = field.type.group?.(cell, field, owner, group.bucket);
  if (!sqlOf) throw new FarleyError('invalidQuery', `${field.label} cannot be grouped by.`);
  if (group.bucket && !field.type.buckets?.includes(group.bucket)) {
    throw new FarleyError(
      'invalidQuery',
      `${field.label} can be grouped by ${field.type.buckets?.join(', ') || 'its value only'}.`,
    );
  }
  return sqlOf;
}

/** The row a group's field belongs to: our own, or a linked one joined in, within its reach. */
export function ownerOf(
  scope: Scope,
  path: string,
  index: number,
  joins: Sql[],
): { owner: Scope; name: string } {
  const steps = path.split('.');
  const name = steps.pop()!;
  let owner = scope;
  for (const step of steps.slice(0, 3)) {
    const { scope: inner, join, object } = related(owner, step, `/groupBy/${index}`);
    joins.push(sql`left join ${inner.source} on ${join} and ${reach(scope.ctx, object, 'read', inner)}`);
    owner = inner;
  }
  return { owner, name };
}

/** Groups by a link show the linked record's title beside its id. One statement for all. */
async function nameGroups(
  ctx: Context,
  scope: Scope,
  groupBy: { field: string }[],
  data: AggregateAnswer['data'],
) {
  for (const { field: path } of groupBy) {
    const target = targetOf(scope, path);
    if (!target) continue;
    const ids = [...new Set(data.map(row => row.group[path]).filter(id => typeof id === 'string'))];
    if (ids.length === 0) continue;
    const inner = scopeOf(ctx, objectOf(ctx, target));
    const rows = await (ctx.tx ?? ctx.db).run<{ id: string; title: string | null }>(
      sql`select i.id, ${inner.titleOf(target, sql`i.id`)} as title from unnest(${ids}::uuid[]) as i(id)`,
    );
    const titles = new Map(rows.map(row => [row.id, row.title]));
    for (const row of data) {
      const id = row.group[path];
      if (typeof id === 'string') row.group[path] = { id, title: titles.get(id) ?? null };
    }
  }
}

function targetOf(scope: Scope, path: string): string | null {
  let object = scope.object;
  const steps = path.split('.');
  for (const [index, step] of steps.entries()) {
    const field = object.fields.get(step);
    const to = field?.type.relation?.(field).to ?? object.inverses.get(step)?.object;
    if (index === steps.length - 1) return field && to && to !== '*' ? to : null;
    const next = to && scope.ctx.model.objects.get(to);
    if (!next) return null;
    object = next;
  }
  return null;
}
