import './words.ts';
import { useState } from 'react';
import type { Json } from '../../engine/index.ts';
import { list, record, str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { inputStyles, Labelled } from '../../kit/Input.tsx';
import { t } from '../../kit/words.ts';
import { failureText } from '../model/records.ts';
import { Section } from './parts.tsx';
import s from './WorkingHours.module.css';

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const usual = { days: weekdays.slice(0, 5), from: '09:00', to: '17:00' };
/** 2026-01-05 was a Monday. */
const monday = Date.UTC(2026, 0, 5);

interface HoursProps {
  value: Json;
  save(values: Record<string, Json>): Promise<void>;
}

/** On which days someone works, from when to when, by their own clock. */
export function WorkingHours({ value, save }: HoursProps) {
  const { locale } = useFieldServices();
  const given = record(value);
  const [days, setDays] = useState(value === null ? usual.days : list(given.days).map(str));
  const [from, setFrom] = useState(str(given.from) || usual.from);
  const [to, setTo] = useState(str(given.to) || usual.to);
  const [problem, setProblem] = useState<string | null>(null);
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  async function submit() {
    setProblem(null);
    const workingHours = { days: weekdays.filter(day => days.includes(day)), from, to };
    await save({ workingHours }).catch(error => setProblem(failureText(error)));
  }
  return (
    <Section title={t('hours.title')} lead={t('hours.lead')}>
      <form
        className={s.form}
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <fieldset className={s.days}>
          <legend className="sr-only">{t('hours.days')}</legend>
          {weekdays.map((day, index) => (
            <label key={day} className={s.day} data-on={days.includes(day) || undefined}>
              <input
                type="checkbox"
                className="sr-only"
                checked={days.includes(day)}
                onChange={() =>
                  setDays(days.includes(day) ? days.filter(each => each !== day) : [...days, day])
                }
              />
              {name.format(monday + index * 86_400_000)}
            </label>
          ))}
        </fieldset>
        <div className={s.times}>
          <Labelled label={t('hours.from')} htmlFor="hours-from">
            <input
              id="hours-from"
              type="time"
              className={inputStyles.input}
              value={from}
              onChange={event => setFrom(event.target.value)}
            />
          </Labelled>
          <Labelled label={t('hours.to')} htmlFor="hours-to">
            <input
              id="hours-to"
              type="time"
              className={inputStyles.input}
              value={to}
              onChange={event => setTo(event.target.value)}
            />
          </Labelled>
        </div>
        {problem && (
          <p className={s.problem} role="alert">
            {problem}
          </p>
        )}
        <div>
          <Button type="submit" look="primary">
            {t('hours.save')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
