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

/** Conditions of which all or any have to hold, and groups of such in between. */
export interface Group {
  match: 'all' | 'any';
  items: (Condition | Group)[];
}

export function isGroup(item: Condition | Group): item is Group {
  return 'match' in item;
}

function isLeaf(filter: Filter): filter is Condition {
  return 'field' in filter;
}

function leaf({ field, op, value }: Condition): Condition {
  return { field, op, value: value ?? null };
}

function itemOf(filter: Filter): Condition | Group | null {
  if (isLeaf(filter)) return leaf(filter);
  const parts = 'and' in filter ? filter.and : 'or' in filter ? filter.or : null;
  const items = parts?.map(itemOf);
  if (!items?.every(item => item !== null)) return null;
  return { match: 'or' in filter ? 'any' : 'all', items };
}

/** The filter as groups of conditions to edit; null when it says `not`, which only programs write. */
export function groupOf(filter: Filter | null): Group | null {
  if (!filter) return { match: 'all', items: [] };
  const item = itemOf(filter);
  return item && !isGroup(item) ? { match: 'all', items: [item] } : item;
}

/** The way back; a group in which nothing is left goes. */
export function filterOf({ match, items }: Group): Filter | null {
  const parts = items
    .map(item => (isGroup(item) ? filterOf(item) : leaf(item)))
    .filter(part => part !== null);
  if (parts.length === 0) return null;
  return match === 'any' ? { or: parts } : { and: parts };
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

/** What one record at the end of a path has to meet as a whole, or none; null for other conditions. Programs write it. */
export function innerOf({ op, value }: Condition): Filter | null {
  const inner = op === 'some' || op === 'none' ? value : null;
  return inner !== null && typeof inner === 'object' ? (inner as unknown as Filter) : null;
}

/** Whether the server can answer it: a condition under construction still lacks its operand. */
export function isComplete(condition: Condition, field: MetaField | undefined): boolean {
  if (innerOf(condition)) return true;
  const operator = field?.operators.find(o => o.name === condition.op);
  if (!operator) return false;
  return operator.operand === 'none' || !operandMissing(condition.value);
}

/** The filter without conditions that are still being written. */
export function finished(
  filter: Filter | null,
  fieldAt: (path: string) => MetaField | undefined,
): Filter | null {
  const group = groupOf(filter);
  if (!group) return filter;
  const pruned = ({ match, items }: Group): Group => ({
    match,
    items: items.flatMap((item): (Condition | Group)[] => {
      if (isGroup(item)) return [pruned(item)];
      return isComplete(item, fieldAt(item.field)) ? [item] : [];
    }),
  });
  return filterOf(pruned(group));
}

/** What of the filter can be asked, as it is sent. */
export function complete(
  filter: Filter | null,
  fieldAt: (path: string) => MetaField | undefined,
): Filter | null {
  const asked = finished(filter, fieldAt);
  return asked && sent(asked);
}

/** Operands as they are sent: linked records by their ids. */
function sent(filter: Filter): Filter {
  if ('and' in filter) return { and: filter.and.map(sent) };
  if ('or' in filter) return { or: filter.or.map(sent) };
  if ('not' in filter) return { not: sent(filter.not) };
  const { field, op, value = null } = filter;
  const inner = innerOf(leaf(filter as Condition));
  if (inner) return { field, op, value: sent(inner) as unknown as Json };
  return { field, op, value: Array.isArray(value) ? value.map(bare) : bare(value) };
}

function bare(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return typeof value.id === 'string' && 'title' in value ? value.id : value;
}

/** The field at a path such as `company.sector`. */
export function fieldAtPath(meta: Meta, object: MetaObject, path: string): MetaField | undefined {
  const steps = path.split('.');
  const name = steps.pop();
  const last = steps.length === 0 ? object : objectAtPath(meta, object, steps.join('.'));
  return last?.fields.find(field => field.name === name);
}

/** The object that a path over relations leads to. */
export function objectAtPath(meta: Meta, object: MetaObject, path: string): MetaObject | undefined {
  const [name, ...rest] = path.split('.');
  const to =
    object.fields.find(field => field.name === name)?.relation?.to ??
    object.relations.find(relation => relation.name === name)?.object;
  const next = meta.objects.find(each => each.name === to);
  return next && rest.length > 0 ? objectAtPath(meta, next, rest.join('.')) : next;
}

/** What people call a path: "Company → Industry", "Splits → Seller". */
export function labelAtPath(meta: Meta, object: MetaObject, path: string): string {
  const [name, ...rest] = path.split('.');
  const field = object.fields.find(each => each.name === name);
  const back = object.relations.find(relation => relation.name === name);
  const label = field?.label ?? back?.label ?? name!;
  const next = meta.objects.find(each => each.name === (field?.relation?.to ?? back?.object));
  if (rest.length === 0) return label;
  return `${label} → ${next ? labelAtPath(meta, next, rest.join('.')) : rest.join(' → ')}`;
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

/** The operator that says "equals one of these", and its operand; used by boards, groups and related lists. */
export function equals(field: MetaField, id: Json): Filter | null {
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
