import { useTranslation } from 'react-i18next';
import { Icon } from '../../kit/Icon.tsx';
import { useUnread } from '../model/notifications.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './Bell.module.css';

/** The way to what one is told, with how much of it is new. */
export function Bell({
  className,
  nameClass,
  size,
}: {
  className?: string;
  nameClass?: string;
  size?: 16 | 20;
}) {
  const { t } = useTranslation();
  const unread = useUnread();
  return (
    <button
      type="button"
      className={className}
      aria-label={unread > 0 ? t('shell.unread', { count: unread }) : t('shell.notifications')}
      onClick={() => openDialog({ kind: 'notifications' })}
    >
      <span className={s.bell}>
        <Icon name="bell" size={size} />
        {unread > 0 && <span className={s.dot} aria-hidden />}
      </span>
      <span className={nameClass}>{t('shell.notifications')}</span>
      {unread > 0 && (
        <span className={s.count} aria-hidden>
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  );
}
