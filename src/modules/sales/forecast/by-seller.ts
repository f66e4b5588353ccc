/**
 * The statistical forecast by seller: what is won of deals counts for those who share in them, as in the forecast that people
 * make, and so does what the past lets expect of open ones. The ways know no sellers, so what is still to come is parted as the
 * open deals of each let expect of it; that of deals which are yet to be opened goes along. The parts make up the whole.
 */
import { aggregate, type Context, type Filter, type Json } from '../../../engine/index.ts';
import { fraction, inUnits, less, shares, sum, withPoint } from '../decimals.ts';
import { homeOf, movedAlong, type Named, negated } from './shares.ts';

export interface SellerExpectation {
  /** Null: deals of nobody. */
  user: Named;
  /** Won in the period until the moment read at. Exact. */
  won: string;
  /** Won in the end. */
  amount: string;
}

/** An amount that counts for somebody, of deals that are alike in `group`; below nought where it is given away. */
export interface Part {
  user: Named;
  group: Record<string, Json>;
  amount: string;
  /** Deals that are theirs; none where they share in somebody else's. */
  count: number;
}

/** Filters of deals, and of their splits. */
const onSplits = (filter: Filter): Filter =>
  'field' in filter
    ? { ...filter, field: `deal.${filter.field}` }
    : 'and' in filter
      ? { and: filter.and.map(onSplits) }
      : 'or' in filter
        ? { or: filter.or.map(onSplits) }
        : { not: onSplits(filter.not) };

/** Whose deals are, with what splits give and take. Two statements, and the names of either. */
export async function partsOf(
  ctx: Context,
  deals: Filter[],
  along: { field: string; bucket?: string }[],
  asOf: string | undefined,
): Promise<Part[]> {
  const { data } = await aggregate(ctx, 'deal', {
    filter: { and: deals },
    groupBy: [{ field: 'owner' }, ...along],
    values: [{ op: 'count' }, { op: 'total', field: 'amount' }],
    limit: 200_000,
    ...(asOf ? { asOf } : {}),
  });
  const { currency } = ctx.settings;
  const own = data.map(({ group, values: [count, amount] }) => ({
    user: (group.owner ?? null) as Named,
    ...{ group, amount: homeOf(amount, currency), count: Number(count) },
  }));
  const there = along.map(each => ({ ...each, field: `deal.${each.field}` }));
  const moved = await movedAlong(ctx, 'user', deals.map(onSplits), there, asOf);
  return [
    ...own,
    ...moved.flatMap(({ to, from, group, amount }) => {
      const bare = Object.fromEntries(along.map(({ field }) => [field, group[`deal.${field}`] ?? null]));
      return [
        { user: to, group: bare, amount, count: 0 },
        { user: from, group: bare, amount: negated(amount), count: 0 },
      ];
    }),
  ];
}

interface Sum {
  user: Named;
  won: string;
  weight: number;
}

/**
 * The whole in parts, to the cent: what each has won, and of what is left as much as `worth` says of their open deals. What
 * nobody's open deals bring counts for nobody.
 */
export function bySeller(
  won: Part[],
  open: Part[],
  worth: (part: Part) => number,
  whole: string,
): SellerExpectation[] {
  const sums = new Map<string, Sum>();
  const sumOf = (user: Named) => {
    const known = sums.get(user?.id ?? '') ?? { user, won: '0.00', weight: 0 };
    sums.set(user?.id ?? '', known);
    return known;
  };
  for (const { user, amount } of won) {
    const known = sumOf(user);
    known.won = sum([known.won, amount]);
  }
  for (const part of open) sumOf(part.user).weight += worth(part);
  const left = less(whole, sum([...sums.values()].map(each => each.won)));
  const weights = () =>
    [...sums].map(([key, { weight }]) => ({ key, weight: BigInt(Math.round(Math.max(weight, 0) * 100)) }));
  if (weights().every(({ weight }) => weight === 0n)) sumOf(null).weight = 1;
  const parts = shares(inUnits(fraction(left), 2, 'halfUp'), weights());
  return [...sums]
    .map(([key, each]) => ({
      ...{ user: each.user, won: each.won },
      amount: sum([each.won, withPoint(parts.get(key) ?? 0n, 2)]),
    }))
    .filter(({ won: so, amount }) => Number(so) !== 0 || Number(amount) !== 0)
    .sort((a, b) => Number(b.amount) - Number(a.amount));
}
