import { t } from '../../../kit/words.ts';
import type { LeftOut } from './encode.ts';
import type { Telltale } from './facts.ts';
import type { Figures } from './figures.ts';
import s from './Scoring.module.css';
import type { useFactWords } from './use-scoring.ts';

/** The figures of a model as they are kept. */
export type ModelFigures = Figures & { gain: number; leftOut: LeftOut[]; proxies: Telltale[] };

/** What was said and what came, tenth by tenth: on the line, a chance of 30 % came true three times out of ten. */
export function Calibration({
  figures,
  words,
}: {
  figures: ModelFigures;
  words: ReturnType<typeof useFactWords>;
}) {
  const { reliability } = figures;
  return (
    <figure className={s.calibration}>
      <figcaption className={s.meta}>{t('scoring.calibration')}</figcaption>
      <svg viewBox="-2 -2 104 104" role="img" aria-label={t('scoring.calibration')}>
        <path d="M0 100 H100 M0 0 V100" className={s.axis} />
        <path d="M0 100 L100 0" className={s.even} />
        {reliability.map(({ said, came, records }) => (
          <circle key={`${said} ${came}`} cx={said * 100} cy={100 - came * 100} r={2.4} className={s.dot}>
            <title>
              {t('scoring.tenth', { said: words.share(said), came: words.share(came), count: records })}
            </title>
          </circle>
        ))}
      </svg>
      <table className={s.hiddenTable}>
        <caption>{t('scoring.calibration')}</caption>
        <thead>
          <tr>
            <th>{t('scoring.said')}</th>
            <th>{t('scoring.came')}</th>
          </tr>
        </thead>
        <tbody>
          {reliability.map(({ said, came }) => (
            <tr key={`${said} ${came}`}>
              <td>{words.share(said)}</td>
              <td>{words.share(came)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
