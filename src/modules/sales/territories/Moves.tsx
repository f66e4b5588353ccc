import { Link } from '@tanstack/react-router';
import { t } from '../../../kit/words.ts';
import type { Realignment } from './realignment.ts';
import s from './Territories.module.css';
import type { TerritoryWords } from './use-territories.ts';

interface OfRealignment {
  data: Realignment;
  words: TerritoryWords;
}

function CompanyLink({ company }: { company: Realignment['moves'][number]['company'] }) {
  return (
    <Link to="/$object/$id" params={{ object: 'companies', id: company.id }}>
      <bdi>{company.title}</bdi>
    </Link>
  );
}

/** The companies that move, the largest open amount first. */
export function Moves({ data, words }: OfRealignment) {
  return (
    <section aria-label={t('territories.moves')}>
      <h2 className={s.heading}>{t('territories.moves')}</h2>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">{t('territories.company')}</th>
            <th scope="col">{t('territories.from')}</th>
            <th scope="col">{t('territories.to')}</th>
            <th scope="col" data-number data-wide>
              {t('territories.open')}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.moves.map(({ company, dimension, from, to, amount }) => (
            <tr key={company.id + dimension}>
              <th scope="row">
                <CompanyLink company={company} />
              </th>
              <td>{words.nameOf(from) ?? t('territories.none')}</td>
              <td>{words.nameOf(to) ?? t('territories.none')}</td>
              <td data-number data-wide>
                {amount === 0 ? '–' : words.money(amount)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.moved > data.moves.length && (
        <p className={s.fine}>{t('territories.more', { count: data.moved - data.moves.length })}</p>
      )}
    </section>
  );
}

/** Companies that two territories claim that are not part of each other. */
export function Conflicts({ data, words }: OfRealignment) {
  return (
    <section aria-label={t('territories.conflicts')}>
      <h2 className={s.heading}>{t('territories.conflicts')}</h2>
      <p className={s.fine}>{t('territories.conflictsText')}</p>
      <ul className={s.conflicts}>
        {data.conflicts.map(({ company, dimension, territories, keeps }) => (
          <li key={company.id + dimension}>
            <CompanyLink company={company} />
            <span className={s.fine}>
              {t('territories.claimed', { territories: words.list(territories) })}
            </span>
            <span className={s.fine}>
              {keeps === null
                ? t('territories.nobody')
                : t('territories.stays', { territory: words.nameOf(keeps) })}
            </span>
          </li>
        ))}
      </ul>
      {data.conflictCount > data.conflicts.length && (
        <p className={s.fine}>
          {t('territories.more', { count: data.conflictCount - data.conflicts.length })}
        </p>
      )}
    </section>
  );
}
