/**
 * From what is known of records to small whole numbers. Each fact becomes a level: 0 is "not known", then its values or
 * bins, the last one all that is rare. What was not seen in training is rare, so a model never meets what it cannot take.
 */

/** What is known of a record under one name; null is not known. */
export type Known = string | number | null;

export interface Fact {
  name: string;
  label: string;
  /** `level`: one of some values; `number`: cut into bins of about equally many records. */
  kind: 'level' | 'number';
}

export interface EncodedFact extends Fact {
  /** `level`: the values of the codes from 1 on. */
  values: string[];
  /** `number`: upper ends of the bins but the last, rising. */
  edges: number[];
  /** Number of codes. */
  size: number;
}

/** Codes row by row: `codes[row * facts.length + fact]`. */
export interface Table {
  facts: EncodedFact[];
  codes: Uint8Array;
  rows: number;
}

/** Values kept apart at most; trees keep sides of a split in the bits of one number. */
const maxValues = 28;
const bins = 8;

/** Learns levels and bins of facts. Blind to outcomes, so learning them once for all folds tells nothing. */
export function learnFacts(facts: Fact[], rows: Known[][]): EncodedFact[] {
  const least = Math.max(3, Math.ceil(rows.length / 200));
  return facts.map((fact, at) => {
    const known = rows.flatMap(row => row[at] ?? []);
    if (fact.kind === 'number') {
      const edges = edgesOf(known.map(Number).sort((a, b) => a - b));
      return { ...fact, values: [], edges, size: edges.length + 2 };
    }
    const counts = new Map<string, number>();
    for (const value of known) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    const values = [...counts]
      .filter(([, count]) => count >= least)
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, maxValues)
      .map(([value]) => value);
    return { ...fact, values, edges: [], size: values.length + 2 };
  });
}

function edgesOf(sorted: number[]): number[] {
  const edges: number[] = [];
  for (let bin = 1; bin < bins && sorted.length > 0; bin++) {
    const edge = sorted[Math.floor((bin * (sorted.length - 1)) / bins)]!;
    if (edge > (edges.at(-1) ?? Number.NEGATIVE_INFINITY) && edge < sorted.at(-1)!) edges.push(edge);
  }
  return edges;
}

export function codeOf(fact: EncodedFact, value: Known | undefined): number {
  if (value === null || value === undefined || value === '') return 0;
  if (fact.kind === 'number') {
    const number = Number(value);
    const bin = fact.edges.findIndex(edge => number <= edge);
    return 1 + (bin < 0 ? fact.edges.length : bin);
  }
  const at = fact.values.indexOf(String(value));
  return at < 0 ? fact.values.length + 1 : at + 1;
}

export function encode(facts: EncodedFact[], rows: Known[][]): Table {
  const codes = new Uint8Array(rows.length * facts.length);
  const indexes = facts.map(fact => new Map(fact.values.map((value, at) => [value, at + 1])));
  for (const [row, known] of rows.entries())
    for (const [at, fact] of facts.entries()) {
      const value = known[at];
      codes[row * facts.length + at] =
        fact.kind === 'number' || value === null || value === undefined || value === ''
          ? codeOf(fact, value)
          : (indexes[at]!.get(String(value)) ?? fact.values.length + 1);
    }
  return { facts, codes, rows: rows.length };
}

/** Why a fact is not used. */
export interface LeftOut {
  name: string;
  label: string;
  why: 'constant' | 'leak' | 'protected' | 'withDecision' | 'byHand';
  /** `leak`: share of the records whose outcome it nearly settles. */
  share?: number;
}

/** A level counts as settling the outcome from this share of one outcome on, among at least so many records. */
const settles = 0.97;
const settled = 20;
/** A fact that settles more of the records than this is suspected. */
const suspicious = 0.05;

/**
 * The share of records that stand in levels in which nearly all have one outcome. What people fill in after the decision
 * looks like that; what is known before it hardly ever does, for more than a few.
 */
export function settledShare(table: Table, at: number, won: boolean[]): number {
  const [counts, wins] = [new Map<number, number>(), new Map<number, number>()];
  const { facts, codes, rows } = table;
  for (let row = 0; row < rows; row++) {
    const code = codes[row * facts.length + at]!;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (won[row]) wins.set(code, (wins.get(code) ?? 0) + 1);
  }
  let share = 0;
  for (const [code, count] of counts) {
    // Not the rate seen but the one that is likely after so few (Laplace).
    const rate = ((wins.get(code) ?? 0) + 1) / (count + 2);
    const base = won.filter(Boolean).length / rows;
    const pure = rate >= settles ? rate > (1 + base) / 2 : rate <= 1 - settles && rate < base / 2;
    if (pure && count >= settled) share += count / rows;
  }
  return share;
}

export function isSuspicious(share: number): boolean {
  return share > suspicious;
}

/** Whether all records have the same. */
export function isConstant({ facts, codes, rows }: Table, at: number): boolean {
  for (let row = 1; row < rows; row++) if (codes[row * facts.length + at] !== codes[at]) return false;
  return true;
}
