import { inText } from '../model/language.ts';
import './words.ts';
import { useMediaQuery } from '@mantine/hooks';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { MetaObject, PairState } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { t } from '../../kit/words.ts';
import { objectAt, useMeta } from '../model/meta.tsx';
import { actions, keyOf, sectionOf, shownKey, useChosenKeys, useKeys } from '../shell/keys.ts';
import { Failure, Missing } from '../shell/Missing.tsx';
import s from './Duplicates.module.css';
import { MergeAll } from './MergeAll.tsx';
import { PairList, Steps } from './PairList.tsx';
import { countedTo } from './pairs.ts';
import { Review } from './Review.tsx';
import { Scanning } from './Scanning.tsx';
import { useScan } from './scan.ts';
import { type Queue, useQueue } from './use-queue.ts';

const route = getRouteApi('/frame/duplicates/$object');

const states = ['open', 'later', 'different'] as const;

/** The review queue of an object: pairs that may be the same, one at a time, decided by a key. */
export function DuplicatesPage() {
  const { object: path } = route.useParams();
  const object = objectAt(useMeta(), path);
  return object ? <QueueOf key={object.name} object={object} /> : <Missing />;
}

function Scan({ object }: { object: MetaObject }) {
  const scan = useScan(object);
  if (!scan.running)
    return (
      <Button icon="refresh" aria-label={t('duplicates.scan')} onClick={() => void scan.start()}>
        {t('duplicates.scan')}
      </Button>
    );
  return <Scanning label={t('duplicates.scanning')} share={scan.share} />;
}

function Nothing({ object, state }: { object: MetaObject; state: PairState }) {
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
  if (!count) return null;
  return t(count >= countedTo ? 'duplicates.countMore' : 'duplicates.count', { count });
}

function QueueOf({ object }: { object: MetaObject }) {
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
            <Tabs
              label={t('list.duplicatesOf', { objects: inText(object.plural) })}
              tabs={states.map(name => ({ name, label: t(`duplicates.state.${name}`) }))}
              open={queue.state}
              onOpen={queue.show}
            />
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
