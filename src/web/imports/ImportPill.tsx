import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { record, str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Icon } from '../../kit/Icon.tsx';
import { toast } from '../../kit/toast.tsx';
import { ApiError } from '../api.ts';
import { forgetJob, type Job, rateOf, readJob, useJobIds } from '../model/jobs.ts';
import { type Actions, useActions } from '../model/records.ts';
import s from './ImportPill.module.css';

const over = ['done', 'failed', 'dead', 'cancelled'];

function useTell() {
  const { t } = useTranslation();
  const { locale } = useFieldServices();
  return (job: Job, actions: Actions) => {
    if (job.state !== 'done') {
      toast(t('imports.failed', { label: job.label }), { tone: 'wrong', detail: job.error ?? undefined });
      return;
    }
    const result = record(job.result);
    const changeSet = str(result.changeSet);
    const parts = (['created', 'updated', 'unchanged', 'failed'] as const)
      .filter(name => Number(result[name] ?? 0) > 0)
      .map(name =>
        t(name === 'failed' ? 'imports.failed_rows' : `imports.${name}`, {
          formatted: Number(result[name]).toLocaleString(locale),
        }),
      );
    const failed = Number(result.failed ?? 0);
    toast(t('imports.done', { label: job.label }), {
      tone: failed > 0 ? 'wrong' : 'plain',
      detail: parts.join(', ') || t('imports.nothing'),
      ...(failed > 0
        ? { link: { label: t('imports.failures'), href: `/api/imports/${job.id}/failures` } }
        : {}),
      ...(changeSet ? { action: { label: t('toast.undo'), run: () => void actions.undo(changeSet) } } : {}),
    });
  };
}

function Pill({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const actions = useActions();
  const { locale } = useFieldServices();
  const tell = useTell();
  const told = useRef(false);
  const found = useQuery({
    queryKey: ['job', id],
    queryFn: () => readJob(id),
    staleTime: 0,
    refetchInterval: query => (over.includes(query.state.data?.state ?? '') ? false : 1000),
  });
  const { data: job, error } = found;
  const gone = error instanceof ApiError && error.status === 404;
  const ended = job && over.includes(job.state);
  useEffect(() => {
    if (told.current || !(ended || gone)) return;
    told.current = true;
    if (ended) tell(job, actions);
    forgetJob(id);
    for (const queryKey of [['records'], ['changeSets'], ['timeline']])
      void client.invalidateQueries({ queryKey });
  }, [ended, gone, job, id, actions, client, tell]);
  if (!job || ended) return null;
  const rate = rateOf(job, Date.now());
  return (
    <span className={s.pill}>
      <Icon name="upload" size={14} />
      <span className={s.label}>{job.label}</span>
      <span className={s.figures}>
        {job.done > 0
          ? t('imports.rows', { count: job.done, formatted: job.done.toLocaleString(locale) })
          : t('imports.waiting')}
        {rate !== null && ` · ${t('imports.rate', { formatted: rate.toLocaleString(locale) })}`}
      </span>
    </span>
  );
}

/** Imports under way: they go on whatever page is open. */
export default function ImportPills() {
  const { t } = useTranslation();
  const ids = useJobIds();
  if (ids.length === 0) return null;
  return (
    <div className={s.pills} role="status" aria-label={t('imports.title')}>
      {ids.map(id => (
        <Pill key={id} id={id} />
      ))}
    </div>
  );
}
