import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import type { Format } from '../../fields/view.ts';
import { Skeleton } from '../../kit/State.tsx';
import { tintStyle } from '../../kit/tint.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { addDays, nameOf, type Unit } from '../model/days.ts';
import { inText } from '../model/language.ts';
import { momentOf } from '../model/layouts.ts';
import { useTitle } from '../records/Name.tsx';
import { openDialog } from '../shell/dialogs.ts';
import s from './Calendar.module.css';
import { MonthDay, MonthEntry, monthStyles, useRoom } from './MonthGrid.tsx';
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

function Entry({ object, by, colour, row, day, format, lifted, onDrag, onMove, onPeek }: EntryProps) {
  const name = useTitle(object, row);
  return (
    <li>
      <MonthEntry
        name={name}
        hint={object.can.edit && by.editable ? t('calendar.hint') : undefined}
        clock={momentOf(by) === 'time' ? clockOf(str(row[by.name]), format) : null}
        data-record={row.id}
        data-lifted={lifted || undefined}
        style={tintStyle(hueOf(row, colour))}
        onLift={up => onDrag(up ? row : null)}
        onStep={days => onMove(row, addDays(day, days))}
        onClick={() => onPeek(row.id)}
      />
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

/** One day: what is on it, as far as there is room, and the rest behind a button. */
export function Day(props: DayProps) {
  const { object, by, day, rows, unit, dragged, format } = props;
  const room = useRoom(rows.length);
  const [open, setOpen] = useState(false);
  const shown = unit === 'week' ? rows : rows.slice(0, room.shown);
  const rest = rows.length - shown.length;
  const name = nameOf(day, 'day', format.locale);
  const entries = (list: Row[]) =>
    list.map(row => <Entry key={row.id} {...props} row={row} lifted={dragged?.id === row.id} />);
  const add = {
    label: t('calendar.create', { object: inText(object.label), day: name }),
    run: () =>
      openDialog({
        kind: 'create',
        object: object.name,
        values: { [by.name]: valueOn(by, day, format.timeZone) },
      }),
  };
  return (
    <MonthDay
      ref={room.ref}
      day={day}
      name={name}
      outside={props.outside}
      now={props.now}
      takes={dragged !== null}
      onDrop={() => dragged && props.onMove(dragged, day)}
      {...(object.can.create && by.editable ? { add } : {})}
    >
      {props.pending && Number(day.slice(8)) % 3 === 0 && <Skeleton width="80%" height={18} />}
      <ul className={monthStyles.entries}>{entries(shown)}</ul>
      {rest > 0 && (
        <Popover opened={open} onChange={setOpen} position="bottom" offset={4} width={260} trapFocus>
          <Popover.Target>
            <button
              type="button"
              className={monthStyles.rest}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {t('calendar.more', { count: rest })}
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            <p className={s.allOf}>{t('calendar.dayOf', { day: name })}</p>
            <ul className={s.all}>{entries(rows)}</ul>
          </Popover.Dropdown>
        </Popover>
      )}
    </MonthDay>
  );
}
