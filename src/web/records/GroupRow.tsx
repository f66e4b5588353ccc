// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.

import { useEffect } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { rowsOf } from '../model/cache.ts';
import { both } from '../model/filter.ts';
import { type RowGroup, textOfTotal } from '../model/groups.ts';
import { inText } from '../model/language.ts';
import { type Query, useRecords } from '../model/records.ts';
import s from './Table.module.css';
import type { RowGroups } from './use-groups.ts';
import type { ListModel } from './use-list.ts';

/** Has the rows of one group loaded; draws nothing. */
function Loader({
  object,
  query,
  group,
  take,
}: {
  object: MetaObject;
  query: Query;
  group: RowGroup;
  take: RowGroups['take'];
}) {
  const { count: _, ...asked } = query;
  const found = useRecords(object, { ...asked, filter: both(group.filter, query.filter) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is handed on changes with the answers alone.
  useEffect(() => {
    if (!found.data) return;
    take(group.key, {
      rows: rowsOf(found.data),
      more: found.hasNextPage,
      busy: found.isFetching,
      next: () => void found.fetchNextPage(),
    });
  }, [found.data, found.hasNextPage, found.isFetching, group.key]);
  return null;
}

/** The groups that have come into sight. */
export function GroupLoaders({ object, list }: { object: MetaObject; list: ListModel }) {
  return list.groups?.wanted.map(group => (
    <Loader
      key={group.key}
      object={object}
      query={list.query}
      group={group}
      take={(key, rows) => list.groups?.take(key, rows)}
    />
  ));
}

/** What the rows of a group have in common, as the field shows it. */
export function GroupName({
  group,
  field,
  bucketed,
}: {
  group: RowGroup;
  field: MetaField;
  bucketed: boolean;
}) {
  const { Show } = viewOf(field.type);
  if (group.value === null)
    return <span className={s.none}>{t('board.none', { field: inText(field.label) })}</span>;
  // A period is no value of the field; a link would lead away from the list.
  if (bucketed || field.relation)
    return <span className={s.groupText}>{group.title || t('field.untitled')}</span>;
  return <Show value={group.value} field={field} place="cell" />;
}

interface GroupRowProps {
  groups: RowGroups;
  group: RowGroup;
  open: boolean;
  index: number;
  start: number;
  columns: MetaField[];
  active: boolean;
}

/** The head of a group: its value, how many rows, and what is computed of each column. */
export function GroupRow({ groups, group, open, index, start, columns, active }: GroupRowProps) {
  const format = useFieldServices();
  const { by, totals } = groups;
  const totalOf = (field: MetaField) => {
    const at = totals.findIndex(total => total.field.name === field.name);
    const total = totals[at];
    return total ? textOfTotal(total, group.values[at] ?? null, format) : '';
  };
  return (
    <div
      className={s.row}
      role="row"
      data-group
      aria-rowindex={index + 2}
      data-active={active || undefined}
      style={{ transform: `translateY(${start}px)` }}
    >
      <div className={s.groupName} role="gridcell" id={`cell-${index}-0`}>
        <button
          type="button"
          className={s.groupToggle}
          tabIndex={-1}
          aria-expanded={open}
          aria-label={t(open ? 'group.close' : 'group.open', { group: group.title || t('group.none') })}
          onClick={() => groups.toggle(group.key)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
        </button>
        <GroupName group={group} field={by.field} bucketed={by.bucket !== null} />
        <span className={s.groupCount}>{group.count.toLocaleString(format.locale)}</span>
      </div>
      {columns.slice(1).map((field, at) => (
        <div
          key={field.name}
          id={`cell-${index}-${at + 1}`}
          role="gridcell"
          className={s.cell}
          data-align={viewOf(field.type).align}
        >
          {totalOf(field)}
        </div>
      ))}
    </div>
  );
}
