import { useInterval } from '@mantine/hooks';
import { type CSSProperties, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { wall } from '../../fields/clock.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { atClock, nameOf } from '../../web/model/days.ts';
import { inText } from '../../web/model/language.ts';
import type { AgendaEntry } from './agenda.ts';
import {
  type Axis,
  axisOf,
  idleOf,
  isLong,
  keyOf,
  missingOf,
  momentAt,
  placedOn,
  rowOf,
} from './calendar-view.ts';
import { DayBars } from './DayBars.tsx';
import { HourEntry } from './HourEntry.tsx';
import s from './HourGrid.module.css';
import {
  type BusyTime,
  type CalendarState,
  concerns,
  type Person,
  type Times,
  useBusy,
  type useCreate,
} from './use-calendar.ts';
import { hourHeight, usePull, useStroke } from './use-pull.ts';

/** A day, or one person's day where those of several stand side by side. */
export interface Column {
  key: string;
  day: string;
  person: Person | null;
}

interface GridProps {
  state: CalendarState;
  entries: AgendaEntry[];
  making: ReturnType<typeof useCreate>;
  onOpen(entry: AgendaEntry): void;
  onMove(entry: AgendaEntry, times: Times): void;
}

function columnsOf({ days, people, layout }: CalendarState): Column[] {
  const [day] = days;
  if (layout === 'day' && day && people.length > 1)
    return people.map(person => ({ key: person.id, day, person }));
  return days.map(each => ({ key: each, day: each, person: null }));
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 30_000, { autoInvoke: true });
  return now;
}

/** Days beside each other, hour by hour; what takes whole days above. */
export function HourGrid(props: GridProps) {
  const { state, entries, making, onMove, onOpen } = props;
  const { format, days, me, people } = state;
  const { timeZone } = format;
  const columns = columnsOf(state);
  const taken = useBusy(state);
  const axis = useMemo(() => axisOf(days, timeZone), [days, timeZone]);
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const apart = columns[0]?.person ? 0 : 1;
  const { pulled, grab, wasPulled } = usePull(body, columns.length, apart, timeZone, onMove);
  const { stroke, begin } = useStroke(axis, (key, from, to) => {
    const column = columns.find(each => each.key === key);
    if (!column || !making) return;
    const [at, until] = [from, to].map(row => new Date(momentAt(axis, column.day, row)).toISOString());
    making.open(
      at as string,
      until as string,
      column.person ?? (people.length === 1 && people[0] ? people[0] : me),
    );
  });
  const shown = entries.map(entry => (pulled?.key === keyOf(entry) ? { ...entry, ...pulled.times } : entry));

  useLayoutEffect(() => {
    // Where the day begins is on the screen, whatever the night holds.
    scroller.current?.scrollTo({ top: Math.max(0, me.hours.from / 60 - 1) * hourHeight });
  }, [me.hours.from]);

  const tracks = { '--columns': columns.length, '--gutters': state.otherZone ? 2 : 1 } as CSSProperties;
  return (
    <div ref={scroller} className={s.scroller} style={tracks}>
      <div className={s.top}>
        <Heads state={state} columns={columns} making={making} />
        <DayBars {...props} columns={columns} entries={entries.filter(isLong)} />
      </div>
      <div className={s.grid} style={{ blockSize: axis.hours.length * hourHeight }}>
        <Hours axis={axis} state={state} />
        <div ref={body} className={s.columns}>
          {columns.map(column => (
            <div
              key={column.key}
              className={s.column}
              data-can={making !== null || undefined}
              onPointerDown={event => making && begin(event, column.key)}
            >
              <Ground axis={axis} column={column} state={state} />
              <Taken axis={axis} column={column} state={state} taken={taken} />
              {stroke?.column === column.key && (
                <span
                  className={s.stroke}
                  style={{ top: stroke.from * hourHeight, blockSize: (stroke.to - stroke.from) * hourHeight }}
                />
              )}
              <ul>
                {placedOn(axis, column.day, timeZone, ofColumn(shown, column)).map(placed => (
                  <HourEntry
                    key={keyOf(placed.entry)}
                    placed={placed}
                    state={state}
                    person={column.person}
                    pulled={pulled?.key === keyOf(placed.entry)}
                    onGrab={(event, part) => {
                      const entry = entries.find(each => keyOf(each) === keyOf(placed.entry));
                      if (entry) grab(event, entry, part);
                    }}
                    onOpen={() => !wasPulled.current && onOpen(placed.entry)}
                    onMove={times => onMove(placed.entry, times)}
                    across={apart}
                  />
                ))}
              </ul>
            </div>
          ))}
          <NowLine axis={axis} columns={columns} state={state} />
        </div>
      </div>
    </div>
  );
}

function ofColumn(entries: AgendaEntry[], { person }: Column): AgendaEntry[] {
  return entries.filter(entry => !isLong(entry) && (person === null || concerns(entry, person.id)));
}

function Heads({ state, columns, making }: Pick<GridProps, 'state' | 'making'> & { columns: Column[] }) {
  const { format, now, me, people, change, layout } = state;
  const { locale } = format;
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  return (
    <div className={s.heads}>
      <span className={s.zones}>
        {[format.timeZone, ...(state.otherZone ? [state.otherZone] : [])].map(zone => (
          <abbr key={zone} title={zone}>
            {zoneName(zone, locale)}
          </abbr>
        ))}
      </span>
      {columns.map(({ key, day, person }) => {
        const owner = person ?? (people.length === 1 && people[0] ? people[0] : me);
        const name = nameOf(day, 'day', locale);
        return (
          <div key={key} className={s.headOf} data-now={day === now || undefined}>
            {person ? (
              <>
                <Avatar id={person.id} title={person.name} round size={20} />
                <span className={s.person}>{person.name}</span>
              </>
            ) : (
              <button
                type="button"
                className={s.dayName}
                title={t('agenda.showDay', { day: name })}
                aria-current={day === now ? 'date' : undefined}
                disabled={layout === 'day'}
                onClick={() => change({ at: day, layout: 'day' })}
              >
                <span>{weekday.format(new Date(`${day}T00:00:00Z`))}</span>
                <b>{Number(day.slice(8))}</b>
              </button>
            )}
            {making && (
              <span className={s.add}>
                <IconButton
                  icon="plus"
                  size={24}
                  label={t('agenda.createOn', {
                    object: inText(making.object.label),
                    day: person ? person.name : name,
                  })}
                  onClick={() => {
                    const at = atClock(day, owner.hours.from, format.timeZone);
                    making.open(at, new Date(Date.parse(at) + 3_600_000).toISOString(), owner);
                  }}
                />
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}

function zoneName(timeZone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }).formatToParts(
    new Date(),
  );
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

/** The hours at the side, by one clock or two. */
function Hours({ axis, state }: { axis: Axis; state: CalendarState }) {
  const { format, days, otherZone } = state;
  const said = (at: number, timeZone: string) => {
    const whole = wall(at, timeZone) % 3_600_000 === 0;
    const parts = { hour: 'numeric', timeZone, ...(whole ? {} : { minute: '2-digit' as const }) } as const;
    return new Intl.DateTimeFormat(format.locale, parts).format(at);
  };
  const day = days.find(each => (axis.slots.get(each)?.length ?? 0) >= axis.hours.length) ?? days[0] ?? '';
  return (
    <div className={s.hours} aria-hidden>
      {axis.hours.map(({ hour, fold }, index) => {
        const at = momentAt(axis, day, index);
        return (
          <div key={`${hour}.${fold}`} className={s.hour} style={{ top: index * hourHeight }}>
            <time data-fold={fold || undefined}>{index === 0 ? '' : said(at, format.timeZone)}</time>
            {otherZone && <time className={s.other}>{index === 0 ? '' : said(at, otherZone)}</time>}
          </div>
        );
      })}
    </div>
  );
}

/** What lies under the entries: hours outside work, and hours that the day does not have. */
function Ground({ axis, column, state }: { axis: Axis; column: Column; state: CalendarState }) {
  const { format, people, me } = state;
  const whose = column.person ?? (people.length === 1 && people[0] ? people[0] : me);
  const { timeZone } = format;
  const idle = useMemo(
    () => idleOf(axis, column.day, timeZone, whose.hours, whose.timeZone),
    [axis, column.day, timeZone, whose],
  );
  const block = ({ from, to }: { from: number; to: number }) => ({
    top: from * hourHeight,
    blockSize: (to - from) * hourHeight,
  });
  return (
    <>
      {idle.map(each => (
        <span key={each.from} className={s.idle} style={block(each)} />
      ))}
      {missingOf(axis, column.day).map(each => (
        <span key={each.from} className={s.missing} style={block(each)} />
      ))}
    </>
  );
}

/** Hours that are taken, of which one may not know by what. */
function Taken({
  axis,
  column,
  state,
  taken,
}: {
  axis: Axis;
  column: Column;
  state: CalendarState;
  taken: BusyTime[];
}) {
  const { timeZone } = state.format;
  const own = taken.filter(({ user }) => column.person === null || user === column.person.id);
  const entries = own.map(({ user, at, until }) => ({ ...nothing, id: user, owner: user, at, until }));
  return placedOn(axis, column.day, timeZone, entries).map(({ entry, top, bottom, lane, lanes }) => (
    <span
      key={`${entry.id} ${entry.at}`}
      className={s.taken}
      style={{
        top: top * hourHeight + 1,
        blockSize: (bottom - top) * hourHeight - 2,
        insetInlineStart: `calc(${(lane / lanes) * 100}% + 2px)`,
        inlineSize: `calc(${100 / lanes}% - 6px)`,
      }}
    >
      {t('agenda.taken', { name: state.people.find(({ id }) => id === entry.owner)?.name ?? '' })}
    </span>
  ));
}

/** What an entry is of which only the time is known. */
const nothing: Omit<AgendaEntry, 'id' | 'at' | 'until' | 'owner'> = {
  object: '',
  occurrence: null,
  repeats: false,
  allDay: false,
  done: false,
  guests: [],
  record: {},
};

function NowLine({ axis, columns, state }: { axis: Axis; columns: Column[]; state: CalendarState }) {
  const now = useNow();
  const first = columns.findIndex(({ day }) => day === state.now);
  if (first === -1) return null;
  const last = columns.findLastIndex(({ day }) => day === state.now);
  return (
    <span
      className={s.nowLine}
      style={{
        top: rowOf(axis, state.now, now) * hourHeight,
        insetInlineStart: `${(first / columns.length) * 100}%`,
        inlineSize: `${((last - first + 1) / columns.length) * 100}%`,
      }}
    />
  );
}
