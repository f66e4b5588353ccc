import { useElementSize } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { t } from '../../../kit/words.ts';
import s from './ForecastFlow.module.css';
import { type DealStream, drawingOf, type FlowNode, type Ribbon } from './forecast-view.ts';
import { dealsIn, type Money } from './use-forecast.ts';

/** What happened, in words. */
export function useWords() {
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

export interface StreamsProps {
  streams: DealStream[];
  money: Money;
}

const height = 320;
const [bar, top] = [8, 24];

function path({ left, right }: Ribbon, from: number, to: number): string {
  const middle = (from + to) / 2;
  const curve = (y0: number, y1: number, x: number) => `C ${middle} ${y0} ${middle} ${y1} ${x} ${y1}`;
  return `M ${from} ${left[0]} ${curve(left[0], right[0], to)} L ${to} ${right[1]} ${curve(right[1], left[1], from)} Z`;
}

/** Deals from where they stood to where they stand; the table beside it says the same. */
export function Sankey({ streams, money, days }: StreamsProps & { days: [string, string] }) {
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
    // biome-ignore lint/a11y/useSemanticElements: no set of fields, but a picture whose streams lead somewhere.
    <div ref={ref} className={s.picture} role="group" aria-label={picture}>
      {width > 0 && (
        <svg width={width} height={height + top + 24} aria-hidden>
          <text x={0} y={12} className={s.side}>
            {days[0]}
          </text>
          <text x={width} y={12} textAnchor="end" className={s.side}>
            {days[1]}
          </text>
          <g transform={`translate(0 ${top})`}>
            {ribbons.map(ribbon => (
              <Behind key={`${ribbon.stream.from} ${ribbon.stream.to}`} stream={ribbon.stream}>
                <path d={path(ribbon, x0, x1)} className={s.ribbon} data-kind={ribbon.stream.kind}>
                  <title>{`${words(ribbon.stream)}: ${money(ribbon.stream.after || ribbon.stream.before)}`}</title>
                </path>
              </Behind>
            ))}
            {names(from, x0, false)}
            {names(to, x1, true)}
          </g>
        </svg>
      )}
    </div>
  );
}

/** A click leads to the deals; by keyboard the table beside it does. */
function Behind({ stream, children }: { stream: DealStream; children: ReactElement }) {
  const link = dealsIn(stream);
  return link ? (
    <Link {...link} tabIndex={-1}>
      {children}
    </Link>
  ) : (
    children
  );
}
