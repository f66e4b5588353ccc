/**
 * Metadata in brief, for browsers: what most fields have in common is said once. In full it is over a megabyte, more than
 * half of it the same few lists of operators, and somebody waits for it before the first page.
 */
import type { BriefField, BriefMeta, Meta, MetaField } from '../meta.ts';

/** Most fields are so. */
const usual: BriefMeta['usual'] = {
  help: null,
  group: null,
  required: false,
  fallback: null,
  unique: false,
  hidden: false,
  system: false,
  custom: false,
  default: null,
  editable: true,
  sortable: true,
  groupable: true,
  buckets: [],
  relation: null,
};

/** The same as `Meta`: a field is `{ ...usual, ...field }`, with the lists of the places that it names. */
export function briefOf(meta: Meta): BriefMeta {
  const operators = numbered<MetaField['operators']>();
  const aggregates = numbered<MetaField['aggregates']>();
  const brief = (field: MetaField) => {
    const own: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(field)) if (!isUsual(name, value)) own[name] = value;
    own.operators = operators.placeOf(field.operators);
    own.aggregates = aggregates.placeOf(field.aggregates);
    return own as unknown as BriefField;
  };
  const objects = meta.objects.map(object => ({ ...object, fields: object.fields.map(brief) }));
  return { ...meta, objects, usual, operators: operators.all, aggregates: aggregates.all };
}

function isUsual(name: string, value: unknown): boolean {
  if (!Object.hasOwn(usual, name)) return false;
  return name === 'buckets' ? (value as string[]).length === 0 : usual[name as keyof typeof usual] === value;
}

/** Each different list once, by its place. */
function numbered<T>() {
  const all: T[] = [];
  const places = new Map<string, number>();
  return {
    all,
    placeOf(list: T): number {
      const said = JSON.stringify(list);
      const place = places.get(said) ?? all.push(list) - 1;
      places.set(said, place);
      return place;
    },
  };
}
