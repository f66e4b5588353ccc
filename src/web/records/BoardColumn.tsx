import { type DragEvent, Fragment, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import type { Filter } from '../model/filter.ts';
import { fieldOf, formatOf, isEmpty, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './Board.module.css';
import type { Drag } from './Board.tsx';
import { BoardCard } from './BoardCard.tsx';
import { type Column, columnQuery } from './use-board.ts';

interface ColumnProps {
  object: MetaObject;
  by: MetaField;
  column: Column;
  columns: Column[];
  filter: Filter | null;
  q: string;
  totals: { count: number; sum: Json } | null;
  drag: Drag | null;
  onDrag(drag: Drag | null): void;
  onMove(row: Row, from: Column, to: Column, after: string | null): void;
  onPeek(id: string): void;
}

/** The card under which a drop at this height falls; null above all. */
function cardAbove(list: HTMLElement, y: number, dragged: string): string | null {
  let above: string | null = null;
  for (const card of list.querySelectorAll<HTMLElement>('[data-card]')) {
    if (card.dataset.card === dragged) continue;
    const box = card.getBoundingClientRect();
    if (y > box.top + box.height / 2) above = card.dataset.card ?? null;
  }
  return above;
}

function Sum({ object, value }: { object: MetaObject; value: Json }) {
  const meta = useMeta();
  const field = object.board?.sum ? fieldOf(object, object.board.sum) : undefined;
  if (!field || isEmpty(value)) return null;
  return <span className={s.sum}>{viewOf(field.type).text(value, field, formatOf(meta))}</span>;
}

export function BoardColumn(props: ColumnProps) {
  const { object, by, column, columns, drag, totals } = props;
  const { t } = useTranslation();
  const [over, setOver] = useState<{ after: string | null } | null>(null);
  const [folded, setFolded] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const found = useRecords(
    object,
    columnQuery(object, by, column, props.filter, props.q),
    column.filter !== null,
  );
  const rows = rowsOf(found.data);
  const title = column.title || t('board.none', { field: by.label.toLowerCase() });
  if (column.id === null && rows.length === 0 && !drag) return null;

  function onDragOver(event: DragEvent) {
    if (!drag || !list.current) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    const after = cardAbove(list.current, event.clientY, drag.row.id);
    if (over?.after !== after || !over) setOver({ after });
  }

  const line = over && drag && <li className={s.drop} aria-hidden />;
  return (
    <section
      className={s.column}
      aria-label={title}
      data-folded={folded || undefined}
      data-over={over ? true : undefined}
      onDragOver={onDragOver}
      onDragLeave={event =>
        !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(null)
      }
      onDrop={event => {
        event.preventDefault();
        if (drag && over) props.onMove(drag.row, drag.from, column, over.after);
        setOver(null);
      }}
    >
      <header className={s.head}>
        <button
          type="button"
          className={s.name}
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
          title={t(folded ? 'board.unfold' : 'board.fold')}
        >
          <span className={s.nameText}>{title}</span>
          {totals && <span className={s.count}>{totals.count}</span>}
        </button>
        {!folded && totals && <Sum object={object} value={totals.sum} />}
        {!folded && object.can.create && (
          <IconButton
            icon="plus"
            size={24}
            label={t('board.add', { object: object.label.toLowerCase(), column: title })}
            onClick={() =>
              openDialog({ kind: 'create', object: object.name, values: { [by.name]: column.value } })
            }
          />
        )}
      </header>
      {!folded && (
        <ul className={s.cards} ref={list}>
          {over?.after === null && line}
          {found.isPending && column.filter && <SkeletonLines count={3} height={72} />}
          {rows.map((row, index) => (
            <Fragment key={row.id}>
              <BoardCard
                object={object}
                by={by}
                row={row}
                column={column}
                columns={columns}
                lifted={drag?.row.id === row.id}
                above={rows[index - 2]?.id ?? null}
                below={rows[index + 1]?.id ?? null}
                place={{ first: index === 0, last: index === rows.length - 1 }}
                onDrag={props.onDrag}
                onMove={props.onMove}
                onPeek={props.onPeek}
              />
              {over?.after === row.id && line}
            </Fragment>
          ))}
          {found.hasNextPage && (
            <li>
              <Button look="quiet" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                {t('board.more')}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
