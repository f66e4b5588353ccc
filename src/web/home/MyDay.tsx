import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { useTitle } from '../records/Name.tsx';
import s from './Home.module.css';

/** An object whose records take place. */
type Event = MetaObject & { agenda: { at: string; until: string | null } };

export function isEvent(object: MetaObject): object is Event {
  return Boolean(object.agenda && !object.agenda.done && object.owner);
}

function Line({ object, row }: { object: Event; row: Row }) {
  const { locale, timeZone } = useFieldServices();
  const title = useTitle(object, row);
  const { at, until } = object.agenda;
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const begins = new Date(str(row[at]));
  const ends = until && row[until] ? new Date(str(row[until])) : null;
  return (
    <li>
      <Link
        to="/$object/$id"
        params={{ object: object.path, id: row.id }}
        className={s.row}
        data-past={(ends ?? begins).getTime() < Date.now() || undefined}
      >
        <time className={s.clock}>{ends ? clock.formatRange(begins, ends) : clock.format(begins)}</time>
        <span className={s.eventTitle}>{title}</span>
      </Link>
    </li>
  );
}

/** What takes place today with me. */
export function MyDay({ object }: { object: Event }) {
  const { t } = useTranslation();
  const { me } = useMeta();
  const { at, until } = object.agenda;
  const mine = { field: object.owner ?? '', op: 'is', value: me.id };
  const now = new Date();
  const day = (away: number) =>
    new Date(
      now.getFullYear(),
      now.getMonth(),
      now.getDate() + away,
      0,
      0,
      0,
      -Math.sign(away),
    ).toISOString();
  const found = useRecords(object, {
    filter: {
      and: [mine, { field: at, op: 'between', value: [day(0), day(1)] }],
    },
    fields: [object.title, at, ...(until ? [until] : [])],
    sort: [at],
    limit: 20,
  });
  const rows = rowsOf(found.data);
  if (found.error) return null;
  const label = t('home.todayOf', { objects: inText(object.plural) });
  return (
    <section className={s.tasks} aria-label={label}>
      <header className={s.head}>
        <h3 className={s.label}>{label}</h3>
        <Link
          to="/$object"
          params={{ object: object.path }}
          search={{ view: 'all', layout: 'calendar', by: at, filter: JSON.stringify(mine) }}
          className={s.more}
        >
          {t('home.calendar')}
        </Link>
      </header>
      <div className={s.card}>
        {found.isPending && <SkeletonLines count={2} />}
        {!found.isPending && rows.length === 0 && (
          <p className={s.none}>{t('home.noEvents', { objects: inText(object.plural) })}</p>
        )}
        <ul>
          {rows.map(row => (
            <Line key={row.id} object={object} row={row} />
          ))}
        </ul>
      </div>
    </section>
  );
}
