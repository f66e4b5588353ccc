/** What the stories of field views are made of: each type with its samples, as the API would show them. */
import type { Field, FieldType, Json, MetaField, ParseScope } from '../../src/engine/index.ts';
import { Refusal } from '../../src/engine/index.ts';
import { fieldTypes } from '../../src/fields/index.ts';
import type { FieldExample } from '../../src/fields/views.stories.tsx';

const scope: ParseScope = {
  now: new Date('2026-11-21T12:00:00Z'),
  locale: 'en',
  timeZone: 'UTC',
  country: 'AT',
  currency: 'EUR',
};

const titles = [
  'Kaffeehaus Nord',
  'Danube Shipping and Forwarding Company of Lower Austria, formerly Brothers Huber',
  'مقهى الشمال',
];
const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const titleOf = (id: string) => titles[Number.parseInt(id.slice(-2), 16) % titles.length]!;

/** Links are read back with the titles of what they lead to. */
function withTitles(value: Json): Json {
  if (typeof value === 'string') return isId.test(value) ? { id: value, title: titleOf(value) } : value;
  if (Array.isArray(value)) return value.map(withTitles);
  if (value === null || typeof value !== 'object') return value;
  return typeof value.id === 'string' ? { ...value, title: titleOf(value.id) } : value;
}

const line = 'Danube Shipping and Forwarding Company of Lower Austria, formerly Brothers Huber and Sons';
/** Offered to every type; what it takes is its longest value. */
const longOnes: unknown[] = [
  `${line}. ${line}.\n\n* ${line}\n* ${line}`,
  line,
  `https://kaffeehaus.example/${line.replaceAll(' ', '-')}`,
  `${line.slice(0, 46).replaceAll(/\W/g, '.')}@kaffeehaus.example`,
];

function fieldOfType(type: FieldType): Field {
  return {
    name: 'theValue',
    object: type.name,
    label: type.label,
    type,
    options: type.sampleOptions ?? {},
    columns: [],
    system: false,
    custom: false,
  };
}

function metaOf(field: Field): MetaField {
  const { type, options } = field;
  const relation = type.relation?.(field);
  return {
    name: field.name,
    label: field.label,
    help: type.help,
    type: type.name,
    icon: type.icon,
    options: JSON.parse(JSON.stringify(options)) as Record<string, Json>,
    group: null,
    required: false,
    fallback: null,
    unique: false,
    hidden: false,
    system: false,
    custom: false,
    default: null,
    editable: type.storage.kind !== 'computed' && !type.generated,
    operators: Object.entries(type.operators)
      .filter(([, operator]) => operator.fits?.(field) !== false)
      .map(([name, { label, operand }]) => ({ name, label, operand })),
    sortable: type.sort !== undefined,
    groupable: type.group !== undefined,
    buckets: type.buckets ?? [],
    aggregates: [],
    relation: relation ? { to: relation.to, many: relation.many, inverse: null } : null,
  };
}

function exampleOf(type: FieldType): FieldExample {
  const field = fieldOfType(type);
  // What is computed shows the values of its result.
  const { samples } = type.samples.length > 0 ? type : fieldTypes.find(({ name }) => name === 'number')!;
  const shown = (value: Json) => (type.show ? withTitles(value) : value);
  const values = samples.map(({ value }) => shown(value));
  const taken = longOnes
    .map(input => type.parse(input, field, scope))
    .filter(value => value !== null && !(value instanceof Refusal)) as Json[];
  const long = [...taken.map(shown), ...values].toSorted(
    (a, b) => JSON.stringify(b).length - JSON.stringify(a).length,
  )[0]!;
  const refused = type.refused.map(({ input }) => type.parse(input, field, scope));
  const refusal = refused.find(found => found instanceof Refusal);
  return { field: metaOf(field), values, long, refusal: refusal?.message ?? null };
}

/** One example of each type. */
export function fieldExamples(): FieldExample[] {
  return fieldTypes.map(exampleOf);
}
