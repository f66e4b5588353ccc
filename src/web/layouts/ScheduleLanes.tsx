import './words.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import type { Format } from '../../fields/view.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { daysBetween, nameOf, type Unit } from '../model/days.ts';
import { isEmpty } from '../model/meta.tsx';
import { Name } from '../records/Name.tsx';
import { Bar } from './Bar.tsx';
import { dayWidth, laneOf, type Mark, type Part, scale, type Zoom } from './lanes.ts';
import s from './Schedule.module.css';
import type { LayoutProps, Stretch } from './use-stretch.ts';

/** Pixels of a record's row. */
export const rowHeight = 44;

const scaleHeight = 52;

interface ScheduleLanesProps extends LayoutProps {
  by: MetaField;
  end: MetaField | undefined;
  colour: MetaField | undefined;
  rows: Row[];
  stretch: Stretch;
  zoom: Zoom;
  now: string;
  at: string;
  format: Format;
  /** Width of the column of names, in pixels. */
  names: number;
  onMove(row: Row, part: Part, days: number): void;
}

/** Short names of what the scale marks. */
function markName({ day, unit }: Mark, { locale }: Format): string {
  const parts: Partial<Record<Unit, Intl.DateTimeFormatOptions>> = {
    day: { weekday: 'short', day: 'numeric' },
    week: { day: 'numeric', month: 'short' },
    month: { month: 'long', year: 'numeric' },
  };
  const options = parts[unit];
  return options
    ? new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(day))
    : nameOf(day, unit, locale);
}

/** The scale above, the names at the start, and along them the bars. */
export function ScheduleLanes(props: ScheduleLanesProps) {
  const { object, list, by, end, colour, rows, stretch, zoom, now, at, format, names } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = dayWidth[zoom];
  const days = daysBetween(stretch.from, stretch.to);
  const { above, below } = useMemo(() => scale(stretch.from, stretch.to, zoom), [stretch, zoom]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    paddingStart: scaleHeight,
  });
  // What is looked at stands at the left, with a little of what was before.
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const way = getComputedStyle(box).direction === 'rtl' ? -1 : 1;
    const lead = (box.clientWidth - names) / 5;
    box.scrollLeft = way * Math.max(0, daysBetween(stretch.from, at) * width - lead);
  }, [stretch, at, width, names]);
  const nowAt = daysBetween(stretch.from, now);
  const place = (from: number) => names + from * width;
  const high = virtual.getTotalSize() - scaleHeight;
  return (
    <div ref={scroller} className={s.scroller} data-sideways>
      <div
        className={s.plane}
        style={{ inlineSize: names + days * width, blockSize: virtual.getTotalSize() }}
      >
        <div className={s.scale} aria-hidden>
          <span className={s.corner} style={{ inlineSize: names }} />
          {[...above, ...below].map(mark => (
            <span
              key={`${mark.unit} ${mark.day}`}
              className={s.mark}
              data-below={below.includes(mark) || undefined}
              style={{ insetInlineStart: place(mark.from), inlineSize: mark.days * width }}
            >
              <span className={s.markName} style={{ insetInlineStart: names + 8 }}>
                {mark.days * width > 44 && markName(mark, format)}
              </span>
            </span>
          ))}
        </div>
        {below.map(mark => (
          <span
            key={mark.day}
            className={s.line}
            style={{ insetInlineStart: place(mark.from), blockSize: high }}
            aria-hidden
          />
        ))}
        {nowAt >= 0 && nowAt < days && (
          <span
            className={s.now}
            style={{ insetInlineStart: place(nowAt) + width / 2, blockSize: high }}
            aria-hidden
          />
        )}
        <ul aria-label={object.plural}>
          {virtual.getVirtualItems().map(item => {
            const row = rows[item.index];
            if (!row) return null;
            const stop = end && !isEmpty(row[end.name]) ? str(row[end.name]) : null;
            const lane = laneOf(str(row[by.name]), stop, stretch.from, format.timeZone);
            return (
              <li key={row.id} className={s.row} style={{ transform: `translateY(${item.start}px)` }}>
                <button
                  type="button"
                  className={s.name}
                  style={{ inlineSize: names }}
                  onClick={() => list.setPeek(row.id)}
                >
                  <Name object={object} row={row} />
                </button>
                <Bar
                  object={object}
                  row={row}
                  colour={colour}
                  lane={lane}
                  width={width}
                  offset={names}
                  format={format}
                  stretch={stretch}
                  parts={partsOf(object, by, end)}
                  hint={t('schedule.hint')}
                  onMove={(part, by) => props.onMove(row, part, by)}
                  onOpen={() => list.setPeek(row.id)}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

/** Where bars of the object can be pulled. */
function partsOf(object: MetaObject, by: MetaField, end: MetaField | undefined): Part[] {
  if (!object.can.edit) return [];
  const [start, stop] = [by.editable, end?.editable === true];
  return [
    ...(start && (stop || !end) ? (['whole'] as const) : []),
    ...(start && end ? (['start'] as const) : []),
    ...(stop ? (['end'] as const) : []),
  ];
}
