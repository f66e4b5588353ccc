import './territory-words.ts';
import { viewOf } from '../../../fields/views.ts';
import { Button } from '../../../kit/Button.tsx';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { nameOf } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { openDialog } from '../../../web/shell/dialogs.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import { Conflicts, Moves } from './Moves.tsx';
import type { Realignment } from './realignment.ts';
import s from './Territories.module.css';
import { TerritoryTree } from './TerritoryTree.tsx';
import {
  type ChosenDay,
  useApply,
  useAskAnew,
  useDay,
  useRealignment,
  useTerritoryWords,
} from './use-territories.ts';

/** Who looks after which part of the market, what would move if the rules were applied now, and what is claimed twice. */
export default function Territories() {
  const meta = useMeta();
  const askAnew = useAskAnew();
  const chosen = useDay();
  const found = useRealignment(chosen);
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
          <All data={found.data} chosen={chosen} busy={found.isPlaceholderData} />
        )}
      </PageBody>
    </>
  );
}

interface AllProps {
  data: Realignment;
  chosen: ChosenDay;
  /** While another day is asked for. */
  busy: boolean;
}

function All({ data, chosen, busy }: AllProps) {
  const { locale } = formatOf(useMeta());
  const words = useTerritoryWords(data);
  const applying = useApply(data, chosen);
  const day = nameOf(chosen.day, 'day', locale);
  return (
    <div className={s.page} aria-busy={busy || undefined}>
      <AsOf chosen={chosen} />
      <section className={s.state} data-open={data.moved > 0 || undefined} aria-live="polite">
        <div>
          <h2>{data.moved > 0 ? t('territories.moved', { count: data.moved }) : t('territories.settled')}</h2>
          <p>
            {data.moved === 0
              ? t('territories.settledText')
              : chosen.other
                ? t('territories.movedOn', { day })
                : t('territories.movedText')}
          </p>
        </div>
        {applying && (
          <Button
            icon="route"
            look="primary"
            busy={applying.busy || busy}
            onClick={() => void applying.apply()}
          >
            {t('territories.apply')}
          </Button>
        )}
      </section>
      {words.dimensions.map(({ dimension, label, territories }) => (
        <TerritoryTree
          key={dimension}
          label={label}
          territories={territories}
          words={words}
          off={t(chosen.other ? 'territories.notThen' : 'territories.notNow')}
        />
      ))}
      {data.conflictCount > 0 && <Conflicts data={data} words={words} />}
      {data.moved > 0 && <Moves data={data} words={words} />}
    </div>
  );
}

/** The day whose territories are looked at, and from which applying counts. */
function AsOf({ chosen }: { chosen: ChosenDay }) {
  const territory = objectNamed(useMeta(), 'territory');
  const field = territory && fieldOf(territory, 'from');
  if (!field) return null;
  const { Edit } = viewOf(field.type);
  return (
    <div className={s.day}>
      <label htmlFor="territories-on">{t('territories.on')}</label>
      <Edit
        id="territories-on"
        place="form"
        field={field}
        value={chosen.day}
        error={null}
        onChange={day => typeof day === 'string' && chosen.change(day)}
      />
      {chosen.other && (
        <Button look="quiet" onClick={chosen.back}>
          {t('territories.today')}
        </Button>
      )}
    </div>
  );
}
