import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import { ChangeItem, type ChangeSet } from '../changes/ChangeItem.tsx';
import list from '../changes/Changes.module.css';
import s from './Import.module.css';

const few = 8;

/** Imports as they stand in the log, the newest first, however they were ordered. */
export const importsQuery = {
  queryKey: ['changeSets', 'import'] as const,
  queryFn: async () => (await read<{ data: ChangeSet[] }>('/api/change-sets?via=import')).data,
};

/** What was imported before, each with its way back. */
export function Earlier() {
  const { data } = useQuery(importsQuery);
  if (!data || data.length === 0) return null;
  return (
    <section className={s.earlier}>
      <div className={s.earlierHead}>
        <h2 className={s.subtitle}>{t('import.earlier.title')}</h2>
        {data.length > few && <Link to="/changes">{t('import.earlier.all')}</Link>}
      </div>
      <ul className={list.list}>
        {data.slice(0, few).map(set => (
          <ChangeItem key={set.id} set={set} />
        ))}
      </ul>
    </section>
  );
}
