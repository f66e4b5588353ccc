/** Relative periods: "last 30 days", "this quarter". One editor for every date type. */

import type { Json } from '../engine/index.ts';
import { Input } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import { t } from '../kit/words.ts';
import s from './parts.module.css';
import { record, str } from './read.tsx';

const units = ['day', 'week', 'month', 'quarter', 'year'] as const;
const named = [
  'today',
  'yesterday',
  'tomorrow',
  'thisWeek',
  'lastWeek',
  'nextWeek',
  'thisMonth',
  'lastMonth',
  'nextMonth',
  'thisQuarter',
  'lastQuarter',
  'nextQuarter',
  'thisYear',
  'lastYear',
  'nextYear',
] as const;

interface Rolling {
  direction: 'last' | 'next';
  count: number;
  unit: string;
}

function rolling(value: Json): Rolling | null {
  const it = record(value);
  if (typeof it.last === 'number') return { direction: 'last', count: it.last, unit: str(it.unit) };
  return typeof it.next === 'number' ? { direction: 'next', count: it.next, unit: str(it.unit) } : null;
}

/** "the last 30 days"; null when the operand is no period. */
export function periodWords(operand: Json): string | null {
  const name = str(record(operand).period);
  if (name) return t(`field.period.${name}`);
  const it = rolling(operand);
  if (!it) return null;
  return t(`field.period.${it.direction}Some`, {
    count: it.count,
    unit: t(`field.period.${it.unit}`, { count: it.count }),
  });
}

export function Period({ value, onChange }: { value: Json; onChange(value: Json): void }) {
  const it = rolling(value);
  const set = (change: Partial<Rolling>) => {
    const { direction, count, unit } = {
      direction: 'last' as const,
      count: 30,
      unit: 'day',
      ...it,
      ...change,
    };
    onChange({ [direction]: count, unit });
  };
  function choose(choice: string) {
    if (choice === 'last' || choice === 'next') set({ direction: choice });
    else onChange(choice ? { period: choice } : null);
  }
  return (
    <div className={s.period} data-preset={it ? undefined : true}>
      <Select
        label={t('field.period.which')}
        value={it?.direction ?? str(record(value).period)}
        options={[
          { value: '', label: t('field.choose') },
          ...named.map(name => ({ value: name, label: t(`field.period.${name}`) })),
          { value: 'last', label: t('field.period.last') },
          { value: 'next', label: t('field.period.next') },
        ]}
        onChange={choose}
      />
      {it && (
        <>
          <Input
            type="number"
            min={1}
            max={9999}
            aria-label={t('field.period.count')}
            value={it.count}
            onChange={event => set({ count: Math.max(1, Math.round(Number(event.target.value))) })}
          />
          <Select
            label={t('field.period.unit')}
            value={it.unit}
            options={units.map(unit => ({
              value: unit,
              label: t(`field.period.${unit}`, { count: it.count }),
            }))}
            onChange={unit => set({ unit })}
          />
        </>
      )}
    </div>
  );
}
