import { Link } from '@tanstack/react-router';
import { Icon } from '../../../kit/Icon.tsx';
import { rich, t } from '../../../kit/words.ts';
import { formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { sum } from '../decimals.ts';
import s from './Forecast.module.css';
import type { Forecast } from './forecast.ts';
import { attainment, categories, net } from './forecast-view.ts';
import {
  allCategories,
  dealsOf,
  type ForecastState,
  type Money,
  useExpected,
  useMoney,
} from './use-forecast.ts';

interface HeadProps {
  forecast: Forecast;
  state: ForecastState;
}

/** The figures of all, how far they are towards the quota, and what the past lets expect. */
export function ForecastHead({ forecast, state }: HeadProps) {
  const money = useMoney(forecast.currency);
  const { total } = forecast;
  const figures = [
    ...categories.map(name => ({
      name,
      label: t(`forecast.category.${name}`),
      amount: net(total, name),
      adjusted: Number(total.adjusted[name]),
      of: [name as string],
    })),
    {
      name: 'weighted',
      label: t('forecast.weighted'),
      amount: total.weighted,
      adjusted: 0,
      of: allCategories,
    },
  ];
  return (
    <section className={s.head} aria-label={t('forecast.figures', { period: state.period })}>
      <ul className={s.totals}>
        {figures.map(({ name, label, amount, adjusted, of }) => (
          <li key={name}>
            <Link {...dealsOf(state.input, of)} className={s.total} data-name={name}>
              <span className={s.label}>{label}</span>
              <span className={s.amount}>{money(amount)}</span>
              {adjusted !== 0 && (
                <span className={s.by}>{t('forecast.adjustedBy', { amount: money(adjusted, true) })}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      <Quota forecast={forecast} />
      <Expected state={state} />
      <Unrated currencies={forecast.unrated} />
    </section>
  );
}

export function usePercent() {
  const { locale } = formatOf(useMeta());
  return (share: number) => share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });
}

/** Closed, and what is committed beyond it, on the way to the quota. */
function Quota({ forecast: { total, currency } }: Pick<HeadProps, 'forecast'>) {
  const money = useMoney(currency);
  const percent = usePercent();
  const share = attainment(total);
  if (share === null) return <p className={s.fine}>{t('forecast.noQuota')}</p>;
  const likely = Number(sum([net(total, 'closed'), net(total, 'commit')])) / Number(total.quota);
  const width = (part: number) => `${Math.min(Math.max(part, 0), 1) * 100}%`;
  return (
    <div className={s.quota}>
      <span className={s.track} aria-hidden>
        <span className={s.likely} style={{ inlineSize: width(likely) }} />
        <span className={s.fill} data-done={share >= 1 || undefined} style={{ inlineSize: width(share) }} />
      </span>
      <p className={s.quotaText}>
        {t('forecast.ofQuota', { share: percent(share), quota: money(total.quota) })}
        {' · '}
        {t('forecast.ofQuotaCommit', { share: percent(likely) })}
      </p>
    </div>
  );
}

/** Decided deals below which what the past says is to be taken lightly. */
const few = 30;

function Expected({ state }: Pick<HeadProps, 'state'>) {
  const percent = usePercent();
  const { data } = useExpected(state.input);
  const money = useMoney(data?.currency ?? '');
  if (!data) return <p className={s.sentence}>&nbsp;</p>;
  const { amount, low, high, won, ways, sellers, learned } = data;
  if (learned === 0) return <p className={s.fine}>{t('forecast.notLearned')}</p>;
  const isOver = ways.length === 0;
  return (
    <div>
      <p className={s.sentence}>
        <Icon name="trending-up" size={16} className={s.mark} />
        <span>
          {rich(isOver ? 'forecast.isOver' : 'forecast.expected', {
            amount: money(amount),
            low: money(low),
            high: money(high),
          })}
          {learned < few && !isOver && ` ${t('forecast.learned', { count: learned })}`}
        </span>
      </p>
      {!isOver && (
        <details className={s.ways}>
          <summary>
            <Icon name="chevron-right" size={14} />
            {t('forecast.ways')}
          </summary>
          <p className={s.fine}>{t('forecast.waysText', { won: money(won), count: learned })}</p>
          <table className={s.small}>
            <thead>
              <tr>
                <th>{t('forecast.wayHead')}</th>
                <th data-number>{t('forecast.wayAmount')}</th>
                <th data-number>{t('forecast.wayWeight')}</th>
              </tr>
            </thead>
            <tbody>
              {ways.map(each => (
                <tr key={each.way}>
                  <td>{t(`forecast.way.${each.way}`)}</td>
                  <td data-number>{money(each.amount)}</td>
                  <td data-number>{percent(each.weight)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Sellers sellers={sellers} money={money} />
        </details>
      )}
    </div>
  );
}

type SellersProps = { sellers: NonNullable<ReturnType<typeof useExpected>['data']>['sellers']; money: Money };

/** What of it is whose, splits taken apart. */
function Sellers({ sellers, money }: SellersProps) {
  return (
    <table className={s.small}>
      <thead>
        <tr>
          <th>{t('forecast.seller')}</th>
          <th data-number>{t('forecast.category.closed')}</th>
          <th data-number>{t('forecast.saidBy.statistical')}</th>
        </tr>
      </thead>
      <tbody>
        {sellers.map(({ user, won, amount }) => (
          <tr key={user?.id ?? ''}>
            <td>
              <bdi>{user ? (user.title ?? '…') : t('forecast.nobody')}</bdi>
            </td>
            <td data-number>{money(won)}</td>
            <td data-number>{money(amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Unrated({ currencies }: { currencies: string[] }) {
  const { locale } = formatOf(useMeta());
  const rates = objectNamed(useMeta(), 'exchangeRate');
  if (currencies.length === 0) return null;
  const named = new Intl.ListFormat(locale, { type: 'conjunction' }).format(currencies);
  return (
    <p className={s.notice} role="status">
      <Icon name="alert-triangle" size={16} />
      <span>
        {t('forecast.unrated', { count: currencies.length, currencies: named })}{' '}
        {rates && (
          <Link to="/$object" params={{ object: rates.path }} className={s.link}>
            {t('forecast.addRates')}
          </Link>
        )}
      </span>
    </p>
  );
}
