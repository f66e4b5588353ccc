import i18next from 'i18next';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import en from '../locales/en/paste.json' with { type: 'json' };
import { objectNamed, useMeta } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import { closeDialog } from '../shell/dialogs.ts';
import { mostPasted } from './cells.ts';
import f from './Form.module.css';
import s from './PasteDialog.module.css';
import { type Cell, type PasteRequest, usePaste } from './use-paste.ts';

i18next.addResourceBundle('en', 'translation', en, true);

/** Shows what pasted cells would do, and does it as one change. */
export default function PasteDialog({ dialog }: { dialog: PasteRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  return object ? <Preview object={object} dialog={dialog} /> : null;
}

function Preview({ object, dialog }: { object: MetaObject; dialog: PasteRequest }) {
  const { error, waiting, cells, busy, apply } = usePaste(object, dialog);
  return (
    <DialogFrame title={t('paste.title')} size={720}>
      {error && (
        <p className={f.problem} role="alert">
          {failureText(error)}
        </p>
      )}
      {waiting && (
        <div className={s.wait} role="status" aria-label={t('paste.reading')}>
          <SkeletonLines count={5} />
        </div>
      )}
      {cells && (
        <>
          <p className={s.summary} role="status">
            <b>{t('paste.changes', { count: cells.changes.length })}</b>
            {cells.same > 0 && <span>{t('paste.same', { count: cells.same })}</span>}
            {cells.problems.length > 0 && (
              <span className={s.wrong}>{t('paste.unread', { count: cells.problems.length })}</span>
            )}
          </p>
          {dialog.over > 0 && (
            <p className={s.note}>
              {dialog.rows.length === mostPasted
                ? t('paste.most', { count: mostPasted })
                : t('paste.over', { count: dialog.over })}
            </p>
          )}
          <Cells cells={[...cells.problems, ...cells.changes]} />
        </>
      )}
      <footer className={f.foot}>
        <Button onClick={closeDialog}>{t('form.cancel')}</Button>
        <Button
          look="primary"
          busy={busy}
          disabled={!cells || cells.changes.length === 0}
          onClick={() => void apply()}
          data-autofocus
        >
          {t('paste.do', { count: cells?.changes.length ?? 0 })}
        </Button>
      </footer>
    </DialogFrame>
  );
}

/** More than this nobody reads before deciding; the undo is for the rest. */
const mostShown = 200;

function Cells({ cells }: { cells: Cell[] }) {
  if (cells.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys.
    <section className={s.box} tabIndex={0} aria-label={t('paste.title')}>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">{t('paste.record')}</th>
            <th scope="col">{t('paste.field')}</th>
            <th scope="col">{t('paste.before')}</th>
            <th scope="col">{t('paste.after')}</th>
          </tr>
        </thead>
        <tbody>
          {cells.slice(0, mostShown).map(cell => (
            <tr key={cell.key} data-wrong={cell.problem !== null || undefined}>
              <th scope="row">{cell.title}</th>
              <td>{cell.label}</td>
              <td className={s.before}>{cell.before || t('paste.empty')}</td>
              <td>
                {cell.after || t('paste.empty')}
                {cell.problem && <span className={s.why}>{cell.problem}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {cells.length > mostShown && <p className={s.note}>{t('paste.first', { count: mostShown })}</p>}
    </section>
  );
}
