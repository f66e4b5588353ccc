/**
 * Workspaces of deals whose laws are known, the same every time, and how right the statistical forecast is of those that
 * are open: by age alone, by the lift of decision 17, and by the one before it.
 */
import {
  type Cohort,
  liftsOf,
  lookingOf,
  pipelineOf,
  type Stood,
} from '../src/modules/sales/forecast/expectation.ts';

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

interface World {
  /** In which stage a deal begins, by a number from 0 to 1. */
  begins: (drawn: number) => number;
  law: (stage: number, age: number) => Law;
}

/** Three stages each. */
export const worlds: Record<string, World> = {
  /** Hazards of a stage are those of all, times its own; a deal stays where it begins. */
  'in proportion, stages for life': {
    begins: drawn => (drawn < 0.4 ? 0 : drawn < 0.75 ? 1 : 2),
    law: (stage, age) => {
      const wins = age < 30 ? 0.004 : age < 90 ? 0.008 : 0.005;
      return { win: wins * [0.4, 1, 2.2][stage]!, lose: age < 60 ? 0.006 : 0.012, move: 0 };
    },
  },
  /** Hardly anything is won but out of the last. */
  'stages one after the other, the last wins': {
    begins: () => 0,
    law: stage =>
      [
        { win: 0.0002, lose: 0.008, move: 0.03 },
        { win: 0.0005, lose: 0.006, move: 0.03 },
        { win: 0.03, lose: 0.008, move: 0 },
      ][stage]!,
  },
  /** Early in the last stage deals are won and later hardly; who stays in the first is lost. */
  'stage and age jointly': {
    begins: () => 0,
    law: (stage, age) => {
      if (stage === 0)
        return age < 45 ? { win: 0.0002, lose: 0.004, move: 0.03 } : { win: 0.0002, lose: 0.03, move: 0.005 };
      if (stage === 1) return { win: age < 60 ? 0.001 : 0.006, lose: 0.007, move: 0.03 };
      return age < 90 ? { win: 0.03, lose: 0.004, move: 0 } : { win: 0.004, lose: 0.015, move: 0 };
    },
  },
};

interface Deal {
  opened: number;
  decided: number;
  won: boolean;
  /** Where it began, and the day on which it came there and to each stage after. */
  from: number;
  stages: number[];
}

function dealOf(next: () => number, opened: number, { begins, law }: World): Deal {
  const stages = [opened];
  // Who always begins in the first asks for no number.
  const from = begins.length === 0 ? begins(0) : begins(next());
  for (let day = opened + 1; ; day++) {
    const { win, lose, move } = law(from + stages.length - 1, day - opened);
    const drawn = next();
    if (drawn < win + lose) return { opened, decided: day, won: drawn < win, from, stages };
    if (drawn < win + lose + move) stages.push(day);
  }
}

/** The day on which all is told. */
export const today = 1_000;
const openOn = (deals: Deal[], day: number) =>
  deals.filter(({ opened, decided }) => opened <= day && decided > day);
const stageOn = ({ from, stages }: Deal, day: number) =>
  String(from + stages.filter(since => since <= day).length - 1);

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

/**
 * As it was before decision 17: the share won of the decided deals that had ever been in a stage, beside that of all. Who
 * stands in a stage counts as having been in those before.
 */
function everWon(deals: Deal[]): (stage: string) => number {
  const known = deals.filter(({ decided }) => decided <= today);
  const share = (some: Deal[]) => some.filter(({ won }) => won).length / Math.max(some.length, 1);
  const lifts = ['0', '1', '2'].map(stage => {
    const been = known.filter(({ from, stages }) => Number(stage) < from + stages.length);
    return share(been) / share(known);
  });
  return stage => lifts[Number(stage)]!;
}

/** What was said of open deals by what was won, of all and by stage; and the mean squared error of the chances. */
interface Right {
  all: number;
  stages: number[];
  brier: number;
}

/** How right it is so many days ahead, over several workspaces of 2,400 deals in 1,000 days. */
export function tried(
  world: World,
  ahead: number,
  workspaces: number,
): Record<'byAge' | 'before' | 'now', Right> {
  const ways = { byAge: [0, 0, 0], before: [0, 0, 0], now: [0, 0, 0] };
  const errors = { byAge: 0, before: 0, now: 0 };
  const came = [0, 0, 0];
  let count = 0;
  for (let seed = 1; seed <= workspaces; seed++) {
    const next = random(seed * 7_919);
    const deals = Array.from({ length: 2_400 }, () => dealOf(next, Math.floor(next() * today), world));
    const past = pastOf(deals);
    const looking = lookingOf(past, today, today + ahead);
    const lift = liftsOf(stoodOf(deals, looking.days, looking.ahead), past, today, looking.ahead);
    const ever = everWon(deals);
    const { chance } = pipelineOf(past, today, today, today + ahead);
    for (const deal of openOn(deals, today)) {
      const [stage, { opened }] = [stageOn(deal, today), deal];
      const truth = deal.won && deal.decided <= today + ahead ? 1 : 0;
      came[Number(stage)]! += truth;
      count++;
      const lifts = { byAge: 1, before: ever(stage), now: lift(stage, today - opened) };
      for (const way of ['byAge', 'before', 'now'] as const) {
        const said = chance({ opened, lift: lifts[way] });
        ways[way][Number(stage)]! += said;
        errors[way] += (said - truth) ** 2;
      }
    }
  }
  const sum = (some: number[]) => some.reduce((so, each) => so + each, 0);
  const rightOf = (way: keyof typeof ways): Right => ({
    all: sum(ways[way]) / sum(came),
    stages: ways[way].map((said, stage) => said / came[stage]!),
    brier: errors[way] / count,
  });
  return { byAge: rightOf('byAge'), before: rightOf('before'), now: rightOf('now') };
}
