/** What customers pay again and again, month by month, and how it goes on when a contract ends. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { type Context, carryOut, create, find, rows, step, update } from '../../../engine/index.ts';
import { renewals } from './contract-verbs.ts';
import { asInput, linesOf } from './draft.ts';
import { type RevenueKind, recurring, revenueRecordsReport } from './recurring.ts';
import { renewalsOf } from './renewals.ts';

let world: World;
let sina: Context;
const ids: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld('recurring');
  sina = world.sina;
  await step(world.system, renewals);
  ids.hotel = await create(world.ada, 'company', { name: 'Alpenhof', owner: sina.actor.userId });
  ids.service = await create(world.ada, 'product', {
    name: 'Service plan',
    price: '60 EUR',
    interval: 'month',
  });
});
afterAll(() => world.close());

const subscribe = async (key: string, ...parts: [amount: string, from: string, until?: string][]) => {
  const company = await create(world.ada, 'company', { name: key, owner: sina.actor.userId });
  const subscription = await create(world.ada, 'subscription', {
    name: key,
    company,
    start: parts[0]![1],
    owner: sina.actor.userId,
  });
  for (const [amount, from, until] of parts)
    await create(world.ada, 'subscriptionLine', {
      name: key,
      subscription,
      amount,
      from,
      until: until ?? null,
      product: ids.service!,
    });
  ids[key] = subscription;
};

test('what recurs is told by month as new, grown, shrunk, lost and come back, and what stayed; each with its subscriptions', async () => {
  await subscribe('grows', ['100 EUR', '2023-12-01', '2024-02-10'], ['150 EUR', '2024-02-10']);
  await subscribe('shrinks', ['100 EUR', '2023-12-15', '2024-02-20'], ['40 EUR', '2024-02-20']);
  await subscribe('pauses', ['60 EUR', '2023-11-01', '2024-01-15'], ['70 EUR', '2024-03-01']);
  await subscribe('begins', ['30 EUR', '2024-02-29'], ['10 EUR', '2024-03-31']);
  const { months, ...rest } = await recurring(sina, { to: '2024-03-31', months: 3, by: 'product' });
  const told = months.map(({ customers, from: _, to, ...amounts }) => [
    to,
    Object.values(amounts).map(Number),
    customers,
  ]);
  // Recurring, new, expansion, contraction, churned, reactivated.
  expect(told).toEqual([
    ['2024-01-31', [200, 0, 0, 0, -60, 0], 2],
    ['2024-02-29', [220, 30, 50, -60, 0, 0], 3],
    ['2024-03-31', [300, 0, 10, 0, 0, 70], 4],
  ]);
  // Of 260 at the end of 2023, 150 + 40 + 70 were paid in the end, and 100 + 40 + 60 of what was paid before.
  expect(rest).toMatchObject({
    currency: 'EUR',
    untold: 0,
    yearly: '3600.00',
    netRetention: 1,
    grossRetention: 200 / 260,
    segments: [{ value: ids.service, title: 'Service plan', before: '260.00', recurring: '300.00' }],
  });
  const behind = (kind: RevenueKind, more = {}) =>
    revenueRecordsReport.run(sina, { before: '2024-01-31', to: '2024-02-29', kind, ...more } as never);
  expect(await behind('contraction')).toEqual({
    count: 1,
    subscriptions: [{ id: ids.shrinks, before: '100.00', after: '40.00' }],
  });
  expect(await behind('all', { by: 'product', value: ids.service })).toMatchObject({ count: 3 });
  expect(await behind('all', { by: 'product', value: null })).toMatchObject({ count: 0 });
  expect((await recurring(world.system, { to: '2024-03-31', months: 3 })).months).toHaveLength(3);
});

/** A contract that ends on 10 April 2026, with two lines that recur. */
async function endingContract() {
  const contract = await create(world.ada, 'contract', {
    name: 'Coffee for years',
    company: ids.hotel!,
    owner: sina.actor.userId,
    start: '2025-04-10',
    noticeDays: 14,
  });
  await update(world.ada, 'contract', contract, { termMonths: 12 });
  const subscription = await create(world.ada, 'subscription', {
    name: 'Coffee for years',
    contract,
    company: ids.hotel!,
    owner: sina.actor.userId,
    start: '2025-04-10',
  });
  const recurs = { subscription, from: '2025-04-10' };
  await create(world.ada, 'subscriptionLine', {
    ...recurs,
    product: ids.service!,
    quantity: '2',
    amount: '110 EUR',
  });
  await create(world.ada, 'subscriptionLine', { ...recurs, name: 'Cups', quantity: '3', amount: '10 EUR' });
  return { contract, subscription };
}

test('a contract is offered anew before it ends; the owner is told once; what is ordered then continues the subscription', async () => {
  const { contract, subscription } = await endingContract();
  for (let time = 0; time < 2; time++) {
    while (await step(world.system, renewals));
    const filter = { field: 'about', op: 'is', value: { object: 'contract', id: contract } };
    expect((await rows(sina, 'notification', { filter })).map(({ kind }) => kind)).toEqual(['renewal']);
    world.clock.move('2026-03-16T14:00:00.000Z');
  }
  const offer = (await carryOut(sina, 'contract', 'offerRenewal', contract, {})).result as {
    id: string;
    deal: string;
  };
  expect((await carryOut(sina, 'contract', 'offerRenewal', contract, {})).result).toEqual(offer);
  const lines = await linesOf(sina, offer.id);
  // Three cups for ten do not divide.
  expect(
    lines.map(({ name, quantity, net }) => [name, quantity, (net as { amount: string }).amount]),
  ).toEqual([
    ['Service plan', '2', '110.00'],
    ['Cups', '1', '10.00'],
  ]);
  expect((await renewalsOf(sina, {})).renewals).toContainEqual(
    expect.objectContaining({
      id: contract,
      end: '2026-04-10',
      yearly: '1440.00',
      company: { id: ids.hotel, title: 'Alpenhof' },
      quote: { id: offer.id, status: 'draft' },
    }),
  );
  await carryOut(sina, 'quote', 'write', offer.id, {
    lines: [{ ...asInput(lines[0]!) }, { key: 'more', product: ids.service!, quantity: '1' }],
  });
  await carryOut(sina, 'quote', 'send', offer.id, {});
  await carryOut(sina, 'quote', 'accept', offer.id, { name: 'Katharina Moser' });
  const order = ((await carryOut(sina, 'quote', 'order', offer.id, {})).result as { id: string }).id;
  const made = (await carryOut(sina, 'order', 'contract', order, {})).result;
  expect(made).toMatchObject({ id: contract, subscription });
  expect((await carryOut(sina, 'order', 'contract', order, {})).result).toEqual(made);
  expect(await find(sina, 'contract', contract)).toMatchObject({ end: '2027-04-10', renewals: 1 });
  const filter = { field: 'subscription', op: 'is', value: subscription };
  const kept = await rows(sina, 'subscriptionLine', { filter, sort: ['name', 'from', 'id'] });
  expect(kept.map(({ name, from, until }) => [name, from, until])).toEqual([
    ['Cups', '2025-04-10', '2026-04-10'],
    ['Service plan', '2025-04-10', null],
    ['Service plan', '2026-04-10', null],
  ]);
  expect((await find(sina, 'subscription', subscription)).monthly).toMatchObject({ amount: '170.00' });
});

test('a customer with contracts in two currencies has an offer in each; lines in another one are not ended by it', async () => {
  const euro = await endingContract();
  const dollar = await endingContract();
  const lineOf = (subscription: string, amount: string) =>
    create(world.ada, 'subscriptionLine', { subscription, name: 'Roaster', amount, from: '2025-04-10' });
  const filter = { field: 'subscription', op: 'is', value: dollar.subscription };
  for (const { id } of await rows(world.ada, 'subscriptionLine', { filter }))
    await update(world.ada, 'subscriptionLine', id as string, { until: '2025-04-10' });
  await lineOf(dollar.subscription, '70 USD');
  const stays = await lineOf(euro.subscription, '30 USD');
  const offers = [];
  for (const { contract } of [euro, dollar]) {
    const { result } = await carryOut(sina, 'contract', 'offerRenewal', contract, {});
    offers.push((result as { id: string }).id);
  }
  const told = await Promise.all(offers.map(id => find(sina, 'quote', id)));
  expect(told.map(({ currency, net }) => [currency, net])).toEqual([
    ['EUR', { amount: '120.00', currency: 'EUR' }],
    ['USD', { amount: '70.00', currency: 'USD' }],
  ]);
  await carryOut(sina, 'quote', 'send', offers[0]!, {});
  await carryOut(sina, 'quote', 'accept', offers[0]!, { name: 'Katharina Moser' });
  const order = ((await carryOut(sina, 'quote', 'order', offers[0]!, {})).result as { id: string }).id;
  await carryOut(sina, 'order', 'contract', order, {});
  expect((await find(sina, 'subscriptionLine', stays)).until).toBeNull();
  // Without a rate there is no sum of 120 EUR and 30 USD; they are never added as they are.
  const monthly = async () => (await find(sina, 'subscription', euro.subscription)).monthly;
  expect(await monthly()).toBeNull();
  await create(world.ada, 'exchangeRate', { currency: 'USD', validFrom: '2025-01-01', worth: '0.9 EUR' });
  const same = { field: 'subscription', op: 'is', value: euro.subscription };
  const going = { and: [same, { field: 'until', op: 'empty' }, { field: 'id', op: 'isNot', value: stays }] };
  const [line] = await rows(world.ada, 'subscriptionLine', { filter: going });
  await carryOut(world.ada, 'subscription', 'amend', euro.subscription, { line: line!.id, amount: '50' });
  const left = (await rows(world.ada, 'subscriptionLine', { filter: { and: going.and.slice(0, 2) } })).map(
    each => each.monthly as { amount: string; currency: string },
  );
  const euros = left
    .filter(each => each.currency === 'EUR')
    .reduce((so, each) => so + Number(each.amount), 0);
  expect(await monthly()).toEqual({ amount: (euros + 27).toFixed(2), currency: 'EUR' });

  // What is added is in the currency of what goes on: by its price, or as somebody says.
  const beans = await create(world.ada, 'product', { name: 'Beans', price: '9 EUR', interval: 'month' });
  const add = (more: object) =>
    carryOut(world.ada, 'subscription', 'amend', dollar.subscription, { product: beans, ...more });
  await expect(add({})).rejects.toThrow('The subscription is in USD; Beans has a price in EUR.');
  const { line: said } = (await add({ amount: '10.50' })).result as { line: string };
  expect((await find(sina, 'subscriptionLine', said)).amount).toEqual({ amount: '10.50', currency: 'USD' });
  expect((await find(sina, 'subscription', dollar.subscription)).monthly).toMatchObject({ amount: '80.50' });
});
