import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { MetaField } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { Avatar } from '../../kit/Avatar.tsx';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../../web/api.ts';
import { fieldOf } from '../../web/model/meta.tsx';
import f from '../../web/records/Form.module.css';
import { FormFields } from '../../web/records/FormFields.tsx';
import { useTitle } from '../../web/records/Name.tsx';
import { useForm } from '../../web/records/use-form.ts';
import { DialogFrame } from '../../web/shell/DialogFrame.tsx';
import { useHours } from './AgendaList.tsx';
import { AnswerButtons } from './AnswerButtons.tsx';
import type { AgendaEntry } from './agenda.ts';
import s from './Calendar.module.css';
import {
  type CalendarState,
  guestOf,
  isOfSeries,
  type Scope,
  type Times,
  useChanges,
} from './use-calendar.ts';

interface DialogProps {
  entry: AgendaEntry;
  /** To where it was pulled. */
  times?: Times;
  state: CalendarState;
  close(): void;
}

const scopes: Scope[] = ['this', 'following', 'all'];
const guestScopes: Scope[] = ['this', 'all'];

/** An entry: when it is, what can be done with it; of a series, for which of them. */
export function EntryDialog({ entry, times, state, close }: DialogProps) {
  const navigate = useNavigate();
  const changes = useChanges();
  const object = changes.objectOf(entry);
  const title = useTitle(object, entry.record as Row);
  const { agenda } = object;
  const series = isOfSeries(entry);
  const [scope, setScope] = useState<Scope>('this');
  const asked = guestOf(entry, state.me.id);
  // It is kept by who made it: guests answer.
  const editable = object.can.edit && !asked;
  const fields = [agenda.at, agenda.until]
    .flatMap(name => (name && fieldOf(object, name)) || [])
    .filter((field): field is MetaField => field.editable && editable);
  const { at, until } = times ?? entry;
  const form = useForm(fields, { [agenda.at]: at, ...(agenda.until ? { [agenda.until]: until } : {}) });
  const hours = useHours(state)({ ...entry, at, until });
  const owner = state.everyone.find(({ id }) => id === entry.owner);

  async function save() {
    const begins = str(form.values[agenda.at]) || at;
    const given = agenda.until ? str(form.values[agenda.until]) || null : until;
    // Where only its beginning was changed, it takes as long as before.
    const length = until && given === until && begins !== at ? Date.parse(until) - Date.parse(at) : null;
    const ends = length === null ? given : new Date(Date.parse(begins) + length).toISOString();
    if (begins !== entry.at || ends !== entry.until)
      await changes.move(entry, { at: begins, until: ends }, series ? scope : undefined);
    close();
  }

  async function open() {
    const id = await changes.recordOf(entry);
    close();
    if (id) void navigate({ to: '/$object/$id', params: { object: object.path, id } });
  }

  async function remove() {
    close();
    await changes.cancel(entry, series ? scope : undefined);
  }

  return (
    <DialogFrame title={title} icon={object.icon} onClose={close} onSubmit={() => void save()}>
      <div className={f.fields}>
        <p className={f.text}>{[hours, owner?.name].filter(Boolean).join(' · ')}</p>
        {asked && (
          <AnswerButtons
            answer={asked.answer}
            onAnswer={answer => {
              close();
              void changes.answer(entry, answer, scope === 'this');
            }}
          />
        )}
        <GuestLine state={state} entry={entry} />
        <FormFields fields={fields} values={form.values} problems={form.problems} onChange={form.set} />
        {series && (
          <fieldset className={s.scopes}>
            <legend>{t('agenda.whichOnes')}</legend>
            {(asked ? guestScopes : scopes).map(name => (
              <label key={name}>
                <input type="radio" name="scope" checked={scope === name} onChange={() => setScope(name)} />
                {t(`agenda.scope.${name}`)}
              </label>
            ))}
          </fieldset>
        )}
      </div>
      <footer className={f.foot}>
        {object.can.delete && !asked && (
          <span className={f.hint}>
            <Button look="quiet" icon="trash" onClick={() => void remove()}>
              {t(series ? 'agenda.cancelMeeting' : 'agenda.remove')}
            </Button>
          </span>
        )}
        <Button icon="external-link" onClick={() => void open()}>
          {t('agenda.open')}
        </Button>
        {fields.length > 0 && (
          <Button type="submit" look="primary" busy={form.busy}>
            {t('agenda.save')}
          </Button>
        )}
      </footer>
    </DialogFrame>
  );
}

/** Colleagues who are asked, and what they said. */
function GuestLine({ state, entry }: { state: CalendarState; entry: AgendaEntry }) {
  const guests = entry.guests.flatMap(({ user, answer }) => {
    const person = state.everyone.find(({ id }) => id === user);
    return person ? [{ ...person, said: t(`guests.${answer ?? 'none'}`) }] : [];
  });
  if (guests.length === 0) return null;
  return (
    <ul aria-label={t('guests.title')}>
      {guests.map(({ id, name, said }) => (
        <li key={id} className={s.guest}>
          <Avatar id={id} title={name} round size={20} />
          <span>{name}</span>
          <span className={s.said}>{said}</span>
        </li>
      ))}
    </ul>
  );
}
