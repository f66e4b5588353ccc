/** The pictures of the cards: plain elements and SVG, every mark with a name and a way to the deals behind it. */
import { Link } from '@tanstack/react-router';
import { t } from '../../../kit/words.ts';
import { Bars, Columns, Line, namesEvery, Scale } from '../../../web/layouts/drawings.tsx';
import { type Mark, scaleOf } from '../../../web/layouts/measure.ts';
import { nameOf } from '../../../web/model/days.ts';
import type { CardRows } from './CardFrame.tsx';
import c from './Dashboards.module.css';
import type { StageHistory } from './stage-history.ts';
import type { Words } from './use-cards.ts';
import type { Behind, DashboardState } from './use-dashboard.ts';

interface PictureProps {
  table: CardRows;
  words: Words;
}

function marksOf({ rows, values = [], links = [] }: CardRows) {
  const all = rows.map(({ texts }, index): Mark & { at: number } => ({
    at: index,
    key: `${index} ${texts[0]}`,
    title: texts[0] ?? '',
    short: texts[0] ?? '',
    value: values[index] ?? 0,
    text: texts[1] ?? '',
    share: null,
    filter: null,
    group: null,
  }));
  const link = (mark: Mark) => links[(mark as (typeof all)[number]).at] ?? { to: '.' as const };
  return { marks: all, link };
}

export function BarPicture({ table }: PictureProps) {
  return <Bars {...marksOf(table)} />;
}

/** Months, as bars or as a line. */
export function MonthPicture({ table, words, line }: PictureProps & { line?: boolean }) {
  const { marks, link } = marksOf(table);
  const brief = marks.map(mark => ({ ...mark, text: words.brief(mark.value) }));
  const drawing = { marks: brief, link, textOf: words.brief };
  return <div className={c.plot}>{line ? <Line {...drawing} /> : <Columns {...drawing} quiet />}</div>;
}

/** Rates as points on bands within which they lie with 95 % confidence. */
export function RatePicture({ table, words }: PictureProps) {
  return (
    <ul className={c.rates}>
      {table.rows.map(({ cells: [name, , n, rate, low, high] }, index) => {
        const at = (part: typeof rate) => `${Number(part ?? 0) * 100}%`;
        const said = t('dashboard.interval', {
          rate: words.share(Number(rate ?? 0)),
          count: Number(n),
          low: words.share(Number(low ?? 0)),
          high: words.share(Number(high ?? 0)),
        });
        const parts = (
          <>
            <span className={c.rateName}>{name}</span>
            <span className={c.rateTrack} aria-hidden>
              <span
                className={c.band}
                style={{ insetInlineStart: at(low), inlineSize: `${(Number(high) - Number(low)) * 100}%` }}
              />
              <span className={c.dot} style={{ insetInlineStart: at(rate) }} />
            </span>
            <span className={c.rateText}>{words.share(Number(rate ?? 0))}</span>
            <span className={c.rateCount}>{words.number(Number(n))}</span>
          </>
        );
        const link = table.links?.[index];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two segments may be called the same.
          <li key={index} title={`${name}: ${said}`}>
            {link ? (
              <Link {...link} className={c.rate} data-hint={said}>
                {parts}
              </Link>
            ) : (
              <span className={c.rate}>{parts}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export interface StagePictureProps {
  history: StageHistory;
  state: DashboardState;
  words: Words;
  ask(behind: Behind): void;
}

/** How many deals entered each stage, and how many of them went on. */
export function Funnel({ history, words, ask }: StagePictureProps) {
  const stages = history.stages.filter(({ kind }) => kind !== 'lost');
  const top = Math.max(1, ...stages.map(({ entered }) => entered));
  return (
    <ol className={c.funnel}>
      {stages.map(({ stage, name, kind, entered, moved }) => {
        const share = entered > 0 ? words.share(moved / entered) : null;
        const went = share && kind === 'open' ? t('dashboard.toNext', { share }) : '';
        return (
          <li key={stage}>
            <button
              type="button"
              className={c.step}
              disabled={entered === 0}
              onClick={() => ask({ title: name, of: { kind: 'entered', stage } })}
            >
              <span className={c.stepName}>{name}</span>
              <span className={c.stepTrack}>
                <span
                  className={c.stepBar}
                  data-kind={kind}
                  style={{ inlineSize: `${(entered / top) * 100}%` }}
                >
                  <span
                    className={c.stepMoved}
                    style={{
                      inlineSize: kind === 'open' && entered > 0 ? `${(moved / entered) * 100}%` : '100%',
                    }}
                  />
                </span>
              </span>
              <span className={c.stepCount}>{words.number(entered)}</span>
              <span className={c.stepShare}>{went}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

const hues = 6;

/** What was open at the end of each day, stage upon stage. */
export function OverTime({ history, state, words, ask }: StagePictureProps) {
  const { locale } = state.format;
  const open = history.stages.filter(({ kind }) => kind === 'open');
  const order = [...open.map(({ stage }) => stage), null];
  const nameOfStage = (stage: string | null) =>
    open.find(each => each.stage === stage)?.name ?? t('dashboard.unknownStage');
  const columns = history.points.map(({ day, stages }) => {
    const parts = order.flatMap((stage, hue) =>
      stages
        .filter(each => each.stage === stage)
        .map(each => ({ ...each, hue: hue % hues, value: Number(each.amount) })),
    );
    return { day, parts, value: parts.reduce((sum, { value }) => sum + value, 0) };
  });
  const top = scaleOf(columns);
  const every = namesEvery(columns.length, 560);
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const used = order.filter(stage => columns.some(({ parts }) => parts.some(part => part.stage === stage)));
  return (
    <>
      <div className={c.stacks}>
        <Scale top={top} textOf={words.brief} />
        <ol className={c.stackRow}>
          {columns.map(({ day, parts }, index) => (
            <li key={day} className={c.stackBox} data-placed>
              {parts.map(({ stage, hue, value, count, amount }) => (
                <button
                  key={stage ?? ''}
                  type="button"
                  className={c.part}
                  data-hue={hue}
                  style={{ blockSize: `${(value / top) * 100}%` }}
                  aria-label={`${nameOfStage(stage)}, ${t('dashboard.onDay', { day: nameOf(day, 'day', locale), amount: words.money(amount), count })}`}
                  title={`${nameOfStage(stage)}: ${words.money(amount)}`}
                  onClick={() =>
                    ask({
                      title: `${nameOfStage(stage)}, ${nameOf(day, 'day', locale)}`,
                      of: { kind: 'standing', day, stage },
                    })
                  }
                />
              ))}
              <span className={c.stackName} aria-hidden>
                {index % every === 0 ? short.format(new Date(day)) : ''}
              </span>
            </li>
          ))}
        </ol>
      </div>
      <ul className={c.legend}>
        {used.map(stage => (
          <li key={stage ?? ''}>
            <span className={c.swatch} data-hue={order.indexOf(stage) % hues} aria-hidden />
            {nameOfStage(stage)}
          </li>
        ))}
      </ul>
    </>
  );
}
