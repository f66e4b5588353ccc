import './words.ts';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import type { Format } from '../../fields/view.ts';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { daysBetween, nameOf, type Unit } from '../model/days.ts';
import type { Filter } from '../model/filter.ts';
import { isEmpty } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { useTrail } from '../model/walk.ts';
import { Name } from '../records/Name.tsx';
import type { ListModel } from '../records/use-list.ts';
import { Failure } from '../shell/Missing.tsx';
import { Bar } from './Bar.tsx';
import { dayWidth, laneOf, type Mark, moved, type Part, scale, stretchOf, type Zoom } from './lanes.ts';
import s from './Schedule.module.css';
import { StretchBar } from './StretchBar.tsx';
import { operandOf, type Stretch, useArranged, useStretch, within } from './use-stretch.ts';

interface LayoutProps {
  object: MetaObject;
  list: ListModel;
}

/** Records as bars along time, from a start to an end. */
export default function Schedule(props: LayoutProps) {
  const { t } = useTranslation();
  const { by } = useArranged(props.object, props.list);
  if (!by)
    return <EmptyState icon="timeline" title={t('calendar.impossible', { objects: props.object.plural })} />;
  return <Arranged {...props} by={by} />;
}

/** What lies in the stretch: begun in it, or begun before and ending in it or later. */
function overlapping(by: MetaField, end: MetaField | undefined, stretch: Stretch, timeZone: string): Filter {
  const inside = within(by, stretch, timeZone);
  if (!end) return inside;
  const before: Filter = { field: by.name, op: 'lt', value: operandOf(by, stretch.from, timeZone) };
  const after: Filter = { field: end.name, op: 'gte', value: operandOf(end, stretch.from, timeZone) };
  return { or: [inside, { and: [before, after] }] };
}

const zooms: Zoom[] = ['week', 'month', 'quarter'];
const rowHeight = 40;
const scaleHeight = 52;

function useZoom(list: ListModel): Zoom {
  const asked = list.state.arrangement.zoom;
  return zooms.find(zoom => zoom === asked) ?? 'month';
}

function Arranged({ object, list, by }: LayoutProps & { by: MetaField }) {
  const { t } = useTranslation();
  const actions = useActions();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const { at, now, end, colour, format } = useArranged(object, list);
  const { timeZone, locale } = format;
  const zoom = useZoom(list);
  const stretch = useMemo(() => stretchOf(at, zoom), [at, zoom]);
  const filter = useMemo(() => overlapping(by, end, stretch, timeZone), [by, end, stretch, timeZone]);
  const shown = [by.name, ...(end ? [end.name] : []), ...(colour ? [colour.name] : [])];
  const { found, rows, more } = useStretch(object, list, filter, by, shown);
  useTrail(object.name, rows);
  const [said, setSaid] = useState('');

  function move(row: Row, part: Part, days: number) {
    const stop = end && !isEmpty(row[end.name]) ? str(row[end.name]) : null;
    const next = moved(str(row[by.name]), stop, part, days, timeZone);
    if (!next || (next.end !== undefined && !end)) return;
    const values: Record<string, Json> = {};
    if (next.start !== undefined) values[by.name] = next.start;
    if (end && next.end !== undefined) values[end.name] = next.end;
    void actions.edit(object, row, values);
    const day = nameOf((next.start ?? next.end ?? '').slice(0, 10), 'day', locale);
    setSaid(t('stretch.moved', { title: str(row[object.title]), day }));
  }

  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className={s.schedule} data-narrow={narrow || undefined}>
      <StretchBar
        list={list}
        at={at}
        unit={zoom}
        units={zooms}
        locale={locale}
        more={more}
        onGo={day => list.change({ at: day })}
      />
      <p className="sr-only" role="status">
        {said}
      </p>
      {found.isPending ? (
        <div className={s.wait}>
          <SkeletonLines count={9} height={rowHeight} />
        </div>
      ) : rows.length === 0 ? (
        <EmptyState icon="timeline" title={t('calendar.empty', { stretch: nameOf(at, zoom, locale) })} />
      ) : (
        <Lanes
          {...{ object, list, by, end, colour, rows, stretch, zoom, now, at, format }}
          names={narrow ? 128 : 240}
          onMove={move}
        />
      )}
    </div>
  );
}

interface LanesProps extends LayoutProps {
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

function Lanes(props: LanesProps) {
  const { object, list, by, end, colour, rows, stretch, zoom, now, at, format, names } = props;
  const { t } = useTranslation();
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
    <div ref={scroller} className={s.scroller}>
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
