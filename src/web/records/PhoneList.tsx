import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Skeleton } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import type { RowGroup } from '../model/groups.ts';
import { isEmpty, lookOf, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { GroupLoaders, GroupName } from './GroupRow.tsx';
import { Name } from './Name.tsx';
import s from './PhoneList.module.css';
import type { RowGroups } from './use-groups.ts';
import type { ListModel } from './use-list.ts';
import { Value } from './Value.tsx';

const height = 64;
const headHeight = 48;

/** The head of a group: a tap opens and closes it. */
function Head({ groups, group, open }: { groups: RowGroups; group: RowGroup; open: boolean }) {
  const { locale } = useFieldServices();
  return (
    <button type="button" className={s.head} aria-expanded={open} onClick={() => groups.toggle(group.key)}>
      <Icon name={open ? 'chevron-down' : 'chevron-right'} />
      <GroupName group={group} field={groups.by.field} bucketed={groups.by.bucket !== null} />
      <span className={s.count}>{group.count.toLocaleString(locale)}</span>
    </button>
  );
}

interface ItemProps {
  object: MetaObject;
  row: Row;
  fields: MetaField[];
  /** Whether it is the record that is open beside the list. */
  open?: boolean;
  onOpen?(id: string): void;
}

function Item({ object, row, fields, open, onOpen }: ItemProps) {
  const meta = useMeta();
  const told = fields.filter(field => field.name !== object.title && !isEmpty(row[field.name]));
  // What is added up over columns of a board is what one looks for in each record.
  const figure = told.find(({ name }) => name === object.board?.sum);
  const facts = told.filter(field => field !== figure).slice(0, 2);
  return (
    <Link
      to="/$object/$id"
      params={{ object: object.path, id: row.id }}
      className={s.item}
      aria-current={open || undefined}
      onClick={event => {
        if (!onOpen || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        onOpen(row.id);
      }}
    >
      <span className={s.first}>
        <span className={s.name}>
          <Name object={object} row={row} size={20} />
        </span>
        {figure && (
          <span className={s.figure}>
            <Value row={row} field={figure} place="card" />
          </span>
        )}
      </span>
      <span
        className={s.facts}
        data-indented={/^(round|square)$/.test(lookOf(meta, object.name)) || undefined}
      >
        {facts.map(field => (
          <span key={field.name} className={s.fact}>
            <Value row={row} field={field} place="card" />
          </span>
        ))}
      </span>
    </Link>
  );
}

/** The list under a thumb: a name and the two first facts per record, instead of a table to push about. */
export function PhoneList({
  object,
  list,
  open,
  onOpen,
}: {
  object: MetaObject;
  list: ListModel;
  /** The record that is open beside the list, and what opens another one there. */
  open?: string;
  onOpen?(id: string): void;
}) {
  const actions = useActions();
  const scroller = useRef<HTMLDivElement>(null);
  const { lines } = list;
  const by = list.groups?.by;
  // The head of a group has said what its records share.
  const fields =
    by?.bucket === null ? list.columns.filter(({ name }) => name !== by.field.name) : list.columns;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (lines[index]?.kind === 'group' ? headHeight : height),
    getItemKey: index => lines[index]?.key ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines, or more of them, are the reason to look.
  useEffect(() => list.reach(first, last), [first, last, lines, list.records.hasNextPage]);
  const openAt = open ? lines.findIndex(line => line.kind === 'row' && line.row.id === open) : -1;
  useEffect(() => {
    if (openAt >= 0) virtual.scrollToIndex(openAt, { align: 'auto' });
  }, [openAt, virtual]);
  return (
    <div ref={scroller} className={s.list}>
      <GroupLoaders object={object} list={list} />
      <ul className={s.space} style={{ blockSize: virtual.getTotalSize() }} aria-label={object.plural}>
        {items.map(item => {
          const line = lines[item.index];
          if (!line) return null;
          const style = { transform: `translateY(${item.start}px)` };
          if (line.kind === 'wait')
            return (
              <li key={line.key} className={s.row} style={style} aria-hidden>
                <span className={s.item}>
                  <Skeleton width="60%" />
                </span>
              </li>
            );
          if (line.kind === 'group')
            return (
              <li key={line.key} className={s.row} data-group style={style}>
                {list.groups && <Head groups={list.groups} group={line.group} open={line.open} />}
              </li>
            );
          const { row } = line;
          return (
            <li key={line.key} className={s.row} style={style}>
              <Item object={object} row={row} fields={fields} open={open === row.id} onOpen={onOpen} />
              {list.state.trash && object.can.delete && (
                <IconButton
                  icon="arrow-back-up"
                  label={t('list.restore')}
                  onClick={() => void actions.restore(object, [row])}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
