import { expect, test } from 'vitest';
import type { MetaField } from '../../engine/index.ts';
import { cellsOfText, placed, textOfCells } from './cells.ts';
import type { Line } from './use-groups.ts';
import '../i18n.ts';

const columns = ['name', 'city', 'note'].map(
  name => ({ name, type: 'text', options: {} }) as unknown as MetaField,
);
const format = { locale: 'en', timeZone: 'UTC', currency: 'EUR', country: 'AT' };
const row = (id: string): Line => ({
  kind: 'row',
  key: id,
  row: { id, version: 1, name: `Name ${id}`, city: null, note: 'two\nlines' },
});
const head = { kind: 'group', key: 'g', open: true } as unknown as Line;
const lines = [row('a'), head, row('b'), row('c')];

test('what is copied is what a spreadsheet takes, and comes back the same', () => {
  const text = textOfCells(lines, columns, { top: 0, bottom: 2, start: 0, end: 2 }, format);
  expect(text).toBe('Name a\t\t"two\nlines"\nName b\t\t"two\nlines"');
  expect(cellsOfText(text)).toEqual([
    ['Name a', '', 'two\nlines'],
    ['Name b', '', 'two\nlines'],
  ]);
});

test('clipboards of Excel end with a line end, and quote what holds tabs and quotes', () => {
  expect(cellsOfText('1\t2\r\n3\t4\r\n')).toEqual([
    ['1', '2'],
    ['3', '4'],
  ]);
  expect(cellsOfText('"a\tb"\t"say ""hi"""')).toEqual([['a\tb', 'say "hi"']]);
  expect(cellsOfText('alone')).toEqual([['alone']]);
});

test('cells fall on the rows from the cursor on, past heads of groups; what has no row is counted', () => {
  const at = { top: 0, bottom: 0, start: 1, end: 1 };
  const clipboard = [
    ['Wien', 'x', 'too far'],
    ['Graz', 'y', ''],
    ['Linz', 'z', ''],
    ['Rest', '', ''],
  ];
  const { rows, over } = placed(clipboard, lines, columns, at);
  expect(rows.map(each => [each.row.id, each.cells])).toEqual([
    ['a', { city: 'Wien', note: 'x' }],
    ['b', { city: 'Graz', note: 'y' }],
    ['c', { city: 'Linz', note: 'z' }],
  ]);
  expect(over).toBe(1);
});

test('one cell fills all that are chosen', () => {
  const { rows, over } = placed([['same']], lines, columns, { top: 0, bottom: 3, start: 1, end: 2 });
  expect(rows.map(each => each.cells)).toEqual(
    Array.from({ length: 3 }, () => ({ city: 'same', note: 'same' })),
  );
  expect(over).toBe(0);
});

test('an amount without a currency keeps the one that stands there', () => {
  const amount = { name: 'amount', type: 'money', options: {} } as unknown as MetaField;
  const deal: Line = {
    kind: 'row',
    key: 'd',
    row: { id: 'd', version: 1, amount: { amount: '5.00', currency: 'CHF' } },
  };
  const over = (text: string) =>
    placed([[text]], [deal], [amount], { top: 0, bottom: 0, start: 0, end: 0 }).rows[0]?.cells.amount;
  expect(over('1’250.50')).toBe('1’250.50 CHF');
  expect(over('7 EUR')).toBe('7 EUR');
  expect(over('')).toBe('');
});
