import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { writes } from '../api.ts';
import s from './Connection.module.css';

function useOnline(): boolean {
  return useSyncExternalStore(
    listener => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}

/** What is not saved yet is tried as soon as there is hope, and is not lost by closing the page unawares. */
function useGuard(unsaved: boolean) {
  useEffect(() => {
    if (!unsaved) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('online', writes.tryAgain);
    window.addEventListener('beforeunload', stay);
    return () => {
      window.removeEventListener('online', writes.tryAgain);
      window.removeEventListener('beforeunload', stay);
    };
  }, [unsaved]);
}

/** The line above every page that tells of a lost connection, and of changes that wait for it. */
export function Connection() {
  const client = useQueryClient();
  const online = useOnline();
  const trouble = useSyncExternalStore(writes.subscribe, writes.trouble);
  useGuard(trouble !== null);
  if (online && !trouble) return null;
  const count = trouble?.waiting ?? 0;
  const discard = () => {
    writes.giveUp();
    void client.invalidateQueries();
  };
  return (
    <div className={s.line} data-stuck={trouble?.state === 'stuck' || undefined}>
      <p role="status">{trouble ? t(`writes.${trouble.state}`, { count }) : t('error.offline')}</p>
      {trouble?.state === 'stuck' && (
        <>
          <Button onClick={writes.tryAgain}>{t('error.retry')}</Button>
          <Button look="quiet" onClick={discard}>
            {t('writes.giveUp', { count })}
          </Button>
        </>
      )}
    </div>
  );
}
