import { Link } from '@tanstack/react-router';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { nameOf } from '../../../web/model/days.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import { sum } from '../decimals.ts';
import s from './ForecastFlow.module.css';
import { Sankey, type StreamsProps, useWords } from './ForecastSankey.tsx';
import type { Forecast, ForecastInput } from './forecast.ts';
import { categories, type DealStream, net } from './forecast-view.ts';
import {
  dealsIn,
  type ForecastState,
  type Money,
  useForecast,
  useMoney,
  useStreams,
} from './use-forecast.ts';

interface FlowProps {
  now: Forecast;
  state: ForecastState;
  before: ForecastInput;
}

/** What the forecast was on an earlier day, and what became of the deals since. */
export function ForecastFlow({ now, state, before }: FlowProps) {
  const { locale, timeZone } = formatOf(useMeta());
  const was = useForecast(before);
  const { found, streams } = useStreams(state.input, before, now.currency);
  const money = useMoney(now.currency);
  const [from, to] = [
    nameOf(state.search.compare!, 'day', locale),
    nameOf(state.asOf ?? new Date().toLocaleDateString('en-CA', { timeZone }), 'day', locale),
  ];
  // Amounts of nothing, or of currencies without a rate, have no width.
  const bare = !streams?.some(each => each.before > 0 || each.after > 0);
  const error = was.error ?? found.error;
  if (error)
    return <Failure error={error} retry={() => void Promise.all([was.refetch(), found.refetch()])} />;
  if (!was.data || !streams) return <SkeletonLines count={6} />;
  return (
    <>
      <section aria-label={t('forecast.change', { day: from })}>
        <h2 className={s.heading}>{t('forecast.change', { day: from })}</h2>
        <Changes was={was.data} now={now} money={money} days={[from, to]} />
      </section>
      <section aria-label={t('forecast.flow')}>
        <h2 className={s.heading}>{t('forecast.flow')}</h2>
        {streams.length === 0 ? (
          <p className={s.none}>{t('forecast.noFlow')}</p>
        ) : (
          <div className={s.flow} data-bare={bare || undefined}>
            {!bare && <Sankey streams={streams} money={money} days={[from, to]} />}
            <Streams streams={streams} money={money} />
          </div>
        )}
      </section>
    </>
  );
}

interface ChangesProps {
  was: Forecast;
  now: Forecast;
  money: Money;
  days: [string, string];
}

function Changes({ was, now, money, days }: ChangesProps) {
  const lines = [
    ...categories.map(name => ({
      name: t(`forecast.category.${name}`),
      before: net(was.total, name),
      after: net(now.total, name),
    })),
    { name: t('forecast.weighted'), before: was.total.weighted, after: now.total.weighted },
    { name: t('forecast.quota'), before: was.total.quota, after: now.total.quota },
  ];
  return (
    <table className={s.table} data-narrow>
      <thead>
        <tr>
          <th scope="col">{t('forecast.changeHead.category')}</th>
          {days.map(day => (
            <th key={day} scope="col" data-number>
              {day}
            </th>
          ))}
          <th scope="col" data-number>
            {t('forecast.changeHead.change')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, before, after }) => {
          const change = sum([after, before.startsWith('-') ? before.slice(1) : `-${before}`]);
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-number>{money(before)}</td>
              <td data-number>{money(after)}</td>
              <td data-number data-change={Math.sign(Number(change))}>
                {Number(change) === 0 ? '–' : money(change, true)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Streams({ streams, money }: StreamsProps) {
  const { locale } = formatOf(useMeta());
  const words = useWords();
  const comes = (name: string) => name === 'new' || name === 'pulledIn';
  const goes = (name: string) => name === 'pushedOut' || name === 'gone';
  return (
    <table className={s.table}>
      <thead>
        <tr>
          <th scope="col">{t('forecast.streamHead.what')}</th>
          {(['count', 'before', 'after'] as const).map(name => (
            <th key={name} scope="col" data-number>
              {t(`forecast.streamHead.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {streams.map(stream => (
          <tr key={`${stream.from} ${stream.to}`}>
            <th scope="row">
              <span className={s.what}>
                <span className={s.dot} data-kind={stream.kind} aria-hidden />
                {words(stream)}
              </span>
            </th>
            <td data-number>
              <Count stream={stream}>{stream.count.toLocaleString(locale)}</Count>
            </td>
            <td data-number>{comes(stream.from) ? '–' : money(stream.before)}</td>
            <td data-number>{goes(stream.to) ? '–' : money(stream.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How many, as the way to them. */
function Count({ stream, children }: { stream: DealStream; children: string }) {
  const link = dealsIn(stream);
  return link ? (
    <Link {...link} className={s.link}>
      {children}
    </Link>
  ) : (
    children
  );
}
