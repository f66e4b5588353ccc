import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useImperativeHandle, useRef } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { rowsOf } from '../model/cache.ts';
import type { useRecords } from '../model/records.ts';
import s from './Board.module.css';
import type { Drag } from './Board.tsx';
import { BoardCard, type CardEvents } from './BoardCard.tsx';
import type { Column } from './use-board.ts';

/** Tells the card under which a drop would fall; null above all. */
export interface DropPlace {
  above(clientY: number, dragged: string): string | null;
}

interface CardsProps extends CardEvents {
  object: MetaObject;
  by: MetaField;
  column: Column;
  columns: Column[];
  found: ReturnType<typeof useRecords>;
  drag: Drag | null;
  /** Where the dragged card would fall. */
  over: { after: string | null } | null;
  place: RefObject<DropPlace | null>;
}

const gap = 8;

/** The cards of a column: as many as are in sight, however many there are; more come when the last are near. */
export function BoardCards({ found, drag, over, place, ...card }: CardsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = rowsOf(found.data);
  const lifted = drag ? rows.findIndex(row => row.id === drag.row.id) : -1;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 104,
    getItemKey: index => rows[index]?.id ?? index,
    gap,
    paddingStart: 4,
    overscan: 4,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const near = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      // A browser forgets a drag when what is dragged leaves the page.
      return lifted < 0 || (lifted >= first && lifted <= last)
        ? near
        : [...near, lifted].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const seen = items.at(-1)?.index ?? -1;
  const { hasNextPage, isFetching, fetchNextPage } = found;
  useEffect(() => {
    if (hasNextPage && !isFetching && seen >= rows.length - 8) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, seen, rows.length]);
  useImperativeHandle(place, () => ({
    above(clientY, dragged) {
      const box = scroller.current!.getBoundingClientRect();
      const y = clientY - box.top + scroller.current!.scrollTop;
      const at = virtual.getVirtualItemForOffset(y);
      if (!at) return null;
      let index = y > at.start + at.size / 2 ? at.index : at.index - 1;
      if (rows[index]?.id === dragged) index -= 1;
      return rows[index]?.id ?? null;
    },
  }));
  const below = over?.after ? virtual.measurementsCache[rows.findIndex(row => row.id === over.after)] : null;
  return (
    <div className={s.cards} ref={scroller}>
      {found.isPending && card.column.filter && <SkeletonLines count={3} height={72} />}
      <ul className={s.stack} style={{ blockSize: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <BoardCard
              key={key}
              {...card}
              row={row}
              lifted={index === lifted}
              above={rows[index - 2]?.id ?? null}
              below={rows[index + 1]?.id ?? null}
              place={{ index, count: rows.length, last: !hasNextPage }}
              start={start}
              measure={virtual.measureElement}
            />
          );
        })}
        {over && drag && (
          <li
            className={s.drop}
            aria-hidden
            style={{ transform: `translateY(${below ? below.end + gap / 2 - 1 : 0}px)` }}
          />
        )}
      </ul>
      {hasNextPage && (
        <Button look="quiet" busy={found.isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('board.more')}
        </Button>
      )}
    </div>
  );
}
