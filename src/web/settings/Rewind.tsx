import { saidSentence } from '../../fields/said.ts';
import { inText } from '../model/language.ts';
import '../duplicates/words.ts';
import { useState } from 'react';
import { exactly } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { groupsOf } from '../shell/places.ts';
import { Confirmed, Section } from './parts.tsx';
import s from './Settings.module.css';
import { over, type Run, useRewind } from './use-rewind.ts';

/** What a look found, or why there is nothing to do. */
function Found({ run, when }: { run: Run; when: string }) {
  const { records = 0, collisions = 0, shown = [] } = run.result ?? {};
  if (run.state !== 'done')
    return (
      <p className={s.problem} role="alert">
        {run.error ?? t('data.failed')}
      </p>
    );
  return (
    <div role="status">
      <p>{records > 0 ? t('data.would', { count: records, when }) : t('data.wouldNot')}</p>
      {collisions > 0 && (
        <>
          <p className={s.lead}>{t('data.blocked', { count: collisions })}</p>
          <ul className={s.lead}>
            {shown.slice(0, 5).map(({ id, problems }) => (
              <li key={id}>{problems.map(({ message }) => saidSentence(message)).join(' ')}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Done({ run, onUndo }: { run: Run; onUndo(changeSet: string): void }) {
  const { records = 0, changeSet = null } = run.result ?? {};
  if (run.state !== 'done')
    return (
      <p className={s.problem} role="alert">
        {run.error ?? t('data.failed')}
      </p>
    );
  return (
    <p className={s.foot} role="status">
      {t('data.done', { count: records })}
      {changeSet && (
        <Button icon="arrow-back-up" onClick={() => onUndo(changeSet)}>
          {t('toast.undo')}
        </Button>
      )}
    </p>
  );
}

/** All records of an object back to a moment: looked at first, then done as a job, and undone as one. */
export function Rewind() {
  const meta = useMeta();
  const services = useFieldServices();
  const actions = useActions();
  const rewind = useRewind();
  const { groups, rest } = groupsOf(meta);
  const all = [...groups.flatMap(group => group.objects), ...rest].filter(each => each.can.edit);
  const [name, setName] = useState(all[0]?.name ?? '');
  const [at, setAt] = useState('');
  const object = objectNamed(meta, name);
  const moment = at ? new Date(at) : null;
  const valid = moment !== null && !Number.isNaN(moment.getTime()) && moment <= new Date();
  const { looked, look, work } = rewind;
  const when = looked ? exactly(looked.at, services) : '';
  const would = look.data?.result?.records ?? 0;
  if (!object) return null;
  return (
    <Section title={t('data.title')} lead={t('data.lead')}>
      <form
        className={s.form}
        noValidate
        onSubmit={event => {
          event.preventDefault();
          if (valid) void rewind.preview(object, moment.toISOString());
        }}
      >
        <Labelled label={t('data.object')}>
          <Select
            label={t('data.object')}
            value={name}
            options={all.map(each => ({ value: each.name, label: each.plural }))}
            onChange={next => {
              setName(next);
              rewind.forget();
            }}
          />
        </Labelled>
        <Labelled label={t('data.at')} htmlFor="data-at">
          <Input
            id="data-at"
            type="datetime-local"
            step={1}
            value={at}
            onChange={event => {
              setAt(event.target.value);
              rewind.forget();
            }}
          />
        </Labelled>
        <div className={s.foot}>
          <Button type="submit" look="primary" disabled={!valid || (looked !== null && !over(look.data))}>
            {t('data.preview')}
          </Button>
        </div>
      </form>
      {looked && !over(look.data) && (
        <p className={s.lead} role="status">
          {t('data.looking', { count: look.data?.done ?? 0 })}
        </p>
      )}
      {look.data && over(look.data) && <Found run={look.data} when={when} />}
      {looked && over(look.data) && would > 0 && !work.data && (
        <div className={s.foot}>
          <Confirmed
            label={t('data.do', { objects: inText(looked.object.plural) })}
            sure={t('data.sure', { count: would })}
            onConfirm={() => void rewind.restore()}
          />
        </div>
      )}
      {work.data && !over(work.data) && (
        <p className={s.lead} role="status">
          {t('data.doing', { count: work.data?.done ?? 0 })}
        </p>
      )}
      {work.data && over(work.data) && (
        <Done
          run={work.data}
          onUndo={changeSet => {
            rewind.forget();
            void actions.undo(changeSet);
          }}
        />
      )}
    </Section>
  );
}
