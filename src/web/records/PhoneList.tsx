import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import type { Row } from '../api.ts';
import { isEmpty } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { Name } from './Name.tsx';
import s from './PhoneList.module.css';
import type { ListModel } from './use-list.ts';
import { Value } from './Value.tsx';

const height = 64;

function Item({ object, row, fields }: { object: MetaObject; row: Row; fields: MetaField[] }) {
  const facts = fields.filter(field => field.name !== object.title && !isEmpty(row[field.name])).slice(0, 2);
  return (
    <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.item}>
      <span className={s.name}>
        <Name object={object} row={row} size={20} />
      </span>
      <span className={s.facts}>
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
export function PhoneList({ object, list }: { object: MetaObject; list: ListModel }) {
  const { t } = useTranslation();
  const actions = useActions();
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, records } = list;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (records.hasNextPage && !records.isFetchingNextPage && last >= rows.length - 20)
      void records.fetchNextPage();
  }, [last, rows.length, records]);
  return (
    <div ref={scroller} className={s.list}>
      <ul className={s.space} style={{ blockSize: virtual.getTotalSize() }} aria-label={object.plural}>
        {items.map(item => {
          const row = rows[item.index];
          return (
            row && (
              <li key={row.id} className={s.row} style={{ transform: `translateY(${item.start}px)` }}>
                <Item object={object} row={row} fields={list.columns} />
                {list.state.trash && object.can.delete && (
                  <IconButton
                    icon="arrow-back-up"
                    label={t('list.restore')}
                    onClick={() => void actions.restore(object, [row])}
                  />
                )}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
