import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../../kit/Button.tsx';
import { Area, Input, Labelled } from '../../../kit/Input.tsx';
import { Kbd } from '../../../kit/Kbd.tsx';
import { t } from '../../../kit/words.ts';
import { useKeys } from '../../../web/shell/keys.ts';
import s from './Calling.module.css';
import { againAt, steps } from './calling-view.ts';
import type { CallModel } from './use-calling.ts';

const outcomes = ['connected', 'voicemail', 'noAnswer', 'wrongNumber', 'notInterested'] as const;

/** What came of the call by one key, what follows by the next. */
export function CallForm({ call }: { call: CallModel }) {
  const notes = useRef<HTMLTextAreaElement>(null);
  const group = useRef<HTMLFieldSetElement>(null);
  const { outcome, choose, setOutcome, asking } = call;
  const choices = outcome ? steps : outcomes;
  const back = () => (asking ? call.setAsking(false) : setOutcome(null));
  useKeys({
    ...Object.fromEntries(
      choices.map((_, at) => [
        String(at + 1),
        () => (outcome ? !asking && void choose(steps[at]!) : setOutcome(outcomes[at]!)),
      ]),
    ),
    t: call.clock.turn,
    n: () => notes.current?.focus(),
    ...(outcome ? {} : { s: call.skip }),
    Backspace: back,
  });
  // Whoever walks by keys stays where they are when the choices change.
  const turned = useRef(outcome);
  useEffect(() => {
    if (turned.current === outcome) return;
    turned.current = outcome;
    group.current?.querySelector('button')?.focus();
  }, [outcome]);
  return (
    <div className={s.form}>
      <Labelled label={t('calling.notes')} htmlFor="call-notes">
        <Area
          ref={notes}
          id="call-notes"
          value={call.notes}
          onChange={event => call.setNotes(event.target.value)}
          onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </Labelled>
      <fieldset ref={group} className={s.choices} disabled={call.busy}>
        <legend>
          {outcome
            ? t('calling.follows', { outcome: t(`calling.outcome.${outcome}`) })
            : t('calling.whatCame')}
        </legend>
        {asking ? (
          <OwnTask call={call} />
        ) : outcome ? (
          steps.map((step, at) => (
            <Choice key={step} at={at} text={t(`calling.step.${step}`)} run={() => void choose(step)} />
          ))
        ) : (
          outcomes.map((each, at) => (
            <Choice key={each} at={at} text={t(`calling.outcome.${each}`)} run={() => setOutcome(each)} />
          ))
        )}
      </fieldset>
      <footer className={s.foot}>
        {outcome ? (
          <Button look="quiet" icon="arrow-left" onClick={back}>
            {t('calling.back')}
          </Button>
        ) : (
          <Button look="quiet" icon="player-skip-forward" onClick={call.skip} disabled={call.busy}>
            {t('calling.skip')}
          </Button>
        )}
        <span className={s.keys}>
          <Kbd keys={['N']} /> {t('calling.notes')}
          {' · '}
          <Kbd keys={['T']} /> {t('calling.clock')}
          {!outcome && (
            <>
              {' · '}
              <Kbd keys={['S']} /> {t('calling.skip')}
            </>
          )}
        </span>
      </footer>
    </div>
  );
}

function Choice({ at, text, run }: { at: number; text: string; run(): void }) {
  return (
    <button type="button" className={s.choice} onClick={run}>
      {text}
      <Kbd keys={[String(at + 1)]} />
    </button>
  );
}

/** A day as the reader's calendar has it: `2026-11-22`. */
function dayOf(at: Date): string {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map(part => String(part).padStart(2, '0'))
    .join('-');
}

function OwnTask({ call }: { call: CallModel }) {
  const [subject, setSubject] = useState('');
  const [day, setDay] = useState(dayOf(againAt('tomorrow', new Date())));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (subject.trim() && day) call.withTask(subject.trim(), new Date(`${day}T09:00`).toISOString());
  };
  return (
    <form className={s.task} onSubmit={save}>
      <Labelled label={t('calling.subject')} htmlFor="call-task">
        <Input id="call-task" autoFocus value={subject} onChange={event => setSubject(event.target.value)} />
      </Labelled>
      <Labelled label={t('calling.due')} htmlFor="call-due">
        <Input id="call-due" type="date" value={day} onChange={event => setDay(event.target.value)} />
      </Labelled>
      <Button type="submit" look="primary" icon="checkbox" disabled={!subject.trim()}>
        {t('calling.makeTask')}
      </Button>
    </form>
  );
}
