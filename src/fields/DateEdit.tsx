import { lazy, Suspense, useState } from 'react';
import { Input } from '../kit/Input.tsx';
import { SkeletonLines } from '../kit/State.tsx';
import { t } from '../kit/words.ts';
import { atShown, shownAt } from './clock.ts';
import { PanelEdit } from './inputs.tsx';
import { exactly } from './moments.tsx';
import s from './parts.module.css';
import { str } from './read.tsx';
import { type EditProps, useFieldServices } from './view.ts';

const Calendar = lazy(() => import('./Calendar.tsx'));

const nine = '09:00';

/** A calendar in a panel, with near days one click away. */
export function DateEdit({ withTime, ...edit }: EditProps & { withTime?: boolean }) {
  const services = useFieldServices();
  const value = str(edit.value);
  // By the clock of whoever edits it, wherever their device is.
  const { timeZone } = services;
  const [day, clock = nine] = (value.length > 10 ? shownAt(value, timeZone) : value).split('T');
  const [time, setTime] = useState(clock);
  const write = (date: string, at: string) =>
    edit.onChange(withTime ? atShown(`${date}T${at}`, timeZone) : date);
  return (
    <PanelEdit edit={edit} shown={value ? exactly(value, services) : null}>
      {close => (
        <div className={s.calendar}>
          <Suspense fallback={<SkeletonLines count={7} />}>
            <Calendar
              value={day || null}
              onPick={date => {
                write(date, time);
                if (!withTime) close();
              }}
            />
          </Suspense>
          {withTime && (
            <Input
              type="time"
              aria-label={t('field.time')}
              value={time}
              onChange={event => {
                setTime(event.target.value);
                if (value && event.target.value) write(day ?? '', event.target.value);
              }}
              onKeyDown={event => event.key === 'Enter' && close()}
            />
          )}
          {value && !edit.field.required && (
            <button
              type="button"
              className={s.clear}
              onClick={() => {
                edit.onChange(null);
                close();
              }}
            >
              {t('field.clear')}
            </button>
          )}
        </div>
      )}
    </PanelEdit>
  );
}
