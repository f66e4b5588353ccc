import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../kit/Icon.tsx';
import type { Row } from '../../web/api.ts';
import { addDays, atClock, dayOf, nameOf, onDay } from '../../web/model/days.ts';
import { inText } from '../../web/model/language.ts';
import { useTitle } from '../../web/records/Name.tsx';
import { hueOf } from './AgendaList.tsx';
import type { AgendaEntry } from './agenda.ts';
import { daysOfEntry, isLong, keyOf } from './calendar-view.ts';
import s from './MonthGrid.module.css';
import {
  type CalendarState,
  guestOf,
  stanceOf,
  type Times,
  useChanges,
  type useCreate,
} from './use-calendar.ts';

interface MonthProps {
  state: CalendarState;
  entries: AgendaEntry[];
  making: ReturnType<typeof useCreate>;
  onOpen(entry: AgendaEntry): void;
  onMove(entry: AgendaEntry, times: Times): void;
}

/** What is being dragged, and from which of its days. */
interface Lifted {
  entry: AgendaEntry;
  day: string;
}

/** Entries that a day has room for, in a month of five weeks and of six. */
const rooms = { five: 4, six: 3 };

/** An entry moved by so many days; its hours stay. */
export function byDays({ at, until }: Times, days: number, timeZone: string): Times {
  const moved = (moment: string) => onDay(moment, addDays(dayOf(moment, timeZone), days), timeZone);
  return { at: moved(at), until: until && moved(until) };
}

/** A month in whole weeks. */
export function MonthGrid(props: MonthProps) {
  const { state, onMove } = props;
  const { days, format } = state;
  const { locale, timeZone } = format;
  const [lifted, setLifted] = useState<Lifted | null>(null);
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const moveTo = (entry: AgendaEntry, from: string, to: string) => {
    const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
    if (count !== 0) onMove(entry, byDays(entry, count, timeZone));
  };
  return (
    <div className={s.month}>
      <div className={s.weekdays} aria-hidden>
        {days.slice(0, 7).map(day => (
          <span key={day}>{weekday.format(new Date(`${day}T00:00:00Z`))}</span>
        ))}
      </div>
      <ol className={s.days}>
        {days.map(day => (
          <Day key={day} {...props} day={day} lifted={lifted} onLift={setLifted} onMoveTo={moveTo} />
        ))}
      </ol>
    </div>
  );
}

interface DayProps extends MonthProps {
  day: string;
  lifted: Lifted | null;
  onLift(lifted: Lifted | null): void;
  onMoveTo(entry: AgendaEntry, from: string, to: string): void;
}

/** One day of the month: what is on it, as far as there is room. */
function Day(props: DayProps) {
  const { t } = useTranslation();
  const { state, entries, making, day, lifted, onLift, onMoveTo } = props;
  const { at, now, format, change, me } = state;
  const { locale, timeZone } = format;
  const on = entries.filter(entry => {
    const { from, to } = daysOfEntry(entry, timeZone);
    return day >= from && day <= to;
  });
  const name = nameOf(day, 'day', locale);
  const room = state.days.length > 35 ? rooms.six : rooms.five;
  const shown = on.length > room ? on.slice(0, room - 1) : on;
  return (
    <li
      className={s.day}
      aria-label={name}
      data-outside={day.slice(0, 7) !== at.slice(0, 7) || undefined}
      data-now={day === now || undefined}
      onDragOver={event => lifted && event.preventDefault()}
      onDrop={event => {
        event.preventDefault();
        if (lifted) onMoveTo(lifted.entry, lifted.day, day);
        onLift(null);
      }}
    >
      <div className={s.head}>
        <button
          type="button"
          className={s.number}
          aria-label={t('agenda.showDay', { day: name })}
          onClick={() => change({ at: day, layout: 'day' })}
        >
          {Number(day.slice(8))}
        </button>
        {making && (
          <button
            type="button"
            className={s.add}
            aria-label={t('agenda.createOn', {
              object: inText(making.object.label),
              day: name,
            })}
            onClick={() => {
              const begin = atClock(day, me.hours.from, timeZone);
              making.open(begin, new Date(Date.parse(begin) + 3_600_000).toISOString(), me);
            }}
          >
            <Icon name="plus" size={14} />
          </button>
        )}
      </div>
      <ul className={s.entries}>
        {shown.map(entry => (
          <li key={keyOf(entry)}>
            <MonthEntry
              {...props}
              entry={entry}
              day={day}
              onLift={onLift}
              onStep={count => onMoveTo(entry, day, addDays(day, count))}
            />
          </li>
        ))}
      </ul>
      {on.length > shown.length && (
        <button type="button" className={s.rest} onClick={() => change({ at: day, layout: 'day' })}>
          {t('agenda.rest', { count: on.length - shown.length })}
        </button>
      )}
    </li>
  );
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

interface EntryProps extends MonthProps {
  entry: AgendaEntry;
  day: string;
  onLift(lifted: Lifted | null): void;
  onStep(days: number): void;
}

function MonthEntry({ state, entry, day, onOpen, onLift, onStep }: EntryProps) {
  const { t } = useTranslation();
  const object = useChanges().objectOf(entry);
  const title = useTitle(object, entry.record as Row);
  const { locale, timeZone } = state.format;
  const movable = object.can.edit && !guestOf(entry, state.me.id);
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  function onKeyDown(event: KeyboardEvent) {
    const count = steps[event.key];
    if (!event.altKey || !count || !movable) return;
    event.preventDefault();
    onStep(
      getComputedStyle(event.currentTarget).direction === 'rtl' && Math.abs(count) === 1 ? -count : count,
    );
  }
  return (
    <button
      type="button"
      className={s.entry}
      style={hueOf(state, entry)}
      data-stance={stanceOf(state, entry)}
      data-done={entry.done || undefined}
      draggable={movable}
      title={movable ? `${title}. ${t('agenda.monthHint')}` : title}
      onDragStart={event => {
        event.dataTransfer.setData('text/plain', title);
        onLift({ entry, day });
      }}
      onDragEnd={() => onLift(null)}
      onKeyDown={onKeyDown}
      onClick={() => onOpen(entry)}
    >
      {!isLong(entry) && <span className={s.clock}>{clock.format(new Date(entry.at))}</span>}
      <span className={s.name}>{title}</span>
    </button>
  );
}
