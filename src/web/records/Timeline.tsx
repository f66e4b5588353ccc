import './words.ts';
import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { type TimelineWish, useTimeline } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Failure } from '../shell/Missing.tsx';
import { useReplies } from './Thread.tsx';
import s from './Timeline.module.css';
import { TimelineFilter } from './TimelineFilter.tsx';
import { TimelineItem } from './TimelineItem.tsx';

interface TimelineProps {
  object: MetaObject;
  id: string;
  /** ISO 8601: what had happened until then, to be read only. */
  until?: string;
  /** With what happened to the records below it. */
  below?: boolean;
}

/** Everything that happened with the record, latest first. */
export function Timeline({ object, id, until, below }: TimelineProps) {
  const [wish, setWish] = useState<TimelineWish>({});
  // A new round begins with empty controls.
  const [round, setRound] = useState(0);
  const all = () => {
    setWish({});
    setRound(round + 1);
  };
  return (
    <>
      <TimelineFilter key={round} wish={wish} onWish={setWish} />
      <Entries object={object} id={id} until={until} below={below} wish={wish} onAll={all} />
    </>
  );
}

/** Without what is not asked for: a page that was fetched ahead is found by what it was asked. */
function wishOf(wish: TimelineWish, until: string | undefined, below: boolean | undefined): TimelineWish {
  return { ...wish, ...(until ? { until } : {}), ...(below ? { below: 'true' } : {}) };
}

interface EntriesProps extends TimelineProps {
  wish: TimelineWish;
  onAll(): void;
}

function Entries({ object, id, until, below, wish, onAll }: EntriesProps) {
  const timeline = useTimeline(object, id, wishOf(wish, until, below));
  const replies = useReplies(timeline.data?.pages.flatMap(page => page.data) ?? []);
  if (timeline.isPending) return <SkeletonLines count={5} height={52} />;
  if (timeline.error && !timeline.data)
    return <Failure error={timeline.error} retry={() => void timeline.refetch()} />;
  const entries = timeline.data.pages.flatMap(page => page.data);
  const narrowed = Object.values(wish).some(Boolean);
  const latest = narrowed ? -1 : entries.findIndex(entry => entry.kind !== 'activity');
  const restore = (at: string) => openDialog({ kind: 'restore', object: object.name, id, at });
  if (entries.length === 0 && !timeline.hasNextPage)
    return narrowed ? (
      <EmptyState
        icon="filter"
        title={t('timelineFilter.none')}
        action={<Button onClick={onAll}>{t('timelineFilter.all')}</Button>}
      />
    ) : (
      <EmptyState icon="history" title={t('timeline.empty')} />
    );
  return (
    <>
      <ol
        className={s.line}
        aria-label={t('timeline.title')}
        data-old={timeline.isPlaceholderData || undefined}
      >
        {entries.map((entry, index) => (
          <TimelineItem
            key={`${entry.kind}-${entry.id}`}
            object={object}
            id={id}
            entry={entry}
            replies={replies.get(entry.recordId) ?? []}
            past={until !== undefined}
            // How it is now needs no restoring.
            onRestore={object.can.edit && !until && !entry.of && index > latest ? restore : undefined}
          />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button look="quiet" busy={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
          {t('timeline.earlier')}
        </Button>
      )}
    </>
  );
}
