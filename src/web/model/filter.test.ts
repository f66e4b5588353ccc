import { expect, test } from 'vitest';
import type { Meta, MetaField, MetaObject } from '../../engine/index.ts';
import {
  type Condition,
  complete,
  equals,
  filterOf,
  groupOf,
  isComplete,
  labelAtPath,
  sentence,
} from './filter.ts';
import { conditionWords } from './filter-words.ts';
import '../i18n.ts';

const format = { locale: 'en', timeZone: 'UTC', currency: 'EUR', country: 'AT' };

function field(part: Partial<MetaField>): MetaField {
  return {
    name: 'stage',
    label: 'Stage',
    help: null,
    type: 'choice',
    icon: 'progress',
    options: { choices: [{ value: 'qualified', label: 'Qualified' }, 'proposal'] },
    group: null,
    required: false,
    fallback: null,
    unique: false,
    hidden: false,
    system: false,
    custom: false,
    default: null,
    editable: true,
    operators: [
      { name: 'is', label: 'is', operand: 'one' },
      { name: 'isAnyOf', label: 'is any of', operand: 'many' },
      { name: 'empty', label: 'is empty', operand: 'none' },
    ],
    sortable: true,
    groupable: true,
    buckets: [],
    aggregates: [],
    relation: null,
    ...part,
  };
}

const anyOf: Condition = { field: 'stage', op: 'isAnyOf', value: ['qualified', 'proposal'] };

function said(condition: Condition, of: MetaField): string {
  const { subject, verb, object } = sentence(condition, of, format);
  return [subject, verb, object].filter(Boolean).join(' ');
}

test('a condition reads as a sentence', () => {
  expect(said(anyOf, field({}))).toBe('Stage is any of Qualified, Proposal');
});

test('a path is called by labels, of links and of ways back', () => {
  const objectOf = (name: string, fields: MetaField[], relations: MetaObject['relations'] = []) =>
    ({ name, fields, relations }) as Partial<MetaObject> as MetaObject;
  const owner = { name: 'owner', label: 'Seller', relation: { to: 'user', many: false, inverse: null } };
  const deal = objectOf(
    'deal',
    [field(owner)],
    [{ name: 'splits', label: 'Splits', object: 'split', field: 'deal' }],
  );
  const objects = [
    deal,
    objectOf('split', [field(owner)]),
    objectOf('user', [field({ name: 'name', label: 'Name' })]),
  ];
  const called = (path: string) => labelAtPath({ objects } as Partial<Meta> as Meta, deal, path);
  expect(['owner', 'owner.name', 'splits.owner.name', 'gone.name'].map(called)).toEqual([
    'Seller',
    'Seller → Name',
    'Splits → Seller → Name',
    'gone → name',
  ]);
});

test('an operator without operand needs no object', () => {
  expect(said({ field: 'stage', op: 'empty', value: null }, field({}))).toBe('Stage is empty');
});

test('amounts, links and periods are said as people write them', () => {
  const between = { name: 'between', label: 'is between', operand: 'range' as const };
  const amount = field({ label: 'Amount', type: 'money', operators: [between] });
  const value = [
    { amount: '1000', currency: 'EUR' },
    { amount: '2500.5', currency: 'EUR' },
  ];
  expect(said({ field: 'amount', op: 'between', value }, amount)).toBe('Amount is between €1,000, €2,500.50');

  const owner = field({ label: 'Owner', type: 'user' });
  expect(said({ field: 'owner', op: 'is', value: { id: 'u1', title: 'Mara' } }, owner)).toBe('Owner is Mara');

  const during = { name: 'during', label: 'is in the period', operand: 'period' as const };
  const close = field({ label: 'Close date', type: 'date', operators: [during] });
  const last = { field: 'closeDate', op: 'during', value: { last: 30, unit: 'day' } };
  expect(said(last, close)).toBe('Close date is in the period the last 30 days');
  const named = { field: 'closeDate', op: 'during', value: { period: 'thisQuarter' } };
  expect(said(named, close)).toBe('Close date is in the period this quarter');
});

test('a filter becomes groups of conditions and comes back the same', () => {
  const empty = { ...anyOf, op: 'empty', value: null };
  for (const filter of [
    { and: [anyOf] },
    { or: [anyOf, empty] },
    { and: [anyOf, { or: [empty, { and: [anyOf, empty] }] }] },
  ]) {
    const group = groupOf(filter);
    expect(group && filterOf(group)).toEqual(filter);
  }
});

test('a group in which nothing is left goes', () => {
  expect(filterOf({ match: 'all', items: [anyOf, { match: 'any', items: [] }] })).toEqual({ and: [anyOf] });
  expect(filterOf({ match: 'all', items: [{ match: 'any', items: [] }] })).toBeNull();
});

test('a filter that says not is left alone, and is still asked', () => {
  const filter = { and: [{ not: anyOf }] };
  expect(groupOf(filter)).toBeNull();
  expect(complete(filter, () => field({}))).toEqual(filter);
});

test('conditions within a group that lack their operand are not sent either', () => {
  const blank: Condition = { field: 'stage', op: 'isAnyOf', value: [] };
  expect(complete({ and: [anyOf, { or: [blank, anyOf] }, { or: [blank] }] }, () => field({}))).toEqual({
    and: [anyOf, { or: [anyOf] }],
  });
});

test('conditions without their operand are not sent yet', () => {
  const blank: Condition = { field: 'stage', op: 'isAnyOf', value: [] };
  expect(isComplete(blank, field({}))).toBe(false);
  expect(complete({ and: [anyOf, blank] }, () => field({}))).toEqual({ and: [anyOf] });
  expect(complete({ and: [blank] }, () => field({}))).toBeNull();
});

test('linked records are sent by their ids', () => {
  const value = [{ id: 'u1', title: 'Mara' }];
  const filter = { and: [{ field: 'stage', op: 'isAnyOf', value }] };
  expect(complete(filter, () => field({}))).toEqual({
    and: [{ field: 'stage', op: 'isAnyOf', value: ['u1'] }],
  });
});

test('equality uses whichever operator the field has', () => {
  expect(equals(field({}), 'a')).toEqual({ field: 'stage', op: 'is', value: 'a' });
  const many = field({ operators: [{ name: 'isAnyOf', label: '', operand: 'many' }] });
  expect(equals(many, 'a')).toEqual({ field: 'stage', op: 'isAnyOf', value: ['a'] });
  expect(equals(field({ operators: [] }), 'a')).toBeNull();
});

test('a condition on one record at the end of a path is sent with bare ids, and told whole', () => {
  const link = { name: 'region', label: 'Region', relation: { to: 'region', many: false, inverse: null } };
  const object = {
    name: 'deal',
    fields: [],
    relations: [{ name: 'parts', label: 'Parts', object: 'part', field: 'deal' }],
  };
  const part = {
    name: 'part',
    relations: [],
    fields: [field({ ...link, type: 'link', options: {} }), field({})],
  };
  const meta = { objects: [object, part], me: {}, workspace: { locale: 'en' } } as unknown as Meta;
  const at = { field: 'region', op: 'is', value: { id: 'west', title: 'West' } };
  const stage = { field: 'stage', op: 'is', value: 'qualified' };
  const some = (op: string) => ({ field: 'parts', op, value: { and: [at, stage] } });
  expect(complete(some('some'), () => undefined)).toEqual({
    and: [{ ...some('some'), value: { and: [{ ...at, value: 'west' }, stage] } }],
  });
  const deal = object as unknown as MetaObject;
  expect(conditionWords(meta, deal, some('some'))).toBe('Parts: Region is West and Stage is Qualified');
  expect(conditionWords(meta, deal, some('none'))).toBe('Parts, none: Region is West and Stage is Qualified');
});
