import { expect, test } from 'vitest';
import type { MetaField } from '../../engine/index.ts';
import { least, template, within } from './columns.ts';

const column = (name: string) => ({ name, type: 'unknown' }) as MetaField;
const columns = [column('name'), column('stage'), column('amount')];

test('a column somebody sized keeps its width, the others share what is left', () => {
  expect(template(columns, { stage: 90 })).toBe('40px minmax(240px, 240fr) 90px minmax(200px, 200fr)');
  expect(template(columns, { name: 120 })).toMatch(/^40px 120px /);
});

test('the table is as wide as its columns at least', () => {
  expect(least(columns, { stage: 90 })).toBe(40 + 240 + 90 + 200);
});

test('no column vanishes or fills the world', () => {
  expect([within(3), within(123.4), within(9000)]).toEqual([60, 123, 800]);
});
