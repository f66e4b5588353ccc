/**
 * Random filters over a field of every type, along relations both ways and in any nesting, find in SQL what a plain
 * evaluation in memory finds. Lists, sorted by anything, hold each record once.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Everything, makeEverything } from '../../../test/everything.ts';
import { runs } from '../../../test/runs.ts';
import { createWorld, type World } from '../../../test/world.ts';
import { FarleyError } from '../errors.ts';
import type { Field, Json, Operator } from '../field.ts';
import { relationOf } from '../model.ts';
import type { Input, Values } from '../object.ts';
import { type Filter, operandOf } from './filter.ts';
import { list, rows } from './read.ts';
import type { Scope } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { create, write } from './write.ts';

let world: World;
let all: Everything;
/** Object → id → canonical values, of what is not in the trash. */
const known = new Map<string, Map<string, Values>>([
  ['thing', new Map()],
  ['company', new Map()],
]);

beforeAll(async () => {
  world = await createWorld('filters');
  all = await makeEverything(world.ada);
  const { ctx, targets, fields } = all;
  for (const [index, id] of targets.company!.entries())
    known
      .get('company')!
      .set(id, { name: `Company ${index}`, employees: index, sector: index % 2 ? 'media' : 'retail' });
  const inputs = fc.sample(all.values(), { numRuns: 45, seed: 3 });
  for (const [index, input] of inputs.entries()) {
    const values: Input = { ...input, name: `Thing ${index}` };
    const id = await create(ctx, 'thing', values);
    targets.thing!.push(id);
    known.get('thing')!.set(id, canonical(fields, values));
  }
  // Some go to the trash: paths do not lead there, and links to them remain.
  for (const [object, id] of [
    ['company', targets.company![3]!],
    ...targets.thing!.slice(0, 4).map(one => ['thing', one]),
  ] as const) {
    await write(ctx, object!, [{ op: 'delete', id: id! }]);
    known.get(object!)!.delete(id!);
  }
});
afterAll(() => world.close());

function canonical(fields: Field[], values: Input): Values {
  const record: Values = { name: values.name! };
  for (const field of fields) {
    const input = values[field.name] ?? null;
    record[field.name] = input === null ? null : (field.type.parse(input, field, scopeFor('thing')) as Json);
  }
  return record;
}

const scopeFor = (object: string): Scope => scopeOf(all.ctx, all.ctx.model.objects.get(object)!);

// The plain evaluation. What is simple is worked out here anew; peculiar types are asked by their own `test`.

const scalars = new Set([
  'text',
  'number',
  'percent',
  'date',
  'dateTime',
  'duration',
  'choice',
  'rating',
  'colour',
  'country',
  'boolean',
]);

type Plain = string | number | boolean;

/** What shared operators mean, for types whose values are plain scalars. */
const meanings: Record<string, (value: Plain | null, operand: Json) => boolean> = {
  is: (value, operand) => value === operand,
  isNot: (value, operand) => value !== operand,
  isAnyOf: (value, operand) => (operand as Json[]).includes(value),
  isNoneOf: (value, operand) => !(operand as Json[]).includes(value),
  gt: (value, operand) => value !== null && value > (operand as Plain),
  gte: (value, operand) => value !== null && value >= (operand as Plain),
  lt: (value, operand) => value !== null && value < (operand as Plain),
  lte: (value, operand) => value !== null && value <= (operand as Plain),
  between: (value, operand) => {
    const [from, to] = operand as [Plain, Plain];
    return value !== null && value >= from && value <= to;
  },
  empty: value => value === null,
  notEmpty: value => value !== null,
};

function holds(filter: Filter, object: string, id: string): boolean {
  if ('and' in filter) return filter.and.every(part => holds(part, object, id));
  if ('or' in filter) return filter.or.some(part => holds(part, object, id));
  if ('not' in filter) return !holds(filter.not, object, id);
  return condition(object, id, filter.field.split('.'), filter.op, filter.value ?? null);
}

function condition(object: string, id: string, path: string[], op: string, value: Json): boolean {
  const [head, ...rest] = path as [string, ...string[]];
  const model = all.ctx.model.objects.get(object)!;
  const field = model.fields.get(head);
  if (rest.length > 0) {
    const { to, ids } = step(object, id, head);
    return ids.some(one => condition(to, one, rest, op, value));
  }
  if (!field) return step(object, id, head).ids.length > 0 === (op === 'notEmpty');
  return decided(field, canonicalOf(object, id, field), op, value);
}

function canonicalOf(object: string, id: string, field: Field): Json {
  const record = known.get(object)!.get(id)!;
  if (field.type.name === 'rollUp') return step(object, id, 'children').ids.length;
  if (field.type.name === 'formula')
    return record.ratingValue === null ? null : (record.ratingValue as number) * 2 + 1;
  return record[field.name] ?? null;
}

function decided(field: Field, value: Json, op: string, raw: Json): boolean {
  const scope = scopeFor(field.object);
  const operator = field.type.operators[op] as Operator<Json>;
  const operand = operandOf(operator, field, raw, scope, '');
  if (scalars.has(field.type.name) && meanings[op]) return meanings[op](value as Plain | null, operand);
  if (value === null && !operator.nulls) return false;
  return operator.test(value, operand, field, scope);
}

/** Where a relation leads from a record: forward by its values, back by those of all others. */
function step(object: string, id: string, name: string): { to: string; ids: string[] } {
  const idsIn = (value: Json): string[] => {
    if (Array.isArray(value)) return value.flatMap(idsIn);
    return value === null ? [] : [typeof value === 'object' ? (value.id as string) : (value as string)];
  };
  const inverse = all.ctx.model.objects.get(object)!.inverses.get(name);
  if (inverse) {
    const there = [...(known.get(inverse.object) ?? [])];
    return {
      to: inverse.object,
      ids: there
        .filter(([, record]) => idsIn(record[inverse.field] ?? null).includes(id))
        .map(([one]) => one),
    };
  }
  const to = relationOf(all.ctx.model.objects.get(object)!.fields.get(name)!)!.to;
  const ids = idsIn(known.get(object)!.get(id)![name] ?? null);
  return { to, ids: ids.filter(one => known.get(to)?.has(one)) };
}

// Random filters.

const periods = [
  'today',
  'yesterday',
  'thisWeek',
  'lastMonth',
  'thisQuarter',
  'nextYear',
  'last 60 days',
  'next 3 weeks',
];
const oddities: Json[] = [
  'a',
  '%',
  '_',
  '\\',
  'σ',
  'i',
  'İ',
  'ß',
  '1',
  'me',
  'AT',
  'company',
  'EUR',
  'W',
  { latitude: 48.2, longitude: 16.4, kilometres: 300 },
];

/** Operands that the operator takes. */
function operandsOf(field: Field, operator: Operator<Json>): Json[] {
  if (operator.operand === 'none') return [null];
  const { targets } = all;
  const ids = field.type.relation
    ? [
        targets.company![0]!,
        targets.company![3]!,
        targets.thing!.at(-1) ?? null,
        { object: 'company', id: targets.company![1]! },
      ]
    : [];
  const computed: Json[] = field.type.storage.kind === 'computed' ? [0, 1, 3, 7] : [];
  const pool: Json[] = [...all.poolOf(field), ...ids, ...computed];
  const words = pool.flatMap(value =>
    typeof value === 'string' ? [value.slice(0, 2), value.slice(-2), value.toUpperCase()] : [],
  );
  const single = operator.operand === 'period' ? periods : [...pool, ...words, ...oddities];
  const pairs = single.map((item, index): Json => [item, single[(index * 7 + 3) % single.length]!]);
  const candidates =
    operator.operand === 'many' || operator.operand === 'range' ? [...pairs, ...pool] : single;
  return candidates.filter(candidate => {
    try {
      return candidate !== null && operandOf(operator, field, candidate, scopeFor(field.object), '') !== null;
    } catch (error) {
      if (error instanceof FarleyError) return false;
      throw error;
    }
  });
}

/** Conditions on the fields of an object, at the end of `path`. */
function conditionsOf(object: string, path: string[], names?: string[]): fc.Arbitrary<Filter>[] {
  const model = all.ctx.model.objects.get(object)!;
  return [...model.fields.values()]
    .filter(field => (names ? names.includes(field.name) : !field.system && !field.type.generated))
    .flatMap(field =>
      Object.entries(field.type.operators).flatMap(([op, operator]) => {
        if (operator.fits && !operator.fits(field)) return [];
        const operands = operandsOf(field, operator);
        const name = [...path, field.name].join('.');
        return operands.length
          ? [fc.constantFrom(...operands).map((value): Filter => ({ field: name, op, value }))]
          : [];
      }),
    );
}

function filtersOver(object: string): fc.Arbitrary<Filter> {
  const company = ['name', 'employees', 'sector'];
  const leaves: fc.Arbitrary<Filter>[] =
    object === 'thing'
      ? [
          fc.oneof(...conditionsOf('thing', [])),
          fc.oneof(...conditionsOf('thing', ['parent'])),
          fc.oneof(...conditionsOf('thing', ['children'])),
          fc.oneof(...conditionsOf('thing', ['peers'])),
          fc.oneof(...conditionsOf('thing', ['peersOf', 'parent'])),
          fc.oneof(...conditionsOf('company', ['linkValue'], company)),
          fc.oneof(...conditionsOf('company', ['children', 'linksValue'], company)),
          ...presence(['children', 'peersOf', 'parent.children', 'peers.peersOf']),
        ]
      : [
          fc.oneof(...conditionsOf('company', [], company)),
          fc.oneof(...conditionsOf('thing', ['things'])),
          fc.oneof(...conditionsOf('thing', ['thingsToo'])),
          fc.oneof(...conditionsOf('thing', ['thingsToo', 'children'])),
          ...presence(['things', 'thingsToo', 'things.children']),
        ];
  return fc.letrec<{ filter: Filter }>(tie => ({
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 4, arbitrary: fc.oneof(...leaves) },
      { weight: 1, arbitrary: fc.record({ not: tie('filter') }) },
      { weight: 1, arbitrary: fc.record({ and: fc.array(tie('filter'), { maxLength: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ or: fc.array(tie('filter'), { maxLength: 4 }) }) },
    ),
  })).filter;
}

const presence = (paths: string[]): fc.Arbitrary<Filter>[] => [
  fc.record({ field: fc.constantFrom(...paths), op: fc.constantFrom('empty', 'notEmpty') }),
];

test.each(['thing', 'company'])('filters over each %s find what is plainly meant', async object => {
  const mine: Filter = { field: 'id', op: 'isAnyOf', value: [...known.get(object)!.keys()] };
  await fc.assert(
    fc.asyncProperty(filtersOver(object), async filter => {
      const found = await rows(all.ctx, object, { filter: { and: [mine, filter] }, fields: [], limit: 1000 });
      const expected = [...known.get(object)!.keys()].filter(id => holds(filter, object, id));
      expect(found.map(row => row.id).sort()).toEqual(expected.sort());
    }),
    { numRuns: runs(object === 'thing' ? 500 : 150) },
  );
});

test('any sort of any types, in pages of any size, is the whole list cut up, the empty last', async () => {
  const sortable = [...all.object.fields.values()].filter(field => field.type.sort).map(field => field.name);
  expect(sortable.length).toBeGreaterThan(25);
  const key = fc.tuple(fc.constantFrom(...sortable), fc.boolean());
  const sorts = fc.uniqueArray(key, { minLength: 1, maxLength: 4, selector: ([name]) => name });
  await fc.assert(
    fc.asyncProperty(sorts, fc.integer({ min: 1, max: 45 }), async (keys, limit) => {
      const sort = keys.map(([name, down]) => (down ? `-${name}` : name));
      const whole = await rows(all.ctx, 'thing', { sort, limit: 1000, fields: [keys[0]![0]] });
      expect(new Set(whole.map(row => row.id))).toEqual(new Set(known.get('thing')!.keys()));
      const filled = whole.map(row => (row[keys[0]![0]] ?? null) !== null);
      // An address without country and city stands among those that are empty.
      if (keys[0]![0] !== 'addressValue')
        expect(filled).toEqual([...filled].sort((a, b) => Number(b) - Number(a)));
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const { data, next } = await list(all.ctx, 'thing', {
          sort,
          limit,
          fields: [],
          ...(after ? { after } : {}),
        });
        seen.push(...(JSON.parse(data) as Values[]).map(row => row.id as string));
        if (!next) break;
        after = next;
      }
      expect(seen).toEqual(whole.map(row => row.id));
    }),
    { numRuns: runs(80) },
  );
});

test.each(['numberValue', 'dateValue', 'dateTimeValue', 'ratingValue', 'percentValue', 'durationValue'])(
  '%s sorts by its value, both ways',
  async name => {
    const order = (values: Json[]) => values.filter(value => value !== null) as Plain[];
    const up = order(
      (await rows(all.ctx, 'thing', { sort: [name], fields: [name], limit: 1000 })).map(row => row[name]!),
    );
    expect(up).toEqual([...up].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    const down = order(
      (await rows(all.ctx, 'thing', { sort: [`-${name}`], fields: [name], limit: 1000 })).map(
        row => row[name]!,
      ),
    );
    expect(down).toEqual([...up].reverse());
  },
);
