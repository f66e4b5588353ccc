import { inText } from '../model/language.ts';
import './words.ts';
import { useMediaQuery } from '@mantine/hooks';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject, Pair, PairState } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { objectAt, useMeta } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import { actions, keyOf, sectionOf, shownKey, useChosenKeys, useKeys } from '../shell/keys.ts';
import { Failure, Missing } from '../shell/Missing.tsx';
import s from './Duplicates.module.css';
import { MergeAll } from './MergeAll.tsx';
import { MergeConsequences, MergeTable } from './MergeTable.tsx';
import { countedTo, type PairPage } from './pairs.ts';
import { Scanning } from './Scanning.tsx';
import { useScan } from './scan.ts';
import { type Merge, useMerge } from './use-merge.ts';
import { type Queue, useQueue } from './use-queue.ts';
import { likelihood, percent, Why } from './Why.tsx';

const route = getRouteApi('/frame/duplicates/$object');
const states = ['open', 'later', 'different'] as const;

/** The review queue of an object: pairs that may be the same, one at a time, decided by a key. */
export function DuplicatesPage() {
  const { object: path } = route.useParams();
  const object = objectAt(useMeta(), path);
  return object ? <QueueOf key={object.name} object={object} /> : <Missing />;
}

function Scan({ object }: { object: MetaObject }) {
  const { t } = useTranslation();
  const scan = useScan(object);
  if (!scan.running)
    return (
      <Button icon="refresh" aria-label={t('duplicates.scan')} onClick={() => void scan.start()}>
        {t('duplicates.scan')}
      </Button>
    );
  return <Scanning label={t('duplicates.scanning')} share={scan.share} />;
}

function useTitles(object: MetaObject) {
  const { t } = useTranslation();
  const untitled = t('record.untitled', { object: inText(object.label) });
  return ({ a, b }: Pair) => [a.title || untitled, b.title || untitled] as const;
}

function PairList({ object, queue }: { object: MetaObject; queue: Queue }) {
  const { t } = useTranslation();
  const { locale } = useMeta().workspace;
  const titles = useTitles(object);
  const list = useRef<HTMLOListElement>(null);
  const { at } = queue;
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <nav className={s.list} aria-label={t('duplicates.list')}>
      <ol ref={list}>
        {queue.pairs.map((pair, index) => (
          <li key={`${pair.a.id} ${pair.b.id}`}>
            <button
              type="button"
              className={s.pair}
              aria-current={index === at || undefined}
              onClick={() => queue.go(index)}
            >
              <span className={s.titles}>
                {titles(pair).map((title, side) => (
                  <span key={side === 0 ? pair.a.id : pair.b.id} className={s.title}>
                    {title}
                  </span>
                ))}
              </span>
              <span className={s.percent}>{percent(pair.probability, locale)}</span>
            </button>
          </li>
        ))}
      </ol>
      {queue.more && (
        <Button look="quiet" onClick={queue.more}>
          {t('timeline.earlier')}
        </Button>
      )}
    </nav>
  );
}

/** Where one is in the queue, on a screen that has no room for the list. */
function Steps({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  return (
    <div className={s.steps}>
      <IconButton
        icon="chevron-left"
        label={t('duplicates.earlier')}
        disabled={queue.at === 0}
        onClick={() => queue.go(queue.at - 1)}
      />
      <span className="numbers">
        {t('duplicates.position', { at: queue.at + 1, count: queue.pairs.length })}
      </span>
      <IconButton
        icon="chevron-right"
        label={t('duplicates.next')}
        disabled={queue.at >= queue.pairs.length - 1}
        onClick={() => queue.go(queue.at + 1)}
      />
    </div>
  );
}

function Decisions({ merge, queue, onMerge }: { merge: Merge; queue: Queue; onMerge(): void }) {
  const { t } = useTranslation();
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

function Review({ object, pair, queue, weights }: ReviewProps) {
  const { t } = useTranslation();
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

function Nothing({ object, state }: { object: MetaObject; state: PairState }) {
  const { t } = useTranslation();
  const objects = inText(object.plural);
  if (state === 'later') return <EmptyState icon="clock" title={t('duplicates.noneLater')} />;
  if (state === 'different')
    return <EmptyState icon="arrows-exchange" title={t('duplicates.noneDifferent')} />;
  return (
    <EmptyState
      icon="circle-check"
      title={t('duplicates.none')}
      text={t('duplicates.noneText', { objects })}
    />
  );
}

const reviewKeys = actions.filter(action => sectionOf(action) === 'review');

function Body({ object, queue }: { object: MetaObject; queue: Queue }) {
  const narrow = useMediaQuery('(max-width: 960px)', undefined, { getInitialValueInEffect: false });
  const { t } = useTranslation();
  const own = useChosenKeys();
  if (queue.error) return <Failure error={queue.error} retry={queue.retry} />;
  if (queue.waiting)
    return (
      <div className={s.wait}>
        <SkeletonLines count={10} />
      </div>
    );
  const pair = queue.pairs[queue.at];
  if (!pair) return <Nothing object={object} state={queue.state} />;
  return (
    <div className={s.body}>
      {!narrow && <PairList object={object} queue={queue} />}
      <div className={s.main}>
        {narrow && <Steps queue={queue} />}
        <Review
          key={`${pair.a.id} ${pair.b.id}`}
          object={object}
          pair={pair}
          queue={queue}
          weights={queue.weights}
        />
        <p className={s.keys}>
          {reviewKeys.map(action => (
            <span key={action}>
              <Kbd keys={shownKey(keyOf(action, own))} /> {t(`keys.${action}`)}
            </span>
          ))}
        </p>
      </div>
    </div>
  );
}

function useCount(count: number | undefined): string | null {
  const { t } = useTranslation();
  if (!count) return null;
  return t(count >= countedTo ? 'duplicates.countMore' : 'duplicates.count', { count });
}

function QueueOf({ object }: { object: MetaObject }) {
  const { t } = useTranslation();
  const { me } = useMeta();
  const queue = useQueue(object);
  const count = useCount(queue.state === 'open' ? queue.count : undefined);
  useKeys({
    'review.next': () => queue.go(queue.at + 1),
    'review.before': () => queue.go(queue.at - 1),
    'review.undo': queue.undo,
  });
  const rules = object.duplicates.length > 0;
  return (
    <>
      <PageHeader
        icon="arrow-merge"
        title={t('list.duplicatesOf', { objects: inText(object.plural) })}
        lead={
          <Link
            to="/$object"
            params={{ object: object.path }}
            className={s.back}
            aria-label={t('duplicates.back', { objects: inText(object.plural) })}
          >
            <Icon name="arrow-left" />
          </Link>
        }
      >
        {object.can.edit && rules && queue.state === 'open' && (
          <MergeAll object={object} certain={queue.certain} />
        )}
        {me.administer && rules && <Scan object={object} />}
      </PageHeader>
      {rules ? (
        <>
          <div className={s.tabs}>
            <div role="tablist">
              {states.map(state => (
                <button
                  key={state}
                  type="button"
                  role="tab"
                  aria-selected={queue.state === state}
                  className={s.tab}
                  onClick={() => queue.show(state)}
                >
                  {t(`duplicates.state.${state}`)}
                </button>
              ))}
            </div>
            {count && (
              <span className={s.count} role="status">
                {count}
              </span>
            )}
          </div>
          <Body object={object} queue={queue} />
        </>
      ) : (
        <EmptyState
          icon="arrow-merge"
          title={t('duplicates.noRules', { objects: object.plural })}
          text={t('duplicates.noRulesText')}
          action={
            me.administer && (
              <Link to="/settings/duplicates" search={{ object: object.name }} className={s.link}>
                {t('duplicates.rules')}
              </Link>
            )
          }
        />
      )}
    </>
  );
}
