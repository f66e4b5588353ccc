import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ImportResult, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, read } from '../api.ts';
import { cancelJob, isOver, type Job, jobQuery } from '../model/jobs.ts';
import { inText } from '../model/language.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { fail, keys, useActions } from '../model/records.ts';
import { Failure } from '../shell/Missing.tsx';
import { importsQuery } from './Earlier.tsx';
import s from './Import.module.css';
import { outcomeOf } from './outcome.ts';
import { Progress } from './Progress.tsx';
import { Report } from './Report.tsx';

const route = getRouteApi('/frame/import');

function Running({ job }: { job: Job }) {
  const client = useQueryClient();
  const [stopping, setStopping] = useState(false);
  async function stop() {
    setStopping(true);
    try {
      await cancelJob(job.id);
    } catch (error) {
      setStopping(false);
      fail(error);
    }
    void client.invalidateQueries({ queryKey: jobQuery(job.id).queryKey });
  }
  return (
    <>
      <header className={s.head}>
        <h2 className={s.title}>{job.label}</h2>
        <p className={s.said}>{t('import.run.leave')}</p>
      </header>
      <Progress job={job} />
      <footer className={s.bar}>
        <Button busy={stopping} onClick={() => void stop()}>
          {t(stopping ? 'import.run.cancelling' : 'import.run.cancel')}
        </Button>
      </footer>
    </>
  );
}

function titleKey(job: Job, { created, updated, failed }: ImportResult): string {
  if (job.state === 'cancelled') return 'import.run.cancelled';
  if (job.state !== 'done') return 'import.run.failed';
  if (created + updated === 0) return 'import.run.nothing';
  return failed > 0 ? 'import.run.doneSome' : 'import.run.done';
}

/** The way to the review queue, where records of the object may stand there twice now. */
function Twice({ object }: { object: MetaObject }) {
  const { data } = useQuery({
    queryKey: [...keys.object(object.name), 'duplicates', 'count'],
    queryFn: () => read<{ count: number }>(`/api/${object.path}/duplicates?limit=1`),
    // Records are compared after they are written.
    refetchInterval: 3_000,
  });
  const count = data?.count ?? 0;
  if (count === 0) return null;
  return (
    <Link to="/duplicates/$object" params={{ object: object.path }} className={s.twice}>
      <Icon name="arrow-merge" />
      {t('import.report.duplicates', {
        count,
        objects: inText(object.plural),
      })}
    </Link>
  );
}

/** "1,204 rows in 3 seconds" */
function useTook(job: Job, { rows }: ImportResult): string {
  const { locale } = useMeta().workspace;
  if (!job.startedAt || !job.endedAt) return '';
  const seconds = Math.max(0.1, (Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000);
  const long = seconds >= 90;
  return t('import.run.took', {
    rows: t('import.columns.rows', { count: rows }),
    time: new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: long ? 'minute' : 'second',
      unitDisplay: 'long',
      maximumFractionDigits: seconds < 10 || long ? 1 : 0,
    }).format(long ? seconds / 60 : seconds),
  });
}

function Ended({ job }: { job: Job }) {
  const actions = useActions();
  const navigate = route.useNavigate();
  const [busy, setBusy] = useState(false);
  const { data: imports } = useQuery(importsQuery);
  const outcome = outcomeOf(job);
  const { changeSet } = outcome;
  const undone = imports?.some(set => set.id === changeSet && set.undoneBy !== null) ?? false;
  const took = useTook(job, outcome);
  const meta = useMeta();
  const compared = [...new Set(outcome.tables.map(({ object }) => object))]
    .flatMap(name => objectNamed(meta, name) ?? [])
    .filter(({ duplicates }) => duplicates.length > 0);
  const broke = job.state !== 'done';
  async function undo() {
    if (!changeSet) return;
    setBusy(true);
    await actions.undo(changeSet);
    setBusy(false);
  }
  return (
    <>
      <div className={s.head} role="status">
        <h2 className={s.title}>{t(undone ? 'import.run.undoneTitle' : titleKey(job, outcome))}</h2>
        <p className={s.said}>
          {undone
            ? t('import.run.undone')
            : broke
              ? [job.state === 'cancelled' ? null : job.error, t('import.run.cancelledText')]
                  .filter(Boolean)
                  .join(' ')
              : outcome.failed === outcome.rows && outcome.rows > 0
                ? t('import.run.allRefused')
                : took}
        </p>
      </div>
      {!undone && compared.map(object => <Twice key={object.name} object={object} />)}
      {outcome.tables.length > 0 && <Report outcome={outcome} job={job.id} />}
      <footer className={s.bar}>
        {changeSet && !undone && (
          <Button icon="arrow-back-up" busy={busy} onClick={() => void undo()}>
            {t('import.run.undo')}
          </Button>
        )}
        <span className={s.space} />
        <Button look="primary" onClick={() => void navigate({ search: {} })}>
          {t('import.run.more')}
        </Button>
      </footer>
    </>
  );
}

/** The last step: the import under way, then what came of it. */
export function Run({ id }: { id: string }) {
  const client = useQueryClient();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  const over = isOver(job);
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: importsQuery.queryKey });
  }, [over, client]);
  if (error instanceof ApiError && error.status === 404)
    return <EmptyState icon="zoom-question" title={t('import.run.missing')} />;
  if (error && !job) return <Failure error={error} retry={() => void refetch()} />;
  if (!job) return <SkeletonLines count={4} height={52} />;
  return over ? <Ended job={job} /> : <Running job={job} />;
}
