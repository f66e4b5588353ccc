import './calendar-words.ts';
import { useState } from 'react';
import type { Json } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import type { FormPartProps } from '../../web/model/parts.ts';
import s from './Guests.module.css';
import { type Time, useTimes } from './use-guests.ts';

/** Whether all guests have time, and when they have. */
export default function MeetingTimes({ values, set }: FormPartProps) {
  return (
    <Times
      meeting={values}
      onPick={({ at, until }) => {
        set('startsAt', at);
        set('endsAt', until);
      }}
    />
  );
}

interface TimesProps {
  meeting: Record<string, Json>;
  /** The meeting itself, where there is one already. */
  id?: string;
  /** Absent: the time is not theirs to change. */
  onPick?(time: Time): void;
}

export function Times({ meeting, id, onPick }: TimesProps) {
  const { locale, timeZone } = useFieldServices();
  const [asked, setAsked] = useState(false);
  const times = useTimes(meeting, id);
  if (!times.known || (times.alone && times.count === 0)) return null;
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  });
  return (
    <div className={s.times}>
      <p className={s.line} role="status" data-clash={times.count > 0 || undefined}>
        <Icon name={times.count > 0 ? 'alert-triangle' : 'circle-check'} size={16} />
        <span>
          {times.count > 0
            ? t('guests.busy', { names: times.busy, count: times.count })
            : t('guests.allFree')}
        </span>
        {onPick && !asked && (
          <Button look="quiet" onClick={() => setAsked(true)}>
            {t('guests.find')}
          </Button>
        )}
      </p>
      {onPick && asked && (
        <fieldset className={s.free} aria-label={t('guests.free')}>
          {times.free.length === 0 && <p className={s.none}>{t('guests.noTime')}</p>}
          {times.free.map(time => (
            <Button key={time.at} icon="clock" onClick={() => onPick(time)}>
              {format.formatRange(new Date(time.at), new Date(time.until))}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
