/** Time travel: the past as it was, checked against a reference that remembers every state. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';
import type { Input, Values } from '../object.ts';
import { aggregate } from './aggregate.ts';
import type { Filter } from './filter.ts';
import { history } from './history.ts';
import { find, list, rows } from './read.ts';
import { create, type Operation, update, write } from './write.ts';

let world: World;
let tags: string[];
let people: string[];
beforeAll(async () => {
  world = await createWorld('as_of');
  tags = await Promise.all(['red', 'green', 'blue'].map(name => create(world.ada, 'tag', { name })));
  people = await Promise.all(['Rosa', 'Emil'].map(name => create(world.ada, 'person', { name })));
});
afterAll(() => world.close());

let minute = 0;
/** Lets a minute pass; answers the moment half a minute ago, between then and now. */
function tick(): string {
  minute++;
  const at = (seconds: number) => new Date(Date.UTC(2026, 2, 17, 0, minute, seconds)).toISOString();
  world.clock.move(at(30));
  return at(0);
}

/** Values of every kind of storage: one column, several, links, lists, lists with attributes, none at all. */
const edits = fc.record(
  {
    name: fc.constantFrom('Café Central', 'Café Prückel', 'Ünïcode "%_\\'),
    employees: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    revenue: fc.option(
      fc.record({
        amount: fc.constantFrom('0.00', '12.30', '99999999999999.99'),
        currency: fc.constantFrom('EUR', 'USD'),
      }),
    ),
    customerSince: fc.option(fc.constantFrom('2024-02-29', '1999-12-31')),
    sector: fc.option(fc.constantFrom('retail', 'media')),
    address: fc.option(fc.record({ city: fc.constantFrom('Wien', 'Graz'), country: fc.constant('AT') })),
    tags: fc.subarray([0, 1, 2]).map(chosen => chosen as Json),
    owner: fc.constantFrom('max', 'sina', null) as fc.Arbitrary<Json>,
    externalIds: fc.constantFrom({}, { hubspot: '7' }, { hubspot: '8', sap: 'x' }) as fc.Arbitrary<Json>,
  },
  { requiredKeys: [] },
);

type Step = { op: 'edit'; values: Input } | { op: 'trash' } | { op: 'restore' };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: edits.map(values => ({ op: 'edit' as const, values })) },
  { weight: 1, arbitrary: fc.constant({ op: 'trash' as const }) },
  { weight: 2, arbitrary: fc.constant({ op: 'restore' as const }) },
);

function resolved(values: Input): Input {
  const { owner, tags: chosen } = values;
  const users: Record<string, string> = { max: world.max.actor.userId!, sina: world.sina.actor.userId! };
  return {
    ...values,
    ...(owner === undefined ? {} : { owner: owner === null ? null : users[owner as string]! }),
    ...(chosen === undefined ? {} : { tags: (chosen as number[]).map(index => tags[index]!) }),
  };
}

async function carryOut(id: string, { op, ...more }: Step, ctx: Context) {
  const trashed = (await find(ctx, 'company', id, { fields: ['deletedAt'] })).deletedAt !== null;
  const operation: Operation =
    op === 'trash'
      ? { op: 'delete', id }
      : op === 'restore' || trashed
        ? { op: 'restore', id }
        : { op: 'update', id, values: resolved((more as { values: Input }).values) };
  await write(ctx, 'company', [operation]);
}

test('a record reads at every moment as it did then: values, version, who changed it and when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
      tick();
      const id = await create(world.ada, 'company', { name: 'Café Sperl' });
      const states: [string, Values][] = [];
      for (const [index, each] of steps.entries()) {
        states.push([tick(), await find(world.ada, 'company', id)]);
        await carryOut(id, each, index % 2 ? world.ada : world.system);
      }
      for (const [moment, state] of states)
        expect(await find(world.ada, 'company', id, { asOf: moment })).toEqual(state);
    }),
    { numRuns: 40 },
  );
});

test('history holds each change once, and walking it back leads to the beginning', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
      const id = await create(world.ada, 'company', { name: 'Café Sperl' });
      for (const each of steps) await carryOut(id, each, world.ada);
      const { data } = await history(world.ada, 'company', id);
      const { version } = await find(world.ada, 'company', id);
      expect(data.map(entry => entry.version)).toEqual(
        Array.from({ length: version as number }, (_, index) => (version as number) - index),
      );
      const values: Values = {};
      for (const entry of data)
        for (const [name, [before, after]] of Object.entries(entry.fields)) {
          if (name in values) expect(values[name] ?? []).toEqual(after ?? []);
          values[name] = before;
        }
      expect(data.at(-1)!.kind).toBe('created');
      for (const [name, value] of Object.entries(values)) expect([null, [], {}], name).toContainEqual(value);
    }),
    { numRuns: 30 },
  );
});

test('a list filtered as of then is the list that the filter gave then, over links and lists too', async () => {
  const filters: Filter[] = [
    { field: 'employees', op: 'gt', value: 500 },
    { field: 'revenue', op: 'notEmpty' },
    { field: 'tags', op: 'has', value: tags[0]! },
    { field: 'tags', op: 'hasNoneOf', value: tags.slice(1) },
    { field: 'tags.name', op: 'is', value: 'blue' },
    { field: 'owner.name', op: 'startsWith', value: 'Max' },
    { field: 'people.name', op: 'is', value: 'Rosa' },
    { field: 'affiliates', op: 'notEmpty' },
    { not: { field: 'address', op: 'empty' } },
  ];
  const all = async (filter: Filter, asOf?: string) =>
    (
      await rows(world.ada, 'company', {
        filter,
        sort: ['createdAt'],
        limit: 1000,
        ...(asOf ? { asOf } : {}),
      })
    ).map(row => [row.id, row.version]);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async steps => {
      const companies = [
        await create(world.ada, 'company', { name: 'Café Museum' }),
        await create(world.ada, 'company', { name: 'Café Korb' }),
      ];
      const known: [string, Filter, unknown][] = [];
      for (const [index, each] of steps.entries()) {
        const moment = tick();
        for (const filter of filters) known.push([moment, filter, await all(filter)]);
        await carryOut(companies[index % 2]!, each, world.ada);
        const [company, person] = [companies[index % 2]!, people[index % 2]!];
        // To a company in the trash nobody links.
        const values = index % 3 ? { company } : { companies: [company] };
        await write(world.ada, 'person', [{ op: 'update', id: person, values }], { perItem: true });
      }
      for (const [moment, filter, then] of known) expect(await all(filter, moment)).toEqual(then);
    }),
    { numRuns: 6 },
  );
});

test('sums are as they were', async () => {
  const id = await create(world.ada, 'deal', { name: 'Then and now', amount: '100 EUR' });
  const moment = tick();
  await update(world.ada, 'deal', id, { amount: '900 EUR' });
  const filter: Filter = { field: 'name', op: 'is', value: 'Then and now' };
  const sum = async (asOf?: string) =>
    (
      await aggregate(world.ada, 'deal', {
        filter,
        values: [{ op: 'sum', field: 'amount' }],
        ...(asOf ? { asOf } : {}),
      })
    ).data[0]!.values[0];
  expect(JSON.stringify(await sum(moment))).toContain('100.00');
  expect(JSON.stringify(await sum())).toContain('900.00');
  await expect(sum('yesterday')).rejects.toMatchObject({ code: 'invalidQuery' });
});

test('before it was made, a record is not there', async () => {
  const moment = tick();
  tick();
  const id = await create(world.ada, 'company', { name: 'Café Weimar' });
  await expect(find(world.ada, 'company', id, { asOf: moment })).rejects.toMatchObject({ code: 'notFound' });
});

test('who has lost a record does not read its past, and who has got it does', async () => {
  const id = await create(world.tom, 'company', { name: 'Café Landtmann' });
  const moment = tick();
  await update(world.ada, 'company', id, { owner: world.olga.actor.userId! });
  const own = { objects: { company: { read: 'own' } } } as const;
  const [tom, olga] = [withRights(world.tom, own), withRights(world.olga, own)];
  await expect(find(tom, 'company', id, { asOf: moment })).rejects.toMatchObject({ code: 'notFound' });
  expect(JSON.parse((await list(tom, 'company', { asOf: moment })).data)).toEqual([]);
  expect(await find(olga, 'company', id, { asOf: moment })).toMatchObject({ owner: { title: 'Tom Eder' } });
});
