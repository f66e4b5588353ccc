import { VisuallyHidden } from '@mantine/core';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { useUnread } from '../model/notifications.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './Bell.module.css';

interface BellProps {
  className?: string;
  nameClass?: string;
  size?: 16 | 20;
  /** Without words: the name is for those who do not see the bell. */
  bare?: boolean;
}

/** The way to what one is told, with how much of it is new. */
export function Bell({ className, nameClass, size, bare }: BellProps) {
  const unread = useUnread();
  const number = unread > 99 ? '99+' : String(unread);
  const name = unread > 0 ? t('shell.unread', { number }) : t('shell.notifications');
  return (
    <button
      type="button"
      className={className}
      aria-label={bare ? name : undefined}
      onClick={() => openDialog({ kind: 'notifications' })}
    >
      <span className={s.bell}>
        <Icon name="bell" size={size} />
        {unread > 0 && <span className={s.dot} aria-hidden />}
      </span>
      {!bare && <span className={nameClass}>{t('shell.notifications')}</span>}
      {!bare && unread > 0 && (
        <span className={s.count}>
          {number}
          <VisuallyHidden> {t('shell.new')}</VisuallyHidden>
        </span>
      )}
    </button>
  );
}
