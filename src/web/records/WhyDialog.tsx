import { inText } from '../model/language.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import './words.ts';
import { useQuery } from '@tanstack/react-query';
import type { MetaObject, RecordExplanation } from '../../engine/index.ts';
import { exactly } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { failureText, keys } from '../model/records.ts';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';
import f from './Form.module.css';
import s from './WhyDialog.module.css';

/** Why one sees a record, and what one may do with it: the parts of the decision, as the server made it. */
export default function WhyDialog({ dialog }: { dialog: Extract<Dialog, { kind: 'why' }> }) {
  const object = objectNamed(useMeta(), dialog.object);
  return object ? <Why object={object} id={dialog.id} /> : null;
}

interface LineProps {
  object: MetaObject;
  name: string;
  told: RecordExplanation['actions'][string];
}

function Line({ object, name, told }: LineProps) {
  const { allowed, grant, ways } = told;
  const verb = object.verbs.find(each => each.name === name);
  const level = typeof grant === 'string' ? grant : 'rule';
  return (
    <li className={s.line} data-allowed={allowed || undefined}>
      <Icon
        name={allowed ? 'circle-check' : 'circle-x'}
        className={s.mark}
        label={t(allowed ? 'why.yes' : 'why.no')}
      />
      <div>
        <p className={s.action}>{verb?.label ?? t(`why.action.${name}`, { defaultValue: name })}</p>
        <p className={s.reason}>
          {t(`why.grant.${level}`, { rule: typeof grant === 'string' ? '' : grant.rule })}
        </p>
        {ways.length > 0 && (
          <ul>
            {ways.map(way => (
              <li key={way.label} className={s.way} data-holds={way.holds || undefined}>
                <Icon
                  name={way.holds ? 'check' : 'minus'}
                  size={14}
                  label={t(way.holds ? 'why.holds' : 'why.holdsNot')}
                />
                {way.label}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function Shares({ shares }: Pick<RecordExplanation, 'shares'>) {
  const services = useFieldServices();
  return (
    <ul className={s.shares}>
      {shares.map(each => (
        <li key={`${each.object} ${each.to}`}>
          {t(each.access === 'edit' ? 'why.sharedEdit' : 'why.sharedRead', {
            to: each.to ?? t(`why.hidden.${each.object}`),
            by: each.by ?? t('why.hidden.by'),
          })}
          {each.until && ` ${t('why.until', { when: exactly(each.until, services) })}`}
        </li>
      ))}
    </ul>
  );
}

function Told({ object, told }: { object: MetaObject; told: RecordExplanation }) {
  const restricted = Object.entries(told.fields).flatMap(([name, right]) => {
    const field = fieldOf(object, name);
    return field ? [{ label: field.label, right }] : [];
  });
  // Verbs go with changing unless the role says otherwise; then they would only repeat it.
  const edit = JSON.stringify(told.actions.edit);
  const actions = Object.entries(told.actions).filter(
    ([name, each]) => name === 'edit' || JSON.stringify(each) !== edit || fixed.has(name),
  );
  return (
    <>
      <p className={f.text}>{t('why.intro', { name: told.user.name, role: told.user.role })}</p>
      <ul>
        {actions.map(([name, each]) => (
          <Line key={name} object={object} name={name} told={each} />
        ))}
      </ul>
      {told.shares.length > 0 && <Shares shares={told.shares} />}
      {restricted.length > 0 && (
        <p className={s.reason}>
          {t('why.fields')}{' '}
          {restricted.map(({ label, right }) => t(`why.field.${right}`, { label })).join(', ')}
        </p>
      )}
    </>
  );
}

const fixed = new Set(['read', 'delete', 'export']);

function Why({ object, id }: { object: MetaObject; id: string }) {
  const found = useQuery({
    queryKey: [...keys.record(object.name, id), 'why'],
    queryFn: ({ signal }) => read<RecordExplanation>(`/api/${object.path}/${id}/explain`, { signal }),
    staleTime: 0,
  });
  return (
    <DialogFrame title={t('why.title', { object: inText(object.label) })} icon="lock" size={520}>
      <div className={`${f.fields} ${s.told}`}>
        {found.isPending && <SkeletonLines count={8} />}
        {found.error && (
          <p className={f.text} role="alert">
            {failureText(found.error)}
          </p>
        )}
        {found.data && <Told object={object} told={found.data} />}
      </div>
      <footer className={f.foot}>
        <Button data-autofocus onClick={closeDialog}>
          {t('why.done')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
