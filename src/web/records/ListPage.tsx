import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { t } from '../../kit/words.ts';
import { DropToImport } from '../imports/DropToImport.tsx';
import { countOf } from '../model/bulk.ts';
import { inText } from '../model/language.ts';
import { isList } from '../model/layouts.ts';
import { objectAt, useMeta } from '../model/meta.tsx';
import { useSight } from '../model/sight.ts';
import { openDialog } from '../shell/dialogs.ts';
import { useKeys } from '../shell/keys.ts';
import { Missing } from '../shell/Missing.tsx';
import { ViewChanges } from '../views/ViewChanges.tsx';
import { ViewTabs } from '../views/ViewTabs.tsx';
import { DisplayMenu } from './DisplayMenu.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Finder } from './Finder.tsx';
import { Star } from './Keep.tsx';
import { ListBody, useNarrow } from './ListBody.tsx';
import { ListMenu } from './ListMenu.tsx';
import s from './ListPage.module.css';
import { SortMenu } from './SortMenu.tsx';
import { useChosen } from './use-chosen.ts';
import { useList } from './use-list.ts';

const Peek = lazy(() => import('./Peek.tsx'));

const SelectionBar = lazy(() => import('./SelectionBar.tsx'));

const route = getRouteApi('/frame/$object');

export function ListPage() {
  const meta = useMeta();
  const { object: path } = route.useParams();
  const object = objectAt(meta, path);
  return object ? <ListOf key={object.name} object={object} /> : <Missing />;
}

function ListOf({ object }: { object: MetaObject }) {
  const narrow = useNarrow();
  const list = useList(object);
  const add = () => openDialog({ kind: 'create', object: object.name });
  // A list beside its record always has one open.
  const dismiss = () =>
    list.peek && list.state.layout !== 'split' ? list.setPeek(null) : list.setSelected(new Set());
  const chosen = list.peek ?? (list.selected.size === 1 ? [...list.selected][0] : null);
  const row = list.rows.find(each => each.id === chosen) ?? null;
  const { chosen: several, run } = useChosen(object, list);
  const many = list.every || list.selected.size > 1 ? { count: countOf(several), run } : null;
  useSight({ object: object.name, row, many, setDensity: list.setDensity });
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
        <ListBody object={object} list={list} />
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
