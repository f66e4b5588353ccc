import './words.ts';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { EmptyState } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import { Check } from './Check.tsx';
import { Columns } from './Columns.tsx';
import { useDraft } from './draft.ts';
import { Files } from './Files.tsx';
import s from './Import.module.css';
import { Run } from './Run.tsx';

const route = getRouteApi('/frame/import');
const steps = ['files', 'columns', 'check', 'import'] as const;
type Step = (typeof steps)[number];

/** Where the person is among the four steps, and the way back to those behind. */
function Steps({ now }: { now: Step }) {
  const at = steps.indexOf(now);
  return (
    <nav aria-label={t('import.steps')}>
      <ol className={s.steps}>
        {steps.map((step, index) => {
          const words = (
            <>
              <span className={s.number}>{index + 1}</span>
              {t(`import.step.${step}`)}
            </>
          );
          const back = index < at && now !== 'import';
          return (
            <li key={step} className={s.step} data-done={index < at || undefined}>
              {back ? (
                <Link
                  to="/import"
                  search={step === 'columns' || step === 'check' ? { step } : {}}
                  activeOptions={{ exact: true, includeSearch: true }}
                  className={s.stepName}
                >
                  {words}
                </Link>
              ) : (
                <span className={s.stepName} aria-current={index === at ? 'step' : undefined}>
                  {words}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** From files to records: what they hold, what becomes of it, a check, and the import itself. */
export function ImportPage() {
  const meta = useMeta();
  const draft = useDraft(meta.me.id);
  const { step, job } = route.useSearch();
  const now: Step = job ? 'import' : draft && step ? step : 'files';
  const inner = useRef<HTMLDivElement>(null);
  const before = useRef(now);
  useEffect(() => {
    if (before.current === now) return;
    before.current = now;
    // The button that led here is gone: keys go on from the top of the new step.
    inner.current?.focus({ preventScroll: true });
    inner.current?.parentElement?.scrollTo(0, 0);
  }, [now]);
  const allowed = meta.objects.some(({ can }) => can.create || can.edit);
  return (
    <>
      <PageHeader icon="upload" title={t('import.title')} />
      {allowed ? (
        <div className={s.page}>
          <div className={s.inner} ref={inner} tabIndex={-1}>
            <Steps now={now} />
            {now === 'files' && <Files />}
            {now === 'columns' && draft && <Columns draft={draft} />}
            {now === 'check' && draft && <Check draft={draft} />}
            {now === 'import' && job && <Run key={job} id={job} />}
          </div>
        </div>
      ) : (
        <EmptyState icon="lock" title={t('import.mayTitle')} text={t('import.may')} />
      )}
    </>
  );
}
