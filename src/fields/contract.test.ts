/** The promises of `engine/field.ts`, kept by every type for every sample, on a real PostgreSQL. */
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import {
  type Cell,
  columnName,
  type Field,
  type FieldType,
  type Json,
  newId,
  type Operator,
  Refusal,
  type Sql,
  type SqlScope,
  sql,
  yes,
} from '../engine/index.ts';
import { fieldTypes } from './index.ts';
import { sampleId } from './link.ts';

const scope: SqlScope = {
  now: new Date('2026-11-21T12:00:00Z'),
  locale: 'en',
  timeZone: 'UTC',
  country: 'AT',
  currency: 'EUR',
  userId: sampleId,
  alias: 't',
  schema: 'contract',
  objects: ['company', 'deal', 'person', 'user', 'file'],
  titleOf: (object, id) => sql`(${sql.lit(`The ${object} `)} || ${id}::text)`,
  calledElsewhere: () => yes,
  expression: () => sql`2::double precision`,
  rollUp: () => sql`2::bigint`,
  rateOf: () => sql`2::numeric`,
};

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase('fields');
  await database.run(sql`create schema contract`);
});
afterAll(() => database.close());

function fieldOfType(type: FieldType): Field {
  const columns =
    type.storage.kind === 'columns'
      ? type.storage.columns.map(column => columnName('theValue', column.suffix))
      : [];
  return {
    name: 'theValue',
    object: type.name,
    label: 'The value',
    type,
    options: type.sampleOptions ?? {},
    columns,
    ...(type.storage.kind === 'rows' ? { table: `${type.name}_items` } : {}),
    system: false,
    custom: false,
  };
}

/** Random input of many kinds; what a type refuses is left out. */
const anything = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aAbBäÄßéİıΣσς%_\\ 1٣.-@😀'), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.double(),
  fc.integer({ min: -5, max: 12 }),
  fc.integer({ min: -500, max: 500 }).map(cents => (cents / 100).toFixed(2)),
  fc
    .date({ min: new Date('2025-06-01'), max: new Date('2028-01-01'), noInvalidDate: true })
    .map(day => day.toISOString()),
  fc
    .date({ min: new Date('2026-10-01'), max: new Date('2027-01-31'), noInvalidDate: true })
    .map(day => day.toISOString().slice(0, 10)),
  fc.boolean(),
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({ latitude: fc.integer({ min: 40, max: 50 }), longitude: fc.integer({ min: 10, max: 20 }) }),
);
const random = fc.sample(anything, { numRuns: 250, seed: 20261121 });

/** Values to store: the samples', and random ones the type accepts. */
function valuesOf(field: Field): Json[] {
  const { type } = field;
  const accepted = random
    .filter(input => input !== null)
    .map(input => type.parse(input, field, scope))
    .filter(value => value !== null && !(value instanceof Refusal)) as Json[];
  return [...type.samples.map(sample => sample.value), ...accepted.slice(0, 80), null];
}

function cellOf(field: Field, alias: string): Cell {
  return suffix => {
    const { storage } = field.type;
    if (storage.kind === 'computed') return storage.sql(field, scope);
    const name = suffix ?? storage.columns[0]!.suffix;
    return sql.ref(`${alias}.${storage.kind === 'rows' ? name : columnName(field.name, name)}`);
  };
}

interface Stored {
  field: Field;
  table: Sql;
  rows: { id: string; value: Json }[];
  cell: Cell;
}

/** Makes the tables of a field and fills them by `json_to_recordset`, as the engine does. */
async function store(type: FieldType): Promise<Stored> {
  const field = fieldOfType(type);
  const { storage } = type;
  const table = sql.id('contract', type.name);
  const rows = valuesOf(field).map(value => ({ id: newId(), value }));
  const columns = storage.kind === 'computed' ? [] : storage.columns;
  const ddl = (names: string[]) =>
    names.map((name, index) => sql`, ${sql.ref(name)} ${sql.raw(columns[index]!.type)}`);
  const fill = async (into: Sql, head: [string, string][], names: string[], records: object[]) => {
    const definition = [...head.map(([name, pg]) => sql`${sql.ref(name)} ${sql.raw(pg)}`)];
    const list = sql.join([...head.map(([name]) => name), ...names].map(name => sql.ref(name)));
    await database.run(sql`create table ${into} (${sql.join(definition)}${sql.join(ddl(names), sql``)})`);
    await database.run(sql`insert into ${into} (${list}) select ${list}
      from json_to_recordset(${JSON.stringify(records)}::json) as x(${sql.join(definition)}${sql.join(ddl(names), sql``)})`);
  };
  const record = (names: string[], values: Json[]) =>
    Object.fromEntries(names.map((name, i) => [name, values[i]]));
  const own = rows.map(({ id, value }) => ({
    id,
    ...(storage.kind === 'columns' ? record(field.columns, storage.put(value)) : {}),
  }));
  await fill(table, [['id', 'uuid']], storage.kind === 'columns' ? field.columns : [], own);
  if (storage.kind === 'rows') {
    const names = storage.columns.map(column => column.suffix);
    const items = rows.flatMap(({ id, value }) =>
      (value === null ? [] : storage.put(value)).map((item, position) => ({
        owner_id: id,
        position,
        ...record(names, item),
      })),
    );
    await fill(
      sql.id('contract', field.table!),
      [
        ['owner_id', 'uuid'],
        ['position', 'integer'],
      ],
      names,
      items,
    );
  }
  return { field, table, rows, cell: cellOf(field, storage.kind === 'rows' ? 'i' : 't') };
}

const items = ({ field }: Stored) => sql`${sql.id('contract', field.table!)} as i where i.owner_id = t.id`;

/** The canonical or shown JSON of a stored field. */
function jsonOf(stored: Stored, shape: 'json' | 'show'): Sql {
  const { field, cell } = stored;
  const { type } = field;
  const shown = shape === 'show' ? type.show : undefined;
  if (type.storage.kind !== 'rows') return (shown ?? type.json)?.call(type, cell, field, scope) ?? cell();
  const item = shown?.call(type, cell, field, scope) ?? type.storage.item(cell);
  return sql`(select jsonb_agg(${item} order by i.position) from ${items(stored)})`;
}

async function column(stored: Stored, expression: Sql): Promise<Map<string, Json>> {
  const rows = await database.run<{ id: string; value: string | null }>(
    sql`select t.id, to_json(${expression})::text as value from ${stored.table} as t`,
  );
  return new Map(rows.map(row => [row.id, row.value === null ? null : (JSON.parse(row.value) as Json)]));
}

/** Operands to try: from the samples, from random values, and words that only some types read. */
function operandsOf(operator: Operator<Json>, field: Field, values: Json[]): Json[] {
  if (operator.operand === 'none') return [null];
  const { samples } = field.type;
  const periods = [
    'today',
    'lastWeek',
    'thisQuarter',
    'nextYear',
    'last 60 days',
    { next: 2, unit: 'month' },
  ];
  const raw: unknown[] =
    operator.operand === 'period'
      ? periods
      : [
          ...samples.map(sample => sample.input),
          ...samples.map(sample => sample.text),
          ...values.slice(samples.length, samples.length + 12).filter(value => value !== null),
          ...samples.flatMap(sample => [
            sample.text.slice(0, 3),
            sample.text.slice(-2),
            sample.text.toUpperCase(),
          ]),
          ...['a', '%', '_', '\\', 'σ', 'ς', 'i', 'İ', 'ß', '1', 'me', 'AT', 'deal', 'EUR', ''],
          { latitude: 48.2, longitude: 16.4, kilometres: 300 },
        ];
  const many = operator.operand === 'many' || operator.operand === 'range';
  const pairs = raw.map((item, index) => [item, raw[(index * 7 + 3) % raw.length]]);
  const lists = operator.operand === 'many' ? values.filter(value => Array.isArray(value)) : [];
  const shaped = many ? [...pairs, ...lists, ['AT', 'US']] : raw;
  const read = (input: unknown) => {
    if (operator.parse) return operator.parse(input, field, scope);
    if (!many) return field.type.parse(input, field, scope);
    const list = (input as unknown[]).map(item => field.type.parse(item, field, scope));
    return list.find(item => item instanceof Refusal || item === null) === undefined ? (list as Json) : null;
  };
  const operands = shaped
    .map(read)
    .filter(operand => operand !== null && !(operand instanceof Refusal)) as Json[];
  return [...new Map(operands.map(operand => [JSON.stringify(operand), operand])).values()].slice(0, 40);
}

async function matching(stored: Stored, operator: Operator<Json>, operand: Json): Promise<string[]> {
  const { field, cell } = stored;
  const own = operator.sql(cell, operand, field, scope);
  const some =
    field.type.storage.kind === 'rows' ? sql`exists (select 1 from ${items(stored)} and ${own})` : own;
  const where = operator.items === 'none' ? sql`not ${some}` : some;
  const rows = await database.run<{ id: string }>(
    sql`select t.id from ${stored.table} as t where ${where} order by id`,
  );
  return rows.map(row => row.id);
}

const storedTypes = fieldTypes.filter(type => type.storage.kind !== 'computed');

describe.each(fieldTypes.map(type => [type.name, type] as const))('%s', (_name, type) => {
  const field = fieldOfType(type);

  test('says what it is, and its icon exists', () => {
    expect(type.label).toMatch(/^[A-Z]/);
    expect(type.help).toMatch(/\.$/);
    const icon = type.icon.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    expect(existsSync(`node_modules/@tabler/icons-react/dist/esm/icons/Icon${icon}.mjs`), icon).toBe(true);
    expect(type.samples.length >= 3 || type.storage.kind === 'computed').toBe(true);
    expect(type.refused.length).toBeGreaterThanOrEqual(2);
  });

  test('accepts the options of its samples', () => {
    if (type.sampleOptions) expect(Value.Check(type.options!, type.sampleOptions)).toBe(true);
  });

  test.each(type.samples)('reads $input', sample => {
    const value = type.parse(sample.input, field, scope);
    expect(value).toEqual(sample.value);
    expect([...Value.Errors(type.schema(field), value)]).toEqual([]);
    expect(type.parse(sample.value, field, scope)).toEqual(sample.value);
  });

  test.each(type.samples)('writes $text and reads it back', sample => {
    expect(type.format(sample.value, field, scope)).toBe(sample.text);
    const read = type.parseText ?? type.parse;
    expect(read.call(type, sample.text, field, scope)).toEqual(sample.value);
  });

  test.each(type.refused)('refuses $input with $code', ({ input, code }) => {
    const answer = type.parse(input, field, scope);
    expect(answer).toBeInstanceOf(Refusal);
    expect((answer as Refusal).code).toBe(code);
    expect((answer as Refusal).message).toMatch(/^[^a-z].{15,}[.?]$/s);
  });

  test('yields words to search by', () => {
    for (const { value } of type.samples)
      for (const word of type.searchText?.(value, field) ?? []) expect(word.trim()).not.toBe('');
  });
});

describe.each(storedTypes.map(type => [type.name, type] as const))('%s in the database', (_name, type) => {
  let stored: Stored;
  beforeAll(async () => {
    stored = await store(type);
  });

  test('comes back as it went in, empty values too', async () => {
    const found = await column(stored, jsonOf(stored, 'json'));
    for (const { id, value } of stored.rows) expect(found.get(id)).toEqual(value);
    await column(stored, jsonOf(stored, 'show'));
    if (type.text) await column(stored, type.text(stored.cell, stored.field, scope));
  });

  test('is restored from the JSON of history', async () => {
    const { storage } = type;
    if (storage.kind !== 'columns') return;
    const { field, table, cell } = stored;
    const restored = storage.restore?.(sql`h.json`) ?? [
      sql`(h.json #>> '{}')::${sql.raw(storage.columns[0]!.type)}`,
    ];
    const differs = sql.join(
      restored.map((part, index) => sql`${part} is distinct from ${cell(storage.columns[index]!.suffix)}`),
      sql` or `,
    );
    const history = JSON.stringify(stored.rows.map(({ id, value }) => ({ id, json: { value } })));
    const wrong =
      await database.run(sql`select h.id from ${table} as t join (select id, json -> 'value' as json
      from json_to_recordset(${history}::json) as x(id uuid, json jsonb)) h on h.id = t.id where ${differs}`);
    expect(wrong).toEqual([]);
    expect(field.columns.length).toBe(restored.length);
  });

  test.each(Object.keys(type.operators))('filters by %s alike in SQL and in memory', async name => {
    const operator = type.operators[name]!;
    const operands = operandsOf(
      operator,
      stored.field,
      stored.rows.map(row => row.value),
    );
    expect(operands.length).toBeGreaterThan(0);
    for (const operand of operands) {
      const expected = stored.rows
        .filter(({ value }) =>
          value === null && !operator.nulls
            ? false
            : operator.test(value as never, operand, stored.field, scope),
        )
        .map(row => row.id);
      expect(await matching(stored, operator, operand), JSON.stringify(operand)).toEqual(expected.sort());
    }
  });

  test('sorts in an order that the id makes total, empty values last', async () => {
    const keys = type.sort?.(stored.cell, stored.field, scope);
    if (!keys) return;
    const order = (direction: Sql) =>
      database.run<{
        id: string;
        empty: boolean;
      }>(sql`select t.id, ${keys[0]!.sql} is null as empty from ${stored.table} as t
        order by ${sql.join(keys.map(key => sql`${key.sql} ${direction} nulls last`))}, t.id ${direction}`);
    for (const rows of [await order(sql`asc`), await order(sql`desc`)]) {
      const firstEmpty = rows.findIndex(row => row.empty);
      expect(rows.slice(firstEmpty).every(row => row.empty)).toBe(true);
    }
    const lost = await database.run(
      sql`select t.id from ${stored.table} as t where ${sql.join(
        keys.map(key => sql`${key.sql} is distinct from (${key.sql})::text::${sql.raw(key.type)}`),
        sql` or `,
      )}`,
    );
    expect(lost, 'a cursor holds the sort values as text').toEqual([]);
  });

  test('groups, buckets and aggregates to JSON', async () => {
    const { cell, field, table } = stored;
    for (const bucket of type.group ? [undefined, ...(type.buckets ?? [])] : []) {
      const key = type.group!(cell, field, scope, bucket);
      const rows = await database.run<{ count: number }>(
        sql`select to_json(${key})::text as key, count(*) as count from ${table} as t group by ${key}`,
      );
      expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(stored.rows.length);
    }
    for (const aggregate of Object.values(type.aggregates ?? {})) {
      const value = aggregate.sql(cell, field, scope);
      const shown = aggregate.json?.(value) ?? value;
      await database.run(sql`select to_json(${shown})::text from ${table} as t`);
      await database.run(sql`select to_json(${shown})::text from ${table} as t where false`);
    }
  });

  test('is usable in expressions', async () => {
    if (type.cel?.sql) await column(stored, type.cel.sql(stored.cell));
  });
});
