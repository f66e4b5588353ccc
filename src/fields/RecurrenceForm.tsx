import { useEffect, useRef, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Input } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import { t } from '../kit/words.ts';
import { firstDayOfWeek } from './moments.tsx';
import s from './RecurrenceForm.module.css';
import { type Plan, places, planOf, ruleOf } from './recurrence-plan.ts';
import { dayName, monthName, ruleWords } from './recurrence-words.ts';
import { frequencies, weekdays } from './recurring.ts';
import { useFieldServices } from './view.ts';

interface FormProps {
  /** RRULE; empty for none. */
  value: string;
  label: string;
  onChange(rule: string): void;
  onClear?: (() => void) | undefined;
  onDone(): void;
}

/** How often something comes back, put together of a few choices and told in words below. */
export default function RecurrenceForm({ value, label, onChange, onClear, onDone }: FormProps) {
  const services = useFieldServices();
  const [plan, setPlan] = useState(() => planOf(value));
  const form = useRef<HTMLDivElement>(null);
  // The panel has no focus of its own: whoever opened it by keys goes on there.
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select, button')?.focus(), []);

  function change(part: Partial<Plan>) {
    if (!plan) return;
    const next = { ...plan, ...part };
    setPlan(next);
    onChange(ruleOf(next));
  }

  return (
    <div
      ref={form}
      className={s.form}
      role="dialog"
      aria-label={label}
      onKeyDown={event => {
        if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        if (!value && plan) onChange(ruleOf(plan));
        onDone();
      }}
    >
      {plan ? (
        <>
          <Often plan={plan} change={change} />
          {plan.frequency === 'WEEKLY' && <Days plan={plan} change={change} />}
          {plan.frequency === 'YEARLY' && <Month plan={plan} change={change} />}
          {(plan.frequency === 'MONTHLY' || (plan.frequency === 'YEARLY' && plan.month !== null)) && (
            <Place plan={plan} change={change} />
          )}
          <Ends plan={plan} change={change} />
        </>
      ) : (
        <p className={s.kept}>{t('recurrence.kept')}</p>
      )}
      <p className={s.words} role="status">
        {plan ? ruleWords(ruleOf(plan), services) : ruleWords(value, services)}
      </p>
      <footer className={s.foot}>
        {value && onClear && (
          <Button look="quiet" onClick={onClear}>
            {t('recurrence.none')}
          </Button>
        )}
        {plan ? (
          <Button
            look="primary"
            onClick={() => {
              if (!value) onChange(ruleOf(plan));
              onDone();
            }}
          >
            {t('recurrence.done')}
          </Button>
        ) : (
          <Button onClick={() => setPlan(planOf(''))}>{t('recurrence.another')}</Button>
        )}
      </footer>
    </div>
  );
}

interface PartProps {
  plan: Plan;
  change(part: Partial<Plan>): void;
}

/** Every 2 weeks */
function Often({ plan, change }: PartProps) {
  const units = frequencies.map(value => ({
    value,
    label: t(`recurrence.unit.${value}`, { count: plan.interval || 1 }),
  }));
  return (
    <div className={s.row}>
      <span>{t('recurrence.every')}</span>
      <Input
        type="number"
        min={1}
        max={999}
        aria-label={t('recurrence.interval')}
        value={plan.interval || ''}
        onChange={event => change({ interval: Number(event.target.value) })}
      />
      <Select
        label={t('recurrence.unitLabel')}
        value={plan.frequency}
        options={units}
        onChange={value => change({ frequency: value as Plan['frequency'] })}
      />
    </div>
  );
}

/** Which days of the week; none of them: that on which it begins. */
function Days({ plan, change }: PartProps) {
  const { locale } = useFieldServices();
  const first = (firstDayOfWeek(locale) + 6) % 7;
  const week = [...weekdays.slice(first), ...weekdays.slice(0, first)];
  const work = weekdays.slice(0, 5);
  const { days } = plan;
  return (
    <fieldset className={s.days} aria-label={t('recurrence.weekdays')}>
      {week.map(day => (
        <button
          key={day}
          type="button"
          className={s.day}
          aria-pressed={days.includes(day)}
          onClick={() =>
            change({ days: days.includes(day) ? days.filter(each => each !== day) : [...days, day] })
          }
        >
          <span aria-hidden>{dayName(day, locale, 'short')}</span>
          <span className="sr-only">{dayName(day, locale)}</span>
        </button>
      ))}
      <button
        type="button"
        className={s.day}
        aria-pressed={work.every(day => days.includes(day)) && days.length === work.length}
        onClick={() => change({ days: [...work] })}
      >
        {t('recurrence.workweek')}
      </button>
    </fieldset>
  );
}

function Month({ plan, change }: PartProps) {
  const { locale } = useFieldServices();
  const months = Array.from({ length: 12 }, (_, n) => ({
    value: String(n + 1),
    label: monthName(n + 1, locale),
  }));
  return (
    <div className={s.row}>
      <Select
        label={t('recurrence.month')}
        value={String(plan.month ?? '')}
        options={[{ value: '', label: t('recurrence.sameMonth') }, ...months]}
        onChange={value => change({ month: value ? Number(value) : null })}
      />
    </div>
  );
}

/** Which day of the month: by its number, or the second Tuesday. */
function Place({ plan, change }: PartProps) {
  const { locale } = useFieldServices();
  const numbers = [...Array.from({ length: 31 }, (_, n) => n + 1), -1];
  return (
    <div className={s.row}>
      <Select
        label={t('recurrence.by')}
        value={plan.by}
        options={(['same', 'day', 'weekday'] as const).map(value => ({
          value,
          label: t(`recurrence.place.${value}`),
        }))}
        onChange={value => change({ by: value as Plan['by'] })}
      />
      {plan.by === 'day' && (
        <Select
          label={t('recurrence.place.day')}
          value={String(plan.day)}
          options={numbers.map(day => ({
            value: String(day),
            label: day === -1 ? t('recurrence.last') : new Intl.NumberFormat(locale).format(day),
          }))}
          onChange={value => change({ day: Number(value) })}
        />
      )}
      {plan.by === 'weekday' && (
        <>
          <Select
            label={t('recurrence.weekday')}
            value={plan.weekday}
            options={weekdays.map(value => ({ value, label: dayName(value, locale) }))}
            onChange={weekday => change({ weekday })}
          />
          <Select
            label={t('recurrence.which')}
            value={String(plan.which)}
            options={places.map(which => ({
              value: String(which),
              label: dayName(`${which}${plan.weekday}`, locale),
            }))}
            onChange={which => change({ which: Number(which) })}
          />
        </>
      )}
    </div>
  );
}

/** Never, on a day, or after so many times. */
function Ends({ plan, change }: PartProps) {
  return (
    <div className={s.row}>
      <Select
        label={t('recurrence.ends')}
        value={plan.ends}
        options={(['never', 'until', 'count'] as const).map(value => ({
          value,
          label: t(`recurrence.end.${value}`),
        }))}
        onChange={value => change({ ends: value as Plan['ends'] })}
      />
      {plan.ends === 'until' && (
        <Input
          type="date"
          aria-label={t('recurrence.lastDate')}
          value={plan.until}
          onChange={event => change({ until: event.target.value })}
        />
      )}
      {plan.ends === 'count' && (
        <Input
          type="number"
          min={1}
          max={9_999}
          aria-label={t('recurrence.count')}
          value={plan.count || ''}
          onChange={event => change({ count: Number(event.target.value) })}
        />
      )}
    </div>
  );
}
