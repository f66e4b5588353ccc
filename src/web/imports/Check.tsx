import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ImportResult } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { cancelJob, isOver, type Job, jobQuery } from '../model/jobs.ts';
import { Failure } from '../shell/Missing.tsx';
import { useExtent } from './Columns.tsx';
import { type Draft, noteCheck } from './draft.ts';
import s from './Import.module.css';
import { outcomeOf } from './outcome.ts';
import { Progress } from './Progress.tsx';
import { Report } from './Report.tsx';
import { useOrder } from './use-order.ts';

const route = getRouteApi('/frame/import');

/** Whether the import would change anything: records, or fields that it makes for those there are. */
function changes({ created, updated, tables }: ImportResult): boolean {
  const filled = tables.some(({ newFields = [] }) => newFields.some(field => field.filled > 0));
  return created + updated > 0 || filled;
}

/** What the check found, in a heading and a sentence. */
function Verdict({ outcome }: { outcome: ImportResult }) {
  const { failed, rows } = outcome;
  const title =
    failed > 0
      ? t('import.check.problems', { count: failed })
      : t(changes(outcome) ? 'import.check.ready' : 'import.check.noneTitle');
  const text =
    failed === rows && rows > 0
      ? t('import.check.all')
      : !changes(outcome)
        ? t('import.check.none')
        : t(failed > 0 ? 'import.check.text2' : 'import.check.text');
  return (
    <div className={s.head} role="status">
      <h2 className={s.title}>{title}</h2>
      <p className={s.said}>{text}</p>
    </div>
  );
}

function Body({ draft, job, checked }: { draft: Draft; job: Job | undefined; checked: boolean }) {
  const extent = useExtent(draft);
  if (job?.state === 'done' && checked) {
    const outcome = outcomeOf(job);
    return (
      <>
        <Verdict outcome={outcome} />
        <Report outcome={outcome} />
      </>
    );
  }
  if (job && isOver(job) && checked)
    return (
      <div className={s.head} role="alert">
        <h2 className={s.title}>{t('import.check.failed')}</h2>
        <p className={s.said}>{job.error}</p>
      </div>
    );
  return (
    <>
      <header className={s.head}>
        <h2 className={s.title}>{t('import.check.running', { what: extent })}</h2>
        <p className={s.said}>{t('import.check.nothing')}</p>
      </header>
      <Progress job={checked ? job : undefined} />
      <SkeletonLines count={3} height={52} />
    </>
  );
}

/** The third step: what the import would do, found out by doing all of it and taking it back. */
export function Check({ draft }: { draft: Draft }) {
  const navigate = route.useNavigate();
  const extent = useExtent(draft);
  const { busy, checked, plan, check, start } = useOrder(draft);
  const id = draft.check?.job ?? '';
  const { data: job, error } = useQuery({ ...jobQuery(id), enabled: id !== '' && checked });
  const tried = useRef<string | null>(null);
  useEffect(() => {
    // One that was refused is not ordered again and again.
    if (checked || busy || tried.current === plan) return;
    tried.current = plan;
    void check();
  });
  async function back() {
    if (checked && job && !isOver(job)) {
      noteCheck(null);
      void cancelJob(id).catch(() => undefined);
    }
    await navigate({ search: { step: 'columns' } });
  }
  const outcome = checked && job?.state === 'done' ? outcomeOf(job) : null;
  const over = checked && isOver(job);
  const something = outcome !== null && changes(outcome);
  return (
    <>
      {error && checked ? (
        <Failure error={error} retry={() => void check()} />
      ) : (
        <Body draft={draft} job={job} checked={checked} />
      )}
      <footer className={s.bar}>
        <Button onClick={() => void back()}>{t('import.check.back')}</Button>
        <span className={s.space} />
        {(over || (!checked && !busy)) && (
          <Button look="quiet" busy={busy} onClick={() => void check()}>
            {t('import.check.again')}
          </Button>
        )}
        <Button look="primary" disabled={!something} busy={busy} onClick={() => void start()}>
          {t('import.check.import', {
            what: outcome
              ? t('import.columns.rows', {
                  count: outcome.rows,
                })
              : extent,
          })}
        </Button>
      </footer>
    </>
  );
}
