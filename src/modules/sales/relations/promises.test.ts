import { expect, test } from 'vitest';
import { dayIn, promisesIn } from './promises.ts';

/** A Monday. */
const on = '2026-03-02';

test.each([
  ["I'll send the offer by Friday.", '2026-03-06'],
  ['We will call back tomorrow', '2026-03-03'],
  ['Ich schicke das Angebot bis Freitag.', '2026-03-06'],
  ['Bis Monatsende melden wir uns.', '2026-03-31'],
  ['Je vous enverrai le devis demain.', '2026-03-03'],
  ['Nous allons livrer avant le 15 mars.', '2026-03-15'],
  ['Enviaré la oferta el viernes.', '2026-03-06'],
  ['Vamos a llamar la semana que viene.', '2026-03-13'],
  ['سأرسل العرض غدا', '2026-03-03'],
  ['I am going to check the numbers.', null],
])('%s is a promise of ours', (text, due) => {
  expect(promisesIn(text, on)).toEqual([{ text, due, by: 'us' }]);
});

test('what the other side will do by a day is a promise of theirs; without one it is a description', () => {
  expect(promisesIn('Katharina will send the drawings by 12.3.', on)).toMatchObject([
    { by: 'them', due: '2026-03-12' },
  ]);
  expect(promisesIn('The terrace will open in summer.', on)).toEqual([]);
});

test.each([
  'Shall we send it on Friday?',
  'If they like it I will send samples tomorrow.',
  'They bought a machine last year.',
  'Ask Johann about the spa.',
])('%s promises nothing', text => {
  expect(promisesIn(text, on)).toEqual([]);
});

test('each sentence is looked at by itself, without the marks of lists', () => {
  const text =
    'Good meeting.\n- I will send the terms by Wednesday.\n- We’ll invite Miriam next week! All fine.';
  expect(promisesIn(text, on)).toEqual([
    { text: 'I will send the terms by Wednesday.', due: '2026-03-04', by: 'us' },
    { text: 'We’ll invite Miriam next week!', due: '2026-03-13', by: 'us' },
  ]);
});

test.each([
  ['on 2026-04-01', '2026-04-01'],
  ['am 1.4.', '2026-04-01'],
  ['am 1.2.', '2027-02-01'],
  ['on March 3rd', '2026-03-03'],
  ['le 1er avril', '2026-04-01'],
  ['el 5 de abril', '2026-04-05'],
  ['in two weeks', '2026-03-16'],
  ['in 10 Tagen', '2026-03-12'],
  ['next Monday', '2026-03-09'],
  ['end of the week', '2026-03-06'],
  ['por la mañana', null],
  ['am 31.2.', null],
])('%s is %s', (words, day) => {
  expect(dayIn(words, on)).toBe(day);
});
