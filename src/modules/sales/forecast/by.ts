/**
 * The forecast by something other than the seller: products take part by the lines of the deals, teams by who owns them and
 * by who shares in them. Of products, companies, sources and regions deals are not shared.
 */
import { type Static, Type } from 'typebox';
import { aggregate, type Context, defineReport, type Filter } from '../../../engine/index.ts';
import { sum } from '../decimals.ts';
import { byTerritory, weightOf } from './by-territory.ts';
import { type ForecastInput, ForecastPeriod, inPipeline, splitsOf } from './forecast.ts';
import { negated, sharesOf } from './shares.ts';

/** What a forecast can be taken apart by. `path` leads from what is summed to it, `deal` from there to the deal. */
const dimensions = {
  team: { object: 'deal', path: 'owner.team', amount: 'amount', deal: '' },
  product: { object: 'dealLine', path: 'product', amount: 'amount', deal: 'deal.' },
  company: { object: 'deal', path: 'company', amount: 'amount', deal: '' },
  source: { object: 'deal', path: 'source', amount: 'amount', deal: '' },
  territory: { object: 'deal', path: 'company', amount: 'amount', deal: '' },
} as const;

export type Dimension = keyof typeof dimensions;

const categories = ['pipeline', 'bestCase', 'commit', 'closed'] as const;
const zero = '0.00';
const amount = Type.String({ description: 'In the currency of the answer.' });

const Group = Type.Object({
  /** A record, a choice as it is kept, or null for what belongs to none. */
  group: Type.Unsafe<{ id: string; title: string | null } | string | null>({}),
  pipeline: amount,
  bestCase: amount,
  commit: amount,
  closed: amount,
  /** Deals, or lines of deals. */
  count: Type.Integer(),
  /** Of territories: what is to be won there; `0.00` where nothing was set. */
  quota: amount,
  /** Of territories: how many stand above it. */
  depth: Type.Integer(),
});

export type ForecastGroup = Static<typeof Group>;

const Answer = Type.Object({ currency: Type.String(), groups: Type.Array(Group) });

export const forecastByReport = defineReport('forecastBy', {
  label: 'Forecast by group',
  description: 'What is expected to be won in a period, by team, product, company, source or region',
  input: Type.Object(
    { ...ForecastPeriod.properties, by: Type.Enum(['team', 'product', 'company', 'source', 'territory']) },
    { additionalProperties: false },
  ),
  answer: Answer,
  run: forecastBy,
});

/** Four statements, two more for teams and three for territories. Shares of products are the amounts of their lines; deals without lines stand under none of them. */
export async function forecastBy(
  ctx: Context,
  { by, ...input }: ForecastInput & { by: string },
): Promise<Static<typeof Answer>> {
  const { object, path, amount: field, deal } = dimensions[by as Dimension];
  const groups = new Map<string, ForecastGroup>();
  const figuresOf = (group: ForecastGroup['group']): ForecastGroup => {
    const key = JSON.stringify(group);
    const nothing = { pipeline: zero, bestCase: zero, commit: zero, closed: zero, quota: zero };
    const figures = groups.get(key) ?? { group, ...nothing, count: 0, depth: 0 };
    groups.set(key, figures);
    return figures;
  };
  for (const category of categories) {
    const { data } = await aggregate(ctx, object, {
      filter: inPeriod(deal, category, input),
      groupBy: [{ field: path }],
      values: [{ op: 'count' }, { op: 'total', field }],
      limit: 10_000,
      ...(input.asOf ? { asOf: input.asOf } : {}),
    });
    for (const row of data) {
      const figures = figuresOf((row.group[path] ?? null) as ForecastGroup['group']);
      const totals = [row.values[1] ?? []].flat() as { amount: string; currency: string }[];
      const home = totals.find(each => each.currency === ctx.settings.currency);
      figures[category] = sum([figures[category], home?.amount ?? zero]);
      figures.count += Number(row.values[0]);
    }
  }
  if (by === 'team')
    for (const { of, to, from, amount: part } of await sharesOf(ctx, 'team', splitsOf(input), input.asOf)) {
      if (of === 'weighted' || of === 'overlay') continue;
      for (const [group, moved] of [
        [to, part],
        [from ?? null, negated(part)],
      ] as const) {
        const figures = figuresOf(group);
        figures[of] = sum([figures[of], moved]);
      }
    }
  const { currency } = ctx.settings;
  if (by === 'territory') return { currency, groups: await byTerritory(ctx, [...groups.values()], input) };
  return {
    currency,
    groups: [...groups.values()].sort((a, b) => weightOf(b) - weightOf(a)),
  };
}

function inPeriod(deal: string, category: string, input: ForecastInput): Filter {
  const on = (field: string, op: string, value: string | [string, string]): Filter => ({
    field: deal + field,
    op,
    value,
  });
  return {
    and: [
      on('forecastCategory', 'is', category),
      on('closeDate', 'between', [input.from, input.to]),
      ...(deal ? (input.pipeline ? [on('pipeline', 'is', input.pipeline)] : []) : inPipeline(input)),
    ],
  };
}
