import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeness } from './closeness.ts';

const now = '2026-03-02T12:00:00.000Z';
const ago = (days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString();

test('what passed lately and face to face makes people close', () => {
  expect(closeness([], now)).toBe(0);
  expect(
    closeness(
      [0, 1, 2].map(days => ({ kind: 'meeting', at: ago(days) })),
      now,
    ),
  ).toBe(77);
  expect(closeness([{ kind: 'call', at: ago(180) }], now)).toBe(8);
  expect(closeness([{ kind: 'meeting', at: ago(-3) }], now)).toBe(0);
});

test('another touch never makes people less close, and nobody is closer than 100', () => {
  const touch = fc.record({
    kind: fc.constantFrom('meeting', 'call', 'email', 'note'),
    at: fc.integer({ min: 0, max: 2_000 }).map(ago),
  });
  fc.assert(
    fc.property(fc.array(touch), touch, (touches, more) => {
      const before = closeness(touches, now);
      const after = closeness([...touches, more], now);
      return after >= before && after <= 100;
    }),
  );
});
