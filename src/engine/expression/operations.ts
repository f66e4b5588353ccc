/**
 * What expressions can do: each operation once in JavaScript and once in SQL, side by side, because the two must agree
 * on every value. Nothing here ever throws, in either language, on any value of the right kind.
 *
 * Null, the same in both:
 * - A comparison (`==`, `<`, `in`, `contains` …) with a missing value is false. `!=` is the exact opposite of `==`, so it
 *   is then true. Null equals nothing but the word `null`: a record without owner does not belong to an actor without id.
 * - Arithmetic, joining of text and functions of a missing value are null.
 * - In `&&`, `||`, `!` and before `?` a missing value counts as false. Lists are never missing, only empty.
 * - What cannot be computed (division by zero, a number beyond 1e100, a step over 4,000 years) is null.
 */
import { type Sql, sql } from '../sql.ts';
import type { Kind, Value } from './node.ts';

export interface Operation {
  name: string;
  takes: Kind[];
  yields: Kind;
  js(...args: Value[]): Value;
  sql(...args: Sql[]): Sql;
}

/** Numbers of this size and more are errors, long before PostgreSQL would complain of an overflow. */
const largest = 1e100;
/** Adding and taking away this number turns into zero what might make PostgreSQL complain of an underflow. */
const speck = 1e-80;
/** 4,000 years in milliseconds: year 1 less this is still a time to PostgreSQL, which begins in 4713 BC. */
const longest = 126_230_400_000_000;

/** `x`, or null where it is too large to compute with. */
export function bounded(x: number, limit = largest): number | null {
  const flushed = x + speck - speck;
  return flushed > -limit && flushed < limit ? flushed : null;
}

/** The same in SQL. */
export function boundedSql(x: Sql, limit = largest): Sql {
  const flushed = sql`(${x} + ${speck}::float8) - ${speck}::float8`;
  return withinSql(flushed, sql`-${limit}::float8`, sql`${limit}::float8`);
}

/** Null outside the bounds. Mentions `x` once, so that nested expressions stay small; a null goes by way of `low`. */
function withinSql(x: Sql, low: Sql, high: Sql): Sql {
  return sql`nullif(nullif(least(greatest(${x}, ${low}), ${high}), ${high}), ${low})`;
}

/** Lifts a function of present values: null as soon as one argument is. */
function strict<A extends Value[]>(of: (...args: { [K in keyof A]: NonNullable<A[K]> }) => Value) {
  return (...args: Value[]): Value =>
    args.includes(null) ? null : (of as unknown as (...args: Value[]) => Value)(...args);
}

/** Lifts a test of present values: false as soon as one argument is null. */
function test<A extends Value[]>(of: (...args: { [K in keyof A]: NonNullable<A[K]> }) => boolean) {
  const lifted = strict(of);
  return (...args: Value[]): Value => lifted(...args) ?? false;
}

/** Order of code points, as PostgreSQL's collation "C" has it. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The shortest decimal text that restores `x`, without an exponent. */
export function decimalText(x: number): string {
  const [mantissa = '', exponent] = String(x).split('e');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const truthy = (x: Sql) => sql`coalesce(${x}, false)`;
const comparable: Kind[] = ['double', 'string', 'timestamp', 'duration'];
const scalar: Kind[] = [...comparable, 'bool'];

function define(
  name: string,
  takes: Kind[],
  yields: Kind,
  js: Operation['js'],
  toSql: Operation['sql'],
): Operation {
  return { name, takes, yields, js, sql: toSql };
}

const logic: Operation[] = [
  define(
    '&&',
    ['bool', 'bool'],
    'bool',
    (a, b) => a === true && b === true,
    (a, b) => sql`(${truthy(a!)} and ${truthy(b!)})`,
  ),
  define(
    '||',
    ['bool', 'bool'],
    'bool',
    (a, b) => a === true || b === true,
    (a, b) => sql`(${truthy(a!)} or ${truthy(b!)})`,
  ),
  define(
    '!',
    ['bool'],
    'bool',
    a => a !== true,
    a => sql`(${a!} is not true)`,
  ),
];

const equality: Operation[] = scalar.flatMap(kind => [
  define(
    '==',
    [kind, kind],
    'bool',
    test<[Value, Value]>((a, b) => a === b),
    (a, b) => truthy(sql`(${a!} = ${b!})`),
  ),
  define(
    '!=',
    [kind, kind],
    'bool',
    (a, b) => a === null || b === null || a !== b,
    (a, b) => sql`((${a!} = ${b!}) is not true)`,
  ),
  define(
    'in',
    [kind, 'list'],
    'bool',
    test<[string, string[]]>((a, list) => list.includes(a)),
    (a, list) => truthy(sql`(${a!} = any(${list!}))`),
  ),
]);

const presence: Operation[] = [...scalar, 'list' as const].flatMap(kind => {
  const missing = (x: Value | undefined) =>
    Array.isArray(x) ? x.length === 0 : x === null || x === undefined;
  const has = (x: Sql) => (kind === 'list' ? sql`(cardinality(${x}) > 0)` : sql`(${x} is not null)`);
  const hasNot = (x: Sql) => (kind === 'list' ? sql`(cardinality(${x}) = 0)` : sql`(${x} is null)`);
  return [
    define(
      'has',
      [kind],
      'bool',
      x => !missing(x),
      x => has(x!),
    ),
    define(
      '==',
      [kind, 'null'],
      'bool',
      x => missing(x),
      x => hasNot(x!),
    ),
    define(
      '!=',
      [kind, 'null'],
      'bool',
      x => !missing(x),
      x => has(x!),
    ),
    define(
      '==',
      ['null', kind],
      'bool',
      (_, x) => missing(x),
      (_, x) => hasNot(x!),
    ),
    define(
      '!=',
      ['null', kind],
      'bool',
      (_, x) => !missing(x),
      (_, x) => has(x!),
    ),
  ];
});

const signs: [string, (sign: number) => boolean, Sql][] = [
  ['<', sign => sign < 0, sql`<`],
  ['<=', sign => sign <= 0, sql`<=`],
  ['>', sign => sign > 0, sql`>`],
  ['>=', sign => sign >= 0, sql`>=`],
];

const order: Operation[] = signs.flatMap(([name, holds, sign]) =>
  comparable.map(kind =>
    kind === 'string'
      ? define(
          name,
          [kind, kind],
          'bool',
          test<[string, string]>((a, b) => holds(compareText(a, b))),
          (a, b) => truthy(sql`((${a!} collate "C") ${sign} ${b!})`),
        )
      : define(
          name,
          [kind, kind],
          'bool',
          test<[number, number]>((a, b) => holds(a < b ? -1 : a > b ? 1 : 0)),
          (a, b) => truthy(sql`(${a!} ${sign} ${b!})`),
        ),
  ),
);

const numbers: Operation[] = [
  define(
    '+',
    ['double', 'double'],
    'double',
    strict<[number, number]>((a, b) => bounded(a + b)),
    (a, b) => boundedSql(sql`(${a!} + ${b!})`),
  ),
  define(
    '-',
    ['double', 'double'],
    'double',
    strict<[number, number]>((a, b) => bounded(a - b)),
    (a, b) => boundedSql(sql`(${a!} - ${b!})`),
  ),
  define(
    '*',
    ['double', 'double'],
    'double',
    strict<[number, number]>((a, b) => bounded(a * b)),
    (a, b) => boundedSql(sql`(${a!} * ${b!})`),
  ),
  define(
    '/',
    ['double', 'double'],
    'double',
    strict<[number, number]>((a, b) => (b === 0 ? null : bounded(a / b))),
    (a, b) => boundedSql(sql`(${a!} / nullif(${b!}, 0::float8))`),
  ),
  define(
    'negate',
    ['double'],
    'double',
    strict<[number]>(a => 0 - a),
    a => sql`(0::float8 - ${a!})`,
  ),
  define(
    'abs',
    ['double'],
    'double',
    strict<[number]>(a => Math.abs(a)),
    a => sql`abs(${a!})`,
  ),
  define(
    'floor',
    ['double'],
    'double',
    strict<[number]>(a => Math.floor(a) + 0),
    a => sql`(floor(${a!}) + 0::float8)`,
  ),
  define(
    'ceil',
    ['double'],
    'double',
    strict<[number]>(a => Math.ceil(a) + 0),
    a => sql`(ceil(${a!}) + 0::float8)`,
  ),
  define(
    'round',
    ['double'],
    'double',
    strict<[number]>(a => Math.floor(a + 0.5) + 0),
    a => sql`(floor(${a!} + 0.5::float8) + 0::float8)`,
  ),
  define(
    'int',
    ['double'],
    'double',
    strict<[number]>(a => Math.trunc(a) + 0),
    a => sql`(trunc(${a!}) + 0::float8)`,
  ),
  define(
    'double',
    ['double'],
    'double',
    a => a!,
    a => a!,
  ),
];

const texts: Operation[] = [
  define(
    '+',
    ['string', 'string'],
    'string',
    strict<[string, string]>((a, b) => a + b),
    (a, b) => sql`(${a!} || ${b!})`,
  ),
  define(
    'contains',
    ['string', 'string'],
    'bool',
    test<[string, string]>((a, b) => a.includes(b)),
    (a, b) => truthy(sql`(strpos(${a!}, ${b!}) > 0)`),
  ),
  define(
    'startsWith',
    ['string', 'string'],
    'bool',
    test<[string, string]>((a, b) => a.startsWith(b)),
    (a, b) => truthy(sql`starts_with(${a!}, ${b!})`),
  ),
  define(
    'endsWith',
    ['string', 'string'],
    'bool',
    test<[string, string]>((a, b) => a.endsWith(b)),
    (a, b) => truthy(sql`starts_with(reverse(${a!}), reverse(${b!}))`),
  ),
  define(
    'size',
    ['string'],
    'double',
    strict<[string]>(a => [...a].length),
    a => sql`char_length(${a!})::float8`,
  ),
  define(
    'size',
    ['list'],
    'double',
    strict<[string[]]>(a => a.length),
    a => sql`cardinality(${a!})::float8`,
  ),
  define(
    'lowerAscii',
    ['string'],
    'string',
    strict<[string]>(a => a.replace(/[A-Z]+/g, letters => letters.toLowerCase())),
    a => sql`lower(${a!} collate "C")`,
  ),
  define(
    'upperAscii',
    ['string'],
    'string',
    strict<[string]>(a => a.replace(/[a-z]+/g, letters => letters.toUpperCase())),
    a => sql`upper(${a!} collate "C")`,
  ),
  define(
    'string',
    ['double'],
    'string',
    strict<[number]>(decimalText),
    a => sql`trim_scale((${a!})::text::numeric)::text`,
  ),
  define('string', ['bool'], 'string', strict<[boolean]>(String), a => sql`(${a!})::text`),
  define(
    'string',
    ['string'],
    'string',
    a => a!,
    a => a!,
  ),
];

/** What has no year of four digits is an error. */
const earliest = '0001-01-01T00:00:00.000Z';
const latest = '9999-12-31T00:00:00.000Z';

function shifted(at: number, by: number): number | null {
  const span = bounded(by, longest);
  if (span === null) return null;
  return at + span > Date.parse(earliest) && at + span < Date.parse(latest) ? at + span : null;
}

/** PostgreSQL keeps microseconds, of which a product over centuries loses some: rounded to the millisecond it is exact. */
function shiftedSql(at: Sql, by: Sql): Sql {
  const span = sql`${boundedSql(by, longest)} * interval '1 millisecond'`;
  const sum = sql`date_trunc('milliseconds', ${at} + ${span} + interval '500 microseconds')`;
  return withinSql(sum, sql`${earliest}::timestamptz`, sql`${latest}::timestamptz`);
}

const times: Operation[] = [
  define('+', ['timestamp', 'duration'], 'timestamp', strict<[number, number]>(shifted), (a, b) =>
    shiftedSql(a!, b!),
  ),
  define(
    '+',
    ['duration', 'timestamp'],
    'timestamp',
    strict<[number, number]>((a, b) => shifted(b, a)),
    (a, b) => shiftedSql(b!, a!),
  ),
  define(
    '-',
    ['timestamp', 'duration'],
    'timestamp',
    strict<[number, number]>((a, b) => shifted(a, -b)),
    (a, b) => shiftedSql(a!, sql`-(${b!})`),
  ),
  define(
    '-',
    ['timestamp', 'timestamp'],
    'duration',
    strict<[number, number]>((a, b) => a - b),
    (a, b) => sql`((extract(epoch from ${a!}) - extract(epoch from ${b!})) * 1000)::float8`,
  ),
  define(
    '+',
    ['duration', 'duration'],
    'duration',
    strict<[number, number]>((a, b) => a + b),
    (a, b) => sql`(${a!} + ${b!})`,
  ),
  define(
    '-',
    ['duration', 'duration'],
    'duration',
    strict<[number, number]>((a, b) => a - b),
    (a, b) => sql`(${a!} - ${b!})`,
  ),
];

const whole: [string, number][] = [
  ['getHours', 3_600_000],
  ['getMinutes', 60_000],
  ['getSeconds', 1_000],
];

const spans: Operation[] = whole.map(([name, unit]) =>
  define(
    name,
    ['duration'],
    'double',
    strict<[number]>(a => Math.trunc(a / unit) + 0),
    a => sql`(trunc(${a!} / ${unit}::float8) + 0::float8)`,
  ),
);

const day = 86_400_000;
/** Parts of a time in UTC, counted as CEL counts them: months, days of the month and days of the year from 0. */
const parts: [string, (at: Date) => number, Sql][] = [
  ['getFullYear', at => at.getUTCFullYear(), sql`year`],
  ['getMonth', at => at.getUTCMonth(), sql`month`],
  ['getDate', at => at.getUTCDate(), sql`day`],
  ['getDayOfMonth', at => at.getUTCDate() - 1, sql`day`],
  ['getDayOfWeek', at => at.getUTCDay(), sql`dow`],
  ['getDayOfYear', at => Math.floor((at.getTime() - new Date(at).setUTCMonth(0, 1)) / day), sql`doy`],
  ['getHours', at => at.getUTCHours(), sql`hour`],
  ['getMinutes', at => at.getUTCMinutes(), sql`minute`],
];
const fromZero = new Set(['getMonth', 'getDayOfMonth', 'getDayOfYear']);

const clock: Operation[] = parts.map(([name, of, part]) =>
  define(
    name,
    ['timestamp'],
    'double',
    strict<[number]>(at => of(new Date(at))),
    at => {
      const value = sql`extract(${part} from (${at!}) at time zone 'UTC')::float8`;
      return fromZero.has(name) ? sql`(${value} - 1::float8)` : value;
    },
  ),
);

/** `condition ? a : b`, for branches of one kind. */
export const choose = (kind: Kind): Operation =>
  define(
    '?:',
    ['bool', kind, kind],
    kind,
    (condition, a, b) => (condition === true ? a! : b!),
    (condition, a, b) => sql`(case when ${condition!} then ${a!} else ${b!} end)`,
  );

export const operations: Operation[] = [
  ...logic,
  ...equality,
  ...presence,
  ...order,
  ...numbers,
  ...texts,
  ...times,
  ...spans,
  ...clock,
];

const byName = Map.groupBy(operations, operation => operation.name);

/** All forms of an operation, by its name. */
export function formsOf(name: string): Operation[] {
  return byName.get(name) ?? [];
}
