import type { DuplicateHit, MetaObject, MetaVerb } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { useSame } from '../duplicates/pairs.ts';
import { blockedFirst, SameAs } from '../duplicates/SameAs.tsx';
import { isEmpty, objectNamed, useMeta } from '../model/meta.tsx';
import { useActions, useRecord, written } from '../model/records.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';
import s from './Form.module.css';
import { FormFields } from './FormFields.tsx';
import { schemaFields, useForm } from './use-form.ts';

type Making = MetaVerb['makes'][number];
type VerbRequest = Extract<Dialog, { kind: 'verb' }>;

/** Asks for what a verb needs, and carries it out. */
export default function VerbDialog({ dialog }: { dialog: VerbRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  const verb = object?.verbs.find(v => v.name === dialog.verb);
  return object && verb ? <Run object={object} verb={verb} dialog={dialog} /> : null;
}

/** What the verb would make that there may be already, and the way to take it instead. */
function Makes({ makes, row, onUse }: { makes: Making; row: Row; onUse(hit: DuplicateHit): void }) {
  const object = objectNamed(useMeta(), makes.object);
  const values = Object.fromEntries(Object.entries(makes.of).map(([to, from]) => [to, row[from] ?? null]));
  const hits = blockedFirst(useSame(object, values));
  if (!object) return null;
  const use = makes.instead === null ? [] : [{ label: t('same.use'), run: onUse }];
  return <SameAs object={object} hits={hits} actions={use} />;
}

/** Told of one record: what its verb would make that there may be already. */
function MakesOf({
  object,
  id,
  makes,
  onUse,
}: {
  object: MetaObject;
  id: string;
  makes: Making;
  onUse(hit: DuplicateHit): void;
}) {
  const row = useRecord(object, id).data;
  return row ? <Makes makes={makes} row={row} onUse={onUse} /> : null;
}

function Run({ object, verb, dialog }: { object: MetaObject; verb: MetaVerb; dialog: VerbRequest }) {
  const actions = useActions();
  const fields = schemaFields(verb.input);
  const form = useForm(fields, {});
  const { id, many } = dialog;

  async function submit() {
    const given = Object.fromEntries(Object.entries(form.values).filter(([, value]) => !isEmpty(value)));
    const input = written({ fields }, given);
    if (many) many.run(input);
    else if (!id || !(await form.submit(() => actions.run(object, id, verb.name, verb.label, input)))) return;
    closeDialog();
  }

  return (
    <DialogFrame title={verb.label} icon={verb.icon} onSubmit={() => void submit()}>
      <div className={s.fields}>
        <p className={s.text}>{verb.description}</p>
        {many && <p className={s.text}>{t('bulk.selected', { count: many.count })}</p>}
        <FormFields fields={fields} values={form.values} problems={form.problems} onChange={form.set} />
      </div>
      {id &&
        verb.makes
          .filter(({ instead }) => isEmpty(form.values[instead ?? '']))
          .map(makes => (
            <MakesOf
              key={makes.object}
              object={object}
              id={id}
              makes={makes}
              onUse={({ id: known, title }) => makes.instead && form.set(makes.instead, { id: known, title })}
            />
          ))}
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
    </DialogFrame>
  );
}
