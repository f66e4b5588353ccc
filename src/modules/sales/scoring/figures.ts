/** How good predictions are, and how they are made honest. Pure; `chances` lie in 0..1, `won` says what came of each. */

export interface Figures {
  /** Records judged. */
  n: number;
  /** Share won. */
  base: number;
  /** Chance that one won stands above one lost. */
  auc: number;
  /** Mean squared error, and that of saying the base rate of each. */
  brier: number;
  brierOfBase: number;
  /** Mean of -ln of the chance given to what came, and that of the base rate. */
  logLoss: number;
  logLossOfBase: number;
  /** Share won among the tenth said to be likeliest, by the base rate. */
  lift: number;
  /** What was said and what came, by tenths of the records from the least likely on. */
  reliability: Tenth[];
}

export interface Tenth {
  records: number;
  /** Mean chance. */
  said: number;
  /** Share won. */
  came: number;
}

export function figuresOf(chances: number[], won: boolean[]): Figures {
  const n = won.length;
  const base = won.filter(Boolean).length / n;
  const order = chances.map((_, at) => at).sort((a, b) => chances[a]! - chances[b]! || a - b);
  const top = order.slice(n - Math.max(1, Math.round(n / 10)));
  return {
    n,
    base,
    auc: aucOf(chances, won),
    brier: meanOf(won, at => ((won[at] ? 1 : 0) - chances[at]!) ** 2),
    brierOfBase: base * (1 - base),
    logLoss: meanOf(won, at => lossOf(chances[at]!, won[at]!)),
    logLossOfBase: meanOf(won, at => lossOf(base, won[at]!)),
    lift: base > 0 ? top.filter(at => won[at]).length / top.length / base : 0,
    reliability: tenthsOf(order, chances, won),
  };
}

/** The area under the ROC curve by ranks, ties counted half (Mann and Whitney 1947). 0.5 where only one outcome is there. */
export function aucOf(scores: number[], won: boolean[]): number {
  const order = scores.map((_, at) => at).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let at = from; at < to; at++) if (won[order[at]!]) ranks += (from + 1 + to) / 2;
    from = to;
  }
  const wins = won.filter(Boolean).length;
  const losses = won.length - wins;
  return wins === 0 || losses === 0 ? 0.5 : (ranks - (wins * (wins + 1)) / 2) / (wins * losses);
}

/** -ln of the chance that was given to what came; a chance of exactly 0 or 1 costs no more than one in a million. */
export function lossOf(chance: number, won: boolean): number {
  const sure = Math.min(1 - 1e-6, Math.max(1e-6, chance));
  return -Math.log(won ? sure : 1 - sure);
}

function meanOf(won: boolean[], of: (at: number) => number): number {
  return won.reduce((sum, _, at) => sum + of(at), 0) / won.length;
}

function tenthsOf(order: number[], chances: number[], won: boolean[]): Tenth[] {
  const tenths: Tenth[] = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const some = order.slice(
      Math.round((tenth * order.length) / 10),
      Math.round(((tenth + 1) * order.length) / 10),
    );
    if (some.length === 0) continue;
    tenths.push({
      records: some.length,
      said: some.reduce((sum, at) => sum + chances[at]!, 0) / some.length,
      came: some.filter(at => won[at]).length / some.length,
    });
  }
  return tenths;
}

export function sigmoid(odds: number): number {
  return odds >= 0 ? 1 / (1 + Math.exp(-odds)) : Math.exp(odds) / (1 + Math.exp(odds));
}

export function logit(chance: number): number {
  return Math.log(chance / (1 - chance));
}

/** The line that makes log-odds honest: `slope · odds + shift`. */
export interface Calibration {
  slope: number;
  shift: number;
}

/**
 * Platt's scaling (Platt 1999; Lin, Lin and Weng 2007): the logistic line through scores and outcomes, by Newton's method
 * with steps halved until the loss falls, with targets drawn in a little so that a clean separation does not run to
 * infinity. Never falls with the score.
 */
export function calibrate(odds: number[], won: boolean[]): Calibration {
  const wins = won.filter(Boolean).length;
  const targets = won.map(was => (was ? (wins + 1) / (wins + 2) : 1 / (won.length - wins + 2)));
  const flat = { slope: 0, shift: logit((wins + 1) / (won.length + 2)) };
  let line = flat;
  let loss = lossOfLine(line, odds, targets);
  for (let round = 0; round < 50; round++) {
    const step = newtonStep(line, odds, targets);
    if (!step) break;
    let size = 1;
    let next = line;
    let lower = loss;
    for (; size > 1e-4; size /= 2) {
      next = { slope: line.slope + size * step.slope, shift: line.shift + size * step.shift };
      lower = lossOfLine(next, odds, targets);
      if (lower < loss) break;
    }
    if (!(lower < loss - 1e-10)) break;
    [line, loss] = [next, lower];
  }
  return line.slope >= 0 ? line : flat;
}

function lossOfLine({ slope, shift }: Calibration, odds: number[], targets: number[]): number {
  let loss = 0;
  for (let at = 0; at < odds.length; at++) {
    const said = slope * odds[at]! + shift;
    // ln(1 + e^said), safe at both ends.
    loss += Math.max(said, 0) + Math.log1p(Math.exp(-Math.abs(said))) - targets[at]! * said;
  }
  return loss;
}

function newtonStep({ slope, shift }: Calibration, odds: number[], targets: number[]): Calibration | null {
  let [gSlope, gShift, aa, ab, bb] = [0, 0, 1e-9, 0, 1e-9];
  for (let at = 0; at < odds.length; at++) {
    const chance = sigmoid(slope * odds[at]! + shift);
    const off = targets[at]! - chance;
    const weight = chance * (1 - chance);
    gSlope += off * odds[at]!;
    gShift += off;
    aa += weight * odds[at]! ** 2;
    ab += weight * odds[at]!;
    bb += weight;
  }
  const determinant = aa * bb - ab * ab;
  if (!(determinant > 1e-12)) return null;
  return {
    slope: (bb * gSlope - ab * gShift) / determinant,
    shift: (aa * gShift - ab * gSlope) / determinant,
  };
}
