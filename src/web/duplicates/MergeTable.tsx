import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { formatOf, isEmpty, titleOf, useMeta } from '../model/meta.tsx';
import { Name } from '../records/Name.tsx';
import { Value } from '../records/Value.tsx';
import s from './Merge.module.css';
import type { Merge, MergeLine } from './use-merge.ts';

interface TableProps {
  object: MetaObject;
  merge: Merge;
  /** Leaves a record out; absent where they are given. */
  onRemove?: (id: string) => void;
}

function useNameOf(object: MetaObject) {
  const meta = useMeta();
  return (row: Row) => titleOf(meta, object, row) || t('record.untitled', { object: inText(object.label) });
}

/** The records at the head of their columns: one of them stays. */
function Heads({ object, merge, onRemove }: TableProps) {
  const nameOf = useNameOf(object);
  const group = useId();
  return (
    <tr className={s.heads}>
      <th scope="col" className={s.corner}>
        <span className="sr-only">{t('conflict.field')}</span>
      </th>
      {merge.records.map(row => {
        const stays = row.id === merge.survivor;
        return (
          <th key={row.id} scope="col" className={s.head} data-stays={stays || undefined}>
            <span className={s.who}>
              <Link
                to="/$object/$id"
                params={{ object: object.path, id: row.id }}
                target="_blank"
                className={s.name}
              >
                <Name object={object} row={row} size={20} />
              </Link>
              {onRemove && merge.records.length > 2 && (
                <IconButton
                  icon="x"
                  size={24}
                  label={t('merge.remove', { title: nameOf(row) })}
                  onClick={() => onRemove(row.id)}
                />
              )}
            </span>
            <label className={s.stay}>
              <input
                type="radio"
                name={group}
                checked={stays}
                aria-label={t('merge.staysLabel', { title: nameOf(row) })}
                onChange={() => merge.keep(row.id)}
              />
              {t(stays ? 'merge.stays' : 'merge.goes')}
            </label>
          </th>
        );
      })}
    </tr>
  );
}

function Cell({ object, merge, line, row }: TableProps & { line: MergeLine; row: Row }) {
  const meta = useMeta();
  const nameOf = useNameOf(object);
  const { field, from, choosable, open } = line;
  const taken = from.includes(row.id);
  const empty = isEmpty(row[field.name]);
  const shown = empty ? (
    <span className={s.empty}>{t('timeline.nothing')}</span>
  ) : (
    <Value row={row} field={field} place="card" />
  );
  if (!choosable || !open) {
    return (
      <td className={s.cell} data-taken={taken || undefined}>
        <span className={s.plain}>{shown}</span>
      </td>
    );
  }
  const value = empty ? '' : viewOf(field.type).text(row[field.name] ?? null, field, formatOf(meta));
  const title = nameOf(row);
  return (
    <td className={s.cell} data-taken={taken || undefined}>
      <label className={s.choice}>
        <input
          type="radio"
          name={`${merge.survivor}-${field.name}`}
          checked={taken}
          aria-label={
            empty
              ? t('merge.takeNothing', { field: field.label, title })
              : t('merge.take', { value: `${field.label} ${value}`, title })
          }
          onChange={() => merge.take(field.name, row.id)}
        />
        <span className={s.value} inert>
          {shown}
        </span>
      </label>
    </td>
  );
}

function noteOf({ open, choosable, from }: MergeLine): 'merge.united' | 'merge.fixed' | null {
  if (!open || choosable) return null;
  return from.length > 1 ? 'merge.united' : 'merge.fixed';
}

function FieldHead({ field, note }: { field: MetaField; note: string | null }) {
  return (
    <th scope="row" className={s.field}>
      {field.label}
      {note && <span className={s.note}>{note}</span>}
    </th>
  );
}

/** Records side by side: who stays, and field by field which value does. What is the same waits behind a line. */
export function MergeTable(props: TableProps) {
  const { merge } = props;
  const [all, setAll] = useState(false);
  const open = merge.lines.filter(line => line.open);
  const rest = merge.lines.length - open.length;
  return (
    <>
      <div className={s.scroll}>
        <table className={s.table} style={{ '--records': merge.records.length } as React.CSSProperties}>
          <thead>
            <Heads {...props} />
          </thead>
          <tbody>
            {(all ? merge.lines : open).map(line => {
              const note = noteOf(line);
              return (
                <tr key={line.field.name} className={s.line} data-open={line.open || undefined}>
                  <FieldHead field={line.field} note={note && t(note)} />
                  {merge.records.map(row => (
                    <Cell key={row.id} {...props} line={line} row={row} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {open.length === 0 && <p className={s.hint}>{t('merge.same')}</p>}
      {rest > 0 && (
        <button type="button" className={s.more} aria-expanded={all} onClick={() => setAll(!all)}>
          <Icon name={all ? 'chevron-down' : 'chevron-right'} size={14} />
          {all ? t('merge.lessRest') : t('merge.rest', { count: rest })}
        </button>
      )}
    </>
  );
}
