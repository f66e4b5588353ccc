import './words.ts';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react';
import type { MetaField } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { titleOf, useMeta } from '../model/meta.tsx';
import { MapMark, type Placed } from './MapMark.tsx';
import { useSight } from './use-sight.ts';
import type { LayoutProps } from './use-stretch.ts';
import s from './WorldMap.module.css';
import { type Cluster, clustersOf, titled, type World, worldSize } from './world.ts';

interface MapDrawingProps extends LayoutProps {
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

/** The earth, moved and zoomed by hand, wheel and keys, with the records on it. */
export function MapDrawing({ object, list, world, items, colour }: MapDrawingProps) {
  const { ref, width, height } = useElementSize<HTMLElement>();
  const plane = useRef<SVGSVGElement>(null);
  const { sight, look, zoom, move } = useSight(items, width, height);
  const latest = useRef({ zoom, move });
  latest.current = { zoom, move };
  const clusters = useMemo(
    () => (width > 0 ? clustersOf(items, sight, width, height) : []),
    [items, sight, width, height],
  );
  const meta = useMeta();
  const named = useMemo(
    () =>
      clusters.length <= 40 && width > 720
        ? titled(clusters, ({ row }) => titleOf(meta, object, row))
        : new Set<Cluster<Placed>>(),
    [clusters, width, meta, object],
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
            data-placed
            style={{ insetInlineStart: cluster.x, insetBlockStart: cluster.y }}
          >
            <MapMark
              object={object}
              list={list}
              cluster={cluster}
              colour={colour}
              named={named.has(cluster)}
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
