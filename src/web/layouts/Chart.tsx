import { inText } from '../model/language.ts';
import './words.ts';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { both } from '../model/filter.ts';
import { type Grouping, groupingOf, groupsOf } from '../model/groups.ts';
import { chartFields } from '../model/layouts.ts';
import { formatOf, useMeta } from '../model/meta.tsx';
import { useGroups } from '../model/records.ts';
import { askTotals, useOrder } from '../records/use-groups.ts';
import type { Drawable } from '../records/use-list.ts';
import { Failure } from '../shell/Missing.tsx';
import s from './Chart.module.css';
import { Bars, Columns, Donut, type DrawProps, Line } from './drawings.tsx';
import { labelOfMeasure, leading, type Mark, marksOf, measureOf, percent, textOfSum } from './measure.ts';

interface ChartProps {
  object: MetaObject;
  list: Drawable;
}

/** The grouping that is chosen, or the usual one. */
function useBy(object: MetaObject, list: Drawable): Grouping | null {
  const { by } = list.state.arrangement;
  return useMemo(() => {
    const [usual] = chartFields(object);
    return groupingOf(object, by) ?? (usual ? groupingOf(object, usual.name) : null);
  }, [object, by]);
}

/** How many, or how much, by groups; each mark leads to the records behind it. */
export default function Chart({ object, list }: ChartProps) {
  const by = useBy(object, list);
  if (!by) return <EmptyState icon="chart-bar" title={t('chart.impossible')} />;
  return <Drawn object={object} list={list} by={by} />;
}

function Drawn({ object, list, by }: ChartProps & { by: Grouping }) {
  const meta = useMeta();
  const format = useMemo(() => formatOf(meta), [meta]);
  const { kind = 'bar', measure: asked } = list.state.arrangement;
  const measure = useMemo(() => measureOf(object, asked), [object, asked]);
  const { order, pending } = useOrder(by);
  const totals = measure ? [measure] : [];
  const found = useGroups(object, askTotals(totals, list, kind === 'number' ? null : by));
  const [asTable, setAsTable] = useState(false);
  const { marks, mixed } = useMemo(() => {
    const groups = groupsOf(by, found.data?.data ?? [], format, order);
    const ordered = order.length > 0 || by.field.options.choices !== undefined;
    const none = t('board.none', { field: inText(by.field.label) });
    return marksOf(by, groups, measure, { format, ordered, none });
  }, [by, found.data, format, order, measure]);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending || pending)
    return (
      <div className={s.chart}>
        <SkeletonLines count={9} height={40} />
      </div>
    );
  const name = measure ? labelOfMeasure(measure) : t('chart.count', { objects: inText(object.plural) });
  if (kind === 'number') return <SingleNumber list={list} object={object} mark={marks[0]} name={name} />;
  if (marks.length === 0)
    return <EmptyState icon="chart-bar" title={t('list.noMatch', { objects: inText(object.plural) })} />;
  const like = (found.data?.data[0]?.values[1] ?? null) as Json;
  const drawing: DrawProps = {
    marks,
    by,
    name,
    format,
    textOf: value => textOfSum(measure, Array.isArray(like) ? (like[0] ?? null) : like, value, format),
    link: mark => ({
      to: '/$object',
      params: { object: object.path },
      search: list.searchWith({
        layout: 'table',
        arrangement: {},
        group: null,
        filter: both(list.kept, mark.filter),
      }),
    }),
  };
  const top = leading(marks);
  return (
    <section className={s.chart} aria-label={name}>
      <header className={s.head}>
        <div>
          <h2 className={s.title}>
            {top
              ? t(top.share === null ? 'chart.finding' : 'chart.findingShare', {
                  group: top.title,
                  value: top.text,
                  share: percent(top.share ?? 0, format.locale),
                })
              : name}
          </h2>
          <p className={s.name}>{t('chart.by', { measure: name, field: by.field.label })}</p>
        </div>
        <Button look="quiet" icon={asTable ? 'chart-bar' : 'table'} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'chart.asChart' : 'chart.asTable')}
        </Button>
      </header>
      {mixed && <p className={s.note}>{t('chart.mixed', { currency: format.currency })}</p>}
      {asTable ? <AsTable {...drawing} /> : <Drawing kind={kind} {...drawing} />}
    </section>
  );
}

function Drawing({ kind, ...props }: DrawProps & { kind: string }) {
  if (kind === 'line') return <Line {...props} />;
  if (kind === 'donut') return <Donut {...props} />;
  return props.by.bucket ? <Columns {...props} /> : <Bars {...props} />;
}

function SingleNumber({ object, list, mark, name }: ChartProps & { mark: Mark | undefined; name: string }) {
  return (
    <section className={s.single} aria-label={name}>
      <Link
        to="/$object"
        params={{ object: object.path }}
        search={list.searchWith({ layout: 'table', arrangement: {} })}
        className={s.figure}
      >
        {mark?.text ?? '0'}
      </Link>
      <p className={s.name}>{name}</p>
    </section>
  );
}

function AsTable({ marks, by, name, link, format }: DrawProps) {
  const shares = marks.some(mark => mark.share !== null);
  return (
    <div className={s.tableBox}>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">{by.field.label}</th>
            <th scope="col">{name}</th>
            {shares && <th scope="col">{t('chart.share')}</th>}
          </tr>
        </thead>
        <tbody>
          {marks.map(mark => (
            <tr key={mark.key}>
              <th scope="row">
                <Link {...link(mark)}>{mark.title}</Link>
              </th>
              <td>{mark.text}</td>
              {shares && <td>{mark.share === null ? '' : percent(mark.share, format.locale)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
