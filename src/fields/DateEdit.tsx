import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input } from '../kit/Input.tsx';
import { SkeletonLines } from '../kit/State.tsx';
import { PanelEdit } from './inputs.tsx';
import { exactly } from './moments.tsx';
import s from './parts.module.css';
import { str } from './read.tsx';
import { type EditProps, useFieldServices } from './view.ts';

const Calendar = lazy(() => import('./Calendar.tsx'));

function timeOf(iso: string): string {
  if (iso.length <= 10) return '09:00';
  const date = new Date(iso);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

function dayOf(iso: string): string {
  if (iso.length <= 10) return iso;
  const date = new Date(iso);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

/** A calendar in a panel, with near days one click away. */
export function DateEdit({ withTime, ...edit }: EditProps & { withTime?: boolean }) {
  const { t } = useTranslation();
  const services = useFieldServices();
  const value = str(edit.value);
  const [time, setTime] = useState(timeOf(value));
  const write = (date: string, at: string) =>
    edit.onChange(withTime ? new Date(`${date}T${at}`).toISOString() : date);
  return (
    <PanelEdit edit={edit} shown={value ? exactly(value, services) : null}>
      {close => (
        <div className={s.calendar}>
          <Suspense fallback={<SkeletonLines count={7} />}>
            <Calendar
              value={value ? dayOf(value) : null}
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
                if (value && event.target.value) write(dayOf(value), event.target.value);
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
