import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/meta.ts';
import { Icon } from '../../kit/Icon.tsx';
import type { Row } from '../api.ts';
import { isEmpty, offeredFields, plainFields } from '../data/meta.tsx';
import { EditInPlace } from './EditInPlace.tsx';
import s from './Facts.module.css';
import { Value } from './Value.tsx';

interface FactProps {
  object: MetaObject;
  row: Row;
  field: MetaField;
}

/** One fact: click the value to change it. */
function Fact({ object, row, field }: FactProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const editable = field.editable && object.can.edit;
  const empty = isEmpty(row[field.name]);
  return (
    <div className={s.fact}>
      <dt className={s.label} title={field.help ?? undefined}>
        <Icon name={field.icon} />
        <span>{field.label}</span>
      </dt>
      <dd className={s.value} data-editing={editing || undefined}>
        {editing ? (
          <EditInPlace object={object} row={row} field={field} onClose={() => setEditing(false)} />
        ) : (
          <>
            {editable && (
              <button
                type="button"
                className={s.edit}
                aria-label={t('record.edit', { field: field.label })}
                onClick={() => setEditing(true)}
              />
            )}
            <span className={s.shown} data-empty={empty || undefined}>
              {empty ? (
                t(editable ? 'record.set' : 'record.none', { field: field.label.toLowerCase() })
              ) : (
                <Value row={row} field={field} place="full" />
              )}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}

function groupsOf(fields: MetaField[]): { name: string | null; fields: MetaField[] }[] {
  const groups: { name: string | null; fields: MetaField[] }[] = [];
  for (const field of fields) {
    const group = groups.find(g => g.name === field.group);
    if (group) group.fields.push(field);
    else groups.push({ name: field.group, fields: [field] });
  }
  return groups;
}

/** What is known about the record, edited where it stands. */
export function Facts({ object, row }: { object: MetaObject; row: Row }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const fields = plainFields(object).filter(field => field.name !== object.title || field.editable);
  const system = offeredFields(object).filter(field => field.system && !isEmpty(row[field.name]));
  return (
    <div className={s.facts}>
      {groupsOf(fields).map(group => (
        <section key={group.name} className={s.group}>
          {group.name && <h2 className={s.heading}>{group.name}</h2>}
          <dl>
            {group.fields.map(field => (
              <Fact key={field.name} object={object} row={row} field={field} />
            ))}
          </dl>
        </section>
      ))}
      {system.length > 0 && (
        <section className={s.group}>
          <button type="button" className={s.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {t('record.about')}
            <Icon name={all ? 'chevron-down' : 'chevron-right'} size={14} />
          </button>
          {all && (
            <dl>
              {system.map(field => (
                <Fact key={field.name} object={object} row={row} field={{ ...field, editable: false }} />
              ))}
            </dl>
          )}
        </section>
      )}
    </div>
  );
}
