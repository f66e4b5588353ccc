/**
 * Giving companies to the territories that claim them: what differs ends the day before and begins on the day, today or
 * another, as one change set.
 */
import { Type } from 'typebox';
import {
  analyzeGrown,
  asEngine,
  asSystem,
  type Context,
  defineVerb,
  defineWatch,
  find,
  type Operation,
  sql,
  type Transaction,
  tableOf,
  write,
} from '../../../engine/index.ts';
import { Day, todayOf } from '../dashboards/scope.ts';
import { claimantsOf, driftOf } from './claims.ts';
import { Territory } from './territory.ts';

type Inside = Context & { tx: Transaction };

interface Move extends Record<string, unknown> {
  company: string;
  dimension: string;
  fact: string | null;
  since: string | null;
  /** The last day of what is ended: what was applied for later days stays. */
  until: string | null;
  due: string | null;
  named: boolean;
}

interface Alignment {
  only?: string[];
  /** Default: today. */
  on?: string;
}

/** Companies written at a time. */
const batchSize = 500;

/**
 * Brings what companies are in on a day into line with what claims them then; answers how many companies moved. `only`: these,
 * and where they are in none. Two statements, and those of a set for each 500 companies;
 * two more where there are many, so that what is asked next knows of them.
 */
export async function align(ctx: Inside, { only, on = todayOf(ctx) }: Alignment = {}): Promise<number> {
  const own = { ...asSystem(ctx, 'territories'), tx: ctx.tx };
  await ctx.tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`territories ${ctx.schema}`}, 0))`);
  const claimants = await claimantsOf(own, on);
  const moves = await ctx.tx.run<Move>(
    sql`with ${driftOf(own, claimants, on, only)}
      select company, dimension, fact, since::text as since, due, named, (case when fact is null then
          (select min(f."from") - 1 from ${tableOf(ctx.schema, 'territory_account')} f where f.deleted_at is null
            and f.company_id = drift.company and f.dimension = drift.dimension and f."from" > ${on}::date)
        else until end)::text as until
      from drift where due is distinct from held ${only ? sql`and held is null` : sql``} order by company, dimension`,
  );
  const before = new Date(Date.parse(on) - 86_400_000).toISOString().slice(0, 10);
  for (let from = 0; from < moves.length; from += batchSize)
    await write(
      asEngine(ctx),
      'territoryAccount',
      moves.slice(from, from + batchSize).flatMap(move => operationsFor(move, on, before)),
      { trusted: true },
    );
  await analyzeGrown(ctx.tx, ctx.schema, moves.length);
  return moves.length;
}

function operationsFor(move: Move, on: string, before: string): Operation[] {
  const { company, dimension, fact, since, until, due, named } = move;
  // What began on the day has not been so for a day.
  const ends: Operation[] =
    fact === null
      ? []
      : since === on
        ? [{ op: 'delete', id: fact }]
        : [{ op: 'update', id: fact, values: { until: before } }];
  if (due === null) return ends;
  const why = named ? 'named' : 'rule';
  return [...ends, { op: 'create', values: { company, territory: due, dimension, from: on, until, why } }];
}

export const applyTerritories = defineVerb(Territory, {
  name: 'align',
  label: 'Apply territories',
  icon: 'route',
  description: 'Gives all companies to the territories that claim them by now.',
  own: true,
  input: Type.Object({ on: Type.Optional({ ...Day, title: 'As of' }) }, { additionalProperties: false }),
  event: { sentence: '{actor} applied the territories. Companies moved: {count}', icon: 'route' },
  run: async (ctx, id, { on }) => {
    await find(ctx, 'territory', id, { fields: ['name'] });
    const count = await align({ ...ctx, tx: ctx.tx! }, on ? { on } : {});
    return { events: { [id]: { count } }, result: { id, moved: count } };
  },
});

/** New companies go where the rules say at once; those that are in a territory move only when somebody applies. */
export const newAccounts = defineWatch('territories', {
  label: 'Territories of new companies',
  run: async (ctx, changes) => {
    const made = changes.filter(({ object, kind }) => object === 'company' && kind === 'created');
    if (made.length > 0) await align(ctx, { only: [...new Set(made.map(({ id }) => id))] });
  },
});

export interface InTerritory {
  territory: string;
  name: string;
  dimension: string;
}

/** The territories that companies were in on a day. One statement. Whoever asks may know of the companies. */
export async function territoriesOf(
  ctx: Context,
  companies: string[],
  day: string,
): Promise<Map<string, InTerritory[]>> {
  const found = await (ctx.tx ?? ctx.db).run<InTerritory & { company: string } & Record<string, unknown>>(
    sql`select f.company_id as company, f.territory_id as territory, t.name, f.dimension
      from ${tableOf(ctx.schema, 'territory_account')} f join ${tableOf(ctx.schema, 'territory')} t on t.id = f.territory_id
      where f.company_id = any(${companies}::uuid[]) and f.deleted_at is null
        and f."from" <= ${day}::date and (f.until is null or f.until >= ${day}::date) order by f.dimension, t.name`,
  );
  return Map.groupBy(found, ({ company }) => company);
}
