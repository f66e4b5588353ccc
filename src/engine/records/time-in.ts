/**
 * How long records stay at each value of a field, and what comes next: time in stage, time in status. Read out of the
 * change log, so that it is known of every field and from the first day.
 */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { and, type Sql, sql } from '../sql.ts';
import { type Filter, fieldOfRequest } from './filter.ts';
import { checkedMoment, whereOf } from './read.ts';
import { objectOf, type Scope } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { movesOf } from './stays.ts';

export interface TimeInQuery {
  /** A choice, a link, a user: a field with few values. */
  field: string;
  filter?: Filter;
  q?: string;
  /** ISO 8601: only stays that began at or after. */
  from?: string;
  /** ISO 8601: only stays that began before. */
  to?: string;
}

export interface Stays {
  /** The value; a link with its title. */
  value: Json;
  /** Stays that began; a record that comes back stays again. */
  entered: number;
  left: number;
  /** Seconds that stays lasted that have ended: half of them not longer, and on average. Null where none has ended. */
  median: number | null;
  average: number | null;
  /** Seconds until now of those that last. */
  lasting: number | null;
  /** What the field became, most often first. */
  next: { value: Json; count: number }[];
}

/** Of the records in reach that match now. What was undone did not happen. Throws `invalidQuery`. Two statements. */
export async function timeIn(ctx: Context, objectName: string, query: TimeInQuery): Promise<Stays[]> {
  const scope = scopeOf(ctx, objectOf(ctx, objectName));
  const field = valuedField(scope, query.field, '/field');
  const [from, to] = [checkedMoment(query.from), checkedMoment(query.to)];
  const began = and([
    ...(from ? [sql`since >= ${from}::timestamptz`] : []),
    ...(to ? [sql`since < ${to}::timestamptz`] : []),
  ]);
  const lasted = sql`extract(epoch from until - since)::float8`;
  const lasting = sql`extract(epoch from ${ctx.clock.now().toISOString()}::timestamptz - since)::float8`;
  const [row] = await (ctx.tx ?? ctx.db).run<{ found: string }>(
    sql`with ${staysOf(scope, field, query, from)},
        counted as (select * from stays where ${began} and value is not null and value <> 'null'),
        followed as materialized (select value, next, count(*) as n from counted where until is not null group by value, next)
      select coalesce(json_agg(s order by s.entered desc, s.value::text), '[]')::text as found from (
        select value, count(*) as entered, count(until) as left,
          percentile_cont(0.5) within group (order by ${lasted}) filter (where until is not null) as median,
          avg(${lasted}) as average,
          percentile_cont(0.5) within group (order by ${lasting}) filter (where until is null) as lasting,
          (select coalesce(json_agg(json_build_object('value', f.next, 'count', f.n) order by f.n desc, f.next::text), '[]')
            from followed f where f.value = c.value) as next
        from counted c group by value) s`,
  );
  const found = JSON.parse(row!.found) as Stays[];
  return named(scope, field, found);
}

/** The stays of the records that match: record, value, since, until (null: it lasts), and what came next. */
function staysOf(scope: Scope, field: Field, query: TimeInQuery, from: string | null): Sql {
  const { ctx, object, alias } = scope;
  return sql`picked as (select ${sql.ref(`${alias}.id`)} as id, ${sql.ref(`${alias}.created_at`)} as created_at
      from ${scope.source} where ${whereOf(scope, query)}),
    ${movesOf(ctx, object, field, { of: 'picked', name: 'moves', from })},
    stays as (select record_id, value, at as since, lead(at) over along as until, lead(value) over along as next
      from moves window along as (partition by record_id order by seq))`;
}

/** A field that has one value of a few. Throws `invalidQuery` for others, and for those out of reach. */
export function valuedField(scope: Scope, name: string, pointer: string): Field {
  const field = fieldOfRequest(scope, name, pointer);
  const { storage, group, buckets, aggregates, references } = field.type;
  const few = storage.kind === 'columns' && group && !buckets && !aggregates?.sum;
  if (few && (!references || field.type.relation)) return field;
  const message = `${field.label} has no few values that records stay at: give a choice, a link or a user.`;
  throw new FarleyError('invalidQuery', message, {
    problems: [{ pointer, code: 'invalidField', message }],
  });
}

/** Ids of links become `{id, title}`, with the title where it is within reach. One statement, of links only. */
async function named(scope: Scope, field: Field, found: Stays[]): Promise<Stays[]> {
  const all = found.flatMap(stay => [stay.value, ...stay.next.map(next => next.value)]);
  const titles = await titlesOf(scope, field, all);
  const show = (value: Json): Json =>
    titles && typeof value === 'string' ? { id: value, title: titles.get(value) ?? null } : value;
  return found.map(stay => ({
    ...stay,
    value: show(stay.value),
    next: stay.next.map(({ value, count }) => ({ value: show(value), count })),
  }));
}

/** The titles of linked records by their ids; null where the field is no link. */
export async function titlesOf(
  scope: Scope,
  field: Field,
  values: Json[],
): Promise<Map<string, string> | null> {
  const target = field.type.relation?.(field).to;
  if (!target || target === '*') return null;
  const ids = [...new Set(values.filter(value => typeof value === 'string'))];
  if (ids.length === 0) return new Map();
  const inner = scopeOf(scope.ctx, objectOf(scope.ctx, target));
  const rows = await (scope.ctx.tx ?? scope.ctx.db).run<{ id: string; title: string | null }>(
    sql`select i.id, ${inner.titleOf(target, sql`i.id`)} as title from unnest(${ids}::uuid[]) as i(id)`,
  );
  return new Map(rows.flatMap(({ id, title }) => (title === null ? [] : [[id, title]])));
}
