/** The slider's stops, which stop shows a moment, what differs, and what the address says. */
import { expect, test } from 'vitest';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { readRecordSearch } from '../model/moment-state.ts';
import { differing, momentsOf, stopOf } from './moments.ts';
import { blank } from './use-form.ts';

const field = (name: string, more: Partial<MetaField> = {}): MetaField => ({
  ...blank,
  name,
  label: name.toUpperCase(),
  type: 'text',
  ...more,
});
const object = {
  name: 'person',
  fields: [
    field('name'),
    field('city'),
    field('secret', { hidden: true }),
    field('version', { system: true }),
  ],
} as MetaObject;
const change = (at: string, fields: string[], kind = 'updated') => ({
  at,
  kind,
  actor: { name: 'Ada' },
  fields: Object.fromEntries(fields.map(name => [name, [null, 1]])) as Record<string, [null, number]>,
});
const [first, second] = ['2026-03-01T09:00:00.000Z', '2026-03-02T09:00:00.000Z'] as [string, string];
const moments = momentsOf(object, [
  change(second, ['city']),
  change(second, ['name', 'city', 'version']),
  change(first, [], 'created'),
]);

test('changes of one moment are one stop, the earliest first, told by the fields that people know', () => {
  expect(moments).toEqual([
    { at: first, who: 'Ada', made: true, fields: [] },
    { at: second, who: 'Ada', made: false, fields: ['NAME', 'CITY'] },
  ]);
});

test('a moment stands at the last change not after it; now is a stop of its own', () => {
  expect(
    ['2026-01-01', first, '2026-03-01T22:00:00Z', second, '2027-01-01'].map(at => stopOf(moments, at)),
  ).toEqual([0, 0, 0, 1, 1]);
  expect(stopOf(moments, null)).toBe(2);
  expect(stopOf([], first)).toBe(0);
});

test('differing are the fields that people see', () => {
  const now = { id: 'a', version: 3, name: 'Ann', city: 'Wien', secret: 1 };
  const then = { id: 'a', version: 2, name: 'Ann', secret: 2 };
  expect(differing(object, then, now).map(({ name }) => name)).toEqual(['city']);
  expect(differing(object, now, now)).toEqual([]);
});

test('the address says a moment, and what it is compared with; what is none is left out', () => {
  expect(readRecordSearch({ asOf: '2026-03-01T10:00:00+01:00' })).toEqual({ asOf: first, with: undefined });
  expect(readRecordSearch({ asOf: first, with: 'now' })).toEqual({ asOf: first, with: 'now' });
  expect(readRecordSearch({ asOf: first, with: second })).toEqual({ asOf: first, with: second });
  for (const asOf of ['yesterday', '2026-99-99', '5', 5, undefined])
    expect(readRecordSearch({ asOf, with: 'now' })).toEqual({ asOf: undefined, with: undefined });
});
