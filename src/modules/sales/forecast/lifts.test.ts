/** What a stage tells of the chance of its deals, where their laws are known and depend on stage and age together. */
import { expect, test } from 'vitest';
import { today, tried, worlds } from '../../../../test/deals-of-laws.ts';
import { type Cohort, liftsOf, lookingOf } from './expectation.ts';

test.each([30, 91])(
  'of each stage as much is won in %i days as was said, and surer than by age alone',
  ahead => {
    const { now, byAge } = tried(worlds['stage and age jointly']!, ahead, 10);
    for (const ratio of now.stages) expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
    // By age alone what stands in the first stage is overrated, and what stands in the last underrated.
    expect(byAge.stages[0]!).toBeGreaterThan(1.5);
    expect(byAge.stages[2]!).toBeLessThan(0.75);
    expect(now.brier).toBeLessThan(byAge.brier * 0.92);
  },
);

test('where nothing is known of a stage it says nothing', () => {
  const past: Cohort[] = [{ opened: 990, decided: null, won: false, count: 1, amount: 1 }];
  const { days, ahead } = lookingOf(past, today, today + 30);
  expect(days).toEqual([]);
  expect(liftsOf([], past, today, ahead)('any', 10)).toBe(1);
});
