/** Points by rules: what each rule gives to each record, as one statement over many. */
import { type Context, type Filter, type Row, rowOf, rows, type Sql, sql } from '../../../engine/index.ts';
import type { Card } from './scorecard.ts';

export interface Rule {
  id: string;
  name: string;
  group: 'fit' | 'engagement';
  filter: Filter | null;
  activity: string | null;
  points: number;
  since: string | null;
  halfLife: number | null;
}

/** A stored part of a score. `limit`: what the limit of a group takes away again. */
export interface Part {
  rule?: string;
  limit?: string;
  points: number;
  /** ISO 8601; from when they fade. */
  since?: string | null;
}

export async function rulesOf(ctx: Context, card: Card, all = false): Promise<Rule[]> {
  const active = all ? [] : [{ field: 'active', op: 'is', value: true }];
  const found = await rows(ctx, 'scoreRule', {
    filter: { and: [{ field: 'scorecard', op: 'is', value: card.id }, ...active] },
    sort: ['group', 'name', 'id'],
    limit: 1_000,
  });
  return found as unknown as Rule[];
}

/** The day on which points are counted: they fade by whole days, so that counting them again gives the same. */
function dayOf(ctx: Context): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ctx.settings.timeZone }).format(ctx.clock.now());
}

/** Points that a rule gives to a row, and since when; null where it gives none. */
interface Line {
  /** `(rule, group, points, since)` */
  values: Sql;
  /** What has to stand beside the row for it. */
  join: Sql | null;
}

function lineOf(ctx: Context, row: Row, rule: Rule, index: number): Line {
  const { points, halfLife, filter, activity, since } = rule;
  const today = dayOf(ctx);
  const faded = (at: Sql) =>
    halfLife
      ? sql`${points}::float8 * power(0.5::float8, greatest(0, ${today}::date - (${at})::date) / ${halfLife}::float8)`
      : sql`${points}::float8`;
  const reset = row.cell('scoreResetAt');
  const counts = (at: Sql) => sql`(${reset} is null or ${at} > ${reset})`;
  const line = (value: Sql, at: Sql) =>
    sql`(${rule.id}::text, ${rule.group}::text, round((${value})::numeric, 1), ${at})`;
  const none = sql`null::timestamptz`;
  if (activity) {
    const some = row.about(activity, filter);
    if (!some) return { values: line(sql`null`, none), join: null };
    const each = sql.id(`activities${index}`);
    const join = sql`cross join lateral (select sum(${faded(sql`a.at`)}) as points, max(a.at) as since from ${some} a
      where a.at <= ${`${today}T23:59:59.999Z`}::timestamptz and ${counts(sql`a.at`)}) ${each}`;
    return { values: line(sql`${each}.points`, sql`${each}.since`), join };
  }
  const holds = filter ? row.holds(filter) : sql`true`;
  if (!since) return { values: line(sql`case when ${holds} then ${points}::float8 end`, none), join: null };
  const at = since === 'createdAt' ? row.column('created_at') : row.cell(since);
  const values = line(
    sql`case when ${holds} and ${counts(at)} then ${faded(at)} end`,
    sql`(${at})::timestamptz`,
  );
  return { values, join: null };
}

/** The rows with what the lines need beside them, as a FROM item. */
function besides(row: Row, lines: Line[]): Sql {
  const joins = lines.flatMap(({ join }) => join ?? []);
  return sql`${row.source} ${sql.join(joins, sql` `)}`;
}

/**
 * `select id, parts, points` of the rows that match `where`: `parts` is a JSON list that adds up to `points`, which lie
 * between 0 and the limits of the groups. Rows without rules have no points.
 */
export function pointsSql(ctx: Context, card: Card, rules: Rule[], where: (row: Row) => Sql): Sql {
  const row = rowOf(ctx, card.object);
  const chosen = sql`${row.column('deleted_at')} is null and ${where(row)}`;
  if (rules.length === 0)
    return sql`select ${row.id} as id, null::jsonb as parts, null::numeric as points from ${row.source} where ${chosen}`;
  const lines = rules.map((rule, index) => lineOf(ctx, row, rule, index));
  const cut = (group: string, limit: number) => {
    const sum = sql.id(group);
    return sql`case when ${sum} > ${limit}::numeric then jsonb_build_array(jsonb_build_object('limit', ${group}::text, 'points', ${limit}::numeric - ${sum}))
      when ${sum} < 0 and ${group}::text = 'engagement' then jsonb_build_array(jsonb_build_object('limit', ${group}::text, 'points', -${sum})) else '[]'::jsonb end`;
  };
  const bounded = (group: string, limit: number) => sql`least(${sql.id(group)}, ${limit}::numeric)`;
  return sql`select id, parts || ${cut('fit', card.fitLimit)} || ${cut('engagement', card.engagementLimit)} as parts,
      ${bounded('fit', card.fitLimit)} + greatest(0, ${bounded('engagement', card.engagementLimit)}) as points
    from (select ${row.id} as id, p.* from ${besides(row, lines)} cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('rule', v.rule, 'points', v.points,
            'since', to_char(v.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by v.rule)
          filter (where v.points <> 0), '[]'::jsonb) as parts,
        coalesce(sum(v.points) filter (where v.grp = 'fit'), 0) as fit,
        coalesce(sum(v.points) filter (where v.grp = 'engagement'), 0) as engagement
      from (values ${sql.join(lines.map(({ values }) => values))}) v(rule, grp, points, since)) p where ${chosen}) r`;
}

/** How many of the records matched by `where` each rule gives points to. */
export function matchesSql(ctx: Context, card: Card, rules: Rule[], where: (row: Row) => Sql): Sql {
  const row = rowOf(ctx, card.object);
  const lines = rules.map((rule, index) => lineOf(ctx, row, rule, index));
  return sql`select v.rule, count(*) filter (where v.points <> 0)::int as records
    from ${besides(row, lines)} cross join lateral (values ${sql.join(lines.map(({ values }) => values))}) v(rule, grp, points, since)
    where ${row.column('deleted_at')} is null and ${where(row)} group by v.rule`;
}
