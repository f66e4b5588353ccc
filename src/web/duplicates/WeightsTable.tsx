import type { MetaObject } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import { fieldOf } from '../model/meta.tsx';
import type { PairPage } from './pairs.ts';
import s from './Why.module.css';
import { Points } from './Why.tsx';

const levels = [0, 1, 2, 3] as const;

/** What each field says about a pair, by how alike its values are. */
export function WeightsTable({ object, weights }: { object: MetaObject; weights: PairPage['weights'] }) {
  return (
    <div className={s.scroll}>
      <table className={s.weights}>
        <thead>
          <tr>
            <th scope="col">{t('rules.field')}</th>
            {levels.map(level => (
              <th key={level} scope="col" className={s.number}>
                {t(`duplicates.level.${level}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(weights.fields).map(([name, own]) => (
            <tr key={name}>
              <th scope="row" className={s.field}>
                {fieldOf(object, name)?.label ?? name}
              </th>
              {levels.map(level => (
                <td key={level} className={s.number}>
                  <Points value={own[level]} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row" className={s.field}>
              {t('duplicates.before')}
            </th>
            <td colSpan={4} className={s.number}>
              <Points value={weights.bias} />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
