/** Which company is in which territory, what a change of them would move, and what leads and forecasts make of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import {
  aggregate,
  type Context,
  carryOut,
  create,
  type Input,
  type Json,
  rows,
  step,
  undo,
  update,
  write,
} from '../../../engine/index.ts';
import { forecastBy } from '../forecast/by.ts';
import { newAccounts, territoriesOf } from './align.ts';
import { inRegion } from './inside.ts';
import { realignment } from './realignment.ts';

let world: World;
const ids: Record<string, string> = {};
const hands: Record<string, string> = {};

const inCountries = (...value: string[]): Json => ({ field: 'address', op: 'countryIsAnyOf', value });
const sector = (value: string): Json => ({ field: 'sector', op: 'is', value });

beforeAll(async () => {
  world = await createWorld('territories');
  const { sina, tom, olga, max, ada } = world;
  for (const [name, one] of Object.entries({ sina, tom, olga, max })) hands[name] = one.actor.userId!;
  const company = async (name: string, country: string, values: Input = {}) => {
    ids[name] = await create(world.system, 'company', { name, address: { country }, ...values });
  };
  await company('Alpenhof', 'AT', { owner: hands.sina!, sector: 'hospitality' });
  await company('Bellecour', 'FR', { owner: hands.tom!, sector: 'retail' });
  await company('Kessler', 'DE', { owner: hands.tom!, sector: 'retail' });
  await company('Tatra', 'SK', { owner: hands.olga! });
  const deal = (name: string, of: string, amount: string, owner: string, closeDate = '2026-03-30') =>
    create(world.system, 'deal', {
      ...{ name, company: ids[of]!, owner: hands[owner]!, closeDate },
      ...{ amount: { amount, currency: 'EUR' }, forecastCategory: 'commit' },
    });
  await deal('Machines', 'Alpenhof', '1000', 'sina');
  await deal('Beans', 'Kessler', '500', 'tom');
  const territory = async (name: string, values: Input = {}) => {
    ids[name] = await create(ada, 'territory', { name, ...values });
  };
  await territory('Europe', { manager: hands.max! });
  await territory('DACH', { parent: ids.Europe!, rule: inCountries('AT', 'DE', 'CH') });
  await territory('Austria', { parent: ids.DACH!, rule: inCountries('AT') });
  await territory('West', { parent: ids.Europe!, rule: inCountries('FR'), included: [] });
  await territory('Retail', { dimension: 'industry', rule: sector('retail') });
  await create(ada, 'territoryMember', { territory: ids.Austria!, user: hands.sina! });
  await create(ada, 'territoryMember', { territory: ids.Austria!, user: hands.olga!, role: 'service' });
});
afterAll(() => world.close());

const apply = () => carryOut(world.ada, 'territory', 'align', ids.Europe!, {});
/** Company → territories on a day: those of regions before those of industries. */
async function standing(day = '2026-03-16') {
  const names = ['Alpenhof', 'Bellecour', 'Kessler', 'Tatra'];
  const found = await territoriesOf(
    world.system,
    names.map(name => ids[name]!),
    day,
  );
  return Object.fromEntries(
    names.map(name => [
      name,
      (found.get(ids[name]!) ?? [])
        .sort((a, b) => (a.dimension < b.dimension ? 1 : -1))
        .map(each => each.name)
        .join(' + '),
    ]),
  );
}
const first = { Alpenhof: 'Austria', Bellecour: 'West + Retail', Kessler: 'DACH + Retail', Tatra: '' };

test('a preview says what applying does, and writes nothing; applying does it as one act that is undone', async () => {
  const preview = await realignment(world.ada, {});
  const line = (name: string) => preview.territories.find(each => each.id === ids[name])!;
  expect(preview.moved).toBe(5);
  expect(line('DACH').gains).toEqual({ accounts: 2, deals: 2, amount: 1500 });
  expect(line('Europe')).toMatchObject({ gains: { accounts: 3, amount: 1500 }, depth: 0 });
  expect(await standing()).toEqual({ Alpenhof: '', Bellecour: '', Kessler: '', Tatra: '' });
  const { changeSet, result, sentence } = await apply();
  expect(result).toMatchObject({ moved: 5 });
  expect(sentence).toBe('You applied the territories. Companies moved: 5');
  expect(await standing()).toEqual(first);
  expect((await realignment(world.ada, {})).moved).toBe(0);
  expect((await apply()).result).toMatchObject({ moved: 0 });
  expect((await undo(world.ada, changeSet)).undone).toBe(5);
  expect((await standing()).Alpenhof).toBe('');
  await apply();
});

test('named goes before rule, a part before the whole, and who is left out falls to the whole', async () => {
  await update(world.ada, 'territory', ids.West!, { included: [ids.Alpenhof!, ids.Tatra!] });
  await update(world.ada, 'territory', ids.DACH!, { excluded: [ids.Kessler!] });
  await apply();
  expect(await standing()).toEqual({ ...first, Alpenhof: 'West', Tatra: 'West', Kessler: 'Retail' });
  await update(world.ada, 'territory', ids.West!, { included: [] });
  await update(world.ada, 'territory', ids.DACH!, { excluded: [] });
  await update(world.ada, 'territory', ids.Austria!, { excluded: [ids.Alpenhof!] });
  await apply();
  expect(await standing()).toEqual({ ...first, Alpenhof: 'DACH' });
  await update(world.ada, 'territory', ids.Austria!, { excluded: [] });
  await apply();
  expect(await standing()).toEqual(first);
});

test('who was in what on a day is known afterwards, and territories begin and end by date', async () => {
  world.clock.move('2026-04-01T12:00:00.000Z');
  await update(world.ada, 'territory', ids.Austria!, { until: '2026-03-31' });
  const before = await realignment(world.ada, { on: '2026-03-31' });
  expect(before.moved).toBe(0);
  const { moves, territories } = await realignment(world.ada, {});
  expect(moves).toEqual([
    {
      ...{ company: { id: ids.Alpenhof, title: 'Alpenhof' }, dimension: 'region' },
      ...{ from: ids.Austria, to: ids.DACH, deals: 1, amount: 1000 },
    },
  ]);
  // It stays within DACH, which neither gains nor loses by it.
  expect(territories.find(({ id }) => id === ids.DACH)).toMatchObject({
    now: { accounts: 2 },
    gains: { accounts: 0 },
  });
  expect(territories.find(({ id }) => id === ids.Austria)).toMatchObject({
    loses: { accounts: 1, amount: 1000 },
  });
  await apply();
  expect((await standing('2026-03-31')).Alpenhof).toBe('Austria');
  expect((await standing('2026-04-01')).Alpenhof).toBe('DACH');
  await update(world.ada, 'territory', ids.Austria!, { until: null });
  await apply();
  expect((await standing('2026-04-01')).Alpenhof).toBe('Austria');
});

test('applied for another day, to come or passed, the days in between follow, and what was applied for later stays', async () => {
  const on = (day: string) => carryOut(world.ada, 'territory', 'align', ids.Europe!, { on: day });
  await update(world.ada, 'territory', ids.Austria!, { excluded: [ids.Alpenhof!] });
  const later = await on('2026-05-01');
  expect(later.result).toMatchObject({ moved: 1 });
  expect((await realignment(world.ada, { on: '2026-05-01' })).moved).toBe(0);
  const days = ['2026-03-20', '2026-04-10', '2026-04-30', '2026-05-01', '2027-01-01'];
  const where = () => Promise.all(days.map(async day => (await standing(day)).Alpenhof));
  expect(await where()).toEqual(['Austria', 'Austria', 'Austria', 'DACH', 'DACH']);
  // Until May it is the West's: from a day before, which ends where May begins.
  await update(world.ada, 'territory', ids.West!, { included: [ids.Alpenhof!] });
  const between = await on('2026-04-10');
  expect(await where()).toEqual(['Austria', 'West', 'West', 'DACH', 'DACH']);
  const passed = await on('2026-03-20');
  expect((await where())[0]).toBe('West');
  for (const { changeSet } of [passed, between, later]) await undo(world.ada, changeSet);
  expect(await where()).toEqual(days.map(() => 'Austria'));
  await update(world.ada, 'territory', ids.West!, { included: [] });
  await update(world.ada, 'territory', ids.Austria!, { excluded: [] });
  expect((await realignment(world.ada, {})).moved).toBe(0);
});

test('what two claim that are not part of each other stays where it is, and is told', async () => {
  const shops = await create(world.ada, 'territory', {
    name: 'Shops',
    dimension: 'industry',
    rule: sector('retail'),
  });
  const { conflicts, conflictCount, moved } = await realignment(world.ada, {});
  expect({ conflictCount, moved }).toEqual({ conflictCount: 2, moved: 0 });
  expect(conflicts[0]).toMatchObject({ company: { title: 'Kessler' }, keeps: ids.Retail });
  expect(conflicts[0]!.territories.sort()).toEqual([ids.Retail, shops].sort());
  await write(world.ada, 'territory', [{ op: 'delete', id: shops }]);
});

test('changes are tried without making them, by those who may; everyone sees their own companies only', async () => {
  const drafts = [{ territory: ids.West!, rule: inCountries('FR', 'DE') as never }];
  const tried = await realignment(world.ada, { drafts });
  expect(tried.conflicts.map(({ company }) => company.title)).toEqual(['Kessler']);
  expect((await realignment(world.ada, {})).conflicts).toEqual([]);
  await expect(realignment(world.sina, { drafts })).rejects.toMatchObject({ code: 'forbidden' });
  const kept = withRights(world.sina, { objects: { '*': { read: 'all' }, territory: { read: 'none' } } });
  await expect(realignment(kept, {})).rejects.toMatchObject({ code: 'forbidden' });
  const own = await realignment(world.olga, {});
  expect(own.territories.find(({ id }) => id === ids.Europe)!.now.accounts).toBe(
    (await rows(world.olga, 'company', { fields: [] })).filter(({ id }) => id !== ids.Tatra).length,
  );
});

test('nobody writes by hand what follows from rules, and a rule has to be one', async () => {
  const [fact] = await rows(world.ada, 'territoryAccount', { limit: 1 });
  await expect(
    update(world.ada, 'territoryAccount', fact!.id as string, { until: '2026-12-31' }),
  ).rejects.toMatchObject({ code: 'invalidInput' });
  await expect(carryOut(world.sina, 'territory', 'align', ids.Europe!, {})).rejects.toMatchObject({
    code: 'forbidden',
  });
  const wrong = (values: Input) => update(world.ada, 'territory', ids.Austria!, values);
  await expect(wrong({ rule: { field: 'colour', op: 'is', value: 'red' } })).rejects.toMatchObject({
    code: 'invalidInput',
  });
  await expect(wrong({ dimension: 'industry' })).rejects.toMatchObject({ code: 'invalidInput' });
  await expect(wrong({ included: [ids.Tatra!], excluded: [ids.Tatra!] })).rejects.toMatchObject({
    code: 'invalidInput',
  });
});

test('leads go to who sells in the territory of their company, or of their address, else to its manager', async () => {
  const rule = await create(world.ada, 'assignmentRule', {
    ...{ name: 'Territories', method: 'territory', accountFirst: false, withinHours: false },
  });
  const lead = (name: string, country: string, email: string | null = null) =>
    create(world.system, 'lead', { name, address: { country }, email, owner: null });
  await update(world.system, 'company', ids.Kessler!, { domain: 'kessler.example' });
  const known = await lead('Of Kessler', 'AT', 'x@kessler.example');
  const [austrian, swedish] = [await lead('From Austria', 'AT'), await lead('From Sweden', 'SE')];
  const given = async (id: string) => {
    await carryOut(world.ada, 'lead', 'assign', id, {});
    const [found] = await rows(world.system, 'lead', { filter: { field: 'id', op: 'is', value: id } });
    return (found!.owner as { id: string }).id;
  };
  expect(await given(austrian)).toBe(hands.sina);
  // DACH has no sellers and no manager, so it is that of Europe.
  expect(await given(known)).toBe(hands.max);
  await expect(given(swedish)).rejects.toThrow('Nobody can take this lead');
  await write(world.ada, 'assignmentRule', [{ op: 'delete', id: rule }]);
});

test('a forecast is taken apart by the regions that companies are in on the last day of its period', async () => {
  const by = async (to: string) => {
    const { groups } = await forecastBy(world.ada, { from: '2026-03-01', to, by: 'territory' });
    return groups.map(({ group, commit, quota, depth }) => [
      (group as { title: string } | null)?.title ?? null,
      depth,
      commit,
      quota,
    ]);
  };
  const march = { from: '2026-03-01', to: '2026-03-31' };
  for (const [name, amount] of [
    ['Austria', '2000 EUR'],
    ['DACH', '3000 EUR'],
  ] as const)
    await create(world.ada, 'territoryQuota', { territory: ids[name]!, ...march, amount });
  // Those above have the sums of their parts; DACH's own quota stands for Austria's as well.
  expect(await by('2026-03-31')).toEqual([
    ['Europe', 0, '1500.00', '3000.00'],
    ['DACH', 1, '1500.00', '3000.00'],
    ['Austria', 2, '1000.00', '2000.00'],
  ]);
  await update(world.ada, 'territory', ids.Austria!, { until: '2026-03-31' });
  await apply();
  expect(await by('2026-03-31')).toHaveLength(3);
  expect((await by('2026-04-30')).map(([name, , commit]) => [name, commit])).toEqual([
    ['Europe', '1500.00'],
    ['DACH', '1500.00'],
    ['Austria', '0.00'],
  ]);
});

test('sums of regions are exact where floats are not', async () => {
  const month = { from: '2027-02-01', to: '2027-02-28' };
  // As floats these add up to 0.30000000000000004.
  for (const [of, amount] of [
    ['Alpenhof', '0.10'],
    ['Kessler', '0.20'],
  ] as const)
    await create(world.system, 'deal', {
      ...{ name: `Exact ${of}`, company: ids[of]!, owner: hands.sina!, closeDate: '2027-02-10' },
      ...{ amount: { amount, currency: 'EUR' }, forecastCategory: 'commit' },
    });
  const sumsOf = async (by: string) => (await forecastBy(world.ada, { ...month, by })).groups;
  expect((await sumsOf('territory'))[0]).toMatchObject({ group: { title: 'Europe' }, commit: '0.30' });
  expect((await sumsOf('company')).map(({ commit }) => commit)).toEqual(['0.20', '0.10']);
});

test('new companies go where the rules say by themselves, four hundred in as many statements as ten', async () => {
  await step(world.system, newAccounts);
  const statements = async (count: number) => {
    const { results } = await write(
      world.system,
      'company',
      Array.from({ length: count }, (_, index) => ({
        op: 'create' as const,
        values: { name: `Maison ${count} ${index}`, address: { country: 'FR' } },
      })),
    );
    let counted = 0;
    const db = Object.create(world.db) as Context['db'];
    db.transaction = work =>
      world.db.transaction(tx => {
        const counting = Object.create(tx) as typeof tx;
        counting.run = statement => {
          counted++;
          return tx.run(statement);
        };
        return work(counting);
      });
    await step({ ...world.system, db }, newAccounts);
    const found = await territoriesOf(
      world.system,
      results.map(({ id }) => id),
      '2026-04-01',
    );
    expect(found.size).toBe(count);
    return counted;
  };
  const few = await statements(10);
  expect(few).toBeGreaterThan(5);
  // Two more, which tell the database how many there are now.
  expect(await statements(400)).toBeLessThanOrEqual(few + 2);
});

test('figures of regions lead to exactly their deals, however many companies there are, for whoever reads them', async () => {
  const month = { from: '2027-05-01', to: '2027-05-31' };
  const filter = { field: 'name', op: 'startsWith', value: 'Maison 400' };
  const french = await rows(world.system, 'company', { filter, fields: ['name'], limit: 150 });
  const deals = [...french.map(({ id }) => id as string), ids.Alpenhof!, ids.Kessler!, ids.Tatra!, null];
  await write(
    world.system,
    'deal',
    deals.map((company, index) => ({
      op: 'create' as const,
      values: {
        ...{ name: `Of ${index}`, company, owner: hands.sina!, closeDate: '2027-05-10' },
        ...{ amount: { amount: '1', currency: 'EUR' }, forecastCategory: 'commit' },
      },
    })),
  );
  const counted = async (ctx: Context) => {
    const { groups } = await forecastBy(ctx, { ...month, by: 'territory' });
    const told: Record<string, number[]> = {};
    for (const { group, count } of groups) {
      const period = { field: 'closeDate', op: 'between', value: [month.from, month.to] };
      const { data } = await aggregate(ctx, 'deal', { filter: { and: [period, inRegion(group, month.to)] } });
      told[(group as { title: string } | null)?.title ?? ''] = [count, data[0]!.values[0] as number];
    }
    return told;
  };
  expect(await counted(world.ada)).toEqual({
    ...{ Europe: [152, 152], West: [150, 150], DACH: [2, 2], '': [2, 2] },
  });
  // Who sees the deals alone is not told where their companies are.
  const kept = withRights(world.sina, { objects: { '*': { read: 'all' }, company: { read: 'own' } } });
  expect(await counted(kept)).toEqual({ Europe: [1, 1], DACH: [1, 1], '': [153, 153] });
});
