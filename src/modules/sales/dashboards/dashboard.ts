/** The dashboard of sales: what was decided in a period and what is open, counted in one statement, beside an earlier one. */
import { type Static, Type } from 'typebox';
import { type Context, defineReport, type Filter, picked, type Sql, sql } from '../../../engine/index.ts';
import { minorDigits } from '../../../fields/index.ts';
import { movedOf } from '../forecast/shares.ts';
import { figuresOf, monthsUntil } from './figures.ts';
import {
  DashboardScope,
  decidedIn,
  type Narrowed,
  narrowed,
  type Scope,
  titlesOf,
  todayOf,
} from './scope.ts';

const amount = Type.String({ description: 'In the currency of the answer.' });
const count = Type.Integer();
const either = <T extends ReturnType<typeof Type.String | typeof Type.Number>>(type: T) =>
  Type.Union([type, Type.Null()]);

const Figures = Type.Object({
  won: count,
  lost: count,
  amount,
  days: count,
  timed: count,
  open: count,
  openAmount: amount,
  winRate: either(Type.Number()),
  average: either(amount),
  cycle: either(Type.Number()),
  velocity: either(amount),
});

const Answer = Type.Object({
  currency: Type.String(),
  /** Currencies of deals that no exchange rate leads to: their amounts are left out. */
  unrated: Type.Array(Type.String()),
  /** What all deals of it match, for lists of them. */
  filter: Type.Unsafe<Filter>({ type: 'object' }),
  /** The day at whose end open deals were counted: the last of the period, or today. */
  openOn: Type.String(),
  now: Figures,
  before: Type.Union([Figures, Type.Null()]),
  /** Twelve months until the end of the period: the last day that counts, and the figures. */
  months: Type.Array(Type.Object({ to: Type.String(), figures: Figures })),
  /** Open deals of today by stage. */
  pipeline: Type.Array(Type.Object({ stage: Type.String(), count, amount })),
  /** Null: without reason, source or owner. */
  reasons: Type.Array(Type.Object({ reason: either(Type.String()), count, amount })),
  sellers: Type.Array(
    Type.Object({
      user: Type.Union([Type.Object({ id: Type.String(), title: either(Type.String()) }), Type.Null()]),
      won: count,
      lost: count,
      /** With what splits give them, and without what those take. */
      amount,
      /** What overlay splits of deals won say, which is counted into nothing. */
      overlay: amount,
    }),
  ),
  /** What all deals match whoever they are of: sellers share in those of others. */
  anyones: Type.Unsafe<Filter>({ type: 'object' }),
  /** Leads that came in the period, and what became of them until today. */
  sources: Type.Array(
    Type.Object({ source: either(Type.String()), leads: count, converted: count, won: count, amount }),
  ),
});

export type Dashboard = Static<typeof Answer>;

export const dashboardReport = defineReport('dashboard', {
  label: 'Dashboard',
  description: 'What was won and lost in a period, how fast and by whom, beside an earlier one',
  input: DashboardScope,
  answer: Answer,
  run: dashboard,
});

type Raw = Pick<Dashboard, 'pipeline' | 'reasons'> & {
  sellers: { user: string | null; won: number; lost: number; amount: string; overlay: string }[];
  unrated: string[];
  decided: { won: number; lost: number; amount: string; days: number; timed: number }[];
  open: { open: number; openAmount: string }[];
};

/** Three statements; four where a team is named. */
export async function dashboard(ctx: Context, scope: Scope): Promise<Dashboard> {
  const [only, today] = [await narrowed(ctx, scope), todayOf(ctx)];
  const openOn = earlier(scope.to, today);
  const months = monthsUntil(scope.to, today);
  const { compare } = scope;
  const windows = [scope, ...(compare ? [compare] : []), ...months.map(to => ({ from: firstOf(to), to }))];
  const ends = [openOn, ...(compare ? [compare.to] : []), ...months];
  const [[row], sources] = await Promise.all([
    (ctx.tx ?? ctx.db).run<{ found: string }>(countsOf(ctx, only, scope, windows, ends)),
    sourcesOf(ctx, only, scope),
  ]);
  const raw = JSON.parse(row!.found) as Raw;
  const titles = await titlesOf(
    ctx,
    'user',
    raw.sellers.flatMap(({ user }) => user ?? []),
  );
  const digits = minorDigits(ctx.settings.currency);
  const all = raw.decided.map((each, index) => figuresOf({ ...each, ...raw.open[index]! }, digits));
  return {
    currency: ctx.settings.currency,
    unrated: raw.unrated,
    filter: { and: only.deals },
    openOn,
    now: all[0]!,
    before: compare ? all[1]! : null,
    months: months.map((to, index) => ({ to, figures: all[index + (compare ? 2 : 1)]! })),
    pipeline: raw.pipeline,
    reasons: raw.reasons,
    sellers: raw.sellers.map(({ user, ...rest }) => ({
      user: user === null ? null : { id: user, title: titles.get(user) ?? null },
      ...rest,
    })),
    anyones: { and: only.anyones },
    sources,
  };
}

const earlier = (a: string, b: string) => (a < b ? a : b);
const firstOf = (day: string) => `${day.slice(0, 8)}01`;

/** A sum of amounts as text, in the smallest unit of the workspace's currency. */
export function sumSql(ctx: Context, of: Sql, only: Sql = sql``): Sql {
  return sql`round(coalesce(sum(${of}) ${only}, 0), ${sql.lit(minorDigits(ctx.settings.currency))})::text`;
}

export const moneyColumns = { amount: 'amount', currency: { field: 'amount', part: 'currency' } };

type Window = Pick<Scope, 'from' | 'to'>;

function countsOf(ctx: Context, only: Narrowed, scope: Scope, windows: Window[], ends: string[]): Sql {
  const start = [...windows.map(({ from }) => from), ...ends].sort()[0]!;
  const filter: Filter = {
    and: [
      ...only.deals,
      {
        or: [
          { field: 'status', op: 'is', value: 'open' },
          { field: 'closeDate', op: 'gte', value: start },
        ],
      },
    ],
  };
  const deals = picked(ctx, 'deal', filter, {
    ...moneyColumns,
    status: 'status',
    closed: 'closeDate',
    opened: 'openedOn',
    owner: 'owner',
    reason: 'lostReason',
    stage: 'stage',
  });
  const within = sql`status <> 'open' and closed between ${scope.from}::date and ${scope.to}::date`;
  const total = (part?: Sql) => sumSql(ctx, sql`amount`, part && sql`filter (where ${part})`);
  const json = (select: Sql) => sql`(select coalesce(json_agg(s), '[]') from (${select}) s)`;
  return sql`with d as materialized (${deals}), ${decidedBy(ctx, windows)}, ${openAt(ctx, ends)}
    select json_build_object(
      'unrated', ${json(sql`select distinct currency as s from d where amount is null and currency is not null order by 1`)},
      'decided', (select json_agg(to_jsonb(w) - 'place' order by w.place) from windows w),
      'open', (select json_agg(to_jsonb(o) - 'place' order by o.place) from standing o),
      'pipeline', ${json(sql`select stage, count(*) as count, ${total()} as amount from d where status = 'open' group by stage order by 2 desc`)},
      'reasons', ${json(sql`select reason, count(*) as count, ${total()} as amount from d where status = 'lost' and ${within} group by reason order by 2 desc, 1`)},
      'sellers', ${json(sellersOf(ctx, only, scope, within))}
    )::text as found`;
}

/** Who won what of the decided deals `d`, where `within`: whole deals by their owners, amounts by who shares in them. */
function sellersOf(ctx: Context, only: Narrowed, scope: Scope, within: Sql): Sql {
  const won: Filter = { field: 'status', op: 'is', value: 'won' };
  const moved = movedOf(ctx, { and: [...only.anyones, won, decidedIn(scope)] });
  const people = picked(ctx, 'user', { and: only.people }, {});
  const whose = only.people.length > 0 ? sql`where who in (select id from (${people}) p)` : sql``;
  const [amount, overlay] = [sumSql(ctx, sql`value`), sumSql(ctx, sql`overlay`)];
  return sql`select who as "user", sum(won) as won, sum(lost) as lost, ${amount} as amount, ${overlay} as overlay from (
      select owner as who, (status = 'won')::int as won, (status = 'lost')::int as lost,
        case when status = 'won' then amount end as value, 0 as overlay from d where ${within}
      union all select who, 0, 0, case when kind = 'revenue' then value end, case when kind = 'overlay' then value end
        from (${moved}) m ${whose}
    ) parts group by who having sum(won + lost) > 0 or sum(value) <> 0 or sum(overlay) <> 0
    order by sum(value) desc nulls last, 2 desc, 1`;
}

/** What was decided in each of some stretches of days. */
function decidedBy(ctx: Context, windows: Window[]): Sql {
  const places = sql`unnest(${windows.map(({ from }) => from)}::date[], ${windows.map(({ to }) => to)}::date[]) with ordinality as w(since, until, place)`;
  const won = sql`filter (where status = 'won')`;
  // Deals of a day are added up first: stretches are many, and deals more.
  return sql`days as (select closed, status, count(*) as n, sum(amount) as amount,
        sum(greatest(closed - opened, 0)) as days, count(opened) as timed from d where status <> 'open' group by closed, status),
    windows as (select place, coalesce(sum(n) ${won}, 0) as won, coalesce(sum(n) filter (where status = 'lost'), 0) as lost,
        ${sumSql(ctx, sql`amount`, won)} as amount, coalesce(sum(days) ${won}, 0) as days, coalesce(sum(timed) ${won}, 0) as timed
      from ${places} left join days on closed between since and until group by place)`;
}

/**
 * Deals that were open at the end of each day, by the days on which they were opened and decided: all that had been opened,
 * less those that had been decided too.
 */
function openAt(ctx: Context, ends: string[]): Sql {
  const opened = sql`coalesce(opened, '-infinity')`;
  const sum = sumSql(ctx, sql`amount`);
  return sql`turns as (select ${opened} as day, count(*) as n, sum(amount) as amount from d group by 1
      union all select greatest(${opened}, closed), -count(*), -sum(amount) from d where status <> 'open' group by 1),
    standing as (select place, coalesce(sum(n), 0)::int as open, ${sum} as "openAmount"
      from unnest(${ends}::date[]) with ordinality as e(day, place) left join turns on turns.day <= e.day group by place)`;
}

/** By where leads came from. */
async function sourcesOf(ctx: Context, only: Narrowed, { from, to }: Scope): Promise<Dashboard['sources']> {
  const zone = ctx.settings.timeZone;
  const leads = picked(ctx, 'lead', only.leads.length > 0 ? { and: only.leads } : undefined, {
    came: 'createdAt',
    source: 'source',
    converted: 'convertedAt',
    deal: 'deal',
  });
  const deals = picked(ctx, 'deal', { field: 'status', op: 'is', value: 'won' }, { amount: 'amount' });
  const [row] = await (ctx.tx ?? ctx.db).run<{ found: string }>(
    sql`with l as (select * from (${leads}) each where came >= ${from}::date::timestamp at time zone ${zone}
        and came < (${to}::date + 1)::timestamp at time zone ${zone})
      select coalesce(json_agg(s), '[]')::text as found from (
        select source, count(*) as leads, count(converted) as converted, count(won.id) as won, ${sumSql(ctx, sql`won.amount`)} as amount
        from l left join (${deals}) won on won.id = l.deal group by source order by 2 desc, 1) s`,
  );
  return JSON.parse(row!.found) as Dashboard['sources'];
}
