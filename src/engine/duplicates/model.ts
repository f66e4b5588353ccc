/**
 * How likely two records are the same: for each field compared a weight by how alike the values are, and the sum of the
 * weights. Weights are stated, estimated from the pairs themselves, or learned from what people decided.
 */

/** How alike two values are: 0 differ, 1 a little, 2 nearly the same, 3 the same; null where one of them is missing. */
export type Level = 0 | 1 | 2 | 3 | null;

/** Field → level. */
export type Levels = Record<string, Level>;

/** Weights are base 2 logarithms of odds: 1 doubles them. */
export interface Weights {
  /** Before anything is compared. */
  bias: number;
  /** Per field, the weight of each level; a missing value has none. */
  fields: Record<string, [number, number, number, number]>;
  origin: 'stated' | 'estimated' | 'learned';
  /** Decisions it was learned from. */
  decisions: number;
  /** What they were before any decision. */
  prior?: Weights;
}

/** The level of a similarity between 0 and 1, `near` being where values count as nearly the same. */
export function levelOf(alike: number, near: number): Level {
  if (alike >= 0.995) return 3;
  if (alike >= near) return 2;
  return alike >= near * 0.8 && near < 1 ? 1 : 0;
}

/** By comparison: an address is hardly ever shared and often one of several; names are shared, and seldom differ. */
const stated: Record<string, [number, number, number, number]> = {
  mailbox: [-1, -1, 5, 9],
  digits: [-0.5, -0.5, 4, 6.5],
  domain: [-1, -1, 4, 7],
  person: [-4, -1, 3.5, 6],
  organisation: [-4, -1, 3.5, 6],
  exact: [-1, -1, 3, 5],
};

/** What holds before any pair is known. `by`: field → comparison. */
export function statedWeights(fields: string[], by: Map<string, string> = new Map()): Weights {
  return {
    bias: -6,
    fields: Object.fromEntries(fields.map(field => [field, stated[by.get(field) ?? ''] ?? [-2, -1, 3.5, 6]])),
    origin: 'stated',
    decisions: 0,
  };
}

/** The parts of a score, which add up to it, and the probability it stands for. */
export function scoreOf(weights: Weights, levels: Levels) {
  const parts = Object.entries(levels).flatMap(([field, level]) => {
    const own = weights.fields[field];
    return own && level !== null ? [{ field, level, weight: own[level] }] : [];
  });
  const score = parts.reduce((sum, { weight }) => sum + weight, weights.bias);
  return { score, probability: 1 / (1 + 2 ** -score), parts };
}

const rounds = 60;
/** Fewer pairs say too little about how often levels come together. */
const fewest = 30;
const least = 1e-4;
const unmet = 1e-3;

/**
 * Fellegi and Sunter's model (1969, "A Theory for Record Linkage"), its probabilities estimated by expectation
 * maximisation as by Winkler (1988): without any decision, from how often levels come together. `pairs` are candidates;
 * where they are too few, `otherwise` holds.
 */
export function estimate(
  pairs: Levels[],
  fields: string[],
  otherwise: Weights = statedWeights(fields),
): Weights {
  const patterns = patternsOf(pairs, fields);
  if (pairs.length < fewest || patterns.length < 2) return otherwise;
  let share = 0.1;
  let same: Shares = new Map(fields.map(field => [field, [0.03, 0.07, 0.2, 0.7]]));
  let other: Shares = new Map(fields.map(field => [field, [0.75, 0.15, 0.05, 0.05]]));
  for (let round = 0; round < rounds; round++) {
    const counts = { same: blank(fields), other: blank(fields) };
    let matches = 0;
    for (const { known, n } of patterns) {
      let [m, u] = [share, 1 - share];
      for (const [field, level] of known) {
        m *= same.get(field)![level]!;
        u *= other.get(field)![level]!;
      }
      const p = m / (m + u);
      matches += p * n;
      for (const [field, level] of known) {
        counts.same.get(field)![level]! += p * n;
        counts.other.get(field)![level]! += (1 - p) * n;
      }
    }
    share = Math.min(Math.max(matches / pairs.length, least), 1 - least);
    same = shares(counts.same);
    other = shares(counts.other);
  }
  const weight = (field: string, level: number) =>
    Math.log2(same.get(field)![level]! / other.get(field)![level]!);
  return {
    bias: Math.log2(share / (1 - share)),
    fields: Object.fromEntries(
      fields.map(field => [field, rising([0, 1, 2, 3].map(level => weight(field, level)))]),
    ),
    origin: 'estimated',
    decisions: 0,
  };
}

/** Field → share of each level. */
type Shares = Map<string, number[]>;

/** Pairs that compare alike are counted together: there are few kinds of them. */
function patternsOf(pairs: Levels[], fields: string[]) {
  const patterns = new Map<string, { known: [field: string, level: number][]; n: number }>();
  for (const levels of pairs) {
    const key = fields.map(field => levels[field] ?? '-').join('');
    const found = patterns.get(key);
    if (found) found.n++;
    else {
      const known = fields.flatMap((field): [string, number][] => {
        const level = levels[field] ?? null;
        return level === null ? [] : [[field, level]];
      });
      patterns.set(key, { known, n: 1 });
    }
  }
  return [...patterns.values()];
}

const blank = (fields: string[]): Shares => new Map(fields.map(field => [field, [0, 0, 0, 0]]));

/** Counts as shares. A level that was not met has the same small share on both sides, so that it says nothing. */
function shares(counts: Shares): Shares {
  return new Map(
    [...counts].map(([field, levels]) => {
      const sum = levels.reduce((a, b) => a + b, 0);
      const share = (count: number) => (sum > 0 ? (count / sum + unmet) / (1 + 4 * unmet) : 0.25);
      return [field, levels.map(share)];
    }),
  );
}

/** Being more alike never speaks against: rare levels of few pairs would otherwise say odd things. */
function rising(weights: number[]): [number, number, number, number] {
  const [a, b, c, d] = weights as [number, number, number, number];
  const second = Math.max(a, b);
  const third = Math.max(second, c);
  return [a, second, third, Math.max(third, d)];
}

const steps = 400;

/**
 * Logistic regression over the same levels, which starts at `prior` and is drawn back to it: with few decisions the
 * weights stay near what was estimated, with many they follow the decisions.
 */
export function learn(prior: Weights, decided: { levels: Levels; same: boolean }[]): Weights {
  if (decided.length === 0) return prior;
  const weights: Weights = {
    bias: prior.bias,
    fields: Object.fromEntries(Object.entries(prior.fields).map(([field, own]) => [field, [...own]])),
    origin: 'learned',
    decisions: decided.length,
  };
  const pull = 0.02;
  // AdaGrad (Duchi and others 2011): steps get shorter where much has been moved already.
  const moved = new Map<string, number>();
  const step = (key: string, slope: number): number => {
    const sum = (moved.get(key) ?? 1e-6) + slope * slope;
    moved.set(key, sum);
    return (0.5 * slope) / Math.sqrt(sum);
  };
  for (let n = 0; n < steps; n++) {
    const slopes = new Map<string, number>();
    const add = (key: string, slope: number) => slopes.set(key, (slopes.get(key) ?? 0) + slope);
    for (const { levels, same } of decided) {
      const { probability, parts } = scoreOf(weights, levels);
      const error = probability - (same ? 1 : 0);
      add('', error);
      for (const { field, level } of parts) add(`${field} ${level}`, error);
    }
    weights.bias -= step('', slopes.get('') ?? 0);
    for (const [field, own] of Object.entries(weights.fields))
      for (const level of [0, 1, 2, 3] as const) {
        const slope =
          (slopes.get(`${field} ${level}`) ?? 0) + pull * (own[level] - prior.fields[field]![level]);
        own[level] -= step(`${field} ${level}`, slope);
      }
  }
  return weights;
}
