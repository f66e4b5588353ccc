import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import type { Layout } from '../model/layouts.ts';
import { useMeta } from '../model/meta.tsx';
import { openDialog } from '../shell/dialogs.ts';
import { Failure } from '../shell/Missing.tsx';
import s from './ListPage.module.css';
import { PhoneList } from './PhoneList.tsx';
import { Table } from './Table.tsx';
import type { ListModel } from './use-list.ts';

const Board = lazy(() => import('./Board.tsx'));

/** Layouts that ask for their records themselves. */
const drawn: Partial<Record<Layout, React.ComponentType<{ object: MetaObject; list: ListModel }>>> = {
  calendar: lazy(() => import('../layouts/Calendar.tsx')),
  chart: lazy(() => import('../layouts/Chart.tsx')),
  schedule: lazy(() => import('../layouts/Schedule.tsx')),
  map: lazy(() => import('../layouts/WorldMap.tsx')),
};

const SampleOffer = lazy(() => import('../home/SampleOffer.tsx'));
const Split = lazy(() => import('../layouts/Split.tsx'));

function Nothing({ object, list }: { object: MetaObject; list: ListModel }) {
  const { me } = useMeta();
  const navigate = useNavigate();
  if (list.filter || list.q) {
    return (
      <EmptyState
        icon="filter"
        title={t('list.noMatch', { objects: inText(object.plural) })}
        text={t('list.noMatchText')}
        action={<Button onClick={() => list.change({ filter: null, q: '' })}>{t('list.clear')}</Button>}
      />
    );
  }
  if (list.state.trash)
    return <EmptyState icon="trash" title={t('list.trashEmpty', { objects: inText(object.plural) })} />;
  return (
    <EmptyState
      icon={object.icon}
      title={t('list.empty', { objects: inText(object.plural) })}
      text={object.description}
      action={
        object.can.create && (
          <>
            <Button
              look="primary"
              icon="plus"
              onClick={() => openDialog({ kind: 'create', object: object.name })}
            >
              {t('list.create', { object: inText(object.label) })}
            </Button>
            <Button
              icon="upload"
              onClick={() => void navigate({ to: '/import', search: { object: object.name } })}
            >
              {t('list.import')}
            </Button>
            {me.administer && (
              <Suspense fallback={null}>
                <SampleOffer />
              </Suspense>
            )}
          </>
        )
      }
    />
  );
}

/** Whether the screen is that of a phone. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
}

/** What a list shows, by its layout: records, that there are none, or why they could not be fetched. */
export function ListBody({ object, list }: { object: MetaObject; list: ListModel }) {
  const narrow = useNarrow();
  if (list.pending)
    return (
      <div className={s.wait}>
        <SkeletonLines count={14} />
      </div>
    );
  const waiting = (
    <div className={s.wait}>
      <SkeletonLines count={10} />
    </div>
  );
  if (list.state.layout === 'board') {
    return (
      <Suspense fallback={waiting}>
        <Board
          object={object}
          by={list.state.arrangement.by}
          filter={list.filter}
          q={list.q}
          onPeek={list.setPeek}
        />
      </Suspense>
    );
  }
  const Layout = drawn[list.state.layout];
  if (Layout)
    return (
      <Suspense fallback={waiting}>
        <Layout object={object} list={list} />
      </Suspense>
    );
  const { groups, records } = list;
  const error = groups ? groups.error : records.data ? null : records.error;
  if (error) return <Failure error={error} retry={groups ? groups.retry : () => void records.refetch()} />;
  if (groups ? groups.pending : records.isPending)
    return (
      <div className={s.wait}>
        <SkeletonLines count={14} />
      </div>
    );
  if (list.lines.length === 0) return <Nothing object={object} list={list} />;
  if (list.state.layout === 'split')
    return (
      <Suspense fallback={waiting}>
        <Split object={object} list={list} />
      </Suspense>
    );
  return narrow ? <PhoneList object={object} list={list} /> : <Table object={object} list={list} />;
}
