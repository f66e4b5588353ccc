/** What becomes of orders that go on: contracts, subscriptions, and their changes. */
import { Type } from 'typebox';
import {
  aggregate,
  allRows,
  asEngine,
  type Context,
  create,
  defineVerb,
  defineWatch,
  FarleyError,
  type Filter,
  find,
  newId,
  type Outcome,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { minorDigits } from '../../../fields/index.ts';
import { deliver, type Notice } from '../../notifications/module.ts';
import { fraction, inUnits, product, sum, withPoint } from '../decimals.ts';
import { madeOf } from './acceptance.ts';
import { numberOf, today } from './numbers.ts';
import { Contract, Order, Subscription } from './order.ts';
import { addDays, addMonths, type Interval, type Money, periodOf, prorate } from './price.ts';
import { idOf } from './pricing.ts';
import { continueAs } from './renewals.ts';

const Day = (title: string) => Type.Optional(Type.String({ format: 'date', title }));
const Months = Type.Optional(Type.Integer({ minimum: 1, maximum: 600, title: 'Term in months' }));
const Renewal = Type.Optional(
  Type.Union([Type.Literal('auto'), Type.Literal('ask'), Type.Literal('none')], { title: 'Renewal' }),
);

export const contractOrder = defineVerb(Order, {
  name: 'contract',
  label: 'Make contract',
  icon: 'contract',
  description: 'Makes the contract of the order, and a subscription of what recurs in it, once.',
  input: Type.Object({
    start: Day('Start'),
    termMonths: Months,
    renewal: Renewal,
    noticeDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_650, title: 'Notice in days' })),
  }),
  allow: { field: 'status', isNot: ['cancelled'] },
  once: { object: 'contract', by: 'order' },
  event: { sentence: '{actor} made the contract {contract} of {order}', icon: 'contract' },
  run: async (ctx, id, input): Promise<Outcome> => {
    const there = await madeOf(ctx, 'contract', 'order', id);
    if (there)
      return {
        events: {},
        result: { id: there, subscription: await madeOf(ctx, 'subscription', 'order', id) },
      };
    const own = asEngine(ctx);
    const order = await find(ctx, 'order', id);
    const renewed = await renewedBy(own, order, input.termMonths);
    if (renewed) return renewed;
    const start = input.start ?? today(ctx);
    const contract = newId();
    const number = await numberOf(ctx, 'contract', contract);
    const shared = {
      name: order.name!,
      order: id,
      company: idOf(order.company),
      contact: idOf(order.contact),
      owner: idOf(order.owner),
      start,
    };
    await create(own, 'contract', {
      ...shared,
      id: contract,
      number,
      termMonths: input.termMonths ?? 12,
      renewal: input.renewal,
      noticeDays: input.noticeDays,
    });
    const subscription = await subscribe(own, id, { ...shared, contract });
    return {
      events: { [id]: { contract: number, order: order.name! } },
      result: { id: contract, number, subscription },
    };
  },
});

/** What the order of a renewal does instead, once: the contract goes on for another term, as it was ordered. */
async function renewedBy(ctx: Context, order: Values, months?: number): Promise<Outcome | null> {
  const quote = idOf(order.quote);
  const renews = quote ? (await find(ctx, 'quote', quote, { fields: ['renews'] })).renews : null;
  const id = idOf(renews);
  if (!id) return null;
  const contract = await find(ctx, 'contract', id);
  const active = { field: 'status', op: 'is', value: 'active' };
  const filter = { and: [{ field: 'contract', op: 'is', value: id }, active] };
  const [standing] = await allRows(ctx, 'subscription', { filter, fields: [], sort: ['createdAt', 'id'] });
  const result = { id, number: contract.number!, subscription: (standing?.id as string | undefined) ?? null };
  if (idOf(order.renews)) return { events: {}, result };
  if (contract.status !== 'active') return null;
  const on = (contract.end as string | null) ?? today(ctx);
  const orderId = order.id as string;
  await renew(ctx, contract, months);
  await update(ctx, 'order', orderId, { renews: id });
  if (standing) {
    await continueAs(ctx, result.subscription!, orderId, on);
    await sumUp(ctx, result.subscription!);
  } else {
    const { name, company, contact, owner } = contract;
    const whose = { company: idOf(company), contact: idOf(contact), owner: idOf(owner) };
    const values = { name: name!, order: orderId, ...whose, start: on };
    result.subscription = await subscribe(ctx, orderId, { ...values, contract: id });
  }
  return { events: { [orderId]: { contract: contract.number!, order: order.name! } }, result };
}

/** A subscription of the lines of an order that recur; null where none does. */
async function subscribe(
  ctx: Context,
  order: string,
  values: Values & { start: string },
): Promise<string | null> {
  const filter = {
    and: [
      { field: 'order', op: 'is', value: order },
      { field: 'interval', op: 'isAnyOf', value: ['month', 'quarter', 'year'] },
    ],
  };
  const recurring = await allRows(ctx, 'orderLine', { filter, sort: ['position', 'id'] });
  if (recurring.length === 0) return null;
  const subscription = newId();
  await create(ctx, 'subscription', { ...values, id: subscription });
  await write(
    ctx,
    'subscriptionLine',
    recurring.map(line => ({
      op: 'create' as const,
      values: {
        name: line.name!,
        subscription,
        product: idOf(line.product),
        quantity: line.quantity!,
        amount: line.net!,
        interval: line.interval!,
        from: values.start,
      },
    })),
  );
  await sumUp(ctx, subscription);
  return subscription;
}

/**
 * What a subscription comes to per month, by the lines that go on: in their currency, in the workspace's where they have
 * several; nothing is said where a rate of exchange lacks.
 */
async function sumUp(ctx: Context, subscription: string) {
  const filter = {
    and: [
      { field: 'subscription', op: 'is', value: subscription },
      { field: 'until', op: 'empty' },
    ],
  };
  const lines = await allRows(ctx, 'subscriptionLine', { filter, fields: ['monthly'] });
  const amounts = lines.flatMap(({ monthly }) => (monthly as Money | null) ?? []);
  const [currency, second] = new Set(amounts.map(each => each.currency));
  const same = currency ? { amount: sum(amounts.map(({ amount }) => amount)), currency } : null;
  await update(ctx, 'subscription', subscription, { monthly: second ? await translated(ctx, filter) : same });
}

/** The sum of lines in several currencies, in the workspace's. */
async function translated(ctx: Context, filter: Filter): Promise<Money | null> {
  const values = [{ op: 'total', field: 'monthly' }];
  const { data } = await aggregate(ctx, 'subscriptionLine', { filter, values });
  const total = data[0]?.values[0] as Money | Money[] | null | undefined;
  // Several where a rate lacks.
  return total && !Array.isArray(total) ? total : null;
}

export const renewContract = defineVerb(Contract, {
  name: 'renew',
  label: 'Renew contract',
  icon: 'refresh',
  description: 'Lets it go on for another term.',
  input: Type.Object({ termMonths: Months }),
  allow: { field: 'status', is: ['active'] },
  event: { sentence: '{actor} renewed {contract} until {end}', icon: 'refresh' },
  run: async (ctx, id, { termMonths }) => {
    const contract = await find(ctx, 'contract', id);
    const end = await renew(ctx, contract, termMonths);
    return { events: { [id]: { contract: contract.name!, end } }, result: { id, end } };
  },
});

async function renew(ctx: Context, contract: Values, months?: number): Promise<string> {
  const term = months ?? (contract.termMonths as number | null) ?? 12;
  const end = addMonths((contract.end as string | null) ?? (contract.start as string), term);
  const renewals = ((contract.renewals as number | null) ?? 0) + 1;
  await update(ctx, 'contract', contract.id as string, { end, renewals });
  return end;
}

export const cancelContract = defineVerb(Contract, {
  name: 'cancel',
  label: 'Cancel contract',
  icon: 'file-off',
  description: 'Ends it, with the subscriptions that stand on it.',
  input: Type.Object({
    on: Day('First day after it'),
    reason: Type.String({ title: 'Reason', minLength: 1, maxLength: 1_000 }),
  }),
  allow: { field: 'status', is: ['active'] },
  event: { sentence: '{actor} cancelled {contract}: {reason}', icon: 'file-off' },
  run: async (ctx, id, { on, reason }) => {
    const contract = await find(ctx, 'contract', id);
    const end = on ?? (contract.end as string | null) ?? today(ctx);
    await update(ctx, 'contract', id, { status: 'cancelled', end, cancelReason: reason });
    const filter = {
      and: [
        { field: 'contract', op: 'is', value: id },
        { field: 'status', op: 'is', value: 'active' },
      ],
    };
    const standing = await allRows(asEngine(ctx), 'subscription', { filter, fields: ['name'] });
    for (const subscription of standing) await endOn(asEngine(ctx), subscription.id as string, end, 'closed');
    return { events: { [id]: { contract: contract.name!, reason } }, result: { id, end } };
  },
});

async function endOn(ctx: Context, subscription: string, end: string, reason: string) {
  const lines = await allRows(ctx, 'subscriptionLine', {
    filter: { field: 'subscription', op: 'is', value: subscription },
  });
  const open = lines.filter(({ until }) => !until || (until as string) > end);
  await write(
    ctx,
    'subscriptionLine',
    open.map(line => ({
      op: 'update' as const,
      id: line.id as string,
      // What would have begun later never does.
      values: { until: (line.from as string) > end ? line.from! : end },
    })),
  );
  await update(ctx, 'subscription', subscription, {
    status: 'cancelled',
    end,
    cancelReason: reason,
    monthly: null,
  });
}

export const cancelSubscription = defineVerb(Subscription, {
  name: 'cancel',
  label: 'Cancel subscription',
  icon: 'repeat-off',
  description: 'Ends it on a day, with the reason.',
  input: Type.Object({
    on: Day('First day on which nothing is paid'),
    reason: Type.Union(
      ['price', 'competitor', 'noNeed', 'quality', 'closed', 'other'].map(value => Type.Literal(value)),
      { title: 'Reason' },
    ),
  }),
  allow: { field: 'status', is: ['active'] },
  event: { sentence: '{actor} cancelled {subscription}: {reason}', icon: 'repeat-off' },
  run: async (ctx, id, { on, reason }) => {
    const { name, start } = await find(ctx, 'subscription', id, { fields: ['name', 'start'] });
    const end = on ?? today(ctx);
    if (end < (start as string)) throw new FarleyError('invalidInput', 'It had not begun by then.');
    await endOn(asEngine({ ...ctx, verb: undefined } as Context), id, end, reason!);
    return { events: { [id]: { subscription: name!, reason: reason! } }, result: { id, end } };
  },
});

export const amendSubscription = defineVerb(Subscription, {
  name: 'amend',
  label: 'Change subscription',
  icon: 'replace',
  description:
    'Changes the quantity or price of a line, or adds a product, from a day on; the rest of the period is prorated.',
  input: Type.Object({
    line: Type.Optional(
      Type.Unsafe<string>({ type: 'string', format: 'uuid', title: 'Line', link: 'subscriptionLine' }),
    ),
    product: Type.Optional(
      Type.Unsafe<string>({ type: 'string', format: 'uuid', title: 'Product to add', link: 'product' }),
    ),
    quantity: Type.Optional(Type.String({ pattern: '^\\d{1,15}(\\.\\d{1,6})?$', title: 'New quantity' })),
    amount: Type.Optional(
      Type.String({ pattern: '^\\d{1,15}(\\.\\d{1,6})?$', title: 'New amount each time, without tax' }),
    ),
    on: Day('From'),
  }),
  allow: { field: 'status', is: ['active'] },
  event: { sentence: '{actor} changed {subscription} from {on} on', icon: 'replace' },
  run: async (ctx, id, input) => {
    const subscription = await find(ctx, 'subscription', id, { fields: ['name', 'start'] });
    const own = asEngine(ctx);
    const on = input.on ?? today(ctx);
    const old = input.line ? await lineAt(own, id, input.line, on) : null;
    const next = old ? changed(old, input) : await added(own, input, id);
    const prorated = rest(subscription.start as string, on, old, next);
    if (old) await update(own, 'subscriptionLine', old.id as string, { until: on });
    const line = next
      ? await create(own, 'subscriptionLine', { ...next, subscription: id, from: on, prorated })
      : null;
    await sumUp(own, id);
    return { events: { [id]: { subscription: subscription.name!, on } }, result: { id, line, prorated } };
  },
});

async function lineAt(ctx: Context, subscription: string, id: string, on: string): Promise<Values> {
  const line = await find(ctx, 'subscriptionLine', id);
  if (idOf(line.subscription) !== subscription || line.until)
    throw new FarleyError('invalidInput', 'This line is not of this subscription, or has ended.');
  if (on < (line.from as string)) throw new FarleyError('invalidInput', 'It had not begun by then.');
  return line;
}

interface Next {
  [name: string]: string | null | Money;
  amount: Money;
  interval: string;
}

/** The line as it goes on; null where nothing of it does. */
function changed(old: Values, { quantity, amount }: { quantity?: string; amount?: string }): Next | null {
  const { amount: each, currency } = old.amount as Money;
  const wanted = quantity ?? (old.quantity as string);
  const nought = (text: string) => fraction(text).n === 0n;
  if (nought(wanted)) return null;
  const before = fraction(old.quantity as string);
  const byQuantity = nought(old.quantity as string)
    ? each
    : withPoint(
        inUnits(
          product(fraction(each), fraction(wanted), { n: before.d, d: before.n }),
          minorDigits(currency),
          'halfUp',
        ),
        minorDigits(currency),
      );
  return {
    name: old.name as string,
    product: idOf(old.product),
    quantity: wanted,
    amount: { amount: amount ?? byQuantity, currency },
    interval: old.interval as string,
  };
}

async function added(
  ctx: Context,
  input: { product?: string; quantity?: string; amount?: string },
  subscription: string,
): Promise<Next> {
  if (!input.product)
    throw new FarleyError('invalidInput', 'Say which line changes, or which product is added.');
  const found = await find(ctx, 'product', input.product, { fields: ['name', 'price', 'interval'] });
  const quantity = input.quantity ?? '1';
  const interval = found.interval && found.interval !== 'once' ? (found.interval as string) : 'month';
  const amount = await amountOf(ctx, found, quantity, input.amount, await currenciesOf(ctx, subscription));
  return { name: found.name as string, product: input.product, quantity, amount, interval };
}

/** Of the lines that go on. */
async function currenciesOf(ctx: Context, subscription: string): Promise<string[]> {
  const filter = {
    and: [
      { field: 'subscription', op: 'is', value: subscription },
      { field: 'until', op: 'empty' },
    ],
  };
  const lines = await allRows(ctx, 'subscriptionLine', { filter, fields: ['amount'] });
  return [...new Set(lines.flatMap(({ amount }) => (amount as Money | null)?.currency ?? []))];
}

/** What an added product comes to each time: as it is said, else by its price, which has to be in a currency of the subscription. */
async function amountOf(
  ctx: Context,
  { name, price }: Values,
  quantity: string,
  said: string | undefined,
  currencies: string[],
): Promise<Money> {
  const own = price as Money | null;
  const fits = own !== null && (currencies.length === 0 || currencies.includes(own.currency));
  const currency = fits ? own.currency : (currencies[0] ?? ctx.settings.currency);
  if (said !== undefined) return { amount: said, currency };
  if (own && !fits)
    throw new FarleyError(
      'invalidInput',
      `The subscription is in ${currency}; ${name} has a price in ${own.currency}. Say the amount in ${currency}.`,
    );
  const digits = minorDigits(currency);
  const exact = product(fraction(own?.amount ?? '0'), fraction(quantity));
  return { amount: withPoint(inUnits(exact, digits, 'halfUp'), digits), currency };
}

/** What is owed for the rest of the period under way, less what of the old line was paid for it. */
function rest(start: string, on: string, old: Values | null, next: Next | null): Money | null {
  const part = (amount: Money, interval: string) => {
    const period = periodOf(start, interval as Exclude<Interval, 'once'>, on);
    return prorate(amount, period, { from: on, to: period.to });
  };
  const due = next ? part(next.amount, next.interval) : null;
  const paid = old ? part(old.amount as Money, old.interval as string) : null;
  const currency = (due ?? paid)?.currency;
  if (!currency) return null;
  const less = paid ? (paid.amount.startsWith('-') ? paid.amount.slice(1) : `-${paid.amount}`) : '0';
  return { amount: sum([due?.amount ?? '0', less]), currency };
}

/** Contracts that go on by themselves do so when the notice has passed. */
export const renewals = defineWatch('renewals', {
  label: 'Renewal of contracts',
  every: 3_600,
  run: async (ctx, _, skipped) => {
    const due = await allRows(ctx, 'contract', {
      filter: {
        and: [
          { field: 'status', op: 'is', value: 'active' },
          { field: 'renewal', op: 'is', value: 'auto' },
          { field: 'noticeBy', op: 'lt', value: today(ctx) },
        ],
      },
    });
    for (const contract of due) await renew(ctx, contract);
    await remind(ctx, skipped);
  },
});

/** Days before the last day of notice on which the owner is told. */
const ahead = 30;

/** Owners are told once for each such day: it is noted with what they are told. */
async function remind(ctx: Context, skipped: (what: string, why: string) => void) {
  const now = today(ctx);
  const due = await allRows(ctx, 'contract', {
    filter: {
      and: [
        { field: 'status', op: 'is', value: 'active' },
        { field: 'renewal', op: 'isNot', value: 'none' },
        { field: 'noticeBy', op: 'between', value: [now, addDays(now, ahead)] },
        { field: 'toldFor', op: 'empty' },
      ],
    },
    fields: ['owner', 'noticeBy'],
  });
  if (due.length === 0) return;
  await write(
    ctx,
    'contract',
    due.map(({ id, noticeBy }) => ({ op: 'update', id: id as string, values: { toldFor: noticeBy! } })),
    { trusted: true },
  );
  const at = ctx.clock.now().toISOString();
  const notices = due.flatMap(({ id, owner }): Notice[] => {
    const to = idOf(owner);
    const about = { object: 'contract', id: id as string, source: null };
    return to ? [{ to, kind: 'renewal', ...about, actor: null, at, changeSet: null }] : [];
  });
  await deliver(ctx, notices, skipped);
}
