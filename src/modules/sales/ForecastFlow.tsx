import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { SkeletonLines } from '../../kit/State.tsx';
import { nameOf } from '../../web/model/days.ts';
import { formatOf, useMeta } from '../../web/model/meta.tsx';
import { Failure } from '../../web/shell/Missing.tsx';
import { sum } from './decimals.ts';
import s from './ForecastFlow.module.css';
import type { Forecast, ForecastInput } from './forecast.ts';
import { categories, type DealStream, drawingOf, type FlowNode, net, type Ribbon } from './forecast-view.ts';
import { type ForecastState, type Money, useForecast, useMoney, useStreams } from './use-forecast.ts';

interface FlowProps {
  now: Forecast;
  state: ForecastState;
  before: ForecastInput;
}

/** What the forecast was on an earlier day, and what became of the deals since. */
export function ForecastFlow({ now, state, before }: FlowProps) {
  const { t } = useTranslation();
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
  const { t } = useTranslation();
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

/** What happened, in words. */
function useWords() {
  const { t } = useTranslation();
  const side = (name: string) => t(`forecast.category.${name}`);
  return ({ kind, from, to, before, after }: DealStream) => {
    const told = kind === 'stayed' && before !== after ? 'changed' : kind;
    const comes = kind === 'won' && (from === 'new' || from === 'pulledIn');
    return t(comes && from === 'new' ? 'forecast.kind.wonNew' : `forecast.kind.${told}`, {
      from: side(from),
      to: side(to),
    });
  };
}

interface StreamsProps {
  streams: DealStream[];
  money: Money;
}

function Streams({ streams, money }: StreamsProps) {
  const { t } = useTranslation();
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
            <td data-number>{stream.count.toLocaleString(locale)}</td>
            <td data-number>{comes(stream.from) ? '–' : money(stream.before)}</td>
            <td data-number>{goes(stream.to) ? '–' : money(stream.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const height = 320;
const [bar, top] = [8, 24];

function path({ left, right }: Ribbon, from: number, to: number): string {
  const middle = (from + to) / 2;
  const curve = (y0: number, y1: number, x: number) => `C ${middle} ${y0} ${middle} ${y1} ${x} ${y1}`;
  return `M ${from} ${left[0]} ${curve(left[0], right[0], to)} L ${to} ${right[1]} ${curve(right[1], left[1], from)} Z`;
}

/** Deals from where they stood to where they stand; the table beside it says the same. */
function Sankey({ streams, money, days }: StreamsProps & { days: [string, string] }) {
  const { t } = useTranslation();
  const words = useWords();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { from, to, ribbons } = drawingOf(streams, height);
  const label = width < 480 ? 84 : 116;
  const [x0, x1] = [label, Math.max(width - label, label + 1)];
  const picture = t('forecast.picture', { from: days[0], to: days[1], count: streams.length });
  const names = (nodes: FlowNode[], x: number, end: boolean) =>
    nodes.map(node => (
      <g key={node.name} className={s.node} data-side={node.name}>
        <rect x={end ? x : x - bar} y={node.y} width={bar} height={Math.max(node.height, 1)} rx={2} />
        <text
          x={end ? x + bar + 6 : x - bar - 6}
          y={node.y + Math.max(node.height / 2, 4)}
          textAnchor={end ? 'start' : 'end'}
        >
          <tspan className={s.nodeName}>{t(`forecast.category.${node.name}`)}</tspan>
          <tspan x={end ? x + bar + 6 : x - bar - 6} dy="1.2em" className={s.nodeValue}>
            {money(node.value)}
          </tspan>
        </text>
      </g>
    ));
  return (
    <div ref={ref} className={s.picture}>
      {width > 0 && (
        <svg width={width} height={height + top + 24} role="img" aria-label={picture}>
          <text x={0} y={12} className={s.side}>
            {days[0]}
          </text>
          <text x={width} y={12} textAnchor="end" className={s.side}>
            {days[1]}
          </text>
          <g transform={`translate(0 ${top})`}>
            {ribbons.map(ribbon => (
              <path
                key={`${ribbon.stream.from} ${ribbon.stream.to}`}
                d={path(ribbon, x0, x1)}
                className={s.ribbon}
                data-kind={ribbon.stream.kind}
              >
                <title>{`${words(ribbon.stream)}: ${money(ribbon.stream.after || ribbon.stream.before)}`}</title>
              </path>
            ))}
            {names(from, x0, false)}
            {names(to, x1, true)}
          </g>
        </svg>
      )}
    </div>
  );
}
