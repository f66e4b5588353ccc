import type { MetaField } from '../../engine/index.ts';
import type { ShowProps } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import type { Row } from '../api.ts';
import { isEmpty } from '../model/meta.tsx';

/** A value by the view of its type; nothing where there is none. */
export function Value({ row, field, place }: { row: Row; field: MetaField; place: ShowProps['place'] }) {
  const value = row[field.name];
  if (value === undefined || isEmpty(value)) return null;
  const { Show } = viewOf(field.type);
  return <Show value={value} field={field} place={place} values={row} />;
}
