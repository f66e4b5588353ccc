import { Type } from 'typebox';
import {
  type Field,
  type FieldSpec,
  type FieldType,
  isId,
  type Refusal,
  type RequiredBy,
  refuse,
  sql,
} from '../engine/index.ts';
import { type OptionsOf, spec } from './declare.ts';
import { counts, emptiness, equality } from './operators.ts';

export interface LinkOptions {
  /** Name of the way back, on the other object: `people` on company. */
  inverse?: string;
}

const target = (field: Field) => field.options.to as string;

/** Reads an id, alone or as `{ id }`. */
export function parseId(input: unknown, field: Field): string | Refusal {
  const id = typeof input === 'object' && input !== null && 'id' in input ? input.id : input;
  if (isId(id)) return id.toLowerCase();
  return refuse(
    'notAnId',
    `${field.label} takes the id of a record, such as 019a0000-0000-7000-8000-000000000001.`,
  );
}

export const linkOperators = {
  ...equality<string>({ type: 'uuid', key: value => value }),
  ...emptiness<string>(),
};

export const sampleId = '019a0000-0000-7000-8000-000000000001';
export const otherId = '019a0000-0000-7000-8000-0000000000ff';

/** A type that links to one record; `to` says of which object. */
export function linkTo(
  about: Pick<FieldType<string>, 'name' | 'label' | 'help' | 'icon'> & Partial<FieldType<string>>,
  to: (field: Field) => string,
): FieldType<string> {
  return {
    storage: { kind: 'columns', columns: [{ suffix: 'id', type: 'uuid' }], put: value => [value] },
    schema: () => Type.String({ format: 'uuid' }),
    inputSchema: () => Type.Union([Type.String(), Type.Object({ id: Type.String() })]),
    parse: parseId,
    format: value => value,
    show: (cell, field, scope) =>
      sql`case when ${cell()} is null then null else json_build_object('id', ${cell()}, 'title', ${scope.titleOf(to(field), cell())}) end`,
    text: (cell, field, scope) => scope.titleOf(to(field), cell()),
    operators: linkOperators,
    sort: (cell, field, scope) => [
      { sql: sql`${scope.titleOf(to(field), cell())} collate "und-x-icu"`, type: 'text' },
    ],
    group: cell => cell(),
    aggregates: counts,
    relation: field => {
      const inverse = field.options.inverse as string | undefined;
      return { to: to(field), many: false, ...(inverse ? { inverse } : {}) };
    },
    references: (value, field) => [{ object: to(field), id: value }],
    cel: { type: 'string', sql: cell => sql`(${cell()})::text` },
    fact: { kind: 'level' },
    samples: [
      { input: sampleId, value: sampleId, text: sampleId },
      { input: { id: otherId.toUpperCase(), title: 'ignored' }, value: otherId, text: otherId },
      {
        input: '019a0000-0000-7000-8000-00000000000a',
        value: '019a0000-0000-7000-8000-00000000000a',
        text: '019a0000-0000-7000-8000-00000000000a',
      },
    ],
    refused: [
      { input: 'Acme', code: 'notAnId' },
      { input: { title: 'Acme' }, code: 'notAnId' },
      { input: 7, code: 'notAnId' },
    ],
    ...about,
  };
}

/** A link to one record of another object. */
export const linkType = linkTo(
  {
    name: 'link',
    label: 'Link',
    help: 'One record of another object, such as the company of a person.',
    icon: 'link',
    options: Type.Object({ to: Type.String(), inverse: Type.Optional(Type.String()) }),
    sampleOptions: { to: 'company', inverse: 'people' },
  },
  target,
);

/** A link to one record: `company: link('company', { inverse: 'people' })`. */
export function link<const O extends OptionsOf<LinkOptions> = OptionsOf<LinkOptions>>(
  to: string,
  options?: O,
): FieldSpec<string, RequiredBy<O>> {
  return spec<string, O>(linkType, { ...options, to });
}
