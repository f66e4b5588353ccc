import './words.ts';
import { useEffect, useRef } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import s from './Duplicates.module.css';
import { useTitles } from './pairs.ts';
import type { Queue } from './use-queue.ts';
import { percent } from './Why.tsx';

/** The queue beside the pair one looks at. */
export function PairList({ object, queue }: { object: MetaObject; queue: Queue }) {
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
export function Steps({ queue }: { queue: Queue }) {
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
