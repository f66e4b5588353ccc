/**
 * Measured values: what jobs work out of other values for many records at once, such as a score. They are columns like any
 * other to filters, lists, boards and rights, and stand outside of history, versions and undo: they can be worked out
 * again, and a night that measures a million records anew must not write a million changes (decision 14).
 */
import { reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Runner } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Field } from '../field.ts';
import { type Sql, sql } from '../sql.ts';
import { type Filter, filterSql } from './filter.ts';
import { jsonOf, objectOf, type Scope, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

/** The row of one object in a statement that a module puts together. */
export interface Row {
  source: Sql;
  id: Sql;
  /** Whether whoever asks may read it. */
  reached(): Sql;
  /** Whether it matches; never null. Throws `invalidQuery`. */
  holds(filter: Filter): Sql;
  /** A column of a field that is kept in columns. Throws `invalidQuery`. */
  cell(field: string): Sql;
  /** A column of the row by its own name: `created_at`. */
  column(name: string): Sql;
  /** The canonical values of fields as one JSON array. */
  values(fields: string[]): Sql;
  /**
   * The activities of one kind about the row, as a FROM item with the column `at`, where they match. Null where the kind is
   * no activity that may be about several.
   */
  about(kind: string, filter: Filter | null): Sql | null;
}

/** A row of `object`, whoever asks: the reach is the caller's to add. */
export function rowOf(ctx: Context, objectName: string): Row {
  return rowIn(scopeOf(ctx, objectOf(ctx, objectName)));
}

function rowIn(scope: Scope): Row {
  const column = (name: string) => sql.ref(`${scope.alias}.${name}`);
  return {
    source: scope.source,
    id: column('id'),
    column,
    reached: () => sql`coalesce(${reach(scope.ctx, scope.object, 'read', scope)}, false)`,
    holds: filter => sql`coalesce(${filterSql(filter, scope)}, false)`,
    cell: name => column(keptField(scope, name).columns[0]!),
    values: fields =>
      sql`jsonb_build_array(${sql.join(fields.map(name => jsonOf(fieldOf(scope, name), scope)))})`,
    about: (kind, filter) => activitiesAbout(scope, kind, filter),
  };
}

function activitiesAbout(scope: Scope, kindName: string, filter: Filter | null): Sql | null {
  const kind = objectOf(scope.ctx, kindName);
  const about = kind.spec.timeline && kind.fields.get(kind.spec.timeline.about);
  if (!about?.table) return null;
  const row = rowIn(scope.inner(kind));
  return sql`(select ${row.cell(kind.spec.timeline!.at)} as at from ${row.source} where ${row.column('deleted_at')} is null
    and ${row.id} in (select i.owner_id from ${tableOf(scope.schema, about.table)} i
      where i.target_id = ${sql.ref(`${scope.alias}.id`)} and i.target_object = ${scope.object.name})
    and ${filter ? row.holds(filter) : sql`true`})`;
}

function fieldOf({ object }: Scope, name: string): Field {
  const field = object.fields.get(name);
  if (field) return field;
  throw new FarleyError('invalidQuery', `${object.spec.label} has no field ${name}.`);
}

function keptField(scope: Scope, name: string): Field {
  const field = fieldOf(scope, name);
  if (field.type.storage.kind === 'columns') return field;
  throw new FarleyError('invalidQuery', `${field.label} is computed or a list and has no column.`);
}

/**
 * Keeps measured values: `from` is a statement that yields `id` and a column for each of `fields`, in their names. Only rows
 * that differ are written. Answers how many were.
 */
export async function keepMeasured(
  ctx: Context,
  objectName: string,
  fields: string[],
  from: Sql,
): Promise<number> {
  const object = objectOf(ctx, objectName);
  const columns = fields.map(name => {
    const field = object.fields.get(name);
    if (!field?.options.measured || field.columns.length !== 1)
      throw new Error(`${objectName}.${name} is not measured.`);
    return [sql.id(field.columns[0]!), sql.ref(`m.${name}`)] as const;
  });
  const statement = sql`with m as materialized (${from}), written as (update ${tableOf(ctx.schema, object.table)} t
        set ${sql.join(columns.map(([column, value]) => sql`${column} = ${value}`))} from m
        where t.id = m.id and (${sql.join(
          columns.map(([column, value]) => sql`t.${column} is distinct from ${value}`),
          sql` or `,
        )}) returning 1)
      select count(*)::int as written from written`;
  const keep = async (runner: Runner) => (await runner.run<{ written: number }>(statement))[0]!.written;
  if (ctx.tx) return keep(ctx.tx);
  return ctx.db.transaction(async tx => {
    // What a crash takes is measured again: nobody waits for the disk.
    await tx.run(sql`set local synchronous_commit = off`);
    return keep(tx);
  });
}

/** A record as it was known before it was decided. */
export interface Past {
  id: string;
  /** Canonical values of the fields asked for, as they were before the decision; of all, with what came later where `traced` is false. */
  values: Record<string, unknown>;
  /** ISO 8601; null for records that are not decided. */
  decidedAt: string | null;
  /** Whether history knows the decision: else what is known now has to do. */
  traced: boolean;
  /** Fields that were changed with the decision or after it. */
  changed: string[];
  /** Whether it was won. */
  won: boolean;
  /** Hour of the day and day of the week (1 is Monday) of its creation, by the clock of the workspace. */
  hour: number;
  weekday: number;
  /** Activities about it before the decision. */
  activities: number;
}

export interface PastQuery {
  /** Records to look at. */
  of: Filter;
  /** Which of them were won. */
  won: Filter;
  /** The field whose last change was the decision; null: none of them is decided, and all are taken as they are. */
  by: string | null;
  fields: string[];
  /** Only these. */
  ids?: string[];
  /** Whether activities are counted. Default true. */
  counting?: boolean;
  after: string | null;
  limit: number;
}

/**
 * Records by id, each as it was right before it was decided: the first `before` of each field in the changes from the
 * decision on. One statement.
 */
export async function pastOf(ctx: Context, objectName: string, query: PastQuery): Promise<Past[]> {
  const row = rowOf(ctx, objectName);
  const change = tableOf(ctx.schema, 'change');
  const { fields } = query;
  const rows = await (ctx.tx ?? ctx.db).run<{
    id: string;
    at: string | null;
    won: boolean;
    hour: number;
    weekday: number;
    activities: number;
    kept: string;
    old: string | null;
  }>(
    sql`with chosen as (select ${row.id} as id, ${row.column('created_at')} as created_at, ${row.holds(query.won)} as won,
        ${row.values(fields)} as kept
      from ${row.source} where ${row.column('deleted_at')} is null and ${row.holds(query.of)}
        and ${query.ids ? sql`${row.id} = any(${query.ids}::uuid[])` : sql`true`} and ${query.after ? sql`${row.id} > ${query.after}::uuid` : sql`true`}
      order by ${row.id} limit ${query.limit}),
      cut as (select s.*, c.seq, c.at from chosen s left join lateral (select c.seq, c.at from ${change} c
        where c.record_id = s.id and c.object = ${objectName} and c.kind = 'updated' and c.fields ? ${query.by}::text
        and ${query.by ? sql`true` : sql`false`} order by c.at desc, c.seq desc limit 1) c on true)
    select cut.id, won, kept::text as kept, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
      extract(hour from created_at at time zone ${ctx.settings.timeZone})::int as hour,
      extract(isodow from created_at at time zone ${ctx.settings.timeZone})::int as weekday,
      ${query.counting === false ? sql`0` : activitiesOf(ctx, objectName, sql`cut.id`, sql`coalesce(cut.at, 'infinity')`)}::int as activities,
      ${query.by ? changesSince(ctx, objectName) : sql`null::text`} as old
    from cut order by cut.id`,
  );
  return rows.map(({ kept, old, at, ...known }) => {
    const now = JSON.parse(kept) as unknown[];
    const before = (old ? JSON.parse(old) : {}) as Record<string, unknown>;
    const values = Object.fromEntries(
      fields.map((name, index) => [name, name in before ? before[name] : now[index]]),
    );
    return { ...known, values, decidedAt: at, traced: at !== null, changed: Object.keys(before) };
  });
}

/** How many activities there were about a record before a moment. */
function activitiesOf(ctx: Context, objectName: string, id: Sql, before: Sql): Sql {
  const kinds = [...ctx.model.objects.values()].filter(({ spec }) => spec.timeline);
  const counts = kinds.flatMap(kind => {
    const about = kind.fields.get(kind.spec.timeline!.about)!;
    if (!about.table) return [];
    return sql`(select count(*) from ${tableOf(ctx.schema, about.table)} i join ${tableOf(ctx.schema, kind.table)} a on a.id = i.owner_id
      where i.target_id = ${id} and i.target_object = ${objectName} and a.deleted_at is null and a.created_at < ${before})`;
  });
  return counts.length > 0 ? sql`(${sql.join(counts, sql` + `)})` : sql`0`;
}

/** The first `before` of each field in the changes of a record of `cut` from its decision on, as JSON text. */
function changesSince(ctx: Context, objectName: string): Sql {
  return sql`(select json_object_agg(o.key, o.before)::text from (select distinct on (e.key) e.key, e.value -> 0 as before
        from ${tableOf(ctx.schema, 'change')} c, jsonb_each(c.fields) e
        where c.record_id = cut.id and c.object = ${objectName} and c.seq >= cut.seq and c.fields is not null
        order by e.key, c.seq) o)`;
}
