/** Against whom deals are fought for, how often that was won, and which decided deals are like one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import { carryOut, create, find, rows, undo, update } from '../../../engine/index.ts';
import { qualityOf } from '../../../engine/quality/score.ts';
import { rivals } from './rival.ts';
import { similar } from './similar.ts';

let world: World;
let competitor: string;
beforeAll(async () => {
  world = await createWorld('rivals');
  competitor = await create(world.sina, 'company', { name: 'Espresso AG', type: 'competitor' });
});
afterAll(() => world.close());

test('whoever a deal is lost to is among its rivals, and counts against the win rate', async () => {
  const { sina, ada } = world;
  const deals = await Promise.all(
    ['One', 'Two', 'Three', 'Four'].map(name => create(sina, 'deal', { name, owner: sina.actor.userId })),
  );
  for (const deal of deals.slice(0, 3)) await create(sina, 'rival', { deal, competitor, standing: 'behind' });
  await carryOut(sina, 'deal', 'win', deals[0]!, {});
  await carryOut(sina, 'deal', 'lose', deals[1]!, { reason: 'price' });
  const { changeSet } = await carryOut(sina, 'deal', 'lose', deals[3]!, { to: competitor });
  expect(await find(ada, 'deal', deals[3]!, { fields: ['lostReason', 'lostTo'] })).toMatchObject({
    lostReason: 'competitor',
    lostTo: { id: competitor },
  });
  const [line] = (await rivals(ada, { competitors: [competitor] })).rivals;
  expect(line).toMatchObject({ won: 1, lost: 2, lostTo: 1, open: 1 });
  expect(line!.rate).toBeCloseTo(1 / 3);
  expect(line!.low!).toBeLessThan(line!.rate!);
  await undo(sina, changeSet);
  expect((await rivals(ada, {})).rivals[0]).toMatchObject({ won: 1, lost: 1, lostTo: 0, open: 1 });
  // On a dashboard, what was decided in its days; who competes for what is open then was met.
  const scope = { from: '2026-03-01', to: '2026-03-31', owner: sina.actor.userId! };
  const told = async (more: object) => (await rivals(ada, { scope: { ...scope, ...more } })).rivals;
  expect(await told({})).toMatchObject([{ name: 'Espresso AG', met: 3, won: 1, lost: 1, open: 1 }]);
  expect(await told({ from: '2026-04-01', to: '2026-04-30' })).toMatchObject([{ met: 1, won: 0, lost: 0 }]);
  expect(await told({ owner: world.tom.actor.userId! })).toEqual([]);
  // Figures are of deals that the reader may see.
  const stranger = withRights(world.olga, { objects: { '*': { read: 'own' } } });
  expect((await rivals(stranger, {})).rivals).toEqual([]);
});

test('nobody competes for their own purchase', async () => {
  const deal = await create(world.sina, 'deal', { name: 'Own', company: competitor });
  await expect(create(world.sina, 'rival', { deal, competitor })).rejects.toMatchObject({
    problems: [{ pointer: '/competitor', code: 'sameRecord' }],
  });
});

test('similar deals say what they share, the most telling first', async () => {
  const { sina, ada } = world;
  const hotel = await create(sina, 'company', { name: 'Seeblick', sector: 'hospitality', employees: 100 });
  const inn = await create(sina, 'company', { name: 'Post', sector: 'hospitality', employees: 90 });
  const bank = await create(sina, 'company', { name: 'Bank', sector: 'finance', employees: 9_000 });
  const machine = await create(ada, 'product', { name: 'Machine' });
  const add = async (name: string, company: string, amount: string, product?: string) => {
    const deal = await create(sina, 'deal', { name, company, amount });
    if (product) await create(sina, 'dealLine', { deal, product, quantity: '1' });
    return deal;
  };
  const mine = await add('Mine', hotel, '1000 EUR', machine);
  const near = await add('Near', inn, '1500 EUR', machine);
  const far = await add('Far', bank, '90000 EUR');
  const still = await add('Still open', inn, '1000 EUR', machine);
  const half = await add('Half', inn, '90000 EUR');
  await carryOut(sina, 'deal', 'win', near, {});
  for (const deal of [far, half]) await carryOut(sina, 'deal', 'lose', deal, { reason: 'timing' });
  const { deals } = await similar(ada, { deal: mine });
  const named = new Map(deals.map(each => [each.name, each]));
  expect(deals[0]).toMatchObject({
    id: near,
    status: 'won',
    shares: ['product', 'sector', 'amount', 'size', 'pipeline'],
  });
  expect(named.get('Half')).toMatchObject({ shares: ['sector', 'size', 'pipeline'], lostReason: 'timing' });
  expect([named.has('Far'), deals.some(({ id }) => id === still || id === mine)]).toEqual([false, false]);
});

test('a household has its people and its deals, and who lives in one lacks no company', async () => {
  const household = await create(world.ada, 'household', { name: 'Familie Lindner' });
  const eva = await create(world.ada, 'person', { name: 'Eva Lindner', household, householdRole: 'parent' });
  const deal = await create(world.ada, 'deal', { name: 'Espresso corner', contacts: [{ id: eva }] });
  const hers = { filter: { field: 'contacts.household', op: 'is', value: household }, fields: ['name'] };
  expect((await rows(world.ada, 'deal', hers)).map(({ id }) => id)).toEqual([deal]);
  const flawed = async (object: string, id: string) =>
    (await qualityOf(world.ada, object, id)).flaws.map(({ name }) => name);
  expect(await flawed('person', eva)).not.toContain('noCompany');
  expect(await flawed('deal', deal)).toContain('noCompany');
  await update(world.ada, 'deal', deal, { household });
  expect(await flawed('deal', deal)).not.toContain('noCompany');
});
