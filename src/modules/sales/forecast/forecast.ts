/**
 * The forecast: what is expected to be won in a period, by who owns it and up the line of managers, beside quotas and the
 * adjustments that managers make. Read as of any moment, so that what was said then needs no snapshot.
 */
import { type Static, Type } from 'typebox';
import {
  type AggregateQuery,
  aggregate,
  type Context,
  defineReport,
  type Filter,
  list,
  type Values,
} from '../../../engine/index.ts';
import { sum } from '../decimals.ts';
import { sharesBy, sharesOf } from './shares.ts';

const id = Type.String({ format: 'uuid' });
const day = Type.String({ format: 'date' });
const amount = Type.String({ description: 'In the currency of the answer.' });

const Figures = Type.Object({
  pipeline: amount,
  bestCase: amount,
  commit: amount,
  closed: amount,
  /** Open deals by their probability, and what is closed. */
  weighted: amount,
  /** Deals that count. */
  deals: Type.Integer(),
  /** What managers have added or taken away, by category; the categories above are without it. */
  adjusted: Type.Object({ pipeline: amount, bestCase: amount, commit: amount, closed: amount }),
  quota: amount,
  /** What overlay splits of won deals come to: it is counted into nothing. */
  overlay: amount,
});

export const ForecastPeriod = Type.Object(
  {
    from: { ...day, description: 'First day of the period.' },
    to: { ...day, description: 'Its last day.' },
    pipeline: Type.Optional(id),
    asOf: Type.Optional(Type.String({ format: 'date-time', description: 'As it was said then.' })),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  currency: Type.String(),
  /** Currencies of deals that no exchange rate leads to: their amounts are left out. */
  unrated: Type.Array(Type.String()),
  /** Whether sellers share in deals of others, so that those are behind their figures too. */
  shared: Type.Boolean(),
  total: Figures,
  sellers: Type.Array(
    Type.Object({
      /** Null: deals without owner. */
      user: Type.Union([Type.Object({ id, title: Type.Union([Type.String(), Type.Null()]) }), Type.Null()]),
      manager: Type.Union([id, Type.Null()]),
      own: Figures,
      /** With all who report to them, over any number of levels. */
      line: Figures,
    }),
  ),
});

export type ForecastInput = Static<typeof ForecastPeriod>;
export type Figures = Static<typeof Figures>;
export type Forecast = Static<typeof Answer>;
type Category = keyof Figures['adjusted'];

const categories: Category[] = ['pipeline', 'bestCase', 'commit', 'closed'];

export const forecastReport = defineReport('forecast', {
  label: 'Forecast',
  description: 'What is expected to be won in a period, by seller and up the line of managers',
  input: ForecastPeriod,
  answer: Answer,
  run: forecast,
});

/** Fourteen statements for up to a thousand users, and one for each thousand more. */
export async function forecast(ctx: Context, input: ForecastInput): Promise<Forecast> {
  const [users, split, quotas, ...parts] = await Promise.all([
    usersOf(ctx),
    sharesOf(ctx, 'user', splitsOf(input), input.asOf),
    quotasIn(ctx, input),
    ...categories.flatMap(category => [
      byUser(ctx, 'deal', dealsOf(input, category), 'amount', 'owner', input),
      byUser(ctx, 'forecastAdjustment', adjustmentsOf(input, category), 'amount', 'user', input),
    ]),
    byUser(ctx, 'deal', openIn(input), 'expected', 'owner', input),
  ]);
  const expected = parts.at(-1)!;
  const shares = sharesBy(split);
  const unrated = [...new Set(parts.flatMap(part => part.unrated))].sort();
  const own = (user: string | null): Figures => {
    const figures = none();
    for (const [index, category] of categories.entries()) {
      const deals = parts[index * 2]!.rows.get(user);
      figures[category] = sum([deals?.amount ?? zero, shares.get(user)?.[category] ?? zero]);
      figures.deals += deals?.count ?? 0;
      figures.adjusted[category] = parts[index * 2 + 1]!.rows.get(user)?.amount ?? zero;
    }
    figures.weighted = sum([
      parts[6]!.rows.get(user)?.amount ?? zero,
      expected.rows.get(user)?.amount ?? zero,
      shares.get(user)?.weighted ?? zero,
    ]);
    figures.overlay = shares.get(user)?.overlay ?? zero;
    figures.quota = quotas.own.get(user) ?? zero;
    return figures;
  };
  const named = new Set([
    ...[shares, quotas.own, quotas.line].flatMap(each => [...each.keys()]),
    ...parts.flatMap(part => [...part.rows.keys()]),
  ]);
  const known = withStrangers(users, named);
  const figures = new Map([...known.keys()].map(user => [user, own(user)]));
  const lines = linesOf([...known.values()], figures);
  const due = quotasOf([...known.values()], figures, quotas.line);
  for (const [user, line] of lines) lines.set(user, { ...line, quota: due.of.get(user)! });
  // Who neither sells nor leads anyone who does is left out.
  const sellers = [...known.values()]
    .filter(user => !isNone(lines.get(user.id)!))
    .map(({ id: user, title, manager }): Forecast['sellers'][number] => ({
      user: { id: user, title },
      manager,
      own: figures.get(user)!,
      line: lines.get(user)!,
    }));
  const nobody = own(null);
  if (!isNone(nobody)) sellers.push({ user: null, manager: null, own: nobody, line: nobody });
  return {
    currency: ctx.settings.currency,
    unrated,
    shared: split.some(({ from }) => from !== undefined),
    total: { ...added([...figures.values(), nobody]), quota: due.total },
    sellers,
  };
}

const zero = '0.00';

function none(): Figures {
  const each = { pipeline: zero, bestCase: zero, commit: zero, closed: zero };
  return { ...each, weighted: zero, deals: 0, adjusted: { ...each }, quota: zero, overlay: zero };
}

function isNone(figures: Figures): boolean {
  return JSON.stringify(figures) === JSON.stringify(none());
}

function added(all: Figures[]): Figures {
  const of = (pick: (figures: Figures) => string) => sum([zero, ...all.map(pick)]);
  const each = (pick: (figures: Figures) => Record<Category, string>) => ({
    pipeline: of(figures => pick(figures).pipeline),
    bestCase: of(figures => pick(figures).bestCase),
    commit: of(figures => pick(figures).commit),
    closed: of(figures => pick(figures).closed),
  });
  return {
    ...each(figures => figures),
    weighted: of(figures => figures.weighted),
    deals: all.reduce((count, figures) => count + figures.deals, 0),
    adjusted: each(figures => figures.adjusted),
    quota: of(figures => figures.quota),
    overlay: of(figures => figures.overlay),
  };
}

interface Seller {
  id: string;
  title: string | null;
  manager: string | null;
}

/** Everyone with the figures of all below. Each is added once up its line; a line that leads back to itself ends there. */
function linesOf(users: Seller[], own: Map<string, Figures>): Map<string, Figures> {
  const below = new Map(users.map(({ id: user }) => [user, [own.get(user)!]]));
  const managerOf = new Map(users.map(({ id: user, manager }) => [user, manager]));
  for (const { id: user } of users) {
    const figures = own.get(user)!;
    if (isNone(figures)) continue;
    const passed = new Set([user]);
    let above = managerOf.get(user) ?? null;
    while (above !== null && !passed.has(above)) {
      below.get(above)?.push(figures);
      passed.add(above);
      above = managerOf.get(above) ?? null;
    }
  }
  return new Map([...below].map(([user, all]) => [user, all.length === 1 ? all[0]! : added(all)]));
}

/**
 * What everyone is to win with all below. A quota for a whole line stands for all quotas in it, so that those of a manager
 * and of who reports to them are not both counted. A line that leads back to itself ends there.
 */
function quotasOf(users: Seller[], own: Map<string, Figures>, forLines: Quotas['line']) {
  const known = new Set(users.map(user => user.id));
  const below = Map.groupBy(users, ({ manager }) => manager);
  const of = new Map<string, string>();
  const walk = (user: string, above: Set<string>): string => {
    const within = new Set([...above, user]);
    const parts = (below.get(user) ?? []).filter(({ id }) => !within.has(id));
    const theirs = parts.map(({ id }) => walk(id, within));
    const quota = forLines.get(user) ?? sum([own.get(user)!.quota, ...theirs]);
    of.set(user, quota);
    return quota;
  };
  const tops = users.filter(({ manager }) => manager === null || !known.has(manager));
  const counted = tops.map(({ id }) => walk(id, new Set()));
  // Who is in a circle stands below nobody at the top.
  for (const { id } of users) if (!of.has(id)) counted.push(walk(id, new Set()));
  return { of, total: sum(['0.00', ...counted]) };
}

/** What people are to win, of their own and with their lines. */
type Quotas = Record<'own' | 'line', Map<string | null, string>>;

/**
 * Quotas of periods inside this one. Where a pipeline is looked at, its quotas alone are held against it: a quota for deals of
 * all would always be missed. Where none is, someone's quotas for all stand, and those by pipeline are added up for who has no
 * other. One statement.
 */
async function quotasIn(ctx: Context, input: ForecastInput): Promise<Quotas> {
  const { data } = await aggregate(ctx, 'quota', {
    filter: { and: [within(input), ...inPipeline(input)] },
    groupBy: ['user', 'covers', 'pipeline'].map(field => ({ field })),
    values: [{ op: 'total', field: 'amount' }],
    limit: 10_000,
    ...(input.asOf ? { asOf: input.asOf } : {}),
  });
  const quotas: Quotas = { own: new Map(), line: new Map() };
  const whole = data.filter(({ group }) => group.pipeline === null);
  for (const some of [whole, data.filter(row => !whole.includes(row))]) {
    const before = { own: new Set(quotas.own.keys()), line: new Set(quotas.line.keys()) };
    for (const { group, values } of some) {
      const user = (group.user as { id: string } | null)?.id ?? null;
      const covers = group.covers === 'line' ? 'line' : 'own';
      if (before[covers].has(user)) continue;
      const home = ([values[0] ?? []].flat() as Money[]).find(
        each => each.currency === ctx.settings.currency,
      );
      quotas[covers].set(user, sum([quotas[covers].get(user) ?? zero, home?.amount ?? zero]));
    }
  }
  return quotas;
}

/** Everyone, as they stand in the line at present. */
async function usersOf(ctx: Context): Promise<Seller[]> {
  const users: Seller[] = [];
  let after: string | undefined;
  do {
    const page = await list(ctx, 'user', {
      fields: ['name', 'manager'],
      sort: ['name'],
      limit: 1_000,
      after,
    });
    for (const row of JSON.parse(page.data) as Values[]) {
      const { full } = row.name as { full: string };
      const manager = (row.manager as { id: string } | null)?.id ?? null;
      users.push({ id: row.id as string, title: full, manager });
    }
    after = page.next ?? undefined;
  } while (after);
  return users;
}

/** Users by id, with those who are named in figures and in nobody's sight. */
function withStrangers(users: Seller[], named: Set<string | null>): Map<string, Seller> {
  const known = new Map(users.map(user => [user.id, user]));
  const strangers = [...named].filter(user => user !== null && !known.has(user));
  for (const user of strangers) known.set(user!, { id: user!, title: null, manager: null });
  return known;
}

interface ByUser {
  rows: Map<string | null, { count: number; amount: string }>;
  unrated: string[];
}

type Money = { amount: string; currency: string };

/** Count and total by user, in the workspace's currency. */
async function byUser(
  ctx: Context,
  object: string,
  filter: Filter,
  field: string,
  user: string,
  { asOf }: ForecastInput,
): Promise<ByUser> {
  const query: AggregateQuery = {
    filter,
    groupBy: [{ field: user }],
    values: [{ op: 'count' }, { op: 'total', field }],
    limit: 10_000,
    ...(asOf ? { asOf } : {}),
  };
  const { data } = await aggregate(ctx, object, query);
  const unrated = new Set<string>();
  const rows = data.map(({ group, values }) => {
    const totals = [values[1] ?? []].flat() as Money[];
    const home = totals.find(total => total.currency === ctx.settings.currency);
    for (const total of totals) if (total !== home) unrated.add(total.currency);
    const key = (group[user] as { id: string } | null)?.id ?? null;
    return [key, { count: Number(values[0]), amount: home?.amount ?? zero }] as const;
  });
  return { rows: new Map(rows), unrated: [...unrated] };
}

function period(field: string, { from, to }: ForecastInput): Filter {
  return { field, op: 'between', value: [from, to] };
}

/** Deals that are to close in the period and stand in the category. */
function dealsOf(input: ForecastInput, category: Category): Filter {
  const here = { field: 'forecastCategory', op: 'is', value: category };
  return { and: [here, period('closeDate', input), ...inPipeline(input)] };
}

function openIn(input: ForecastInput): Filter {
  const counts = { not: { field: 'forecastCategory', op: 'is', value: 'omitted' } };
  const open = { field: 'status', op: 'is', value: 'open' };
  return { and: [open, counts, period('closeDate', input), ...inPipeline(input)] };
}

/** Splits of deals that are to close in the period. */
export function splitsOf(input: ForecastInput): Filter[] {
  const { pipeline } = input;
  return [
    period('deal.closeDate', input),
    ...(pipeline ? [{ field: 'deal.pipeline', op: 'is', value: pipeline }] : []),
  ];
}

export const inPipeline = ({ pipeline }: ForecastInput): Filter[] =>
  pipeline ? [{ field: 'pipeline', op: 'is', value: pipeline }] : [];

/** Quotas and adjustments of periods inside this one. */
export function within(input: ForecastInput): Filter {
  return { and: [period('from', input), period('to', input)] };
}

function adjustmentsOf(input: ForecastInput, category: Category): Filter {
  return { and: [within(input), { field: 'category', op: 'is', value: category }, ...inPipeline(input)] };
}
