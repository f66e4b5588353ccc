import type { MetaField } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { isEmpty } from '../model/meta.tsx';
import s from './Form.module.css';
import { Value } from './Value.tsx';

function Side({ row, field }: { row: Row; field: MetaField }) {
  if (isEmpty(row[field.name])) return <span>{t('timeline.nothing')}</span>;
  return <Value row={row} field={field} place="cell" />;
}

interface SideTableProps {
  fields: MetaField[];
  one: { label: string; row: Row };
  other: { label: string; row: Row };
}

/** Two states of a record, field by field. */
export function SideTable({ fields, one, other }: SideTableProps) {
  return (
    <table className={s.sides}>
      <thead>
        <tr>
          <th scope="col">{t('conflict.field')}</th>
          <th scope="col">{one.label}</th>
          <th scope="col">{other.label}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(field => (
          <tr key={field.name}>
            <td>{field.label}</td>
            <td>
              <Side row={one.row} field={field} />
            </td>
            <td className={s.mine}>
              <Side row={other.row} field={field} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
