import './words.ts';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import { recordQuery } from '../model/records.ts';
import { PhoneList } from '../records/PhoneList.tsx';
import { RecordPane } from '../records/RecordPane.tsx';
import type { ListModel } from '../records/use-list.ts';
import { useKeys } from '../shell/keys.ts';
import s from './Split.module.css';

/** The list at the left and one of its records at the right; on a phone the list alone, which leads to the records. */
export default function Split({ object, list }: { object: MetaObject; list: ListModel }) {
  const client = useQueryClient();
  const narrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false });
  const { rows } = list;
  const at = Math.max(
    0,
    rows.findIndex(row => row.id === list.peek),
  );
  const open = list.peek ?? rows[0]?.id;
  const go = (by: number) => {
    const next = rows[at + by];
    if (next) list.setPeek(next.id);
  };
  useKeys({
    'record.next': () => go(1),
    'record.before': () => go(-1),
  });
  const [before, after] = [rows[at - 1]?.id, rows[at + 1]?.id];
  useEffect(() => {
    if (narrow) return;
    for (const id of [before, after]) if (id) void client.prefetchQuery(recordQuery(object, id));
  }, [client, object, before, after, narrow]);
  if (narrow || !open) return <PhoneList object={object} list={list} />;
  return (
    <div className={s.split}>
      <div className={s.list}>
        <PhoneList object={object} list={list} open={open} onOpen={list.setPeek} />
      </div>
      <section className={s.record} aria-label={t('split.record')}>
        <RecordPane
          object={object}
          id={open}
          onDeleted={() => list.setPeek(after ?? before ?? null)}
          onMerged={list.setPeek}
        />
      </section>
    </div>
  );
}
