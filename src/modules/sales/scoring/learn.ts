/**
 * Choosing a learner and freezing what it learned. The simplest that is as good as the best, by repeated cross-validation
 * with equal shares of wins in all folds (Kohavi 1995; the one-standard-error rule: Breiman et al. 1984). The same rows in
 * the same order give the same bytes.
 */
import { createHash } from 'node:crypto';
import {
  type EncodedFact,
  encode,
  type Fact,
  isConstant,
  isSuspicious,
  type Known,
  type LeftOut,
  learnFacts,
  settledShare,
  type Table,
} from './encode.ts';
import { type Calibration, calibrate, type Figures, figuresOf, lossOf, sigmoid } from './figures.ts';
import { bayes, type Learned, type Learner, logistic, oddsOf, partsOf, trees } from './learners.ts';

export interface Training {
  facts: Fact[];
  /** Row by row, in a fixed order. */
  rows: Known[][];
  won: boolean[];
  /** By row: nothing is known of how it was before the decision; what gives the outcome away is looked for in these. */
  blind?: boolean[];
  /** Facts that are not to be used, and why. */
  leftOut?: LeftOut[];
}

export type Way = 'bayes' | 'logistic' | 'trees';

/** What is kept of a training: enough to score with, to judge it and to train it again. */
export interface Model {
  way: Way;
  facts: EncodedFact[];
  learned: Learned;
  calibration: Calibration;
  figures: Figures;
  /** What each way tried came to, simplest first: mean loss over the folds, and its standard error. */
  tried: { way: Way; loss: number; error: number }[];
  leftOut: LeftOut[];
  /** Least by which its loss is below that of the base rate, with 95 % confidence; not of use unless above 0. */
  gain: number;
  /** Scores from which on records are A, B and C: a quarter of those trained with each. */
  grades: [number, number, number];
  /** SHA-256 of all that was learned of. */
  trainedOn: string;
}

/** Fewest outcomes, and fewest of either kind, to learn of. */
export const fewest = 30;
export const fewestOfEach = 5;

const ways: { way: Way; learner: Learner; from: number }[] = [
  { way: 'bayes', learner: bayes, from: fewest },
  { way: 'logistic', learner: logistic, from: 60 },
  { way: 'trees', learner: trees, from: 300 },
];

export function isEnough(won: boolean[]): boolean {
  const wins = won.filter(Boolean).length;
  return won.length >= fewest && Math.min(wins, won.length - wins) >= fewestOfEach;
}

/** Trains; null where there is too little to learn of, or no fact at all. */
export function train({ facts, rows, won, blind, leftOut = [] }: Training): Model | null {
  if (!isEnough(won)) return null;
  const out = new Set(leftOut.map(({ name }) => name));
  const candidates = facts.map((fact, at) => ({ fact, at })).filter(({ fact }) => !out.has(fact.name));
  const all = encode(
    learnFacts(
      candidates.map(({ fact }) => fact),
      pick(rows, candidates),
    ),
    pick(rows, candidates),
  );
  const more = unfit(all, won, blind);
  const unused = new Set(more.map(({ name }) => name));
  const kept = candidates.filter(({ fact }) => !unused.has(fact.name));
  if (kept.length === 0) return null;
  const table = encode(
    all.facts.filter(({ name }) => !unused.has(name)),
    pick(rows, kept),
  );
  const tests = ways
    .filter(({ from }) => won.length >= from)
    .map(({ way, learner }) => ({ way, learner, ...validate(table, won, learner) }));
  const best = tests.reduce((a, b) => (b.loss < a.loss ? b : a));
  const chosen = tests.find(({ loss }) => loss <= best.loss + best.error)!;
  const calibration = calibrate(chosen.odds, won);
  const chances = chosen.odds.map(odds => chanceOf(calibration, odds));
  const model: Omit<Model, 'trainedOn'> = {
    way: chosen.way,
    facts: table.facts,
    learned: chosen.learner(table, won, [...won.keys()]),
    calibration,
    figures: figuresOf(chances, won),
    tried: tests.map(({ way, loss, error }) => ({ way, loss, error })),
    leftOut: [...leftOut, ...more],
    gain: gainOf(chances, won),
    grades: gradesOf(chances),
  };
  return { ...model, trainedOn: hashOf(table, won) };
}

const pick = (rows: Known[][], kept: { at: number }[]) =>
  rows.map(row => kept.map(({ at }) => row[at] ?? null));

/** What all have the same, and what looks as if it was filled in after the decision where nobody can tell when. */
function unfit(table: Table, won: boolean[], blind?: boolean[]): LeftOut[] {
  const rows = [...won.keys()].filter(row => blind?.[row] ?? true);
  const width = table.facts.length;
  const codes = new Uint8Array(rows.length * width);
  for (const [at, row] of rows.entries())
    codes.set(table.codes.subarray(row * width, (row + 1) * width), at * width);
  const some: Table = { facts: table.facts, codes, rows: rows.length };
  const outcomes = rows.map(row => won[row]!);
  return table.facts.flatMap(({ name, label }, at): LeftOut[] => {
    if (isConstant(table, at)) return [{ name, label, why: 'constant' }];
    const share = rows.length > 0 ? settledShare(some, at, outcomes) : 0;
    return isSuspicious(share) ? [{ name, label, why: 'leak', share }] : [];
  });
}

const folds = 5;

/** Log-odds of each row by models that have not seen it, averaged over the repetitions, and the loss over all folds. */
function validate(table: Table, won: boolean[], learner: Learner) {
  const repeats = won.length < 300 ? 5 : won.length < 3_000 ? 3 : 2;
  const odds = new Array<number>(won.length).fill(0);
  const losses: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const foldOf = foldsOf(won, repeat + 1);
    for (let fold = 0; fold < folds; fold++) {
      const learned = learner(
        table,
        won,
        [...won.keys()].filter(row => foldOf[row] !== fold),
      );
      const test = [...won.keys()].filter(row => foldOf[row] === fold);
      let loss = 0;
      for (const row of test) {
        const said = oddsOf(learned, table, row);
        odds[row]! += said / repeats;
        loss += lossOf(sigmoid(said), won[row]!);
      }
      losses.push(loss / test.length);
    }
  }
  const loss = meanOf(losses);
  const variance = losses.reduce((sum, each) => sum + (each - loss) ** 2, 0) / (losses.length - 1);
  // Folds of one repetition are the independent trials; repeating them makes the mean no surer than this.
  return { odds, loss, error: Math.sqrt(variance / folds) };
}

/** Shuffles wins and losses apart and deals them out in turn. */
function foldsOf(won: boolean[], seed: number): number[] {
  const random = randomOf(seed);
  const foldOf = new Array<number>(won.length);
  let next = 0;
  for (const outcome of [true, false]) {
    const rows = [...won.keys()].filter(row => won[row] === outcome);
    for (let at = rows.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [rows[at], rows[other]] = [rows[other]!, rows[at]!];
    }
    for (const row of rows) foldOf[row] = next++ % folds;
  }
  return foldOf;
}

/** Numbers in 0..1 that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Standard errors that leave 5 % on one side. */
const surely = 1.645;

/** The lower confidence bound of the mean loss saved beside the base rate, over the records. */
function gainOf(chances: number[], won: boolean[]): number {
  const base = won.filter(Boolean).length / won.length;
  const saved = won.map((was, at) => lossOf(base, was) - lossOf(chances[at]!, was));
  const mean = meanOf(saved);
  const variance = saved.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (saved.length - 1);
  return mean - surely * Math.sqrt(variance / saved.length);
}

function gradesOf(chances: number[]): [number, number, number] {
  const sorted = chances.map(chance => Math.round(chance * 100)).sort((a, b) => b - a);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return [at(0.25), at(0.5), at(0.75)];
}

function meanOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function hashOf({ facts, codes }: Table, won: boolean[]): string {
  const hash = createHash('sha256').update(JSON.stringify(facts)).update(codes);
  return hash.update(Uint8Array.from(won, Number)).digest('hex');
}

export function isUseful(model: Pick<Model, 'gain'>): boolean {
  return model.gain > 0;
}

function chanceOf({ slope, shift }: Calibration, odds: number): number {
  return sigmoid(slope * odds + shift);
}

/** Chances of many records, 0 to 1. */
export function chancesOf(model: Model, rows: Known[][]): number[] {
  const table = encode(model.facts, rows);
  return rows.map((_, row) => chanceOf(model.calibration, oddsOf(model.learned, table, row)));
}

/** What a fact adds to a score, in points of 100. */
export interface Reason {
  name: string;
  label: string;
  /** The value, or the bin it lies in; null where it is not known, `other` where it is too rare to stand for itself. */
  value: string | null;
  other?: true;
  points: number;
}

/**
 * Why a record has its score: what each fact adds beside the average record. The parts and the average's score add up to
 * the score: the step from odds to chances is shared out in proportion.
 */
export function reasonsOf(
  model: Model,
  known: Known[],
): { score: number; average: number; reasons: Reason[] } {
  const table = encode(model.facts, [known]);
  const parts: number[] = [];
  const odds = partsOf(model.learned, table, 0, parts);
  const [score, average] = [odds, model.learned.mean].map(
    each => 100 * chanceOf(model.calibration, each),
  ) as [number, number];
  const sum = odds - model.learned.mean;
  const slope = average * (1 - average / 100) * model.calibration.slope;
  const perOdds = Math.abs(sum) > 1e-9 ? (score - average) / sum : slope;
  const reasons = model.facts.map((fact, at) => {
    const code = table.codes[at]!;
    const other = fact.kind === 'level' && code === fact.values.length + 1;
    const value = code === 0 ? null : fact.kind === 'number' ? binOf(fact, code) : String(known[at]);
    return {
      name: fact.name,
      label: fact.label,
      value,
      ...(other ? { other: true as const } : {}),
      points: parts[at]! * perOdds,
    };
  });
  return { score, average, reasons: reasons.sort((a, b) => Math.abs(b.points) - Math.abs(a.points)) };
}

/** "≤ 5", "5 – 12", "> 12" */
function binOf({ edges }: EncodedFact, code: number): string {
  const [from, to] = [edges[code - 2], edges[code - 1]];
  if (from === undefined) return to === undefined ? '' : `≤ ${to}`;
  return to === undefined ? `> ${from}` : `${from} – ${to}`;
}
