import { Type } from 'typebox';
import {
  type Cell,
  type Field,
  type FieldSpec,
  type FieldType,
  Refusal,
  type RequiredBy,
  refuse,
  type Sql,
  sql,
} from '../engine/index.ts';
import { dateType } from './date.ts';
import { type OptionsOf, spec } from './declare.ts';
import { type LinkOptions, otherId, parseId, sampleId } from './link.ts';
import { membership } from './operators.ts';
import { cleanLine } from './reading.ts';

/** One link of several: to what, and where the field asks for it, in which role and when. */
export type LinkItem = { id: string; role?: string; since?: string; until?: string };

type Attribute = 'role' | 'since' | 'until';

export interface LinksOptions extends LinkOptions {
  /** What is known of each link. Default none. */
  attributes?: readonly Attribute[];
}

const attributesOf = (field: Field) => (field.options.attributes ?? []) as readonly Attribute[];

function readItem(input: unknown, field: Field, at: string): LinkItem | Refusal {
  const id = parseId(input, field);
  if (id instanceof Refusal) return refuse(id.code, id.message, at);
  const item: LinkItem = { id };
  if (typeof input !== 'object' || input === null) return item;
  for (const attribute of ['role', 'since', 'until'] as const) {
    const given = (input as Record<string, unknown>)[attribute];
    if (given === undefined || given === null || given === '') continue;
    if (!attributesOf(field).includes(attribute))
      return refuse(
        'unknownAttribute',
        `${field.label} does not keep ${attribute} of its links.`,
        `${at}/${attribute}`,
      );
    const value = attribute === 'role' ? readRole(given) : dateType.parse(given, field, undefined as never);
    if (value instanceof Refusal) return refuse(value.code, value.message, `${at}/${attribute}`);
    if (value) item[attribute] = value;
  }
  if (item.since && item.until && item.since > item.until)
    return refuse('wrongPeriod', 'A link cannot end before it begins.', `${at}/until`);
  return item;
}

function readRole(given: unknown): string | null | Refusal {
  if (typeof given !== 'string' || given.length > 200) return refuse('notText', 'A role is a line of text.');
  return cleanLine(given) || null;
}

function parse(input: unknown, field: Field): LinkItem[] | null | Refusal {
  const list = Array.isArray(input) ? input : typeof input === 'string' ? split(input) : [input];
  const items: LinkItem[] = [];
  for (const [index, each] of list.entries()) {
    const item = readItem(each, field, Array.isArray(input) ? `/${index}` : '');
    if (item instanceof Refusal) return item;
    const again = items.some(
      other => other.id === item.id && other.role === item.role && other.since === item.since,
    );
    if (!again) items.push(item);
  }
  return items.length ? items : null;
}

const split = (text: string) =>
  text
    .split(/[;,]/)
    .map(part => part.trim())
    .filter(part => part !== '');

const itemSchema = Type.Object({
  id: Type.String({ format: 'uuid' }),
  role: Type.Optional(Type.String()),
  since: Type.Optional(Type.String({ format: 'date' })),
  until: Type.Optional(Type.String({ format: 'date' })),
});

function itemJson(cell: Cell, title?: Sql): Sql {
  const facts = sql`'role', ${cell('role')}, 'since', ${cell('since')}, 'until', ${cell('until')}`;
  if (!title) return sql`jsonb_strip_nulls(jsonb_build_object('id', ${cell('target_id')}, ${facts}))`;
  return sql`(jsonb_build_object('id', ${cell('target_id')}, 'title', ${title}) || jsonb_strip_nulls(jsonb_build_object(${facts})))`;
}

/** A type that links to any number of records; `to` says of which object. */
export function linksTo(
  about: Pick<FieldType<LinkItem[]>, 'name' | 'label' | 'help' | 'icon'> & Partial<FieldType<LinkItem[]>>,
  to: (field: Field) => string,
): FieldType<LinkItem[]> {
  return {
    storage: {
      kind: 'rows',
      columns: [
        { suffix: 'target_id', type: 'uuid' },
        { suffix: 'role', type: 'text' },
        { suffix: 'since', type: 'date' },
        { suffix: 'until', type: 'date' },
      ],
      put: items => items.map(item => [item.id, item.role ?? null, item.since ?? null, item.until ?? null]),
      item: cell => itemJson(cell),
      restore: item => [
        sql`(${item} ->> 'id')::uuid`,
        sql`${item} ->> 'role'`,
        sql`(${item} ->> 'since')::date`,
        sql`(${item} ->> 'until')::date`,
      ],
    },
    schema: () => Type.Array(itemSchema),
    inputSchema: () => Type.Array(Type.Union([Type.String(), Type.Object({ id: Type.String() })])),
    parse,
    format: items => items.map(item => item.id).join('; '),
    show: (cell, field, scope) => itemJson(cell, scope.titleOf(to(field), cell('target_id'))),
    operators: membership<LinkItem>({
      read: parseId,
      key: item => item.id,
      sql: cell => cell('target_id'),
      type: 'uuid',
    }),
    relation: field => {
      const inverse = field.options.inverse as string | undefined;
      return { to: to(field), many: true, ...(inverse ? { inverse } : {}) };
    },
    references: (items, field) => items.map(item => ({ object: to(field), id: item.id })),
    samples: [
      {
        input: [sampleId, { id: otherId }],
        value: [{ id: sampleId }, { id: otherId }],
        text: `${sampleId}; ${otherId}`,
      },
      { input: otherId, value: [{ id: otherId }], text: otherId },
      {
        input: [otherId, sampleId, otherId],
        value: [{ id: otherId }, { id: sampleId }],
        text: `${otherId}; ${sampleId}`,
      },
    ],
    refused: [
      { input: ['Acme'], code: 'notAnId' },
      { input: [{ id: sampleId, role: 1 }], code: 'unknownAttribute' },
      { input: 5, code: 'notAnId' },
    ],
    ...about,
  };
}

/** Links to any number of records, with role and period where asked for. */
export const linksType = linksTo(
  {
    name: 'links',
    label: 'Links',
    help: 'Any number of records of another object, such as the people of a deal, each with a role if you like.',
    icon: 'share',
    options: Type.Object({
      to: Type.String(),
      inverse: Type.Optional(Type.String()),
      attributes: Type.Optional(Type.Array(Type.Enum(['role', 'since', 'until']))),
    }),
    samples: [
      {
        input: [sampleId, { id: otherId }],
        value: [{ id: sampleId }, { id: otherId }],
        text: `${sampleId}; ${otherId}`,
      },
      {
        input: `${otherId}, ${sampleId}`,
        value: [{ id: otherId }, { id: sampleId }],
        text: `${otherId}; ${sampleId}`,
      },
      { input: { id: otherId }, value: [{ id: otherId }], text: otherId },
    ],
    refused: [
      { input: ['Acme'], code: 'notAnId' },
      { input: [{ id: sampleId, since: '2026-02-30' }], code: 'notADate' },
      { input: [{ id: sampleId, since: '2026-02-03', until: '2025-01-01' }], code: 'wrongPeriod' },
    ],
    sampleOptions: { to: 'company', inverse: 'people', attributes: ['role', 'since', 'until'] },
  },
  field => field.options.to as string,
);

/** Links to any number of records: `people: links('person', { inverse: 'deals', attributes: ['role'] })`. */
export function links<const O extends OptionsOf<LinksOptions> = OptionsOf<LinksOptions>>(
  to: string,
  options?: O,
): FieldSpec<LinkItem[], RequiredBy<O>> {
  return spec<LinkItem[], O>(linksType, { ...options, to });
}
