import { firstDayOfWeek } from '../../fields/moments.tsx';
import './words.ts';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import type { MetaField } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { addDays, dayOf, daysBetween, nameOf, onDay, step, type Unit, weekOf } from '../model/days.ts';
import { useActions } from '../model/records.ts';
import { useTrail } from '../model/walk.ts';
import { Failure } from '../shell/Missing.tsx';
import { Agenda } from './Agenda.tsx';
import s from './Calendar.module.css';
import { Day } from './Day.tsx';
import { MonthGrid } from './MonthGrid.tsx';
import { StretchBar } from './StretchBar.tsx';
import { type LayoutProps, useArranged, useStretch, within } from './use-stretch.ts';

/** Records on the days of a date, by months or weeks. */
export default function Calendar(props: LayoutProps) {
  const { by } = useArranged(props.object, props.list);
  if (!by)
    return <EmptyState icon="calendar" title={t('calendar.impossible', { objects: props.object.plural })} />;
  return <Arranged {...props} by={by} />;
}

/** The days on the screen: whole weeks. */
export function daysShown(at: string, unit: Unit, firstDay: number): string[] {
  const from = weekOf(unit === 'week' ? at : step(at, unit, 0), firstDay);
  const last = addDays(step(at, unit, 1), -1);
  const count = unit === 'week' ? 7 : daysBetween(from, addDays(weekOf(last, firstDay), 7));
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}

function Arranged({ object, list, by }: LayoutProps & { by: MetaField }) {
  const actions = useActions();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const { at, now, colour, format } = useArranged(object, list);
  const unit: Unit = list.state.arrangement.zoom === 'week' ? 'week' : 'month';
  const days = useMemo(() => daysShown(at, unit, firstDayOfWeek(format.locale)), [at, unit, format.locale]);
  const stretch = { from: days[0] ?? at, to: addDays(days.at(-1) ?? at, 1) };
  const { timeZone, locale } = format;
  const { found, rows, more } = useStretch(object, list, within(by, stretch, timeZone), by, [
    by.name,
    ...(colour ? [colour.name] : []),
  ]);
  useTrail(object.name, rows);
  const [dragged, setDragged] = useState<Row | null>(null);
  const [said, setSaid] = useState('');
  const grid = useRef<HTMLOListElement>(null);
  const byDay = useMemo(
    () => Map.groupBy(rows, row => dayOf(str(row[by.name]), timeZone)),
    [rows, by, timeZone],
  );
  const go = (day: string | null) => list.change({ at: day });

  function move(row: Row, day: string) {
    const value = str(row[by.name]);
    if (dayOf(value, timeZone) === day) return;
    void actions.edit(object, row, { [by.name]: onDay(value, day, timeZone) });
    setSaid(t('stretch.moved', { title: str(row[object.title]), day: nameOf(day, 'day', locale) }));
    // The card is drawn anew on its other day; who moved it by keys goes on from there.
    requestAnimationFrame(() =>
      grid.current?.querySelector<HTMLElement>(`[data-record="${row.id}"]`)?.focus(),
    );
  }

  const bar = (
    <StretchBar
      list={list}
      at={at}
      unit={unit}
      units={['month', 'week']}
      locale={locale}
      more={more}
      onGo={go}
    />
  );
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (narrow)
    return (
      <div className={s.calendar}>
        {bar}
        {found.isPending ? (
          <SkeletonLines count={8} />
        ) : (
          <Agenda
            object={object}
            by={by}
            colour={colour}
            byDay={byDay}
            days={unit === 'week' ? days : days.filter(day => day.slice(0, 7) === at.slice(0, 7))}
            format={format}
            stretch={nameOf(unit === 'week' ? stretch.from : step(at, unit, 0), unit, locale)}
          />
        )}
      </div>
    );
  return (
    <div className={s.calendar}>
      {bar}
      <p className="sr-only" role="status">
        {said}
      </p>
      <MonthGrid ref={grid} days={days} locale={locale} unit={unit} busy={found.isPending}>
        {day => (
          <Day
            key={day}
            object={object}
            by={by}
            colour={colour}
            day={day}
            rows={byDay.get(day) ?? []}
            unit={unit}
            outside={unit === 'month' && day.slice(0, 7) !== at.slice(0, 7)}
            now={day === now}
            format={format}
            dragged={dragged}
            pending={found.isPending}
            onDrag={setDragged}
            onMove={move}
            onPeek={list.setPeek}
          />
        )}
      </MonthGrid>
    </div>
  );
}
