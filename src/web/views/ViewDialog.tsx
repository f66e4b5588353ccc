import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Json, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { type Row, write } from '../api.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { keys, useActions, useRecord, written } from '../model/records.ts';
import s from '../records/Form.module.css';
import { FormFields } from '../records/FormFields.tsx';
import { useForm } from '../records/use-form.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';

type ViewRequest = Extract<Dialog, { kind: 'view' }>;

/** Names a view and says for whom it is. */
export default function ViewDialog({ dialog }: { dialog: ViewRequest }) {
  const kind = objectNamed(useMeta(), 'view');
  if (!kind) return null;
  return dialog.id ? (
    <Known kind={kind} dialog={dialog} id={dialog.id} />
  ) : (
    <Form kind={kind} dialog={dialog} row={null} />
  );
}

function Known({ kind, dialog, id }: { kind: MetaObject; dialog: ViewRequest; id: string }) {
  const row = useRecord(kind, id).data;
  return row ? <Form kind={kind} dialog={dialog} row={row} /> : null;
}

const asked = ['name', 'visibility', 'pinned', 'defaultFor'];

function Form({ kind, dialog, row }: { kind: MetaObject; dialog: ViewRequest; row: Row | null }) {
  const meta = useMeta();
  const client = useQueryClient();
  const navigate = useNavigate();
  const actions = useActions();
  const fields = kind.fields.filter(field => asked.includes(field.name) && field.editable);
  const start: Record<string, Json> = row
    ? Object.fromEntries(asked.map(name => [name, row[name] ?? null]))
    : (dialog.values ?? {});
  const form = useForm(fields, start);
  const object = objectNamed(meta, dialog.object);

  async function create() {
    const made = await actions.create(kind, form.values);
    await client.refetchQueries({ queryKey: keys.lists(kind.name), type: 'active' });
    if (object)
      void navigate({
        to: '/$object',
        params: { object: object.path },
        search: { view: made.id },
        replace: true,
      });
    return made;
  }

  async function change(known: Row) {
    const answer = await write<Row>(
      'PATCH',
      `/api/${kind.path}/${known.id}`,
      written({ fields }, form.values),
      { headers: () => ({ 'If-Match': `"${known.version}"` }) },
    );
    actions.settled(t('view.saved'), answer.changeSet);
    return answer.data;
  }

  async function submit() {
    if (await form.submit(() => (row ? change(row) : create()))) closeDialog();
  }

  return (
    <DialogFrame
      title={t(row ? 'view.change' : 'view.saveAs')}
      icon={kind.icon}
      onSubmit={() => void submit()}
    >
      <div className={s.fields}>
        <FormFields
          fields={fields}
          values={form.values}
          problems={form.problems}
          onChange={form.set}
          focusFirst
        />
      </div>
      {form.other && (
        <p className={s.problem} role="alert">
          {form.other}
        </p>
      )}
      <footer className={s.foot}>
        <Button onClick={closeDialog}>{t('form.cancel')}</Button>
        <Button type="submit" look="primary" busy={form.busy}>
          {t('view.keep')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
