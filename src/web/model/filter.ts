/** The filter as the server takes it, and as the filter bar edits it. Pure. */
import type { Json, Meta, MetaField, MetaObject } from '../../engine/index.ts';
import type { Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';

export type Filter =
  | { and: Filter[] }
  | { or: Filter[] }
  | { not: Filter }
  | { field: string; op: string; value?: Json };

export interface Condition {
  field: string;
  op: string;
  value: Json;
}

export interface Conditions {
  match: 'all' | 'any';
  items: Condition[];
}

function isLeaf(filter: Filter): filter is Condition {
  return 'field' in filter;
}

function leaf({ field, op, value }: Condition): Condition {
  return { field, op, value: value ?? null };
}

/** The filter as a flat list of conditions; null when it is nested deeper than the bar can show. */
export function conditionsOf(filter: Filter | null): Conditions | null {
  if (!filter) return { match: 'all', items: [] };
  if (isLeaf(filter)) return { match: 'all', items: [leaf(filter)] };
  const items = 'and' in filter ? filter.and : 'or' in filter ? filter.or : null;
  if (!items?.every(isLeaf)) return null;
  return { match: 'or' in filter ? 'any' : 'all', items: items.map(leaf) };
}

export function filterOf({ match, items }: Conditions): Filter | null {
  if (items.length === 0) return null;
  return match === 'any' ? { or: items } : { and: items };
}

export function both(...filters: (Filter | null | undefined)[]): Filter | null {
  const given = filters.filter(filter => filter !== null && filter !== undefined);
  if (given.length <= 1) return given[0] ?? null;
  return { and: given };
}

function operandMissing(value: Json): boolean {
  return (
    value === null ||
    value === '' ||
    (Array.isArray(value) && (value.length === 0 || value.every(v => v === null)))
  );
}

/** Whether the server can answer it: a condition under construction still lacks its operand. */
export function isComplete(condition: Condition, field: MetaField | undefined): boolean {
  const operator = field?.operators.find(o => o.name === condition.op);
  if (!operator) return false;
  return operator.operand === 'none' || !operandMissing(condition.value);
}

/** The filter without conditions that are still being written. */
export function complete(
  filter: Filter | null,
  fieldAt: (path: string) => MetaField | undefined,
): Filter | null {
  const conditions = conditionsOf(filter);
  if (!conditions) return filter;
  return filterOf({
    ...conditions,
    items: conditions.items.filter(item => isComplete(item, fieldAt(item.field))).map(sent),
  });
}

/** Operands as they are sent: linked records by their ids. */
function sent({ field, op, value }: Condition): Condition {
  return { field, op, value: Array.isArray(value) ? value.map(bare) : bare(value) };
}

function bare(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return typeof value.id === 'string' && 'title' in value ? value.id : value;
}

/** The field at a path such as `company.sector`. */
export function fieldAtPath(meta: Meta, object: MetaObject, path: string): MetaField | undefined {
  const [name, ...rest] = path.split('.');
  const field = object.fields.find(f => f.name === name);
  if (rest.length === 0) return field;
  const to = field?.relation?.to ?? object.relations.find(r => r.name === name)?.object;
  const next = meta.objects.find(o => o.name === to);
  return next && fieldAtPath(meta, next, rest.join('.'));
}

/** "Stage is any of Qualified, Proposal", in three parts so that the eye can weigh them. */
export function sentence(
  condition: Condition,
  field: MetaField,
  format: Format,
  titles: (id: string) => string | undefined = () => undefined,
): { subject: string; verb: string; object: string } {
  const operator = field.operators.find(o => o.name === condition.op);
  const object =
    operator?.operand === 'none' ? '' : viewOf(field.type).sentence(condition.value, field, format, titles);
  return { subject: field.label, verb: operator?.label ?? condition.op, object };
}

/** The operator that says "equals one of these", and its operand; used by boards and related lists. */
export function equals(field: MetaField, id: string): Filter | null {
  const wanted = ['is', 'has', 'isAnyOf', 'hasAnyOf'];
  const found = wanted
    .map(name => field.operators.find(o => o.name === name && (o.operand === 'one' || o.operand === 'many')))
    .find(o => o !== undefined);
  if (!found) return null;
  return { field: field.name, op: found.name, value: found.operand === 'many' ? [id] : id };
}

export function isEmptyFilter(field: MetaField): Filter | null {
  const found = ['empty', 'isEmpty']
    .map(name => field.operators.find(o => o.name === name))
    .find(o => o !== undefined);
  return found ? { field: field.name, op: found.name } : null;
}
