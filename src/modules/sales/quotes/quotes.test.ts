/** From a deal to a quote, its approval, its acceptance by a link, the order, the contract and what recurs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { fileStore } from '../../../engine/files/store.ts';
import {
  type Context,
  carryOut,
  create,
  createOutside,
  find,
  newId,
  rows,
  step,
  undo,
  update,
} from '../../../engine/index.ts';
import { intact } from './acceptance.ts';
import { asInput, linesOf } from './draft.ts';
import { quoteNews } from './news.ts';
import { numberOf } from './numbers.ts';
import { priceDraft } from './pricing.ts';
import { quotePage, type ShownQuote } from './quote-page.ts';
import { revenueReport } from './revenue.ts';

let world: World;
let folder: string;
let sina: Context;
let max: Context;
let system: Context;
const ids: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld('quotes');
  folder = mkdtempSync(join(tmpdir(), 'farley-quotes-'));
  const outside = createOutside({ url: 'http://farley.test', secret: 'secret' });
  const with_ = (ctx: Context) => ({ ...ctx, outside, files: fileStore(folder) });
  [sina, max, system] = [with_(world.sina), with_(world.max), with_(world.system)];
  const add = async (key: string, object: string, values: object) => {
    ids[key] = await create(world.ada, object, values as never);
    return ids[key];
  };
  await add('hotel', 'company', { name: 'Alpenhof', address: { country: 'AT', city: 'Linz' } });
  await add('abroad', 'company', { name: 'Kessler', address: { country: 'DE' } });
  await update(world.ada, 'company', ids.hotel!, { owner: sina.actor.userId });
  await add('contact', 'person', {
    name: 'Katharina Moser',
    email: 'moser@alpenhof.example',
    company: ids.hotel,
    owner: world.sina.actor.userId,
  });
  await add('machine', 'product', { name: 'Barista Pro', price: '1000 EUR', unit: 'piece' });
  await add('service', 'product', { name: 'Service plan', price: '60 EUR', interval: 'month' });
  await add('beans', 'product', { name: 'Beans', price: '20 EUR', taxClass: 'reduced' });
  await add('set', 'product', { name: 'Starter set', price: '1500 EUR' });
  await add('inSet', 'bundleItem', { bundle: ids.set, product: ids.machine, price: '0 EUR' });
  await add('extra', 'bundleItem', { bundle: ids.set, product: ids.beans, quantity: '3', optional: true });
  await add('vat', 'taxRate', { name: 'VAT 20 %', country: 'AT', rate: 20 });
  await add('low', 'taxRate', { name: 'VAT 10 %', country: 'AT', rate: 10, taxClass: 'reduced' });
  await add('reverse', 'taxRate', {
    name: 'Reverse charge',
    country: 'DE',
    rate: 0,
    reason: 'Reverse charge, Art. 196',
  });
  await add('book', 'priceBook', { name: 'Hotels', currency: 'EUR', companies: [ids.hotel!] });
  await add('tier1', 'priceBookEntry', { priceBook: ids.book, product: ids.machine, price: '950 EUR' });
  await add('tier10', 'priceBookEntry', {
    priceBook: ids.book,
    product: ids.machine,
    price: '800 EUR',
    fromQuantity: '10',
  });
  await step(world.system, quoteNews);
  await add('rule', 'approvalRule', {
    name: 'More than 10 %',
    aboveDiscount: 10,
    level: 1,
    approver: world.max.actor.userId,
  });
  await add('rule2', 'approvalRule', {
    name: 'More than 30 %',
    aboveDiscount: 30,
    level: 2,
    approver: world.ada.actor.userId,
  });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (key: string, product: string, quantity = '1', more = {}) => ({
  key,
  product: ids[product]!,
  quantity,
  ...more,
});

async function draft(lines: object[], more = {}): Promise<string> {
  const quote = await create(sina, 'quote', {
    name: 'Machines',
    company: ids.hotel!,
    contact: ids.contact!,
    ...more,
  });
  await carryOut(sina, 'quote', 'write', quote, { lines });
  return quote;
}

const payload = (quote: string) => ({ quote });
const visit = { address: '203.0.113.7', agent: 'Firefox', origin: null };
const act = (name: string, quote: string, input: object) =>
  quotePage.takes[name]!.run(
    { ...system, via: 'link' },
    payload(quote),
    input as never,
    visit,
  ) as Promise<ShownQuote>;

/** Who is told what about a quote, as far as they can see it themselves. */
async function told(quote: string): Promise<string[]> {
  while (await step(system, quoteNews));
  const filter = { field: 'about', op: 'is', value: { object: 'quote', id: quote } };
  const people = { Ada: world.ada, Max: max, Sina: sina };
  const all = Object.entries(people).map(async ([name, ctx]) =>
    (await rows(ctx, 'notification', { filter })).map(({ kind }) => `${name} ${kind}`),
  );
  return (await Promise.all(all)).flat().sort();
}

describe('prices', () => {
  test('come from the closest book and its tier, taxes from where the customer is', async () => {
    const at = async (company: string, quantity: string) => {
      const { lines, priced, reasons } = await priceDraft(sina, {
        company: ids[company]!,
        lines: [line('a', 'machine', quantity), line('b', 'beans')],
      });
      return [lines[0]!.price.amount, lines.map(each => each.taxRate), priced.net, priced.tax, reasons];
    };
    expect(await at('hotel', '2')).toEqual(['950.00', [20, 10], '1920.00', '382.00', []]);
    const [explained] = (await priceDraft(sina, { company: ids.hotel!, lines: [line('a', 'machine', '2')] }))
      .lines;
    expect(explained!.prices.map(({ book, closeness, state }) => [book?.name, closeness, state])).toEqual([
      ['Hotels', 'company', 'quantity'],
      ['Hotels', 'company', 'counts'],
      [undefined, null, 'further'],
    ]);
    expect(await at('hotel', '10')).toEqual(['800.00', [20, 10], '8020.00', '1602.00', []]);
    expect(await at('abroad', '10')).toEqual([
      '1000.00',
      [0, null],
      '10020.00',
      '0.00',
      ['Reverse charge, Art. 196'],
    ]);
  });

  test('bundles bring their parts; optional ones do not count until they are chosen', async () => {
    const input = { company: ids.hotel!, lines: [line('s', 'set', '2')] };
    const { lines, priced } = await priceDraft(sina, input);
    expect(
      lines.map(({ name, quantity, parent, optional }) => [
        name,
        quantity,
        parent ?? null,
        optional ?? false,
      ]),
    ).toEqual([
      ['Starter set', '2', null, false],
      ['Barista Pro', '2', 's', false],
      ['Beans', '6', 's', true],
    ]);
    expect(priced.net).toBe('3000.00');
    const chosen = await priceDraft(sina, {
      ...input,
      lines: lines.map(({ taxName: _, taxReason: __, taxRate: ___, listPrice: ____, ...each }) => ({
        ...each,
        chosen: true,
      })),
    });
    expect(chosen.priced.net).toBe('3120.00');
  });

  test('what cannot be priced is refused, and points at its line', async () => {
    const lines = [
      line('a', 'machine'),
      line('b', 'beans', '1', { price: { amount: '1', currency: 'USD' } }),
    ];
    await expect(priceDraft(sina, { currency: 'EUR', lines })).rejects.toMatchObject({
      problems: [{ pointer: '/lines/1/price' }],
    });
  });
});

test('a quote of a deal has its lines and its sums; lines changed elsewhere are priced anew when it is submitted', async () => {
  const deal = await create(sina, 'deal', { name: 'Bar', company: ids.hotel! });
  await create(sina, 'dealLine', { deal, product: ids.beans!, quantity: '3', price: '18 EUR' });
  const { result } = await carryOut(sina, 'deal', 'quote', deal, {});
  const { id } = result as { id: string };
  expect(await find(sina, 'quote', id)).toMatchObject({
    net: { amount: '54.00' },
    gross: { amount: '59.40' },
    discounted: 10,
    status: 'draft',
  });
  const [only] = await linesOf(sina, id);
  await update(sina, 'quoteLine', only!.id as string, { quantity: '4' });
  await carryOut(sina, 'quote', 'submit', id, {});
  expect(await find(sina, 'quote', id)).toMatchObject({ net: { amount: '72.00' }, status: 'approved' });
  const other = await carryOut(sina, 'deal', 'quote', deal, {});
  await undo(sina, other.changeSet);
  expect((await find(sina, 'quote', (other.result as { id: string }).id)).deletedAt).not.toBeNull();
});

describe('approval', () => {
  test('goes through the levels; who is not asked does not decide', async () => {
    const quote = await draft([line('a', 'machine', '1', { discountPercent: 40 })]);
    await expect(carryOut(sina, 'quote', 'send', quote, {})).rejects.toMatchObject({ code: 'invalidInput' });
    await carryOut(sina, 'quote', 'submit', quote, {});
    await expect(carryOut(sina, 'quote', 'approve', quote, {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(await told(quote)).toEqual(['Max approval']);
    await carryOut(max, 'quote', 'approve', quote, { reason: 'A reference customer' });
    expect((await find(sina, 'quote', quote)).status).toBe('inApproval');
    await expect(carryOut(max, 'quote', 'approve', quote, {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(await told(quote)).toEqual(['Ada approval', 'Max approval']);
    await carryOut(world.ada, 'quote', 'approve', quote, {});
    expect((await find(sina, 'quote', quote)).status).toBe('approved');
    expect(await told(quote)).toEqual(['Ada approval', 'Max approval', 'Sina approved']);
    const filter = { field: 'quote', op: 'is', value: quote };
    expect(
      (await rows(sina, 'approval', { filter, sort: ['level'] })).map(({ decision, reason }) => [
        decision,
        reason,
      ]),
    ).toEqual([
      ['approved', 'A reference customer'],
      ['approved', null],
    ]);
  });

  test('a limit holds to the last unit: a cent more is above it', async () => {
    const price = (amount: string) => [
      { key: 'a', product: ids.set!, quantity: '1000', price: { amount, currency: 'EUR' } },
    ];
    const asked = async (amount: string) => {
      const quote = await draft(price(amount));
      return (await carryOut(sina, 'quote', 'submit', quote, {})).result as { status: string };
    };
    expect(await asked('1350.00')).toMatchObject({ status: 'approved', asked: [] });
    expect(await asked('1349.99')).toMatchObject({ status: 'inApproval', asked: ['More than 10 %'] });
  });

  test('a rejected quote is a draft again, with the reason', async () => {
    const quote = await draft([line('a', 'machine', '1', { discountPercent: 40 })]);
    await carryOut(sina, 'quote', 'submit', quote, {});
    await expect(update(sina, 'quote', quote, { name: 'Other' })).rejects.toMatchObject({
      problems: [{ code: 'sent' }],
    });
    await told(quote);
    await carryOut(max, 'quote', 'reject', quote, { reason: 'Too much' });
    expect((await find(sina, 'quote', quote)).status).toBe('draft');
    expect(await told(quote)).toEqual(['Max approval', 'Sina rejected']);
    const filter = { field: 'quote', op: 'is', value: quote };
    expect((await rows(sina, 'approval', { filter, sort: ['level'] })).map(each => each.decision)).toEqual([
      'rejected',
      'withdrawn',
    ]);
  });
});

describe('what was sent', () => {
  test('has a number and a PDF, and is not changed; a new version takes its place when it is sent', async () => {
    const quote = await draft([line('a', 'machine')]);
    await carryOut(sina, 'quote', 'send', quote, {});
    const sent = await find(sina, 'quote', quote);
    expect(sent).toMatchObject({
      status: 'sent',
      number: expect.stringMatching(/^Q-2026-\d{4}$/),
      validUntil: '2026-04-15',
    });
    const file = await find(sina, 'file', (sent.pdf as { id: string }).id);
    const { stream } = await sina.files!.open(file.hash as string);
    expect((await buffer(stream)).subarray(0, 5).toString()).toBe('%PDF-');
    await expect(update(sina, 'quote', quote, { discountPercent: 5 })).rejects.toMatchObject({
      code: 'invalidInput',
    });
    const [only] = await linesOf(sina, quote);
    expect(only!.priceBook).toMatchObject({ id: ids.book });
    await expect(update(sina, 'quoteLine', only!.id as string, { quantity: '2' })).rejects.toMatchObject({
      code: 'invalidInput',
    });
    const { result } = await carryOut(sina, 'quote', 'revise', quote, {});
    const next = (result as { id: string }).id;
    expect((await carryOut(sina, 'quote', 'revise', quote, {})).result).toEqual({ id: next });
    await carryOut(sina, 'quote', 'send', next, {});
    expect((await find(sina, 'quote', next)).number).toBe(`${sent.number} / 2`);
    expect((await find(sina, 'quote', quote)).status).toBe('superseded');
    expect((await act('seen', quote, {})).state).toBe('superseded');
  });

  test('is taken back as a whole, and has its number when it is sent again', async () => {
    const quote = await draft([line('a', 'machine')]);
    const { changeSet, result } = await carryOut(sina, 'quote', 'send', quote, {});
    await undo(sina, changeSet);
    expect(await find(sina, 'quote', quote)).toMatchObject({ status: 'draft', number: null, pdf: null });
    expect(await quotePage.show(system, payload(quote), visit)).toBeNull();
    const other = await draft([line('a', 'machine')]);
    const later = (await carryOut(sina, 'quote', 'send', other, {})).result as { number: string };
    const again = (await carryOut(sina, 'quote', 'send', quote, {})).result as { number: string };
    expect(again.number).toBe((result as { number: string }).number);
    expect(later.number).not.toBe(again.number);
  });
});

describe('the page for the customer', () => {
  test('shows the quote, notes that it was opened, prices choices, and is accepted once, with evidence', async () => {
    const deal = await create(sina, 'deal', { name: 'Bar', company: ids.hotel! });
    const [, , signed] = await rows(sina, 'stage', { sort: ['position'], fields: [] });
    await update(world.ada, 'stage', signed!.id as string, { onAcceptance: true });
    const quote = await draft(
      [line('a', 'machine', '2', { adjustable: true }), line('b', 'service', '1', { optional: true })],
      { deal },
    );
    expect(await quotePage.show(system, payload(quote), visit)).toBeNull();
    await carryOut(sina, 'quote', 'send', quote, {});
    expect(await act('seen', quote, {})).toMatchObject({
      state: 'open',
      net: '1900.00',
      from: 'Kaffeehaus Supplies',
    });
    expect((await find(sina, 'quote', quote)).seenAt).not.toBeNull();
    const [machine, service] = (await linesOf(sina, quote)).map(({ id }) => id as string);
    const choices = [
      { line: machine!, quantity: '3' },
      { line: service!, chosen: true },
    ];
    expect(await act('price', quote, { choices })).toMatchObject({ net: '2910.00', monthly: '60.00' });
    expect(await find(sina, 'quote', quote)).toMatchObject({
      net: { amount: '1900.00', currency: 'EUR' },
      acceptedTotal: null,
    });
    await act('ask', quote, { name: 'Katharina', text: 'Which colours? [@x](user:1)' });
    const both = await Promise.all([
      act('accept', quote, { name: 'Katharina Moser', choices }),
      act('accept', quote, { name: 'Someone Else', choices: [] }),
    ]);
    expect(both.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    const kept = await find(sina, 'quote', quote);
    expect(kept).toMatchObject({ gross: { amount: '2280.00' }, acceptedTotal: { amount: '3492.00' } });
    expect(kept.evidence).toMatchObject({
      name: kept.signedBy,
      address: '203.0.113.7',
      agent: 'Firefox',
      way: 'typed',
      pdf: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(intact(sina, kept.evidence!)).toBe(true);
    expect(await told(quote)).toEqual(['Sina accepted', 'Sina opened']);
    expect((await find(sina, 'deal', deal)).stage).toMatchObject({ id: signed!.id });
    expect(intact(sina, { ...(kept.evidence as object), name: 'Other' })).toBe(false);
    const [one, two] = [
      await carryOut(sina, 'quote', 'order', quote, {}),
      await carryOut(sina, 'quote', 'order', quote, {}),
    ];
    expect((two.result as { id: string }).id).toBe((one.result as { id: string }).id);
    expect((await find(sina, 'deal', deal)).status).toBe('won');
    await undo(sina, one.changeSet);
    expect((await find(sina, 'deal', deal)).status).toBe('open');
  });

  test('is over when its time is over, and takes no lines of others', async () => {
    const [quote, other] = [
      await draft([line('a', 'machine')], { validUntil: '2026-03-15' }),
      await draft([line('a', 'machine')]),
    ];
    await carryOut(sina, 'quote', 'send', quote, {});
    await carryOut(sina, 'quote', 'send', other, {});
    expect(await act('accept', quote, { name: 'K', choices: [] })).toMatchObject({ state: 'expired' });
    const [foreign] = await linesOf(sina, quote);
    await expect(
      act('accept', other, { name: 'K', choices: [{ line: foreign!.id, chosen: true }] }),
    ).rejects.toMatchObject({ code: 'invalidInput' });
    expect(await act('decline', other, { reason: 'Too late' })).toMatchObject({ state: 'declined' });
    expect((await find(sina, 'quote', other)).reason).toBe('Too late');
  });
});

test('order, contract and subscription follow, each once; changes are prorated, and revenue is told as of any day', async () => {
  const quote = await draft([line('a', 'machine'), line('s', 'service', '2')]);
  await carryOut(sina, 'quote', 'send', quote, {});
  await carryOut(sina, 'quote', 'accept', quote, { name: 'Katharina Moser' });
  const order = ((await carryOut(sina, 'quote', 'order', quote, {})).result as { id: string }).id;
  expect(await find(sina, 'order', order)).toMatchObject({
    number: expect.stringMatching(/^O-2026-/),
    gross: { amount: '1284.00' },
  });
  const terms = { start: '2026-04-01', termMonths: 12, renewal: 'auto', noticeDays: 60 };
  const made = (await carryOut(sina, 'order', 'contract', order, terms)).result as {
    id: string;
    subscription: string;
  };
  expect((await carryOut(sina, 'order', 'contract', order, terms)).result).toEqual({
    id: made.id,
    subscription: made.subscription,
  });
  expect(await find(sina, 'contract', made.id)).toMatchObject({ end: '2027-04-01', noticeBy: '2027-01-31' });
  expect((await find(sina, 'subscription', made.subscription)).monthly).toEqual({
    amount: '120.00',
    currency: 'EUR',
  });
  const filter = { field: 'subscription', op: 'is', value: made.subscription };
  const [first] = await rows(sina, 'subscriptionLine', { filter });
  // From the 16th of a month of 30 days, half of the difference of 60.00.
  const amended = (
    await carryOut(sina, 'subscription', 'amend', made.subscription, {
      line: first!.id,
      quantity: '3',
      on: '2026-06-16',
    })
  ).result;
  expect(amended).toMatchObject({ prorated: { amount: '30.00', currency: 'EUR' } });
  await carryOut(sina, 'contract', 'renew', made.id, {});
  expect(await find(sina, 'contract', made.id)).toMatchObject({ end: '2028-04-01', renewals: 1 });
  const { changeSet } = await carryOut(sina, 'subscription', 'cancel', made.subscription, {
    on: '2026-09-01',
    reason: 'price',
  });
  const revenue = (from: string, to: string) => revenueReport.run(sina, { from, to } as never);
  expect(await revenue('2026-03-31', '2026-04-01')).toMatchObject({
    before: '0.00',
    new: '120.00',
    after: '120.00',
    yearly: '1440.00',
  });
  expect(await revenue('2026-06-15', '2026-06-16')).toMatchObject({ expansion: '60.00', after: '180.00' });
  expect(await revenue('2026-08-31', '2026-09-01')).toMatchObject({ churned: '-180.00', after: '0.00' });
  await undo(sina, changeSet);
  expect(await revenue('2026-08-31', '2026-09-01')).toMatchObject({ churned: '0.00', after: '180.00' });
});

test('numbers have no gaps, whatever is rolled back or comes at once', async () => {
  const year = 2026;
  const one = (fails: boolean) =>
    system.db
      .transaction(async tx => {
        const number = await numberOf({ ...system, tx, changeSet: newId() }, 'contract', newId());
        if (fails) throw new Error('rolled back');
        return number;
      })
      .catch(() => null);
  const [{ count } = { count: 0 }] = [
    {
      count: (
        await rows(system, 'documentNumber', { filter: { field: 'number', op: 'startsWith', value: 'C-' } })
      ).length,
    },
  ];
  const given = await Promise.all(Array.from({ length: 12 }, (_, index) => one(index % 3 === 0)));
  const numbers = given.flatMap(number => number ?? []).sort();
  expect(numbers).toEqual(
    Array.from({ length: 8 }, (_, index) => `C-${year}-${String(count + index + 1).padStart(4, '0')}`),
  );
});

test('what is read back can be written', async () => {
  const quote = await draft([line('a', 'set')]);
  const before = await find(sina, 'quote', quote);
  const lines = (await linesOf(sina, quote)).map(asInput);
  await carryOut(sina, 'quote', 'write', quote, { lines });
  expect(await find(sina, 'quote', quote)).toMatchObject({ gross: before.gross, net: before.net });
  expect((await linesOf(sina, quote)).map(({ id }) => id)).toEqual(lines.map(({ key }) => key));
});
