import './revenue-words.ts';
import { useState } from 'react';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { Select } from '../../../kit/Select.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { Tabs } from '../../../kit/Tabs.tsx';
import { t } from '../../../kit/words.ts';
import { addDays } from '../../../web/model/days.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import { useMoney } from '../forecast/use-forecast.ts';
import { RenewalList } from './RenewalList.tsx';
import c from './Revenue.module.css';
import { RevenueBehind } from './RevenueBehind.tsx';
import { RevenueMonths } from './RevenueMonths.tsx';
import { RevenueSegments } from './RevenueSegments.tsx';
import type { RecurringRevenue } from './recurring.ts';
import { spans } from './revenue-view.ts';
import { type Behind, type RevenueState, useRecurring, useRevenueState } from './use-revenue.ts';

/** What customers pay again and again: how it moved, what of it stays, and what comes to its end. */
export default function Revenue() {
  const state = useRevenueState();
  const tab = state.search.tab ?? 'recurring';
  return (
    <>
      <PageHeader
        icon="repeat"
        title={t('pages.revenue')}
        tabs={
          <Tabs
            label={t('pages.revenue')}
            look="pills"
            open={tab}
            tabs={[
              { name: 'recurring', label: t('revenue.recurring') },
              { name: 'renewals', label: t('revenue.renewals') },
            ]}
            onOpen={name => state.change({ tab: name === 'renewals' ? 'renewals' : undefined })}
          />
        }
      />
      <PageBody wide>
        {tab === 'renewals' ? <RenewalList state={state} /> : <Recurring state={state} />}
      </PageBody>
    </>
  );
}

function Recurring({ state }: { state: RevenueState }) {
  const found = useRecurring(state);
  const [behind, setBehind] = useState<Behind | null>(null);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={9} height={44} />;
  const { data } = found;
  const never = data.months.every(
    ({ recurring, churned }) => Number(recurring) === 0 && Number(churned) === 0,
  );
  if (never && data.untold === 0)
    return <EmptyState icon="repeat" title={t('revenue.empty')} text={t('revenue.emptyText')} />;
  const parts = { revenue: data, state, ask: setBehind };
  return (
    <div className={c.page} aria-busy={found.isPlaceholderData || undefined}>
      <Figures {...parts} />
      {data.untold > 0 && <p className={c.fine}>{t('revenue.untold', { count: data.untold })}</p>}
      <RevenueMonths {...parts} />
      <RevenueSegments {...parts} />
      {behind && <RevenueBehind behind={behind} currency={data.currency} close={() => setBehind(null)} />}
    </div>
  );
}

export interface RevenueProps {
  revenue: RecurringRevenue;
  state: RevenueState;
  ask(behind: Behind): void;
}

function Figures({ revenue, state, ask }: RevenueProps) {
  const money = useMoney(revenue.currency);
  const { locale } = formatOf(useMeta());
  const share = (part: number | null) =>
    part === null
      ? '–'
      : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(part);
  const [first, last] = [revenue.months[0]!, revenue.months.at(-1)!];
  const figures = [
    ['monthly', money(last.recurring)],
    ['yearly', money(revenue.yearly)],
    ['customers', last.customers.toLocaleString(locale)],
    ['net', share(revenue.netRetention)],
    ['gross', share(revenue.grossRetention)],
  ] as const;
  const all = {
    title: t('revenue.figure.monthly'),
    before: addDays(first.from, -1),
    to: last.to,
    kind: 'all' as const,
  };
  return (
    <section className={c.card} aria-label={t('revenue.figures')}>
      <header className={c.head}>
        <h2 className={c.title}>{t('revenue.figures')}</h2>
        <Select
          label={t('revenue.span')}
          value={state.months}
          options={spans.map(value => ({ value, label: t('revenue.months', { count: Number(value) }) }))}
          onChange={months => state.change({ months: spans.find(span => span === months) })}
        />
      </header>
      <ul className={c.figures}>
        {figures.map(([name, text]) => (
          <li key={name}>
            <button type="button" className={c.figure} onClick={() => ask(all)}>
              <span className={c.figureName}>{t(`revenue.figure.${name}`)}</span>
              <span className={c.figureValue}>{text}</span>
              <span className={c.figureMore}>{t(`revenue.about.${name}`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
