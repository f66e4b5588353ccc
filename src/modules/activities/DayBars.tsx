import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../web/api.ts';
import { useTitle } from '../../web/records/Name.tsx';
import { hueOf } from './AgendaList.tsx';
import type { AgendaEntry } from './agenda.ts';
import { keyOf, lined } from './calendar-view.ts';
import s from './HourGrid.module.css';
import type { Column } from './HourGrid.tsx';
import { byDays } from './MonthGrid.tsx';
import { type CalendarState, concerns, guestOf, stanceOf, type Times, useChanges } from './use-calendar.ts';

interface BarsProps {
  state: CalendarState;
  columns: Column[];
  entries: AgendaEntry[];
  onOpen(entry: AgendaEntry): void;
  onMove(entry: AgendaEntry, times: Times): void;
}

/** What takes whole days, above the hours. */
export function DayBars({ state, columns, entries, onOpen, onMove }: BarsProps) {
  const { t } = useTranslation();
  const { timeZone } = state.format;
  const people = columns[0]?.person != null;
  const placed = people
    ? columns.flatMap((column, index) =>
        lined(
          [column.day],
          entries.filter(entry => column.person && concerns(entry, column.person.id)),
          timeZone,
        ).map(each => ({
          ...each,
          from: index,
          to: index,
        })),
      )
    : lined(
        columns.map(({ day }) => day),
        entries,
        timeZone,
      );
  if (placed.length === 0) return null;
  return (
    <div className={s.long}>
      <span className={s.longName}>{t('agenda.allDay')}</span>
      <ul className={s.bars}>
        {placed.map(({ entry, from, to, line }) => (
          <li
            key={`${keyOf(entry)} ${from}`}
            style={{ gridColumn: `${from + 1} / ${to + 2}`, gridRow: line + 1 }}
          >
            <Bar
              state={state}
              entry={entry}
              onOpen={() => onOpen(entry)}
              onStep={days => onMove(entry, byDays(entry, days, timeZone))}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface BarProps {
  state: CalendarState;
  entry: AgendaEntry;
  onOpen(): void;
  onStep(days: number): void;
}

function Bar({ state, entry, onOpen, onStep }: BarProps) {
  const { t } = useTranslation();
  const object = useChanges().objectOf(entry);
  const title = useTitle(object, entry.record as Row);
  const movable = object.can.edit && !guestOf(entry, state.me.id);
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || !step || !movable) return;
    event.preventDefault();
    onStep(getComputedStyle(event.currentTarget).direction === 'rtl' ? -step : step);
  }
  return (
    <button
      type="button"
      className={s.longEntry}
      data-stance={stanceOf(state, entry)}
      style={hueOf(state, entry)}
      title={movable ? `${title}. ${t('agenda.barHint')}` : title}
      onKeyDown={onKeyDown}
      onClick={onOpen}
    >
      {title}
    </button>
  );
}
