import './words.ts';
import { lazy, Suspense, useState } from 'react';
import { wall } from '../../fields/clock.ts';
import { useFieldServices } from '../../fields/view.ts';
import { IconButton } from '../../kit/Button.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import { Bell } from '../notifications/Bell.tsx';
import { type Block, keyOfBlock, places, usual } from './arrangement.ts';
import { BlockOf, useBlockName } from './Blocks.tsx';
import s from './Home.module.css';
import { useFirstSteps } from './steps.ts';
import { useHome } from './use-home.ts';

const Arrange = lazy(() => import('./Arrange.tsx'));
const FirstSteps = lazy(() => import('./FirstSteps.tsx'));

function greeting(timeZone: string): 'morning' | 'afternoon' | 'evening' {
  const hour = new Date(wall(Date.now(), timeZone)).getUTCHours();
  return hour < 5 ? 'evening' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
}

function Today() {
  const { locale, timeZone } = useFieldServices();
  return (
    <p className={s.today}>
      {new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone }).format(new Date())}
    </p>
  );
}

/** Where the day begins: the blocks that this person, or who keeps their role, has chosen. */
export function Home() {
  const { timeZone } = useFieldServices();
  const { me } = useMeta();
  const home = useHome({ name: 'home', usual, views: true, nameOf: useBlockName() });
  // What stands above the blocks is known before they are drawn: nothing jumps.
  const stepsPending = useFirstSteps().isLoading;
  const [arranging, setArranging] = useState(false);
  const first = me.name.split(' ')[0] ?? '';
  return (
    <>
      <PageHeader icon="home" title={t('home.title')}>
        {home.canArrange && !arranging && (
          <IconButton
            icon="adjustments"
            label={t('arrange.start')}
            disabled={home.pending}
            onClick={() => setArranging(true)}
          />
        )}
        <span className={s.bell}>
          <Bell className={s.ring} size={20} bare />
        </span>
      </PageHeader>
      <div className={s.page}>
        <div className={s.inner}>
          <h2 className={s.greeting}>{t(`home.${greeting(timeZone)}`, { name: first })}</h2>
          <Today />
          {home.pending || stepsPending ? (
            <SkeletonLines count={8} height={44} />
          ) : arranging ? (
            <Suspense fallback={<SkeletonLines count={8} height={44} />}>
              <Arrange home={home} close={() => setArranging(false)} />
            </Suspense>
          ) : (
            <Suspense fallback={<SkeletonLines count={8} height={44} />}>
              {me.administer && <FirstSteps />}
              <Arranged blocks={home.blocks} />
            </Suspense>
          )}
        </div>
      </div>
    </>
  );
}

function Arranged({ blocks }: { blocks: Block[] }) {
  const [main, side, below] = places.map(place =>
    blocks.filter(({ at }) => at === place).map(block => <BlockOf key={keyOfBlock(block)} block={block} />),
  );
  return (
    <>
      <div className={s.columns}>
        <div>{main}</div>
        <div>{side}</div>
      </div>
      {below}
    </>
  );
}
