/** Relative periods: "last 30 days", "this quarter". One form for every date type. */
import { t } from 'i18next';
import type { Json } from '../engine/field.ts';
import { Input } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import s from './parts.module.css';
import { record, str } from './read.ts';

const units = ['day', 'week', 'month', 'quarter', 'year'] as const;
const directions = ['this', 'last', 'next'] as const;

interface PeriodValue {
  direction: string;
  count: number;
  unit: string;
}

function read(value: Json): PeriodValue | null {
  const it = record(value);
  for (const direction of directions) {
    if (it[direction] !== undefined) {
      const unit = typeof it[direction] === 'string' ? str(it[direction]) : str(it.unit);
      const count = typeof it[direction] === 'number' ? it[direction] : Number(it.count ?? 1);
      return { direction, count, unit };
    }
  }
  return null;
}

function write({ direction, count, unit }: PeriodValue): Json {
  return direction === 'this' ? { this: unit } : { [direction]: count, unit };
}

/** "last 30 days"; null when the operand is no period. */
export function periodWords(operand: Json): string | null {
  const period = read(operand);
  if (!period) return null;
  const unit = t(`field.period.${period.unit}`, { count: period.count });
  if (period.direction === 'this')
    return t('field.period.thisOne', { unit: t(`field.period.${period.unit}`, { count: 1 }) });
  return t(`field.period.${period.direction}Some`, { count: period.count, unit });
}

export function Period({ value, onChange }: { value: Json; onChange(value: Json): void }) {
  const period = read(value) ?? { direction: 'this', count: 30, unit: 'month' };
  const set = (change: Partial<PeriodValue>) => onChange(write({ ...period, ...change }));
  return (
    <div
      className={s.period}
      style={period.direction === 'this' ? { gridTemplateColumns: '1fr 1fr' } : undefined}
    >
      <Select
        label={t('field.period.direction')}
        value={value === null ? '' : period.direction}
        options={[
          { value: '', label: t('field.choose') },
          ...directions.map(d => ({ value: d, label: t(`field.period.${d}`) })),
        ]}
        onChange={direction => set({ direction })}
      />
      {period.direction !== 'this' && (
        <Input
          type="number"
          min={1}
          aria-label={t('field.period.count')}
          value={period.count}
          onChange={event => set({ count: Math.max(1, Number(event.target.value)) })}
        />
      )}
      <Select
        label={t('field.period.unit')}
        value={period.unit}
        options={units.map(u => ({
          value: u,
          label: t(`field.period.${u}`, { count: period.direction === 'this' ? 1 : period.count }),
        }))}
        onChange={unit => set({ unit })}
      />
    </div>
  );
}
