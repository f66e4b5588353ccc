import './scoring-words.ts';
import type { MetaObject } from '../../../engine/index.ts';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { Tabs } from '../../../kit/Tabs.tsx';
import { t } from '../../../kit/words.ts';
import { Failure, Missing } from '../../../web/shell/Missing.tsx';
import { Learned } from './Learned.tsx';
import { Points } from './Points.tsx';
import s from './Scoring.module.css';
import { useFactWords, useScoring, useScoringState } from './use-scoring.ts';

/** How records are scored: by points that people give, and by what was learned from outcomes. */
export default function Scoring() {
  const { object, objects, tab, change } = useScoringState();
  if (!object) return <Missing />;
  return (
    <>
      <PageHeader icon="gauge" title={t('pages.scoring')} />
      <div className={s.bar}>
        <Tabs
          label={t('scoring.objects')}
          look="pills"
          tabs={objects.map(({ name, plural }) => ({ name, label: plural }))}
          open={object.name}
          onOpen={name => change({ object: name === 'lead' ? undefined : name })}
        />
        <Tabs
          label={t('scoring.ways')}
          look="pills"
          tabs={[
            { name: 'points', label: t('scoring.points') },
            { name: 'learned', label: t('scoring.learned') },
          ]}
          open={tab}
          onOpen={name => change({ tab: name === 'learned' ? 'learned' : undefined })}
        />
      </div>
      <PageBody>
        <Content key={object.name} object={object} tab={tab} />
      </PageBody>
    </>
  );
}

function Content({ object, tab }: { object: MetaObject; tab: string }) {
  const words = useFactWords(object);
  const scoring = useScoring(object);
  const { found } = scoring;
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={9} height={44} />;
  const { data } = found;
  return (
    <div className={s.content}>
      <ul className={s.grades} aria-label={t('scoring.grades')}>
        {['A', 'B', 'C', 'D'].map(grade => {
          const records = data.grades.find(each => each.grade === grade)?.records ?? 0;
          return (
            <li key={grade}>
              <span className={s.gradeName}>{grade}</span>
              <span className={s.gradeCount}>{words.number(records, 0)}</span>
              <span className={s.track}>
                <span style={{ inlineSize: `${(records / Math.max(1, data.scored)) * 100}%` }} />
              </span>
            </li>
          );
        })}
      </ul>
      <p className={s.lead}>
        {t('scoring.scored', { scored: data.scored, open: data.open })}{' '}
        {t(data.model && scoring.card?.model ? 'scoring.byModel' : 'scoring.byPoints')}
      </p>
      {tab === 'learned' ? (
        <Learned object={object} scoring={scoring} overview={data} />
      ) : (
        <Points object={object} scoring={scoring} overview={data} />
      )}
    </div>
  );
}
