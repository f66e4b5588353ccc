import './words.ts';
import type { MetaField } from '../../engine/index.ts';
import { Menu } from '../../kit/Menu.tsx';
import { tintStyle } from '../../kit/tint.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { formatOf, titleOf, useMeta } from '../model/meta.tsx';
import { useTitle } from '../records/Name.tsx';
import { hueOf, type LayoutProps } from './use-stretch.ts';
import s from './WorldMap.module.css';
import type { Cluster, Place } from './world.ts';

/** A record with where it is. */
export interface Placed {
  row: Row;
  place: Place;
}

interface MapMarkProps extends LayoutProps {
  cluster: Cluster<Placed>;
  colour: MetaField | undefined;
  named: boolean;
}

/** What stands at a place: one record, or how many. */
export function MapMark(props: MapMarkProps) {
  const [only] = props.cluster.items;
  return props.cluster.items.length === 1 && only ? (
    <Single {...props} row={only.row} />
  ) : (
    <Several {...props} />
  );
}

function Single({ object, list, row, colour, named }: MapMarkProps & { row: Row }) {
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

function Several({ object, list, cluster }: MapMarkProps) {
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const count = cluster.items.length;
  return (
    <Menu
      position="bottom"
      width={240}
      dropdown={{ mah: 320, style: { overflowY: 'auto' } }}
      of={
        <button type="button" className={s.cluster} aria-label={t('map.several', { count })}>
          {count.toLocaleString(locale)}
        </button>
      }
    >
      {cluster.items.slice(0, mostListed).map(({ row }) => (
        <Menu.Item key={row.id} onClick={() => list.setPeek(row.id)}>
          {titleOf(meta, object, row) || t('field.untitled')}
        </Menu.Item>
      ))}
      {count > mostListed && <Menu.Label>{t('map.others', { count: count - mostListed })}</Menu.Label>}
    </Menu>
  );
}
