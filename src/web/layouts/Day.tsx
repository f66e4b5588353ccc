import { Popover } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import type { Format } from '../../fields/view.ts';
import { IconButton } from '../../kit/Button.tsx';
import { readingKey } from '../../kit/direction.ts';
import { Skeleton } from '../../kit/State.tsx';
import { tintStyle } from '../../kit/tint.ts';
import type { Row } from '../api.ts';
import { addDays, nameOf, type Unit } from '../model/days.ts';
import { inText } from '../model/language.ts';
import { momentOf } from '../model/layouts.ts';
import { useTitle } from '../records/Name.tsx';
import { openDialog } from '../shell/dialogs.ts';
import s from './Calendar.module.css';
import { hueOf, valueOn } from './use-stretch.ts';

interface EntryProps {
  object: MetaObject;
  by: MetaField;
  colour: MetaField | undefined;
  row: Row;
  day: string;
  format: Format;
  lifted: boolean;
  onDrag(row: Row | null): void;
  onMove(row: Row, day: string): void;
  onPeek(id: string): void;
}

/** The time of day of a moment. */
export function clockOf(value: string, format: Format): string {
  return new Intl.DateTimeFormat(format.locale, { timeStyle: 'short', timeZone: format.timeZone }).format(
    new Date(value),
  );
}

const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function Entry({ object, by, colour, row, day, format, lifted, onDrag, onMove, onPeek }: EntryProps) {
  const { t } = useTranslation();
  const title = useTitle(object, row);
  const movable = object.can.edit && by.editable;
  function onKeyDown(event: KeyboardEvent) {
    const by = moves[readingKey(event.key)];
    if (!event.altKey || !by || !movable) return;
    event.preventDefault();
    onMove(row, addDays(day, by));
  }
  return (
    <li>
      <button
        type="button"
        className={s.entry}
        data-record={row.id}
        data-lifted={lifted || undefined}
        style={tintStyle(hueOf(row, colour))}
        draggable={movable}
        title={movable ? `${title}. ${t('calendar.hint')}` : title}
        onDragStart={event => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', title);
          onDrag(row);
        }}
        onDragEnd={() => onDrag(null)}
        onKeyDown={onKeyDown}
        onClick={() => onPeek(row.id)}
      >
        {momentOf(by) === 'time' && <span className={s.clock}>{clockOf(str(row[by.name]), format)}</span>}
        <span className={s.name}>{title}</span>
      </button>
    </li>
  );
}

interface DayProps extends Omit<EntryProps, 'row' | 'lifted'> {
  rows: Row[];
  unit: Unit;
  /** Of the month before or after. */
  outside: boolean;
  now: boolean;
  dragged: Row | null;
  pending: boolean;
}

const entryHeight = 26;
const headHeight = 30;

/** One day: what is on it, as far as there is room, and the rest behind a button. */
export function Day(props: DayProps) {
  const { object, by, day, rows, unit, dragged, format } = props;
  const { t } = useTranslation();
  const { ref, height } = useElementSize<HTMLLIElement>();
  const [over, setOver] = useState(false);
  const [open, setOpen] = useState(false);
  const room = Math.max(1, Math.floor((height - headHeight) / entryHeight));
  const shown = unit === 'week' || rows.length <= room ? rows : rows.slice(0, Math.max(0, room - 1));
  const rest = rows.length - shown.length;
  const name = nameOf(day, 'day', format.locale);
  const entries = (list: Row[]) =>
    list.map(row => <Entry key={row.id} {...props} row={row} lifted={dragged?.id === row.id} />);
  return (
    <li
      ref={ref}
      className={s.day}
      aria-label={name}
      data-outside={props.outside || undefined}
      data-now={props.now || undefined}
      data-over={(over && dragged !== null) || undefined}
      onDragOver={event => {
        if (!dragged) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        if (dragged) props.onMove(dragged, day);
      }}
    >
      <div className={s.dayHead}>
        <time dateTime={day} className={s.number}>
          {Number(day.slice(8))}
        </time>
        {object.can.create && by.editable && (
          <span className={s.add}>
            <IconButton
              icon="plus"
              size={24}
              label={t('calendar.create', { object: inText(object.label), day: name })}
              onClick={() =>
                openDialog({
                  kind: 'create',
                  object: object.name,
                  values: { [by.name]: valueOn(by, day, format.timeZone) },
                })
              }
            />
          </span>
        )}
      </div>
      {props.pending && Number(day.slice(8)) % 3 === 0 && <Skeleton width="80%" height={18} />}
      <ul className={s.entries}>{entries(shown)}</ul>
      {rest > 0 && (
        <Popover opened={open} onChange={setOpen} position="bottom" offset={4} width={260} trapFocus>
          <Popover.Target>
            <button type="button" className={s.more} aria-expanded={open} onClick={() => setOpen(!open)}>
              {t('calendar.more', { count: rest })}
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            <p className={s.allOf}>{t('calendar.dayOf', { day: name })}</p>
            <ul className={s.all}>{entries(rows)}</ul>
          </Popover.Dropdown>
        </Popover>
      )}
    </li>
  );
}
