import { Type } from 'typebox';
import {
  type Cell,
  type Field,
  type FieldType,
  fieldOf,
  type Json,
  type Operator,
  Refusal,
  refuse,
  type Sql,
  sql,
} from '../engine/index.ts';
import { countryName, findCountry, parseCountry } from './country.ts';
import { parsePoint } from './location.ts';
import { emptiness, equality, fold, type Operators, textual } from './operators.ts';
import { cleanLine } from './reading.ts';

/** A postal address, as far as it is known, and where it lies. */
export type Address = {
  street?: string;
  city?: string;
  region?: string;
  postalCode?: string;
  /** ISO 3166 alpha-2. */
  country?: string;
  latitude?: number;
  longitude?: number;
};

const lines = ['street', 'city', 'region', 'postalCode'] as const;
const columns = [
  { suffix: 'street', type: 'text' },
  { suffix: 'city', type: 'text' },
  { suffix: 'region', type: 'text' },
  { suffix: 'postal_code', type: 'text' },
  { suffix: 'country', type: 'text' },
  { suffix: 'latitude', type: 'double precision' },
  { suffix: 'longitude', type: 'double precision' },
];
const keys = [...lines, 'country', 'latitude', 'longitude'] as const;

const isNull = (cell: Cell) => sql`num_nonnulls(${sql.join(columns.map(column => cell(column.suffix)))}) = 0`;

function wrong(field: Field, at = ''): Refusal {
  return refuse(
    'notAnAddress',
    `${field.label} takes an address such as {"street": "Ring 1", "postalCode": "1010", "city": "Wien", "country": "AT"}.`,
    at,
  );
}

function parse(input: unknown, field: Field): Address | null | Refusal {
  if (typeof input === 'string') return parseText(input, field);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return wrong(field);
  const given = input as Record<string, unknown>;
  const address: Address = {};
  for (const line of lines) {
    const text = readLine(given[line] ?? '');
    if (text === null) return wrong(field, `/${line}`);
    if (text) address[line] = text;
  }
  const place = readPlace(given, field);
  if (place instanceof Refusal) return place;
  Object.assign(address, place);
  return Object.keys(address).length ? address : null;
}

/** One line of an address: line breaks become commas, so that the text form brings it back. Null when it is none. */
function readLine(part: unknown): string | null {
  if ((typeof part !== 'string' && typeof part !== 'number') || String(part).length > 1000) return null;
  const rows = String(part)
    .split('\n')
    .map(row => row.trim().replace(/,$/, '').trimEnd());
  return cleanLine(rows.filter(row => row !== '').join(', '));
}

function readPlace(given: Record<string, unknown>, field: Field): Address | Refusal {
  const place: Address = {};
  if ((given.country ?? '') !== '') {
    const country = parseCountry(given.country, field.label);
    if (country instanceof Refusal) return refuse(country.code, country.message, '/country');
    place.country = country;
  }
  if ((given.latitude ?? given.longitude ?? null) === null) return place;
  const where = parsePoint({ latitude: given.latitude, longitude: given.longitude }, field.label);
  return where instanceof Refusal
    ? refuse(where.code, where.message, '/latitude')
    : Object.assign(place, where);
}

/** Letters of an address in one text: more than its lines can hold together. */
const longestText = 5_000;
const point = /\s*\((-?\d+(?:\.\d+)?, -?\d+(?:\.\d+)?)\)$/;
/** `1010 Wien`, `SW1A 1AA London`: a code with a digit in it, then a place. */
const codeAndCity = /^((?:[A-Z]{1,3}-)?[A-Z\d]*\d[A-Z\d]*(?:[ -][A-Z\d]*\d[A-Z\d]*)?) (\D.*)$/;

/**
 * Reads an address on one line as `format` writes it, and most others: street, code and city, region, country. What
 * cannot be told apart stays together as the street, so that nothing is lost.
 */
function parseText(text: string, field: Field): Address | null | Refusal {
  if (text.length > longestText) return wrong(field);
  const where = point.exec(text);
  const parts = (where ? text.slice(0, where.index) : text)
    .split(/\s*[,\n]\s*/)
    .map(part => part.trim())
    .filter(part => part !== '');
  const place: Record<string, unknown> = where ? { ...(parsePoint(where[1], field.label) as object) } : {};
  const country = parts.length > 0 ? findCountry(parts.at(-1)!) : null;
  if (country) {
    place.country = country;
    parts.pop();
  }
  const city = parts.findLastIndex(
    (part, index) => codeAndCity.test(part) && (index > 0 || parts.length === 1),
  );
  if (city < 0) return parse({ ...place, street: parts.join(', ') }, field);
  const [, postalCode, name] = codeAndCity.exec(parts[city]!)!;
  const street = parts.slice(0, city).join(', ');
  return parse({ ...place, street, postalCode, city: name, region: parts.slice(city + 1).join(', ') }, field);
}

function format(value: Address): string {
  const { street, city, region, postalCode, country, latitude, longitude } = value;
  const place = [postalCode, city].filter(part => part).join(' ');
  const line = [street, place, region, country && countryName(country, 'en')];
  const where = latitude === undefined ? [] : [`(${latitude}, ${longitude})`];
  const words = line.filter(part => part).join(', ');
  return [...(words ? [words] : []), ...where].join(' ');
}

function text(cell: Cell): Sql {
  const place = sql`nullif(concat_ws(' ', ${cell('postal_code')}, ${cell('city')}), '')`;
  return sql`nullif(concat_ws(', ', ${cell('street')}, ${place}, ${cell('region')}, ${cell('country')}), '')`;
}

function textOf(value: Address): string {
  const place = [value.postalCode, value.city].filter(part => part).join(' ');
  return [value.street, place, value.region, value.country].filter(part => part).join(', ');
}

/** An operator on one part, which holds for no address that lacks it. */
function ofPart(operator: Operator<string>, part: 'city' | 'country', label: string): Operator<Address> {
  return {
    label,
    operand: operator.operand,
    ...(operator.parse ? { parse: operator.parse } : {}),
    sql: (cell, operand, field, scope) => operator.sql(() => cell(part), operand, field, scope),
    test: (value, operand, field, scope) =>
      value[part] !== undefined && operator.test(value[part], operand, field, scope),
  };
}

const same = equality<string>({ type: 'text', key: value => value });
const inText = textual<string>(value => value);

function countries(input: unknown, field: Field): Json | Refusal {
  const found: string[] = [];
  for (const item of Array.isArray(input) ? input : [input]) {
    const country = parseCountry(item, field.label);
    // Looking for what was meant takes time: once, not for each of thousands.
    if (country instanceof Refusal) return country;
    found.push(country);
  }
  return found;
}

const contains = textual<Address>(textOf, cell => sql`coalesce(${text(cell)}, '')`);
const operators: Operators<Address> = {
  contains: contains.contains!,
  notContains: contains.notContains!,
  cityIs: ofPart(whole(inText.contains!), 'city', 'has the city'),
  countryIs: ofPart(
    { ...same.is!, parse: (input, field) => parseCountry(input, field.label) },
    'country',
    'is in the country',
  ),
  countryIsAnyOf: ofPart({ ...same.isAnyOf!, parse: countries }, 'country', 'is in any of the countries'),
  ...emptiness<Address>(isNull),
};

/** The whole text, whatever the case. */
function whole(like: Operator<string>): Operator<string> {
  return {
    ...like,
    sql: (cell, operand) => sql`lower(${cell()}) = lower(${operand}::text)`,
    test: (value, operand) => fold(value) === fold(operand as string),
  };
}

/** A postal address. */
export const addressType: FieldType<Address> = {
  name: 'address',
  label: 'Address',
  help: 'Street, postal code, city, region and country, and the point on the map where it is known.',
  icon: 'map-2',
  storage: {
    kind: 'columns',
    columns,
    put: value => keys.map(key => value?.[key] ?? null),
    restore: json =>
      columns.map((column, index) => sql`(${json} ->> ${sql.lit(keys[index]!)})::${sql.raw(column.type)}`),
  },
  schema: () =>
    Type.Object({
      ...Object.fromEntries(lines.map(line => [line, Type.Optional(Type.String())])),
      country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
      latitude: Type.Optional(Type.Number()),
      longitude: Type.Optional(Type.Number()),
    }),
  inputSchema: () => Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String()]),
  parse,
  parseText,
  format,
  json: cell => {
    const parts = columns.map((column, index) => sql`${sql.lit(keys[index]!)}, ${cell(column.suffix)}`);
    return sql`case when ${isNull(cell)} then null else json_strip_nulls(json_build_object(${sql.join(parts)})) end`;
  },
  text,
  operators,
  sort: cell => [
    { sql: cell('country'), type: 'text' },
    { sql: sql`${cell('city')} collate "und-x-icu"`, type: 'text' },
    { sql: sql`${cell('street')} collate "und-x-icu"`, type: 'text' },
  ],
  group: cell => cell('country'),
  aggregates: {
    filled: { label: 'Number filled in', sql: cell => sql`count(*) filter (where not ${isNull(cell)})` },
  },
  vCard: value => [
    {
      name: 'ADR',
      value: ['', '', value.street, value.city, value.region, value.postalCode, value.country].map(
        part => part ?? '',
      ),
    },
  ],
  searchText: value =>
    keys
      .flatMap(key => (key === 'country' ? [] : (value[key] ?? [])))
      .filter(part => typeof part === 'string'),
  samples: [
    {
      input: { street: ' Kärntner Ring 1 ', city: 'Wien', postalCode: 1010, country: 'Österreich' },
      value: { street: 'Kärntner Ring 1', city: 'Wien', postalCode: '1010', country: 'AT' },
      text: 'Kärntner Ring 1, 1010 Wien, Austria',
    },
    { input: { country: 'us' }, value: { country: 'US' }, text: 'United States' },
    {
      input: {
        street: 'Suite 5\n1 Main_St 100%',
        postalCode: 'SW1A 1AA',
        city: 'London',
        region: 'Greater London',
        country: 'GB',
        latitude: 51.5,
        longitude: -0.12,
      },
      value: {
        street: 'Suite 5, 1 Main_St 100%',
        city: 'London',
        region: 'Greater London',
        postalCode: 'SW1A 1AA',
        country: 'GB',
        latitude: 51.5,
        longitude: -0.12,
      },
      text: 'Suite 5, 1 Main_St 100%, SW1A 1AA London, Greater London, United Kingdom (51.5, -0.12)',
    },
    {
      input: 'somewhere over the rainbow',
      value: { street: 'somewhere over the rainbow' },
      text: 'somewhere over the rainbow',
    },
  ],
  refused: [
    { input: { street: 'Ring 1', country: 'Austira' }, code: 'notACountry' },
    { input: { latitude: 99, longitude: 0 }, code: 'notALocation' },
    { input: ['Ring 1'], code: 'notAnAddress' },
    { input: { city: { name: 'Wien' } }, code: 'notAnAddress' },
  ],
};

/** A postal address: `billingAddress: address()`. */
export const address = fieldOf(addressType);
