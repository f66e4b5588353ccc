import { Button } from '../../../kit/Button.tsx';
import { t } from '../../../kit/words.ts';
import { fieldOf } from '../../../web/model/meta.tsx';
import f from '../../../web/records/Form.module.css';
import { FormFields } from '../../../web/records/FormFields.tsx';
import { useForm } from '../../../web/records/use-form.ts';
import { DialogFrame } from '../../../web/shell/DialogFrame.tsx';
import s from './Scoring.module.css';
import type { Scoring } from './use-scoring.ts';

const asked = ['fitLimit', 'engagementLimit'];

/** How many points each group gives at most. */
export function LimitsDialog({ scoring, close }: { scoring: Scoring; close(): void }) {
  const { card, objects } = scoring;
  const of = objects.card;
  const fields = of ? asked.flatMap(name => fieldOf(of, name) ?? []) : [];
  const form = useForm(fields, Object.fromEntries(asked.map(name => [name, card?.[name] ?? null])));
  if (!of || !card) return null;
  async function submit() {
    if (!(await form.submit(given => scoring.actions.edit(of!, card!, given)))) return;
    close();
    void scoring.askAnew();
  }
  return (
    <DialogFrame title={t('scoring.limits')} icon={of.icon} onClose={close} onSubmit={() => void submit()}>
      <div className={f.fields}>
        <p className={s.hint}>{t('scoring.limitsText')}</p>
        <FormFields
          fields={fields}
          values={form.values}
          problems={form.problems}
          onChange={form.set}
          focusFirst
        />
      </div>
      {form.other && (
        <p className={f.problem} role="alert">
          {form.other}
        </p>
      )}
      <footer className={f.foot}>
        <Button type="submit" look="primary" busy={form.busy}>
          {t('scoring.saveLimits')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
