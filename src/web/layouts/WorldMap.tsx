import { inText } from '../model/language.ts';
import './words.ts';
import { useMemo } from 'react';
import type { MetaField } from '../../engine/index.ts';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { colourFields, pointFields } from '../model/layouts.ts';
import { useTrail } from '../model/walk.ts';
import { Failure } from '../shell/Missing.tsx';
import { MapDrawing } from './MapDrawing.tsx';
import type { Placed } from './MapMark.tsx';
import { type LayoutProps, mostShown, useStretch } from './use-stretch.ts';
import { placeOf, useWorld } from './use-world.ts';
import s from './WorldMap.module.css';

/** Records where they are on earth; where only the country is known, in its middle. */
export default function WorldMap(props: LayoutProps) {
  const { object, list } = props;
  const fields = pointFields(object);
  const by = fields.find(field => field.name === list.state.arrangement.by) ?? fields[0];
  if (!by) return <EmptyState icon="map-pin" title={t('map.impossible', { objects: object.plural })} />;
  return <Located {...props} by={by} />;
}

function Located({ object, list, by }: LayoutProps & { by: MetaField }) {
  const world = useWorld();
  const colours = colourFields(object);
  const colour = colours.find(field => field.name === list.state.arrangement.colour) ?? colours[0];
  const filter = { field: by.name, op: 'notEmpty' };
  const fields = [by.name, ...(colour ? [colour.name] : [])];
  const { found, rows, more } = useStretch(
    object,
    list,
    filter,
    { name: object.list.sort[0] ?? 'id' },
    fields,
  );
  useTrail(object.name, rows);
  const items = useMemo(
    () =>
      world.data
        ? rows.flatMap((row): Placed[] => {
            const place = placeOf(row, by, world.data);
            return place ? [{ row, place }] : [];
          })
        : [],
    [rows, by, world.data],
  );
  const error = found.data ? world.error : found.error;
  if (error)
    return (
      <Failure
        error={error}
        retry={() => {
          void found.refetch();
          void world.refetch();
        }}
      />
    );
  if (!world.data || found.isPending)
    return (
      <div className={s.wait}>
        <SkeletonLines count={10} />
      </div>
    );
  const unknown = rows.length - items.length;
  return (
    <div className={s.map}>
      <MapDrawing object={object} list={list} world={world.data} items={items} colour={colour} />
      {(items.length === 0 || unknown > 0 || more) && (
        <p className={s.note} role="status">
          {items.length === 0
            ? t('map.none', { field: inText(by.label) })
            : more
              ? t('map.most', { count: mostShown })
              : t('map.unknown', { count: unknown })}
        </p>
      )}
    </div>
  );
}
