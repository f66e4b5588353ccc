/** Who gets the leads of a territory. */
import { type Context, type Filter, picked, rows, sql, type Values } from '../../../engine/index.ts';
import { todayOf } from '../dashboards/scope.ts';
import { among, idOf } from '../leads/workers.ts';
import { territoriesOf } from './align.ts';
import { type Claimant, claimantsOf, validOn } from './claims.ts';

/**
 * Lead → those who sell in its territories today: of the company on file, or, where none is known to be in any, of those whose
 * rules ask for nothing but an address, by that of the lead. Where nobody sells there, its manager, or those above. Five statements at most.
 */
export async function holdersOf(
  ctx: Context,
  leads: { id: string; company: string | null }[],
): Promise<Map<string, string[]>> {
  const today = todayOf(ctx);
  const claimants = await claimantsOf(ctx, today);
  if (claimants.length === 0) return new Map();
  const companies = leads.flatMap(({ company }) => company ?? []);
  const known = await territoriesOf(ctx, companies, today);
  const homeless = leads.filter(({ company }) => !known.has(company ?? '')).map(({ id }) => id);
  const byAddress = await addressed(ctx, claimants, homeless);
  const members = await rows(ctx, 'territoryMember', {
    filter: { field: 'role', op: 'is', value: 'seller' },
    sort: ['createdAt', 'id'],
    limit: 1_000,
  });
  const sellers = Map.groupBy(
    members.filter(member => validOn(today, member)),
    ({ territory }) => idOf(territory)!,
  );
  const all = new Map(claimants.map(each => [each.id, each]));
  return new Map(
    leads.map(({ id, company }) => {
      const own = known.get(company ?? '')?.map(({ territory }) => territory) ?? byAddress.get(id) ?? [];
      return [id, [...new Set(own.flatMap(territory => peopleOf(territory, all, sellers)))]];
    }),
  );
}

/** The sellers of a territory, else its manager, else those of the nearest above it that has any. */
function peopleOf(id: string, all: Map<string, Claimant>, sellers: Map<string, Values[]>): string[] {
  for (const territory of [id, ...(all.get(id)?.above ?? [])]) {
    const users = (sellers.get(territory) ?? []).map(({ user }) => idOf(user)!);
    if (users.length > 0) return users;
    const manager = all.get(territory)?.manager;
    if (manager) return [manager.id];
  }
  return [];
}

/** Leads have an address as companies do, and little else that rules ask for. */
async function addressed(
  ctx: Context,
  claimants: Claimant[],
  leads: string[],
): Promise<Map<string, string[]>> {
  const fitting = claimants.filter(({ valid, rule }) => valid && rule && asksAddress(rule));
  if (leads.length === 0 || fitting.length === 0) return new Map();
  const found = await (ctx.tx ?? ctx.db).run<{ lead: string; territory: string }>(
    sql.join(
      fitting.map(({ id, rule }) => {
        const filter: Filter = { and: [among('id', leads), rule!] };
        return sql`select p.id as lead, ${id}::uuid as territory from (${picked(ctx, 'lead', filter, {})}) p`;
      }),
      sql` union all `,
    ),
  );
  const above = new Map(claimants.map(each => [each.id, each.above]));
  return new Map(
    [...Map.groupBy(found, ({ lead }) => lead)].map(([lead, claims]) => {
      const whole = new Set(claims.flatMap(({ territory }) => above.get(territory)!));
      return [lead, claims.map(({ territory }) => territory).filter(id => !whole.has(id))];
    }),
  );
}

function asksAddress(rule: Filter): boolean {
  if ('and' in rule) return rule.and.every(asksAddress);
  if ('or' in rule) return rule.or.every(asksAddress);
  if ('not' in rule) return asksAddress(rule.not);
  return rule.field === 'address';
}
