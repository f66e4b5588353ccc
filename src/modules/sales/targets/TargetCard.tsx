import { Link } from '@tanstack/react-router';
import { saidTitle } from '../../../fields/said.ts';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { nameOf } from '../../../web/model/days.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import { useMoney } from '../forecast/use-forecast.ts';
import type { Progress } from './progress.ts';
import c from './Targets.module.css';
import { useRecordsBehind } from './use-targets.ts';

/** Figures as people write them: amounts with their currency. */
export function useFigure(currency: string) {
  const { locale } = formatOf(useMeta());
  const money = useMoney(currency);
  return (unit: string, value: number | string) =>
    unit === 'money' ? money(value) : Math.round(Number(value)).toLocaleString(locale);
}

interface TargetCardProps {
  target: Progress['targets'][number];
  today: string;
  currency: string;
}

const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** A target: how far it is, where it should be by today, and what it comes to at this pace. */
export function TargetCard({ target, today, currency }: TargetCardProps) {
  const { locale } = formatOf(useMeta());
  const figure = useFigure(currency);
  const linkOf = useRecordsBehind();
  const { name, unit, value, amount, passed, forecast, state, from, to } = target;
  const share = Number(amount) > 0 ? Number(value) / Number(amount) : 0;
  const percent = share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });
  const whose = target.user?.title ?? target.team?.title ?? t('target.everyone');
  const link = linkOf(target);
  const figures = (
    <>
      <b className={c.value}>{figure(unit, value)}</b> {t('target.of', { amount: figure(unit, amount) })}
    </>
  );
  return (
    <li className={c.target} data-state={state}>
      <h3 className={c.name}>
        <Link to="/$object/$id" params={{ object: 'goals', id: target.id }}>
          {saidTitle(name, 'target')}
        </Link>
        <span className={c.share}>{percent}</span>
      </h3>
      <p className={c.whose}>
        <bdi>{whose}</bdi> · {nameOf(from, 'day', locale)} – {nameOf(to, 'day', locale)}
        {from <= today && today <= to && ` · ${t('target.left', { count: daysBetween(today, to) })}`}
      </p>
      <span className={c.track} aria-hidden>
        <span className={c.fill} style={{ inlineSize: `${Math.min(Math.max(share, 0), 1) * 100}%` }} />
        {passed > 0 && passed < 1 && (
          <span className={c.today} style={{ insetInlineStart: `${passed * 100}%` }} />
        )}
      </span>
      <p className={c.figures}>{link ? <Link {...link}>{figures}</Link> : <span>{figures}</span>}</p>
      <p className={c.state}>
        <Icon
          name={
            {
              reached: 'trophy',
              ahead: 'trending-up',
              onTrack: 'check',
              behind: 'alert-triangle',
              coming: 'clock',
            }[state] ?? 'clock'
          }
          size={14}
        />
        {t(`target.state.${state}`)}
        {forecast !== null && passed < 1 && state !== 'reached' && (
          <span className={c.fine}>{t('target.forecast', { amount: figure(unit, forecast) })}</span>
        )}
      </p>
    </li>
  );
}
