import i18next from 'i18next';
import { expect, test } from 'vitest';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import '../i18n.ts';
import de from '../locales/de/main.json' with { type: 'json' };
import { wishIn } from './wish.ts';

const operators: Record<string, [name: string, operand: string][]> = {
  choice: [
    ['is', 'one'],
    ['isAnyOf', 'many'],
    ['empty', 'none'],
  ],
  number: [
    ['gt', 'one'],
    ['lt', 'one'],
  ],
  date: [
    ['gt', 'one'],
    ['lt', 'one'],
    ['during', 'period'],
    ['empty', 'none'],
  ],
  user: [
    ['isMe', 'none'],
    ['is', 'one'],
    ['empty', 'none'],
  ],
};

function field(name: string, label: string, kind: keyof typeof operators, choices: string[] = []): MetaField {
  const options = { choices: choices.map(value => ({ value, label: value })) };
  const made = operators[kind]!.map(([op, operand]) => ({ name: op, label: op, operand }));
  return { name, label, type: 'text', options, operators: made } as unknown as MetaField;
}

const object = {
  fields: [
    field('status', 'Status', 'choice', ['Open', 'Won']),
    field('amount', 'Amount', 'number'),
    field('probability', 'Probability', 'number'),
    field('closeDate', 'Close date', 'date'),
    field('createdAt', 'Created', 'date'),
    field('owner', 'Owner', 'user'),
  ],
} as unknown as MetaObject;

const asked = {
  object,
  columns: ['status', 'amount', 'closeDate', 'owner'],
  format: { locale: 'en', timeZone: 'UTC', currency: 'EUR', country: 'AT' },
  seen: new Map([['owner', [{ id: 'u1', title: 'Klara Fisher' }]]]),
};

const is = (name: string, op: string, value: unknown = null) => ({ field: name, op, value });

test.each([
  ['won', [is('status', 'is', 'Won')], ''],
  ['Won this quarter', [is('status', 'is', 'Won'), is('closeDate', 'during', { period: 'thisQuarter' })], ''],
  ['over 10k', [is('amount', 'gt', '10000')], ''],
  ['more than €1.5m acme', [is('amount', 'gt', '1500000')], 'acme'],
  ['<2,500 €', [is('amount', 'lt', '2500')], ''],
  ['probability over 50', [is('probability', 'gt', '50')], ''],
  ['created last 7 days', [is('createdAt', 'during', { last: 7, unit: 'day' })], ''],
  ['mine without close date', [is('owner', 'isMe'), is('closeDate', 'empty')], ''],
  ['klara open', [is('owner', 'is', { id: 'u1', title: 'Klara Fisher' }), is('status', 'is', 'Open')], ''],
  [
    'open last month created yesterday',
    [
      is('status', 'is', 'Open'),
      is('closeDate', 'during', { period: 'lastMonth' }),
      is('createdAt', 'during', { period: 'yesterday' }),
    ],
    '',
  ],
])('"%s" is understood', (typed, conditions, rest) => {
  expect(wishIn(typed, asked)).toMatchObject({ conditions, rest });
});

test.each(['', 'acme', 'over the moon', 'no', 'last', 'wonderful', '10k'])('"%s" is only text', typed => {
  expect(wishIn(typed, asked)).toBeNull();
});

test('where several fields may be meant, the others are offered too', () => {
  expect(wishIn('next week', asked)).toMatchObject({
    conditions: [is('closeDate', 'during', { period: 'nextWeek' })],
    instead: [is('createdAt', 'during', { period: 'nextWeek' })],
  });
});

test('it is understood in the language of the reader', async () => {
  i18next.addResourceBundle('de', 'translation', de, true);
  await i18next.changeLanguage('de-AT');
  try {
    const german = { ...asked, format: { ...asked.format, locale: 'de-AT' } };
    expect(wishIn('über 10.000 nächste Woche', german)?.conditions).toEqual([
      is('amount', 'gt', '10000'),
      is('closeDate', 'during', { period: 'nextWeek' }),
    ]);
    expect(wishIn('letzte 30 Tage', german)?.conditions).toEqual([
      is('closeDate', 'during', { last: 30, unit: 'day' }),
    ]);
  } finally {
    await i18next.changeLanguage('en');
  }
});
