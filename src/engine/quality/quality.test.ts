/** Scores tell what a plain count over the same records tells, and nothing of what the reader may not see. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { create, rows } from '../index.ts';
import { flawsOf } from './flaws.ts';
import { qualityOf, qualityOfAll } from './score.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('quality');
});
afterAll(() => world.close());

const names = (flaws: { name: string }[]) => flaws.map(({ name }) => name).sort();

test('each flaw costs its points, down to nothing; a record without flaws has 100', async () => {
  const { ada } = world;
  const owner = ada.actor.userId!;
  const company = await create(ada, 'company', { name: 'Hotel Post', owner });
  const good = await create(ada, 'person', {
    name: 'Anna Müller',
    email: 'anna@hotel-post.example',
    phone: '+43 1 2345678',
    jobTitle: 'Purchasing',
    company,
    owner,
  });
  expect(await qualityOf(ada, 'person', good)).toEqual({
    score: 100,
    flaws: [],
    most: { completeness: 60, freshness: 20, validity: 30 },
  });
  const bad = await create(ada, 'person', { name: 'Test', email: 'test@example.com', owner: null });
  const { score, flaws } = await qualityOf(ada, 'person', bad);
  expect(names(flaws)).toEqual([
    'noCompany',
    'noJobTitle',
    'noNumber',
    'noOwner',
    'placeholderEmail',
    'placeholderName',
  ]);
  expect(flaws.map(({ costs }) => costs)).toEqual([...flaws.map(({ costs }) => costs)].sort((a, b) => b - a));
  expect(score).toBe(100 - flaws.reduce((sum, { costs }) => sum + costs, 0));
});

test('what is old loses points, and the sum over all is that of each by itself; each flaw lists the records that have it', async () => {
  const { ada, clock, db } = world;
  const dated = { id: await create(ada, 'company', { name: 'Long Ago' }) };
  await db.pool.query(
    "update ws_main.company set updated_at = $2::timestamptz - interval '366 days' where id = $1",
    [dated.id, clock.now()],
  );
  expect(names((await qualityOf(ada, 'company', dated.id)).flaws)).toContain('untouched');
  const all = await rows(ada, 'company', { limit: 200 });
  const each = await Promise.all(all.map(({ id }) => qualityOf(ada, 'company', id as string)));
  const together = await qualityOfAll(ada, 'company');
  expect(together.records).toBe(all.length);
  expect(together.score).toBeCloseTo(each.reduce((sum, { score }) => sum + score, 0) / each.length, 9);
  expect(together.bands.reduce((sum, n) => sum + n, 0)).toBe(all.length);
  for (const [band, count] of together.bands.entries())
    expect(each.filter(({ score }) => Math.min(4, Math.floor(score / 20)) === band)).toHaveLength(count);
  for (const flaw of together.flaws) {
    const listed = await rows(ada, 'company', { filter: flaw.filter, limit: 200 });
    expect(listed.map(({ id }) => id).sort(), flaw.name).toEqual(
      all.flatMap(({ id }, at) => (names(each[at]!.flaws).includes(flaw.name) ? [id] : [])).sort(),
    );
    expect(flaw.records).toBe(listed.length);
  }
});

test('a field that the reader may not see costs nothing and is not told of; records out of reach do not count', async () => {
  const { ada, sina } = world;
  const blind = withRights(ada, { objects: { '*': { read: 'all', fields: { email: 'none' } } } });
  const [some] = await rows(ada, 'person', { filter: { field: 'name', op: 'is', value: 'Test' } });
  const told = await qualityOf(blind, 'person', some!.id as string);
  expect(names(told.flaws)).not.toContain('placeholderEmail');
  expect(JSON.stringify(await qualityOfAll(blind, 'person'))).not.toContain('email');
  const own = withRights(sina, { objects: { '*': { read: 'own' } } });
  expect(await qualityOfAll(own, 'person')).toMatchObject({
    records: 0,
    score: null,
    bands: [0, 0, 0, 0, 0],
  });
  await expect(qualityOf(own, 'person', some!.id as string)).rejects.toMatchObject({ code: 'notFound' });
});

test('what stands in the navigation is measured by what its list shows; set-up and activities are not measured', () => {
  const { objects } = world.ada.model;
  const lead = flawsOf(objects.get('lead')!);
  expect(names(lead)).toEqual(
    expect.arrayContaining(['noCompanyName', 'noEmail', 'noOwner', 'noPhone', 'noSource', 'untouched']),
  );
  expect(lead.find(({ name }) => name === 'noCompanyName')!.label).toBe('No company');
  for (const name of ['role', 'task', 'note']) expect(flawsOf(objects.get(name)!)).toEqual([]);
});

test('all flaws of all objects can be asked for', async () => {
  for (const object of world.ada.model.objects.values()) {
    const flaws = flawsOf(object);
    if (flaws.length === 0) continue;
    expect((await qualityOfAll(world.ada, object.name)).flaws).toHaveLength(flaws.length);
    expect(new Set(names(flaws)).size, object.name).toBe(flaws.length);
  }
});
