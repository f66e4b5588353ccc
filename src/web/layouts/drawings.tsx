/** Bars, lines and rings. Plain elements and SVG; every mark is a link to the records behind it and says its value. */
import { useElementSize } from '@mantine/hooks';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { Format } from '../../fields/view.ts';
import { t } from '../../kit/words.ts';
import type { Grouping } from '../model/groups.ts';
import s from './Chart.module.css';
import { type Mark, percent, scaleOf, segmentPath, segmentsOf } from './measure.ts';

export interface DrawProps {
  marks: Mark[];
  by: Grouping;
  /** What is measured. */
  name: string;
  format: Format;
  textOf(value: number): string;
  link(mark: Mark): Pick<LinkProps, 'to' | 'params' | 'search'>;
}

function spoken(mark: Mark): string {
  return `${mark.title}: ${mark.text}`;
}

/** Lying bars: names are read without turning one's head. */
export function Bars({ marks, link }: Pick<DrawProps, 'marks' | 'link'>) {
  const top = scaleOf(marks);
  return (
    <ul className={s.bars}>
      {marks.map(mark => (
        <li key={mark.key}>
          <Link {...link(mark)} className={s.barRow}>
            <span className={s.barName}>{mark.title}</span>
            <span className={s.track}>
              <span className={s.bar} style={{ inlineSize: `${Math.max(0, (mark.value / top) * 100)}%` }} />
              <span className={s.value}>{mark.text}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** A scale from zero, with lines where it is easy to read. */
export function Scale({ top, textOf }: { top: number; textOf(value: number): string }) {
  return (
    <div className={s.scale} aria-hidden>
      {[1, 0.5, 0].map(part => (
        <span key={part} className={s.tick} style={{ insetBlockEnd: `${part * 100}%` }}>
          <span className={s.tickText}>{textOf(top * part)}</span>
        </span>
      ))}
    </div>
  );
}

/** As many names as there is room for, each about 72 pixels wide. */
export function namesEvery(count: number, width: number): number {
  return Math.max(1, Math.ceil((count * 72) / Math.max(width, 72)));
}

/** Standing bars along time. */
export function Columns({
  marks,
  link,
  textOf,
  quiet,
}: Pick<DrawProps, 'marks' | 'link' | 'textOf'> & {
  /** Values are told on pointing alone: room is scarce. */ quiet?: boolean;
}) {
  const { ref, width } = useElementSize<HTMLUListElement>();
  const top = scaleOf(marks);
  const every = namesEvery(marks.length, width);
  return (
    <div className={s.plot}>
      <Scale top={top} textOf={textOf} />
      <ul ref={ref} className={s.columns}>
        {marks.map((mark, index) => (
          <li key={mark.key} className={s.columnBox}>
            <Link {...link(mark)} className={s.column} aria-label={spoken(mark)} title={spoken(mark)}>
              {!quiet && marks.length <= 14 && mark.value > 0 && (
                <span className={s.columnValue}>{mark.text}</span>
              )}
              <span
                className={s.columnBar}
                style={{ blockSize: `${Math.max(0, (mark.value / top) * 100)}%` }}
              />
            </Link>
            <span className={s.columnName} aria-hidden>
              {index % every === 0 ? mark.short : ''}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A line through the values, which are links of their own. */
export function Line({ marks, link, textOf }: Pick<DrawProps, 'marks' | 'link' | 'textOf'>) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const top = scaleOf(marks);
  const every = namesEvery(marks.length, width);
  const x = (index: number) => ((index + 0.5) / marks.length) * 100;
  const y = (value: number) => 100 - Math.max(0, (value / top) * 100);
  const points = marks.map((mark, index) => `${x(index)},${y(mark.value)}`);
  return (
    <div className={s.plot}>
      <Scale top={top} textOf={textOf} />
      <div ref={ref} className={s.lineBox}>
        <svg className={s.line} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <polyline points={points.join(' ')} vectorEffect="non-scaling-stroke" />
        </svg>
        <ul>
          {marks.map((mark, index) => (
            <li key={mark.key}>
              <Link
                {...link(mark)}
                className={s.point}
                style={{ insetInlineStart: `${x(index)}%`, insetBlockStart: `${y(mark.value)}%` }}
                aria-label={spoken(mark)}
                title={spoken(mark)}
              />
              {index % every === 0 && (
                <span className={s.pointName} style={{ insetInlineStart: `${x(index)}%` }} aria-hidden>
                  {mark.short}
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Parts of a whole: the greatest, and all others together. The list beside the ring names them. */
export function Donut({ marks, name, textOf, link, format }: DrawProps) {
  const whole = marks.reduce((sum, mark) => sum + Math.max(0, mark.value), 0);
  const segments = segmentsOf(marks, t('chart.others'), textOf);
  let from = 0;
  const rings = segments.map((mark, index) => {
    const part = whole > 0 ? mark.value / whole : 0;
    from += part;
    return { mark, index, path: segmentPath(from - part, from, 50, 32) };
  });
  return (
    <div className={s.donut}>
      <div className={s.ring}>
        <svg viewBox="-52 -52 104 104" role="img" aria-label={name}>
          {rings.map(({ mark, index, path }) => (
            <path key={mark.key} d={path} className={s.segment} data-hue={index}>
              <title>{spoken(mark)}</title>
            </path>
          ))}
        </svg>
        <span className={s.whole} aria-hidden>
          {textOf(whole)}
        </span>
      </div>
      <ul className={s.legend}>
        {segments.map((mark, index) => {
          const parts = (
            <>
              <span className={s.swatch} data-hue={index} aria-hidden />
              <span className={s.legendName}>{mark.title}</span>
              <span className={s.legendValue}>{mark.text}</span>
              <span className={s.legendShare}>
                {percent(whole > 0 ? mark.value / whole : 0, format.locale)}
              </span>
            </>
          );
          return (
            <li key={mark.key}>
              {mark.filter ? (
                <Link {...link(mark)} className={s.legendRow}>
                  {parts}
                </Link>
              ) : (
                <span className={s.legendRow}>{parts}</span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
