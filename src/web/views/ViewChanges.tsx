import { useNavigate } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { savedValues } from '../model/view-state.ts';
import { mayChange } from '../model/views.ts';
import type { ListModel } from '../records/use-list.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './Views.module.css';

/** What to do about a list that differs from its view: keep it, keep it as another, or go back. */
export function ViewChanges({ object, list }: { object: MetaObject; list: ListModel }) {
  const meta = useMeta();
  const actions = useActions();
  const navigate = useNavigate();
  const kind = objectNamed(meta, 'view');
  const { view } = list;
  if (view === undefined)
    return (
      <p className={s.gone} role="status">
        {t('view.gone')}
      </p>
    );
  if (!kind || !list.changed) return null;
  const values = savedValues({ ...list.state, widths: list.widths }, list.kept);
  const toView = () =>
    void navigate({
      to: '/$object',
      params: { object: object.path },
      search: view ? { view: view.id } : {},
      replace: true,
    });

  function save() {
    if (!kind || !view) return;
    // Shown at once, so that going to the view changes nothing on the screen.
    void actions.edit(kind, view, values);
    toView();
  }

  return (
    <span className={s.changes} data-waiting={list.pending || undefined}>
      {view && mayChange(view, meta.me) && (
        <Button look="quiet" icon="check" onClick={save}>
          {t('view.save')}
        </Button>
      )}
      {kind.can.create && (
        <Button
          look="quiet"
          icon="bookmark"
          onClick={() =>
            openDialog({ kind: 'view', object: object.name, values: { ...values, object: object.name } })
          }
        >
          {t(view ? 'view.saveAsNew' : 'view.saveAs')}
        </Button>
      )}
      {view && (
        <Button look="quiet" onClick={toView}>
          {t('view.discard')}
        </Button>
      )}
    </span>
  );
}
