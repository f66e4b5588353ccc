/** How recurring revenue moved, month by month, what of it stayed, and by which segments; and the subscriptions behind it. */
import { type Static, Type } from 'typebox';
import { type Context, defineReport, type Picked, picked, type Sql, sql } from '../../../engine/index.ts';
import { sumSql } from '../dashboards/dashboard.ts';
import { titlesOf } from '../dashboards/scope.ts';
import { times } from '../decimals.ts';
import { today } from './numbers.ts';
import { addDays, addMonths } from './price.ts';

const Day = Type.String({ format: 'date' });
const Amount = Type.String({ description: 'Per month, in the currency of the answer.' });
const Share = Type.Union([Type.Number(), Type.Null()]);

/** By what it is told apart, and where that stands, from a line; `alone`: of customers without a company. */
const segments = {
  product: { field: 'product', alone: null, of: 'product' },
  sector: { field: 'subscription.company.sector', alone: null, of: null },
  country: {
    field: { field: 'subscription.company.address', part: 'country' },
    alone: { field: 'subscription.contact.address', part: 'country' },
    of: null,
  },
  owner: { field: 'subscription.owner', alone: null, of: 'user' },
} as const;
export type RevenueSegment = keyof typeof segments;
const By = Type.Unsafe<RevenueSegment>(Type.Union(Object.keys(segments).map(name => Type.Literal(name))));

/** Segments at most, those with the most revenue. */
const mostSegments = 50;
/** Subscriptions that are listed at most; their number is always told. */
const mostRecords = 200;

const Input = Type.Object(
  {
    to: Type.Optional({ ...Day, description: 'The last day. Default: today.' }),
    months: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 12 })),
    by: Type.Optional(By),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  currency: Type.String(),
  /** The last days of the months, each with what has changed since the one before. */
  months: Type.Array(
    Type.Object({
      from: Day,
      to: Day,
      recurring: Amount,
      new: Amount,
      expansion: Amount,
      contraction: Amount,
      churned: Amount,
      reactivated: Amount,
      customers: Type.Integer(),
    }),
  ),
  /** Twelve times what is recurring on the last day. */
  yearly: Amount,
  /** Lines that count nothing, as no rate of exchange is known for their currency. */
  untold: Type.Integer(),
  /** What those who paid before the first month pay on the last day, as a part of what they paid; gross: no more than then. */
  netRetention: Share,
  grossRetention: Share,
  segments: Type.Array(
    Type.Object({
      value: Type.Union([Type.String(), Type.Null()]),
      title: Type.Union([Type.String(), Type.Null()]),
      before: Amount,
      recurring: Amount,
      customers: Type.Integer(),
    }),
  ),
});

export type RecurringRevenue = Static<typeof Answer>;

const columns: Picked = {
  monthly: 'monthly',
  since: 'from',
  until: 'until',
  subscription: 'subscription',
  company: 'subscription.company',
  contact: 'subscription.contact',
};

/**
 * Lines in reach; private people are customers where there is no company, and a subscription of nobody is one by itself. Money that no rate
 * translates counts nothing.
 */
function lines(ctx: Context, by?: RevenueSegment): Sql {
  const { field, alone } = by ? segments[by] : {};
  const more: Picked = { ...(field ? { segment: field } : {}), ...(alone ? { alone } : {}) };
  const found = picked(ctx, 'subscriptionLine', undefined, { ...columns, ...more });
  const segment = by
    ? sql`, ${alone ? sql`coalesce(segment, alone)` : sql`segment`}::text as segment`
    : sql``;
  return sql`l as (select coalesce(monthly, 0) as monthly, monthly is null as untold, since, until, subscription,
      coalesce(company, contact, subscription) as customer${segment} from (${found}) each)`;
}

const paid = (day: Sql) =>
  sql`coalesce(sum(monthly) filter (where since <= ${day} and (until is null or until > ${day})), 0)`;

/** The last days of the months up to a day, and before them that of the month before: the first of them is what is compared with. */
export function monthEnds(to: string, months: number): string[] {
  const first = `${to.slice(0, 8)}01`;
  const before = Array.from({ length: months }, (_, index) =>
    addDays(addMonths(first, index - months + 1), -1),
  );
  return [...before, to];
}

interface MonthRow extends Record<string, unknown> {
  recurring: string;
  new: string;
  expansion: string;
  contraction: string;
  churned: string;
  reactivated: string;
  customers: string;
  untold: string;
  base: string | null;
  kept: string | null;
  stayed: string | null;
}

export const recurringReport = defineReport('recurring-months', {
  label: 'Recurring revenue by month',
  description: 'What is new, grew, shrank, was lost and came back each month, what stayed, and by segment',
  input: Input,
  answer: Answer,
  run: recurring,
});

/** One statement for the months, one for the segments, one for their names. */
export async function recurring(ctx: Context, input: Static<typeof Input>): Promise<RecurringRevenue> {
  const to = input.to ?? today(ctx);
  const days = monthEnds(to, input.months ?? 12);
  const moved = await (ctx.tx ?? ctx.db).run<MonthRow>(monthsSql(ctx, days));
  const [first] = moved;
  const part = (of: string | null | undefined) =>
    first?.base && Number(first.base) > 0 ? Number(of) / Number(first.base) : null;
  const months = days.slice(1).map((day, index) => {
    const { base: _, kept: __, stayed: ___, untold: ____, customers, ...amounts } = moved[index]!;
    return { from: addDays(days[index]!, 1), to: day, ...amounts, customers: Number(customers) };
  });
  return {
    currency: ctx.settings.currency,
    months,
    yearly: times(months.at(-1)!.recurring, '12'),
    untold: Number(first?.untold ?? 0),
    netRetention: part(first?.kept),
    grossRetention: part(first?.stayed),
    segments: input.by ? await bySegment(ctx, input.by, days[0]!, to) : [],
  };
}

function monthsSql(ctx: Context, days: string[]): Sql {
  const total = (of: Sql, only?: Sql) => sumSql(ctx, of, only ? sql`filter (where ${only})` : undefined);
  const change = sql`paid - was`;
  return sql`with ${lines(ctx)},
    day as (select * from unnest(${days}::date[]) with ordinality as d(day, place)),
    p as (select place, customer, ${paid(sql`day`)} as paid
      from day join l on l.since <= day group by place, customer),
    m as (select place, customer, paid, coalesce(lag(paid) over along, 0) as was, lag(paid) over along is null as fresh
      from p window along as (partition by customer order by place)),
    stay as (select sum(a.paid) as base, sum(coalesce(b.paid, 0)) as kept, sum(least(a.paid, coalesce(b.paid, 0))) as stayed
      from p a left join p b on b.customer = a.customer and b.place = ${days.length}
      where a.place = 1)
    select ${total(sql`paid`)} as recurring,
      ${total(change, sql`fresh and paid > 0`)} as new,
      ${total(change, sql`was > 0 and paid > was`)} as expansion,
      ${total(change, sql`paid > 0 and paid < was`)} as contraction,
      ${total(change, sql`was > 0 and paid = 0`)} as churned,
      ${total(change, sql`not fresh and was = 0 and paid > 0`)} as reactivated,
      count(*) filter (where paid > 0) as customers,
      (select count(*) from l where untold and (until is null or until > ${days[0]!}::date)) as untold,
      base::text as base, kept::text as kept, stayed::text as stayed
    from day left join m using (place) cross join stay
    where day.place > 1 group by day.place, base, kept, stayed order by day.place`;
}

async function bySegment(ctx: Context, by: RevenueSegment, before: string, to: string) {
  const round = (of: Sql) => sumSql(ctx, of);
  const found = await (ctx.tx ?? ctx.db).run<{
    value: string | null;
    before: string;
    recurring: string;
    customers: string;
  }>(
    sql`with ${lines(ctx, by)},
      c as (select segment, customer, ${paid(sql`${before}::date`)} as was, ${paid(sql`${to}::date`)} as paid
        from l group by segment, customer)
      select segment as value, ${round(sql`was`)} as before, ${round(sql`paid`)} as recurring,
        count(*) filter (where paid > 0) as customers
      from c group by segment having sum(was) > 0 or sum(paid) > 0 order by sum(paid) desc, segment limit ${mostSegments}`,
  );
  const { of } = segments[by];
  const values = found.flatMap(({ value }) => value ?? []);
  const titles = of && values.length > 0 ? await titlesOf(ctx, of, values) : null;
  return found.map(row => ({
    ...row,
    customers: Number(row.customers),
    title: row.value === null ? null : (titles?.get(row.value) ?? null),
  }));
}

const kinds = ['all', 'new', 'expansion', 'contraction', 'churned', 'reactivated'] as const;
export type RevenueKind = (typeof kinds)[number];

const Records = Type.Object({
  count: Type.Integer(),
  subscriptions: Type.Array(Type.Object({ id: Type.String(), before: Amount, after: Amount })),
});

export type RevenueRecords = Static<typeof Records>;

/** Of which customers a figure tells; fresh are those that had never had a subscription on the earlier day. */
const conditions: Record<RevenueKind, Sql> = {
  all: sql`paid > 0`,
  new: sql`fresh and paid > 0`,
  expansion: sql`was > 0 and paid > was`,
  contraction: sql`paid > 0 and paid < was`,
  churned: sql`was > 0 and paid = 0`,
  reactivated: sql`not fresh and was = 0 and paid > 0`,
};

export const revenueRecordsReport = defineReport('recurring-records', {
  label: 'Subscriptions behind recurring revenue',
  description:
    'Which subscriptions a figure of recurring revenue stands on, with what they came to on both days',
  input: Type.Object(
    {
      before: { ...Day, description: 'The day that is compared with.' },
      to: { ...Day, description: 'The later day.' },
      kind: Type.Unsafe<RevenueKind>(Type.Union(kinds.map(kind => Type.Literal(kind)))),
      by: Type.Optional(By),
      value: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
  answer: Records,
  run: async (ctx, { before, to, kind, by, value }): Promise<RevenueRecords> => {
    const only = by ? sql`where segment is not distinct from ${value ?? null}::text` : sql``;
    const found = await (ctx.tx ?? ctx.db).run<{ id: string; before: string; after: string; count: string }>(
      sql`with ${lines(ctx, by)},
        s as (select customer, subscription, ${paid(sql`${before}::date`)} as was, ${paid(sql`${to}::date`)} as paid,
            min(since) as since from l ${only} group by customer, subscription),
        c as (select customer, sum(was) as was, sum(paid) as paid, min(since) > ${before}::date as fresh
          from s group by customer)
        select s.subscription as id, ${sumSql(ctx, sql`s.was`)} as before, ${sumSql(ctx, sql`s.paid`)} as after,
          count(*) over () as count
        from s join (select customer from c where ${conditions[kind]}) c using (customer) where s.was > 0 or s.paid > 0
        group by s.subscription order by sum(greatest(s.was, s.paid)) desc, id limit ${mostRecords}`,
    );
    return {
      count: Number(found[0]?.count ?? 0),
      subscriptions: found.map(({ id, before: was, after }) => ({ id, before: was, after })),
    };
  },
});
