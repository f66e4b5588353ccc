/**
 * What makes a record less useful than it could be, declared as filters: so the same declaration scores one record, sums
 * up all of them in one statement, and lists those that have the flaw.
 */
import type { ObjectModel } from '../model.ts';
import type { QualityFlaw } from '../object.ts';

/** A flaw with its words. */
export type Flaw = QualityFlaw & { label: string };

/** Points that a kind of record without flaws of its own loses at most for what is not filled in, and for its age. */
const forEmpty = 60;
const forAge = 20;

/** An empty field. */
export function lacking(field: string, costs: number, label?: string): QualityFlaw {
  return {
    name: `no${field.charAt(0).toUpperCase()}${field.slice(1)}`,
    kind: 'completeness',
    when: { field, op: 'empty' },
    costs,
    ...(label ? { label } : {}),
  };
}

/** Nobody has changed it for so many days. */
export function untouched(days: number, costs: number): QualityFlaw {
  return {
    name: 'untouched',
    label: `Not changed for ${days} days`,
    kind: 'freshness',
    when: { not: { field: 'updatedAt', op: 'during', value: { last: days, unit: 'day' } } },
    costs,
  };
}

const known = new WeakMap<ObjectModel, Flaw[]>();

/** The flaws of an object: those it declares, or what its list shows and age. None for set-up and for activities. */
export function flawsOf(object: ObjectModel): Flaw[] {
  let flaws = known.get(object);
  if (!flaws) {
    flaws = (object.spec.quality ?? usual(object)).map(flaw => ({ ...flaw, label: labelOf(object, flaw) }));
    known.set(object, flaws);
  }
  return flaws;
}

function usual(object: ObjectModel): QualityFlaw[] {
  const { spec } = object;
  if (!spec.group || spec.timeline) return [];
  const shown = [...new Set([...(spec.highlights ?? []), ...(spec.list?.columns ?? [])])].flatMap(
    name => object.fields.get(name) ?? [],
  );
  const filled = shown.filter(
    field =>
      !field.system && field !== object.title && !field.options.required && 'empty' in field.type.operators,
  );
  const costs = Math.round(forEmpty / Math.max(filled.length, 3));
  return [...filled.map(field => lacking(field.name, costs)), untouched(365, forAge)];
}

function labelOf(object: ObjectModel, flaw: QualityFlaw): string {
  if (flaw.label) return flaw.label;
  const field = 'field' in flaw.when ? object.fields.get(flaw.when.field) : undefined;
  return field ? `No ${field.label.charAt(0).toLowerCase()}${field.label.slice(1)}` : flaw.name;
}
