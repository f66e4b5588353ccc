/** Duplicates on every path: refused, told or queued by rule; decided by people, whose decisions the weights follow. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { link, personName, text } from '../../fields/index.ts';
import type { Context } from '../context.ts';
import { newId } from '../id.ts';
import { defineModule } from '../module.ts';
import { defineObject } from '../object.ts';
import { undo } from '../records/undo.ts';
import { carryOut } from '../records/verbs.ts';
import { create, inTransaction, update, write } from '../records/write.ts';
import { sql } from '../sql.ts';
import { migrateWorkspace } from '../workspace.ts';
import { decide, duplicatesOfDraft, reviewQueue } from './queue.ts';
import { scanJob } from './scan.ts';

const guest = defineObject('guest', {
  label: 'Guest',
  plural: 'Guests',
  icon: 'user',
  description: 'Someone who stays.',
  title: 'name',
  owner: 'createdBy' as never,
  fields: { name: personName({ required: true }), passport: text(), house: link('company') },
  duplicates: [
    { name: 'passport', label: 'Same passport', mode: 'block', same: { passport: 'exact' } },
    { name: 'name', label: 'Similar name', mode: 'review', same: { name: 'person' } },
  ],
});

let world: World;
let ada: Context;
let sina: Context;
beforeAll(async () => {
  world = await createWorld('duplicates');
  const more = {
    ...declared,
    modules: [...declared.modules, defineModule({ name: 'extra', objects: [guest] })],
  };
  const { model } = await migrateWorkspace(world.db, more, 'main');
  ada = { ...world.ada, model };
  sina = { ...world.sina, model };
});
afterAll(() => world.close());

const queued = async (object: string, ctx = ada, state: 'open' | 'later' | 'different' = 'open') =>
  (await reviewQueue(ctx, object, { state })).data;
/** Waits until the pair of these is in the queue. */
async function met(object: string, a: string, b: string) {
  for (let tries = 0; tries < 200; tries++) {
    const pair = (await queued(object)).find(
      each => [each.a.id, each.b.id].sort().join() === [a, b].sort().join(),
    );
    if (pair) return pair;
    await new Promise(done => setTimeout(done, 25));
  }
  throw new Error('They have not met.');
}

test('who types is told who there may be already, with reasons that add up, within reach', async () => {
  const anna = await create(ada, 'person', { name: 'Anna Müller', email: 'anna.mueller@gmail.com' });
  const [hit, ...others] = await duplicatesOfDraft(ada, 'person', {
    name: 'Anna Mueller',
    email: 'annamueller+x@googlemail.com',
    phone: 'not yet a num',
  });
  expect(others).toEqual([]);
  expect(hit).toMatchObject({ id: anna, title: 'Anna Müller', mode: 'warn', rules: ['Same e-mail address'] });
  expect(hit!.parts.map(({ field, level }) => [field, level])).toEqual([
    ['email', 3],
    ['name', 3],
  ]);
  expect(hit!.parts.reduce((sum, { weight }) => sum + weight, hit!.bias)).toBeCloseTo(hit!.score, 6);
  expect(await duplicatesOfDraft(ada, 'person', { email: 'anna.mueller@gmail.com' }, anna)).toEqual([]);
  const own = withRights(sina, { objects: { '*': { read: 'own', create: true } } });
  expect(await duplicatesOfDraft(own, 'person', { email: 'anna.mueller@gmail.com' })).toEqual([]);
  const blind = withRights(ada, {
    objects: { '*': { read: 'all' }, person: { read: 'all', fields: { email: 'none' } } },
  });
  expect(await duplicatesOfDraft(blind, 'person', { email: 'anna.mueller@gmail.com' })).toEqual([]);
  await write(ada, 'person', [{ op: 'delete', id: anna }]);
  expect(await duplicatesOfDraft(ada, 'person', { email: 'anna.mueller@gmail.com' })).toEqual([]);
});

test('keys follow every change, and undo', async () => {
  const id = await create(ada, 'company', { name: 'Kessler Maschinenbau GmbH', domain: 'kessler.example' });
  const found = async (values: object) =>
    (await duplicatesOfDraft(ada, 'company', values as never)).map(hit => hit.id);
  expect(await found({ name: 'KESSLER MASCHINENBAU' })).toEqual([id]);
  const { changeSet } = await update(ada, 'company', id, { name: 'Adler Werke', domain: null });
  expect(await found({ name: 'Kessler Maschinenbau', domain: 'kessler.example' })).toEqual([]);
  expect(await found({ name: 'Adler Werke AG' })).toEqual([id]);
  await undo(ada, changeSet!);
  expect(await found({ domain: 'https://www.kessler.example/x' })).toEqual([id]);
  expect(await found({ name: 'Adler Werke AG' })).toEqual([]);
});

test('what a rule blocks is refused on create and update, within a set too, and by two at once', async () => {
  const id = await create(ada, 'guest', { name: 'Tom', passport: 'P 100' });
  await expect(create(ada, 'guest', { name: 'Other', passport: 'p 100' })).rejects.toMatchObject({
    code: 'duplicate',
    problems: [{ pointer: '/passport', existing: id }],
  });
  const other = await create(ada, 'guest', { name: 'Zoe', passport: 'P 200' });
  await expect(update(ada, 'guest', other, { passport: 'P 100' })).rejects.toMatchObject({
    code: 'duplicate',
  });
  await update(ada, 'guest', other, { name: 'Zoe Bell' });
  const twice = ['Kim', 'Lee'].map(name => ({ op: 'create' as const, values: { name, passport: 'P 300' } }));
  const { results } = await write(ada, 'guest', twice, { perItem: true });
  expect(results.map(({ kind }) => kind)).toEqual(['created', 'refused']);
  const atOnce = await Promise.allSettled(
    [1, 2, 3].map(n => create(ada, 'guest', { name: `Same ${n}`, passport: 'P 400' })),
  );
  expect(atOnce.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const hidden = withRights(sina, {
    objects: { guest: { read: { rule: 'name == "nobody"' }, create: true } },
  });
  const refused = await create(hidden, 'guest', { name: 'Hid', passport: 'P 100' }).catch(error => error);
  expect([refused.code, refused.problems[0].existing]).toEqual(['duplicate', undefined]);
});

test('two saved at the same moment meet in the queue, also inside another act', async () => {
  const house = await create(ada, 'company', { name: 'Hotel Simultan' });
  const save = (name: string) => create(ada, 'person', { name, company: house });
  const [a, b] = await Promise.all([save('Robert Stone'), save('Bob Stone')]);
  expect(await met('person', a, b)).toMatchObject({ rules: ['Similar name at the same company'] });
  const c = await inTransaction(ada, inside =>
    create(inside, 'person', { name: 'Rob Stone', company: house }),
  );
  await met('person', a, c);
});

test('pairs are decided, gone when merged, and back when that is undone; only who may edit decides', async () => {
  const a = await create(ada, 'guest', { name: 'Eva Lang' });
  const b = await create(ada, 'guest', { name: 'Lang, Eva' });
  await met('guest', a, b);
  const reader = withRights(ada, { objects: { '*': { read: 'all' } } });
  await expect(decide(reader, 'guest', a, b, 'different')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(decide(ada, 'guest', a, newId(), 'different')).rejects.toMatchObject({ code: 'notFound' });
  await decide(ada, 'guest', b, a, 'later');
  expect(await queued('guest', ada, 'later')).toHaveLength(1);
  await decide(ada, 'guest', a, b, 'different');
  await update(ada, 'guest', a, { name: 'Eva  Lang' });
  await decide(ada, 'guest', a, b, 'open');
  await met('guest', a, b);
  const { changeSet } = await carryOut(ada, 'guest', 'merge', a, { others: [b] });
  expect((await queued('guest')).filter(pair => [pair.a.id, pair.b.id].includes(b))).toEqual([]);
  await undo(ada, changeSet);
  await met('guest', a, b);
});

test('a scan files what was there before, finds all pairs, and learns from decisions', async () => {
  const names = ['Adele', 'Bruno', 'Clara', 'Doris', 'Emil', 'Frida', 'Gustav', 'Hilde'];
  const operations = names.flatMap(name =>
    ['Gruber', 'Grubr'].map(family => ({
      op: 'create' as const,
      values: { name: `${name} ${family}`, passport: `${name} ${family}` },
    })),
  );
  const { results } = await write(ada, 'guest', operations);
  const pair = (n: number) => [results[2 * n]!.id, results[2 * n + 1]!.id] as const;
  await met('guest', ...pair(7));
  await world.db.run(sql`delete from ws_main.duplicate_pair`);
  await world.db.run(sql`delete from ws_main.duplicate_key`);
  const progress: number[] = [];
  let outcome: { records: number; pairs: number } | null = null;
  const report = {
    done: () => {},
    skipped: () => {},
    progress: (done: number) => void progress.push(done),
    result: async (value: unknown) => {
      outcome = value as typeof outcome;
    },
    checkpoint: async () => {},
  };
  const scan = () => scanJob.run(ada, { object: 'guest' }, report, null, new AbortController().signal);
  await scan();
  expect(outcome!.pairs).toBeGreaterThanOrEqual(names.length);
  expect(progress.at(-1)).toBe(2 * outcome!.records);
  const before = await met('guest', ...pair(0));
  for (let n = 1; n < 7; n++) await decide(ada, 'guest', ...pair(n), 'different');
  await scan();
  const after = await met('guest', ...pair(0));
  expect(after.probability).toBeLessThan(before.probability);
  const { weights } = await reviewQueue(ada, 'guest', {});
  expect(weights).toMatchObject({ origin: 'learned', decisions: 6 });
  const page = await reviewQueue(ada, 'guest', { limit: 1 });
  const next = await reviewQueue(ada, 'guest', { limit: 1, after: page.next! });
  expect(next.data[0]).not.toEqual(page.data[0]);
  expect(page.data[0]!.score).toBeGreaterThanOrEqual(next.data[0]!.score);
});
