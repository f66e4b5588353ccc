import { useFieldServices } from '../../fields/view.ts';
import { t } from '../../kit/words.ts';
import { type Job, rateOf, secondsLeft } from '../model/jobs.ts';
import s from './Import.module.css';

function useLeft(job: Job): string | null {
  const seconds = secondsLeft(job, Date.now());
  if (seconds === null) return null;
  if (seconds < 90) return t('import.run.seconds', { count: seconds });
  if (seconds < 5400) return t('import.run.minutes', { count: Math.round(seconds / 60) });
  return t('import.run.hours', { count: Math.round(seconds / 3600) });
}

function Figures({ job }: { job: Job }) {
  const { locale } = useFieldServices();
  const left = useLeft(job);
  const rate = rateOf(job, Date.now());
  const number = (n: number) => n.toLocaleString(locale);
  const so = job.total
    ? t('import.run.of', { done: number(job.done), total: number(Math.max(job.total, job.done)) })
    : t('import.run.rows', { count: job.done });
  return [so, rate === null ? null : t('import.run.rate', { count: rate }), left].filter(Boolean).join(' · ');
}

/** How far a job is, how fast it goes, and how long it will take. */
export function Progress({ job }: { job: Job | undefined }) {
  const share = job?.total ? Math.min(1, job.done / job.total) : null;
  return (
    <div className={s.progress}>
      <div
        className={s.track}
        role="progressbar"
        aria-label={t('import.run.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <span
          className={s.gone}
          data-open={share === null || undefined}
          style={share === null ? undefined : { inlineSize: `${share * 100}%` }}
        />
      </div>
      <p className={s.figures}>{job && job.done > 0 ? <Figures job={job} /> : t('import.run.waiting')}</p>
    </div>
  );
}
