import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import { AsTable, CardFrame } from './CardFrame.tsx';
import { BarPicture, Funnel, MonthPicture, OverTime, RatePicture } from './CardPictures.tsx';
import c from './Dashboards.module.css';
import type { CardKind } from './dashboard-view.ts';
import { KeyFigures } from './KeyFigures.tsx';
import { StageTimes } from './StageTimes.tsx';
import { segmentNames } from './segment-names.ts';
import type { CardContent, Words } from './use-cards.ts';
import type { Behind, DashboardState, Reports } from './use-dashboard.ts';

interface CardProps {
  kind: CardKind;
  content: CardContent;
  reports: Reports;
  state: DashboardState;
  words: Words;
  ask(behind: Behind): void;
}

/** A card with its picture. */
export function DashboardCard(props: CardProps) {
  const { kind, content, reports, state } = props;
  const notes: Partial<Record<CardKind, string>> = {
    funnel: t('dashboard.historyNote'),
    overTime: t('dashboard.historyNote'),
    attainment: state.search.only ? t('dashboard.unfiltered') : '',
    winRates:
      (reports.winRates.data?.count ?? 0) > (reports.winRates.data?.segments.length ?? 0)
        ? t('dashboard.segmentsMost', { count: reports.winRates.data!.segments.length })
        : t('dashboard.few'),
  };
  return (
    <CardFrame
      kind={kind}
      table={content.table}
      finding={content.finding ?? null}
      empty={content.empty ?? null}
      note={notes[kind]}
      choice={kind === 'winRates' && <SegmentChoice state={state} />}
    >
      <Picture {...props} />
    </CardFrame>
  );
}

function Picture({ kind, content: { table }, reports, state, words, ask }: CardProps) {
  if (!table) return null;
  const history = reports.history.data;
  if (kind === 'figures') return <KeyFigures reports={reports} state={state} words={words} table={table} />;
  if (kind === 'revenue') return <MonthPicture table={table} words={words} />;
  if (kind === 'velocity') return <MonthPicture table={table} words={words} line />;
  if (kind === 'winRates') return <RatePicture table={table} words={words} />;
  if (kind === 'funnel')
    return history ? <Funnel history={history} state={state} words={words} ask={ask} /> : null;
  if (kind === 'overTime')
    return history ? <OverTime history={history} state={state} words={words} ask={ask} /> : null;
  if (kind === 'stageTimes')
    return history ? <StageTimes history={history} state={state} words={words} ask={ask} /> : null;
  if (kind === 'rivals') return <AsTable table={table} />;
  return (
    <div className={c.bars}>
      <BarPicture table={table} words={words} />
    </div>
  );
}

function SegmentChoice({ state }: Pick<CardProps, 'state'>) {
  return (
    <Select
      quiet
      label={t('dashboard.by')}
      value={state.search.by ?? 'owner'}
      options={segmentNames.map(value => ({ value, label: t(`dashboard.segmentBy.${value}`) }))}
      onChange={by => state.change({ by: by === 'owner' ? undefined : by })}
    />
  );
}
