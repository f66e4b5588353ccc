import { Link } from '@tanstack/react-router';
import { str } from '../../fields/read.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { useFavourites } from '../model/keep.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useViews } from '../model/views.ts';
import { hinted } from './hinted.ts';
import s from './Rail.module.css';

/** Views that someone wants at hand. */
export function PinnedViews({ collapsed }: { collapsed: boolean }) {
  const meta = useMeta();
  const pinned = useViews().views.filter(view => view.pinned === true);
  if (pinned.length === 0) return null;
  return (
    <section aria-label={t('view.pinned')}>
      <h2 className={s.heading}>{collapsed ? '' : t('view.pinned')}</h2>
      {pinned.map(view => {
        const object = objectNamed(meta, str(view.object));
        return (
          object && (
            <Link
              key={view.id}
              {...hinted(str(view.name), collapsed)}
              to="/$object"
              params={{ object: object.path }}
              search={{ view: view.id }}
              className={s.item}
              activeProps={{ 'data-active': true }}
            >
              <Icon name={str(view.icon) || object.icon} />
              <span className={s.name}>{str(view.name)}</span>
            </Link>
          )
        );
      })}
    </section>
  );
}

/** Records and views that someone keeps at hand. */
export function Favourites({ collapsed }: { collapsed: boolean }) {
  const meta = useMeta();
  const { views } = useViews();
  const kept = useFavourites();
  if (kept.length === 0) return null;
  return (
    <section aria-label={t('shell.favourites')}>
      <h2 className={s.heading}>{collapsed ? '' : t('shell.favourites')}</h2>
      {kept.map(({ id, record }) => {
        const view = record.object === 'view' ? views.find(each => each.id === record.id) : undefined;
        const object = objectNamed(meta, view ? str(view.object) : record.object);
        if (!object) return null;
        const inner = (
          <>
            <Icon name={(view && str(view.icon)) || object.icon} />
            <span className={s.name}>{record.title}</span>
          </>
        );
        const own = { ...hinted(record.title, collapsed), className: s.item };
        return view ? (
          <Link key={id} {...own} to="/$object" params={{ object: object.path }} search={{ view: view.id }}>
            {inner}
          </Link>
        ) : (
          <Link
            key={id}
            {...own}
            to="/$object/$id"
            params={{ object: object.path, id: record.id }}
            activeProps={{ 'data-active': true }}
          >
            {inner}
          </Link>
        );
      })}
    </section>
  );
}
