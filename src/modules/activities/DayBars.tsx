import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { t } from '../../kit/words.ts';
import type { Row } from '../../web/api.ts';
import { useTitle } from '../../web/records/Name.tsx';
import { hueOf } from './AgendaList.tsx';
import type { AgendaEntry } from './agenda.ts';
import { byDays, keyOf, lined, stretchedBy } from './calendar-view.ts';
import s from './HourGrid.module.css';
import type { Column } from './HourGrid.tsx';
import { type CalendarState, concerns, guestOf, stanceOf, type Times, useChanges } from './use-calendar.ts';
import { type Part, useDayPull } from './use-pull.ts';

interface BarsProps {
  state: CalendarState;
  columns: Column[];
  entries: AgendaEntry[];
  onOpen(entry: AgendaEntry): void;
  onMove(entry: AgendaEntry, times: Times): void;
}

/** What takes whole days, above the hours. */
export function DayBars({ state, columns, entries, onOpen, onMove }: BarsProps) {
  const { timeZone } = state.format;
  const people = columns[0]?.person != null;
  const area = useRef<HTMLUListElement>(null);
  const days = columns.map(({ day }) => day);
  const { pulled, grab, wasPulled } = useDayPull(area, days, timeZone, onMove);
  const shown = entries.map(entry => (pulled?.key === keyOf(entry) ? { ...entry, ...pulled.times } : entry));
  const placed = people
    ? columns.flatMap((column, index) =>
        lined(
          [column.day],
          shown.filter(entry => column.person && concerns(entry, column.person.id)),
          timeZone,
        ).map(each => ({
          ...each,
          from: index,
          to: index,
        })),
      )
    : lined(days, shown, timeZone);
  if (placed.length === 0) return null;
  return (
    <div className={s.long}>
      <span className={s.longName}>{t('agenda.allDay')}</span>
      <ul ref={area} className={s.bars}>
        {placed.map(({ entry, from, to, line }) => (
          <li
            key={`${keyOf(entry)} ${from}`}
            style={{ gridColumn: `${from + 1} / ${to + 2}`, gridRow: line + 1 }}
          >
            <Bar
              state={state}
              entry={entry}
              pulled={pulled?.key === keyOf(entry)}
              onOpen={() => !wasPulled.current && onOpen(entry)}
              onGrab={(event, part) => {
                // Where columns are people, there is no other day beside.
                const own = entries.find(each => keyOf(each) === keyOf(entry));
                if (!people && own) grab(event, own, part);
              }}
              onStep={(count, part) =>
                onMove(
                  entry,
                  part === 'end' ? stretchedBy(entry, count, timeZone) : byDays(entry, count, timeZone),
                )
              }
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
  pulled: boolean;
  onOpen(): void;
  onGrab(event: PointerEvent<HTMLElement>, part: Part): void;
  onStep(days: number, part: Part): void;
}

function Bar({ state, entry, pulled, onOpen, onGrab, onStep }: BarProps) {
  const object = useChanges().objectOf(entry);
  const title = useTitle(object, entry.record as Row);
  const movable = object.can.edit && !guestOf(entry, state.me.id);
  const growing = movable && object.agenda.until !== null;
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || !step || !(event.shiftKey ? growing : movable)) return;
    event.preventDefault();
    const way = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    onStep(step * way, event.shiftKey ? 'end' : 'whole');
  }
  return (
    <button
      type="button"
      className={s.longEntry}
      data-stance={stanceOf(state, entry)}
      style={hueOf(state, entry)}
      title={movable ? `${title}. ${t(growing ? 'agenda.barHint' : 'agenda.barHintPoint')}` : title}
      data-movable={movable || undefined}
      data-pulled={pulled || undefined}
      onPointerDown={event => movable && onGrab(event, 'whole')}
      onKeyDown={onKeyDown}
      onClick={onOpen}
    >
      {title}
      {growing && <span className={s.sideGrip} onPointerDown={event => onGrab(event, 'end')} />}
    </button>
  );
}
