import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../engine/field.ts';
import type { MetaField, MetaObject } from '../../engine/meta.ts';
import { IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from '../data/cache.ts';
import { equals } from '../data/filter.ts';
import { fieldOf, isEmpty, objectNamed, useMeta } from '../data/meta.tsx';
import { useRecords } from '../data/records.ts';
import { defaultState, searchOf } from '../data/view-state.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Name } from './Name.tsx';
import s from './Related.module.css';
import { Value } from './Value.tsx';

const shown = 5;

interface RelatedProps {
  object: MetaObject;
  row: Row;
}

/** Two short facts under a related record's name: what its list shows, without what links back here. */
function factsOf(other: MetaObject, back: string): MetaField[] {
  const names = other.highlights.length > 0 ? other.highlights : other.list.columns;
  return names
    .filter(name => name !== other.title && name !== back)
    .map(name => fieldOf(other, name))
    .filter(field => field !== undefined)
    .slice(0, 3);
}

function preset(field: MetaField, object: MetaObject, id: string, title: string): Record<string, Json> {
  const item: Json = field.relation?.to === '*' ? { object: object.name, id, title } : { id, title };
  return { [field.name]: field.relation?.many ? [item] : item };
}

function RelatedList({
  object,
  row,
  label,
  other,
  field,
}: RelatedProps & { label: string; other: MetaObject; field: MetaField }) {
  const { t } = useTranslation();
  const facts = factsOf(other, field.name);
  const filter = equals(field, row.id);
  const found = useRecords(
    other,
    {
      filter,
      sort: other.list.sort,
      fields: [other.title, ...facts.map(f => f.name)],
      limit: shown,
      count: 'exact',
    },
    filter !== null,
  );
  if (!filter || found.error) return null;
  const rows = rowsOf(found.data);
  const count = found.data?.pages[0]?.count ?? rows.length;
  return (
    <section className={s.list}>
      <header className={s.head}>
        <h2 className={s.heading}>
          {label} {count > 0 && <span className={s.count}>{count}</span>}
        </h2>
        {other.can.create && (
          <IconButton
            icon="plus"
            size={24}
            label={t('list.create', { object: other.label.toLowerCase() })}
            onClick={() =>
              openDialog({ kind: 'create', object: other.name, values: preset(field, object, row.id, '') })
            }
          />
        )}
      </header>
      {found.isPending && <SkeletonLines count={2} height={44} />}
      {!found.isPending && rows.length === 0 && (
        <p className={s.none}>{t('related.none', { objects: label.toLowerCase() })}</p>
      )}
      <ul>
        {rows.slice(0, shown).map(item => (
          <li key={item.id}>
            <Link to="/$object/$id" params={{ object: other.path, id: item.id }} className={s.item}>
              <Name object={other} row={item} size={20} />
              <span className={s.facts}>
                {facts
                  .filter(f => !isEmpty(item[f.name]))
                  .slice(0, 2)
                  .map(f => (
                    <span key={f.name} className={s.fact}>
                      <Value row={item} field={f} place="card" />
                    </span>
                  ))}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {count > shown && (
        <Link
          to="/$object"
          params={{ object: other.path }}
          search={searchOf(other, { ...defaultState(other), layout: 'table', filter: { and: [filter] } })}
          className={s.all}
        >
          {t('related.all', { count })}
        </Link>
      )}
    </section>
  );
}

/** What leads here from other records. */
export function Related({ object, row }: RelatedProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const lists = object.relations.flatMap(relation => {
    const other = objectNamed(meta, relation.object);
    const field = other && fieldOf(other, relation.field);
    return other && field && !field.system && !other.timeline ? [{ relation, other, field }] : [];
  });
  if (lists.length === 0) return <p className={s.none}>{t('related.nothing')}</p>;
  return lists.map(({ relation, other, field }) => (
    <RelatedList
      key={`${relation.object}.${relation.field}`}
      object={object}
      row={row}
      label={relation.label}
      other={other}
      field={field}
    />
  ));
}
