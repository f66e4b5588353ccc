/** Reading list requests: `filter[field][op]=value`, `sort`, `fields` … from the address, or the same as a JSON body. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import { parseScopeOf } from '../records/draft.ts';
import type { Filter } from '../records/filter.ts';
import type { Query } from '../records/read.ts';
import { compileInput } from './validate.ts';

/** The object whose plural stands in the address. Throws `unknownRoute`. */
export function objectAt({ ctx, params }: FastifyRequest): ObjectModel {
  const { path } = params as { path: string };
  const object = ctx.model.paths.get(path);
  if (!object) throw new FarleyError('unknownRoute', `There is nothing called ${path}.`);
  return object;
}

const names = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 });

export const QueryBody = Type.Object(
  {
    filter: Type.Optional(
      Type.Unsafe<Filter>(
        Type.Object(
          {},
          {
            description:
              'and/or/not groups, or { field, op, value }; fields may be paths over relations. Of a path that ends in a relation, `some` and `none` take a filter that one record there meets as a whole, or none does.',
          },
        ),
      ),
    ),
    q: Type.Optional(Type.String({ maxLength: 500, description: 'Words to find.' })),
    sort: Type.Optional(names),
    fields: Type.Optional(names),
    include: Type.Optional(names),
    limit: Type.Optional(Type.Integer()),
    after: Type.Optional(Type.String({ description: 'What `next` said.' })),
    asOf: Type.Optional(Type.String({ description: 'ISO 8601: the state of that moment.' })),
    count: Type.Optional(
      Type.Union([Type.Literal('exact'), Type.Literal('estimated'), Type.Literal('none')]),
    ),
    trash: Type.Optional(Type.Literal('only')),
  },
  { additionalProperties: false },
);

/** The body of `POST …/search`. */
export const readQueryBody = compileInput<Query>(QueryBody);

const single = new Set(['q', 'limit', 'after', 'asOf', 'count', 'trash']);
const lists = new Set(['sort', 'fields', 'include']);

/** The query string of a list or of one record. */
export function readQueryString(ctx: Context, object: ObjectModel, query: Record<string, unknown>): Query {
  const body: Record<string, unknown> = {};
  const conditions: Filter[] = [];
  for (const [key, raw] of Object.entries(query)) {
    const value = Array.isArray(raw) ? raw.join(',') : String(raw);
    const match = /^filter\[([^\]]+)\](?:\[([^\]]+)\])?$/.exec(key);
    if (match) conditions.push(condition(ctx, object, match[1]!, match[2] ?? 'is', value));
    else if (key === 'filter') conditions.push(jsonFilter(value));
    else if (single.has(key)) body[key] = key === 'limit' ? Number(value) : value;
    else if (lists.has(key)) body[key] = value.split(',').filter(Boolean);
    else throw unknownParameter(key, Object.keys(QueryBody.properties));
  }
  if (conditions.length > 0) body.filter = conditions.length === 1 ? conditions[0] : { and: conditions };
  return readQueryBody(body);
}

function jsonFilter(text: string): Filter {
  try {
    return JSON.parse(text) as Filter;
  } catch {
    throw new FarleyError(
      'invalidQuery',
      '`filter` is JSON; single conditions are written filter[field][op]=value.',
    );
  }
}

/** Operands in an address are text; the field's type reads them as it reads the cells of a file. */
function condition(ctx: Context, object: ObjectModel, path: string, op: string, text: string): Filter {
  const field = fieldAt(ctx, object, path.split('.'));
  const operator = field?.type.operators[op];
  if (!field || !operator || operator.operand === 'none') return { field: path, op };
  if (operator.operand === 'period') return { field: path, op, value: jsonOrText(text) };
  if (operator.parse)
    return { field: path, op, value: operator.operand === 'many' ? text.split(',') : jsonOrText(text) };
  const read = (part: string): Json => {
    const value = field.type.parseText?.(part, field, parseScopeOf(ctx)) ?? part;
    if (!(value instanceof Refusal)) return value;
    const pointer = `/filter/${path}`;
    throw new FarleyError('invalidQuery', value.message, {
      problems: [{ pointer, code: value.code, message: value.message }],
    });
  };
  if (operator.operand === 'many' || operator.operand === 'range')
    return { field: path, op, value: text.split(',').map(read) };
  return { field: path, op, value: read(text) };
}

/** The `limit` of a request that is not a list of records. */
export function limitOf(request: FastifyRequest, byDefault: number, most = 1_000): number {
  const { limit } = request.query as { limit?: string };
  if (limit === undefined) return byDefault;
  const wanted = Number(limit);
  if (Number.isInteger(wanted) && wanted >= 1) return Math.min(wanted, most);
  const message = `\`limit\` is a whole number from 1 to ${most}.`;
  throw new FarleyError('invalidQuery', message, {
    problems: [{ pointer: '/limit', code: 'outOfRange', message }],
  });
}

/**
 * Refuses what a route does not know, and what is given twice: a misspelt parameter that is passed over in silence
 * answers another question than was asked.
 */
export function checkParameters(request: FastifyRequest, known: string[]) {
  for (const [key, value] of Object.entries(request.query as Record<string, unknown>)) {
    const condition = known.includes('filter') && key.startsWith('filter[');
    if (!condition && !known.includes(key)) throw unknownParameter(key, known);
    if (!Array.isArray(value) || condition || lists.has(key)) continue;
    const message = `\`${key}\` is given more than once.`;
    throw new FarleyError('invalidQuery', message, {
      problems: [{ pointer: `/${key}`, code: 'givenTwice', message }],
    });
  }
}

function jsonOrText(text: string): Json {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The field at the end of a path over relations. */
function fieldAt(ctx: Context, object: ObjectModel, path: string[]): Field | null {
  let at = object;
  for (const [index, step] of path.entries()) {
    const field = at.fields.get(step);
    if (index === path.length - 1) return field ?? null;
    const to = (field && relationOf(field)?.to) ?? at.inverses.get(step)?.object;
    const next = to ? ctx.model.objects.get(to) : undefined;
    if (!next) return null;
    at = next;
  }
  return null;
}

function unknownParameter(key: string, known: string[]): FarleyError {
  const message = `There is no parameter ${key}. Known: ${known.join(', ') || 'none'}.`;
  return new FarleyError('invalidQuery', message, {
    problems: [{ pointer: `/${key}`, code: 'unknownParameter', message }],
  });
}
