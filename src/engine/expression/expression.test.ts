/** What expressions mean, and the proof that JavaScript and PostgreSQL agree on it. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { stoppedClock } from '../clock.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../errors.ts';
import type { Column, FieldSpec, FieldType, Json } from '../field.ts';
import { buildModel, type ObjectModel } from '../model.ts';
import { defineObject } from '../object.ts';
import { tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { compile, sql } from '../sql.ts';
import { type EvaluationInput, evaluate, parseExpression, readExpression } from './cel.ts';
import { expressionField } from './field.ts';

const me = '01890000-0000-7000-8000-000000000001';
const other = '01890000-0000-7000-8000-000000000002';
const acme = '01890000-0000-7000-8000-00000000000a';
const byron = '01890000-0000-7000-8000-00000000000b';

/** Types made for this test, because the engine knows no real ones. */
function typeOf(
  column: string,
  cel: FieldType['cel'],
  more: Partial<FieldType> = {},
  suffix = '',
): FieldSpec {
  const columns: Column[] = [{ suffix, type: column }];
  const unused = () => {
    throw new Error('not used here');
  };
  const storage = { kind: 'columns', columns, put: (value: Json) => [value] } as FieldType['storage'];
  const base = { name: column, label: column, help: '', icon: '', storage, schema: unused, parse: unused };
  const type = {
    ...base,
    format: unused,
    operators: {},
    samples: [],
    refused: [],
    cel,
    ...more,
  } as FieldType;
  return { type, options: {} };
}

const word = typeOf('text', { type: 'string' });
const count = typeOf('float8', { type: 'double' });
const exact = typeOf('numeric', { type: 'double', value: value => Number(value) });
const flag = typeOf('boolean', { type: 'bool' });
const moment = typeOf('timestamptz', { type: 'timestamp' });
const words = typeOf('text[]', { type: 'list' });
const linkTo = (to: string) =>
  typeOf('uuid', { type: 'string' }, { relation: () => ({ to, many: false }) }, 'id');
const formula = (source: string, type: 'double' | 'bool') =>
  typeOf(
    '',
    { type },
    {
      storage: { kind: 'computed', sql: (field, scope) => scope.expression(source, field) },
    },
  );
const opaque = typeOf('jsonb', undefined);

const common = { icon: '', description: '', title: 'name' as const };
const sheep = defineObject('sheep', {
  ...common,
  label: 'Sheep',
  plural: 'Sheep',
  fields: {
    name: word,
    nick: word,
    weight: count,
    wool: exact,
    black: flag,
    born: moment,
    shorn: moment,
    marks: words,
    owner: linkTo('user'),
    farm: linkTo('farm'),
    secret: opaque,
    load: formula('record.weight + record.wool', 'double'),
    circle: formula('record.circle + 1', 'double'),
  },
});
const farm = defineObject('farm', {
  ...common,
  label: 'Farm',
  plural: 'Farms',
  fields: { name: word, acres: count, boss: linkTo('user'), crops: words },
});
const user = defineObject('user', { ...common, label: 'User', plural: 'Users', fields: { name: word } });
const model = buildModel({
  objects: [sheep, farm, user].map(spec => ({ spec, custom: false, customFields: {} })),
  verbs: [],
  types: [],
  system: { id: typeOf('uuid', { type: 'string' }) },
  version: 1,
} as unknown as Parameters<typeof buildModel>[0]);
const object = model.objects.get('sheep') as ObjectModel;
const names = { model, object };
const now = '2026-05-01T09:30:00.125Z';

let database: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  database = await createTestDatabase('expression');
  await database.pool.query(`create schema ws_test;
    create table ws_test.farm (id uuid primary key, name text, acres float8, boss_id uuid, crops text[]);
    create table ws_test.sheep (id uuid, name text, nick text, weight float8, wool numeric, black boolean,
      born timestamptz, shorn timestamptz, marks text[], owner_id uuid, farm_id uuid, secret jsonb);
    insert into ws_test.farm values ('${acme}', 'Acme', 12.5, '${me}', '{wheat,rye}'), ('${byron}', null, null, null, null)`);
  ctx = {
    schema: 'ws_test',
    model,
    settings: { name: 'test', label: '', locale: 'en', timeZone: 'UTC', country: 'AT', currency: 'EUR' },
    actor: {
      kind: 'person',
      userId: me,
      name: '',
      role: '',
      grants: { objects: { '*': { read: 'all' } } },
      team: other,
      teams: [other],
    },
    via: 'test',
    requestId: '',
    db: database,
    clock: stoppedClock(now),
  };
});
afterAll(() => database.close());

type Sheep = Record<string, Json>;
const farms: Record<string, Sheep> = {
  [acme]: { name: 'Acme', acres: 12.5, boss: me, crops: ['wheat', 'rye'] },
  [byron]: { name: null, acres: null, boss: null, crops: null },
};

function inputOf(record: Sheep): EvaluationInput {
  const linked = Object.fromEntries(
    Object.entries(farms[String(record.farm)] ?? {}).map(([name, value]) => [`farm.${name}`, value]),
  );
  return { record, linked, me, myTeam: other, myTeams: [other], now: new Date(now) };
}

/** What JavaScript makes of an expression. */
function js(source: string, record: Sheep = {}): Json {
  return evaluate(parseExpression(source, names), inputOf(record));
}

const stored = ['name', 'nick', 'weight', 'wool', 'black', 'born', 'shorn', 'marks', 'owner', 'farm'];

/** What PostgreSQL makes of an expression, over a row that is really stored. */
async function pg(source: string, record: Sheep = {}): Promise<Json> {
  const scope = scopeOf(ctx, object);
  const columns = stored.map(name => object.fields.get(name)!.columns[0]!);
  const expression = expressionField(ctx, object, source, object.title, scope);
  return database.transaction(async tx => {
    await tx.run(sql`delete from ${tableOf('ws_test', 'sheep')}`);
    await tx.run(sql`insert into ${tableOf('ws_test', 'sheep')} (${sql.join(columns.map(name => sql.ref(name)))})
      values (${sql.join(stored.map(name => record[name] ?? null))})`);
    const [row] = await tx.run<{ json: string | null }>(
      sql`select to_json(${expression})::text as json from ${scope.source}`,
    );
    const json = JSON.parse(row!.json ?? 'null') as Json;
    const { kind } = parseExpression(source, names);
    return kind === 'timestamp' && json !== null ? new Date(json as string).toISOString() : json;
  });
}

function refusal(source: string): string {
  const read = readExpression(source, names);
  if (!(read instanceof Refusal)) throw new Error(`${source} was accepted.`);
  return read.message;
}

describe('an expression', () => {
  const dolly: Sheep = {
    name: 'Dolly "D" \u{1F411}',
    weight: 80,
    wool: '4.25',
    black: false,
    born: '2020-02-29T23:00:00Z',
    marks: ['star', 'spot'],
    owner: me,
    farm: acme,
  };
  const cases: [string, Json][] = [
    ['record.weight * 2 + 1', 161],
    ['weight / 0', null],
    ['record.wool > 4', true],
    ['wool * 2', 8.5],
    ['nick + "!"', null],
    ['name + "!"', 'Dolly "D" \u{1F411}!'],
    ['size(name)', 11],
    ['size(marks) + marks.size()', 4],
    ['"star" in marks && !("moon" in marks)', true],
    ['owner == me', true],
    ['record.owner == me && record.farm.boss == me', true],
    ['farm.name == "Acme"', true],
    ['record.farm.acres > 10 ? "big" : "small"', 'big'],
    ['"rye" in farm.crops', true],
    ['owner in myTeams || me == owner', true],
    ['nick == null', true],
    ['has(nick)', false],
    ['nick == "x"', false],
    ['nick != "x"', true],
    ['nick < "x"', false],
    ['shorn > now', false],
    ['born < timestamp("2021-01-01")', true],
    ['now - duration("1d") > born', true],
    ['(now - born).getHours() > 24 * 365', true],
    ['born.getFullYear()', 2020],
    ['born.getMonth()', 1],
    ['born.getDate()', 29],
    ['born.getDayOfYear()', 59],
    ['born.getDayOfWeek()', 6],
    ['now + duration("1h30m")', '2026-05-01T11:00:00.125Z'],
    ['name.matches("^D[a-z]+\\\\s")', true],
    ['name.matches("^d")', false],
    ['name.startsWith("Dolly") && name.contains("\\"D\\"") && !name.endsWith("D")', true],
    ['name.lowerAscii().startsWith("dolly")', true],
    ['"no " + string(weight) + " kg"', 'no 80 kg'],
    ['string(1000000000 * 1000000000 * 1000)', '1000000000000000000000'],
    ['black ? 1 : 2', 2],
    ['!black', true],
    ['math.round(wool) + math.floor(-0.5)', 3],
    ['weight in [1, 80.0]', true],
    ['nick == null ? null : 1', null],
    ['load', 84.25],
  ];
  test.each(cases)('%s', async (source, expected) => {
    expect(await pg(source, dolly)).toEqual(expected);
    expect(js(source, { ...dolly, load: 84.25 })).toEqual(expected);
  });

  test('a formula that leads back to itself is refused, not run for ever', async () => {
    await expect(pg('circle')).rejects.toThrow('leads back to itself');
  });

  test('a record without owner does not belong to an actor without id', () => {
    const owner = parseExpression('owner == me', names);
    expect(evaluate(owner, { record: { owner: null }, me: null, now: new Date(now) })).toBe(false);
  });

  test('an id is compared as the column that has the index', () => {
    const scope = scopeOf(ctx, object);
    const { text } = compile(expressionField(ctx, object, 'owner == me', object.title, scope));
    expect(text).toContain('::uuid');
    expect(text).not.toContain('::text');
  });

  test('it names the fields it needs', () => {
    const { fields, needs } = parseExpression('weight > 1 && record.farm.name == "x"', names);
    expect({ fields, needs }).toEqual({ fields: ['weight', 'farm'], needs: ['farm.name'] });
  });
});

describe('what cannot be used is refused in words, with its place', () => {
  test.each([
    ['weight +', /ends too early at character 9/],
    ['weight + name', /\+ cannot be used with a number and text at character/],
    ['colour == "red"', /Sheep has no field called colour at character 1, near "colour ==/],
    ['secret == "x"', /secret cannot be used in expressions/],
    ['weight > null', /compare with == or !=/],
    ['farm.boss.name == "x"', /Only one step/],
    ['name.acres', /name does not lead to one record/],
    ['marks[0] == "x"', /use `in`/],
    ['marks.exists(m, m == "x")', /There is no function .exists/],
    ['name.matches(nick)', /takes a pattern in quotes/],
    ['name.matches("(a+)+")', /group that repeats/],
    ['name.matches("(?=x)")', /look-ahead/],
    ['name.matches("\\\\bx")', /\\b is not supported/],
    ['timestamp(name)', /constant in quotes/],
    ['timestamp("2026-02-30") < now', /takes a time/],
    ['now - born', /duration; add .getHours/],
    ['"a" in [1, 2]', /list holds a number, never text/],
    ['[1, "a"]', /mixes a number and text/],
    ['black ? 1 : "x"', /one kind/],
    ['weight % 2', /% is not supported/],
    ['constructor', /no field called constructor/],
    ['name.toString()', /no function .toString/],
    ['"\\u0000" == name', /cannot be stored/],
    ['weight >\n\n nmae', /line 3, character 2/],
  ])('%s', (source, message) => expect(refusal(source)).toMatch(message));

  test('a wrong kind of result is refused', () => {
    expect(readExpression('weight + 1', names, 'bool')).toMatchObject({
      message: expect.stringContaining('yes or no'),
    });
  });
});

describe('JavaScript and PostgreSQL agree', () => {
  const texts = fc.oneof(
    fc.constantFrom('', 'a', 'ab', 'AB', 'b a', 'é', '\u{1F411}', '\uFF5E', 'star', 'a\nb'),
    fc.string({ maxLength: 4 }).filter(text => !text.includes('\0')),
  );
  const amounts = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
      .filter(x => Math.abs(x) > 1e-30),
    fc.constantFrom(0.1, 1e90, 1e-40, 2 ** 53, 0.5, -0.5, 1.5),
  );
  const stored = fc.oneof(amounts, fc.constantFrom(1e300, -1e100, 1e-300, 5e-324));
  const moments = fc
    .date({ min: new Date('0100-01-01'), max: new Date('9000-01-01'), noInvalidDate: true })
    .map(date => date.toISOString());
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 3 });
  const rows = fc.record({
    name: maybe(texts),
    nick: maybe(texts),
    weight: maybe(stored.map(x => x + 0)),
    wool: maybe(fc.integer({ min: -99999, max: 99999 }).map(x => String(x / 100))),
    black: maybe(fc.boolean()),
    born: maybe(moments),
    shorn: maybe(moments),
    marks: maybe(fc.array(texts, { maxLength: 3 })),
    owner: maybe(fc.constantFrom(me, other)),
    farm: maybe(fc.constantFrom(acme, byron)),
  });

  const quoted = texts.map(text => JSON.stringify(text).replace(/[\u007f-\uffff]/g, c => c));
  const numeral = amounts.map(x => (x < 0 ? `(${x})` : String(x)).replace(/e\+/, 'e'));
  const infix = (a: fc.Arbitrary<string>, signs: string[], b: fc.Arbitrary<string>) =>
    fc.tuple(a, fc.constantFrom(...signs), b).map(parts => `(${parts.join(' ')})`);
  const call = (format: string, ...args: fc.Arbitrary<string>[]) =>
    fc.tuple(...args).map(given => given.reduce((text, arg) => text.replace('$', () => arg), format));
  const comparisons = ['==', '!=', '<', '<=', '>', '>='];

  type Kinds = Record<'text' | 'number' | 'bool' | 'time' | 'span' | 'list', string>;
  type Tie = (kind: keyof Kinds) => fc.Arbitrary<string>;
  const textOf = (tie: Tie) =>
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('record.name', 'nick', 'record.farm.name', 'owner', 'farm.boss', 'me', 'myTeam'),
      quoted,
      infix(tie('text'), ['+'], tie('text')),
      call('($ ? $ : $)', tie('bool'), tie('text'), tie('text')),
      call('($ ? null : $)', tie('bool'), tie('text')),
      call('$.lowerAscii()', tie('text')),
      call('$.upperAscii()', tie('text')),
      call('string($)', tie('number')),
      call('string($)', tie('bool')),
    );
  const numberOf = (tie: Tie) =>
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('record.weight', 'wool', 'farm.acres'),
      numeral,
      infix(tie('number'), ['+', '-', '*', '/'], tie('number')),
      call('-($)', tie('number')),
      call('($ ? $ : $)', tie('bool'), tie('number'), tie('number')),
      call('size($)', tie('text')),
      call('size($)', tie('list')),
      fc
        .tuple(fc.constantFrom('abs', 'floor', 'ceil', 'round'), tie('number'))
        .map(([f, x]) => `math.${f}(${x})`),
      call('int($)', tie('number')),
      fc
        .tuple(
          tie('time'),
          fc.constantFrom(
            'FullYear',
            'Month',
            'Date',
            'DayOfMonth',
            'DayOfWeek',
            'DayOfYear',
            'Hours',
            'Minutes',
          ),
        )
        .map(([at, part]) => `${at}.get${part}()`),
      fc.tuple(tie('span'), fc.constantFrom('Hours', 'Minutes', 'Seconds')).map(([s, p]) => `${s}.get${p}()`),
    );
  const boolOf = (tie: Tie) =>
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'black',
        'true',
        'has(nick)',
        'has(marks)',
        'marks != null',
        'owner == me',
        'me != owner',
      ),
      fc.constantFrom(
        'owner in myTeams',
        'record.farm.boss == me',
        'farm.boss in myTeams',
        'owner == farm.boss',
      ),
      infix(tie('bool'), ['&&', '||', '==', '!='], tie('bool')),
      call('!$', tie('bool')),
      infix(tie('text'), comparisons, tie('text')),
      infix(tie('number'), comparisons, tie('number')),
      infix(tie('time'), comparisons, tie('time')),
      infix(tie('span'), comparisons, tie('span')),
      infix(tie('text'), ['==', '!='], fc.constant('null')),
      infix(fc.constant('null'), ['==', '!='], tie('number')),
      infix(tie('text'), ['in'], tie('list')),
      call('$ in [$, $]', tie('number'), tie('number'), tie('number')).map(text => `(${text})`),
      call('$.contains($)', tie('text'), tie('text')),
      call('$.startsWith($)', tie('text'), tie('text')),
      call('$.endsWith($)', tie('text'), tie('text')),
      fc
        .tuple(
          tie('text'),
          fc.constantFrom('^a', 'b$', '[a-z]+', '^.$', 'a.b', '\\\\s', '(a|b){2}', '[^A-Z\\\\d]', '\\\\w'),
        )
        .map(([text, pattern]) => `${text}.matches("${pattern}")`),
    );
  const timeOf = (tie: Tie) =>
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('now', 'record.born', 'shorn', 'timestamp("2026-03-29")'),
      moments.map(moment => `timestamp("${moment}")`),
      infix(tie('time'), ['+', '-'], tie('span')),
      call('($ ? $ : null)', tie('bool'), tie('time')),
    );
  const spanOf = (tie: Tie) =>
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('duration("1h30m")', 'duration("-30d")', 'duration("0.5s")'),
      infix(tie('time'), ['-'], tie('time')),
      infix(tie('span'), ['+', '-'], tie('span')),
    );
  const listOf = (tie: Tie) =>
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('marks', 'farm.crops', 'myTeams'),
      call('[$, $]', tie('text'), tie('text')),
    );
  const expressions = fc.letrec<Kinds>(tie => ({
    text: textOf(tie as Tie),
    number: numberOf(tie as Tie),
    bool: boolOf(tie as Tie),
    time: timeOf(tie as Tie),
    span: spanOf(tie as Tie),
    list: listOf(tie as Tie),
  }));

  const accepted = (source: string) => !(readExpression(source, names) instanceof Refusal);
  const runs = Number(process.env.FARLEY_TEST_RUNS ?? 400);

  test.each(['text', 'number', 'bool', 'time'] as const)('on every %s', async kind => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(expressions[kind], rows, async (source, record) => {
        fc.pre(accepted(source));
        checked++;
        expect(await pg(source, record)).toEqual(js(source, record));
      }),
      { numRuns: runs },
    );
    expect(checked).toBe(runs);
  });
});
