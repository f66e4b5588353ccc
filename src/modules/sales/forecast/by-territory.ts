/** The forecast of regions, each with all that are part of it, against what is to be won there. */
import {
  aggregate,
  type Context,
  FarleyError,
  type Json,
  may,
  picked,
  rows,
  sql,
} from '../../../engine/index.ts';
import { sum } from '../decimals.ts';
import { regionOn } from '../territories/inside.ts';
import type { ForecastGroup } from './by.ts';
import { type ForecastInput, within } from './forecast.ts';

const amounts = ['pipeline', 'bestCase', 'commit', 'closed'] as const;
type Sums = Pick<ForecastGroup, (typeof amounts)[number] | 'count'>;

const zero = '0.00';
const none = (): Sums => ({ pipeline: zero, bestCase: zero, commit: zero, closed: zero, count: 0 });
const idOf = (link: Json | undefined) => (link as { id: string } | null | undefined)?.id ?? null;

/** For the order alone: what comes first may be off by less than a cent. */
export function weightOf({
  closed,
  commit,
  bestCase,
  pipeline,
}: Pick<ForecastGroup, (typeof amounts)[number]>) {
  return Number(sum([closed, commit, bestCase, pipeline]));
}

function add(to: Sums, from: Sums) {
  to.count += from.count;
  for (const each of amounts) to[each] = sum([to[each], from[each]]);
}

/**
 * Companies become the regions that they are in on the last day of the period, those of other dimensions would count deals
 * twice; each region has the sums of its parts, which stand below it. A quota of its own takes the place of those of its
 * parts. Three statements.
 */
export async function byTerritory(
  ctx: Context,
  companies: ForecastGroup[],
  input: ForecastInput,
): Promise<ForecastGroup[]> {
  if (!may(ctx, ctx.model.objects.get('territory')!, 'read')) throw new FarleyError('forbidden');
  const companyOf = ({ group }: ForecastGroup) => idOf(group as Json) ?? '';
  const [found, tree, quotas] = await Promise.all([
    regionsOf(ctx, companies.map(companyOf).filter(Boolean), input.to),
    rows(ctx, 'territory', {
      filter: { field: 'dimension', op: 'is', value: 'region' },
      fields: ['name', 'parent'],
      sort: ['name'],
      limit: 1_000,
    }),
    quotasOf(ctx, input),
  ]);
  const own = new Map<string, Sums>();
  const known = new Set(tree.map(({ id }) => id as string));
  for (const company of companies) {
    const key = found.get(companyOf(company)) ?? '';
    const sums = own.get(key) ?? none();
    add(sums, company);
    own.set(key, sums);
  }
  const below = Map.groupBy(tree, ({ parent }) => (known.has(idOf(parent) ?? '') ? idOf(parent) : null));
  // Trees have no circles: the write path refuses them.
  const walk = (parent: string | null, depth: number): (ForecastGroup & { sums: Sums })[][] =>
    (below.get(parent) ?? [])
      .map(({ id, name }) => {
        const parts = walk(id as string, depth + 1);
        const sums = none();
        for (const each of [own.get(id as string) ?? none(), ...parts.map(([part]) => part!.sums)])
          add(sums, each);
        const theirs = sum([zero, ...parts.map(([part]) => part!.quota)]);
        const quota = quotas.get(id as string) ?? theirs;
        const group = { id: id as string, title: name as string };
        return [{ group, ...sums, sums, quota, depth }, ...parts.flat()];
      })
      .filter(([whole]) => whole!.count > 0 || Number(whole!.quota) !== 0)
      .sort(([a], [b]) => weightOf(b!) - weightOf(a!));
  const rest = own.get('');
  return [
    ...walk(null, 0)
      .flat()
      .map(({ sums: _, ...group }) => group),
    ...(rest ? [{ group: null, ...rest, quota: zero, depth: 0 }] : []),
  ];
}

/** Company → the region that it is in on a day, as far as the reader sees both: as the list behind a figure finds them. */
async function regionsOf(ctx: Context, companies: string[], day: string): Promise<Map<string, string>> {
  const filter = { and: [regionOn(day), { field: 'company.id', op: 'isAnyOf', value: companies }] };
  const found = await (ctx.tx ?? ctx.db).run<{ company: string; region: string }>(
    sql`select company, region from (${picked(ctx, 'territoryAccount', filter, { company: 'company', region: 'territory' })}) p`,
  );
  return new Map(found.map(({ company, region }) => [company, region]));
}

/** Territory → what is to be won there in periods inside this one, in the workspace's currency. */
async function quotasOf(ctx: Context, input: ForecastInput): Promise<Map<string, string>> {
  const { data } = await aggregate(ctx, 'territoryQuota', {
    filter: within(input),
    groupBy: [{ field: 'territory' }],
    values: [{ op: 'total', field: 'amount' }],
    limit: 1_000,
    ...(input.asOf ? { asOf: input.asOf } : {}),
  });
  return new Map(
    data.map(({ group, values }) => {
      const totals = [values[0] ?? []].flat() as { amount: string; currency: string }[];
      const home = totals.find(({ currency }) => currency === ctx.settings.currency);
      return [idOf(group.territory) ?? '', home?.amount ?? zero];
    }),
  );
}
