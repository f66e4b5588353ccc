import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { equals } from '../model/filter.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty, lookOf, objectNamed, useMeta } from '../model/meta.tsx';
import { useRecord, useRecords } from '../model/records.ts';
import { defaultState, searchOf } from '../model/view-state.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Name } from './Name.tsx';
import s from './Related.module.css';
import { Value } from './Value.tsx';

const shown = 5;

interface RelatedProps {
  object: MetaObject;
  row: Row;
  /** ISO 8601: what was related then. */
  asOf?: string;
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

function Item({ object, row, facts }: RelatedProps & { facts: MetaField[] }) {
  const look = lookOf(useMeta(), object.name);
  const shownFacts = facts.filter(field => !isEmpty(row[field.name])).slice(0, 2);
  return (
    <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.item}>
      <Name object={object} row={row} size={20} />
      {shownFacts.length > 0 && (
        <span className={s.facts} data-indent={look === 'round' || look === 'square' || undefined}>
          {shownFacts.map(field => (
            <span key={field.name} className={s.fact}>
              <Value row={row} field={field} place="card" />
            </span>
          ))}
        </span>
      )}
    </Link>
  );
}

function RelatedList({
  object,
  row,
  asOf,
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
      asOf,
    },
    filter !== null,
  );
  if (!filter || found.error) return null;
  const rows = rowsOf(found.data);
  const count = found.data?.pages[0]?.count ?? rows.length;
  const empty = !found.isPending && rows.length === 0;
  return (
    <section className={s.list} data-empty={empty || undefined}>
      <header className={s.head}>
        <h2 className={s.heading}>
          {label} {count > 0 && <span className={s.count}>{count}</span>}
        </h2>
        {other.can.create && !asOf && (
          <IconButton
            icon="plus"
            size={24}
            label={t('list.create', { object: inText(other.label) })}
            onClick={() =>
              openDialog({ kind: 'create', object: other.name, values: preset(field, object, row.id, '') })
            }
          />
        )}
      </header>
      {found.isPending && <SkeletonLines count={2} height={44} />}
      <ul>
        {rows.slice(0, shown).map(item => (
          <li key={item.id}>
            <Item object={other} row={item} facts={facts} />
          </li>
        ))}
      </ul>
      {count > shown && !asOf && (
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

/** A record this one points to, with the facts that matter about it. */
function Linked({ field, other, id }: { field: MetaField; other: MetaObject; id: string }) {
  const found = useRecord(other, id);
  if (!found.data) return null;
  return (
    <section className={s.list}>
      <header className={s.head}>
        <h2 className={s.heading}>{field.label}</h2>
      </header>
      <Item object={other} row={found.data} facts={factsOf(other, '')} />
    </section>
  );
}

/** What this record points to, and what leads here from other records. */
export function Related({ object, row, asOf }: RelatedProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const linked = object.fields.flatMap(field => {
    const other = objectNamed(meta, field.relation?.to);
    const to = reference(row[field.name]);
    const counts =
      other && to && !field.system && !field.relation?.many && !other.setup && other.group !== null;
    return counts ? [{ field, other, id: to.id }] : [];
  });
  const lists = object.relations.flatMap(relation => {
    const other = objectNamed(meta, relation.object);
    const field = other && fieldOf(other, relation.field);
    // Activities stand in the timeline, but for what is below one of them: subtasks, for instance.
    const elsewhere = other?.timeline && other.name !== object.name;
    return other && field && !field.system && !elsewhere ? [{ relation, other, field }] : [];
  });
  if (lists.length === 0 && linked.length === 0) return <p className={s.none}>{t('related.nothing')}</p>;
  return (
    <div className={s.lists}>
      {linked.slice(0, 4).map(({ field, other, id }) => (
        <Linked key={field.name} field={field} other={other} id={id} />
      ))}
      {lists.map(({ relation, other, field }) => (
        <RelatedList
          key={`${relation.object}.${relation.field}`}
          object={object}
          row={row}
          asOf={asOf}
          label={relation.label}
          other={other}
          field={field}
        />
      ))}
    </div>
  );
}
