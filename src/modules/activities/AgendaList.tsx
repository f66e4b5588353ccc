import { Avatar } from '../../kit/Avatar.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { Chip } from '../../kit/Chip.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { EmptyState } from '../../kit/State.tsx';
import { tintOf, tintStyle } from '../../kit/tint.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../../web/api.ts';
import { useTitle } from '../../web/records/Name.tsx';
import type { AgendaEntry } from './agenda.ts';
import s from './Calendar.module.css';
import { daysOfEntry, isLong, keyOf } from './calendar-view.ts';
import { type CalendarState, type Dated, stanceOf, useChanges } from './use-calendar.ts';

/** The hours of an entry, as clocks show them where the reader is. */
export function useHours(state: CalendarState) {
  const { locale, timeZone } = state.format;
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  return (entry: AgendaEntry) => {
    if (isLong(entry)) return t('agenda.allDay');
    const begin = new Date(entry.at);
    return entry.until ? clock.formatRange(begin, new Date(entry.until)) : clock.format(begin);
  };
}

const hues = ['amber', 'blue', 'teal', 'violet', 'pink', 'green'] as const;

/** The colour of an entry: of who has it where there are several people, else of what it is; an outline until one has accepted. */
export function hueOf(
  state: CalendarState,
  entry: AgendaEntry,
  whose: Pick<CalendarState, 'people'> = state,
) {
  const { people, kinds } = state;
  const style =
    people.length > 1
      ? tintStyle(tintOf(entry.owner ?? ''))
      : tintStyle(hues[kinds.indexOf(entry.object) % hues.length] ?? 'grey');
  return stanceOf(whose, entry) ? { ...style, background: 'var(--paper)' } : style;
}

interface ListProps {
  state: CalendarState;
  entries: AgendaEntry[];
  onOpen(entry: AgendaEntry): void;
}

/** One day after the other, those on which something is. */
export function AgendaList({ state, entries, onOpen }: ListProps) {
  const { days, format, now } = state;
  const on = days.flatMap(day => {
    const some = entries.filter(entry => {
      const { from, to } = daysOfEntry(entry, format.timeZone);
      return day >= from && day <= to;
    });
    return some.length > 0 ? [{ day, some }] : [];
  });
  if (on.length === 0)
    return <EmptyState icon="calendar" title={t('agenda.nothing')} text={t('agenda.nothingText')} />;
  const name = new Intl.DateTimeFormat(format.locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return (
    <ol className={s.agenda}>
      {on.map(({ day, some }) => (
        <li key={day}>
          <h3 className={s.agendaDay} data-now={day === now || undefined}>
            {name.format(new Date(`${day}T00:00:00Z`))}
          </h3>
          <ul>
            {some.map(entry => (
              <Line key={keyOf(entry)} state={state} entry={entry} onOpen={onOpen} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function Line({ state, entry, onOpen }: Omit<ListProps, 'entries'> & { entry: AgendaEntry }) {
  const changes = useChanges();
  const object: Dated = changes.objectOf(entry);
  const title = useTitle(object, entry.record as Row);
  const hours = useHours(state)(entry);
  const stance = stanceOf(state, entry);
  const owner = state.people.length > 1 ? state.people.find(({ id }) => id === entry.owner) : undefined;
  return (
    <li className={s.line}>
      <button
        type="button"
        className={s.lineOpen}
        data-stance={stance}
        data-done={entry.done || undefined}
        onClick={() => onOpen(entry)}
      >
        <span className={s.mark} style={hueOf(state, entry)} />
        <span className={s.lineHours}>{hours}</span>
        <span className={s.lineTitle}>{title}</span>
        {stance && <Chip>{t(`guests.${stance}`)}</Chip>}
        {entry.repeats && <Icon name="repeat" size={14} />}
        {owner && <Avatar id={owner.id} title={owner.name} round size={20} />}
        <span className={s.lineKind}>
          <Icon name={object.icon} size={14} />
        </span>
      </button>
      {object.agenda.done && (
        <IconButton
          icon={entry.done ? 'circle-check' : 'circle'}
          label={t('agenda.finish', { title })}
          disabled={entry.done}
          onClick={() => changes.finish(entry)}
        />
      )}
    </li>
  );
}
