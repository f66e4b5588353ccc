import { type FormEvent, useState } from 'react';
import type { MetaField, MetaObject, RuleSetting } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { plainFields } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import { nameFor } from '../settings/define.ts';
import s from '../settings/Settings.module.css';
import q from './Duplicates.module.css';

const comparisons = [
  'exact',
  'line',
  'words',
  'mailbox',
  'digits',
  'domain',
  'person',
  'organisation',
] as const;
/** Fields of a rule at most. */
const most = 4;

/** How values of a type are compared unless someone says otherwise. */
const usual: Record<string, string> = {
  email: 'mailbox',
  phone: 'digits',
  url: 'domain',
  personName: 'person',
  text: 'line',
};

interface NewRuleProps {
  object: MetaObject;
  taken: string[];
  save(rule: RuleSetting): Promise<void>;
  onCancel(): void;
}

interface Compared {
  field: string;
  by: string;
}

function fieldsOf(object: MetaObject): MetaField[] {
  return plainFields(object).filter(({ relation, editable }) => editable && !relation?.many);
}

/** A rule of the workspace's own: which fields have to be the same, and how they are compared. */
export function NewRule({ object, taken, save, onCancel }: NewRuleProps) {
  const fields = fieldsOf(object);
  const compared = (field: MetaField | undefined): Compared => ({
    field: field?.name ?? '',
    by: usual[field?.type ?? ''] ?? 'exact',
  });
  const [label, setLabel] = useState('');
  const [same, setSame] = useState<Compared[]>([compared(fields[0])]);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const free = fields.filter(({ name }) => !same.some(({ field }) => field === name));
  const put = (index: number, next: Compared) =>
    setSame(same.map((each, at) => (at === index ? next : each)));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const fieldsToComparison = Object.fromEntries(same.map(({ field, by }) => [field, by]));
      await save({ name: nameFor(label, taken), label, mode: 'review', same: fieldsToComparison });
    } catch (error) {
      setProblem(failureText(error));
      setBusy(false);
    }
  }

  return (
    <form className={`${s.form} ${s.panel}`} noValidate onSubmit={event => void submit(event)}>
      <Labelled label={t('rules.name')} htmlFor="rule-name" help={t('rules.nameHelp')} required>
        <Input id="rule-name" autoFocus value={label} onChange={event => setLabel(event.target.value)} />
      </Labelled>
      <fieldset className={s.rows}>
        <legend className={s.detail}>{t('rules.when')}</legend>
        {same.map((each, index) => (
          <div key={each.field} className={q.comparing}>
            <Select
              label={t('rules.field')}
              value={each.field}
              options={fields
                .filter(({ name }) => name === each.field || free.some(field => field.name === name))
                .map(({ name, label: words }) => ({ value: name, label: words }))}
              onChange={name => put(index, compared(fields.find(field => field.name === name)))}
            />
            <Select
              label={t('rules.by')}
              value={each.by}
              options={comparisons.map(by => ({ value: by, label: t(`rules.compare.${by}`) }))}
              onChange={by => put(index, { ...each, by })}
            />
            {same.length > 1 && (
              <IconButton
                icon="x"
                label={t('rules.removeField')}
                onClick={() => setSame(same.filter(other => other !== each))}
              />
            )}
          </div>
        ))}
      </fieldset>
      {same.length < most && free.length > 0 && (
        <div className={s.foot}>
          <Button look="quiet" icon="plus" onClick={() => setSame([...same, compared(free[0])])}>
            {t('rules.and')}
          </Button>
        </div>
      )}
      {problem && (
        <p className={s.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={s.foot}>
        <Button type="submit" look="primary" busy={busy} disabled={label.trim() === ''}>
          {t('rules.save')}
        </Button>
        <Button onClick={onCancel}>{t('form.cancel')}</Button>
      </div>
    </form>
  );
}
