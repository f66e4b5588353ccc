/** Private people as customers: which tax is theirs, and their way from a deal to the renewal. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { type Context, carryOut, create, find, update, type Values } from '../../../engine/index.ts';
import { type Customer, rateFor } from './customer.ts';
import { paperOf, partsOf } from './document.ts';
import { priceDraft } from './pricing.ts';
import { recurring } from './recurring.ts';
import { renewalsOf } from './renewals.ts';
import { revenueReport } from './revenue.ts';

const rate = (name: string, country: string | null, percent: number, more: Values = {}): Values => ({
  name,
  country,
  region: null,
  rate: percent,
  taxClass: 'standard',
  validFrom: null,
  reason: null,
  customers: null,
  ...more,
});
const home = { country: 'AT', region: null };
const rates = [
  rate('AT', 'AT', 20),
  rate('Tirol', 'AT', 19, { region: 'Tirol' }),
  // Nobody has said for whom: it gives a reason for nought, abroad.
  rate('DE reverse', 'DE', 0, { reason: 'Reverse charge' }),
  rate('DE people', 'DE', 19, { customers: 'people' }),
  rate('FR reverse', 'FR', 0, { reason: 'Reverse charge', customers: 'companies' }),
  rate('CH old', 'CH', 7.7),
  rate('CH', 'CH', 8.1, { validFrom: '2024-01-01' }),
  rate('CH companies', 'CH', 0, { customers: 'companies', validFrom: '2020-01-01' }),
  rate('NO export', 'NO', 0, { reason: 'Export', customers: 'all' }),
];
const theirs = (kind: 'companies' | 'people', country: string, region: string | null = null) =>
  rateFor(rates, { company: null, kind, place: { country, region }, home } as Customer, 'standard')?.name;

test.each([
  ['AT', null, 'AT', 'AT'],
  ['AT', 'Tirol', 'Tirol', 'Tirol'],
  ['AT', 'Wien', 'AT', 'AT'],
  ['DE', null, 'DE reverse', 'DE people'],
  ['FR', null, 'FR reverse', 'AT'],
  ['CH', 'Bern', 'CH companies', 'CH'],
  ['NO', null, 'NO export', 'NO export'],
  ['US', 'Texas', undefined, 'AT'],
])('%s %s: companies get %s, private people %s', (country, region, company, person) => {
  expect([theirs('companies', country, region), theirs('people', country, region)]).toEqual([
    company,
    person,
  ]);
});

test('whatever rates there are, nobody gets one that is for others, and the order makes no difference', () => {
  const some = fc.record({
    country: fc.constantFrom(null, 'AT', 'DE', 'FR'),
    region: fc.constantFrom(null, 'Tirol'),
    rate: fc.constantFrom(0, 10, 20),
    reason: fc.constantFrom(null, 'Reverse charge'),
    customers: fc.constantFrom(null, 'all', 'companies', 'people'),
    validFrom: fc.constantFrom(null, '2024-01-01'),
    taxClass: fc.constantFrom('standard', 'reduced'),
  });
  const all = fc.uniqueArray(some, {
    maxLength: 12,
    selector: each =>
      JSON.stringify([each.country, each.region, each.taxClass, each.customers, each.validFrom]),
  });
  fc.assert(
    fc.property(
      all,
      fc.constantFrom('companies' as const, 'people' as const),
      fc.constantFrom('AT', 'DE', 'FR', 'US'),
      (given, kind, country) => {
        const customer = { company: null, kind, place: { country, region: null }, home };
        const found = rateFor(given, customer, 'standard');
        const other = kind === 'people' ? 'companies' : 'people';
        if (found) {
          expect(found).toMatchObject({ taxClass: 'standard' });
          expect(found.customers).not.toBe(other);
          expect([country, null, ...(kind === 'people' ? ['AT'] : [])]).toContain(found.country);
          if (kind === 'people' && found.customers === null && found.reason && found.rate === 0)
            expect([null, 'AT']).toContain(found.country);
        }
        const back = rateFor([...given].reverse(), customer, 'standard');
        // Those that say for everyone and those that say nothing may be equals.
        if (given.every(({ customers }) => customers !== null)) expect(back).toEqual(found);
      },
    ),
  );
});

describe('with records', () => {
  let world: World;
  let sina: Context;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    world = await createWorld('private');
    sina = world.sina;
    const add = async (key: string, object: string, values: object) => {
      ids[key] = await create(world.ada, object, values as never);
    };
    await add('machine', 'product', { name: 'Barista Home', price: '100 EUR' });
    await add('plan', 'product', { name: 'Care', price: '10 EUR', interval: 'month' });
    for (const { region: _, ...values } of rates.filter(({ country }) =>
      ['AT', 'DE', 'FR'].includes(country as string),
    ))
      await add(values.name as string, 'taxRate', { ...values, region: _ });
    await add('firm', 'company', { name: 'Kessler', address: { country: 'DE' } });
    await add('vague', 'company', { name: 'Vague', address: { city: 'Kiel' } });
    const owner = sina.actor.userId;
    await add('family', 'household', {
      name: 'Familie Roth',
      owner,
      address: { country: 'DE', city: 'Kiel' },
    });
    await add('german', 'person', { name: 'Ina Vogt', address: { country: 'DE' }, owner });
    await add('french', 'person', { name: 'Luc Roy', address: { country: 'FR' }, owner });
    await add('member', 'person', { name: 'Eva Roth', household: ids.family, owner });
    await add('nobody', 'person', { name: 'Max Frei', owner });
  });
  afterAll(() => world.close());

  const line = (product: string) => ({ key: product, product: ids[product]!, quantity: '1' });

  test.each([
    ['a company abroad', { company: 'firm' }, 0, ['Reverse charge']],
    [
      'a company abroad and its contact at home',
      { company: 'firm', contact: 'nobody' },
      0,
      ['Reverse charge'],
    ],
    [
      'a company that names no country, by its contact',
      { company: 'vague', contact: 'german' },
      0,
      ['Reverse charge'],
    ],
    ['a private person abroad, where there is a rate', { contact: 'german' }, 19, []],
    ['a private person abroad, where there is none', { contact: 'french' }, 20, []],
    ['a private person, where the household is', { contact: 'member' }, 19, []],
    ['a private person of whom nothing is known', { contact: 'nobody' }, 20, []],
    ['nobody', {}, 20, []],
  ])('%s', async (_, who, taxRate, reasons) => {
    const of = Object.fromEntries(Object.entries(who).map(([name, key]) => [name, ids[key]!]));
    const draft = await priceDraft(sina, { ...of, lines: [line('machine')] });
    expect([draft.lines[0]!.taxRate, draft.reasons]).toEqual([taxRate, reasons]);
  });

  test('a rule that asks for a VAT number taxes companies without one as private people', async () => {
    const id = ids['DE reverse']!;
    await update(world.ada, 'taxRate', id, { needsVatNumber: true });
    const told = async () => {
      const { lines, reasons } = await priceDraft(sina, { company: ids.firm!, lines: [line('machine')] });
      return [lines[0]!.taxRate, lines[0]!.lacksVatNumber, reasons];
    };
    expect(await told()).toEqual([19, true, []]);
    const refused = update(world.ada, 'company', ids.firm!, { vatNumber: 'DE 12' });
    await expect(refused).rejects.toMatchObject({ problems: [{ pointer: '/vatNumber' }] });
    // A number of the seller's own country shows no business abroad.
    await update(world.ada, 'company', ids.firm!, { vatNumber: 'ATU 12345678' });
    expect(await told()).toEqual([19, true, []]);
    await update(world.ada, 'company', ids.firm!, { vatNumber: 'de 123.456.789' });
    expect(await told()).toEqual([0, false, ['Reverse charge']]);
    const quote = await create(world.ada, 'quote', { name: 'Machine', company: ids.firm! });
    await carryOut(world.ada, 'quote', 'write', quote, { lines: [line('machine')] });
    const { recipient } = paperOf(world.ada, await partsOf(world.ada, quote), null);
    expect(recipient.split('\n').at(-1)).toBe('VAT number DE123456789');
    await update(world.ada, 'taxRate', id, { needsVatNumber: false });
  });

  test('the contact stays, and its tax, whatever is written of the lines', async () => {
    const quote = await create(sina, 'quote', { name: 'Machine', contact: ids.german! });
    await carryOut(sina, 'quote', 'write', quote, { lines: [line('machine')] });
    const stored = await find(sina, 'quote', quote);
    expect(stored).toMatchObject({ contact: { id: ids.german }, gross: { amount: '119.00' } });
    await update(sina, 'quote', quote, { contact: ids.french! });
    await carryOut(sina, 'quote', 'submit', quote, {});
    expect(await find(sina, 'quote', quote)).toMatchObject({ gross: { amount: '120.00' } });
  });

  test('a deal without a company goes all the way: quote, order, contract, subscription, renewal', async () => {
    const run = async (object: string, verb: string, id: string, input: object = {}) =>
      (await carryOut(sina, object, verb, id, input as never)).result as Record<string, string>;
    await update(world.ada, 'household', ids.family!, { mainContact: ids.member! });
    const deal = await create(sina, 'deal', { name: 'At home', household: ids.family! });
    for (const product of ['machine', 'plan'])
      await create(sina, 'dealLine', { deal, product: ids[product]!, quantity: '1' });
    const whose = { company: null, contact: { id: ids.member } };
    const { id: quote } = await run('deal', 'quote', deal);
    expect(await find(sina, 'quote', quote!)).toMatchObject({ ...whose, gross: { amount: '130.90' } });
    const paper = await partsOf(sina, quote!);
    expect(paper.address).toMatchObject({ city: 'Kiel' });
    await run('quote', 'send', quote!);
    await run('quote', 'accept', quote!, { name: 'Eva Roth' });
    const { id: order } = await run('quote', 'order', quote!);
    expect(await find(sina, 'order', order!)).toMatchObject(whose);
    expect((await find(sina, 'deal', deal)).status).toBe('won');
    const term = { start: '2026-03-16', termMonths: 1, noticeDays: 7 };
    const { id: contract, subscription } = await run('order', 'contract', order!, term);
    expect(await find(sina, 'contract', contract!)).toMatchObject(whose);
    expect(await find(sina, 'subscription', subscription!)).toMatchObject(whose);
    const ending = (await renewalsOf(sina, {})).renewals;
    expect(ending).toMatchObject([{ id: contract, company: null, contact: { title: 'Eva Roth' } }]);
    const offer = await run('contract', 'offerRenewal', contract!);
    expect(await find(sina, 'quote', offer.id!)).toMatchObject({ ...whose, gross: { amount: '11.90' } });
    expect(await find(sina, 'deal', offer.deal!)).toMatchObject({
      contacts: [{ id: ids.member }],
      household: { id: ids.family },
    });
    await run('quote', 'send', offer.id!);
    await run('quote', 'accept', offer.id!, { name: 'Eva Roth' });
    const next = await run('quote', 'order', offer.id!);
    expect(await run('order', 'contract', next.id!)).toMatchObject({ id: contract, subscription });
    expect(await find(sina, 'contract', contract!)).toMatchObject({ end: '2026-05-16', renewals: 1 });
  });

  test('private people are customers of recurring revenue, each by themselves', async () => {
    for (const contact of ['german', 'french']) {
      const values = { name: contact, contact: ids[contact]!, start: '2024-01-10' };
      const subscription = await create(world.ada, 'subscription', values);
      const line = { name: contact, subscription, amount: '10 EUR', from: '2024-01-10' };
      await create(world.ada, 'subscriptionLine', line);
    }
    const { months, segments } = await recurring(world.ada, { to: '2024-01-31', months: 1, by: 'country' });
    expect(months).toMatchObject([{ customers: 2, new: '20.00' }]);
    expect(segments.map(({ value, customers }) => [value, customers]).sort()).toEqual([
      ['DE', 1],
      ['FR', 1],
    ]);
    const told = await revenueReport.run(world.ada, { from: '2024-01-01', to: '2024-01-31' } as never);
    expect(told).toMatchObject({ new: '20.00', after: '20.00' });
    expect((told as { customers: unknown[] }).customers).toHaveLength(2);
  });
});
