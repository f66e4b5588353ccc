import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { str } from '../../fields/read.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { type Page, read } from '../api.ts';
import { useFavourites } from '../model/keep.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { keys } from '../model/records.ts';
import { useRecentlySeen } from '../model/seen.ts';
import { useViews } from '../model/views.ts';
import { Name } from '../records/Name.tsx';
import s from './Home.module.css';

/** Favourites and pinned views, where the rail is not at hand. */
export function AtHand() {
  const meta = useMeta();
  const { views } = useViews();
  const favourites = useFavourites().filter(({ record }) => record.object !== 'view');
  const pinned = views.filter(view => view.pinned === true);
  if (favourites.length + pinned.length === 0) return null;
  return (
    <nav className={s.atHand} aria-label={t('home.atHand')}>
      {favourites.map(({ id, record }) => {
        const object = objectNamed(meta, record.object);
        return (
          object && (
            <Link
              key={id}
              to="/$object/$id"
              params={{ object: object.path, id: record.id }}
              className={s.pill}
            >
              <Icon name={object.icon} size={14} />
              {record.title}
            </Link>
          )
        );
      })}
      {pinned.map(view => {
        const object = objectNamed(meta, str(view.object));
        return (
          object && (
            <Link
              key={view.id}
              to="/$object"
              params={{ object: object.path }}
              search={{ view: view.id }}
              className={s.pill}
            >
              <Icon name={str(view.icon) || object.icon} size={14} />
              {str(view.name)}
            </Link>
          )
        );
      })}
    </nav>
  );
}

/** What one has looked at lately. */
export function RecentlySeen() {
  const meta = useMeta();
  const { order, byObject } = useRecentlySeen(meta);
  const asked = [...byObject].flatMap(([name, ids]) => {
    const object = objectNamed(meta, name);
    return object ? [{ object, ids }] : [];
  });
  const found = useQueries({
    queries: asked.map(({ object, ids }) => {
      const query = { filter: { field: 'id', op: 'isAnyOf', value: ids }, fields: [object.title], limit: 12 };
      return {
        queryKey: [...keys.object(object.name), 'seen', ids],
        queryFn: () => read<Page>(`/api/${object.path}/search`, { body: query }),
      };
    }),
  });
  const rows = found
    .flatMap((answer, index) => (answer.data?.data ?? []).map(row => ({ row, object: asked[index]!.object })))
    .sort((a, b) => order.indexOf(a.row.id) - order.indexOf(b.row.id))
    .slice(0, 8);
  if (rows.length === 0) return null;
  return (
    <section className={s.tasks} aria-label={t('home.seen')}>
      <header className={s.head}>
        <h3 className={s.label}>{t('home.seen')}</h3>
      </header>
      <div className={s.card}>
        <ul>
          {rows.map(({ row, object }) => (
            <li key={row.id}>
              <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.row}>
                <Name object={object} row={row} />
                <span className={s.when}>{object.label}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
