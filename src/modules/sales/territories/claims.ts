/**
 * Which territory claims which company, against what was given to whom. Named goes before rule, and a territory before the
 * one that it is part of; where two are left that are not part of each other, whoever has the company keeps it.
 */
import {
  type Context,
  type Filter,
  type Json,
  picked,
  rows,
  type Sql,
  sql,
  tableOf,
  type Values,
} from '../../../engine/index.ts';
import { idOf, idsOf } from '../leads/workers.ts';

/** A territory with what it has from those above it. */
export interface Claimant {
  id: string;
  name: string;
  parent: string | null;
  /** That of the topmost. */
  dimension: string;
  manager: { id: string; title: string } | null;
  /** Ids of those above it, the nearest first. */
  above: string[];
  /** Its own rule and those of all above it; null where it has none of its own. */
  rule: Filter | null;
  included: string[];
  /** Its own and those above. */
  excluded: string[];
  /** Whether it counts on the day. */
  valid: boolean;
}

/** What somebody thinks of changing. */
export interface TerritoryDraft {
  territory: string;
  rule?: Filter | null;
  parent?: string | null;
  from?: string | null;
  until?: string | null;
}

export const validOn = (day: string, { from, until }: Values) =>
  (!from || (from as string) <= day) && (!until || (until as string) >= day);

/** All territories as they count on a day, changed as `drafts` say. One statement. `ctx` is the system's: rules are the same for everyone. */
export async function claimantsOf(
  ctx: Context,
  day: string,
  drafts: TerritoryDraft[] = [],
): Promise<Claimant[]> {
  const found = await rows(ctx, 'territory', { sort: ['name', 'id'], limit: 1_000 });
  const known = new Map(found.map(row => [row.id as string, row]));
  for (const { territory, parent, ...changed } of drafts) {
    const row = known.get(territory);
    if (!row) continue;
    Object.assign(row, changed);
    if (parent !== undefined) row.parent = parent === null ? null : { id: parent };
  }
  return found.map(row => claimant(row, known, day));
}

function claimant(row: Values, known: Map<string, Values>, day: string): Claimant {
  const line = [row];
  for (let above = known.get(idOf(row.parent) ?? ''); above; above = known.get(idOf(above.parent) ?? '')) {
    if (line.includes(above)) break;
    line.push(above);
  }
  const rules = line.flatMap(({ rule }) => (rule ? [rule as unknown as Filter] : []));
  return {
    id: row.id as string,
    name: row.name as string,
    parent: idOf(row.parent),
    dimension: line.at(-1)!.dimension as string,
    manager: row.manager as Claimant['manager'],
    above: line.slice(1).map(({ id }) => id as string),
    rule: row.rule ? { and: rules } : null,
    included: idsOf(row.included),
    excluded: line.flatMap(({ excluded }) => idsOf(excluded)),
    valid: validOn(day, row),
  };
}

/** The rows of a JSON text, as the FROM item `alias`; `shape` is of this file. */
function given(alias: string, shape: string, values: { [column: string]: Json }[]): Sql {
  return sql`json_to_recordset(${JSON.stringify(values)}::json) as ${sql.raw(`${alias}(${shape})`)}`;
}

/**
 * `with` of a statement that ends in `drift`: company, dimension, fact, since, until, held, due, named, claimed. `held` is the
 * territory that has the company on the day, `due` the one that should; `claimed` are all that do. `only`: of these companies.
 */
export function driftOf(ctx: Context, claimants: Claimant[], day: string, only?: string[]): Sql {
  const valid = claimants.filter(each => each.valid);
  const byRule = valid.flatMap(({ id, dimension, rule, excluded }) => {
    if (!rule) return [];
    const filter: Filter = only ? { and: [rule, { field: 'id', op: 'isAnyOf', value: only }] } : rule;
    return [
      sql`select ${id}::uuid as territory, ${dimension}::text as dimension, p.id as company, false as named
        from (${picked(ctx, 'company', filter, {})}) p where p.id <> all(${excluded}::uuid[])`,
    ];
  });
  const names = valid.flatMap(({ id, dimension, included }) =>
    included.map(company => ({ territory: id, dimension, company })),
  );
  const among = (column: string) => (only ? sql`and ${sql.ref(column)} = any(${only}::uuid[])` : sql``);
  const byName = sql`select n.territory, n.dimension, n.company, true as named
    from ${given('n', 'territory uuid, dimension text, company uuid', names)}
    join ${tableOf(ctx.schema, 'company')} c on c.id = n.company and c.deleted_at is null ${among('c.id')}`;
  const above = valid.flatMap(each => each.above.map(ancestor => ({ territory: each.id, ancestor })));
  return sql`claims as materialized (${sql.join([...byRule, byName], sql` union all `)}),
    standing as materialized (select * from (
      select *, bool_or(named) over (partition by company, dimension) as any_named from claims) j where named or not any_named),
    above as materialized (select * from ${given('a', 'territory uuid, ancestor uuid', above)}),
    claimed as (select company, dimension, array_agg(territory order by territory) as territories, bool_or(named) as named
      from standing s where not exists (select 1 from standing d join above a on a.territory = d.territory
        where d.company = s.company and a.ancestor = s.territory) group by company, dimension),
    held as (select f.id, f.company_id, f.dimension, f.territory_id, f."from" as since, f.until from ${tableOf(ctx.schema, 'territory_account')} f
      where f.deleted_at is null and f."from" <= ${day}::date and (f.until is null or f.until >= ${day}::date) ${among('f.company_id')}),
    drift as materialized (select coalesce(c.company, h.company_id) as company, coalesce(c.dimension, h.dimension) as dimension,
        h.id as fact, h.since, h.until, h.territory_id as held, coalesce(c.named, false) as named, coalesce(c.territories, '{}') as claimed,
        case when cardinality(c.territories) = 1 then c.territories[1]
          when h.territory_id = any(c.territories) then h.territory_id end as due
      from claimed c full join held h on h.company_id = c.company and h.dimension = c.dimension)`;
}
