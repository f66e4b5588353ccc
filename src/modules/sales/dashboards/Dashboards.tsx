import './dashboard-words.ts';
import '../../../web/layouts/words.ts';
import '../forecast/forecast-words.ts';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '../../../kit/Button.tsx';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { type Block, keyOfBlock, places } from '../../../web/home/arrangement.ts';
import { useHome } from '../../../web/home/use-home.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import { BehindDialog } from './BehindDialog.tsx';
import { DashboardBar } from './DashboardBar.tsx';
import { DashboardCard } from './DashboardCard.tsx';
import c from './Dashboards.module.css';
import { type CardKind, cards } from './dashboard-view.ts';
import { useCards, useCardWords } from './use-cards.ts';
import { type Behind, useDashboardState, useReports } from './use-dashboard.ts';

const Arrange = lazy(() => import('../../../web/home/Arrange.tsx'));

/** Where the cards stand where nobody has said otherwise. */
const usual: Block[] = cards.map((kind, index) => ({
  kind,
  at: kind === 'figures' ? 'main' : index % 2 === 0 ? 'side' : 'main',
}));

/** What all deals say together, as pictures that lead to the deals. */
export default function Dashboards() {
  const state = useDashboardState();
  const home = useHome({
    name: 'dashboards',
    usual,
    views: false,
    nameOf: ({ kind }) => t(`dashboard.card.${kind}`),
  });
  const [arranging, setArranging] = useState(false);
  const known = home.blocks.filter(({ kind }) => cards.includes(kind as CardKind));
  return (
    <>
      <PageHeader icon="chart-bar" title={t('pages.dashboards')}>
        <IconButton icon="printer" label={t('dashboard.print')} onClick={() => window.print()} />
        {home.canArrange && !arranging && (
          <IconButton
            icon="adjustments"
            label={t('dashboard.arrange')}
            disabled={home.pending}
            onClick={() => setArranging(true)}
          />
        )}
      </PageHeader>
      <DashboardBar state={state} />
      <PageBody wide>
        {home.pending ? (
          <SkeletonLines count={9} height={44} />
        ) : arranging ? (
          <Suspense fallback={<SkeletonLines count={8} height={44} />}>
            <Arrange home={home} close={() => setArranging(false)} />
          </Suspense>
        ) : (
          <Cards blocks={known} state={state} />
        )}
      </PageBody>
    </>
  );
}

function Cards({ blocks, state }: { blocks: Block[]; state: ReturnType<typeof useDashboardState> }) {
  const shown = blocks.map(({ kind }) => kind as CardKind);
  const reports = useReports(state, shown);
  const words = useCardWords(state, reports.dashboard.data?.currency ?? '');
  const contentOf = useCards(state, reports, words);
  const [behind, setBehind] = useState<Behind | null>(null);
  const { dashboard } = reports;
  if (dashboard.error && !dashboard.data)
    return <Failure error={dashboard.error} retry={() => void dashboard.refetch()} />;
  const card = (block: Block) => (
    <DashboardCard
      key={keyOfBlock(block)}
      kind={block.kind as CardKind}
      content={contentOf(block.kind as CardKind)}
      reports={reports}
      state={state}
      words={words}
      ask={setBehind}
    />
  );
  // The key figures are as wide as the page wherever they stand.
  const [top, rest] = [
    blocks.filter(({ kind }) => kind === 'figures'),
    blocks.filter(({ kind }) => kind !== 'figures'),
  ];
  const [main, side, below] = places.map(place => rest.filter(({ at }) => at === place));
  const busy = Object.values(reports).some(({ isPlaceholderData }) => isPlaceholderData);
  return (
    <div className={c.page} aria-busy={busy || undefined}>
      {top.map(card)}
      <div className={c.columns}>
        <div className={c.column}>{main!.map(card)}</div>
        <div className={c.column}>{side!.map(card)}</div>
      </div>
      {below!.map(card)}
      {behind && <BehindDialog behind={behind} state={state} close={() => setBehind(null)} />}
    </div>
  );
}
