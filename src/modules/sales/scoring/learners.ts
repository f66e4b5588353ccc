/**
 * The three learners, from the simplest on. Each takes a table of levels and outcomes, and gives a model that tells
 * log-odds and what each fact adds to them: `mean` is what it says of the average record, and all parts add up.
 */
import type { Table } from './encode.ts';
import { calibrate, logit, sigmoid } from './figures.ts';
import { growTrees, type Trees, treeParts } from './trees.ts';

/** Weights by fact and level, zero on the average of the records trained with. */
export interface Additive {
  kind: 'bayes' | 'logistic';
  mean: number;
  weights: number[][];
}

export type Learned = Additive | Trees;

export type Learner = (table: Table, won: boolean[], rows: number[]) => Learned;

/** What each fact adds to the log-odds of a row; `into` gets the parts. Answers their sum with the mean. */
export function partsOf(
  learned: Learned,
  table: Pick<Table, 'facts' | 'codes'>,
  row: number,
  into: number[],
): number {
  if (learned.kind === 'trees') return treeParts(learned, table, row, into);
  const width = table.facts.length;
  let sum = learned.mean;
  for (let at = 0; at < width; at++) {
    const part = learned.weights[at]![table.codes[row * width + at]!] ?? 0;
    into[at] = part;
    sum += part;
  }
  return sum;
}

export function oddsOf(learned: Learned, table: Pick<Table, 'facts' | 'codes'>, row: number): number {
  return partsOf(learned, table, row, []);
}

/** Records' worth of the base rate that each level starts with. */
const prior = 10;

/**
 * Naive Bayes with a Beta prior: the rate of each level is drawn to the base rate as by ten records of it. Facts that say
 * the same count twice in it, so that its odds are too sure; a line through its own odds draws them in.
 */
export const bayes: Learner = (table, won, rows) => {
  const base = (countOf(rows, won) + 1) / (rows.length + 2);
  const { counts, wins } = tally(table, won, rows);
  const weights = counts.map((levels, at) =>
    levels.map((count, code) => logit((wins[at]![code]! + prior * base) / (count + prior)) - logit(base)),
  );
  const raw = centred({ kind: 'bayes', mean: logit(base), weights }, counts, rows.length);
  const { slope, shift } = calibrate(
    rows.map(row => oddsOf(raw, table, row)),
    rows.map(row => won[row]!),
  );
  const drawn = Math.min(slope, 1);
  return {
    ...raw,
    mean: drawn === slope ? slope * raw.mean + shift : raw.mean,
    weights: raw.weights.map(levels => levels.map(weight => weight * drawn)),
  };
};

/** Weight of the penalty on squared coefficients. */
const ridge = 1;

/**
 * Logistic regression with an L2 penalty, by Newton's method. All columns are 0 or 1 and so on one scale; the penalty draws
 * levels together, and rare ones more.
 */
export const logistic: Learner = (table, won, rows) => {
  const { facts } = table;
  const starts = offsets(table);
  const size = starts.at(-1)! + 1;
  const last = size - 1;
  const beta = new Float64Array(size);
  beta[last] = logit((countOf(rows, won) + 1) / (rows.length + 2));
  for (let round = 0; round < 25; round++) {
    const { gradient, hessian } = slopes(table, won, rows, starts, beta);
    for (let at = 0; at < size; at++) {
      const pull = at === last ? 1e-6 : ridge;
      gradient[at]! -= pull * beta[at]!;
      hessian[at * size + at]! += pull;
    }
    const step = solve(hessian, gradient, size);
    let most = 0;
    for (let at = 0; at < size; at++) {
      beta[at]! += step[at]!;
      most = Math.max(most, Math.abs(step[at]!));
    }
    if (most < 1e-8) break;
  }
  const weights = facts.map((fact, at) => [...beta.slice(starts[at]!, starts[at]! + fact.size)]);
  return centred(
    { kind: 'logistic', mean: beta[last]!, weights },
    tally(table, won, rows).counts,
    rows.length,
  );
};

/** Gradient and curvature (lower half) of the log-likelihood; only the columns that a row has take part. */
function slopes(
  { facts, codes }: Table,
  won: boolean[],
  rows: number[],
  starts: number[],
  beta: Float64Array,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = beta.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const active = new Int32Array(facts.length + 1);
  active[facts.length] = size - 1;
  for (const row of rows) {
    let odds = beta[size - 1]!;
    for (let at = 0; at < facts.length; at++) {
      active[at] = starts[at]! + codes[row * facts.length + at]!;
      odds += beta[active[at]!]!;
    }
    const chance = sigmoid(odds);
    const off = (won[row] ? 1 : 0) - chance;
    const weight = chance * (1 - chance);
    for (let i = 0; i < active.length; i++) {
      gradient[active[i]!]! += off;
      for (let j = 0; j <= i; j++) {
        const [a, b] = [active[i]!, active[j]!];
        hessian[a * size + b]! += weight;
      }
    }
  }
  return { gradient, hessian };
}

export const trees: Learner = (table, won, rows) => growTrees(table, won, rows);

/** Where the columns of each fact begin; the last entry is the place of the constant. */
function offsets({ facts }: Table): number[] {
  const starts = [0];
  for (const { size } of facts) starts.push(starts.at(-1)! + size);
  return starts;
}

function countOf(rows: number[], won: boolean[]): number {
  return rows.reduce((count, row) => count + (won[row] ? 1 : 0), 0);
}

function tally({ facts, codes }: Table, won: boolean[], rows: number[]) {
  const none = () => facts.map(({ size }) => new Array<number>(size).fill(0));
  const [counts, wins] = [none(), none()];
  for (const row of rows)
    for (let at = 0; at < facts.length; at++) {
      const code = codes[row * facts.length + at]!;
      counts[at]![code]!++;
      if (won[row]) wins[at]![code]!++;
    }
  return { counts, wins };
}

/** The same model with each fact's weights around its average, which goes into the mean. */
function centred(model: Additive, counts: number[][], rows: number): Additive {
  let { mean } = model;
  const weights = model.weights.map((levels, at) => {
    const average = levels.reduce((sum, weight, code) => sum + weight * counts[at]![code]!, 0) / rows;
    mean += average;
    // What was never seen is taken as the average.
    return levels.map((weight, code) => (counts[at]![code] === 0 ? 0 : weight - average));
  });
  return { ...model, mean, weights };
}

/** Solves `matrix · x = right` for a positive definite matrix (lower half given), by Cholesky's decomposition. */
export function solve(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const half = matrix.slice();
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = half[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= half[i * size + k]! * half[j * size + k]!;
      half[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / half[j * size + j]!;
    }
  const x = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= half[i * size + k]! * x[k]!;
    x[i]! /= half[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= half[k * size + i]! * x[k]!;
    x[i]! /= half[i * size + i]!;
  }
  return x;
}
