/** In which layouts the records of an object can be shown, and by which of its fields. All from metadata. Pure. */
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { optionsOf } from '../../fields/read.tsx';
import { viewOf } from '../../fields/views.ts';

export const layouts = ['table', 'board', 'calendar', 'split', 'chart', 'schedule', 'map'] as const;
export type Layout = (typeof layouts)[number];

export function isLayout(value: unknown): value is Layout {
  return layouts.includes(value as Layout);
}

/** How a layout is arranged: names of fields, and words of the layout's own. What is left out is as usual. */
export const arrangements = ['by', 'end', 'colour', 'kind', 'measure', 'zoom', 'frozen'] as const;
export type Arrangement = Partial<Record<(typeof arrangements)[number], string>>;

/** Layouts that show the rows of one list. */
export function isList(layout: Layout): boolean {
  return layout === 'table' || layout === 'split';
}

/** Whether values are days of the calendar, moments, or nothing of the kind. */
export function momentOf(field: MetaField): 'day' | 'time' | null {
  return viewOf(field.type).moment ?? null;
}

/** Aggregates of which charts are made. */
const charted = ['sum', 'total', 'avg', 'min', 'max'];

const kept = new Set(['id', 'version', 'deletedAt', 'externalIds']);

function offered(object: MetaObject): MetaField[] {
  return object.fields.filter(field => (field.system ? !kept.has(field.name) : !field.hidden));
}

function has(field: MetaField, ...operators: string[]): boolean {
  return (field.operators ?? []).some(({ name }) => operators.includes(name));
}

/** Fields along which records can be laid out in time: when an activity was, what the list shows, what the object has, then those the engine keeps. */
export function momentFields(object: MetaObject): MetaField[] {
  const rank = (field: MetaField) => {
    if (field.name === object.timeline?.at) return 0;
    if (object.list.columns.includes(field.name)) return 1;
    return field.system ? 3 : 2;
  };
  return offered(object)
    .filter(field => momentOf(field) !== null)
    .sort((a, b) => rank(a) - rank(b));
}

/** Fields that say where on earth records are. */
export function pointFields(object: MetaObject): MetaField[] {
  return offered(object).filter(field => viewOf(field.type).point !== undefined && has(field, 'notEmpty'));
}

/** Fields whose values can be the columns of a board: choices, people, and what the object itself names. */
export function boardFields(object: MetaObject): MetaField[] {
  const declared = object.board?.by;
  const fields = offered(object).filter(
    field =>
      field.name === declared ||
      (!field.system &&
        ((optionsOf(field).length > 0 && has(field, 'is')) ||
          (field.relation !== null && !field.relation.many && field.relation.to === 'user'))),
  );
  return [...fields].sort((a, b) => Number(b.name === declared) - Number(a.name === declared));
}

/** Fields that colour records: what the object is arranged by, choices, people. */
export function colourFields(object: MetaObject): MetaField[] {
  return boardFields(object);
}

/** Fields by whose values rows are grouped and charts are drawn: each record has one value of them at most. */
export function groupFields(object: MetaObject): MetaField[] {
  return offered(object).filter(field => {
    if (!field.groupable || field.unique || field.name === object.title || viewOf(field.type).long)
      return false;
    if (momentOf(field)) return true;
    if (field.relation) return !field.relation.many && field.relation.to !== '*';
    return (
      has(field, 'is') && !(field.aggregates ?? []).some(({ name }) => name === 'sum' || name === 'median')
    );
  });
}

/** The same for charts: what the object itself is arranged by comes first, and is what is drawn where nothing is chosen. */
export function chartFields(object: MetaObject): MetaField[] {
  const usual = object.board?.by;
  return groupFields(object).sort((a, b) => Number(b.name === usual) - Number(a.name === usual));
}

/** What a chart can measure besides how many there are: sums and averages of what can be added up. */
export function measureFields(
  object: MetaObject,
): { field: MetaField; op: MetaField['aggregates'][number] }[] {
  return offered(object).flatMap(field => {
    const sums = (field.aggregates ?? []).some(({ name }) => name === 'sum');
    return field.aggregates.filter(({ name }) => sums && charted.includes(name)).map(op => ({ field, op }));
  });
}

/** The layouts that make sense for an object. */
export function layoutsOf(object: MetaObject): Layout[] {
  return layouts.filter(layout => {
    if (layout === 'board') return boardFields(object).length > 0;
    if (layout === 'map') return pointFields(object).length > 0;
    if (layout === 'calendar' || layout === 'schedule') return momentFields(object).length > 0;
    return true;
  });
}
