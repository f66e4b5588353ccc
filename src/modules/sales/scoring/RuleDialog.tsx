import { useState } from 'react';
import type { Json, MetaObject } from '../../../engine/index.ts';
import { str } from '../../../fields/read.tsx';
import { useFieldServices } from '../../../fields/view.ts';
import { Button } from '../../../kit/Button.tsx';
import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import type { Row } from '../../../web/api.ts';
import { fieldOf, objectNamed, offeredFields, useMeta } from '../../../web/model/meta.tsx';
import f from '../../../web/records/Form.module.css';
import { FormFields } from '../../../web/records/FormFields.tsx';
import { useForm } from '../../../web/records/use-form.ts';
import { DialogFrame } from '../../../web/shell/DialogFrame.tsx';
import { filterAfter } from './rule-filter.ts';
import s from './Scoring.module.css';
import type { Scoring } from './use-scoring.ts';

interface RuleDialogProps {
  object: MetaObject;
  scoring: Scoring;
  rule: Row | null;
  close(): void;
}

/** Makes a rule, or changes one: who gets how many points, and how they fade. */
export function RuleDialog(props: RuleDialogProps) {
  const { rule } = props.scoring.objects;
  return rule ? <Ask {...props} of={rule} /> : null;
}

const first = ['name', 'points'];
const then = ['activity', 'group', 'halfLife'];

function Ask({ object, scoring, rule, close, of }: RuleDialogProps & { of: MetaObject }) {
  const meta = useMeta();
  // A new rule is active.
  const asked = [...first, ...then, ...(rule ? ['active'] : [])];
  const fields = asked.flatMap(name => fieldOf(of, name) ?? []);
  const start: Record<string, Json> = rule
    ? Object.fromEntries(asked.map(name => [name, rule[name] ?? null]))
    : {};
  const form = useForm(fields, start);
  const { Conditions } = useFieldServices();
  const [filter, setFilter] = useState<Json>(rule?.filter ?? null);
  const [since, setSince] = useState(str(rule?.since));
  const activity = str(form.values.activity);
  const about = (activity && objectNamed(meta, activity)) || object;
  const who = t(activity ? 'scoring.whichActivities' : 'scoring.who');
  const set: typeof form.set = (name, value) => {
    setFilter(filterAfter(rule, { activity, filter }, [name, value]));
    form.set(name, value);
  };
  const dates = offeredFields(object).filter(({ buckets }) => buckets.includes('week'));
  async function submit() {
    const done = await form.submit(async given => {
      const values = { ...given, filter, since: activity ? null : since || null };
      if (rule) return scoring.actions.edit(of, rule, values);
      return scoring.actions.create(of, { ...values, scorecard: scoring.card?.id ?? null });
    });
    if (!done) return;
    close();
    void scoring.askAnew();
  }
  return (
    <DialogFrame
      title={rule ? t('scoring.editRule', { rule: str(rule.name) }) : t('scoring.addRule')}
      icon={of.icon}
      size={560}
      onClose={close}
      onSubmit={() => void submit()}
    >
      <div className={f.fields}>
        <FormFields
          fields={fields.filter(({ name }) => first.includes(name))}
          values={form.values}
          problems={form.problems}
          onChange={set}
          focusFirst
        />
        <div className={s.who}>
          <span className={s.meta}>{who}</span>
          <Conditions key={about.name} object={about.name} value={filter} onChange={setFilter} label={who} />
        </div>
        <FormFields
          fields={fields.filter(({ name }) => !first.includes(name))}
          values={form.values}
          problems={form.problems}
          onChange={set}
        />
        {!activity && (
          <Select
            label={t('scoring.since')}
            value={since}
            options={[
              { value: '', label: t('scoring.stays') },
              ...dates.map(({ name, label }) => ({ value: name, label })),
            ]}
            onChange={setSince}
          />
        )}
      </div>
      {form.other && (
        <p className={f.problem} role="alert">
          {form.other}
        </p>
      )}
      <footer className={f.foot}>
        <Button type="submit" look="primary" busy={form.busy}>
          {t('scoring.saveRule')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
