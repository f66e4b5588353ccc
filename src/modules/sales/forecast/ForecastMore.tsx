import { Link } from '@tanstack/react-router';
import { type CSSProperties, useState } from 'react';
import { said } from '../../../fields/said.ts';
import { Icon } from '../../../kit/Icon.tsx';
import { Select } from '../../../kit/Select.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import f from './ForecastFlow.module.css';
import { usePercent } from './ForecastHead.tsx';
import { categories } from './forecast-view.ts';
import { dealsBy, type ForecastState, useAccuracy, useForecastBy, useMoney } from './use-forecast.ts';

interface OfState {
  state: ForecastState;
}

const dimensions = ['team', 'product', 'company', 'source', 'territory'] as const;

/** The same deals taken apart by something else than sellers. */
export function ForecastBy({ state }: OfState) {
  const [by, setBy] = useState<(typeof dimensions)[number]>('team');
  const found = useForecastBy({ ...state.input, by });
  const money = useMoney(found.data?.currency ?? '');
  const percent = usePercent();
  return (
    <section aria-label={t('forecast.by')}>
      <h2 className={f.heading}>{t('forecast.by')}</h2>
      <Select
        label={t('forecast.by')}
        value={by}
        options={dimensions.map(value => ({ value, label: t(`forecast.dimension.${value}`) }))}
        onChange={value => setBy(value as typeof by)}
      />
      {found.error && !found.data ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <SkeletonLines count={4} />
      ) : found.data.groups.length === 0 ? (
        <p className={f.none}>{t('forecast.noGroups')}</p>
      ) : (
        <table className={f.table}>
          <thead>
            <tr>
              <th scope="col">{t(`forecast.dimension.${by}`)}</th>
              {categories.map(name => (
                <th key={name} scope="col" data-number>
                  {t(`forecast.category.${name}`)}
                </th>
              ))}
              {by === 'territory' && (
                <th scope="col" data-number data-wide>
                  {t('forecast.quota')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {found.data.groups.map(({ group, ...figures }) => {
              const name =
                group === null
                  ? t('forecast.noGroup')
                  : typeof group === 'string'
                    ? said(group.charAt(0).toUpperCase() + group.slice(1), 'deal')
                    : (group.title ?? '…');
              const quota = Number(figures.quota) > 0 && (
                <>
                  {money(figures.quota)}{' '}
                  <small>{percent(Number(figures.closed) / Number(figures.quota))}</small>
                </>
              );
              return (
                <tr key={JSON.stringify(group)}>
                  <th scope="row" style={{ '--depth': figures.depth } as CSSProperties}>
                    {name}
                    {quota && (
                      <span className={f.below}>
                        {t('forecast.quota')} {quota}
                      </span>
                    )}
                  </th>
                  {categories.map(category => {
                    const behind = dealsBy(state.input, category, by, { group });
                    return (
                      <td key={category} data-number>
                        {Number(figures[category]) === 0 ? (
                          '–'
                        ) : behind ? (
                          <Link {...behind} className={f.link}>
                            {money(figures[category])}
                          </Link>
                        ) : (
                          money(figures[category])
                        )}
                      </td>
                    );
                  })}
                  {by === 'territory' && (
                    <td data-number data-wide>
                      {quota || '–'}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What was said before the end of past periods, against what came. */
export function ForecastAccuracy({ state }: OfState) {
  const [open, setOpen] = useState(false);
  return (
    <details className={f.more} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary className={f.heading}>
        <Icon name="chevron-right" />
        {t('forecast.accuracy')}
      </summary>
      {open && <Accuracy state={state} />}
    </details>
  );
}

function Accuracy({ state }: OfState) {
  const { locale } = formatOf(useMeta());
  const found = useAccuracy(state);
  const money = useMoney(found.data?.currency ?? '');
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={5} />;
  const lines = found.data.lines.filter(({ periods, human }) => periods > 0 && human.off !== null);
  if (lines.length === 0) return <p className={f.none}>{t('forecast.noAccuracy')}</p>;
  const share = (value: number | null, signed = false) =>
    value === null
      ? '–'
      : value.toLocaleString(locale, {
          style: 'percent',
          maximumFractionDigits: 0,
          signDisplay: signed ? 'exceptZero' : 'auto',
        });
  const ways = ['human', 'weighted', 'statistical'] as const;
  return (
    <>
      <p className={f.none}>{t('forecast.accuracyText')}</p>
      <table className={f.table}>
        <thead>
          <tr>
            <th scope="col">{t('forecast.saidBefore')}</th>
            {ways.map(way => (
              <th key={way} scope="col" data-number>
                {t(`forecast.saidBy.${way}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(line => (
            <tr key={line.days}>
              <th scope="row">{t('forecast.daysBefore', { days: line.days, periods: line.periods })}</th>
              {ways.map(way => (
                <td key={way} data-number>
                  {t('forecast.offBy', { off: share(line[way].off), bias: share(line[way].bias, true) })}
                </td>
              ))}
            </tr>
          ))}
          {lines[0]!.sellers.map(({ user, came, ...said }) => (
            <tr key={user.id}>
              <th scope="row">
                {t('forecast.sellerBefore', {
                  name: user.title ?? '…',
                  days: lines[0]!.days,
                  came: money(came),
                })}
              </th>
              {ways.map(way => (
                <td key={way} data-number>
                  {t('forecast.offBy', { off: share(said[way].off), bias: share(said[way].bias, true) })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
