import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { create, find, update } from '../../../engine/index.ts';
import { times } from '../decimals.ts';

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
