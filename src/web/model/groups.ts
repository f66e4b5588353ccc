/** Groups of a list: by which field, in which order, which records are in one, and what is computed of them. Pure. */

import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { optionsOf, reference } from '../../fields/read.tsx';
import { saidTitle } from '../../fields/said.ts';
import type { Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { nameOf, step, type Unit } from './days.ts';
import { equals, type Filter, isEmptyFilter } from './filter.ts';
import { momentOf } from './layouts.ts';
import type { Group } from './records.ts';

export interface Grouping {
  field: MetaField;
  /** Dates stand together by weeks, months … */
  bucket: Unit | null;
}

/** Rows that have a value in common. */
export interface RowGroup {
  /** The same for the same value of the same grouping. */
  key: string;
  /** As aggregates answer it; null for rows that have none. */
  value: Json;
  title: string;
  filter: Filter | null;
  count: number;
  /** In the order in which they were asked. */
  values: Json[];
}

/** `stage`, or `closeDate:month`; dates without a period stand together by months. */
export function groupingOf(object: MetaObject, text: string | null | undefined): Grouping | null {
  const [name = '', bucket] = (text ?? '').split(':');
  const field = object.fields.find(f => f.name === name);
  if (!field) return null;
  return { field, bucket: momentOf(field) ? ((bucket ?? 'month') as Unit) : null };
}

/** The group as the aggregate takes it. */
export function groupBy({ field, bucket }: Grouping): Json {
  return bucket ? { field: field.name, bucket } : { field: field.name };
}

/**
 * The records in which the field has the value, or falls into the stretch that begins with it. `shown`: for people to read
 * and change, so that linked records bring their titles along.
 */
export function filterOfGroup({ field, bucket }: Grouping, value: Json, shown = false): Filter | null {
  if (value === null) return isEmptyFilter(field);
  const linked = reference(value);
  if (!bucket) return equals(field, field.relation && linked && !shown ? linked.id : value);
  const from = String(value).slice(0, 10);
  return {
    and: [
      { field: field.name, op: 'gte', value: from },
      { field: field.name, op: 'lt', value: step(from, bucket, 1) },
    ],
  };
}

export function titleOfGroup({ field, bucket }: Grouping, value: Json, format: Format): string {
  if (value === null) return '';
  if (bucket) return nameOf(String(value).slice(0, 10), bucket, format.locale);
  if (field.relation) return saidTitle(reference(value)?.title ?? '', field.relation.to);
  return viewOf(field.type).text(value, field, format);
}

/** The place of a value among others: choices in their own order, `order` for linked records, else null. */
function placeOf({ field }: Grouping, value: Json, order: string[]): number | null {
  const known = order.length > 0 ? order : optionsOf(field).map(option => option.value);
  const at = known.indexOf(String(reference(value)?.id ?? value));
  return at < 0 ? null : at;
}

/** What the server counted, as groups in the order in which people know the values; those without one come last. */
export function groupsOf(
  grouping: Grouping,
  found: Group[],
  format: Format,
  order: string[] = [],
): RowGroup[] {
  const groups = found.map(({ group, values }): RowGroup => {
    const value = group[grouping.field.name] ?? null;
    return {
      key: `${grouping.field.name} ${grouping.bucket ?? ''} ${JSON.stringify(reference(value)?.id ?? value)}`,
      value,
      title: titleOfGroup(grouping, value, format),
      filter: filterOfGroup(grouping, value),
      count: Number(values[0] ?? 0),
      values: values.slice(1),
    };
  });
  const compare = new Intl.Collator(format.locale, { numeric: true }).compare;
  return groups.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    if (grouping.bucket) return String(a.value).localeCompare(String(b.value));
    const places = [placeOf(grouping, a.value, order), placeOf(grouping, b.value, order)] as const;
    if (places[0] !== null && places[1] !== null) return places[0] - places[1];
    return compare(a.title, b.title);
  });
}

/** What is computed of a column. */
export interface Total {
  field: MetaField;
  op: string;
}

/** At most as many as one aggregate takes beside the count. */
const most = 19;

/**
 * What was chosen for the columns shown; with `sums`, columns that can be added up are, where nothing was chosen, and shares of a
 * whole, such as scores, are averaged.
 */
export function totalsOf(columns: MetaField[], chosen: Record<string, string>, sums: boolean): Total[] {
  return columns
    .flatMap((field): Total[] => {
      const usual = field.options.outOf === undefined ? 'sum' : 'avg';
      const op = chosen[field.name] ?? (sums ? usual : undefined);
      return op && field.aggregates.some(({ name }) => name === op) ? [{ field, op }] : [];
    })
    .slice(0, most);
}

/** The count, and each total. */
export function valuesAsked(totals: Total[]): Json[] {
  return [{ op: 'count' }, ...totals.map(({ field, op }) => ({ field: field.name, op }))];
}

const counting = new Set(['filled', 'distinct', 'yes', 'no']);

/** Averages have more places than anyone reads. */
function rounded(value: Json): Json {
  if (typeof value === 'number') return Math.round(value * 100) / 100;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const { amount } = value;
  return typeof amount === 'string'
    ? { ...value, amount: String(Math.round(Number(amount) * 100) / 100) }
    : value;
}

/** A total in words. Amounts of several currencies stand beside each other. */
export function textOfTotal({ field, op }: Total, value: Json, format: Format): string {
  if (value === null) return '';
  if (counting.has(op)) return Number(value).toLocaleString(format.locale);
  const { text } = viewOf(field.type);
  const parts = Array.isArray(value) ? value : [value];
  return parts.map(part => text(op === 'avg' ? rounded(part) : part, field, format)).join(' + ');
}
