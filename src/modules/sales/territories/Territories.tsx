import './territory-words.ts';
import { Button } from '../../../kit/Button.tsx';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { openDialog } from '../../../web/shell/dialogs.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import { Conflicts, Moves } from './Moves.tsx';
import type { Realignment } from './realignment.ts';
import s from './Territories.module.css';
import { TerritoryTree } from './TerritoryTree.tsx';
import { useApply, useAskAnew, useRealignment, useTerritoryWords } from './use-territories.ts';

/** Who looks after which part of the market, what would move if the rules were applied now, and what is claimed twice. */
export default function Territories() {
  const meta = useMeta();
  const askAnew = useAskAnew();
  const found = useRealignment();
  const make = objectNamed(meta, 'territory')?.can.create && (
    <Button
      icon="plus"
      aria-label={t('territories.new')}
      onClick={() => openDialog({ kind: 'create', object: 'territory', onMade: () => void askAnew() })}
    >
      {t('territories.new')}
    </Button>
  );
  return (
    <>
      <PageHeader icon="map-2" title={t('pages.territories')}>
        {make}
      </PageHeader>
      <PageBody wide>
        {found.error && !found.data ? (
          <Failure error={found.error} retry={() => void found.refetch()} />
        ) : !found.data ? (
          <SkeletonLines count={9} height={36} />
        ) : found.data.territories.length === 0 ? (
          <EmptyState icon="map-2" title={t('territories.empty')} text={t('territories.emptyText')} />
        ) : (
          <All data={found.data} />
        )}
      </PageBody>
    </>
  );
}

function All({ data }: { data: Realignment }) {
  const words = useTerritoryWords(data);
  const applying = useApply(data);
  return (
    <div className={s.page}>
      <section className={s.state} data-open={data.moved > 0 || undefined} aria-live="polite">
        <div>
          <h2>{data.moved > 0 ? t('territories.moved', { count: data.moved }) : t('territories.settled')}</h2>
          <p>{data.moved > 0 ? t('territories.movedText') : t('territories.settledText')}</p>
        </div>
        {applying && (
          <Button icon="route" look="primary" busy={applying.busy} onClick={() => void applying.apply()}>
            {t('territories.apply')}
          </Button>
        )}
      </section>
      {words.dimensions.map(({ dimension, label, territories }) => (
        <TerritoryTree key={dimension} label={label} territories={territories} words={words} />
      ))}
      {data.conflictCount > 0 && <Conflicts data={data} words={words} />}
      {data.moved > 0 && <Moves data={data} words={words} />}
    </div>
  );
}
