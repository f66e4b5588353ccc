/**
 * What the statistical forecast says of stages beside what comes, on deals whose laws are known: the table of
 * docs/decisions/0017-stage-and-age.md. `node bench/lift.ts`; each of three worlds is made 20 times.
 */
import { tried, worlds } from '../test/deals-of-laws.ts';

console.log(
  '| Laws | days | by age alone | share ever won (before) | what came of those that stood there (now) |',
);
console.log('| --- | --- | --- | --- | --- |');
for (const [name, world] of Object.entries(worlds))
  for (const days of [30, 91]) {
    const { byAge, before, now } = tried(world, days, 20);
    const told = [byAge, before, now].map(({ all, stages, brier }) => {
      const each = stages.map(ratio => ratio.toFixed(2)).join(' ');
      return `${all.toFixed(2)} (${each}), ${brier.toFixed(4)}`;
    });
    console.log(`| ${name} | ${days} | ${told.join(' | ')} |`);
  }
