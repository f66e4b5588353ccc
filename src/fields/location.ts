import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type Json,
  type Operator,
  type ParseScope,
  Refusal,
  refuse,
  sql,
} from '../engine/index.ts';
import { emptiness } from './operators.ts';

/** A point on earth, in degrees. */
export type Point = { latitude: number; longitude: number };

const earth = 6371.0088;
const radians = Math.PI / 180;

/** Kilometres between two points along the surface. */
export function distance(a: Point, b: Point): number {
  const lat = Math.sin(((b.latitude - a.latitude) * radians) / 2) ** 2;
  const lon = Math.sin(((b.longitude - a.longitude) * radians) / 2) ** 2;
  const part = lat + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * lon;
  return 2 * earth * Math.asin(Math.sqrt(Math.min(1, part)));
}

/** Reads a point, or `48.2082, 16.3738`. */
export function parsePoint(input: unknown, label: string): Point | Refusal {
  const pair =
    typeof input === 'string' ? /^\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(input) : null;
  const given: Record<string, unknown> = pair
    ? { latitude: Number(pair[1]), longitude: Number(pair[2]) }
    : typeof input === 'object' && input !== null
      ? (input as Record<string, unknown>)
      : {};
  const { latitude, longitude } = given;
  const fits = (value: unknown, most: number): value is number =>
    typeof value === 'number' && Math.abs(value) <= most;
  if (fits(latitude, 90) && fits(longitude, 180))
    return { latitude: latitude || 0, longitude: longitude || 0 };
  return refuse(
    'notALocation',
    `${label} takes a latitude from -90 to 90 and a longitude from -180 to 180, such as {"latitude": 48.2082, "longitude": 16.3738}.`,
  );
}

type Circle = Point & { kilometres: number };

function circle(input: unknown, field: Field, _scope: ParseScope): Json | Refusal {
  const given = (typeof input === 'object' ? input : null) as Record<string, unknown> | null;
  const point = parsePoint(input, field.label);
  if (point instanceof Refusal) return point;
  const kilometres = Number(given?.kilometres);
  if (kilometres > 0 && kilometres < 30_000) return { ...point, kilometres };
  return refuse(
    'wrongOperand',
    'Give a point and a distance: {"latitude": 48.2, "longitude": 16.4, "kilometres": 10}.',
  );
}

const within: Operator<Point> = {
  label: 'is within',
  operand: 'one',
  parse: circle,
  sql: (cell, operand) => {
    const { latitude, longitude, kilometres } = operand as Circle;
    const lat = sql`sin(radians(${cell('latitude')} - ${latitude}::double precision) / 2) ^ 2`;
    const lon = sql`sin(radians(${cell('longitude')} - ${longitude}::double precision) / 2) ^ 2`;
    const cosines = sql`cos(radians(${latitude}::double precision)) * cos(radians(${cell('latitude')}))`;
    return sql`${2 * earth}::double precision * asin(sqrt(least(1, ${lat} + ${cosines} * ${lon}))) <= ${kilometres}::double precision`;
  },
  test: (value, operand) => distance(value, operand as Circle) <= (operand as Circle).kilometres,
};

/** A point on earth. */
export const locationType: FieldType<Point> = {
  name: 'location',
  label: 'Location',
  help: 'A point on the map, by latitude and longitude.',
  icon: 'map-pin',
  storage: {
    kind: 'columns',
    columns: [
      { suffix: 'latitude', type: 'double precision' },
      { suffix: 'longitude', type: 'double precision' },
    ],
    put: value => [value?.latitude ?? null, value?.longitude ?? null],
    restore: json => [
      sql`(${json} ->> 'latitude')::double precision`,
      sql`(${json} ->> 'longitude')::double precision`,
    ],
  },
  schema: () =>
    Type.Object({
      latitude: Type.Number({ minimum: -90, maximum: 90 }),
      longitude: Type.Number({ minimum: -180, maximum: 180 }),
    }),
  parse: (input, field) => parsePoint(input, field.label),
  format: value => `${value.latitude}, ${value.longitude}`,
  json: cell =>
    sql`case when ${cell()} is null then null else json_build_object('latitude', ${cell('latitude')}, 'longitude', ${cell('longitude')}) end`,
  text: cell => sql`${cell('latitude')}::text || ', ' || ${cell('longitude')}::text`,
  operators: {
    within,
    is: {
      label: 'is',
      operand: 'one',
      sql: (cell, operand) => {
        const { latitude, longitude } = operand as Point;
        return sql`(${cell('latitude')} = ${latitude}::double precision and ${cell('longitude')} = ${longitude}::double precision)`;
      },
      test: (value, operand) =>
        value.latitude === (operand as Point).latitude && value.longitude === (operand as Point).longitude,
    },
    ...emptiness<Point>(),
  },
  samples: [
    { input: '48.2082, 16.3738', value: { latitude: 48.2082, longitude: 16.3738 }, text: '48.2082, 16.3738' },
    {
      input: { latitude: -33.8688, longitude: 151.2093 },
      value: { latitude: -33.8688, longitude: 151.2093 },
      text: '-33.8688, 151.2093',
    },
    { input: { latitude: 0, longitude: -180 }, value: { latitude: 0, longitude: -180 }, text: '0, -180' },
  ],
  refused: [
    { input: { latitude: 91, longitude: 0 }, code: 'notALocation' },
    { input: 'Vienna', code: 'notALocation' },
    { input: { latitude: '48', longitude: '16' }, code: 'notALocation' },
  ],
};

/** A point on earth: `where: location()`. */
export const location = fieldOf(locationType);
