import { said } from '../../fields/said.ts';
import { inText } from '../model/language.ts';
import './words.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { MetaObject, RecordQuality as Quality } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { type Row, readTogether } from '../api.ts';
import s from './Quality.module.css';

/** The score of a record, and what costs it points. */
export default function RecordQuality({ object, row }: { object: MetaObject; row: Row }) {
  const { data } = useQuery({
    queryKey: ['quality', object.name, row.id, row.version],
    queryFn: ({ signal }) => readTogether<Quality>(`/api/${object.path}/${row.id}/quality`, { signal }),
    placeholderData: before => before,
  });
  if (!data) return null;
  return (
    <details className={s.record}>
      <summary className={s.line}>
        {t('quality.record')}
        <span className={s.points}>{t('quality.score', { score: data.score })}</span>
        <Icon name="chevron-right" size={14} />
      </summary>
      {data.flaws.length === 0 ? (
        <p className={s.fine}>{t('quality.fine')}</p>
      ) : (
        <ul className={s.costs}>
          {data.flaws.map(flaw => (
            <li key={flaw.name}>
              <span>{said(flaw.label, object.name)}</span>
              <span className={s.cost}>−{flaw.costs}</span>
            </li>
          ))}
        </ul>
      )}
      <Link to="/quality/$object" params={{ object: object.path }} className={s.link}>
        {t('quality.all', { objects: inText(object.plural) })}
      </Link>
    </details>
  );
}
