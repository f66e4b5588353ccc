/** Choosing a layout, and by which fields it is arranged. */
import { useId } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { groupingOf } from '../model/groups.ts';
import {
  type Arrangement,
  boardFields,
  chartFields,
  colourFields,
  groupFields,
  type Layout,
  layoutsOf,
  measureFields,
  momentFields,
  pointFields,
} from '../model/layouts.ts';
import s from './DisplayMenu.module.css';
import type { ListModel } from './use-list.ts';

const icons: Record<Layout, string> = {
  table: 'table',
  board: 'layout-kanban',
  calendar: 'calendar',
  split: 'layout-columns',
  chart: 'chart-bar',
  schedule: 'timeline',
  map: 'map-pin',
};

export function Layouts({ object, list }: { object: MetaObject; list: ListModel }) {
  const name = useId();
  const { layout } = list.state;
  return (
    <fieldset className={s.layouts}>
      <legend className="sr-only">{t('display.layout')}</legend>
      {layoutsOf(object).map(option => (
        <label key={option} className={s.layout}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === layout}
            onChange={() => list.change({ layout: option, arrangement: {} })}
          />
          <Icon name={icons[option]} size={20} />
          <span>{t(`display.${option}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface Question {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
}

function asOptions(fields: MetaField[]) {
  return fields.map(({ name, label }) => ({ value: name, label }));
}

/** A field of the arrangement: what is chosen, or what would be taken. */
function question(
  list: ListModel,
  part: keyof Arrangement,
  label: string,
  options: Question['options'],
): Question {
  const { arrangement } = list.state;
  const chosen = arrangement[part];
  return {
    label,
    value: options.some(({ value }) => value === chosen) ? (chosen ?? '') : (options[0]?.value ?? ''),
    options,
    onChange: value => list.change({ arrangement: { ...arrangement, [part]: value || undefined } }),
  };
}

/** What can be said of how the open layout is arranged. */
function useQuestions(object: MetaObject, list: ListModel): Question[] {
  const none = (label: string) => ({ value: '', label });
  const { group, layout } = list.state;
  const by = groupingOf(object, layout === 'table' ? group : list.state.arrangement.by);
  const period = (change: (bucket: string) => void): Question[] =>
    by?.bucket
      ? [
          {
            label: t('display.period'),
            value: by.bucket,
            options: by.field.buckets.map(value => ({ value, label: t(`period.${value}`) })),
            onChange: change,
          },
        ]
      : [];
  if (layout === 'board')
    return [question(list, 'by', t('display.columnsBy'), asOptions(boardFields(object)))];
  if (layout === 'table')
    return [
      {
        label: t('display.groupBy'),
        value: by?.field.name ?? '',
        options: [none(t('display.noGroups')), ...asOptions(groupFields(object))],
        onChange: value => list.change({ group: value || null }),
      },
      ...period(bucket => list.change({ group: `${by?.field.name}:${bucket}` })),
    ];
  if (layout === 'chart') {
    const kinds = ['bar', 'line', 'donut', 'number'].map(value => ({ value, label: t(`display.${value}`) }));
    const change = (bucket: string) =>
      list.change({ arrangement: { ...list.state.arrangement, by: `${by?.field.name}:${bucket}` } });
    const dimension = question(list, 'by', t('display.groupBy'), asOptions(chartFields(object)));
    return [
      question(list, 'kind', t('display.kind'), kinds),
      { ...dimension, value: by?.field.name ?? dimension.value },
      ...period(change),
      question(list, 'measure', t('display.measure'), [
        none(t('display.count')),
        ...measureFields(object).map(({ field, op }) => ({
          value: `${field.name}:${op.name}`,
          label: `${field.label}: ${op.label}`,
        })),
      ]),
    ];
  }
  const colours = question(list, 'colour', t('display.colour'), asOptions(colourFields(object)));
  const moments = asOptions(momentFields(object));
  if (layout === 'map')
    return [question(list, 'by', t('display.placeBy'), asOptions(pointFields(object))), colours];
  if (layout === 'calendar') return [question(list, 'by', t('display.dateBy'), moments), colours];
  if (layout === 'schedule') {
    return [
      question(list, 'by', t('display.startBy'), moments),
      question(list, 'end', t('display.endBy'), [none(t('display.noEnd')), ...moments]),
      colours,
    ];
  }
  return [];
}

export function Arrange({ object, list }: { object: MetaObject; list: ListModel }) {
  const questions = useQuestions(object, list).filter(({ options }) => options.length > 0);
  if (questions.length === 0) return null;
  return (
    <div className={s.questions}>
      {questions.map(({ label, ...select }) => (
        <div key={label} className={s.question}>
          <span aria-hidden>{label}</span>
          <Select label={label} {...select} />
        </div>
      ))}
    </div>
  );
}
