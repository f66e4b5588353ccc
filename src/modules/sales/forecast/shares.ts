/**
 * What splits move between sellers: those who share in a deal get their part, and its owner that much less. Overlay splits
 * come on top of the deal: they are told beside, and counted into nothing.
 */
import {
  aggregate,
  type Context,
  type Filter,
  type Json,
  may,
  picked,
  type Sql,
  sql,
} from '../../../engine/index.ts';
import { sum } from '../decimals.ts';

/** `overlay`: of won deals. */
export type ShareOf = 'pipeline' | 'bestCase' | 'commit' | 'closed' | 'weighted' | 'overlay';

export type Named = { id: string; title: string | null } | null;

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

/** What splits of deals move between users or teams. `deals` names fields from the split: `deal.closeDate`. Two statements, and their names. */
export async function sharesOf(
  ctx: Context,
  by: keyof typeof parties,
  deals: Filter[],
  asOf?: string,
): Promise<Share[]> {
  if (!knowsSplits(ctx)) return [];
  const [to] = parties[by];
  const won: Filter = { field: 'deal.status', op: 'is', value: 'won' };
  const [revenue, overlay] = await Promise.all([
    movedAlong(ctx, by, deals, [{ field: 'deal.forecastCategory' }, { field: 'deal.status' }], asOf),
    splitsBy(ctx, [ofKind('overlay'), won, ...deals], [{ field: to }], asOf),
  ]);
  return [
    ...revenue.flatMap(({ group, amount, expected, ...who }): Share[] => {
      const category = group['deal.forecastCategory'] as ShareOf | null;
      if (!category || !categories.includes(category)) return [];
      return [
        { ...who, of: category, amount },
        ...(category === 'closed' ? [{ ...who, of: 'weighted' as const, amount }] : []),
        ...(group['deal.status'] === 'open' ? [{ ...who, of: 'weighted' as const, amount: expected }] : []),
      ];
    }),
    ...overlay.map(({ group, amount }): Share => ({ to: nameOf(group, to), of: 'overlay', amount })),
  ];
}

type Along = { field: string; bucket?: string }[];
type Group = Record<string, Json>;

const nameOf = (group: Group, path: string) => (group[path] ?? null) as Named;
const ofKind = (value: string): Filter => ({ field: 'kind', op: 'is', value });

async function splitsBy(ctx: Context, filter: Filter[], groupBy: Along, asOf: string | undefined) {
  const { data } = await aggregate(ctx, 'dealSplit', {
    filter: { and: filter },
    groupBy,
    values: [
      { op: 'total', field: 'amount' },
      { op: 'total', field: 'expected' },
    ],
    limit: 10_000,
    ...(asOf ? { asOf } : {}),
  });
  const { currency } = ctx.settings;
  return data.map(({ group, values: [amount, expected] }) => ({
    group,
    amount: homeOf(amount, currency),
    expected: homeOf(expected, currency),
  }));
}

/** What a revenue split moves from the owner of a deal to who shares in it, of deals that are alike in `group`. */
export interface Moved {
  group: Group;
  to: Named;
  from: Named;
  amount: string;
  /** The same, weighted. */
  expected: string;
}

/** What revenue splits of deals move, by up to two fields of theirs; those of the owner move nothing. One statement, and their names. */
export async function movedAlong(
  ctx: Context,
  by: keyof typeof parties,
  deals: Filter[],
  along: Along,
  asOf?: string,
): Promise<Moved[]> {
  if (!knowsSplits(ctx)) return [];
  const [to, from] = parties[by];
  const groupBy = [{ field: to }, { field: from }, ...along];
  return (await splitsBy(ctx, [ofKind('revenue'), ...deals], groupBy, asOf)).flatMap(each => {
    const who = { to: nameOf(each.group, to), from: nameOf(each.group, from) };
    return who.to?.id === who.from?.id ? [] : [{ ...each, ...who }];
  });
}

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

export function homeOf(value: unknown, currency: string): string {
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
