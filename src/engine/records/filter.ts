/**
 * Filters: request → checked tree → SQL. Field types contribute the operators; relation paths become EXISTS with the
 * reach of the other object inside, so a filter never tells more than a list would.
 */

import { fieldRight, may, reach } from '../access/reach.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Field, Json, Operator } from '../field.ts';
import { isId } from '../id.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import type { Values } from '../object.ts';
import { and, or, type Sql, sql, yes } from '../sql.ts';
import { belowSql, hierarchyOf } from './below.ts';
import { cellOf, itemsOf, type Scope } from './scope.ts';

export type Filter =
  | { and: Filter[] }
  | { or: Filter[] }
  | { not: Filter }
  /**
   * `field` may be a path over relations: `company.sector`, `deals.stage`. Where it ends in one, `op` may be `some` or `none`
   * and `value` a filter that one record there meets as a whole, or none does.
   */
  | { field: string; op: string; value?: Json };

const maxDepth = 12;
const maxConditions = 200;

/** Compiles a filter to a predicate over the row of `scope`. Throws `invalidQuery` with a pointer to what is wrong. */
export function filterSql(filter: Filter, scope: Scope): Sql {
  const budget = { conditions: maxConditions };
  return compileNode(filter, scope, '/filter', 0, budget);
}

function compileNode(
  node: unknown,
  scope: Scope,
  at: string,
  depth: number,
  budget: { conditions: number },
): Sql {
  if (depth > maxDepth) throw bad(at, `Filters nest at most ${maxDepth} levels.`);
  if (!isObject(node)) throw bad(at, 'A filter is an object with `and`, `or`, `not`, or `field` and `op`.');
  const each = (key: 'and' | 'or') => {
    const parts = node[key];
    if (!Array.isArray(parts)) throw bad(`${at}/${key}`, `\`${key}\` takes a list of filters.`);
    return parts.map((part, index) => compileNode(part, scope, `${at}/${key}/${index}`, depth + 1, budget));
  };
  if ('and' in node) return and(each('and'));
  if ('or' in node) return or(each('or'));
  if ('not' in node)
    return sql`not coalesce(${compileNode(node.not, scope, `${at}/not`, depth + 1, budget)}, false)`;
  if (--budget.conditions < 0) throw bad(at, `A filter holds at most ${maxConditions} conditions.`);
  if (typeof node.field !== 'string' || typeof node.op !== 'string') {
    throw bad(
      at,
      'A condition has `field` and `op`, for instance {"field": "name", "op": "contains", "value": "ltd"}.',
    );
  }
  const path = node.field.split('.');
  const value = (node.value ?? null) as Json;
  if (node.op !== 'some' && node.op !== 'none') return condition(scope, path, node.op, value, at);
  const some = over(scope, path, at, inner => compileNode(value, inner, `${at}/value`, depth + 1, budget));
  return node.op === 'some' ? some : sql`not coalesce(${some}, false)`;
}

function condition(scope: Scope, path: string[], op: string, value: Json, at: string): Sql {
  const [head, ...rest] = path as [string, ...string[]];
  const field = scope.object.fields.get(head);
  // Places have a `within` of their own.
  if (rest.length === 0 && field && op === within.name && relationOf(field))
    return inTree(scope, readable(scope, field, at), value, at);
  if (rest.length === 0 && field) return own(scope, readable(scope, field, at), op, value, at);
  if (rest.length === 0 && scope.object.inverses.has(head)) return presence(scope, head, op, at);
  if (path.length > 4) throw tooLong(at);
  return over(scope, [head], at, inner => condition(inner, rest, op, value, at));
}

/** Whether a record in reach at the end of a path of relations is as `so` says. */
function over(scope: Scope, path: string[], at: string, so: (inner: Scope) => Sql): Sql {
  const [head, ...rest] = path as [string, ...string[]];
  if (path.length > 3) throw tooLong(at);
  const { join, scope: inner, object } = related(scope, head, at);
  const deeper = rest.length > 0 ? over(inner, rest, at, so) : so(inner);
  return sql`exists (select 1 from ${inner.source} where ${join} and ${sql.ref(`${inner.alias}.deleted_at`)} is null
    and ${reach(scope.ctx, object, 'read', inner)} and ${deeper})`;
}

function readable(scope: Scope, field: Field, at: string): Field {
  if (fieldRight(scope.ctx, field) === 'none') throw unknownField(scope, field.name, at);
  return field;
}

/** `deals empty`, `deals notEmpty`: whether anything links here. */
function presence(scope: Scope, relation: string, op: string, at: string): Sql {
  if (op !== 'empty' && op !== 'notEmpty')
    throw bad(at, `${relation} can be \`empty\`, \`notEmpty\`, \`some\` or \`none\`.`);
  const some = over(scope, [relation], at, () => yes);
  return op === 'empty' ? sql`not ${some}` : some;
}

/** A step over a relation: the other object in a scope of its own, and how its row joins ours. */
export function related(
  scope: Scope,
  name: string,
  at = '/filter',
): { object: ObjectModel; scope: Scope; join: Sql } {
  const { objects } = scope.ctx.model;
  const here = sql.ref(`${scope.alias}.id`);
  const inverse = scope.object.inverses.get(name);
  if (inverse) {
    const object = objects.get(inverse.object)!;
    const inner = scope.inner(object);
    const field = readable(inner, object.fields.get(inverse.field)!, at);
    const there = sql.ref(`${inner.alias}.id`);
    if (field.table) {
      const items = itemsOf(field, inner, 'i');
      const join = sql`${there} in (select i.owner_id from ${items} where i.target_id = ${here})`;
      return { object, scope: inner, join };
    }
    return { object, scope: inner, join: sql`${cellOf(field, inner.alias)()} = ${here}` };
  }
  const field = scope.object.fields.get(name);
  const relation = field && relationOf(field);
  if (!field || !relation) throw unknownField(scope, name, at);
  if (relation.to === '*')
    throw bad(at, `${field.label} leads to many kinds of records; a path cannot go through it.`);
  const object = objects.get(relation.to)!;
  const inner = scope.inner(object);
  readable(scope, field, at);
  const there = sql.ref(`${inner.alias}.id`);
  const join = field.table
    ? sql`${there} in (select i.target_id from ${itemsOf(field, scope, 'i')} where i.owner_id = ${here})`
    : sql`${there} = ${cellOf(field, scope.alias)()}`;
  return { object, scope: inner, join };
}

function own(scope: Scope, field: Field, op: string, value: Json, at: string): Sql {
  const operator = operatorOf(field, op, at);
  const operand = operandOf(operator, field, value, scope, at);
  const { storage } = field.type;
  if (storage.kind === 'computed') {
    const computed = storage.sql(field, scope);
    return operator.sql(() => computed, operand, field, scope);
  }
  if (storage.kind === 'columns') return operator.sql(cellOf(field, scope.alias), operand, field, scope);
  const alias = `${scope.alias}_items`;
  const some = sql`exists (select 1 from ${itemsOf(field, scope)}
    where ${sql.ref(`${alias}.owner_id`)} = ${sql.ref(`${scope.alias}.id`)}
    and ${operator.sql(cellOf(field, alias), operand, field, scope)})`;
  return operator.items === 'none' ? sql`not ${some}` : some;
}

/** What links can be filtered by where the records they lead to stand below each other. */
export const within = { name: 'within', label: 'is or is below', operand: 'one' } as const;

/** Links to a record or to one below it. The value is an id; for links of any kind `{ object, id }`. */
function inTree(scope: Scope, field: Field, value: Json, at: string): Sql {
  const { objects } = scope.ctx.model;
  const to = relationOf(field)?.to;
  const given = isObject(value) ? value : { id: value };
  const object = objects.get(to === '*' ? String(given.object) : (to ?? ''));
  const by = object && may(scope.ctx, object, 'read') ? hierarchyOf(scope.ctx, object) : null;
  if (!object || !by) throw bad(`${at}/op`, `${field.label} leads to nothing that has others below it.`);
  if (!isId(given.id)) throw bad(`${at}/value`, `${field.label} ${within.label} takes the id of a record.`);
  // An array is made once, and an index serves it.
  const ids = sql`any(array(${belowSql(scope, object, by, given.id)}))`;
  if (!field.table) return sql`${cellOf(field, scope.alias)(to === '*' ? 'id' : undefined)} = ${ids}`;
  const kind = to === '*' ? sql`i.target_object = ${object.name} and` : sql``;
  return sql`${sql.ref(`${scope.alias}.id`)} in (select i.owner_id from ${itemsOf(field, scope, 'i')} where ${kind} i.target_id = ${ids})`;
}

function operatorOf(field: Field, op: string, at: string): Operator<Json> {
  const operator = Object.hasOwn(field.type.operators, op) ? field.type.operators[op] : undefined;
  if (operator) return operator;
  const known = Object.keys(field.type.operators).join(', ');
  throw bad(`${at}/op`, `${field.label} cannot be filtered by ${op}. It knows: ${known || 'no operators'}.`);
}

/** Reads an operand by the operator's own parser, or by the type's, once or per item. */
export function operandOf(
  operator: Operator<Json>,
  field: Field,
  value: Json,
  scope: Scope,
  at: string,
): Json {
  if (operator.operand === 'none') return null;
  const read = (item: unknown): Json => {
    const parsed = operator.parse ? operator.parse(item, field, scope) : field.type.parse(item, field, scope);
    if (parsed instanceof Refusal) throw bad(`${at}/value`, parsed.message, parsed.code);
    // Blank text is no value either.
    if (parsed === null) throw missing();
    return parsed;
  };
  const missing = () => bad(`${at}/value`, `${field.label} ${operator.label} needs a value.`);
  if (value === null) throw missing();
  if (operator.parse) return read(value);
  if (operator.operand === 'many' || operator.operand === 'range') {
    if (!Array.isArray(value)) throw bad(`${at}/value`, `${field.label} ${operator.label} takes a list.`);
    if (operator.operand === 'range' && value.length !== 2)
      throw bad(`${at}/value`, 'A range is [from, to].');
    return value.map(read);
  }
  return read(value);
}

/**
 * The same decision in memory, for one record of canonical values and without relation paths. It is the reference that
 * the SQL is tested against, and serves where no statement is wanted.
 */
export function matches(filter: Filter, record: Values, scope: Scope): boolean {
  if ('and' in filter) return filter.and.every(part => matches(part, record, scope));
  if ('or' in filter) return filter.or.some(part => matches(part, record, scope));
  if ('not' in filter) return !matches(filter.not, record, scope);
  const field = scope.object.fields.get(filter.field);
  if (!field) throw unknownField(scope, filter.field, '/filter');
  const operator = operatorOf(field, filter.op, '/filter');
  const operand = operandOf(operator, field, filter.value ?? null, scope, '/filter');
  const value = record[filter.field] ?? null;
  return value === null && !operator.nulls ? false : operator.test(value, operand, field, scope);
}

/** The field a request names; refuses what does not exist or may not be read. */
export function fieldOfRequest(scope: Scope, name: string, at: string): Field {
  const field = scope.object.fields.get(name);
  if (!field) throw unknownField(scope, name, at);
  return readable(scope, field, at);
}

function tooLong(at: string): FarleyError {
  return bad(at, 'A path leads over at most three relations.');
}

function unknownField(scope: Scope, name: string, at: string): FarleyError {
  return bad(at, `${scope.object.spec.label} has no field or relation called ${name}.`, 'unknownField');
}

function bad(pointer: string, message: string, code = 'invalidFilter'): FarleyError {
  return new FarleyError('invalidQuery', message, { problems: [{ pointer, code, message }] });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
