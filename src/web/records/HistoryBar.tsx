import './words.ts';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { atShown, shownAt } from '../../fields/clock.ts';
import { exactly } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Input } from '../../kit/Input.tsx';
import { t } from '../../kit/words.ts';
import { readMoment } from '../model/moment-state.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './HistoryBar.module.css';
import { type Moment, stopOf, useMoments } from './moments.ts';

/** How long the slider rests before the record is asked for, in milliseconds. */
const rest = 120;

function useWords(moments: Moment[]) {
  const services = useFieldServices();
  return (stop: number) => {
    const moment = moments[stop];
    if (!moment) return { when: t('moment.now'), what: '' };
    const what = moment.made ? t('moment.made') : moment.fields.slice(0, 3).join(', ');
    return {
      when: exactly(moment.at, services),
      what: what ? t('moment.changed', { who: moment.who, what }) : moment.who,
    };
  };
}

interface SliderProps {
  label: string;
  moments: Moment[];
  /** Null: now. */
  at: string | null;
  onMove(at: string | null): void;
}

/** From the first change to now, one stop per change, so that a busy day is as easy to walk as a quiet year. */
function MomentSlider({ label, moments, at, onMove }: SliderProps) {
  const words = useWords(moments);
  const [dragged, setDragged] = useState<number | null>(null);
  const stop = dragged ?? stopOf(moments, at);
  const settle = useDebouncedCallback((to: number) => {
    setDragged(null);
    onMove(moments[to]?.at ?? null);
  }, rest);
  const move = (to: number) => {
    setDragged(to);
    settle(to);
  };
  const { when, what } = words(stop);
  return (
    <div className={s.slide}>
      <IconButton
        icon="chevron-left"
        label={t('moment.earlier')}
        disabled={stop === 0}
        onClick={() => move(Math.max(0, stop - 1))}
      />
      <input
        type="range"
        className={s.range}
        aria-label={label}
        aria-valuetext={[when, what].filter(Boolean).join(', ')}
        min={0}
        max={moments.length}
        value={stop}
        onChange={event => move(Number(event.target.value))}
      />
      <IconButton
        icon="chevron-right"
        label={t('moment.later')}
        disabled={stop >= moments.length}
        onClick={() => move(Math.min(moments.length, stop + 1))}
      />
      <span className={s.said} title={what}>
        <b>{when}</b> {what}
      </span>
    </div>
  );
}

interface HistoryBarProps {
  object: MetaObject;
  id: string;
  at: string;
  /** The moment it is compared with; null: now; undefined: with none. */
  other: string | null | undefined;
  /** How many values differ from now; null while that is not known. */
  differs: number | null;
  onMove(at: string | null): void;
  onCompare(other: string | null | undefined): void;
}

/** Which moment of a record is shown, and what can be done with it. */
export function HistoryBar({ object, id, at, other, differs, onMove, onCompare }: HistoryBarProps) {
  const services = useFieldServices();
  const { timeZone } = services;
  const moments = useMoments(object, id).data ?? [];
  const shown = shownAt(at, timeZone);
  return (
    <section className={s.bar} aria-label={t('moment.title')}>
      <div className={s.line}>
        <strong className={s.title}>{t('moment.at', { when: exactly(at, services) })}</strong>
        <span className={s.count} role="status">
          {differs !== null && t('moment.differs', { count: differs })}
        </span>
        <span className={s.actions}>
          <Button
            look="quiet"
            icon="arrows-exchange"
            aria-pressed={other !== undefined}
            onClick={() => onCompare(other === undefined ? null : undefined)}
          >
            {t('moment.compare')}
          </Button>
          {object.can.edit && (
            <Button
              icon="history"
              disabled={differs === 0}
              onClick={() =>
                openDialog({ kind: 'restore', object: object.name, id, at, onDone: () => onMove(null) })
              }
            >
              {t('moment.restore')}
            </Button>
          )}
          <Button look="primary" onClick={() => onMove(null)}>
            {t('moment.back')}
          </Button>
        </span>
      </div>
      <div className={s.sliders}>
        <MomentSlider label={t('moment.slider')} moments={moments} at={at} onMove={onMove} />
        <Input
          key={at}
          type="datetime-local"
          aria-label={t('moment.any')}
          defaultValue={shown}
          max={shownAt(new Date().toISOString(), timeZone)}
          onBlur={event => {
            const { value } = event.target;
            if (value && value !== shown) onMove(readMoment(atShown(value, timeZone)) ?? at);
          }}
          onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </div>
      {other !== undefined && (
        <div className={s.sliders}>
          <MomentSlider label={t('moment.other')} moments={moments} at={other} onMove={onCompare} />
        </div>
      )}
    </section>
  );
}
