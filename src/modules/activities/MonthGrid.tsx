import { useState } from 'react';
import { t } from '../../kit/words.ts';
import type { Row } from '../../web/api.ts';
import {
  MonthDay,
  MonthEntry,
  monthStyles,
  useRoom,
  MonthGrid as WeekGrid,
} from '../../web/layouts/MonthGrid.tsx';
import { addDays, atClock, nameOf } from '../../web/model/days.ts';
import { inText } from '../../web/model/language.ts';
import { useTitle } from '../../web/records/Name.tsx';
import { hueOf } from './AgendaList.tsx';
import type { AgendaEntry } from './agenda.ts';
import { byDays, daysOfEntry, isLong, keyOf, stretchedBy } from './calendar-view.ts';
import s from './MonthGrid.module.css';
import {
  type CalendarState,
  guestOf,
  stanceOf,
  type Times,
  useChanges,
  type useCreate,
} from './use-calendar.ts';
import type { Part } from './use-pull.ts';

interface MonthProps {
  state: CalendarState;
  entries: AgendaEntry[];
  making: ReturnType<typeof useCreate>;
  onOpen(entry: AgendaEntry): void;
  onMove(entry: AgendaEntry, times: Times): void;
}

/** What is being dragged, and from which of its days; or its end alone. */
interface Lifted {
  entry: AgendaEntry;
  day: string;
  part: Part;
}

/** A month in whole weeks. */
export function MonthGrid(props: MonthProps) {
  const { state, onMove } = props;
  const { days, format } = state;
  const { locale, timeZone } = format;
  const [lifted, setLifted] = useState<Lifted | null>(null);
  const moveTo = ({ entry, day, part }: Lifted, to: string) => {
    const count = Math.round((Date.parse(to) - Date.parse(day)) / 86_400_000);
    const times = part === 'end' ? stretchedBy(entry, count, timeZone) : byDays(entry, count, timeZone);
    if (times.at !== entry.at || times.until !== entry.until) onMove(entry, times);
  };
  return (
    <div className={s.month}>
      <WeekGrid days={days} locale={locale}>
        {day => <Day key={day} {...props} day={day} lifted={lifted} onLift={setLifted} onMoveTo={moveTo} />}
      </WeekGrid>
    </div>
  );
}

interface DayProps extends MonthProps {
  day: string;
  lifted: Lifted | null;
  onLift(lifted: Lifted | null): void;
  onMoveTo(lifted: Lifted, to: string): void;
}

/** One day of the month: what is on it, as far as there is room. */
function Day(props: DayProps) {
  const { state, entries, making, day, lifted, onLift, onMoveTo } = props;
  const { at, now, format, change, me } = state;
  const { locale, timeZone } = format;
  const on = entries.filter(entry => {
    const { from, to } = daysOfEntry(entry, timeZone);
    return day >= from && day <= to;
  });
  const name = nameOf(day, 'day', locale);
  const room = useRoom(on.length);
  const shown = on.slice(0, room.shown);
  const showDay = () => change({ at: day, layout: 'day' });
  const add = making && {
    label: t('agenda.createOn', { object: inText(making.object.label), day: name }),
    run() {
      const begin = atClock(day, me.hours.from, timeZone);
      making.open(begin, new Date(Date.parse(begin) + 3_600_000).toISOString(), me);
    },
  };
  return (
    <MonthDay
      ref={room.ref}
      day={day}
      name={name}
      outside={day.slice(0, 7) !== at.slice(0, 7)}
      now={day === now}
      takes={lifted !== null}
      onDrop={() => {
        if (lifted) onMoveTo(lifted, day);
        onLift(null);
      }}
      open={{ label: t('agenda.showDay', { day: name }), run: showDay }}
      {...(add ? { add } : {})}
    >
      <ul className={monthStyles.entries}>
        {shown.map(entry => (
          <li key={keyOf(entry)}>
            <AgendaItem
              {...props}
              entry={entry}
              day={day}
              onLift={onLift}
              onStep={(count, part) => onMoveTo({ entry, day, part }, addDays(day, count))}
            />
          </li>
        ))}
      </ul>
      {on.length > shown.length && (
        <button type="button" className={monthStyles.rest} onClick={showDay}>
          {t('agenda.rest', { count: on.length - shown.length })}
        </button>
      )}
    </MonthDay>
  );
}

interface EntryProps extends MonthProps {
  entry: AgendaEntry;
  day: string;
  onLift(lifted: Lifted | null): void;
  onStep(days: number, part: Part): void;
}

function AgendaItem({ state, entry, day, onOpen, onLift, onStep }: EntryProps) {
  const object = useChanges().objectOf(entry);
  const name = useTitle(object, entry.record as Row);
  const { locale, timeZone } = state.format;
  const movable = object.can.edit && !guestOf(entry, state.me.id);
  const growing = movable && object.agenda.until !== null;
  const stretch = growing && {
    here: isLong(entry) && day === daysOfEntry(entry, timeZone).to,
    onLift: (up: boolean) => onLift(up ? { entry, day, part: 'end' } : null),
    onStep: (count: number) => onStep(count, 'end'),
  };
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  return (
    <MonthEntry
      name={name}
      hint={movable ? t(growing ? 'agenda.monthHint' : 'agenda.monthHintPoint') : undefined}
      clock={isLong(entry) ? null : clock.format(new Date(entry.at))}
      style={hueOf(state, entry)}
      data-stance={stanceOf(state, entry)}
      data-done={entry.done || undefined}
      onLift={up => onLift(up ? { entry, day, part: 'whole' } : null)}
      onStep={count => onStep(count, 'whole')}
      {...(stretch ? { stretch } : {})}
      onClick={() => onOpen(entry)}
    />
  );
}
