import { Type } from 'typebox';
import {
  type Cell,
  type Field,
  type FieldSpec,
  type FieldType,
  isId,
  type Json,
  type Reference,
  Refusal,
  type RequiredBy,
  refuse,
  type Sql,
  type SqlScope,
  sql,
} from '../engine/index.ts';
import { declared, type OptionsOf, spec } from './declare.ts';
import { otherId, sampleId } from './link.ts';
import { counts, emptiness, type Operators } from './operators.ts';

/** A record of any object. */
export type Related = { object: string; id: string };

export interface RelatedOptions {
  /** Objects that may be linked, whose titles are shown. Default: all may. */
  to?: readonly string[];
}

const allowed = (field: Field) => field.options.to as readonly string[] | undefined;

/** Reads `{ object, id }` or `object:id`. */
export function parseRelated(input: unknown, field: Field): Related | Refusal {
  const pair = typeof input === 'string' ? /^\s*([A-Za-z]\w*):(\S+)\s*$/.exec(input) : null;
  const given = pair ? { object: pair[1], id: pair[2] } : input;
  const { object, id } = (typeof given === 'object' && given !== null ? given : {}) as Record<
    string,
    unknown
  >;
  if (typeof object !== 'string' || !/^[A-Za-z]\w{0,62}$/.test(object) || !isId(id))
    return refuse(
      'notARecord',
      `${field.label} takes a record, such as {"object": "company", "id": "${sampleId}"}.`,
    );
  const to = allowed(field);
  if (to && !to.includes(object))
    return refuse('wrongObject', `${field.label} leads to ${to.join(', ')}, not to ${object}.`, '/object');
  return { object, id: id.toLowerCase() };
}

/** The title of the record that a row points to, among the objects the field names, or all that the reader may see. */
function title(object: Sql, id: Sql, field: Field, scope: SqlScope): Sql {
  const to = allowed(field)?.filter(name => scope.objects.includes(name)) ?? scope.objects;
  if (to.length === 0) return sql`null::text`;
  const cases = to.map(name => sql`when ${object} = ${sql.lit(name)} then ${scope.titleOf(name, id)}`);
  return sql`case ${sql.join(cases, sql` `)} end`;
}

const schema = Type.Object({ object: Type.String(), id: Type.String({ format: 'uuid' }) });

const isSame = (cell: Cell, operand: Json, object: string, id: string) => {
  const other = operand as Related;
  return sql`(${cell(object)} = ${other.object}::text and ${cell(id)} = ${other.id}::uuid)`;
};
const same = (value: Related, operand: Json) =>
  value.object === (operand as Related).object && value.id === (operand as Related).id;
const among = (value: Related, operand: Json) => (operand as Related[]).some(other => same(value, other));

function anyOf(cell: Cell, operand: Json, object: string, id: string): Sql {
  const others = operand as Related[];
  return sql`exists (select from unnest(${others.map(other => other.object)}::text[], ${others.map(other => other.id)}::uuid[])
    as other(object, id) where other.object = ${cell(object)} and other.id = ${cell(id)})`;
}

/** The name of an object to look for. */
const objectName = (operand: unknown): Json | Refusal =>
  typeof operand === 'string' && /^[A-Za-z]\w{0,62}$/.test(operand)
    ? operand
    : refuse('wrongOperand', 'Give the name of an object, such as company.');

const operators: Operators<Related> = {
  is: {
    label: 'is',
    operand: 'one',
    sql: (cell, operand) => isSame(cell, operand, 'object', 'id'),
    test: same,
  },
  isNot: {
    label: 'is not',
    operand: 'one',
    nulls: true,
    sql: (cell, operand) => sql`${isSame(cell, operand, 'object', 'id')} is not true`,
    test: (value, operand) => value === null || !same(value, operand),
  },
  isAnyOf: {
    label: 'is any of',
    operand: 'many',
    sql: (cell, operand) => anyOf(cell, operand, 'object', 'id'),
    test: among,
  },
  isNoneOf: {
    label: 'is none of',
    operand: 'many',
    nulls: true,
    sql: (cell, operand) => sql`not ${anyOf(cell, operand, 'object', 'id')}`,
    test: (value, operand) => value === null || !among(value, operand),
  },
  isA: {
    label: 'is a',
    operand: 'text',
    parse: objectName,
    sql: (cell, operand) => sql`${cell('object')} = ${operand}::text`,
    test: (value, operand) => value.object === operand,
  },
  ...emptiness<Related>(cell => sql`${cell('id')} is null`),
};

/** A link to one record of any object. */
export const relatedToAnyType: FieldType<Related> = {
  name: 'relatedToAny',
  label: 'Related to',
  help: 'One record of any kind, such as what a task is about.',
  icon: 'affiliate',
  options: Type.Object({ to: Type.Optional(Type.Array(Type.String(), { minItems: 1 })) }),
  storage: {
    kind: 'columns',
    columns: [
      { suffix: 'object', type: 'text' },
      { suffix: 'id', type: 'uuid' },
    ],
    put: value => [value?.object ?? null, value?.id ?? null],
    restore: json => [sql`${json} ->> 'object'`, sql`(${json} ->> 'id')::uuid`],
  },
  schema: () => schema,
  inputSchema: () => Type.Union([schema, Type.String()]),
  parse: parseRelated,
  format: value => `${value.object}:${value.id}`,
  json: cell =>
    sql`case when ${cell('id')} is null then null else json_build_object('object', ${cell('object')}, 'id', ${cell('id')}) end`,
  show: (cell, field, scope) =>
    sql`case when ${cell('id')} is null then null else json_build_object('object', ${cell('object')}, 'id', ${cell('id')},
      'title', ${title(cell('object'), cell('id'), field, scope)}) end`,
  text: (cell, field, scope) => title(cell('object'), cell('id'), field, scope),
  // Ids are the same nowhere.
  key: cell => cell('id'),
  operators,
  group: cell => cell('object'),
  aggregates: { filled: counts.filled! },
  relation: () => ({ to: '*', many: false }),
  references: (value): Reference[] => [value],
  samples: [
    {
      input: { object: 'company', id: sampleId },
      value: { object: 'company', id: sampleId },
      text: `company:${sampleId}`,
    },
    {
      input: `deal:${otherId.toUpperCase()}`,
      value: { object: 'deal', id: otherId },
      text: `deal:${otherId}`,
    },
    {
      input: { object: 'deal', id: sampleId, title: 'x' },
      value: { object: 'deal', id: sampleId },
      text: `deal:${sampleId}`,
    },
  ],
  refused: [
    { input: sampleId, code: 'notARecord' },
    { input: { object: 'invoice', id: sampleId }, code: 'wrongObject' },
    { input: { object: 'company', id: '7' }, code: 'notARecord' },
  ],
  sampleOptions: { to: ['company', 'deal'] },
};

const key = (item: Related) => `${item.object}:${item.id}`;

function parseMany(input: unknown, field: Field): Related[] | null | Refusal {
  const list = Array.isArray(input)
    ? input
    : typeof input === 'string'
      ? input.split(/[;,]/).filter(part => part.trim())
      : [input];
  const items = new Map<string, Related>();
  for (const [index, each] of list.entries()) {
    const item = parseRelated(each, field);
    if (item instanceof Refusal)
      return refuse(item.code, item.message, Array.isArray(input) ? `/${index}${item.at}` : '');
    items.set(key(item), item);
  }
  return items.size ? [...items.values()] : null;
}

function parseSome(input: unknown, field: Field): Json | Refusal {
  return parseMany(input, field) ?? refuse('wrongOperand', 'Give at least one record.');
}

const shares = (items: Related[] | null, operand: Json) => (items ?? []).some(item => among(item, operand));

/** Links to any number of records of any objects. */
export const relatedToManyType: FieldType<Related[]> = {
  name: 'relatedToMany',
  label: 'Related to several',
  help: 'Any number of records of any kind, such as what a meeting is about.',
  icon: 'topology-star-3',
  options: relatedToAnyType.options!,
  storage: {
    kind: 'rows',
    columns: [
      { suffix: 'target_object', type: 'text' },
      { suffix: 'target_id', type: 'uuid' },
    ],
    put: items => items.map(item => [item.object, item.id]),
    item: cell => sql`jsonb_build_object('object', ${cell('target_object')}, 'id', ${cell('target_id')})`,
    restore: item => [sql`${item} ->> 'object'`, sql`(${item} ->> 'id')::uuid`],
  },
  schema: () => Type.Array(schema),
  inputSchema: () => Type.Union([Type.Array(Type.Union([schema, Type.String()])), Type.String()]),
  parse: parseMany,
  format: items => items.map(key).join('; '),
  show: (cell, field, scope) =>
    sql`jsonb_build_object('object', ${cell('target_object')}, 'id', ${cell('target_id')},
      'title', ${title(cell('target_object'), cell('target_id'), field, scope)})`,
  operators: {
    has: {
      label: 'has',
      operand: 'one',
      parse: parseRelated,
      sql: (cell, operand) => isSame(cell, operand, 'target_object', 'target_id'),
      test: (items, operand) => shares(items, [operand]),
    },
    hasAnyOf: {
      label: 'has any of',
      operand: 'many',
      parse: parseSome,
      sql: (cell, operand) => anyOf(cell, operand, 'target_object', 'target_id'),
      test: shares,
    },
    hasNoneOf: {
      label: 'has none of',
      operand: 'many',
      parse: parseSome,
      items: 'none',
      nulls: true,
      sql: (cell, operand) => anyOf(cell, operand, 'target_object', 'target_id'),
      test: (items, operand) => !shares(items, operand),
    },
    hasA: {
      label: 'has a',
      operand: 'text',
      parse: objectName,
      sql: (cell, operand) => sql`${cell('target_object')} = ${operand}::text`,
      test: (items, operand) => items.some(item => item.object === operand),
    },
    empty: {
      label: 'is empty',
      operand: 'none',
      items: 'none',
      nulls: true,
      sql: () => sql`true`,
      test: items => (items ?? []).length === 0,
    },
    notEmpty: {
      label: 'is not empty',
      operand: 'none',
      nulls: true,
      sql: () => sql`true`,
      test: items => (items ?? []).length > 0,
    },
  },
  relation: () => ({ to: '*', many: true }),
  references: items => items,
  samples: [
    {
      input: [{ object: 'deal', id: sampleId }, `company:${otherId}`],
      value: [
        { object: 'deal', id: sampleId },
        { object: 'company', id: otherId },
      ],
      text: `deal:${sampleId}; company:${otherId}`,
    },
    { input: `deal:${otherId}`, value: [{ object: 'deal', id: otherId }], text: `deal:${otherId}` },
    {
      input: [
        { object: 'deal', id: sampleId },
        { object: 'deal', id: sampleId },
      ],
      value: [{ object: 'deal', id: sampleId }],
      text: `deal:${sampleId}`,
    },
  ],
  refused: [
    { input: [sampleId], code: 'notARecord' },
    { input: [{ object: 'invoice', id: sampleId }], code: 'wrongObject' },
    { input: 5, code: 'notARecord' },
  ],
  sampleOptions: relatedToAnyType.sampleOptions!,
};

/** Any number of records of any objects: `about: relatedToMany({ to: ['person', 'deal'] })`. */
export const relatedToMany = declared<RelatedOptions, Related[]>(relatedToManyType);

/** One record of any object, or with `many` any number: `about: relatedToAny({ to: ['person', 'deal'] })`. */
export function relatedToAny<
  const O extends OptionsOf<RelatedOptions & { many?: boolean }> = OptionsOf<RelatedOptions>,
>(options?: O): FieldSpec<O extends { many: true } ? Related[] : Related, RequiredBy<O>> {
  const { many, ...rest } = options ?? {};
  const type = (many ? relatedToManyType : relatedToAnyType) as unknown as FieldType<
    O extends { many: true } ? Related[] : Related
  >;
  return spec<O extends { many: true } ? Related[] : Related, O>(type, rest);
}
