import type { KeyboardEvent, PointerEvent } from 'react';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../../web/api.ts';
import { useTitle } from '../../web/records/Name.tsx';
import { hueOf, useHours } from './AgendaList.tsx';
import type { Placed } from './calendar-view.ts';
import s from './HourGrid.module.css';
import {
  type CalendarState,
  guestOf,
  type Person,
  stanceOf,
  type Times,
  useChanges,
} from './use-calendar.ts';
import { hourHeight, type Part, pulledTimes } from './use-pull.ts';

interface EntryProps {
  placed: Placed;
  state: CalendarState;
  /** Whose column it is; null where columns are days. */
  person: Person | null;
  pulled: boolean;
  /** Days to the next column; none where columns are people. */
  across: number;
  onGrab(event: PointerEvent<HTMLElement>, part: Part): void;
  onOpen(): void;
  onMove(times: Times): void;
}

/** What the arrows do: hours, and columns. */
const steps: Record<string, { rows: number; days: number }> = {
  ArrowUp: { rows: -0.25, days: 0 },
  ArrowDown: { rows: 0.25, days: 0 },
  ArrowLeft: { rows: 0, days: -1 },
  ArrowRight: { rows: 0, days: 1 },
};

/** Lines of words that an entry so high has room for, its hours below them. */
const linesIn = (height: number) => Math.max(1, Math.floor((height - 25) / 16));

/** An entry among the hours: pulled in its middle it moves, at its end it grows and shrinks; the same by keys. */
export function HourEntry({ placed, state, person, pulled, across, onGrab, onOpen, onMove }: EntryProps) {
  const { entry, top, bottom, lane, lanes } = placed;
  const object = useChanges().objectOf(entry);
  const whose = person ? { people: [person] } : state;
  const title = useTitle(object, entry.record as Row);
  const hours = useHours(state)(entry);
  const movable = object.can.edit && !guestOf(entry, state.me.id);
  const growing = movable && (object.agenda.until !== null || object.agenda.lasts !== null);
  const owner = state.people.length > 1 ? state.people.find(({ id }) => id === entry.owner) : undefined;

  function onKeyDown(event: KeyboardEvent) {
    const step = steps[event.key];
    if (!event.altKey || !step || !movable) return;
    const part: Part = event.shiftKey ? 'end' : 'whole';
    if (part === 'end' && (!growing || step.rows === 0)) return;
    event.preventDefault();
    const way = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const by = { rows: step.rows, days: step.days * way * across };
    onMove(pulledTimes(entry, part, by, state.format.timeZone));
  }

  const low = bottom - top < 0.8;
  return (
    <li>
      <button
        type="button"
        className={s.entry}
        data-low={low || undefined}
        data-stance={stanceOf(whose, entry)}
        data-done={entry.done || undefined}
        data-pulled={pulled || undefined}
        data-movable={movable || undefined}
        // Where it stands, and how high it is, says when it is.
        data-placed
        style={{
          ['--lines' as string]: linesIn((bottom - top) * hourHeight),
          ...hueOf(state, entry, whose),
          top: top * hourHeight + 1,
          blockSize: (bottom - top) * hourHeight - 2,
          insetInlineStart: `calc(${(lane / lanes) * 100}% + 2px)`,
          inlineSize: `calc(${100 / lanes}% - 6px)`,
        }}
        title={
          movable
            ? `${title}, ${hours}. ${t(growing ? 'agenda.hint' : 'agenda.hintPoint')}`
            : `${title}, ${hours}`
        }
        onPointerDown={event => movable && onGrab(event, 'whole')}
        onKeyDown={onKeyDown}
        onClick={onOpen}
      >
        <span className={s.entryTitle}>
          {object.agenda.done && <Icon name={entry.done ? 'circle-check' : 'circle'} size={14} />}
          <span className={s.words}>{title}</span>
          {(entry.repeats || entry.occurrence) && <Icon name="repeat" size={14} />}
        </span>
        <span className="sr-only">{', '}</span>
        <span className={s.entryHours}>{hours}</span>
        {owner && <span className="sr-only">{`, ${owner.name}`}</span>}
        {growing && <span className={s.grip} onPointerDown={event => onGrab(event, 'end')} />}
      </button>
    </li>
  );
}
