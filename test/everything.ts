/** An object made at run time with a field of every type, linked to itself and to companies both ways, and values for it. */
import fc from 'fast-check';
import { declared } from '../src/app.ts';
import { addObject } from '../src/engine/db/custom.ts';
import type { Context, Field, Input, Json, ObjectModel, Values } from '../src/engine/index.ts';
import { create, Refusal } from '../src/engine/index.ts';
import { parseScopeOf } from '../src/engine/records/draft.ts';
import { fieldTypes } from '../src/fields/index.ts';

export interface Everything {
  /** Knows the object `thing`. */
  ctx: Context;
  object: ObjectModel;
  /** The fields that take values from outside. */
  fields: Field[];
  /** Ids of records that values link to, by object. */
  targets: Record<string, string[]>;
  /** Canonical values of a field, none that links; a few of them ordinary, so that records share some. */
  poolOf(field: Field): Json[];
  /** A value of the field as a client might state it, or null. */
  inputOf(field: Field): fc.Arbitrary<Json>;
  /** Values for some of the fields. */
  values(fields?: Field[]): fc.Arbitrary<Input>;
}

/** Options where those of the samples do not do. */
const options: Record<string, object> = {
  link: { to: 'company', inverse: 'things' },
  links: { to: 'company', inverse: 'thingsToo', attributes: ['role', 'since', 'until'] },
  user: { inverse: 'things' },
  relatedToAny: { to: ['company', 'tag'] },
  relatedToMany: { to: ['company', 'tag'] },
  formula: { expression: 'ratingValue * 2.0 + 1.0', result: 'number' },
  rollUp: { relation: 'children', aggregate: 'count' },
};

/** Kept by the engine for every record, and no types for people to choose. */
const ofTheEngine = new Set(['id', 'externalIds']);

const anything = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aAbBäÄßéİıΣσς%_\\ 1٣.-@😀'), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.double({ noNaN: true }),
  fc.integer({ min: -5, max: 12 }),
  fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n }).map(n => `${n}.${String(n).slice(-3)}`),
  fc.integer({ min: -500, max: 500 }).map(cents => (cents / 100).toFixed(2)),
  fc
    .date({ min: new Date('2024-12-01'), max: new Date('2028-01-01'), noInvalidDate: true })
    .map(day => day.toISOString()),
  fc
    .date({ min: new Date('2026-02-01'), max: new Date('2026-04-30'), noInvalidDate: true })
    .map(day => day.toISOString().slice(0, 10)),
  fc.boolean(),
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({ latitude: fc.integer({ min: 40, max: 50 }), longitude: fc.integer({ min: 10, max: 20 }) }),
);

export async function makeEverything(ctx: Context): Promise<Everything> {
  const types = fieldTypes.filter(type => !ofTheEngine.has(type.name));
  const fields = types.map(type => ({
    name: `${type.name}Value`,
    type: type.name,
    options: { ...(options[type.name] ?? type.sampleOptions ?? {}) },
  }));
  const more = [
    { name: 'parent', type: 'link', options: { to: 'thing', inverse: 'children' } },
    { name: 'peers', type: 'links', options: { to: 'thing', inverse: 'peersOf' } },
  ];
  const spec = { name: 'thing', label: 'Thing', plural: 'Things', fields: [...more, ...fields] };
  const inside = { ...ctx, model: await addObject(ctx, declared, spec, new Set()) };
  const object = inside.model.objects.get('thing')!;
  const make = (name: string, values: (i: number) => Input) =>
    Promise.all(
      [0, 1, 2, 3].map(i => create({ ...inside, actor: { ...ctx.actor, kind: 'system' } }, name, values(i))),
    );
  const targets: Everything['targets'] = {
    company: await make('company', i => ({
      name: `Company ${i}`,
      employees: i,
      sector: i % 2 ? 'media' : 'retail',
    })),
    tag: await make('tag', i => ({ name: `Tag ${i}` })),
    file: await make('file', i => ({ name: `File ${i}.txt` })),
    user: [ctx.actor.userId!],
    thing: [],
  };
  return parts(inside, object, targets);
}

function parts(ctx: Context, object: ObjectModel, targets: Everything['targets']): Everything {
  const random = fc.sample(anything, { numRuns: 300, seed: 20261121 });
  const pools = new Map<string, Json[]>();
  const scope = parseScopeOf(ctx);
  const poolOf = (field: Field): Json[] => {
    const known = pools.get(field.name);
    if (known) return known;
    const read = (input: unknown) => (input === null ? null : field.type.parse(input, field, scope));
    const accepted = random
      .map(read)
      .filter(value => value !== null && !(value instanceof Refusal)) as Json[];
    const pool = [...field.type.samples.map(sample => sample.value as Json), ...accepted.slice(0, 12)];
    pools.set(field.name, pool);
    return pool;
  };
  const inputOf = (field: Field) =>
    fc.option(linked(field, targets) ?? fc.constantFrom(...poolOf(field)), { freq: 5 }) as fc.Arbitrary<Json>;
  const fields = [...object.fields.values()].filter(
    ({ name, type, system }) =>
      !system && type.storage.kind !== 'computed' && !type.generated && name !== 'name',
  );
  const values = (some = fields) =>
    fc.record(Object.fromEntries(some.map(field => [field.name, inputOf(field)])), { requiredKeys: [] });
  return { ctx, object, fields, targets, poolOf, inputOf, values: values as Everything['values'] };
}

/** Values of a field that links; null for other fields. */
function linked(field: Field, targets: Everything['targets']): fc.Arbitrary<Json> | null {
  const relation = field.type.relation?.(field);
  if (!relation) return null;
  const idOf = (object: string) =>
    fc.nat(1_000).map(n => targets[object]![n % Math.max(targets[object]!.length, 1)] ?? null);
  const one: fc.Arbitrary<Json> =
    relation.to === '*'
      ? fc.constantFrom('company', 'tag').chain(object => idOf(object).map(id => ({ object, id })))
      : idOf(relation.to);
  if (!relation.many) return one;
  const attributed = (id: Json): Json => ({ id, role: 'Käufer "%_', since: '2024-02-29' });
  const item = field.options.attributes ? fc.oneof(one, one.map(attributed)) : one;
  const idOfItem = (value: Json) => (value as Values | null)?.id ?? value;
  return fc
    .uniqueArray(item, { maxLength: 3, selector: idOfItem })
    .map(items => items.filter(value => idOfItem(value) !== null));
}
