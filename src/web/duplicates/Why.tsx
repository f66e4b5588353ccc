import { Link } from '@tanstack/react-router';
import type { MetaObject, Reasons } from '../../engine/index.ts';
import { said } from '../../fields/said.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import type { PairPage } from './pairs.ts';
import s from './Why.module.css';

/** Never a hundred: a guess is none. */
export function percent(probability: number, locale: string): string {
  const shown = Math.min(Math.max(probability, 0.001), 0.999);
  const digits = shown > 0.99 || shown < 0.01 ? 1 : 0;
  return shown.toLocaleString(locale, { style: 'percent', maximumFractionDigits: digits });
}

export function likelihood(probability: number): 'certain' | 'very' | 'rather' | 'even' | 'little' {
  if (probability >= 0.99) return 'certain';
  if (probability >= 0.9) return 'very';
  if (probability >= 0.7) return 'rather';
  return probability >= 0.3 ? 'even' : 'little';
}

export function Points({ value }: { value: number }) {
  const { locale } = useMeta().workspace;
  const text = value.toLocaleString(locale, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const tone = value > 0.05 ? 'for' : value < -0.05 ? 'against' : undefined;
  return (
    <span className={s.points} data-tone={tone}>
      {text}
    </span>
  );
}

/** Why two records may be the same: the parts add up to the sum. */
export function Why({
  object,
  reasons,
  weights,
}: {
  object: MetaObject;
  reasons: Reasons;
  weights?: PairPage['weights'];
}) {
  const { me, workspace } = useMeta();
  return (
    <details className={s.why}>
      <summary className={s.summary}>
        <Icon name="chevron-right" size={14} className={s.turn} />
        {t('duplicates.why', { percent: percent(reasons.probability, workspace.locale) })}
        <span className={s.rules}>{reasons.rules.join(' · ')}</span>
      </summary>
      <table className={s.parts}>
        <thead>
          <tr>
            <th scope="col">{t('duplicates.part')}</th>
            <th scope="col">{t('duplicates.levelHead')}</th>
            <th scope="col" className={s.number}>
              {t('duplicates.weight')}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td colSpan={2}>{t('duplicates.before')}</td>
            <td className={s.number}>
              <Points value={reasons.bias} />
            </td>
          </tr>
          {reasons.parts.map(part => (
            <tr key={part.field}>
              <td>{part.field ? said(part.label) : t('duplicates.hidden')}</td>
              <td>{part.field ? t(`duplicates.level.${part.level ?? 'none'}`) : ''}</td>
              <td className={s.number}>
                <Points value={part.weight} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>
              {t('duplicates.sum')} <span className={s.help}>{t('duplicates.sumHelp')}</span>
            </td>
            <td className={s.number}>
              <Points value={reasons.score} />
            </td>
          </tr>
        </tfoot>
      </table>
      <p className={s.origin}>
        {weights && t(`duplicates.origin.${weights.origin}`, { count: weights.decisions })}{' '}
        {me.administer && (
          <Link to="/settings/duplicates" search={{ object: object.name }} className={s.link}>
            {t('duplicates.rules')}
          </Link>
        )}
      </p>
    </details>
  );
}
