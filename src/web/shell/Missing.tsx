import { Link } from '@tanstack/react-router';
import { Button } from '../../kit/Button.tsx';
import { EmptyState, ErrorState } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { ApiError } from '../api.ts';

export function Missing() {
  return (
    <EmptyState
      icon="zoom-question"
      title={t('error.missing')}
      text={t('error.missingText')}
      action={<Link to="/">{t('error.home')}</Link>}
    />
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const known = error instanceof ApiError ? error : null;
  if (known?.status === 404) return <Missing />;
  return (
    <ErrorState
      title={known?.code === 'offline' ? t('error.offlineTitle') : t('error.title')}
      text={known?.code === 'offline' ? t('error.offline') : (known?.message ?? t('error.unknown'))}
      requestId={known?.requestId}
      action={retry && <Button onClick={retry}>{t('error.retry')}</Button>}
    />
  );
}

export function PageError({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failure error={error} retry={reset} />;
}
