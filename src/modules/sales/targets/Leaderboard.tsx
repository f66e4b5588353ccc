import { Link } from '@tanstack/react-router';
import { optionsOf } from '../../../fields/read.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { nameOf } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { Progress } from './progress.ts';
import { useFigure } from './TargetCard.tsx';
import c from './Targets.module.css';

interface LeaderboardProps {
  challenge: Progress['challenges'][number];
  progress: Progress;
}

/** Who stands where in a challenge, what is measured, and what must not fall. */
export function Leaderboard({ challenge, progress }: LeaderboardProps) {
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const figure = useFigure(progress.currency);
  const object = objectNamed(meta, 'challenge');
  const said = (field: string, value: string) => {
    const found = object && fieldOf(object, field);
    return (found && optionsOf(found).find(option => option.value === value)?.label) ?? value;
  };
  const { name, metric, ranking, quality, from, to, badge, points, endedAt, standings } = challenge;
  const top = Math.max(...standings.map(({ score }) => score ?? 0), 0) || 1;
  const score = (one: (typeof standings)[number]) =>
    one.score === null
      ? '–'
      : ranking === 'amount'
        ? figure(challenge.unit, one.value)
        : one.score.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });
  return (
    <section className={c.challenge} aria-label={name}>
      <h3 className={c.name}>
        <Link to="/$object/$id" params={{ object: 'challenges', id: challenge.id }}>
          {name}
        </Link>
      </h3>
      <p className={c.whose}>
        {said('metric', metric)} · {said('ranking', ranking)} · {nameOf(from, 'day', locale)} –{' '}
        {nameOf(to, 'day', locale)}
      </p>
      {quality && <p className={c.fine}>{t('target.fair', { quality: said('quality', quality) })}</p>}
      {standings.length === 0 ? (
        <p className={c.fine}>{t('target.nobodyYet')}</p>
      ) : (
        <ol className={c.board}>
          {standings.slice(0, 12).map(one => (
            <li
              key={one.who.id}
              className={c.place}
              data-me={one.me || undefined}
              data-out={one.place === null || undefined}
            >
              <span className={c.number}>{one.place ?? '–'}</span>
              <span className={c.who}>{one.who.title}</span>
              <span className={c.placeTrack} aria-hidden>
                <span className={c.placeBar} style={{ inlineSize: `${((one.score ?? 0) / top) * 100}%` }} />
              </span>
              <span className={c.score} title={figure(challenge.unit, one.value)}>
                {score(one)}
              </span>
              {!one.fair && <span className={c.unfair}>{t('target.unfair')}</span>}
            </li>
          ))}
        </ol>
      )}
      <p className={c.prize}>
        <Icon name="trophy" size={14} />
        {endedAt
          ? t('target.ended', { day: nameOf(endedAt.slice(0, 10), 'day', locale) })
          : t('target.prize', { count: points, badge: badge?.title ?? '–' })}
      </p>
    </section>
  );
}
