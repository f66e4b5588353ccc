import './target-words.ts';
import { Button } from '../../../kit/Button.tsx';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { openDialog } from '../../../web/shell/dialogs.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import { Leaderboard } from './Leaderboard.tsx';
import type { Progress } from './progress.ts';
import { Recognitions } from './Recognitions.tsx';
import { TargetCard } from './TargetCard.tsx';
import c from './Targets.module.css';
import { useAskAnew, useProgress, useTakingPart } from './use-targets.ts';

/** What people want to reach and how far they are, contests among them, and thanks. */
export default function Targets() {
  const meta = useMeta();
  const askAnew = useAskAnew();
  const found = useProgress();
  const make = (object: string) => openDialog({ kind: 'create', object, onMade: askAnew });
  return (
    <>
      <PageHeader icon="target" title={t('pages.targets')}>
        {objectNamed(meta, 'recognition')?.can.create && (
          <Button icon="heart" aria-label={t('target.thank')} onClick={() => make('recognition')}>
            {t('target.thank')}
          </Button>
        )}
        {objectNamed(meta, 'challenge')?.can.create && (
          <Button icon="trophy" aria-label={t('target.newChallenge')} onClick={() => make('challenge')}>
            {t('target.newChallenge')}
          </Button>
        )}
        {objectNamed(meta, 'target')?.can.create && (
          <Button icon="plus" look="primary" aria-label={t('target.new')} onClick={() => make('target')}>
            {t('target.new')}
          </Button>
        )}
      </PageHeader>
      <PageBody wide>
        {found.error && !found.data ? (
          <Failure error={found.error} retry={() => void found.refetch()} />
        ) : !found.data ? (
          <SkeletonLines count={9} height={44} />
        ) : (
          <All progress={found.data} />
        )}
      </PageBody>
    </>
  );
}

function All({ progress }: { progress: Progress }) {
  const { targets, challenges } = progress;
  const part = useTakingPart();
  const groups = [
    ['mine', targets.filter(target => target.mine && (target.user || target.team))],
    ['everyone', targets.filter(target => !target.user && !target.team)],
    ['others', targets.filter(target => !target.mine)],
  ] as const;
  return (
    <div className={c.page}>
      {targets.length === 0 && (
        <EmptyState icon="target" title={t('target.empty')} text={t('target.emptyText')} />
      )}
      {groups.map(
        ([name, some]) =>
          some.length > 0 && (
            <section key={name} aria-label={t(`target.group.${name}`)}>
              <h2 className={c.heading}>{t(`target.group.${name}`)}</h2>
              <ul className={c.targets}>
                {some.map(target => (
                  <TargetCard
                    key={target.id}
                    target={target}
                    today={progress.today}
                    currency={progress.currency}
                  />
                ))}
              </ul>
            </section>
          ),
      )}
      <section aria-label={t('target.challenges')}>
        <header className={c.bar}>
          <h2 className={c.heading}>{t('target.challenges')}</h2>
          {part.known && (
            <label className={c.part}>
              <input type="checkbox" checked={!part.hidden} onChange={() => void part.change()} />
              {t('target.takePart')}
            </label>
          )}
        </header>
        {challenges.length === 0 ? (
          <p className={c.fine}>{t('target.noChallenges')}</p>
        ) : (
          <div className={c.challenges}>
            {challenges.map(challenge => (
              <Leaderboard key={challenge.id} challenge={challenge} progress={progress} />
            ))}
          </div>
        )}
      </section>
      <Recognitions progress={progress} />
    </div>
  );
}
