import './scoring-words.ts';
import { Link } from '@tanstack/react-router';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import s from './ScorePart.module.css';
import { useFactWords, useWhy } from './use-scoring.ts';
import type { WhyScore } from './why.ts';

/** Reasons shown each way. */
const most = 5;

/** The score of a record, and why it is what it is. */
export default function ScorePart({ object, row }: RecordPartProps) {
  const { data } = useWhy(object, row.id);
  if (!data || data.score === null) return null;
  return (
    <details className={s.part}>
      <summary className={s.line}>
        {t('scoring.score')}
        <span className={s.grade} data-grade={data.grade}>
          {data.grade}
        </span>
        <span className={s.score}>{t('scoring.of', { score: data.score })}</span>
        <Icon name="chevron-right" size={14} className={s.turn} />
      </summary>
      {data.by === 'model' ? (
        <Reasons object={object} why={data} />
      ) : data.parts.length === 0 ? (
        <p className={s.text}>{t('scoring.noParts')}</p>
      ) : (
        <Parts object={object} why={data} />
      )}
      <Link to={'/scoring' as '/'} search={{ object: object.name } as never} className={s.link}>
        {t('scoring.open')}
      </Link>
    </details>
  );
}

interface WhyProps {
  object: RecordPartProps['object'];
  why: WhyScore;
}

function Reasons({ object, why }: WhyProps) {
  const words = useFactWords(object);
  const up = why.reasons.filter(({ points }) => points >= 0.5).slice(0, most);
  const down = why.reasons.filter(({ points }) => points <= -0.5).slice(0, most);
  const rest = why.reasons
    .filter(reason => !up.includes(reason) && !down.includes(reason))
    .reduce((sum, { points }) => sum + points, why.unseen);
  return (
    <>
      <p className={s.text}>{t('scoring.average', { score: Math.round(why.average ?? 0) })}</p>
      <ul className={s.reasons}>
        {[...up, ...down].map(reason => (
          <li key={reason.fact}>
            <span>{words.sentenceOf(reason)}</span>
            <span className={s.points} data-less={reason.points < 0 || undefined}>
              {words.points(reason.points)}
            </span>
          </li>
        ))}
        {Math.abs(rest) >= 0.5 && (
          <li>
            <span>{t('scoring.rest')}</span>
            <span className={s.points}>{words.points(rest)}</span>
          </li>
        )}
      </ul>
      {why.points !== null && (
        <p className={s.text}>{t('scoring.pointsBeside', { points: words.points(why.points) })}</p>
      )}
    </>
  );
}

function Parts({ object, why }: WhyProps) {
  const words = useFactWords(object);
  return (
    <ul className={s.reasons}>
      {why.parts.map(part => (
        <li key={part.rule ?? part.limit}>
          <span>
            {part.limit
              ? t(part.points > 0 ? 'scoring.least' : `scoring.limit.${part.limit as 'fit' | 'engagement'}`)
              : (part.name ?? t('scoring.gone'))}
          </span>
          <span className={s.points} data-less={part.points < 0 || undefined}>
            {words.points(part.points)}
          </span>
        </li>
      ))}
    </ul>
  );
}
