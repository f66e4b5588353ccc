import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../../kit/Button.tsx';
import { EmptyState, ErrorState } from '../../kit/State.tsx';
import { ApiError } from '../api.ts';

export function Missing() {
  const { t } = useTranslation();
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
  const { t } = useTranslation();
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
