import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import { type Context, create, find, update } from '../../../engine/index.ts';
import { times } from '../decimals.ts';
import { type OtherBooks, otherBooksReport } from './other-books.ts';
import { type FullLine, priceReport } from './pricing.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('product');
});
afterAll(() => world.close());

test.each([
  ['19.90', '3', '59.70'],
  ['0.335', '1', '0.34'],
  ['-0.335', '1', '-0.34'],
  ['-0.001', '1', '0.00'],
  ['2.5', '-0.5', '-1.25'],
  ['7', '6', '42.00'],
  ['99999999999999999999.99', '1000000', '99999999999999999999990000.00'],
])('%s × %s is %s', (price, quantity, amount) => {
  expect(times(price, quantity)).toBe(amount);
});

test('whole cents multiply exactly, in either order', () => {
  const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  const decimal = (n: bigint) => {
    const digits = (n < 0n ? -n : n).toString().padStart(3, '0');
    return `${n < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  fc.assert(
    fc.property(cents, fc.bigInt({ min: -1000n, max: 1000n }), (a, b) => {
      expect(times(decimal(a), b.toString())).toBe(a * b === 0n ? '0.00' : decimal(a * b));
      expect(times(b.toString(), decimal(a))).toBe(times(decimal(a), b.toString()));
    }),
  );
});

test('a deal line takes name and price from its product, and works out its amount', async () => {
  const product = await create(world.ada, 'product', { name: 'Grinder', price: '250 EUR' });
  const deal = await create(world.sina, 'deal', { name: 'Bar' });
  const line = await create(world.sina, 'dealLine', { deal, product, quantity: '1.5' });
  expect(await find(world.sina, 'dealLine', line)).toMatchObject({
    name: 'Grinder',
    price: { amount: '250.00', currency: 'EUR' },
    amount: { amount: '375.00', currency: 'EUR' },
  });
  await update(world.sina, 'dealLine', line, { price: '200 USD' });
  expect((await find(world.sina, 'dealLine', line)).amount).toEqual({ amount: '300.00', currency: 'USD' });
});

test('other price books say why their price is not the one, those with a price first, to those who may read them', async () => {
  const { ada, sina } = world;
  const add = (object: string, values: object) => create(ada, object, values as never);
  const product = await add('product', { name: 'Roaster', price: '900 EUR' });
  const company = await add('company', { name: 'Rösthaus' });
  const book = async (name: string, more: object, ...tiers: [string, string][]) => {
    const priceBook = await add('priceBook', { name, currency: 'EUR', ...more });
    for (const [fromQuantity, price] of tiers)
      await add('priceBookEntry', { priceBook, product, price, fromQuantity });
    return priceBook;
  };
  await book('Counts', {}, ['1', '850 EUR']);
  await book('Spring', { validUntil: '2020-05-31' }, ['1', '800 EUR'], ['10', '700 EUR'], ['100', '600 EUR']);
  await book('Dollars', { currency: 'USD' }, ['5', '750 USD']);
  const empty = await book('Empty', {});
  const asking = { product, quantity: '12', currency: 'EUR', company };
  const told = async (ctx: Context, more = {}) => {
    const { books } = (await otherBooksReport.run(ctx, { ...asking, ...more } as never)) as OtherBooks;
    return books.map(({ name, why, price }) => [name, why, price?.amount].join(' ').trim());
  };
  expect(await told(sina)).toEqual(['Dollars currency 750.00', 'Spring late 700.00', 'Empty product']);
  expect(await told(sina, { priceBook: empty, quantity: '1' })).toEqual([
    'Counts chosen 850.00',
    'Spring late 800.00',
    'Dollars currency',
    'Empty product',
  ]);
  const { grants } = sina.actor;
  for (const object of ['priceBook', 'priceBookEntry']) {
    const objects = { ...grants.objects, [object]: { ...grants.objects[object], read: 'none' } };
    const without = { ...sina, actor: { ...sina.actor, grants: { ...grants, objects } } };
    expect(await told(without as Context)).toEqual([]);
  }
});

test('who reads some price books is told of those alone: of another, that its price counts', async () => {
  const { ada, sina } = world;
  const add = (object: string, values: object) => create(ada, object, values as never);
  const product = await add('product', { name: 'Scale', price: '90 EUR' });
  const company = await add('company', { name: 'Waagenhaus' });
  const book = async (name: string, more: object, price: string) => {
    const priceBook = await add('priceBook', { name, currency: 'EUR', ...more });
    await add('priceBookEntry', { priceBook, product, price });
    return priceBook;
  };
  const secret = await book('Secret', { companies: [company] }, '70 EUR');
  await book('Secret of before', { validUntil: '2020-01-01' }, '60 EUR');
  await book('Open', {}, '80 EUR');
  await book('Open of before', { validUntil: '2020-01-01' }, '50 EUR');
  const { grants } = sina.actor;
  const priceBook = { ...grants.objects.priceBook, read: { rule: 'name.startsWith("Open")' } };
  const some = withRights(sina, { ...grants, objects: { ...grants.objects, priceBook } });
  const asking = { company, currency: 'EUR', lines: [{ key: 'a', product, quantity: '1' }] };
  const priced = async (ctx: Context) =>
    ((await priceReport.run(ctx, asking as never)) as { lines: FullLine[] }).lines[0]!;
  const told = ({ prices }: FullLine) =>
    prices.map(({ book: of, price, state }) => [of ? of.name : 'List', price.amount, state]);
  expect(told(await priced(sina))).toEqual([
    ['Secret', '70.00', 'counts'],
    ['Open', '80.00', 'further'],
    ['List', '90.00', 'further'],
  ]);
  expect((await priced(sina)).priceBook).toBe(secret);
  const line = await priced(some);
  expect(line).toMatchObject({ price: { amount: '70.00' }, priceBook: null });
  expect(told(line)).toEqual([
    [null, '70.00', 'counts'],
    ['Open', '80.00', 'further'],
    ['List', '90.00', 'further'],
  ]);
  const others = await otherBooksReport.run(some, {
    product,
    company,
    currency: 'EUR',
    quantity: '1',
  } as never);
  expect(JSON.stringify([line, others])).not.toMatch(/Secret/);
  expect(JSON.stringify([line, others])).not.toContain(secret);
  expect(JSON.stringify(others)).toContain('Open of before');
});
