/** What belongs to a record through links: which records, and making and undoing such links. */

import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { list, reference } from '../../fields/read.tsx';
import { t } from '../../kit/words.ts';
import { type Row, read } from '../api.ts';
import { equals, type Filter } from './filter.ts';
import { fail, useActions } from './records.ts';

/** The records that link here by `field`; with `below`, also those that link to a record below this one. */
export function relatedFilter(field: MetaField, id: string, below = false): Filter | null {
  const within = below && field.operators.some(({ name }) => name === 'within');
  return within ? { field: field.name, op: 'within', value: id } : equals(field, id);
}

/** The value by which a record links here and nowhere else. */
export function preset(
  field: MetaField,
  object: MetaObject,
  id: string,
  title: string,
): Record<string, Json> {
  const item: Json = field.relation?.to === '*' ? { object: object.name, id, title } : { id, title };
  return { [field.name]: field.relation?.many ? [item] : item };
}

/** A record found as an option to choose. */
export const linkTo = ({ id, title }: { id: string; title: string }) => ({
  id,
  label: title || t('field.untitled'),
});

/** Having records of another object belong to this one, or no longer. */
export function useLinking(object: MetaObject, row: Row, field: MetaField, other: MetaObject) {
  const actions = useActions();
  const may = field.editable && other.can.edit;
  async function change(id: string, value: (before: Json[]) => Json) {
    try {
      const record = await read<Row>(`/api/${other.path}/${id}`);
      await actions.edit(other, record, { [field.name]: value(list(record[field.name] ?? null)) });
    } catch (error) {
      fail(error);
    }
  }
  const many = field.relation?.many === true;
  return {
    mayLink: may,
    link: (id: string) => {
      const [item] = list(preset(field, object, row.id, '')[field.name] ?? null);
      return change(id, before => (many ? [...before, item ?? null] : (item ?? null)));
    },
    /** Absent where the link has to be. */
    unlink:
      may && !field.required
        ? (item: Row) =>
            change(item.id, before => (many ? before.filter(each => reference(each)?.id !== row.id) : null))
        : undefined,
  };
}
