import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { isEmpty, offeredFields, plainFields } from '../model/meta.tsx';
import { EditInPlace } from './EditInPlace.tsx';
import s from './Facts.module.css';
import { Value } from './Value.tsx';

const RecordQuality = lazy(() => import('../quality/RecordQuality.tsx'));

interface FactProps {
  object: MetaObject;
  row: Row;
  field: MetaField;
  /** How the record is now, where `row` is how it was. */
  now?: Row;
}

function text(row: Row, field: MetaField): string {
  return JSON.stringify(row[field.name] ?? null);
}

/** What a value that was otherwise then is today. */
function Today({ row, field }: { row: Row; field: MetaField }) {
  const { t } = useTranslation();
  if (isEmpty(row[field.name])) return <span className={s.today}>{t('moment.isNone')}</span>;
  return (
    <span className={s.today}>
      {t('moment.is')} <Value row={row} field={field} place="cell" />
    </span>
  );
}

/** One fact: click the value to change it. */
function Fact({ object, row, field, now }: FactProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const editable = field.editable && object.can.edit && !now;
  const differs = now !== undefined && text(now, field) !== text(row, field);
  const empty = isEmpty(row[field.name]);
  return (
    <div className={s.fact} data-differs={differs || undefined}>
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
              >
                <Icon name="pencil" className={s.pencil} />
              </button>
            )}
            <span className={s.shown} data-empty={empty || undefined}>
              {empty ? (
                t(editable ? 'record.set' : 'record.none', { field: inText(field.label) })
              ) : (
                <Value row={row} field={field} place="full" />
              )}
            </span>
            {differs && <Today row={now} field={field} />}
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

/** Empty fields that are worth filling in stay in sight; the others wait behind a button. */
function inSight(object: MetaObject, row: Row, field: MetaField): boolean {
  return (
    !isEmpty(row[field.name]) ||
    object.highlights.includes(field.name) ||
    object.list.columns.includes(field.name)
  );
}

interface MoreProps {
  text: string;
  open: boolean;
  onToggle(): void;
}

function More({ text, open, onToggle }: MoreProps) {
  return (
    <button type="button" className={s.more} aria-expanded={open} onClick={onToggle}>
      {text}
      <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
    </button>
  );
}

/** What is known about the record, edited where it stands; with `now`, how it was, and what differs from now. */
export function Facts({ object, row, now }: { object: MetaObject; row: Row; now?: Row }) {
  const { t } = useTranslation();
  const [empty, setEmpty] = useState(false);
  const [all, setAll] = useState(false);
  const fields = plainFields(object);
  // What was in sight when the page opened stays there: emptying a field must not make its row jump away.
  const [seen] = useState(
    () => new Set(fields.filter(field => inSight(object, row, field)).map(field => field.name)),
  );
  const shown = fields.filter(
    field =>
      empty ||
      seen.has(field.name) ||
      inSight(object, row, field) ||
      (now !== undefined && inSight(object, now, field)),
  );
  const hidden = fields.length - shown.length;
  const system = offeredFields(object).filter(field => field.system && !isEmpty(row[field.name]));
  return (
    <div className={s.facts}>
      {groupsOf(shown).map(group => (
        <section key={group.name} className={s.group}>
          {group.name && <h2 className={s.heading}>{group.name}</h2>}
          <dl>
            {group.fields.map(field => (
              <Fact key={field.name} object={object} row={row} field={field} now={now} />
            ))}
          </dl>
        </section>
      ))}
      <section className={s.group}>
        {(hidden > 0 || empty) && (
          <More
            text={empty ? t('record.lessFields') : t('record.moreFields', { count: hidden })}
            open={empty}
            onToggle={() => setEmpty(!empty)}
          />
        )}
        {system.length > 0 && <More text={t('record.about')} open={all} onToggle={() => setAll(!all)} />}
        {all && (
          <dl>
            {system.map(field => (
              <Fact key={field.name} object={object} row={row} field={{ ...field, editable: false }} />
            ))}
          </dl>
        )}
        {object.quality && !now && (
          <Suspense>
            <RecordQuality object={object} row={row} />
          </Suspense>
        )}
      </section>
    </div>
  );
}
