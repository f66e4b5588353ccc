import { inText } from '../model/language.ts';
import './words.ts';
import { Menu } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import outlines from 'world-atlas/countries-50m.json?url';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { IconButton } from '../../kit/Button.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { tintStyle } from '../../kit/tint.ts';
import type { Row } from '../api.ts';
import { colourFields, pointFields } from '../model/layouts.ts';
import { formatOf, titleOf, useMeta } from '../model/meta.tsx';
import { useTrail } from '../model/walk.ts';
import { useTitle } from '../records/Name.tsx';
import type { ListModel } from '../records/use-list.ts';
import { Failure } from '../shell/Missing.tsx';
import { hueOf, mostShown, useStretch } from './use-stretch.ts';
import s from './WorldMap.module.css';
import {
  type Cluster,
  clustersOf,
  fitted,
  middleOfCountry,
  type Place,
  project,
  type Sight,
  type Topology,
  type World,
  within,
  worldOf,
  worldSize,
} from './world.ts';

interface LayoutProps {
  object: MetaObject;
  list: ListModel;
}

interface Placed {
  row: Row;
  place: Place;
}

/** Records where they are on earth; where only the country is known, in its middle. */
export default function WorldMap(props: LayoutProps) {
  const { t } = useTranslation();
  const { object, list } = props;
  const fields = pointFields(object);
  const by = fields.find(field => field.name === list.state.arrangement.by) ?? fields[0];
  if (!by) return <EmptyState icon="map-pin" title={t('map.impossible', { objects: object.plural })} />;
  return <Located {...props} by={by} />;
}

function useWorld() {
  return useQuery({
    queryKey: ['world'],
    queryFn: async ({ signal }) => {
      const answer = await fetch(outlines, { signal });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return worldOf((await answer.json()) as Topology);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function placeOf(row: Row, by: MetaField, world: World): Place | null {
  const point = viewOf(by.type).point?.(row[by.name] ?? null);
  if (!point) return null;
  return 'country' in point
    ? middleOfCountry(world, point.country)
    : project(point.longitude, point.latitude);
}

function Located({ object, list, by }: LayoutProps & { by: MetaField }) {
  const { t } = useTranslation();
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
      <Drawing object={object} list={list} world={world.data} items={items} colour={colour} />
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

interface DrawingProps extends LayoutProps {
  world: World;
  items: Placed[];
  colour: MetaField | undefined;
}

const steps: Record<string, [number, number]> = {
  ArrowLeft: [-80, 0],
  ArrowRight: [80, 0],
  ArrowUp: [0, -80],
  ArrowDown: [0, 80],
};

/** Where one looks: all places at first, then wherever one goes. */
function useSight(items: Placed[], width: number, height: number) {
  const [chosen, setChosen] = useState<Sight | null>(null);
  const usual = useMemo(
    () =>
      fitted(
        items.map(({ place }) => place),
        Math.max(width, 1),
        Math.max(height, 1),
      ),
    [items, width, height],
  );
  const sight = chosen ?? usual;
  return {
    sight,
    look: (next: Sight | null) => setChosen(next && within(next, width, height)),
    zoom: (by: number) => setChosen(within({ ...sight, zoom: sight.zoom * by }, width, height)),
    move: (dx: number, dy: number) =>
      setChosen(
        within({ ...sight, x: sight.x + dx / sight.zoom, y: sight.y + dy / sight.zoom }, width, height),
      ),
  };
}

function Drawing({ object, list, world, items, colour }: DrawingProps) {
  const { t } = useTranslation();
  const { ref, width, height } = useElementSize<HTMLElement>();
  const plane = useRef<SVGSVGElement>(null);
  const { sight, look, zoom, move } = useSight(items, width, height);
  const latest = useRef({ zoom, move });
  latest.current = { zoom, move };
  const clusters = useMemo(
    () => (width > 0 ? clustersOf(items, sight, width, height) : []),
    [items, sight, width, height],
  );
  useEffect(() => {
    // React listens to the wheel passively, which would scroll the page as well.
    const box = plane.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      latest.current.zoom(event.deltaY < 0 ? 1.25 : 0.8);
    };
    box?.addEventListener('wheel', onWheel, { passive: false });
    return () => box?.removeEventListener('wheel', onWheel);
  }, []);

  function grab(event: PointerEvent<SVGSVGElement>) {
    const held = event.currentTarget;
    held.setPointerCapture(event.pointerId);
    let [x, y] = [event.clientX, event.clientY];
    held.onpointermove = moved => {
      latest.current.move(x - moved.clientX, y - moved.clientY);
      [x, y] = [moved.clientX, moved.clientY];
    };
    held.onpointerup = held.onpointercancel = () => {
      held.onpointermove = null;
    };
  }

  function onKeyDown(event: KeyboardEvent) {
    const by = steps[event.key];
    if (event.target !== event.currentTarget) return;
    if (by) move(...by);
    else if (event.key === '+') zoom(1.5);
    else if (event.key === '-') zoom(1 / 1.5);
    else return;
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is moved and zoomed by keys.
    <section ref={ref} className={s.plane} tabIndex={0} aria-label={t('map.label')} onKeyDown={onKeyDown}>
      <svg ref={plane} className={s.world} onPointerDown={grab} aria-hidden="true">
        {width > 0 && (
          <g
            transform={`translate(${width / 2 - sight.x * sight.zoom} ${height / 2 - sight.y * sight.zoom}) scale(${sight.zoom})`}
          >
            <rect className={s.sea} width={worldSize} height={worldSize} />
            <path className={s.land} d={world.path} vectorEffect="non-scaling-stroke" />
          </g>
        )}
      </svg>
      <ul>
        {clusters.map(cluster => (
          <li
            key={cluster.items[0]?.row.id}
            className={s.spot}
            style={{ insetInlineStart: cluster.x, insetBlockStart: cluster.y }}
          >
            <Mark
              object={object}
              list={list}
              cluster={cluster}
              colour={colour}
              named={clusters.length <= 40 && width > 720}
            />
          </li>
        ))}
      </ul>
      <div className={s.controls}>
        <IconButton icon="plus" label={t('map.nearer')} onClick={() => zoom(1.6)} />
        <IconButton icon="minus" label={t('map.farther')} onClick={() => zoom(1 / 1.6)} />
        <IconButton icon="arrows-maximize" label={t('map.all')} onClick={() => look(null)} />
      </div>
    </section>
  );
}

interface MarkProps extends LayoutProps {
  cluster: Cluster<Placed>;
  colour: MetaField | undefined;
  named: boolean;
}

function Mark(props: MarkProps) {
  const [only] = props.cluster.items;
  return props.cluster.items.length === 1 && only ? (
    <Single {...props} row={only.row} />
  ) : (
    <Several {...props} />
  );
}

function Single({ object, list, row, colour, named }: MarkProps & { row: Row }) {
  const title = useTitle(object, row);
  return (
    <button
      type="button"
      className={s.single}
      title={title}
      aria-label={title}
      onClick={() => list.setPeek(row.id)}
    >
      <span className={s.dot} style={tintStyle(hueOf(row, colour))} />
      {named && (
        <span className={s.title} aria-hidden>
          {title}
        </span>
      )}
    </button>
  );
}

/** Titles in one menu, at most. */
const mostListed = 30;

function Several({ object, list, cluster }: MarkProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const count = cluster.items.length;
  return (
    <Menu position="bottom" width={240}>
      <Menu.Target>
        <button type="button" className={s.cluster} aria-label={t('map.several', { count })}>
          {count.toLocaleString(locale)}
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {cluster.items.slice(0, mostListed).map(({ row }) => (
          <Menu.Item key={row.id} onClick={() => list.setPeek(row.id)}>
            {titleOf(meta, object, row) || t('field.untitled')}
          </Menu.Item>
        ))}
        {count > mostListed && <Menu.Label>{t('map.others', { count: count - mostListed })}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
