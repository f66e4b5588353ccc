import { firstDayOfWeek } from '../../fields/moments.tsx';
import './words.ts';
import { SegmentedControl } from '@mantine/core';
import { Button, IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { nameOf, step, type Unit, weekOf } from '../model/days.ts';
import type { ListModel } from '../records/use-list.ts';
import s from './Calendar.module.css';
import { mostShown } from './use-stretch.ts';

interface BarProps {
  list: ListModel;
  /** The day around which the stretch stands. */
  at: string;
  unit: Unit;
  units: Unit[];
  locale: string;
  /** There is more than is shown. */
  more: boolean;
  onGo(day: string | null): void;
}

/** Walking through time, and how much of it is seen at once. */
export function StretchBar({ list, at, unit, units, locale, more, onGo }: BarProps) {
  return (
    <div className={s.bar}>
      <Button onClick={() => onGo(null)}>{t('stretch.today')}</Button>
      <span className={s.steps}>
        <IconButton
          icon="chevron-left"
          label={t('stretch.earlier')}
          onClick={() => onGo(step(at, unit, -1))}
        />
        <IconButton icon="chevron-right" label={t('stretch.later')} onClick={() => onGo(step(at, unit, 1))} />
      </span>
      <h2 className={s.title} aria-live="polite">
        {nameOf(unit === 'week' ? weekOf(at, firstDayOfWeek(locale)) : step(at, unit, 0), unit, locale)}
      </h2>
      {more && (
        <p className={s.most} role="status">
          {t('stretch.most', { count: mostShown })}
        </p>
      )}
      <SegmentedControl
        size="xs"
        className={s.zoom}
        aria-label={t('stretch.zoom')}
        value={unit}
        data={units.map(value => ({ value, label: t(`stretch.${value}`) }))}
        onChange={zoom => list.change({ arrangement: { ...list.state.arrangement, zoom } })}
      />
    </div>
  );
}
