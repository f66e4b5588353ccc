import { Link } from '@tanstack/react-router';
import { t } from '../../../kit/words.ts';
import type { Realignment } from './realignment.ts';
import s from './Territories.module.css';
import type { TerritoryWords } from './use-territories.ts';

interface TerritoryTreeProps {
  label: string;
  territories: Realignment['territories'];
  words: TerritoryWords;
  /** What is said of those that do not count on the day. */
  off: string;
}

/** The territories of a dimension as a tree, with what each has, gains and loses. */
export function TerritoryTree({ label, territories, words, off }: TerritoryTreeProps) {
  return (
    <section aria-label={label}>
      <h2 className={s.heading}>{label}</h2>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">{t('territories.territory')}</th>
            <th scope="col" data-wide>
              {t('territories.manager')}
            </th>
            <th scope="col" data-number>
              {t('territories.accounts')}
            </th>
            <th scope="col" data-number data-wide>
              {t('territories.open')}
            </th>
            <th scope="col" data-number>
              {t('territories.gains')}
            </th>
            <th scope="col" data-number>
              {t('territories.loses')}
            </th>
          </tr>
        </thead>
        <tbody>
          {territories.map(({ id, name, depth, manager, valid, now, gains, loses }) => (
            <tr key={id} data-off={!valid || undefined}>
              <th scope="row">
                <span className={s.name} style={{ paddingInlineStart: `${depth * 18}px` }}>
                  <Link to="/$object/$id" params={{ object: 'salesTerritories', id }}>
                    {name}
                  </Link>
                  {!valid && <span className={s.fine}>{off}</span>}
                </span>
              </th>
              <td data-wide>{manager?.title ?? '–'}</td>
              <td data-number>{words.number(now.accounts)}</td>
              <td data-number data-wide>
                {words.money(now.amount)}
              </td>
              <Change figures={gains} sign={1} words={words} />
              <Change figures={loses} sign={-1} words={words} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ChangeProps {
  figures: Realignment['territories'][number]['gains'];
  sign: 1 | -1;
  words: TerritoryWords;
}

/** How many accounts come or go, and below what open deals come or go with them. */
function Change({ figures, sign, words }: ChangeProps) {
  if (figures.accounts === 0) return <td data-number>–</td>;
  return (
    <td data-number>
      <span data-change={sign}>{words.number(sign * figures.accounts, true)}</span>
      {figures.deals > 0 && <span className={s.below}>{words.money(sign * figures.amount, true)}</span>}
    </td>
  );
}
