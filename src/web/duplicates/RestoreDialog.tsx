import { DialogFrame } from '../shell/DialogFrame.tsx';
import './words.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MetaObject, RewindResult } from '../../engine/index.ts';
import { exactly } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { type Row, read, write } from '../api.ts';
import { isEmpty, objectNamed, useMeta } from '../model/meta.tsx';
import { fail, failureText, keys, useActions, useRecord } from '../model/records.ts';
import f from '../records/Form.module.css';
import { differing } from '../records/moments.ts';
import { SideTable } from '../records/SideTable.tsx';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';

type RestoreRequest = Extract<Dialog, { kind: 'restore' }>;

/** A record back to how it was at a moment: what would change is shown before. */
export default function RestoreDialog({ dialog }: { dialog: RestoreRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  return object ? <RestoreOf object={object} dialog={dialog} /> : null;
}

function useRestore(object: MetaObject, { id, at }: RestoreRequest) {
  const address = `/api/${object.path}/${id}`;
  return useQuery({
    queryKey: [...keys.record(object.name, id), 'then', at],
    queryFn: async ({ signal }) => {
      const [then, would] = await Promise.all([
        read<Row>(`${address}?asOf=${encodeURIComponent(at)}`, { signal }),
        read<RewindResult>(`${address}/restore-to`, { body: { at, dryRun: true }, signal }),
      ]);
      return { then, would };
    },
  });
}

function RestoreOf({ object, dialog }: { object: MetaObject; dialog: RestoreRequest }) {
  const services = useFieldServices();
  const actions = useActions();
  const now = useRecord(object, dialog.id);
  const found = useRestore(object, dialog);
  const [busy, setBusy] = useState(false);
  const when = exactly(dialog.at, services);
  const { then, would } = found.data ?? {};
  const problems = would?.shown.flatMap(each => each.problems) ?? [];
  const some = (would?.records ?? 0) > 0;

  async function restore() {
    setBusy(true);
    try {
      const order = { at: dialog.at, ...(problems.length > 0 ? { keep: true } : {}) };
      const { data } = await write<RewindResult>(
        'POST',
        `/api/${object.path}/${dialog.id}/restore-to`,
        order,
      );
      closeDialog();
      dialog.onDone?.();
      actions.settled(t('restore.done', { when }), data.changeSet);
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  }

  return (
    <DialogFrame title={t('restore.title', { when })} icon="history" size={600}>
      <div className={f.fields}>
        {found.error && (
          <p className={f.text} role="alert">
            {failureText(found.error)}
          </p>
        )}
        {found.isPending && <SkeletonLines count={4} />}
        {would && !some && problems.length === 0 && <p className={f.text}>{t('restore.nothing')}</p>}
        {would && some && <p className={f.text}>{t('restore.text')}</p>}
        {then && now.data && some && (
          <SideTable
            fields={differing(object, now.data, then).filter(field => field.editable)}
            one={{ label: t('restore.now'), row: now.data }}
            other={{ label: t('restore.then'), row: then }}
          />
        )}
        {then && now.data && !isEmpty(now.data.deletedAt) && isEmpty(then.deletedAt) && (
          <p className={f.text}>{t('restore.trash')}</p>
        )}
        {problems.length > 0 && (
          <div className={f.text} role="alert">
            <p>{t('restore.blocked', { count: problems.length })}</p>
            <ul>
              {problems.map(({ pointer, message }) => (
                <li key={pointer + message}>{message}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <footer className={f.foot}>
        <Button onClick={closeDialog}>{t('form.cancel')}</Button>
        <Button
          look="primary"
          icon="history"
          busy={busy}
          disabled={!would || (!some && problems.length === 0)}
          onClick={() => void restore()}
        >
          {t(problems.length > 0 ? 'restore.keep' : 'restore.do')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
