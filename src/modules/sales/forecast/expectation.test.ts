/** The statistical forecast on deals whose laws are known. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cohort, expectation, hazardsOf, monthsBefore } from './expectation.ts';

const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000;

/** Numbers from 0 to 1, the same every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Ten deals a day, each of which is won on any day with a chance of 1 % and lost with one of 2 %. */
function steadyDeals(from: number, to: number): Cohort[] {
  const next = random(7);
  const deals: Cohort[] = [];
  for (let opened = from; opened <= to; opened++)
    for (let n = 0; n < 10; n++) {
      let decided: number | null = null;
      let won = false;
      for (let day = opened + 1; day <= to && decided === null; day++) {
        const drawn = next();
        if (drawn < 0.03) [decided, won] = [day, drawn < 0.01];
      }
      deals.push({ opened, decided, won, count: 1, amount: 100 });
    }
  return deals;
}

const [begin, end] = [dayOf('2024-01-01'), dayOf('2026-01-01')];
const deals = steadyDeals(begin, end);

test('hazards are those by which the deals were made', () => {
  const { won, lost, months } = hazardsOf(deals, end);
  for (const age of [0, 1, 2, 4]) {
    expect(won[age]!).toBeGreaterThan(0.008);
    expect(won[age]!).toBeLessThan(0.012);
    expect(lost[age]! / won[age]!).toBeGreaterThan(1.7);
    expect(lost[age]! / won[age]!).toBeLessThan(2.4);
  }
  for (const factor of [...months.won, ...months.lost]) expect(Math.abs(factor - 1)).toBeLessThan(0.1);
});

test('what it says of a month comes true within a few percent, and mostly within its interval', () => {
  let inside = 0;
  const cutoffs = ['2025-03-31', '2025-05-31', '2025-07-31', '2025-09-30', '2025-10-31', '2025-11-30'];
  for (const cutoff of cutoffs) {
    const [today, until] = [dayOf(cutoff), dayOf(cutoff) + 30];
    const truth = deals
      .filter(deal => deal.won && deal.decided! > today && deal.decided! <= until)
      .reduce((sum, deal) => sum + deal.amount, 0);
    const { amount, low, high, ways } = expectation(deals, today, until);
    expect(Math.abs(amount - truth) / truth).toBeLessThan(0.25);
    expect(ways.reduce((sum, way) => sum + way.weight, 0)).toBeCloseTo(1, 9);
    if (truth >= low && truth <= high) inside++;
  }
  expect(inside).toBeGreaterThanOrEqual(4);
});

test('nothing that came after the day is looked at', () => {
  const today = dayOf('2025-06-30');
  const blind = deals
    .filter(deal => deal.opened <= today)
    .map(deal =>
      deal.decided !== null && deal.decided > today ? { ...deal, decided: null, won: false } : deal,
    );
  const [a, b] = [expectation(deals, today, today + 31), expectation(blind, today, today + 31)];
  expect(a).toEqual(b);
});

test('without any deal, or with one, it says something that is a number', () => {
  const one: Cohort = { opened: end - 3, decided: null, won: false, count: 1, amount: 50 };
  for (const past of [[], [one], [{ ...one, decided: end - 1, won: true }]]) {
    const { amount, low, high } = expectation(past, end, end + 30);
    expect(amount).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThanOrEqual(amount);
    expect(high).toBeGreaterThanOrEqual(amount);
  }
});

test('months before keep the last day of a month the last', () => {
  expect(monthsBefore(dayOf('2026-05-31'), 3)).toBe(dayOf('2026-02-28'));
  expect(monthsBefore(dayOf('2026-02-28'), 1)).toBe(dayOf('2026-01-31'));
  expect(monthsBefore(dayOf('2026-03-30'), 1)).toBe(dayOf('2026-02-28'));
  expect(monthsBefore(dayOf('2026-01-15'), 12)).toBe(dayOf('2025-01-15'));
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 30_000 }), fc.integer({ min: 1, max: 30 }), (day, months) => {
      const before = monthsBefore(day, months);
      expect(day - before).toBeGreaterThanOrEqual(28 * months - 1);
      expect(day - before).toBeLessThanOrEqual(31 * months + 3);
    }),
  );
});
