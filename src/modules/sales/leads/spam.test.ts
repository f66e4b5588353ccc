import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Effort, isWorked, readTicket, review, type Sent, suspicionsOf, writeTicket } from './spam.ts';
import { sourceOf, touchOf } from './touch.ts';

const sound: Sent = {
  values: {
    name: 'Rosa Hofer',
    email: 'rosa@post.example',
    description: 'We open in May and need a machine.',
  },
  trap: '',
  shownAt: 0,
  worked: true,
  now: 30_000,
  language: 'de',
};
const points = (sent: Partial<Sent>) =>
  suspicionsOf({ ...sound, ...sent }).reduce((sum, each) => sum + each.points, 0);

test('people pass, each suspicion counts, and only several of them, or the trap, hold someone back', () => {
  expect(suspicionsOf(sound)).toEqual([]);
  expect(points({ trap: 'x' })).toBeGreaterThanOrEqual(review);
  expect(points({ shownAt: null, worked: false })).toBeGreaterThanOrEqual(review);
  for (const sent of [{ now: 100 }, { worked: false }, { values: { text: 'see https://post.example' } }])
    expect(points(sent)).toSatisfy((sum: number) => sum > 0 && sum < review);
  const cyrillic = { text: 'Предлагаем услуги продвижения сайтов' };
  expect(points({ values: cyrillic })).toBe(30);
  expect(points({ values: cyrillic, language: 'ru' })).toBe(0);
});

test('a ticket is read as it was written, for its own form, and no other', () => {
  const seal = (text: string) => createHmac('sha256', 'secret').update(text).digest('base64url');
  const ticket = { shownAt: 1_700_000_000_000, nonce: 'abcdefghij', bits: 11 };
  const text = writeTicket(seal, 'contact', ticket);
  expect(readTicket(seal, 'contact', text)).toEqual(ticket);
  expect(readTicket(seal, 'other', text)).toBeNull();
  expect(readTicket(seal, 'contact', text.replace('.11.', '.01.'))).toBeNull();
  expect(readTicket(seal, 'contact', '')).toBeNull();
});

test('work is what gives a sum with so many noughts; more is asked for from who comes often', () => {
  const ticket = { shownAt: 0, nonce: 'abcdefghij', bits: 8 };
  const first = (bits: number) => {
    for (let n = 0; ; n++)
      if (createHash('sha256').update(`abcdefghij.${n}`).digest()[0]! >>> (8 - bits) === 0) return String(n);
  };
  expect(isWorked(ticket, first(8))).toBe(true);
  expect(isWorked(ticket, String(Number(first(8)) + 1))).toBe(false);
  expect(isWorked(ticket, 'x')).toBe(false);
  const effort = new Effort();
  expect(effort.bitsFor('a', 100_000)).toBe(11);
  for (let n = 0; n < 50; n++) effort.bitsFor('a', 100_000);
  expect(effort.bitsFor('a', 100_000)).toBeGreaterThan(14);
  expect(effort.bitsFor('b', 100_000)).toBe(11);
  expect(effort.bitsFor('a', 200_000)).toBe(11);
});

test('a touch is what stands in address and referrer, and nothing is made of what is no address', () => {
  expect(touchOf('https://a.example/x?utm_source=s&utm_medium=paid', 'https://a.example/y', 'now')).toEqual({
    source: 's',
    medium: 'paid',
    page: 'https://a.example/x',
    at: 'now',
  });
  expect(touchOf('javascript', undefined, 'now')).toEqual({ at: 'now' });
  expect(sourceOf({ fbclid: 'x' })).toBe('advertising');
  expect(sourceOf({ medium: 'Referral' })).toBe('referral');
  expect(sourceOf({ medium: 'email' })).toBeNull();
});
