import i18next from 'i18next';
import type { Json, MetaObject } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import en from '../locales/en/bulk.json' with { type: 'json' };
import { countOf } from '../model/bulk.ts';
import { fieldOf } from '../model/meta.tsx';
import { openDialog } from '../shell/dialogs.ts';
import { BulkEdit } from './BulkEdit.tsx';
import { ExportChosen, ModuleButtons, RunVerb } from './BulkMenus.tsx';
import s from './SelectionBar.module.css';
import { useChosen } from './use-chosen.ts';
import type { ListModel } from './use-list.ts';
import { mayMerge } from './Verbs.tsx';

i18next.addResourceBundle('en', 'translation', en, true);

/** Side by side nobody compares more. */
const mostMerged = 12;

/** An address does not hold more ids: that of a file is asked of the server, that of a page stays in the window. */
const mostExported = 50;
const mostHandedOver = 200;

function Count({ list, count }: { list: ListModel; count: number }) {
  const more = !list.every && list.count !== undefined && list.count > list.selected.size;
  return (
    <>
      <span className={s.count} role="status">
        {list.every ? t('bulk.every', { count }) : t('bulk.selected', { count: list.selected.size })}
      </span>
      {more && list.rows.every(row => list.selected.has(row.id)) && (
        <Button look="quiet" onClick={() => list.setEvery(true)}>
          {t('bulk.selectEvery', { count: list.count ?? 0 })}
        </Button>
      )}
    </>
  );
}

/** What can be done with the rows that are chosen. */
export default function SelectionBar({ object, list }: { object: MetaObject; list: ListModel }) {
  const { chosen, run } = useChosen(object, list);
  const clear = () => list.setSelected(new Set());
  const count = countOf(chosen);
  const owner = object.owner ? fieldOf(object, object.owner) : undefined;
  const { trash } = list.state;
  const edit = { object, count, onApply: (values: Record<string, Json>) => run({ act: 'update', values }) };
  return (
    <div className={s.bar} role="toolbar" aria-label={t('bulk.label')}>
      <Count list={list} count={count} />
      {list.editable && <BulkEdit {...edit} label={t('bulk.edit')} icon="pencil" />}
      {list.editable && owner?.editable && (
        <BulkEdit {...edit} label={t('bulk.assign')} icon="user" of={owner} />
      )}
      {!trash && (
        <RunVerb object={object} count={count} onRun={(verb, input) => run({ act: 'verb', verb, input })} />
      )}
      {!trash && (list.every || count <= mostHandedOver) && (
        <ModuleButtons object={object} list={list} chosen={chosen} />
      )}
      {mayMerge(object) && !trash && !list.every && count > 1 && count <= mostMerged && (
        <Button
          look="quiet"
          icon="arrow-merge"
          onClick={() =>
            openDialog({ kind: 'merge', object: object.name, ids: [...list.selected], onDone: clear })
          }
        >
          {t('bulk.merge')}
        </Button>
      )}
      {object.can.export && (list.every || count <= mostExported) && (
        <ExportChosen object={object} list={list} chosen={chosen} />
      )}
      {object.can.delete && (
        <Button
          look="quiet"
          icon={trash ? 'arrow-back-up' : 'trash'}
          onClick={() => run({ act: trash ? 'restore' : 'delete' })}
        >
          {t(trash ? 'list.restore' : 'bulk.delete')}
        </Button>
      )}
      <IconButton icon="x" label={t('bulk.clear')} onClick={clear} />
    </div>
  );
}
