import type { Json } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { fieldOf, formatOf, isEmpty, objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import s from '../records/Form.module.css';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import { closeDialog, type Dialog, type UndoConflict } from '../shell/dialogs.ts';

type UndoRequest = Extract<Dialog, { kind: 'undo' }>;

const shown = 5;

function Line({ conflict }: { conflict: UndoConflict }) {
  const meta = useMeta();
  const object = objectNamed(meta, conflict.object);
  const field = object && fieldOf(object, conflict.field);
  const words = (value: Json) =>
    !field || isEmpty(value) ? t('timeline.nothing') : viewOf(field.type).text(value, field, formatOf(meta));
  return (
    <tr>
      <td>{[object?.label, field?.label].filter(Boolean).join(' · ')}</td>
      <td>{words(conflict.after)}</td>
      <td className={s.mine}>{words(conflict.now)}</td>
    </tr>
  );
}

/** An undo that would overwrite what was changed since: shows what, and offers to spare it. */
export default function UndoDialog({ dialog }: { dialog: UndoRequest }) {
  const actions = useActions();
  const { conflicts, count } = dialog;
  return (
    <DialogFrame title={t('changes.conflict.title')} size={560}>
      <div className={s.fields}>
        <p className={s.text}>{t('changes.conflict.text', { count })}</p>
        {conflicts.length > 0 && (
          <table className={s.sides}>
            <thead>
              <tr>
                <th>{t('conflict.field')}</th>
                <th>{t('changes.conflict.was')}</th>
                <th>{t('changes.conflict.now')}</th>
              </tr>
            </thead>
            <tbody>
              {conflicts.slice(0, shown).map(conflict => (
                <Line key={`${conflict.id}-${conflict.field}`} conflict={conflict} />
              ))}
            </tbody>
          </table>
        )}
        {count > shown && <p className={s.text}>{t('changes.conflict.more', { count: count - shown })}</p>}
      </div>
      <footer className={s.foot}>
        <Button onClick={closeDialog}>{t('changes.conflict.leave')}</Button>
        <Button
          look="primary"
          onClick={() => {
            closeDialog();
            void actions.undo(dialog.changeSet, true);
          }}
        >
          {t('changes.conflict.keep')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
