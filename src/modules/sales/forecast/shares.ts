/**
 * What splits move between sellers: those who share in a deal get their part, and its owner that much less. Overlay splits
 * come on top of the deal: they are told beside, and counted into nothing.
 */
import { aggregate, type Context, type Filter, may, picked, type Sql, sql } from '../../../engine/index.ts';
import { sum } from '../decimals.ts';

/** `overlay`: of won deals. */
export type ShareOf = 'pipeline' | 'bestCase' | 'commit' | 'closed' | 'weighted' | 'overlay';

type Named = { id: string; title: string | null } | null;

/** An amount that counts for `to`, and for `from` no more; `from` is missing where it comes on top. */
export interface Share {
  of: ShareOf;
  to: Named;
  from?: Named;
  amount: string;
}

const categories = ['pipeline', 'bestCase', 'commit', 'closed'];

type Money = { amount: string; currency: string };

/** Whose a part is. */
const parties = { user: ['user', 'deal.owner'], team: ['user.team', 'deal.owner.team'] } as const;

/** What splits of deals move between users or teams. `deals` names fields from the split: `deal.closeDate`. Two statements. */
export async function sharesOf(
  ctx: Context,
  by: keyof typeof parties,
  deals: Filter[],
  asOf?: string,
): Promise<Share[]> {
  if (!knowsSplits(ctx)) return [];
  const [to, from] = parties[by];
  const found = (filter: Filter[], groups: string[]) =>
    aggregate(ctx, 'dealSplit', {
      filter: { and: [...filter, ...deals] },
      groupBy: groups.map(field => ({ field })),
      values: [
        { op: 'total', field: 'amount' },
        { op: 'total', field: 'expected' },
      ],
      limit: 10_000,
      ...(asOf ? { asOf } : {}),
    });
  const home = (values: unknown[]) => values.map(value => homeOf(value, ctx.settings.currency));
  const nameOf = (group: Record<string, unknown>, path: string) => (group[path] ?? null) as Named;
  const won: Filter = { field: 'deal.status', op: 'is', value: 'won' };
  const [revenue, overlay] = await Promise.all([
    found([ofKind('revenue')], [to, from, 'deal.forecastCategory', 'deal.status']),
    found([ofKind('overlay'), won], [to]),
  ]);
  return [
    ...revenue.data.flatMap(({ group, values }): Share[] => {
      const who = { to: nameOf(group, to), from: nameOf(group, from) };
      const category = group['deal.forecastCategory'] as ShareOf | null;
      if (who.to?.id === who.from?.id || !category || !categories.includes(category)) return [];
      const [amount, expected] = home(values);
      return [
        { ...who, of: category, amount: amount! },
        ...(category === 'closed' ? [{ ...who, of: 'weighted' as const, amount: amount! }] : []),
        ...(group['deal.status'] === 'open' ? [{ ...who, of: 'weighted' as const, amount: expected! }] : []),
      ];
    }),
    ...overlay.data.map(
      ({ group, values }): Share => ({ to: nameOf(group, to), of: 'overlay', amount: home(values)[0]! }),
    ),
  ];
}

const ofKind = (value: string): Filter => ({ field: 'kind', op: 'is', value });

/** Whoever knows of no splits sees deals as their owners'. */
const knowsSplits = (ctx: Context) => may(ctx, ctx.model.objects.get('dealSplit')!, 'read');

/** User (null: nobody) → what splits add to their figures, below nought where they give away. Without overlays it is nought in all. */
export function sharesBy(shares: Share[]): Map<string | null, Partial<Record<ShareOf, string>>> {
  const found = new Map<string | null, Partial<Record<ShareOf, string>>>();
  const add = (key: string | null, of: ShareOf, amount: string) => {
    const figures = found.get(key) ?? {};
    figures[of] = sum([figures[of] ?? '0.00', amount]);
    found.set(key, figures);
  };
  for (const { of, to, from, amount } of shares) {
    add(to?.id ?? null, of, amount);
    if (from !== undefined) add(from?.id ?? null, of, negated(amount));
  }
  return found;
}

export const negated = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

function homeOf(value: unknown, currency: string): string {
  return ([value ?? []].flat() as Money[]).find(each => each.currency === currency)?.amount ?? '0.00';
}

/**
 * The same as rows, for statements that count by themselves: who, the kind of split, the day on which the deal closes, and
 * what is added for them or, below nought, taken away. `deals` is what deals have to match.
 */
export function movedOf(ctx: Context, deals: Filter): Sql {
  if (!knowsSplits(ctx))
    return sql`select null::uuid as who, null as kind, null::date as moment, 0::numeric as value where false`;
  const splits = picked(ctx, 'dealSplit', undefined, {
    deal: 'deal',
    who: 'user',
    kind: 'kind',
    value: 'amount',
  });
  const of = picked(ctx, 'deal', deals, { owner: 'owner', moment: 'closeDate' });
  const joined = sql`(${splits}) s join (${of}) d on d.id = s.deal`;
  return sql`select s.who, s.kind, d.moment, s.value from ${joined}
    union all select d.owner, s.kind, d.moment, -s.value from ${joined} where s.kind = 'revenue'`;
}
