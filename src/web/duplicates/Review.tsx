import './words.ts';
import type { MetaObject, Pair } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import { useKeys } from '../shell/keys.ts';
import s from './Duplicates.module.css';
import { MergeConsequences } from './MergeConsequences.tsx';
import { MergeTable } from './MergeTable.tsx';
import { type PairPage, useTitles } from './pairs.ts';
import { type Merge, useMerge } from './use-merge.ts';
import type { Queue } from './use-queue.ts';
import { likelihood, percent, Why } from './Why.tsx';

function Decisions({ merge, queue, onMerge }: { merge: Merge; queue: Queue; onMerge(): void }) {
  const { state } = queue;
  const decidable = queue.editable && !merge.busy;
  return (
    <div className={s.decisions}>
      <Button
        look="primary"
        icon="arrow-merge"
        title="M"
        busy={merge.busy}
        disabled={!merge.preview || merge.preview.refused.length > 0}
        onClick={onMerge}
      >
        {t('duplicates.merge')}
      </Button>
      {state === 'different' ? (
        <Button icon="arrow-back-up" disabled={!decidable} onClick={() => queue.decide('open')}>
          {t('duplicates.reopen')}
        </Button>
      ) : (
        <Button
          icon="arrows-exchange"
          title="D"
          disabled={!decidable}
          onClick={() => queue.decide('different')}
        >
          {t('duplicates.different')}
        </Button>
      )}
      {state === 'open' && (
        <Button
          look="quiet"
          icon="clock"
          title="L"
          disabled={!decidable}
          onClick={() => queue.decide('later')}
        >
          {t('duplicates.later')}
        </Button>
      )}
      {state === 'later' && (
        <Button look="quiet" icon="arrow-back-up" disabled={!decidable} onClick={() => queue.decide('open')}>
          {t('duplicates.reopen')}
        </Button>
      )}
    </div>
  );
}

interface ReviewProps {
  object: MetaObject;
  pair: Pair;
  queue: Queue;
  weights?: PairPage['weights'];
}

/** One pair: how likely it is the same, why, and what would come of merging it. */
export function Review({ object, pair, queue, weights }: ReviewProps) {
  const { locale } = useMeta().workspace;
  const merge = useMerge(object, [pair.a.id, pair.b.id]);
  const [a, b] = useTitles(object)(pair);
  async function join() {
    const changeSet = await merge.merge();
    if (changeSet) queue.merged(pair, changeSet);
  }
  useKeys({
    'review.merge': () => void join(),
    'review.different': () => queue.decide('different'),
    'review.later': () => queue.decide('later'),
  });
  return (
    <section className={s.review} aria-label={t('duplicates.pair', { a, b })}>
      <header className={s.verdict}>
        <h2 className={s.likely}>
          {t(`duplicates.likely.${likelihood(pair.probability)}`)}
          <span className={s.share}>{percent(pair.probability, locale)}</span>
        </h2>
        <Decisions merge={merge} queue={queue} onMerge={() => void join()} />
      </header>
      <Why object={object} reasons={pair} weights={weights} />
      {merge.error && !merge.preview ? (
        <p role="alert" className={s.problem}>
          {failureText(merge.error)}
        </p>
      ) : merge.preview ? (
        <>
          <div>
            <MergeTable object={object} merge={merge} />
          </div>
          <MergeConsequences preview={merge.preview} />
        </>
      ) : (
        <SkeletonLines count={6} />
      )}
    </section>
  );
}
