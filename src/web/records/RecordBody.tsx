import './words.ts';
import { useNavigate } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Coming, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { FilesPanel } from '../files/FilesPanel.tsx';
import { inText } from '../model/language.ts';
import type { RecordSearch } from '../model/moment-state.ts';
import type { Panel } from '../model/page-layout.ts';
import { useParts } from '../model/parts.ts';
import { useTree } from '../model/tree.ts';
import { Composer } from './Composer.tsx';
import { Facts } from './Facts.tsx';
import { Panels, type Tab } from './Panels.tsx';
import s from './RecordHead.module.css';
import { RecordHead } from './RecordHead.tsx';
import { Related, usePanels } from './Related.tsx';
import { RelatedTable } from './RelatedTable.tsx';
import { Timeline } from './Timeline.tsx';
import { TreeCard } from './TreeCard.tsx';

/** What people call the records directly below: subsidiaries. */
function belowLabel(object: MetaObject): string {
  const back = object.relations.find(
    ({ object: of, field }) => of === object.name && field === object.hierarchy,
  );
  return back?.label ?? object.plural;
}

function useTabs(object: MetaObject, row: Row, below: boolean): Tab[] {
  const contentOf = (panel: Panel): Tab[] => {
    const { name } = panel;
    // A single record has no need of the whole width.
    if (panel.kind === 'link') return [];
    if (panel.kind === 'files')
      return [{ name, label: t('page.files'), content: <FilesPanel object={object} id={row.id} wide /> }];
    if (panel.kind === 'hierarchy')
      return [{ name, label: t('page.tree'), content: <TreeCard object={object} row={row} /> }];
    const content = <RelatedTable object={object} row={row} below={below} panel={panel} />;
    return [{ name, label: panel.label, content }];
  };
  const own = useParts(object.name, 'tab').map(
    (brought): Tab => ({
      name: brought.name,
      label: t(brought.title),
      content: (
        <Suspense fallback={<SkeletonLines count={5} />}>
          <brought.part object={object} row={row} />
        </Suspense>
      ),
    }),
  );
  return [...own, ...usePanels(object, 'tab').flatMap(contentOf)];
}

interface RecordBodyProps {
  object: MetaObject;
  row: Row;
  search: RecordSearch;
}

/** The page of a record as it is now, laid out for who is here. */
export function RecordBody({ object, row, search }: RecordBodyProps) {
  const navigate = useNavigate();
  const below = search.below === true;
  const tabs = useTabs(object, row, below);
  const tops = useParts(object.name, 'top');
  const beside = useParts(object.name, 'record');
  const side = usePanels(object, 'side');
  const tree = useTree(object, row.id).data;
  const parent = tree?.data.some(node => node.parent === row.id) === true;
  const go = (part: Partial<RecordSearch>) =>
    void navigate({
      to: '/$object/$id',
      params: { object: object.path, id: row.id },
      search: { ...search, ...part },
      replace: true,
    });
  return (
    <Panels
      head={
        <>
          <RecordHead object={object} row={row}>
            {(parent || below) && (
              <label className={s.switch}>
                <input
                  type="checkbox"
                  checked={below}
                  onChange={event => go({ below: event.currentTarget.checked || undefined })}
                />
                {t('page.withBelow', { below: inText(belowLabel(object)) })}
              </label>
            )}
          </RecordHead>
          {tops.map((top, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: modules bring them once, in an order that stays.
            <div key={at} className={s.top} style={{ minBlockSize: top.height }}>
              <Suspense fallback={<Coming />}>
                <top.part object={object} row={row} />
              </Suspense>
            </div>
          ))}
        </>
      }
      facts={
        <>
          <Facts object={object} row={row} />
          {beside.map((Part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            <Suspense key={at}>
              <Part object={object} row={row} />
            </Suspense>
          ))}
        </>
      }
      middle={
        <>
          <Composer object={object} id={row.id} />
          <Timeline object={object} id={row.id} below={below} />
        </>
      }
      related={side.length > 0 ? <Related object={object} row={row} below={below} /> : null}
      tabs={tabs}
      tab={search.tab}
      onTab={tab => go({ tab })}
    />
  );
}
