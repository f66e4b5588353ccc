import './calendar-words.ts';
import { Link } from '@tanstack/react-router';
import { reference } from '../../fields/read.tsx';
import { Avatar } from '../../kit/Avatar.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../../web/model/meta.tsx';
import type { RecordPartProps } from '../../web/model/parts.ts';
import { fail, useActions } from '../../web/model/records.ts';
import { AnswerButtons } from './AnswerButtons.tsx';
import s from './Guests.module.css';
import { answers } from './guests.ts';
import { Times } from './MeetingTimes.tsx';
import { type Guest, guestsIn } from './use-guests.ts';

/** Who is asked to a meeting and what they said; whether all have time. */
export default function Guests({ object, row }: RecordPartProps) {
  const meta = useMeta();
  const actions = useActions();
  const guests = guestsIn(row);
  if (guests.length === 0) return null;
  const mine = reference(row.owner)?.id === meta.me.id;
  const me = mine ? undefined : guests.find(({ key }) => key === meta.me.id);
  const noting = object.verbs.find(({ name }) => name === 'noteAnswer');
  const run = (verb: string, input: { [name: string]: string }) => {
    const label = object.verbs.find(({ name }) => name === verb)?.label ?? verb;
    void actions.run(object, row.id, verb, label, input).catch(fail);
  };
  const came = guests.filter(({ answer }) => answer === 'accepted').length;
  return (
    <section className={s.guests} aria-label={t('guests.title')}>
      <h3 className={s.heading}>
        {t('guests.title')} <span>{t('guests.accepting', { count: came, all: guests.length })}</span>
      </h3>
      {me && <AnswerButtons answer={me.answer} onAnswer={answer => run('answer', { answer })} />}
      <ul>
        {guests.map(guest => (
          <li key={guest.key} className={s.guest}>
            <Avatar id={guest.key} title={guest.name} round size={20} />
            <Name guest={guest} />
            {noting && !me && guest.key !== meta.me.id ? (
              <Select
                quiet
                label={t('guests.answerOf', { name: guest.name })}
                value={guest.answer ?? 'none'}
                options={[...answers, 'none'].map(value => ({ value, label: t(`guests.${value}`) }))}
                onChange={answer => run('noteAnswer', { guest: guest.key, answer })}
              />
            ) : (
              <span className={s.answer}>{t(`guests.${guest.answer ?? 'none'}`)}</span>
            )}
          </li>
        ))}
      </ul>
      <Times
        key={row.id}
        meeting={row}
        id={row.id}
        {...(object.can.edit && !me
          ? { onPick: time => void actions.edit(object, row, { startsAt: time.at, endsAt: time.until }) }
          : {})}
      />
    </section>
  );
}

function Name({ guest: { object, key, name } }: { guest: Guest }) {
  const person = objectNamed(useMeta(), 'person');
  if (object !== 'person' || !person) return <span className={s.name}>{name}</span>;
  return (
    <Link className={s.name} to="/$object/$id" params={{ object: person.path, id: key }}>
      {name}
    </Link>
  );
}
