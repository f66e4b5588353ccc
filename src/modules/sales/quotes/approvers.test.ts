/** Whoever is asked for approval decides, whatever their role lets them change. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import {
  type Context,
  carryOut,
  create,
  find,
  list,
  rows,
  step,
  undo,
  update,
} from '../../../engine/index.ts';
import { telling } from '../../notifications/telling.ts';
import { quoteNews } from './news.ts';

let world: World;
let rule: string;
let product: string;

beforeAll(async () => {
  world = await createWorld('approvers');
  product = await create(world.ada, 'product', { name: 'Machine', price: '100 EUR' });
  for (const watch of [quoteNews, telling]) await step(world.system, watch);
  const values = { name: 'Always', approver: world.rita.actor.userId, delegate: world.olga.actor.userId };
  rule = await create(world.ada, 'approvalRule', values);
});
afterAll(() => world.close());

async function submitted(): Promise<{ quote: string; changeSet: string }> {
  const quote = await create(world.sina, 'quote', { name: 'Machines' });
  await carryOut(world.sina, 'quote', 'write', quote, { lines: [{ key: 'a', product, quantity: '1' }] });
  return { quote, changeSet: (await carryOut(world.sina, 'quote', 'submit', quote, {})).changeSet! };
}

const told = async (ctx: Context, quote: string) => {
  for (const watch of [quoteNews, telling]) while (await step(world.system, watch));
  const filter = { field: 'about', op: 'is', value: { object: 'quote', id: quote } };
  return (await rows(ctx, 'notification', { filter })).map(({ kind }) => kind);
};

test('an approver who only reads is told, and approves or rejects, but changes nothing', async () => {
  const { quote } = await submitted();
  expect(await told(world.rita, quote)).toEqual(['approval']);
  await expect(update(world.rita, 'quote', quote, { name: 'Mine' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await carryOut(world.rita, 'quote', 'reject', quote, { reason: 'Too cheap' });
  expect((await find(world.sina, 'quote', quote)).status).toBe('draft');
  await carryOut(world.sina, 'quote', 'submit', quote, {});
  await carryOut(world.rita, 'quote', 'approve', quote, {});
  expect((await find(world.sina, 'quote', quote)).status).toBe('approved');
  await expect(carryOut(world.rita, 'quote', 'send', quote, {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('one who reads only their own sees the quotes they are asked about, with lines, and those alone', async () => {
  const { quote, changeSet } = await submitted();
  const own = withRights(world.olga, { objects: { quote: { read: 'own' }, quoteLine: { read: 'all' } } });
  const seen = async (object: string) =>
    (JSON.parse((await list(own, object, { fields: ['name'] })).data) as { name: string }[]).map(
      each => each.name,
    );
  expect(await seen('quoteLine')).toContain('Machine');
  await undo(world.sina, changeSet);
  await expect(find(own, 'quote', quote)).rejects.toMatchObject({ code: 'notFound' });
  await carryOut(world.sina, 'quote', 'submit', quote, {});
  expect((await find(own, 'quote', quote)).name).toBe('Machines');
  await carryOut(own, 'quote', 'approve', quote, {});
  expect((await find(world.sina, 'quote', quote)).status).toBe('approved');
});

test('who is not asked, or may not by the role, does not decide', async () => {
  const { quote } = await submitted();
  const reads = withRights(world.tom, { objects: { quote: { read: 'all' } } });
  await expect(carryOut(reads, 'quote', 'approve', quote, {})).rejects.toMatchObject({
    code: expect.stringMatching(/forbidden|notFound/),
  });
  const verbs = { approve: 'none', reject: 'none' } as const;
  const refused = withRights(world.rita, { objects: { quote: { read: 'all', verbs } } });
  await expect(carryOut(refused, 'quote', 'approve', quote, {})).rejects.toMatchObject({ code: 'forbidden' });
  await update(world.ada, 'approvalRule', rule, { active: false });
  const other = await create(world.sina, 'quote', { name: 'Unasked' });
  await carryOut(world.sina, 'quote', 'write', other, { lines: [{ key: 'a', product, quantity: '1' }] });
  await carryOut(world.sina, 'quote', 'submit', other, {});
  expect(await find(world.sina, 'quote', other)).toMatchObject({ status: 'approved', approvers: [] });
});
