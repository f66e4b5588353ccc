import { expect, test } from 'vitest';
import '../web/i18n.ts';
import type { MetaField } from '../engine/index.ts';
import { durationWords, during, readDuration, relatively, withHour } from './moments.tsx';
import { grouped } from './phone.view.tsx';
import { optionsOf } from './read.tsx';
import { viewOf } from './views.ts';

const format = { locale: 'en-GB', timeZone: 'Europe/Vienna', currency: 'EUR', country: 'AT' };
const now = new Date('2026-11-21T12:00:00Z');

test('a type this page does not know looks like JSON', () => {
  expect(viewOf('hologram').type).toBe('json');
});

test('near days are relative, far ones are dates', () => {
  expect(relatively('2026-11-21', format, now)).toBe('Today');
  expect(relatively('2026-11-22', format, now)).toBe('Tomorrow');
  expect(relatively('2026-11-17', format, now)).toBe('4 days ago');
  expect(relatively('2026-03-12', format, now)).toBe('12 Mar');
  expect(relatively('2025-03-12', format, now)).toBe('12 Mar 2025');
});

test('a moment shortly before midnight belongs to the day of the person', () => {
  expect(relatively('2026-11-21T23:30:00Z', format, now)).toBe('Tomorrow');
});

test('what one has to be there for says its hour', () => {
  expect(withHour('2026-11-22T13:05:00Z', format, now)).toBe('Tomorrow, 14:05');
  expect(withHour('2027-03-12T09:00:00Z', format, now)).toBe('12 Mar 2027, 10:00');
  expect(withHour('2026-11-21T13:05:00Z', format, now)).toBe('14:05');
});

test('durations go both ways', () => {
  for (const [text, seconds] of [
    ['1h 30m', 5400],
    ['2d 4h', 187_200],
  ] as const) {
    expect(readDuration(text)).toBe(seconds);
    expect(durationWords(seconds)).toBe(text);
  }
  expect(readDuration('1:30')).toBe(5400);
  expect(readDuration('soon')).toBeNull();
});

test('choices may be names, objects or a map', () => {
  const of = (choices: MetaField['options'][string]) =>
    optionsOf({ options: { choices } } as unknown as MetaField);
  expect(of(['inNegotiation'])).toEqual([{ value: 'inNegotiation', label: 'In negotiation', colour: null }]);
  expect(of([{ value: 'won', label: 'Won', colour: 'green' }])[0]?.colour).toBe('green');
  expect(of({ a: 'Alpha' })[0]?.label).toBe('Alpha');
});

test('phone numbers stand in groups after their calling code', () => {
  expect(grouped('+43662845521')).toBe('+43 662 845521');
  expect(grouped('+436641234567')).toBe('+43 664 123 4567');
  expect(grouped('+14155550132')).toBe('+1 415 555 0132');
  expect(grouped('+35312345678;ext=12')).toBe('+353 123 45678 ext. 12');
  expect(grouped('unknown')).toBe('unknown');
});

test('years stand without grouping', () => {
  const of = (options: MetaField['options']) =>
    viewOf('number').text(1996, { options } as unknown as MetaField, format);
  expect(of({ grouped: false })).toBe('1996');
  expect(of({})).toBe('1,996');
});

test('rules of recurrence are told in words', () => {
  const words = (rule: string) => viewOf('recurrence').text(rule, {} as MetaField, format);
  expect(words('FREQ=DAILY')).toBe('Every day');
  expect(words('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR')).toBe('Every 2 weeks on Monday and Friday');
  expect(words('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR')).toBe('Every workday');
  expect(words('FREQ=MONTHLY;BYDAY=-1FR;COUNT=3')).toBe('Every month on the last Friday 3 times');
  expect(words('FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;UNTIL=20301231')).toBe(
    'Every year on day 1 in March until 31 Dec 2030',
  );
  expect(words('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270303')).toBe(
    'Every second Tuesday until 3 Mar 2027',
  );
  expect(words('FREQ=WEEKLY;BYDAY=TU;UNTIL=20270302T230000Z')).toBe('Every Tuesday until 3 Mar 2027');
  expect(words('FREQ=MONTHLY;BYMONTHDAY=-1')).toBe('Every month on the last day of the month');
  // What words do not say whole is shown as it stands.
  expect(words('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1')).toBe(
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  );
});

test('amounts and decimals keep all their digits', () => {
  const money = { amount: '123456789012345678901234.10', currency: 'USD' };
  expect(viewOf('money').text(money, {} as MetaField, format)).toBe('US$123,456,789,012,345,678,901,234.10');
  expect(viewOf('money').text({ amount: '1200.00', currency: 'EUR' }, {} as MetaField, format)).toBe(
    '€1,200',
  );
  expect(viewOf('decimal').text('9007199254740993.125', {} as MetaField, format)).toBe(
    '9,007,199,254,740,993.125',
  );
});

test('what lasts is told from when to when, whole days without hours', () => {
  const year = new Date().getUTCFullYear();
  const at = (day: number, hour: string) => `${year}-03-${day}T${hour}:00Z`;
  const plain = (text: string) => text.replace(/[\u2009\u202f\u00a0]/g, ' ');
  const told = (from: string, until: string, whole = false) => plain(during(from, until, format, whole));
  expect(told(at(16, '15:00'), at(16, '16:30'))).toMatch(/^\w+,? 16 Mar,? 16:00 ?– ?17:30$/);
  expect(told(at(15, '23:00'), at(16, '23:00'), true)).toMatch(/^\w+,? 16 Mar$/);
  expect(told(at(15, '23:00'), at(17, '23:00'), true)).toMatch(/16.*–.*17 Mar$/);
  expect(told('2019-03-16T15:00:00Z', '2019-03-16T16:00:00Z')).toContain('2019');
});
