import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { fieldOf, isEmpty, objectNamed, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { useViews } from '../model/views.ts';
import { Name } from '../records/Name.tsx';
import { useSavedList } from '../records/use-list.ts';
import { Value } from '../records/Value.tsx';
import s from './Home.module.css';

const Chart = lazy(() => import('../layouts/Chart.tsx'));

const shown = 6;

/** A saved view: its chart where it is one, else its first records. */
export function ViewBlock({ id }: { id: string }) {
  const meta = useMeta();
  const { views } = useViews();
  const view = views.find(each => each.id === id);
  const object = objectNamed(meta, str(view?.object ?? null));
  if (!view || !object) return null;
  const name = str(view.name);
  return (
    <section className={s.tasks} aria-label={name}>
      <header className={s.head}>
        <h3 className={s.label}>
          <Link
            to="/$object"
            params={{ object: object.path }}
            search={{ view: view.id }}
            className={s.heading}
          >
            <Icon name={str(view.icon ?? null) || object.icon} />
            {name}
          </Link>
        </h3>
        <Link
          to="/$object"
          params={{ object: object.path }}
          search={{ view: view.id }}
          className={s.more}
          aria-label={t('view.goTo', { view: name })}
        >
          <Icon name="arrow-right" size={14} />
        </Link>
      </header>
      <div className={s.card}>
        {view.layout === 'chart' ? (
          <Drawn object={object} view={view} />
        ) : (
          <First object={object} view={view} />
        )}
      </div>
    </section>
  );
}

function Drawn({ object, view }: { object: MetaObject; view: Row }) {
  const list = useSavedList(object, view);
  return (
    <div className={s.drawn}>
      <Suspense fallback={<SkeletonLines count={5} />}>
        <Chart object={object} list={list} />
      </Suspense>
    </div>
  );
}

function First({ object, view }: { object: MetaObject; view: Row }) {
  const list = useSavedList(object, view);
  const second = list.state.columns.find(name => name !== object.title);
  const field = second ? fieldOf(object, second) : undefined;
  const found = useRecords(object, {
    filter: list.filter,
    q: list.q,
    sort: list.state.sort,
    fields: [object.title, ...(second ? [second] : [])],
    limit: shown,
  });
  const rows = rowsOf(found.data).slice(0, shown);
  if (found.isPending) return <SkeletonLines count={4} />;
  if (rows.length === 0) return <p className={s.none}>{t('arrange.noRows')}</p>;
  return (
    <ul>
      {rows.map(row => (
        <li key={row.id}>
          <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.row}>
            <Name object={object} row={row} />
            {field && !isEmpty(row[field.name]) && (
              <span className={s.when}>
                <Value row={row} field={field} place="card" />
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
