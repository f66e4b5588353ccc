import type { MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { said } from '../../fields/said.ts';
import { rowsOf } from '../model/cache.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { blank } from '../records/use-form.ts';

export interface Role {
  id: string;
  /** What the API calls it: `sales_rep`. */
  name: string;
  label: string;
}

export function useRoles(): Role[] {
  const meta = useMeta();
  const object = objectNamed(meta, 'role');
  const found = useRecords(
    object ?? (meta.objects[0] as MetaObject),
    { fields: ['name', 'label'], sort: ['label'], limit: 200 },
    object !== undefined,
  );
  return rowsOf(found.data).map(row => ({
    id: row.id,
    name: str(row.name),
    label: said(str(row.label), 'role'),
  }));
}

/** A form's field that asks for one of some fixed words. */
export function choiceField(
  name: string,
  label: string,
  choices: { value: string; label: string }[],
): MetaField {
  return { ...blank, name, label, required: true, type: 'choice', options: { choices } };
}
