import { useMediaQuery } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { DropToImport } from '../imports/DropToImport.tsx';
import { inText } from '../model/language.ts';
import { isList, type Layout } from '../model/layouts.ts';
import { objectAt, useMeta } from '../model/meta.tsx';
import { useSight } from '../model/sight.ts';
import { openDialog } from '../shell/dialogs.ts';
import { useKeys } from '../shell/keys.ts';
import { Failure, Missing } from '../shell/Missing.tsx';
import { ViewChanges } from '../views/ViewChanges.tsx';
import { ViewTabs } from '../views/ViewTabs.tsx';
import { DisplayMenu } from './DisplayMenu.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Finder } from './Finder.tsx';
import { Star } from './Keep.tsx';
import { ListMenu } from './ListMenu.tsx';
import s from './ListPage.module.css';
import { PhoneList } from './PhoneList.tsx';
import { SortMenu } from './SortMenu.tsx';
import { Table } from './Table.tsx';
import { type ListModel, useList } from './use-list.ts';

const Board = lazy(() => import('./Board.tsx'));
/** Layouts that ask for their records themselves. */
const drawn: Partial<Record<Layout, React.ComponentType<{ object: MetaObject; list: ListModel }>>> = {
  calendar: lazy(() => import('../layouts/Calendar.tsx')),
  chart: lazy(() => import('../layouts/Chart.tsx')),
  schedule: lazy(() => import('../layouts/Schedule.tsx')),
  map: lazy(() => import('../layouts/WorldMap.tsx')),
};
const Split = lazy(() => import('../layouts/Split.tsx'));
const Peek = lazy(() => import('./Peek.tsx'));
const SelectionBar = lazy(() => import('./SelectionBar.tsx'));

const route = getRouteApi('/frame/$object');

export function ListPage() {
  const meta = useMeta();
  const { object: path } = route.useParams();
  const object = objectAt(meta, path);
  return object ? <ListOf key={object.name} object={object} /> : <Missing />;
}

function Nothing({ object, list }: { object: MetaObject; list: ListModel }) {
  const { t } = useTranslation();
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
          </>
        )
      }
    />
  );
}

function useNarrow(): boolean {
  return useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
}

function Body({ object, list }: { object: MetaObject; list: ListModel }) {
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

function ListOf({ object }: { object: MetaObject }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const list = useList(object);
  const add = () => openDialog({ kind: 'create', object: object.name });
  // A list beside its record always has one open.
  const dismiss = () =>
    list.peek && list.state.layout !== 'split' ? list.setPeek(null) : list.setSelected(new Set());
  const chosen = list.peek ?? (list.selected.size === 1 ? [...list.selected][0] : null);
  const row = list.rows.find(each => each.id === chosen) ?? null;
  useSight(
    useMemo(
      () => ({ object: object.name, row, setDensity: list.setDensity }),
      [object, row, list.setDensity],
    ),
  );
  useKeys({
    ...(object.can.create ? { 'list.create': add } : {}),
    Escape: dismiss,
  });
  return (
    <>
      <PageHeader
        icon={object.icon}
        title={list.state.trash ? t('list.trashOf', { objects: inText(object.plural) }) : object.plural}
        lead={null}
        tabs={
          !list.state.trash && (
            <ViewTabs object={object} views={list.views} view={list.view} changed={list.changed} />
          )
        }
      >
        {list.view && <Star object="view" id={list.view.id} />}
        {!narrow && <Finder object={object} list={list} />}
        <ListMenu object={object} list={list} />
        {object.can.create && !list.state.trash && (
          <Button
            look="primary"
            icon="plus"
            onClick={add}
            aria-label={t('list.new', { object: inText(object.label) })}
          >
            {t('list.new', { object: inText(object.label) })}
          </Button>
        )}
      </PageHeader>
      <div className={s.toolbar}>
        {narrow && <Finder object={object} list={list} />}
        {list.state.trash && (
          <Button icon="arrow-left" onClick={() => list.change({ trash: false })}>
            {t('list.leaveTrash')}
          </Button>
        )}
        <FilterBar object={object} state={list.state} count={list.count} change={list.change}>
          <ViewChanges object={object} list={list} />
        </FilterBar>
        <div className={s.tools}>
          {list.count !== undefined && isList(list.state.layout) && (
            <span className={s.count} role="status">
              {t('list.count', { count: list.count })}
            </span>
          )}
          {isList(list.state.layout) && <SortMenu object={object} state={list.state} change={list.change} />}
          <DisplayMenu object={object} list={list} />
        </div>
      </div>
      <div className={s.body}>
        <Body object={object} list={list} />
        <Suspense fallback={null}>
          {list.selected.size > 0 && <SelectionBar object={object} list={list} />}
          {list.peek && list.state.layout !== 'split' && (
            <Peek object={object} id={list.peek} onClose={() => list.setPeek(null)} onMerged={list.setPeek} />
          )}
        </Suspense>
        {object.can.create && <DropToImport object={object} />}
      </div>
    </>
  );
}
