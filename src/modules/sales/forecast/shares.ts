/** What splits move between sellers: those who share in a deal get their part, and its owner that much less. */
import { aggregate, type Context, type Filter, may } from '../../../engine/index.ts';
import { sum } from '../decimals.ts';

export type ShareOf = 'pipeline' | 'bestCase' | 'commit' | 'closed' | 'weighted';

/** User (null: nobody) → what splits add to their figures, below nought where they give away. Over all users it is nought. */
export type Shares = Map<string | null, Partial<Record<ShareOf, string>>>;

const categories = ['pipeline', 'bestCase', 'commit', 'closed'];

type Money = { amount: string; currency: string };
type Group = Record<string, unknown>;

/** Revenue splits of deals in `filter`, which names fields from the split: `deal.closeDate`. One statement. */
export async function sharesOf(ctx: Context, filter: Filter[], asOf?: string): Promise<Shares> {
  // Whoever knows of no splits sees deals as their owners'.
  if (!may(ctx, ctx.model.objects.get('dealSplit')!, 'read')) return new Map();
  const { data } = await aggregate(ctx, 'dealSplit', {
    filter: { and: [{ field: 'kind', op: 'is', value: 'revenue' }, ...filter] },
    groupBy: ['user', 'deal.owner', 'deal.forecastCategory', 'deal.status'].map(field => ({ field })),
    values: [
      { op: 'total', field: 'amount' },
      { op: 'total', field: 'expected' },
    ],
    limit: 10_000,
    ...(asOf ? { asOf } : {}),
  });
  const found: Shares = new Map();
  const add = (user: string | null, of: ShareOf, amount: string) => {
    const figures = found.get(user) ?? {};
    figures[of] = sum([figures[of] ?? '0.00', amount]);
    found.set(user, figures);
  };
  for (const { group, values } of data) {
    const [user, owner] = [idOf(group, 'user'), idOf(group, 'deal.owner')];
    const category = group['deal.forecastCategory'] as string | null;
    if (user === owner || !category || !categories.includes(category)) continue;
    const [amount, expected] = values.map(value => homeOf(value, ctx.settings.currency));
    const moved: [ShareOf, string][] = [[category as ShareOf, amount!]];
    if (category === 'closed') moved.push(['weighted', amount!]);
    if (group['deal.status'] === 'open') moved.push(['weighted', expected!]);
    for (const [of, value] of moved) {
      add(user, of, value);
      add(owner, of, value.startsWith('-') ? value.slice(1) : `-${value}`);
    }
  }
  return found;
}

const idOf = (group: Group, name: string) => (group[name] as { id: string } | null)?.id ?? null;

function homeOf(value: unknown, currency: string): string {
  return ([value ?? []].flat() as Money[]).find(each => each.currency === currency)?.amount ?? '0.00';
}
