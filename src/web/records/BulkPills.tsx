import i18next from 'i18next';
import { list, record, str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import s from '../imports/ImportPill.module.css';
import en from '../locales/en/bulk.json' with { type: 'json' };
import { cancelJob, forgetBulk, type Job, useBulkIds, useUnderWay } from '../model/jobs.ts';
import { type Actions, useActions } from '../model/records.ts';

i18next.addResourceBundle('en', 'translation', en, true);

function useTell() {
  return (job: Job, actions: Actions) => {
    const { changed, refused, changeSet } = record(job.result);
    const left = Number(refused ?? 0);
    const [first] = list(record(job.skipped).examples);
    const why = `${str(record(first).what)}: ${str(record(first).why)}`;
    const count = Number(changed ?? 0);
    const said = count > 0 ? t('bulk.done', { count }) : t('bulk.nothing');
    const broken = job.state === 'cancelled' ? 'bulk.cancelled' : 'bulk.failed';
    toast(job.state === 'done' ? said : t(broken, { label: job.label }), {
      tone: job.state === 'done' && left === 0 ? 'plain' : 'wrong',
      detail:
        left > 0
          ? t('bulk.left', { count: left, why })
          : (job.error ?? (job.state === 'done' ? undefined : said)),
      ...actions.offerUndo(str(changeSet) || null),
    });
  };
}

function Pill({ id }: { id: string }) {
  const actions = useActions();
  const { locale } = useFieldServices();
  const tell = useTell();
  const job = useUnderWay(id, {
    ended: ended => tell(ended, actions),
    forget: forgetBulk,
    changes: ['records', 'changeSets', 'timeline'],
  });
  if (!job) return null;
  return (
    <span className={s.pill}>
      <Icon name="pencil" size={14} />
      <span className={s.label}>{job.label}</span>
      <span className={s.figures}>
        {job.total === null
          ? t('bulk.waiting')
          : t('bulk.changing', {
              count: job.done,
              total: job.total.toLocaleString(locale),
            })}
      </span>
      <IconButton icon="x" size={24} label={t('bulk.stop')} onClick={() => void cancelJob(id)} />
    </span>
  );
}

/** Bulk changes under way: they go on whatever page is open. */
export default function BulkPills() {
  const ids = useBulkIds();
  return (
    <div className={s.pills} role="status" aria-label={t('bulk.jobs')}>
      {ids.map(id => (
        <Pill key={id} id={id} />
      ))}
    </div>
  );
}
