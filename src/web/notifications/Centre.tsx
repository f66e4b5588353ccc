import './words.ts';
import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useRef, useState } from 'react';
import { daysFromNow } from '../../fields/moments.tsx';
import { str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { useAllUnread, useNotifications, useTold, type Which } from '../model/notifications.ts';
import { closeDialog } from '../shell/dialogs.ts';
import { Failure } from '../shell/Missing.tsx';
import s from './Centre.module.css';
import { NotificationItem } from './NotificationItem.tsx';

/** Under the day on which they came. */
function Days({ rows }: { rows: Row[] }) {
  const { locale, timeZone } = useFieldServices();
  const dayOf = (row: Row) => {
    const at = str(row.happenedAt ?? row.createdAt);
    const days = daysFromNow(at, timeZone);
    if (days >= 0) return t('notifications.today');
    if (days === -1) return t('notifications.yesterday');
    return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone }).format(new Date(at));
  };
  return [...Map.groupBy(rows, dayOf)].map(([day, some]) => (
    <section key={day} aria-label={day}>
      <h3 className={s.day}>{day}</h3>
      <ul>
        {some.map(row => (
          <NotificationItem key={row.id} row={row} />
        ))}
      </ul>
    </section>
  ));
}

const which: Which[] = ['all', 'unread', 'mentions'];

function Found({ of }: { of: Which }) {
  const found = useNotifications(of);
  const rows = rowsOf(found.data);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <SkeletonLines count={6} height={56} />;
  if (rows.length === 0) {
    if (of === 'all')
      return <EmptyState icon="bell" title={t('notifications.none')} text={t('notifications.noneText')} />;
    return (
      <EmptyState
        icon="checks"
        title={t(of === 'unread' ? 'notifications.noneUnread' : 'notifications.noneMentions')}
      />
    );
  }
  return (
    <>
      <Days rows={rows} />
      {found.hasNextPage && (
        <Button look="quiet" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('notifications.earlier')}
        </Button>
      )}
    </>
  );
}

/** Everything one is told, by day; arrows walk, Enter opens, `e` marks, `s` puts off until tomorrow. */
export default function Centre() {
  const told = useTold();
  const unread = useAllUnread();
  const [of, setOf] = useState<Which>('all');
  const list = useRef<HTMLDivElement>(null);
  const phone = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });

  function walk(event: KeyboardEvent) {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    if (!step || items.length === 0) return;
    event.preventDefault();
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus();
  }

  return (
    <Modal
      opened
      onClose={closeDialog}
      fullScreen={phone}
      size={480}
      title={<b>{t('shell.notifications')}</b>}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only watches the keys of the buttons inside. */}
      <div ref={list} onKeyDown={walk}>
        <div className={s.bar}>
          <Tabs<Which>
            label={t('notifications.filter')}
            tabs={which.map(name => ({ name, label: t(`notifications.${name}`) }))}
            open={of}
            look="pills"
            className={s.tabs}
            onOpen={setOf}
          />
          <IconButton
            icon="checks"
            label={t('notifications.markAll')}
            disabled={unread.length === 0}
            onClick={() => void told.read(unread)}
          />
          <Link
            to="/settings/notifications"
            className={s.settings}
            aria-label={t('notifications.settings')}
            onClick={closeDialog}
          >
            <Icon name="settings" />
          </Link>
        </div>
        <div className={s.list} aria-live="polite">
          <Found of={of} />
        </div>
      </div>
    </Modal>
  );
}
