import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { rowsOf } from '../model/cache.ts';
import type { Filter } from '../model/filter.ts';
import { inText } from '../model/language.ts';
import { isEmpty, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { Name } from '../records/Name.tsx';
import { Value } from '../records/Value.tsx';
import s from './Home.module.css';

const shown = 3;

interface ReasonProps {
  object: MetaObject;
  reason: MetaObject['attention'][number];
  everyone: boolean;
}

/** One reason to look at records of mine, or of everyone's, and the first of them. */
function Reason({ object, reason, everyone }: ReasonProps) {
  const { me } = useMeta();
  const mine: Filter = { field: object.owner ?? 'createdBy', op: 'is', value: me.id };
  const filter: Filter = { and: [...(everyone ? [] : [mine]), reason.when as Filter] };
  const fields = [object.title, ...(everyone && object.owner ? [object.owner] : [])];
  const found = useRecords(object, { filter, fields, limit: shown, count: 'exact' });
  const rows = rowsOf(found.data).slice(0, shown);
  const count = found.data?.pages[0]?.count ?? rows.length;
  if (rows.length === 0) return null;
  const owner = object.fields.find(({ name }) => name === object.owner);
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
              {everyone && owner && !isEmpty(row[owner.name]) && (
                <span className={s.whose}>
                  <Value row={row} field={owner} place="card" />
                </span>
              )}
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

/** Records of mine that need a look, by what their object declares, or of everyone for whom looks after others. */
export function Attention({ object }: { object: MetaObject }) {
  const [everyone, setEveryone] = useState(false);
  const objects = everyone ? object.plural : inText(object.plural);
  const label = t(everyone ? 'home.attentionAll' : 'home.attention', { objects });
  return (
    <section className={s.tasks} aria-label={label}>
      <header className={s.head}>
        <h3 className={s.label}>{label}</h3>
        <button type="button" className={s.switchTo} onClick={() => setEveryone(!everyone)}>
          {t(everyone ? 'home.onlyMine' : 'home.everyone')}
        </button>
      </header>
      <div className={s.card}>
        <p className={s.fine}>{t('home.fine')}</p>
        {object.attention.map(reason => (
          <Reason key={reason.name} object={object} reason={reason} everyone={everyone} />
        ))}
      </div>
    </section>
  );
}
