import { Avatar } from '../../../kit/Avatar.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { t } from '../../../kit/words.ts';
import { nameOf } from '../../../web/model/days.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import type { Progress } from './progress.ts';
import c from './Targets.module.css';

/** Who was thanked for what, and the points that challenges have brought. */
export function Recognitions({ progress: { recognitions, points } }: { progress: Progress }) {
  const { locale } = formatOf(useMeta());
  return (
    <div className={c.thanks}>
      <section aria-label={t('target.recognitions')}>
        <h2 className={c.heading}>{t('target.recognitions')}</h2>
        {recognitions.length === 0 ? (
          <p className={c.fine}>{t('target.noRecognitions')}</p>
        ) : (
          <ul>
            {recognitions.map(one => (
              <li key={one.id} className={c.thank}>
                <Avatar id={one.to.id} title={one.to.title} size={32} round />
                <div>
                  <p>
                    <b>{one.to.title}</b>
                    {one.badge && (
                      <>
                        {' '}
                        <Chip>{one.badge}</Chip>
                      </>
                    )}
                  </p>
                  <p dir="auto">{one.words}</p>
                  <p className={c.fine}>
                    {[
                      one.by ?? (one.points > 0 ? t('target.challenge') : null),
                      nameOf(one.at.slice(0, 10), 'day', locale),
                    ]
                      .filter(part => part !== null)
                      .join(' · ')}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
      {points.length > 0 && (
        <section aria-label={t('target.points')}>
          <h2 className={c.heading}>{t('target.points')}</h2>
          <ol className={c.board}>
            {points.slice(0, 12).map(({ who, points: sum }) => (
              <li key={who.id} className={c.sum}>
                <span className={c.who}>{who.title}</span>
                <span className={c.score}>{sum.toLocaleString(locale)}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
