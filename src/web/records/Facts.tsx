import { lazy, Suspense, useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty, offeredFields } from '../model/meta.tsx';
import { useLayout } from '../model/page-layout.ts';
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
  if (isEmpty(row[field.name])) return <span className={s.today}>{t('moment.isNone')}</span>;
  return (
    <span className={s.today}>
      {t('moment.is')} <Value row={row} field={field} place="cell" />
    </span>
  );
}

/** One fact: click the value to change it. */
function Fact({ object, row, field, now }: FactProps) {
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

/** Empty fields that are worth filling in stay in sight; the others wait behind a button. */
function inSight(object: MetaObject, head: string[], row: Row, field: MetaField): boolean {
  return !isEmpty(row[field.name]) || head.includes(field.name) || object.list.columns.includes(field.name);
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
  const [empty, setEmpty] = useState(false);
  const [all, setAll] = useState(false);
  const layout = useLayout(object);
  const sections = layout.facts.map(section => ({
    title: section.title,
    fields: section.fields.map(name => fieldOf(object, name)).filter(field => field !== undefined),
  }));
  const fields = sections.flatMap(section => section.fields);
  const worth = (of: Row, field: MetaField) => inSight(object, layout.head, of, field);
  // What was in sight when the page opened stays there: emptying a field must not make its row jump away.
  const [seen] = useState(() => new Set(fields.filter(field => worth(row, field)).map(field => field.name)));
  const isShown = (field: MetaField) =>
    empty || seen.has(field.name) || worth(row, field) || (now !== undefined && worth(now, field));
  const shown = sections
    .map(section => ({ ...section, fields: section.fields.filter(isShown) }))
    .filter(section => section.fields.length > 0);
  const hidden = fields.length - shown.flatMap(section => section.fields).length;
  const system = offeredFields(object).filter(field => field.system && !isEmpty(row[field.name]));
  return (
    <div className={s.facts}>
      {shown.map(section => (
        <section key={section.fields[0]?.name} className={s.group}>
          {section.title && <h2 className={s.heading}>{section.title}</h2>}
          <dl>
            {section.fields.map(field => (
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
