import { useElementSize } from '@mantine/hooks';
import {
  type ComponentProps,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useState,
} from 'react';
import { IconButton } from '../../kit/Button.tsx';
import { readingKey } from '../../kit/direction.ts';
import s from './MonthGrid.module.css';

interface MonthGridProps {
  /** Whole weeks. */
  days: string[];
  locale: string;
  unit?: 'month' | 'week';
  busy?: boolean;
  ref?: Ref<HTMLOListElement>;
  children(day: string): ReactNode;
}

/** Whole weeks, a day in each field. */
export function MonthGrid({ days, locale, unit = 'month', busy, ref, children }: MonthGridProps) {
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  return (
    <>
      <div className={s.weekdays} aria-hidden>
        {days.slice(0, 7).map(day => (
          <span key={day}>{weekday.format(new Date(day))}</span>
        ))}
      </div>
      <ol ref={ref} className={s.days} data-unit={unit} aria-busy={busy || undefined}>
        {days.map(children)}
      </ol>
    </>
  );
}

interface MonthDayProps {
  day: string;
  /** In full, as it is read out. */
  name: string;
  /** Of the month before or after. */
  outside: boolean;
  now: boolean;
  /** Whether what is being dragged may fall here. */
  takes: boolean;
  onDrop(): void;
  /** Leads to the day by itself. */
  open?: { label: string; run(): void };
  /** Makes something on it. */
  add?: { label: string; run(): void };
  ref?: Ref<HTMLLIElement>;
  /** What is on it, and where the rest is. */
  children: ReactNode;
}

/** A day of a month: its number, what is on it, and where what is dragged may fall. */
export function MonthDay(props: MonthDayProps) {
  const { day, name, outside, now, takes, onDrop, open, add, ref, children } = props;
  const [over, setOver] = useState(false);
  const number = Number(day.slice(8));
  return (
    <li
      ref={ref}
      className={s.day}
      aria-label={name}
      data-outside={outside || undefined}
      data-now={now || undefined}
      data-over={(over && takes) || undefined}
      onDragOver={event => {
        if (!takes) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        if (takes) onDrop();
      }}
    >
      <div className={s.head}>
        {open ? (
          <button type="button" className={s.number} aria-label={open.label} onClick={open.run}>
            {number}
          </button>
        ) : (
          <time dateTime={day} className={s.number}>
            {number}
          </time>
        )}
        {add && (
          <span className={s.add}>
            <IconButton icon="plus" size={24} label={add.label} onClick={add.run} />
          </span>
        )}
      </div>
      {children}
    </li>
  );
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

interface MonthEntryProps extends Omit<ComponentProps<'button'>, 'type' | 'draggable' | 'className'> {
  name: string;
  /** How it is moved; absent where it is not. */
  hint: string | undefined;
  /** The time of day it begins at; null where it has none. */
  clock: string | null;
  onLift(lifted: boolean): void;
  /** Moved by so many days by the keys. */
  onStep(days: number): void;
  /** How its last day is moved: by hand where it ends on this day, by the keys with Shift. Absent where it is not. */
  stretch?: { here: boolean; onLift(lifted: boolean): void; onStep(days: number): void };
}

/** What is on a day: opened by a click, moved by hand, or with Alt by the arrows. */
export function MonthEntry({ name, hint, clock, onLift, onStep, stretch, ...rest }: MonthEntryProps) {
  const movable = hint !== undefined;
  function lift(event: DragEvent) {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', name);
    onLift(true);
  }
  function liftEnd(event: DragEvent) {
    event.stopPropagation();
    event.dataTransfer.setData('text/plain', name);
    stretch?.onLift(true);
  }
  function onKeyDown(event: KeyboardEvent) {
    const by = steps[readingKey(event.key)];
    if (!event.altKey || !by || !movable || (event.shiftKey && !stretch)) return;
    event.preventDefault();
    if (event.shiftKey) stretch?.onStep(by);
    else onStep(by);
  }
  return (
    <button
      type="button"
      {...rest}
      className={s.entry}
      draggable={movable}
      title={movable ? `${name}. ${hint}` : name}
      onDragStart={lift}
      onDragEnd={() => onLift(false)}
      onKeyDown={onKeyDown}
    >
      {clock !== null && <span className={s.clock}>{clock}</span>}
      <span className={s.name}>{name}</span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys do the same, with Shift. */}
      {stretch?.here && <span className={s.grip} draggable onDragStart={liftEnd} />}
    </button>
  );
}

/** Pixels of an entry with the gap under it, and of what stands above the first. */
const entryHeight = 30;
const headHeight = 32;

/** How many of a day's entries are shown: all, or as many as leave room to say how many more there are. */
export function useRoom(count: number) {
  const { ref, height } = useElementSize<HTMLLIElement>();
  const room = Math.max(1, Math.floor((height - headHeight) / entryHeight));
  return { ref, shown: count <= room ? count : Math.max(0, room - 1) };
}

export const monthStyles = s;
