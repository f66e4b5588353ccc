import type { Json, MetaField, MetaObject } from '../../../engine/index.ts';
import { list, record, reference, str } from '../../../fields/read.tsx';
import { Button } from '../../../kit/Button.tsx';
import { t } from '../../../kit/words.ts';
import type { Row } from '../../../web/api.ts';
import { fieldOf } from '../../../web/model/meta.tsx';
import { useActions } from '../../../web/model/records.ts';
import f from '../../../web/records/Form.module.css';
import { FormFields } from '../../../web/records/FormFields.tsx';
import { useForm } from '../../../web/records/use-form.ts';
import { DialogFrame } from '../../../web/shell/DialogFrame.tsx';
import s from './Forecast.module.css';
import { type ForecastState, type Said, useAskAnew, useMoney } from './use-forecast.ts';

export interface Asked {
  kind: 'adjustment' | 'quota';
  user: { id: string; name: string };
}

interface DialogProps {
  asked: Asked;
  state: ForecastState;
  said: Said;
  close(): void;
}

/** Adds to the forecast of a seller, or takes away; or says what a seller is to win in the period. */
export function ForecastDialog(props: DialogProps) {
  const object = props.asked.kind === 'quota' ? props.said.quota : props.said.adjustment;
  return object ? <Ask {...props} object={object} /> : null;
}

/** What is closed is a fact: it is not adjusted here. */
function openOnly(field: MetaField): MetaField {
  const named = (choice: Json) => str(record(choice).value ?? choice);
  const choices = list(field.options.choices).filter(choice => named(choice) !== 'closed');
  return { ...field, options: { ...field.options, choices } };
}

function fieldsOf(object: MetaObject, kind: Asked['kind']): MetaField[] {
  const names = kind === 'quota' ? ['amount', 'covers'] : ['category', 'amount', 'reason'];
  return names
    .flatMap(name => fieldOf(object, name) ?? [])
    .map(field => (field.name === 'category' ? openOnly(field) : field));
}

function Ask({ asked: { kind, user }, state, said, object, close }: DialogProps & { object: MetaObject }) {
  const actions = useActions();
  const askAnew = useAskAnew();
  const quotas = kind === 'quota' ? said.quotas.filter(each => reference(each.user)?.id === user.id) : [];
  const { pipeline = null } = state.input;
  const like = quotas.filter(each => (reference(each.pipeline)?.id ?? null) === pipeline);
  const same = like.find(each => each.from === state.from && each.to === state.to);
  const fields = fieldsOf(object, kind);
  const form = useForm(fields, same ? { amount: same.amount ?? null, covers: same.covers ?? 'own' } : {});
  async function submit() {
    const { from, to, period } = state;
    const done = await form.submit(async given => {
      if (same)
        return actions.edit(object, same, { amount: given.amount ?? null, covers: given.covers ?? 'own' });
      const name: Record<string, Json> = kind === 'quota' ? { name: period } : {};
      return actions.create(object, { ...given, ...name, pipeline, user: user.id, from, to });
    });
    if (!done) return;
    close();
    await askAnew();
  }
  return (
    <DialogFrame
      title={t(kind === 'quota' ? 'forecast.quotaOf' : 'forecast.adjustOf', { name: user.name })}
      icon={object.icon}
      onClose={close}
      onSubmit={() => void submit()}
    >
      <div className={f.fields}>
        <p className={f.text}>
          {t('forecast.forPeriod', { period: state.period })}
          {pipeline && ` ${t('forecast.forPipeline')}`}
        </p>
        <FormFields
          fields={fields}
          values={form.values}
          problems={form.problems}
          onChange={form.set}
          focusFirst
        />
        <Inside quotas={like.filter(each => each !== same)} />
      </div>
      {form.other && (
        <p className={f.problem} role="alert">
          {form.other}
        </p>
      )}
      <footer className={f.foot}>
        <Button type="submit" look="primary" busy={form.busy}>
          {t(kind === 'quota' ? 'forecast.saveQuota' : 'forecast.saveAdjustment')}
        </Button>
      </footer>
    </DialogFrame>
  );
}

/** Quotas of parts of the period, which count together with one for all of it. */
function Inside({ quotas }: { quotas: Row[] }) {
  const money = useMoney(str(record(quotas[0]?.amount).currency));
  if (quotas.length === 0) return null;
  const said = quotas.map(each => `${str(each.name)} ${money(str(record(each.amount).amount))}`);
  return <p className={s.fine}>{t('forecast.inside', { quotas: said.join(', ') })}</p>;
}
