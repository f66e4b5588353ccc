import { expect, test } from 'vitest';
import type { MetaField } from '../../engine/index.ts';
import '../i18n.ts';
import { type Grouping, groupsOf, textOfTotal } from '../model/groups.ts';
import { leading, type Mark, marksOf, scaleOf, segmentsOf } from './measure.ts';

const format = { locale: 'en', timeZone: 'UTC', currency: 'EUR', country: 'AT' };

function field(part: Partial<MetaField>): MetaField {
  return {
    name: 'stage',
    label: 'Stage',
    type: 'choice',
    options: { choices: ['new', 'won', 'lost'] },
    operators: ['is', 'isAnyOf', 'empty', 'gte', 'lt'].map(name => ({ name, label: name, operand: 'one' })),
    aggregates: [],
    relation: null,
    ...part,
  } as unknown as MetaField;
}

const byStage: Grouping = { field: field({}), bucket: null };
const byMonth: Grouping = { field: field({ name: 'closeDate', type: 'date', options: {} }), bucket: 'month' };
const owner = field({
  name: 'owner',
  type: 'user',
  options: {},
  relation: { to: 'user', many: false, inverse: null },
});
const words = { format, ordered: true, none: 'No stage' };

test('groups stand in the order of their values, those without one last, and find their records again', () => {
  const groups = groupsOf(
    byStage,
    [null, 'lost', 'new'].map((stage, n) => ({ group: { stage }, values: [n + 1] })),
    format,
  );
  expect(groups.map(({ title, count }) => [title, count])).toEqual([
    ['New', 3],
    ['Lost', 2],
    ['', 1],
  ]);
  expect(groups.map(group => group.filter)).toEqual([
    { field: 'stage', op: 'is', value: 'new' },
    { field: 'stage', op: 'is', value: 'lost' },
    { field: 'stage', op: 'empty' },
  ]);
  const months = groupsOf(byMonth, [{ group: { closeDate: '2026-12-01' }, values: [1] }], format);
  expect(months[0]).toMatchObject({
    title: 'December 2026',
    filter: {
      and: [
        { field: 'closeDate', op: 'gte', value: '2026-12-01' },
        { field: 'closeDate', op: 'lt', value: '2027-01-01' },
      ],
    },
  });
  const people = groupsOf(
    { field: owner, bucket: null },
    ['Zoe', 'Adam'].map(title => ({ group: { owner: { id: title, title } }, values: [1] })),
    format,
  );
  expect(people.map(({ title, filter }) => [title, filter])).toEqual([
    ['Adam', { field: 'owner', op: 'is', value: 'Adam' }],
    ['Zoe', { field: 'owner', op: 'is', value: 'Zoe' }],
  ]);
});

test('totals are words: amounts of several currencies beside each other, averages rounded, counts as numbers', () => {
  const amount = field({ name: 'amount', type: 'money', options: {} });
  const two = [
    { amount: '10.00', currency: 'EUR' },
    { amount: '5.50', currency: 'USD' },
  ];
  expect(textOfTotal({ field: amount, op: 'sum' }, two, format)).toBe('€10 + $5.50');
  expect(textOfTotal({ field: amount, op: 'avg' }, { amount: '3.333333', currency: 'EUR' }, format)).toBe(
    '€3.33',
  );
  expect(textOfTotal({ field: amount, op: 'filled' }, 1200, format)).toBe('1,200');
  expect(textOfTotal({ field: amount, op: 'sum' }, null, format)).toBe('');
});

test('months without records are on the chart as well, and shares add up', () => {
  const groups = groupsOf(
    byMonth,
    ['2026-10-01', '2027-01-01'].map((closeDate, n) => ({ group: { closeDate }, values: [n + 1] })),
    format,
  );
  const { marks, mixed } = marksOf(byMonth, groups, null, words);
  expect(marks.map(({ short, value }) => [short, value])).toEqual([
    ['Oct 2026', 1],
    ['Nov 2026', 0],
    ['Dec 2026', 0],
    ['Jan 2027', 2],
  ]);
  expect(marks.reduce((sum, mark) => sum + (mark.share ?? 0), 0)).toBeCloseTo(1);
  expect(mixed).toBe(false);
  expect(leading(marks)?.title).toBe('January 2027');
  expect(scaleOf(marks)).toBe(2);
});

test('of several currencies those of the usual one are drawn, and that is told', () => {
  const amount = field({ name: 'amount', type: 'money', options: {} });
  const values = [
    { amount: '9', currency: 'CHF' },
    { amount: '7', currency: 'EUR' },
  ];
  const groups = groupsOf(byStage, [{ group: { stage: 'won' }, values: [2, values] }], format);
  const { marks, mixed } = marksOf(byStage, groups, { field: amount, op: 'sum' }, words);
  expect(marks[0]).toMatchObject({ value: 7, text: '€7' });
  expect(mixed).toBe(true);
});

test('a ring has few segments: the greatest, and all others in one', () => {
  const marks = [5, 1, 9, 2, 2, 1, 3].map(
    (value, n): Mark => ({
      key: String(n),
      title: String(value),
      short: '',
      value,
      text: String(value),
      share: value / 23,
      filter: null,
      group: null,
    }),
  );
  const segments = segmentsOf(marks, 'Others', String);
  expect(segments.map(({ title, value }) => [title, value])).toEqual([
    ['9', 9],
    ['5', 5],
    ['3', 3],
    ['2', 2],
    ['2', 2],
    ['Others', 2],
  ]);
});
