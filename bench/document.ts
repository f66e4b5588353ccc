/** The figures as docs/benchmarks.md shows them. What is said about them by hand stands in notes.md. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { sizeOf } from './generate.ts';
import type { Imported } from './import.ts';
import type { Line } from './load.ts';
import type { Started } from './start.ts';
import { type Frames, percent, type Web } from './web.ts';

/** All of one run. */
export interface Results {
  people: number;
  lines: Line[];
  /** Bytes of the serving process after all of this. */
  memory: number;
  imported: Imported;
  started: Started;
}

const n = (value: number) => Math.round(value).toLocaleString('en');
const megabytes = (bytes: number) => `${n(bytes / 1024 ** 2)} MiB`;

export function document(results: Results, command: string, resultsDir: string): string {
  const { people, lines, memory, imported, started } = results;
  const size = sizeOf(people);
  const ratio = imported.rate / imported.copyRate;
  return [
    '# Benchmarks',
    '',
    `Made by \`${command}\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${n(totalmem() / 1024 ** 3)} GiB, the load generator on the same cores, PostgreSQL 18 embedded.`,
    `The workspace holds ${n(size.people)} contacts, ${n(size.companies)} companies, ${n(size.deals)} deals and ${n(size.notes)} timeline entries. Bare is a minimal Fastify route with one prepared statement that answers the same JSON from the same database, without rights, history or search. p95 is the 97.5th percentile, the nearest that the load generator tells.`,
    '',
    '| Work | connections | Farley | bare | ratio | p50 / p95 / p99 | bar |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map(row),
    `| Import of ${n(imported.rows)} contacts, companies made by the way | 1 | ${n(imported.rate)} rows/s | ${n(imported.copyRate)} rows/s (COPY into the same table) | ${ratio.toFixed(2)} | | ≥ 0.1 × COPY |`,
    `| Start to the first answer, database included | | ${started.later.toFixed(1)} s (the first ever: ${started.first.toFixed(1)} s) | | | | < 3 s |`,
    '',
    `Memory: the serving process after all of this ${megabytes(memory)}; the importing process at most ${megabytes(imported.quarter)} a quarter through its file and ${megabytes(imported.memory)} at the end; Farley with its PostgreSQL at rest ${megabytes(started.idle)} (bar: 350).`,
    '',
    ...webSection(resultsDir),
    ...growth(resultsDir),
    readFileSync(join(import.meta.dirname, 'notes.md'), 'utf8'),
  ].join('\n');
}

function row({ work, connections, farley, bare, bar }: Line): string {
  // Where each takes longer than is measured, nothing is known but that.
  if (farley.rate === 0) return `| ${work} | ${connections} | none ended in time | | | | ${bar} |`;
  const base = bare ? `${n(bare.rate)}/s | ${(farley.rate / bare.rate).toFixed(2)}` : ' | ';
  return `| ${work} | ${connections} | ${n(farley.rate)}/s | ${base} | ${farley.p50} / ${farley.p95} / ${farley.p99} ms | ${bar} |`;
}

/** What the last run in a browser measured, where there was one. */
export function webSection(resultsDir: string): string[] {
  const file = join(resultsDir, 'bench-web.json');
  if (!existsSync(file)) return [];
  const { people, script, usable, scroll, open, board, memory } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as Web & { people: number };
  const frames = ({ count, late, missed }: Frames) =>
    `${percent(late)} of ${n(count)} frames late, ${percent(missed)} by more than one`;
  const [begun, ended] = [memory[0]!, memory.at(-1)!];
  return [
    '## In the browser',
    '',
    `\`npm run bench -- --web\`: Chromium without a graphics card on the same cores, ${n(people)} contacts.`,
    '',
    '| What one waits for | measured | bar |',
    '| --- | --- | --- |',
    `| Scripts of the first page, compressed | ${n(script / 1000)} kB | < 350 kB |`,
    `| Rows of the first list, at a quarter of the speed | ${(usable.cold / 1000).toFixed(1)} s; ${(usable.warm / 1000).toFixed(1)} s with what the browser kept | < 2 s |`,
    `| Scrolling the list | ${frames(scroll)} | |`,
    `| From the list to a record with its timeline | ${open.p50} ms, p95 ${open.p95} ms | < 150 ms |`,
    `| Board of ${n(board.cards)} cards | open after ${n(board.opened)} ms; ${frames(board.scroll)} while all are loaded; a card let go stands in ${board.moved.p50} ms, p95 ${board.moved.p95} | |`,
    `| Memory of the page | ${megabytes(begun.bytes)} at first, ${megabytes(ended.bytes)} and ${n(ended.nodes)} nodes after ${ended.acts} acts (${memory.map(({ acts, bytes }) => `${acts}: ${Math.round(bytes / 1024 ** 2)}`).join(', ')}) | |`,
    '',
  ];
}

/** The same works on other sizes that were measured on this machine. */
function growth(resultsDir: string): string[] {
  const runs = readdirSync(resultsDir)
    .filter(file => /^bench-\d+\.json$/.test(file))
    .map(file => JSON.parse(readFileSync(join(resultsDir, file), 'utf8')) as Results)
    .sort((a, b) => a.people - b.people);
  if (runs.length < 2) return [];
  const works = runs[0]!.lines.filter(line => line.connections === 10).map(line => line.work);
  const p50 = (run: Results, work: string): number => {
    const { rate, p50: median } = run.lines.find(
      line => line.work === work && line.connections === 10,
    )!.farley;
    return rate === 0 ? Number.POSITIVE_INFINITY : median;
  };
  return [
    '## How cost grows',
    '',
    'Median milliseconds at 10 connections, by the number of contacts.',
    '',
    `| Work | ${runs.map(run => n(run.people)).join(' | ')} | most / least |`,
    `| --- |${runs.map(() => ' --- |').join('')} --- |`,
    ...works.map(work => {
      const times = runs.map(run => p50(run, work));
      const least = Math.max(1, Math.min(...times));
      const [cells, ratio] = [
        times.map(time => (Number.isFinite(time) ? time : 'none ended')),
        Math.max(...times) / least,
      ];
      return `| ${work} | ${cells.join(' | ')} | ${Number.isFinite(ratio) ? ratio.toFixed(1) : 'more'} |`;
    }),
    '',
  ];
}
