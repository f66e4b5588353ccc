import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { rowsOf } from '../model/cache.ts';
import type { Filter } from '../model/filter.ts';
import { inText } from '../model/language.ts';
import { useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { Name } from '../records/Name.tsx';
import s from './Home.module.css';

const shown = 3;

/** One reason to look at records of mine, and the first of them. */
function Reason({ object, reason }: { object: MetaObject; reason: MetaObject['attention'][number] }) {
  const { t } = useTranslation();
  const { me } = useMeta();
  const filter: Filter = {
    and: [{ field: object.owner ?? 'createdBy', op: 'is', value: me.id }, reason.when as Filter],
  };
  const found = useRecords(object, { filter, fields: [object.title], limit: shown, count: 'exact' });
  const rows = rowsOf(found.data).slice(0, shown);
  const count = found.data?.pages[0]?.count ?? rows.length;
  if (rows.length === 0) return null;
  return (
    <section aria-label={reason.label} className={s.reason}>
      <h4 className={s.stretch}>
        <Icon name="alert-triangle" size={14} className={s.risk} />
        {reason.label}
        <span className={s.number}>{count}</span>
      </h4>
      <ul>
        {rows.map(row => (
          <li key={row.id}>
            <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.row}>
              <Name object={object} row={row} />
            </Link>
          </li>
        ))}
      </ul>
      {count > shown && (
        <Link
          to="/$object"
          params={{ object: object.path }}
          search={{ view: 'all', layout: 'table', filter: JSON.stringify(filter) }}
          className={s.more}
        >
          {t('home.showAll', { count })}
        </Link>
      )}
    </section>
  );
}

/** Records of mine that need a look, by what their object declares. */
export function Attention({ object }: { object: MetaObject }) {
  const { t } = useTranslation();
  const label = t('home.attention', { objects: inText(object.plural) });
  return (
    <section className={s.tasks} aria-label={label}>
      <header className={s.head}>
        <h3 className={s.label}>{label}</h3>
      </header>
      <div className={s.card}>
        <p className={s.fine}>{t('home.fine')}</p>
        {object.attention.map(reason => (
          <Reason key={reason.name} object={object} reason={reason} />
        ))}
      </div>
    </section>
  );
}
