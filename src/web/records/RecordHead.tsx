import './words.ts';
import type { ReactNode } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import { useLayout } from '../model/page-layout.ts';
import { Name } from './Name.tsx';
import s from './RecordHead.module.css';
import { Value } from './Value.tsx';

/** The name and the few facts that matter. */
export function RecordHead({
  object,
  row,
  children,
}: {
  object: MetaObject;
  row: Row;
  children?: ReactNode;
}) {
  const layout = useLayout(object);
  const facts = layout.head.map(name => fieldOf(object, name)).filter(field => field !== undefined);
  return (
    <div className={s.head}>
      <div className={s.line}>
        <h1 className={s.title}>
          <Name object={object} row={row} size={32} />
        </h1>
        {children}
      </div>
      {facts.length > 0 && (
        <dl className={s.facts}>
          {facts
            .filter(field => !isEmpty(row[field.name]))
            .map(field => (
              <div key={field.name} className={s.fact}>
                <dt className={s.label}>{field.label}</dt>
                <dd className={s.value}>
                  <Value row={row} field={field} place="cell" />
                </dd>
              </div>
            ))}
        </dl>
      )}
    </div>
  );
}
