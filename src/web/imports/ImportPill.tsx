import { Link, useSearch } from '@tanstack/react-router';
import { record, str } from '../../fields/read.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { forgetJob, type Job, rateOf, useJobIds, useUnderWay } from '../model/jobs.ts';
import { type Actions, useActions } from '../model/records.ts';
import s from './ImportPill.module.css';

function useTell() {
  return (job: Job, actions: Actions) => {
    const result = record(job.result);
    const changeSet = str(result.changeSet);
    const undo = actions.offerUndo(changeSet || null);
    if (job.state !== 'done') {
      const text = t(job.state === 'cancelled' ? 'imports.cancelled' : 'imports.failed', {
        label: job.label,
      });
      toast(text, { tone: 'wrong', detail: job.error ?? undefined, ...undo });
      return;
    }
    const parts = (['created', 'updated', 'unchanged', 'failed'] as const)
      .filter(name => Number(result[name] ?? 0) > 0)
      .map(name =>
        t(name === 'failed' ? 'imports.failed_rows' : `imports.${name}`, {
          count: Number(result[name]),
        }),
      );
    const failed = Number(result.failed ?? 0);
    toast(t('imports.done', { label: job.label }), {
      tone: failed > 0 ? 'wrong' : 'plain',
      detail: parts.join(', ') || t('imports.nothing'),
      ...(failed > 0
        ? { link: { label: t('imports.failures'), href: `/api/imports/${job.id}/failures` } }
        : {}),
      ...undo,
    });
  };
}

/** `seen`: the page of the job itself is open, which tells all of it. */
function Pill({ id, seen }: { id: string; seen: boolean }) {
  const actions = useActions();
  const tell = useTell();
  const job = useUnderWay(id, {
    ended: ended => !seen && tell(ended, actions),
    forget: forgetJob,
    changes: ['records', 'changeSets', 'timeline', 'imports', 'meta'],
  });
  if (!job || seen) return null;
  const rate = rateOf(job, Date.now());
  return (
    <Link to="/import" search={{ job: id }} className={s.pill}>
      <Icon name="upload" size={14} />
      <span className={s.label}>{job.label}</span>
      <span className={s.figures}>
        {job.done > 0 ? t('imports.rows', { count: job.done }) : t('imports.waiting')}
        {rate !== null && ` · ${t('imports.rate', { count: rate })}`}
      </span>
    </Link>
  );
}

/** Imports under way: they go on whatever page is open. */
export default function ImportPills() {
  const ids = useJobIds();
  const { job: open } = useSearch({ strict: false });
  return (
    <div className={s.pills} role="status" aria-label={t('imports.title')}>
      {ids.map(id => (
        <Pill key={id} id={id} seen={id === open} />
      ))}
    </div>
  );
}
