/**
 * Boosted trees over levels (Friedman 2001, with the second-order gain of Chen and Guestrin 2016). Levels of a fact that
 * has no order are put in the order of their gradients before they are split, which finds the best of all groupings
 * (Fisher 1958). Nothing is drawn by lot: the same table gives the same trees.
 */
import type { Table } from './encode.ts';
import { logit, sigmoid } from './figures.ts';

/** A leaf has no `fact`. `value`: log-odds that the node adds, for leaves and for what stands above them. */
export interface Node {
  value: number;
  fact?: number;
  /** Bit n is set where level n goes left. */
  left?: number;
  nodes?: [Node, Node];
}

export interface Trees {
  kind: 'trees';
  /** What is said of the average record of those trained with. */
  mean: number;
  trees: Node[];
}

const rounds = 120;
const depth = 3;
const rate = 0.08;
/** Draws the values of small leaves in. */
const ridge = 2;
const leastInLeaf = 15;

interface Growing {
  table: Table;
  gradient: Float64Array;
  weight: Float64Array;
}

/** `onRound` is told the odds after each tree. */
export function growTrees(
  table: Table,
  won: boolean[],
  rows: number[],
  onRound?: (odds: Float64Array) => void,
): Trees {
  const wins = rows.reduce((count, row) => count + (won[row] ? 1 : 0), 0);
  const start = logit((wins + 1) / (rows.length + 2));
  const odds = new Float64Array(table.rows).fill(start);
  const growing = {
    table,
    gradient: new Float64Array(table.rows),
    weight: new Float64Array(table.rows),
  };
  const trees: Node[] = [];
  let mean = start;
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const chance = sigmoid(odds[row]!);
      growing.gradient[row] = (won[row] ? 1 : 0) - chance;
      growing.weight[row] = chance * (1 - chance);
    }
    const tree = grow(growing, rows, depth, odds);
    if (!tree.nodes) break;
    trees.push(tree);
    mean += tree.value;
    onRound?.(odds);
  }
  return { kind: 'trees', mean, trees: trees.map(rounded) };
}

/** Six digits are plenty, and the same on every machine. */
function rounded(node: Node): Node {
  const value = Number(node.value.toPrecision(6));
  return node.nodes ? { ...node, value, nodes: [rounded(node.nodes[0]), rounded(node.nodes[1])] } : { value };
}

/** Grows a node and adds what its leaves say to `odds`. The value of an inner node is the average of its rows. */
function grow(growing: Growing, rows: number[], levels: number, odds: Float64Array): Node {
  const split = levels > 0 ? bestSplit(growing, rows) : null;
  if (!split) {
    let [gradient, weight] = [0, 0];
    for (const row of rows) {
      gradient += growing.gradient[row]!;
      weight += growing.weight[row]!;
    }
    const value = (rate * gradient) / (weight + ridge);
    for (const row of rows) odds[row]! += value;
    return { value };
  }
  const { facts, codes } = growing.table;
  const sides: [number[], number[]] = [[], []];
  for (const row of rows)
    sides[(split.left >>> codes[row * facts.length + split.fact]!) & 1 ? 0 : 1].push(row);
  const nodes: [Node, Node] = [
    grow(growing, sides[0], levels - 1, odds),
    grow(growing, sides[1], levels - 1, odds),
  ];
  const value = (nodes[0].value * sides[0].length + nodes[1].value * sides[1].length) / rows.length;
  return { value, fact: split.fact, left: split.left, nodes };
}

interface Split {
  fact: number;
  left: number;
  gain: number;
}

function bestSplit(growing: Growing, rows: number[]): Split | null {
  let best: Split | null = null;
  for (let fact = 0; fact < growing.table.facts.length; fact++) {
    const split = splitOf(growing, rows, fact);
    if (split && split.gain > (best?.gain ?? 1e-6)) best = split;
  }
  return best;
}

function splitOf({ table, gradient, weight }: Growing, rows: number[], fact: number): Split | null {
  const { size, kind } = table.facts[fact]!;
  const [g, h, n] = [new Float64Array(size), new Float64Array(size), new Int32Array(size)];
  const width = table.facts.length;
  for (const row of rows) {
    const code = table.codes[row * width + fact]!;
    g[code]! += gradient[row]!;
    h[code]! += weight[row]!;
    n[code]!++;
  }
  const levels = [...n.keys()].filter(code => n[code]! > 0);
  if (kind === 'level') levels.sort((a, b) => g[a]! / (h[a]! + ridge) - g[b]! / (h[b]! + ridge) || a - b);
  const sumOf = (values: Float64Array | Int32Array) => levels.reduce((sum, code) => sum + values[code]!, 0);
  const [allG, allH] = [sumOf(g), sumOf(h)];
  let [leftG, leftH, leftN, left] = [0, 0, 0, 0];
  let best: Split | null = null;
  for (const code of levels.slice(0, -1)) {
    leftG += g[code]!;
    leftH += h[code]!;
    leftN += n[code]!;
    left = (left | (1 << code)) >>> 0;
    if (leftN < leastInLeaf || rows.length - leftN < leastInLeaf) continue;
    const gain = pull(leftG, leftH) + pull(allG - leftG, allH - leftH) - pull(allG, allH);
    if (gain > (best?.gain ?? 0)) best = { fact, left, gain };
  }
  return best;
}

function pull(gradient: number, weight: number): number {
  return gradient ** 2 / (weight + ridge);
}

/**
 * What each fact adds: on the way down a tree, each split hands the difference between its side and the node to the fact it
 * asks (Saabas 2014). The parts add up to the odds, exactly.
 */
export function treeParts(
  { mean, trees }: Trees,
  { facts, codes }: Pick<Table, 'facts' | 'codes'>,
  row: number,
  into: number[],
): number {
  const width = facts.length;
  for (let at = 0; at < width; at++) into[at] = 0;
  let sum = mean;
  for (const tree of trees) {
    let node = tree;
    while (node.nodes) {
      const fact = node.fact!;
      const next: Node = node.nodes[(node.left! >>> codes[row * width + fact]!) & 1 ? 0 : 1];
      into[fact]! += next.value - node.value;
      node = next;
    }
    sum += node.value - tree.value;
  }
  return sum;
}
