import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MetaObject, MetaVerb } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { isEmpty, objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';
import s from './Form.module.css';
import { FormFields } from './FormFields.tsx';
import { schemaFields, useForm } from './use-form.ts';

type VerbRequest = Extract<Dialog, { kind: 'verb' }>;

/** Asks for what a verb needs, and carries it out. */
export default function VerbDialog({ dialog }: { dialog: VerbRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  const verb = object?.verbs.find(v => v.name === dialog.verb);
  return object && verb ? <Run object={object} verb={verb} id={dialog.id} /> : null;
}

function Run({ object, verb, id }: { object: MetaObject; verb: MetaVerb; id: string }) {
  const { t } = useTranslation();
  const actions = useActions();
  const fields = schemaFields(verb.input);
  const form = useForm(fields, {});

  async function submit() {
    const given = Object.fromEntries(Object.entries(form.values).filter(([, value]) => !isEmpty(value)));
    const done = await form.submit(() => actions.run(object, id, verb.name, verb.label, given));
    if (done) closeDialog();
  }

  return (
    <Modal
      opened
      onClose={closeDialog}
      size={440}
      title={
        <span className={s.title}>
          <Icon name={verb.icon} />
          {verb.label}
        </span>
      }
      closeButtonProps={{ 'aria-label': t('toast.close') }}
      classNames={{ body: s.body, header: s.header }}
    >
      <form
        className={s.form}
        noValidate
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={s.fields}>
          <p className={s.text}>{verb.description}</p>
          <FormFields fields={fields} values={form.values} problems={form.problems} onChange={form.set} />
        </div>
        {form.other && (
          <p className={s.problem} role="alert">
            {form.other}
          </p>
        )}
        <footer className={s.foot}>
          <Button onClick={closeDialog}>{t('form.cancel')}</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            {verb.label}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
