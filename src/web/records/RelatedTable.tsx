import { Link } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import type { Panel } from '../model/page-layout.ts';
import { useRecords } from '../model/records.ts';
import { relatedFilter } from '../model/related.ts';
import { Failure } from '../shell/Missing.tsx';
import { AddRelated } from './AddRelated.tsx';
import { Name } from './Name.tsx';
import { useWholeList } from './RelatedList.tsx';
import s from './RelatedTable.module.css';
import { RelatedTotals } from './RelatedTotals.tsx';
import { Value } from './Value.tsx';

interface RelatedTableProps {
  object: MetaObject;
  row: Row;
  below: boolean;
  panel: Extract<Panel, { kind: 'list' }>;
}

/** All that belongs to a record, with the columns of its list; the list itself is one click away. */
export function RelatedTable(props: RelatedTableProps) {
  const { row, below, panel } = props;
  const { other, field } = panel;
  const { search } = useWholeList(props);
  const filter = relatedFilter(field, row.id, below);
  const columns = other.list.columns
    .filter(name => name !== other.title && (name !== field.name || below))
    .map(name => fieldOf(other, name))
    .filter(column => column !== undefined)
    .slice(0, 4);
  const found = useRecords(
    other,
    {
      filter,
      sort: other.list.sort,
      fields: [other.title, ...columns.map(({ name }) => name)],
      limit: 50,
    },
    filter !== null,
  );
  if (!filter) return null;
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const rows = rowsOf(found.data);
  return (
    <div className={s.part}>
      <header className={s.head}>
        <RelatedTotals other={other} filter={filter} />
        <span className={s.does}>
          <Link to="/$object" params={{ object: other.path }} search={search} className={s.whole}>
            {t('page.openAsList')}
          </Link>
          <AddRelated {...props} />
        </span>
      </header>
      {found.isPending && <SkeletonLines count={6} />}
      {!found.isPending && rows.length === 0 && (
        <EmptyState icon={other.icon} title={t('page.noneYet', { objects: inText(other.plural) })} />
      )}
      {rows.length > 0 && (
        <div className={s.scroll}>
          <table className={s.table}>
            <thead>
              <tr>
                <th scope="col">{fieldOf(other, other.title)?.label ?? other.label}</th>
                {columns.map(({ name, label, type }) => (
                  <th key={name} scope="col" data-end={viewOf(type).align === 'end' || undefined}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(item => (
                <tr key={item.id}>
                  <th scope="row">
                    <Link to="/$object/$id" params={{ object: other.path, id: item.id }} className={s.name}>
                      <Name object={other} row={item} size={20} />
                    </Link>
                  </th>
                  {columns.map(column => (
                    <td key={column.name} data-end={viewOf(column.type).align === 'end' || undefined}>
                      {!isEmpty(item[column.name]) && <Value row={item} field={column} place="cell" />}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.hasNextPage && (
        <Button look="quiet" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('page.showMore')}
        </Button>
      )}
    </div>
  );
}
