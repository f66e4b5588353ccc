import './words.ts';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { Json, MetaField } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { nameOf } from '../model/days.ts';
import type { Filter } from '../model/filter.ts';
import { isEmpty } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { useTrail } from '../model/walk.ts';
import type { ListModel } from '../records/use-list.ts';
import { Failure } from '../shell/Missing.tsx';
import { moved, type Part, stretchOf, type Zoom } from './lanes.ts';
import s from './Schedule.module.css';
import { rowHeight, ScheduleLanes } from './ScheduleLanes.tsx';
import { StretchBar } from './StretchBar.tsx';
import { type LayoutProps, operandOf, type Stretch, useArranged, useStretch, within } from './use-stretch.ts';

/** Records as bars along time, from a start to an end. */
export default function Schedule(props: LayoutProps) {
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

function useZoom(list: ListModel): Zoom {
  const asked = list.state.arrangement.zoom;
  return zooms.find(zoom => zoom === asked) ?? 'month';
}

function Arranged({ object, list, by }: LayoutProps & { by: MetaField }) {
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
        <ScheduleLanes
          {...{ object, list, by, end, colour, rows, stretch, zoom, now, at, format }}
          names={narrow ? 128 : 240}
          onMove={move}
        />
      )}
    </div>
  );
}
