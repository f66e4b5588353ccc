/** What a merge dialog shows and sends: who stays, whose values are taken, what needs no decision. */
import { expect, test } from 'vitest';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { blank } from '../records/use-form.ts';
import type { Preview } from './pairs.ts';
import { fullest, linesOf, valuesOf } from './use-merge.ts';
import { withoutPair } from './use-queue.ts';
import { likelihood, percent } from './Why.tsx';

const field = (name: string, more: Partial<MetaField> = {}): MetaField => ({
  ...blank,
  name,
  label: name,
  type: 'text',
  ...more,
});
const many = { to: 'tag', many: true, inverse: null };
const object = {
  name: 'person',
  fields: [field('name'), field('email'), field('city'), field('tags', { relation: many })],
} as MetaObject;

const a = { id: 'a', version: 1, name: 'Ann', email: null, city: 'Wien', tags: [] };
const b = { id: 'b', version: 1, name: 'Anna', email: 'anna@x.example', city: 'Wien', tags: ['t'] };
const told = (name: string, from: string[], differs: boolean) => ({
  name,
  label: name,
  from,
  differs,
  editable: true,
});
const preview = {
  records: [a, b],
  fields: [
    told('city', ['a'], false),
    told('name', ['a'], true),
    told('email', ['b'], false),
    told('tags', ['a', 'b'], false),
    told('gone', ['a'], true),
  ],
} as unknown as Pick<Preview, 'records' | 'fields'>;

test('what differs or comes from another stands first; the same is not asked about', () => {
  const lines = linesOf(object, preview, {});
  expect(lines.map(({ field: { name }, open, choosable }) => [name, open, choosable])).toEqual([
    ['name', true, true],
    ['email', true, true],
    ['tags', true, false],
    ['city', false, true],
  ]);
});

test('a choice shows at once, and only what is not taken anyway is sent', () => {
  const chosen = { name: 'b', city: 'a', email: 'a' };
  const lines = linesOf(object, preview, chosen);
  expect(lines.find(line => line.field.name === 'name')!.from).toEqual(['b']);
  expect(valuesOf(object, preview, chosen)).toEqual({ name: 'Anna', email: null });
  expect(valuesOf(object, preview, {})).toEqual({});
});

test('the one stays of which most is known, of equals the oldest', () => {
  expect(fullest([a, b])).toBe('b');
  expect(
    fullest([
      { ...b, id: 'd' },
      { ...b, id: 'c' },
    ]),
  ).toBe('c');
  expect(fullest([])).toBeUndefined();
});

test('a decided pair leaves the pages, and the count follows', () => {
  const pair = { a: { id: 'a', title: 'A' }, b: { id: 'b', title: 'B' } };
  const other = { a: { id: 'a', title: 'A' }, b: { id: 'c', title: 'C' } };
  const pages = { pages: [{ data: [pair, other], next: null, count: 2 }], pageParams: [null] } as never;
  expect(withoutPair(pages, pair as never)!.pages[0]).toMatchObject({ data: [other], count: 1 });
  const missing = { a: { id: 'x' }, b: { id: 'y' } } as never;
  expect(withoutPair(pages, missing)).toBe(pages);
});

test('a guess is never told as certain', () => {
  expect([percent(1, 'en'), percent(0.934, 'en'), percent(0, 'en')]).toEqual(['99.9%', '93%', '0.1%']);
  expect([0.995, 0.95, 0.8, 0.5, 0.1].map(likelihood)).toEqual([
    'certain',
    'very',
    'rather',
    'even',
    'little',
  ]);
});
