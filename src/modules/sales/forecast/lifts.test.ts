/** What a stage tells of the chance of its deals, where their laws are known and depend on stage and age together. */
import { expect, test } from 'vitest';
import { type Cohort, liftsOf, lookingOf, pipelineOf, type Stood } from './expectation.ts';

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

/** Chances of a day, of a deal that stands in a stage at an age. */
interface Law {
  win: number;
  lose: number;
  move: number;
}

/** Early in the last stage deals are won and later hardly; who stays in the first is lost. */
function lawOf(stage: number, age: number): Law {
  if (stage === 0)
    return age < 45 ? { win: 0.0002, lose: 0.004, move: 0.03 } : { win: 0.0002, lose: 0.03, move: 0.005 };
  if (stage === 1) return { win: age < 60 ? 0.001 : 0.006, lose: 0.007, move: 0.03 };
  return age < 90 ? { win: 0.03, lose: 0.004, move: 0 } : { win: 0.004, lose: 0.015, move: 0 };
}

interface Deal {
  opened: number;
  decided: number;
  won: boolean;
  /** The day on which it came to each stage. */
  stages: number[];
}

function dealOf(next: () => number, opened: number): Deal {
  const stages = [opened];
  for (let day = opened + 1; ; day++) {
    const { win, lose, move } = lawOf(stages.length - 1, day - opened);
    const drawn = next();
    if (drawn < win + lose) return { opened, decided: day, won: drawn < win, stages };
    if (drawn < win + lose + move) stages.push(day);
  }
}

const today = 1_000;
const openOn = (deals: Deal[], day: number) =>
  deals.filter(({ opened, decided }) => opened <= day && decided > day);
const stageOn = ({ stages }: Deal, day: number) => String(stages.filter(since => since <= day).length - 1);

function pastOf(deals: Deal[]): Cohort[] {
  return deals.map(({ opened, decided, won }) => {
    const known = decided <= today;
    return { opened, decided: known ? decided : null, won: known && won, count: 1, amount: 1 };
  });
}

function stoodOf(deals: Deal[], days: number[], ahead: number): Stood[] {
  return days.flatMap(day =>
    openOn(deals, day).map(deal => ({
      ...{ day, stage: stageOn(deal, day), age: day - deal.opened, deals: 1 },
      won: deal.won && deal.decided <= day + ahead ? 1 : 0,
    })),
  );
}

/** Over several workspaces: what was said by stage beside what came, and the mean squared error of the chances, with lifts and without. */
function tried(ahead: number) {
  const [said, plain, came] = [0, 1, 2].map(() => [0, 0, 0]) as [number[], number[], number[]];
  let [brier, brierPlain, count] = [0, 0, 0];
  for (let seed = 1; seed <= 10; seed++) {
    const next = random(seed * 7_919);
    const deals = Array.from({ length: 2_400 }, () => dealOf(next, Math.floor(next() * today)));
    const past = pastOf(deals);
    const looking = lookingOf(past, today, today + ahead);
    const lift = liftsOf(stoodOf(deals, looking.days, looking.ahead), past, today, looking.ahead);
    const { chance } = pipelineOf(past, today, today, today + ahead);
    for (const deal of openOn(deals, today)) {
      const [stage, { opened }] = [stageOn(deal, today), deal];
      const truth = deal.won && deal.decided <= today + ahead ? 1 : 0;
      const [lifted, bare] = [chance({ opened, lift: lift(stage, today - opened) }), chance({ opened })];
      said[Number(stage)]! += lifted;
      plain[Number(stage)]! += bare;
      came[Number(stage)]! += truth;
      brier += (lifted - truth) ** 2;
      brierPlain += (bare - truth) ** 2;
      count++;
    }
  }
  const ratio = (of: number[]) => of.map((sum, stage) => sum / came[stage]!);
  return { said: ratio(said), plain: ratio(plain), brier: brier / count, brierPlain: brierPlain / count };
}

test.each([30, 91])(
  'of each stage as much is won in %i days as was said, and surer than by age alone',
  ahead => {
    const { said, plain, brier, brierPlain } = tried(ahead);
    for (const ratio of said) expect(Math.abs(ratio - 1)).toBeLessThan(0.25);
    // By age alone what stands in the first stage is overrated, and what stands in the last underrated.
    expect(plain[0]!).toBeGreaterThan(1.5);
    expect(plain[2]!).toBeLessThan(0.75);
    expect(brier).toBeLessThan(brierPlain * 0.92);
  },
);

test('where nothing is known of a stage it says nothing', () => {
  const past: Cohort[] = [{ opened: 990, decided: null, won: false, count: 1, amount: 1 }];
  const { days, ahead } = lookingOf(past, today, today + 30);
  expect(days).toEqual([]);
  expect(liftsOf([], past, today, ahead)('any', 10)).toBe(1);
});
