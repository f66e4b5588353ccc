import { Link } from '@tanstack/react-router';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { net } from '../forecast/forecast-view.ts';
import type { CardRows } from './CardFrame.tsx';
import c from './Dashboards.module.css';
import { changeOf } from './figures.ts';
import { figureText, type Words } from './use-cards.ts';
import type { DashboardState, Reports } from './use-dashboard.ts';

interface KeyFiguresProps {
  reports: Reports;
  state: DashboardState;
  words: Words;
  table: CardRows;
}

/** For these less is better. */
const falling = new Set(['cycle']);
const names = ['amount', 'won', 'winRate', 'average', 'cycle', 'velocity', 'openAmount'] as const;

/** What counts most, each with its change to the period it is compared with. */
export function KeyFigures({ reports, state, words, table }: KeyFiguresProps) {
  const { now, before } = reports.dashboard.data!;
  const text = (name: (typeof names)[number], of: typeof now) => figureText(words, name, of[name]);
  return (
    <ul className={c.figures}>
      {names.map((name, index) => {
        const [is, was] = [now[name], before?.[name] ?? null];
        const change = changeOf(is === null ? null : Number(is), was === null ? null : Number(was));
        return (
          <li key={name}>
            <Link {...(table.links?.[index] ?? { to: '.' })} className={c.figure}>
              <span className={c.figureName}>
                {t(`dashboard.figure.${name === 'openAmount' ? 'open' : name}`)}
              </span>
              <span className={c.figureValue}>{text(name, now)}</span>
              {before && (
                <Change
                  change={change}
                  falling={falling.has(name)}
                  before={text(name, before)}
                  state={state}
                />
              )}
              {name === 'winRate' && (
                <span className={c.figureMore}>
                  {t('dashboard.ofDecided', { won: now.won, count: now.won + now.lost })}
                </span>
              )}
              {name === 'openAmount' && <Coverage reports={reports} words={words} />}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

interface ChangeProps {
  change: number | null;
  falling: boolean;
  before: string;
  state: DashboardState;
}

function Change({ change, falling: down, before, state }: ChangeProps) {
  if (change === null) return <span className={c.change}>{t('dashboard.noBefore')}</span>;
  const format = new Intl.NumberFormat(state.format.locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  const good = change === 0 ? undefined : change > 0 !== down ? 'good' : 'bad';
  return (
    <span className={c.change} data-good={good} title={`${state.before}: ${before}`}>
      {change !== 0 && <Icon name={change > 0 ? 'arrow-up' : 'arrow-down'} size={14} />}
      {t('dashboard.change', { change: format.format(change), before })}
    </span>
  );
}

/** The open pipeline beside what of the quotas of the period is still to be won. */
function Coverage({ reports, words }: Pick<KeyFiguresProps, 'reports' | 'words'>) {
  const total = reports.forecast.data?.total;
  if (!total || Number(total.quota) === 0) return null;
  const left = Number(total.quota) - Number(net(total, 'closed'));
  const text =
    left > 0
      ? t('dashboard.coverage', { share: words.share(Number(reports.dashboard.data!.now.openAmount) / left) })
      : t('dashboard.coverageNone');
  return <span className={c.figureMore}>{text}</span>;
}
