/**
 * What became of records between two moments: the deal flow. Both moments are read as they were (`asOf`), so that it needs
 * no snapshots and can be asked of any field and any two days.
 */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { type Sql, sql, yes } from '../sql.ts';
import { type Filter, fieldOfRequest, filterSql } from './filter.ts';
import { checkedMoment, whereOf } from './read.ts';
import { cellOf, jsonOf, objectOf, type Scope } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { titlesOf, valuedField } from './time-in.ts';

export interface FlowQuery {
  /** What is followed: a choice, a link, a user. */
  field: string;
  /** ISO 8601: the earlier moment. */
  from: string;
  /** ISO 8601: the later one. Default: now. */
  to?: string;
  /** Records count that match at either moment. */
  filter?: Filter;
  /** A number or an amount of money to be summed at both. */
  value?: string;
}

/** Where a record stands at a moment: matching, there but not matching, or not there. */
export type Presence = 'in' | 'outside' | 'absent';

export interface Stream {
  from: { presence: Presence; value: Json };
  to: { presence: Presence; value: Json };
  count: number;
  /** The records, up to a hundred of them. */
  ids: string[];
  /** Sums at both moments, money in the workspace's currency; null where nothing was asked for. */
  before: Json;
  after: Json;
}

/** Records of a stream that are named. */
const most = 100;

/** Of the records in reach at the moment read at, the largest stream first. Throws `invalidQuery`. Two statements. */
export async function flow(ctx: Context, objectName: string, query: FlowQuery): Promise<Stream[]> {
  const object = objectOf(ctx, objectName);
  const from = checkedMoment(query.from);
  const to = checkedMoment(query.to ?? ctx.clock.now().toISOString());
  if (!from || !to || from > to) throw wrong('/from', '`from` is a moment before `to`.');
  const [was, is] = [scopeOf(ctx, object, from), scopeOf(ctx, object, to)];
  const field = valuedField(was, query.field, '/field');
  const summed = query.value === undefined ? null : summedField(was, query.value);
  const side = (scope: Scope) => sideOf(scope, field, query, summed);
  const presence = (alias: string) => sql`case when ${sql.ref(`${alias}.fits`)} then 'in'
    when ${sql.ref(`${alias}.id`)} is null then 'absent' else 'outside' end`;
  const value = (alias: string) =>
    sql`case when ${sql.ref(`${alias}.fits`)} then nullif(${sql.ref(`${alias}.value`)}, 'null') end`;
  const end = (name: string) =>
    sql`jsonb_build_object('presence', ${sql.ref(name)}, 'value', ${sql.ref(`${name}_value`)})`;
  const [row] = await (ctx.tx ?? ctx.db).run<{ found: string }>(
    sql`with was as (${side(was)}), later as (${side(is)})
      select coalesce(json_agg(s order by s.count desc, s."from"::text, s."to"::text), '[]')::text as found from (
        select ${end('was')} as "from", ${end('is')} as "to", count,
          (select array_agg(id order by id) from (select id from unnest(ids) as id order by id limit ${most}) few) as ids, before, after
        from (select ${presence('was')} as was, ${value('was')} as was_value, ${presence('later')} as "is", ${value('later')} as is_value,
            count(*) as count, array_agg(coalesce(later.id, was.id)) as ids, ${sumOf(was, summed, 'was')} as before, ${sumOf(is, summed, 'later')} as after
          from was full join later on later.id = was.id where was.fits or later.fits group by 1, 2, 3, 4) streams) s`,
  );
  const found = JSON.parse(row!.found) as Stream[];
  const titles = await titlesOf(
    is,
    field,
    found.flatMap(stream => [stream.from.value, stream.to.value]),
  );
  if (!titles) return found;
  const show = (value: Json): Json =>
    typeof value === 'string' ? { id: value, title: titles.get(value) ?? null } : value;
  return found.map(stream => ({
    ...stream,
    from: { ...stream.from, value: show(stream.from.value) },
    to: { ...stream.to, value: show(stream.to.value) },
  }));
}

/** All records there are at a moment, outside the trash and within reach, whether they match, and what is summed of those. */
function sideOf(scope: Scope, field: Field, { filter }: FlowQuery, summed: Field | null): Sql {
  const id = sql.ref(`${scope.alias}.id`);
  const fits = filter ? sql`coalesce(${filterSql(filter, scope)}, false)` : yes;
  const parts = summed ? suffixesOf(summed).map(suffix => sql`${cellOf(summed, scope.alias)(suffix)}`) : [];
  const columns = parts.map(
    (part, index) => sql`, case when ${fits} then ${part} end as ${sql.id(`part${index}`)}`,
  );
  return sql`select ${id} as id, ${fits} as fits, to_jsonb(${jsonOf(field, scope)}) as value${sql.join(columns, sql``)}
    from ${scope.source} where ${whereOf(scope, {})}`;
}

/** A field that can be summed. */
function summedField(scope: Scope, name: string): Field {
  const field = fieldOfRequest(scope, name, '/value');
  if (field.type.aggregates?.sum && field.type.storage.kind === 'columns') return field;
  throw wrong('/value', `${field.label} cannot be summed: give a number or an amount of money.`);
}

const suffixesOf = ({ type }: Field) =>
  type.storage.kind === 'columns' ? type.storage.columns.map(column => column.suffix) : [];

/** Money by the rates of the moment. */
function sumOf(scope: Scope, field: Field | null, side: string): Sql {
  if (!field) return sql`null`;
  const suffixes = suffixesOf(field);
  const cell = (suffix = '') => sql.ref(`${side}.part${suffixes.indexOf(suffix)}`);
  const { total, sum } = field.type.aggregates!;
  return sql`to_jsonb(${(total ?? sum)!.sql(cell, field, scope)})`;
}

function wrong(pointer: string, message: string): FarleyError {
  return new FarleyError('invalidQuery', message, {
    problems: [{ pointer, code: 'invalidQuery', message }],
  });
}
