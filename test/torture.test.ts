/** A few points of `npm run torture`, so that every run of the tests proves them; docs/guides/reliability.md has the rest. */
import { expect, test } from 'vitest';
import { torture } from '../torture/points.ts';
import { victims } from '../torture/site.ts';

test('Farley and its PostgreSQL are killed under load: what was acknowledged is there, once', {
  timeout: 600_000,
}, async () => {
  const lines: string[] = [];
  const summary = await torture({
    seed: process.env.FARLEY_TORTURE_SEED ?? 'tests',
    points: [1, 2, 3, 4, 5, 6],
    kinds: ['single', 'batch', 'import', 'job'],
    victims,
    say: line => lines.push(line),
  });
  expect(summary.violations, lines.join('\n')).toBe(0);
  expect(summary.acknowledged).toBeGreaterThan(0);
});
