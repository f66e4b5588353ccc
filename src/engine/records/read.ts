/**
 * The one read path. A request becomes one statement: reach and filter in the WHERE, keyset paging, relations and the
 * JSON itself made by PostgreSQL and passed through as text.
 */
import { fieldRight, may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Field } from '../field.ts';
import { isId } from '../id.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import type { Values } from '../object.ts';
import { matchesWords } from '../search/match.ts';
import { and, type Sql, sql } from '../sql.ts';
import { decodeCursor, encodeCursor, keyset, type Page, sortKeys } from './cursor.ts';
import { type Filter, fieldOfRequest, filterSql, related } from './filter.ts';
import { objectOf, type Scope, showOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

export interface Query {
  filter?: Filter;
  /** Words to find in the record's text. */
  q?: string;
  /** Field names, `-` before a descending one. Default: the object's own order. */
  sort?: string[];
  /** Default: all that the actor may read. `id` and `version` are always there. */
  fields?: string[];
  /** Relations to spell out, nested by dots: `company`, `people.companies`. */
  include?: string[];
  limit?: number;
  after?: string;
  /** ISO 8601: reads everything as it was then. */
  asOf?: string;
  count?: 'exact' | 'estimated' | 'none';
  /** `only` reads what is in the trash instead. */
  trash?: 'only';
}

export interface ListAnswer {
  /** JSON array, as text. */
  data: string;
  next: string | null;
  count?: number;
}

export const defaultLimit = 50;
export const maxLimit = 1_000;
/** Records that an included to-many relation spells out at most; the related list itself has no end. */
const maxIncluded = 100;

/** A list of the records in reach of `action`: reading them, or exporting them. */
export async function list(
  ctx: Context,
  objectName: string,
  query: Query = {},
  action: 'read' | 'export' = 'read',
): Promise<ListAnswer> {
  const { statement, keys } = listStatement(ctx, objectName, query, action);
  const [row] = await refusingCursor(query, () =>
    (ctx.tx ?? ctx.db).run<{ data: string; last: string | null; more: boolean | null; count?: number }>(
      statement,
    ),
  );
  const next = row!.more ? encodeCursor(keys, JSON.parse(row!.last!)) : null;
  const answer: ListAnswer = { data: row!.data, next };
  if (query.count === 'exact') answer.count = Number(row!.count);
  if (query.count === 'estimated') answer.count = await estimate(ctx, objectName, query);
  return answer;
}

/** A cursor that someone changed may hold what is no value of its type; PostgreSQL then finds it out (class 22). */
async function refusingCursor<T>(query: Query, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as { code?: string };
    throw query.after && code?.startsWith('22') ? new FarleyError('invalidCursor') : error;
  }
}

/** The rows of a list as values, for code inside Farley. */
export async function rows(ctx: Context, objectName: string, query: Query = {}): Promise<Values[]> {
  return JSON.parse((await list(ctx, objectName, query)).data) as Values[];
}

/** All rows of a list, however many pages they fill: for what is few by nature, or has to be whole. */
export async function allRows(ctx: Context, objectName: string, query: Query = {}): Promise<Values[]> {
  const found: Values[] = [];
  for (let after: string | null = null; ; ) {
    const place = after === null ? {} : { after };
    const page = await list(ctx, objectName, { ...query, ...place, limit: 1_000 });
    found.push(...(JSON.parse(page.data) as Values[]));
    if (page.next === null) return found;
    after = page.next;
  }
}

/** What a list of the object would be refused for, each part by itself, so that one answer tells all. */
export function problemsOf(
  ctx: Context,
  objectName: string,
  { filter, sort, fields }: Pick<Query, 'filter' | 'sort' | 'fields'>,
): Problem[] {
  const object = ctx.model.objects.get(objectName);
  if (!object || !may(ctx, object, 'read'))
    return [{ pointer: '', code: 'unknownObject', message: `There is no object called ${objectName}.` }];
  const scope = scopeOf(ctx, object);
  const parts = [
    () => filter && filterSql(filter, scope),
    () => sort && sortKeys(scope, sort),
    () => fields && chosenFields(scope, fields),
  ];
  return parts.flatMap(part => {
    try {
      part();
      return [];
    } catch (error) {
      if (error instanceof FarleyError && error.code === 'invalidQuery') return error.problems;
      throw error;
    }
  });
}

function listStatement(ctx: Context, objectName: string, query: Query, action: 'read' | 'export') {
  const object = objectOf(ctx, objectName);
  const scope = scopeOf(ctx, object, checkedMoment(query.asOf));
  const keys = sortKeys(scope, query.sort ?? object.spec.list?.sort ?? ['-createdAt']);
  const limit = checkedLimit(query.limit);
  const where = whereOf(scope, query, action);
  const json = jsonOfRequest(scope, query);
  const pages = keyset(keys, query.after ? decodeCursor(keys, query.after) : null);
  const found = foundRows(scope, where, pages, limit);
  const count =
    query.count === 'exact' ? sql`, (select count(*) from ${scope.source} where ${where}) as count` : sql``;
  const place = sql.ref(`${scope.alias}.page place`);
  const key = sql`jsonb_build_array(${sql.join(keys.map(k => sql`(${k.sql})::text`))})`;
  // The record's JSON is made last, for the rows of the page alone; its row has the alias that the fields know.
  const statement = sql`select '[' || coalesce(string_agg(p.j, ',' order by p.i) filter (where p.i <= ${limit}), '') || ']' as data,
      (array_agg(p.k) filter (where p.i = ${limit}))[1] as last, bool_or(p.i > ${limit}) as more${count}
    from (select ${json}::text as j, case when ${place} = ${limit} then ${key} end as k, ${place} as i
      from (${found}) as ${sql.ref(scope.alias)}) p`;
  return { statement, keys };
}

/** The rows of a page and one more, each with its place. */
function foundRows(scope: Scope, where: Sql, pages: Page[], limit: number): Sql {
  const [only, ...more] = pages.map((page, index) => stretch(scope, where, page, index, limit));
  if (more.length === 0)
    return sql`select u.*, u."page row" as "page place" from (${only!}) u limit ${limit + 1}`;
  return sql`select u.*, row_number() over (order by u."page stretch", u."page row") as "page place"
    from (${sql.join([only, ...more], sql` union all `)}) u order by "page place" limit ${limit + 1}`;
}

/** The rows of one stretch, with the stretch and the place in it. */
function stretch(scope: Scope, where: Sql, page: Page, index: number, limit: number): Sql {
  return sql`(select ${sql.ref(scope.alias)}.*, ${sql.lit(index)} as "page stretch", row_number() over (order by ${page.order}) as "page row"
    from ${scope.source} where ${and([where, page.where])} order by ${page.order} limit ${sql.lit(roundedUp(limit + 1))})`;
}

/**
 * The number of rows to look at, rounded up: PostgreSQL plans well for a limit that it knows, and a statement for each
 * number would fill its memory with plans.
 */
function roundedUp(limit: number): number {
  return [2, 11, 26, 51, 61, 101, 201, 501].find(step => step >= limit) ?? maxLimit + 1;
}

/** Which rows: the actor's reach, the trash, the filter, the words. */
export function whereOf(scope: Scope, query: Pick<Query, 'filter' | 'q' | 'trash'>, action = 'read'): Sql {
  const deleted = sql.ref(`${scope.alias}.deleted_at`);
  return and([
    query.trash === 'only' ? sql`${deleted} is not null` : sql`${deleted} is null`,
    reach(scope.ctx, scope.object, action, scope),
    ...(query.filter ? [filterSql(query.filter, scope)] : []),
    ...(query.q?.trim() ? [matchesWords(scope, query.q)] : []),
  ]);
}

/** One record as JSON text; `notFound` where it does not exist or is out of reach. The trash is included: a link to it still opens. */
export async function read(
  ctx: Context,
  objectName: string,
  id: string,
  options: Pick<Query, 'fields' | 'include' | 'asOf'> = {},
): Promise<string> {
  return (await readWithState(ctx, objectName, id, options)).text;
}

/** The same, and whether the record is in the trash, which its fields need not tell. */
export async function readWithState(
  ctx: Context,
  objectName: string,
  id: string,
  options: Pick<Query, 'fields' | 'include' | 'asOf'> = {},
): Promise<{ text: string; trashed: boolean }> {
  const object = objectOf(ctx, objectName);
  if (!isId(id)) throw missing(object);
  const scope = scopeOf(ctx, object, checkedMoment(options.asOf), id);
  const statement = sql`select ${jsonOfRequest(scope, options)}::text as j, ${sql.ref(`${scope.alias}.deleted_at`)} is not null as trashed
    from ${scope.source} where ${sql.ref(`${scope.alias}.id`)} = ${id}::uuid and ${reach(ctx, object, 'read', scope)}`;
  const [row] = await (ctx.tx ?? ctx.db).run<{ j: string; trashed: boolean }>(statement);
  if (!row) throw missing(object);
  return { text: row.j, trashed: row.trashed };
}

/** One record as values, as reads show it. */
export async function find(
  ctx: Context,
  objectName: string,
  id: string,
  options: Pick<Query, 'fields' | 'include' | 'asOf'> = {},
): Promise<Values> {
  return JSON.parse(await read(ctx, objectName, id, options)) as Values;
}

export function missing(object: ObjectModel): FarleyError {
  return new FarleyError(
    'notFound',
    `There is no such ${object.spec.label.toLowerCase()}, or it is out of your reach.`,
  );
}

/** What to spell out, as a tree: `company.owner` → { company: { owner: {} } }. */
interface Include {
  [relation: string]: Include;
}

function includeTree(paths: string[] = []): Include {
  // Without a prototype: the names come from outside, and `__proto__` has to be a name like any other.
  const tree = Object.create(null) as Include;
  for (const path of paths) {
    let node = tree;
    for (const step of path.split('.')) node = node[step] ??= Object.create(null) as Include;
  }
  return tree;
}

function jsonOfRequest(scope: Scope, { fields, include = [] }: Pick<Query, 'fields' | 'include'>): Sql {
  if (include.length === 0 && scope.asOf === null) return plainJson(scope.ctx, scope.object, fields);
  return recordJson(scope, fields, includeTree(include));
}

interface KeptJson {
  model: Context['model'];
  settings: Context['settings'];
  json: Sql;
}

const keptJson = new WeakMap<Context['actor'], Map<string, KeptJson>>();

/**
 * The JSON of a record as it is now, without relations: for one actor and model always the same text. It is kept only
 * where it has no parameters, because these may be of the moment. `fresh`: of a row that the statement makes.
 */
export function plainJson(ctx: Context, object: ObjectModel, names?: string[], fresh = false): Sql {
  const kept = keptJson.get(ctx.actor) ?? new Map<string, KeptJson>();
  const key = `${object.name} ${fresh ? 'fresh' : ''} ${names?.join() ?? '*'}`;
  const known = kept.get(key);
  if (known?.model === ctx.model && known.settings === ctx.settings) return known.json;
  const json = recordJson({ ...scopeOf(ctx, object), fresh }, names);
  if (json.values.length > 0) return json;
  if (kept.size > 200) kept.clear();
  keptJson.set(ctx.actor, kept.set(key, { model: ctx.model, settings: ctx.settings, json }));
  return json;
}

/** The record as a JSON object: fields the actor may read, links spelled out where asked. */
export function recordJson(scope: Scope, names: string[] | undefined, include: Include = {}, depth = 0): Sql {
  if (depth > 3) throw new FarleyError('invalidQuery', 'Includes nest at most three levels.');
  const chosen = new Map<string, Sql>();
  for (const field of chosenFields(scope, names)) chosen.set(field.name, showOf(field, scope));
  for (const [relation, deeper] of Object.entries(include))
    chosen.set(relation, includedJson(scope, relation, deeper, depth));
  const columns = [...chosen].map(([name, value]) => sql`${value} as ${sql.id(name)}`);
  return sql`(select row_to_json(r) from (select ${sql.join(columns)}) r)`;
}

function chosenFields(scope: Scope, names: string[] | undefined): Field[] {
  const readable = (field: Field) => fieldRight(scope.ctx, field) !== 'none';
  if (!names) return [...scope.object.fields.values()].filter(readable);
  const always = ['id', 'version'];
  return [...new Set([...always, ...names])].map(name => fieldOfRequest(scope, name, '/fields'));
}

function includedJson(scope: Scope, relation: string, deeper: Include, depth: number): Sql {
  const { object, scope: inner, join } = related(scope, relation, '/include');
  const json = recordJson(inner, undefined, deeper, depth + 1);
  const field = scope.object.fields.get(relation);
  const many = !field || (relationOf(field)?.many ?? false);
  const where = and([join, reach(scope.ctx, object, 'read', inner)]);
  if (!many) return sql`(select ${json} from ${inner.source} where ${where})`;
  const keys = sortKeys(inner, object.spec.list?.sort ?? ['-createdAt']);
  const [page] = keyset(keys, null);
  return sql`(select coalesce(json_agg(m.j), '[]'::json) from (select ${json} as j from ${inner.source}
    where ${and([where, sql`${sql.ref(`${inner.alias}.deleted_at`)} is null`])} order by ${page!.order} limit ${sql.lit(maxIncluded)}) m)`;
}

/** Counts up to this many are exact even where an estimate would do: the planner knows little of small tables. */
const countExactly = 20_000;

/** About how many rows there are: counted where they are few, else the planner's guess, which costs the same at any size. */
async function estimate(ctx: Context, objectName: string, query: Query): Promise<number> {
  const scope = scopeOf(ctx, objectOf(ctx, objectName), checkedMoment(query.asOf));
  const runner = ctx.tx ?? ctx.db;
  const where = whereOf(scope, query);
  const [plan] = await runner.run<{ 'QUERY PLAN': string }>(
    sql`explain (format json) select 1 from ${scope.source} where ${where}`,
  );
  const [{ Plan }] = JSON.parse(plan!['QUERY PLAN']) as [{ Plan: { 'Plan Rows': number } }];
  if (Plan['Plan Rows'] > countExactly) return Plan['Plan Rows'];
  const [counted] = await runner.run<{ n: number }>(
    sql`select count(*) as n from (select 1 from ${scope.source} where ${where} limit ${countExactly + 1}) c`,
  );
  return Number(counted!.n) > countExactly ? Plan['Plan Rows'] : Number(counted!.n);
}

function checkedLimit(limit = defaultLimit): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  const message = `\`limit\` is a whole number from 1 to ${maxLimit}.`;
  throw new FarleyError('invalidQuery', message, {
    problems: [{ pointer: '/limit', code: 'outOfRange', message }],
  });
}

const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

export function checkedMoment(asOf: string | undefined): string | null {
  if (asOf === undefined) return null;
  const moment = new Date(asOf);
  // Years of four digits: PostgreSQL reads the others differently, or not at all.
  if (moment.getTime() >= earliest && moment.getTime() <= latest) return moment.toISOString();
  const message = '`asOf` is a date and time such as 2026-03-31T12:00:00Z.';
  throw new FarleyError('invalidQuery', message, {
    problems: [{ pointer: '/asOf', code: 'invalidDateTime', message }],
  });
}
