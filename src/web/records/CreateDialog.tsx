import { useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import type { DuplicateHit, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { t } from '../../kit/words.ts';
import { useSame } from '../duplicates/pairs.ts';
import { blockedFirst, SameAs } from '../duplicates/SameAs.tsx';
import { inText } from '../model/language.ts';
import { isEmpty, objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { useLayout } from '../model/page-layout.ts';
import { useParts } from '../model/parts.ts';
import { useActions } from '../model/records.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';
import s from './Form.module.css';
import { FormFields } from './FormFields.tsx';
import { useFirsts } from './use-firsts.ts';
import { formFields, useForm } from './use-form.ts';

type CreateRequest = Extract<Dialog, { kind: 'create' }>;

/** Makes a record of any object: only what is needed first, the rest on request. */
export default function CreateDialog({ dialog }: { dialog: CreateRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  return object ? <Create object={object} dialog={dialog} /> : null;
}

function Create({ object, dialog }: { object: MetaObject; dialog: CreateRequest }) {
  const meta = useMeta();
  const navigate = useNavigate();
  const actions = useActions();
  const { first, more } = formFields(object, useLayout(object));
  const hidden = more.filter(field => isEmpty(dialog.values?.[field.name]));
  const shown = [...first, ...more.filter(field => !hidden.includes(field))];
  const form = useForm([...first, ...more], dialog.values ?? {});
  useFirsts([...first, ...more], form.values, form.set);
  const [all, setAll] = useState(false);
  const parts = useParts(object.name, 'form');
  const same = blockedFirst(useSame(object, form.values));
  const blocked = same[0]?.mode === 'block';
  const typed = () => Object.fromEntries(Object.entries(form.values).filter(([, value]) => !isEmpty(value)));
  const go = (id: string) => {
    closeDialog();
    void navigate({ to: '/$object/$id', params: { object: object.path, id } });
  };

  function handOver(id: string, title: string) {
    closeDialog();
    dialog.onMade?.({ id, title });
  }

  async function addTo({ id, title }: DuplicateHit) {
    const done = await form.submit(() => actions.fillIn(object, id, typed()));
    if (!done) return;
    if (dialog.onMade) handOver(id, title ?? '');
    else go(id);
  }

  async function submit(open: boolean) {
    if (blocked) return;
    const given = typed();
    const row = await form.submit(() => actions.create(object, given));
    if (!row) return;
    if (dialog.onMade) handOver(row.id, titleOf(meta, object, row));
    else if (open) go(row.id);
    else closeDialog();
  }

  const label = inText(object.label);
  return (
    <DialogFrame
      title={t('list.create', { object: label })}
      icon={object.icon}
      size={520}
      onSubmit={() => void submit(false)}
    >
      <div className={s.fields}>
        <FormFields
          fields={all ? [...shown, ...hidden] : shown}
          values={form.values}
          problems={form.problems}
          onChange={form.set}
          focusFirst
        />
        {hidden.length > 0 && !all && (
          <button type="button" className={s.more} onClick={() => setAll(true)}>
            <Icon name="plus" size={14} />
            {t('form.more', { count: hidden.length })}
          </button>
        )}
        {parts.map((Part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: modules bring them once, in an order that stays.
          <Suspense key={at}>
            <Part values={form.values} set={form.set} />
          </Suspense>
        ))}
      </div>
      <SameAs
        object={object}
        hits={same}
        actions={[
          { label: t('same.open'), run: hit => go(hit.id) },
          ...(object.can.edit ? [{ label: t('same.add'), run: (hit: DuplicateHit) => void addTo(hit) }] : []),
        ]}
      />
      {form.other && (
        <p className={s.problem} role="alert">
          {form.other}
        </p>
      )}
      <footer className={s.foot}>
        <span className={s.hint}>
          <Kbd keys={['mod', '↵']} />
        </span>
        {!dialog.onMade && (
          <Button onClick={() => void submit(true)} disabled={form.busy || blocked}>
            {t('form.createOpen')}
          </Button>
        )}
        <Button type="submit" look="primary" busy={form.busy} disabled={blocked}>
          {t('list.create', { object: label })}
        </Button>
      </footer>
    </DialogFrame>
  );
}
