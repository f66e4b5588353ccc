/** What comes to its end: which contracts and subscriptions do, how their renewal stands, and the offer that is made of them. */
import { type Static, Type } from 'typebox';
import {
  allRows,
  asEngine,
  type Context,
  create,
  defineReport,
  defineVerb,
  find,
  type Operation,
  type Outcome,
  picked,
  rows,
  type Sql,
  sql,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { minorDigits } from '../../../fields/index.ts';
import { sumSql } from '../dashboards/dashboard.ts';
import { titlesOf } from '../dashboards/scope.ts';
import { fraction, inUnits, product, withPoint } from '../decimals.ts';
import { keep } from './draft.ts';
import { today } from './numbers.ts';
import { Contract } from './order.ts';
import { addDays, type Interval, type Money } from './price.ts';
import { idOf } from './pricing.ts';

const Day = Type.String({ format: 'date' });
const Maybe = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);
const Named = Type.Union([Type.Object({ id: Type.String(), title: Maybe(Type.String()) }), Type.Null()]);

const Answer = Type.Object({
  currency: Type.String(),
  count: Type.Integer(),
  renewals: Type.Array(
    Type.Object({
      object: Type.Union([Type.Literal('contract'), Type.Literal('subscription')]),
      id: Type.String(),
      name: Maybe(Type.String()),
      company: Named,
      contact: Named,
      owner: Named,
      end: Day,
      noticeBy: Maybe(Day),
      renewal: Maybe(Type.String()),
      /** What it comes to in a year, in the currency of the answer. */
      yearly: Type.String(),
      /** The offer that was made of it last, if any. */
      quote: Type.Union([Type.Object({ id: Type.String(), status: Type.String() }), Type.Null()]),
    }),
  ),
});

export type Renewals = Static<typeof Answer>;

const most = 500;

interface Row extends Record<string, unknown> {
  object: 'contract' | 'subscription';
  id: string;
  name: string | null;
  company: string | null;
  contact: string | null;
  owner: string | null;
  end: string;
  notice: string | null;
  renewal: string | null;
  yearly: string;
  quote: string | null;
  status: string | null;
  count: string;
}

export const renewalsReport = defineReport('renewals', {
  label: 'Renewals',
  description:
    'Contracts, and subscriptions without one, that end within so many days, with what they come to',
  input: Type.Object(
    { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 730, default: 90 })) },
    { additionalProperties: false },
  ),
  answer: Answer,
  run: renewalsOf,
});

/** Contracts and subscriptions without one that end in time, the next first, with the offer that was made last. */
function endingSql(ctx: Context, days: number): Sql {
  const now = today(ctx);
  const ending = { field: 'end', op: 'between', value: [now, addDays(now, days)] };
  const active = { field: 'status', op: 'is', value: 'active' };
  const shared = { name: 'name', company: 'company', contact: 'contact', owner: 'owner', ends: 'end' };
  const contracts = picked(
    ctx,
    'contract',
    { and: [active, ending] },
    { ...shared, notice: 'noticeBy', renewal: 'renewal' },
  );
  const alone = picked(
    ctx,
    'subscription',
    { and: [active, ending, { field: 'contract', op: 'empty' }] },
    { ...shared, monthly: 'monthly' },
  );
  const standing = picked(ctx, 'subscription', active, { contract: 'contract', monthly: 'monthly' });
  const goingOn = { field: 'until', op: 'empty' };
  const paid = picked(ctx, 'subscriptionLine', goingOn, { subscription: 'subscription', monthly: 'monthly' });
  const offers = picked(
    ctx,
    'quote',
    { field: 'renews', op: 'notEmpty' },
    { contract: 'renews', status: 'status' },
  );
  return sql`with paid as (select subscription, sum(monthly) as monthly from (${paid}) each group by subscription),
      standing as (select s.id, s.contract, coalesce(p.monthly, s.monthly) as monthly
        from (${standing}) s left join paid p on p.subscription = s.id),
      offer as (select distinct on (contract) contract, id, status from (${offers}) each
        where status <> 'superseded' order by contract, created_at desc, id desc),
      ending as (
        select 'contract' as object, c.id, c.name, c.company, c.contact, c.owner, c.ends, c.notice, c.renewal::text as renewal,
          (select sum(s.monthly) from standing s where s.contract = c.id) as monthly from (${contracts}) c
        union all
        select 'subscription', a.id, a.name, a.company, a.contact, a.owner, a.ends, null, null, coalesce(p.monthly, a.monthly)
        from (${alone}) a left join paid p on p.subscription = a.id)
      select e.object, e.id, e.name, e.company, e.contact, e.owner, e.ends::text as "end", e.notice::text as notice, e.renewal,
        ${sumSql(ctx, sql`12 * e.monthly`)} as yearly, o.id as quote, o.status, count(*) over () as count
      from ending e left join offer o on o.contract = e.id
      group by e.object, e.id, e.name, e.company, e.contact, e.owner, e.ends, e.notice, e.renewal, o.id, o.status
      order by e.ends, e.id limit ${most}`;
}

/** One statement, and three for names. */
export async function renewalsOf(ctx: Context, { days = 90 }: { days?: number }): Promise<Renewals> {
  const found = await (ctx.tx ?? ctx.db).run<Row>(endingSql(ctx, days));
  const namesOf = async (object: string, ids: (string | null)[]) => {
    const known = [...new Set(ids.flatMap(id => id ?? []))];
    const titles = known.length > 0 ? await titlesOf(ctx, object, known) : new Map<string, string>();
    return (id: string | null) => (id ? { id, title: titles.get(id) ?? null } : null);
  };
  const company = await namesOf(
    'company',
    found.map(row => row.company),
  );
  const contact = await namesOf(
    'person',
    found.map(row => row.contact),
  );
  const owner = await namesOf(
    'user',
    found.map(row => row.owner),
  );
  return {
    currency: ctx.settings.currency,
    count: Number(found[0]?.count ?? 0),
    renewals: found.map(row => ({
      object: row.object,
      id: row.id,
      name: row.name,
      company: company(row.company),
      contact: contact(row.contact),
      owner: owner(row.owner),
      end: row.end,
      noticeBy: row.notice,
      renewal: row.renewal,
      yearly: row.yearly,
      quote: row.quote ? { id: row.quote, status: row.status! } : null,
    })),
  };
}

const underWay = ['draft', 'inApproval', 'approved', 'sent', 'accepted'];

export const offerRenewal = defineVerb(Contract, {
  name: 'offerRenewal',
  label: 'Offer renewal',
  icon: 'file-invoice',
  description: 'Opens a deal and a draft of a quote for the next term, with what recurs now; one at a time.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['active'] },
  event: { sentence: '{actor} opened the renewal of {contract}', icon: 'file-invoice' },
  run: async (ctx, id): Promise<Outcome> => {
    const own = asEngine(ctx);
    const filter = {
      and: [
        { field: 'renews', op: 'is', value: id },
        { field: 'status', op: 'isAnyOf', value: underWay },
      ],
    };
    const [there] = await rows(own, 'quote', { filter, fields: ['deal'], limit: 1 });
    if (there) return { events: {}, result: { id: there.id!, deal: idOf(there.deal) } };
    const contract = await find(ctx, 'contract', id);
    const lines = await recurringOf(own, id);
    const end = (contract.end as string | null) ?? today(ctx);
    const name = `${contract.name} ${end.slice(0, 4)}`;
    const [company, contact] = [idOf(contract.company), idOf(contract.contact)];
    const whose = { company, owner: idOf(contract.owner) ?? ctx.actor.userId };
    const person = contact && !company ? await find(own, 'person', contact, { fields: ['household'] }) : null;
    const currency = (lines[0]?.amount as Money | undefined)?.currency ?? ctx.settings.currency;
    const deal = await create(own, 'deal', {
      ...whose,
      name,
      closeDate: end,
      contacts: contact ? [contact] : [],
      household: idOf(person?.household),
    });
    const quote = await create(own, 'quote', { ...whose, contact, name, deal, currency, renews: id });
    const draft = await keep(ctx, quote, {
      company,
      contact,
      currency,
      lines: lines.map(offered),
    });
    await update(own, 'deal', deal, { amount: { amount: draft.priced.net, currency } });
    return { events: { [id]: { contract: contract.name! } }, result: { id: quote, deal } };
  },
});

/** Lines of the contract's subscriptions that go on, those of one currency. */
async function recurringOf(ctx: Context, contract: string): Promise<Values[]> {
  const filter = {
    and: [
      { field: 'subscription.contract', op: 'is', value: contract },
      { field: 'subscription.status', op: 'is', value: 'active' },
      { field: 'until', op: 'empty' },
    ],
  };
  const found = await allRows(ctx, 'subscriptionLine', { filter, sort: ['from', 'id'] });
  const currency = (found[0]?.amount as Money | undefined)?.currency;
  return found.filter(({ amount }) => (amount as Money).currency === currency);
}

/** At the price that is paid now; where that does not divide by the quantity, the whole is one. */
function offered(line: Values) {
  const { amount, currency } = line.amount as Money;
  const digits = minorDigits(currency);
  const quantity = fraction(line.quantity as string);
  const each = withPoint(
    inUnits(product(fraction(amount), { n: quantity.d, d: quantity.n || 1n }), digits, 'halfUp'),
    digits,
  );
  const back = product(fraction(each), quantity);
  const whole = fraction(amount);
  const divides = quantity.n !== 0n && back.n * whole.d === whole.n * back.d;
  return {
    key: line.id as string,
    product: idOf(line.product),
    name: line.name as string,
    quantity: divides ? (line.quantity as string) : '1',
    price: { amount: divides ? each : amount, currency },
    interval: line.interval as Interval,
  };
}

const sameLine = (line: Values, amount: Money) =>
  [
    idOf(line.product) ?? line.name,
    Number(line.quantity),
    Number(amount.amount),
    amount.currency,
    line.interval,
  ].join(' ');

/**
 * The subscription goes on from a day as the order of its renewal says: what stays the same stays, what is not ordered any
 * more ends, what is other or more begins. Lines in another currency than the order's were not offered, and stay.
 */
export async function continueAs(ctx: Context, subscription: string, order: string, on: string) {
  const filter = {
    and: [
      { field: 'order', op: 'is', value: order },
      { field: 'interval', op: 'isAnyOf', value: ['month', 'quarter', 'year'] },
    ],
  };
  const ordered = await allRows(ctx, 'orderLine', { filter, sort: ['position', 'id'] });
  const open = await allRows(ctx, 'subscriptionLine', {
    filter: {
      and: [
        { field: 'subscription', op: 'is', value: subscription },
        { field: 'until', op: 'empty' },
      ],
    },
  });
  const currencies = new Set(ordered.map(({ net }) => (net as Money).currency));
  const left = open.filter(
    ({ amount }) => currencies.size === 0 || currencies.has((amount as Money).currency),
  );
  const fresh = ordered.filter(line => {
    const key = sameLine(line, line.net as Money);
    const at = left.findIndex(each => sameLine(each, each.amount as Money) === key);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const operations: Operation[] = [
    ...left.map((line): Operation => {
      const from = line.from as string;
      return { op: 'update', id: line.id as string, values: { until: from > on ? from : on } };
    }),
    ...fresh.map(
      (line): Operation => ({
        op: 'create',
        values: {
          name: line.name!,
          subscription,
          product: idOf(line.product),
          quantity: line.quantity!,
          amount: line.net!,
          interval: line.interval!,
          from: on,
        },
      }),
    ),
  ];
  if (operations.length > 0) await write(ctx, 'subscriptionLine', operations);
}
