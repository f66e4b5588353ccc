import i18next from 'i18next';
import { type DragEvent, useRef, useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { rowsOf } from '../model/cache.ts';
import type { Filter } from '../model/filter.ts';
import { inText } from '../model/language.ts';
import { fieldOf, formatOf, isEmpty, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './Board.module.css';
import type { Drag } from './Board.tsx';
import type { CardEvents } from './BoardCard.tsx';
import { BoardCards, type DropPlace } from './BoardCards.tsx';
import { type Column, columnQuery } from './use-board.ts';

interface ColumnProps extends CardEvents {
  object: MetaObject;
  by: MetaField;
  column: Column;
  columns: Column[];
  filter: Filter | null;
  q: string;
  totals: { count: number; sum: Json } | null;
  drag: Drag | null;
}

function Sum({ object, value }: { object: MetaObject; value: Json }) {
  const meta = useMeta();
  const field = object.board?.sum ? fieldOf(object, object.board.sum) : undefined;
  if (!field || isEmpty(value)) return null;
  return <span className={s.sum}>{viewOf(field.type).text(value, field, formatOf(meta))}</span>;
}

export function BoardColumn(props: ColumnProps) {
  const { object, by, column, columns, drag, totals } = props;

  const [over, setOver] = useState<{ after: string | null } | null>(null);
  const [folded, setFolded] = useState(false);
  const place = useRef<DropPlace>(null);
  const found = useRecords(
    object,
    columnQuery(object, by, column, props.filter, props.q),
    column.filter !== null,
  );
  const title = column.title || t('board.none', { field: inText(by.label) });
  if (column.id === null && rowsOf(found.data).length === 0 && !drag) return null;

  function onDragOver(event: DragEvent) {
    if (!drag) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    const after = place.current?.above(event.clientY, drag.row.id) ?? null;
    if (over?.after !== after || !over) setOver({ after });
  }

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
          {totals && <span className={s.count}>{totals.count.toLocaleString(i18next.language)}</span>}
        </button>
        {!folded && totals && <Sum object={object} value={totals.sum} />}
        {!folded && object.can.create && (
          <IconButton
            icon="plus"
            size={24}
            label={t('board.add', { object: inText(object.label), column: title })}
            onClick={() =>
              openDialog({ kind: 'create', object: object.name, values: { [by.name]: column.value } })
            }
          />
        )}
      </header>
      {!folded && (
        <BoardCards
          object={object}
          by={by}
          column={column}
          columns={columns}
          found={found}
          drag={drag}
          over={over}
          place={place}
          onDrag={props.onDrag}
          onMove={props.onMove}
          onPeek={props.onPeek}
        />
      )}
    </section>
  );
}
