/** One point after the other: load, kill, start again, verify. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../src/engine/index.ts';
import { type Anchors, Client, makeAnchors } from './clients.ts';
import { type Count, checkCounts, orderCount } from './counts.ts';
import { Follower } from './follower.ts';
import { checkImports, type Import, jobsEnded, orderImport, planImport } from './imports.ts';
import { Journal } from './journal.ts';
import { Random } from './random.ts';
import { Site, type Victim } from './site.ts';
import { checkUploads, sendFiles, type Upload } from './uploads.ts';
import {
  checkAcknowledged,
  checkReplay,
  checkSearch,
  checkTables,
  contextOn,
  lastSeq,
  settleLost,
} from './verify.ts';

export const kinds = ['single', 'batch', 'import', 'job'] as const;
export type Kind = (typeof kinds)[number];

export interface TortureOptions {
  seed: string;
  /** Numbers of the points: with the seed they make all choices. */
  points: number[];
  kinds: readonly Kind[];
  victims: readonly Victim[];
  say(line: string): void;
}

export interface Summary {
  violations: number;
  acknowledged: number;
  /** Writes without an answer that were settled afterwards. */
  lost: number;
  resumed: number;
  jobs: number;
}

interface Choice {
  random: Random;
  kind: Kind;
  victim: Victim;
  /** Milliseconds from the beginning of the load. */
  delay: number;
  /** Farley is killed a second time while it starts, after so many milliseconds; null for not. */
  again: number | null;
}

/** Choices of a point, the same for the same seed, number and options. */
function choose({ seed, kinds, victims }: TortureOptions, point: number): Choice {
  const random = new Random(`${seed}/${point}`);
  const kind = random.pick(kinds);
  const victim = random.pick(victims);
  const delay = random.between(30, 1_500);
  const [twice, later] = [random.chance(0.25), random.between(1, 900)];
  const starts = victim === 'farley' || victim === 'both';
  return { random, kind, victim, delay, again: twice && starts ? later : null };
}

/** Runs all points on one data directory and says a line for each. */
export async function torture(options: TortureOptions): Promise<Summary> {
  const begun = Date.now();
  const { seed, points, say } = options;
  say(`Torture with seed ${seed}: ${points.length} points.`);
  const site = new Site({ command: [join(import.meta.dirname, 'serve.ts')] });
  const total: Summary = { violations: 0, acknowledged: 0, lost: 0, resumed: 0, jobs: 0 };
  try {
    await site.start();
    const round = await newRound(site);
    for (const point of points) {
      const choice = choose(options, point);
      const result = await runPoint(site, round, choice);
      total.violations += result.violations.length;
      total.acknowledged += result.acknowledged;
      total.lost += result.lost;
      total.resumed += result.resumed;
      total.jobs += result.jobs;
      say(lineOf(point, choice, result));
      for (const violation of result.violations.slice(0, 10)) say(`      ${violation}`);
      if (result.violations.length > 0)
        say(`      again: npm run torture -- --seed ${seed} --point ${point}`);
      if (result.broken) break;
    }
    if (site.running) total.violations += await checkAll(site, say);
  } finally {
    await site.close();
  }
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  say(
    `${points.length} points, seed ${seed}: ${total.acknowledged} acknowledged writes verified, ${total.lost} without an answer settled, ${total.jobs} jobs done, ${total.resumed} of them resumed, ${total.violations} violations, ${minutes} minutes.`,
  );
  return total;
}

/** What goes on from point to point. */
export interface Round {
  anchors: Anchors;
  ctx: Context;
  /** Where the feed was read to, as one who follows it keeps it. */
  place: string;
}

export async function newRound(site: Site): Promise<Round> {
  const journal = new Journal(site);
  const anchors = await makeAnchors(journal, new Random('anchors'));
  const ctx = await contextOn(site.database);
  const follower = new Follower(journal);
  await follower.finish();
  return { anchors, ctx, place: follower.place };
}

export interface Result {
  violations: string[];
  acknowledged: number;
  lost: number;
  resumed: number;
  jobs: number;
  records: number;
  /** Milliseconds from the kill until it served again. */
  outage: number;
  /** Nothing more can be tried. */
  broken: boolean;
}

export function newResult({ violations }: Journal): Result {
  const none = { acknowledged: 0, lost: 0, resumed: 0, jobs: 0, records: 0, outage: 0 };
  return { violations, ...none, broken: false };
}

async function runPoint(site: Site, round: Round, choice: Choice): Promise<Result> {
  const journal = new Journal(site);
  const result = newResult(journal);
  try {
    if (!site.running) await site.start();
    const since = await lastSeq(round.ctx);
    const follower = new Follower(journal, round.place);
    const orders = await load(site, journal, round, choice, follower, result);
    await verify(site, journal, round, since, orders, result);
    await follower.finish();
    await follower.check(round.ctx, since);
    round.place = follower.place;
  } catch (error) {
    journal.violation((error as Error).stack ?? String(error));
    result.broken = true;
  }
  return result;
}

export interface Orders {
  imports: Import[];
  counts: Count[];
  uploads: Upload[];
}

/** Load until the kill, and the start after it. */
async function load(
  site: Site,
  journal: Journal,
  round: Round,
  { random, kind, victim, delay, again }: Choice,
  follower: Follower,
  result: Result,
): Promise<Orders> {
  let stopped = false;
  const orders: Orders = { imports: [], counts: [], uploads: [] };
  const client = (name: string, work: 'single' | 'batch') =>
    new Client(name, journal, new Random(`${random.next()}`), round.anchors).run(work, () => stopped);
  const work: Promise<unknown>[] = [client('first', 'single'), follower.follow(() => stopped)];
  if (kind === 'single') for (const name of ['second', 'third', 'fourth']) work.push(client(name, 'single'));
  if (kind === 'batch') for (const name of ['second', 'third']) work.push(client(name, 'batch'));
  if (kind === 'import') orders.imports.push(planImport(random, random.between(3_000, 12_000)));
  if (kind === 'job') {
    for (let n = 0; n < 3; n++) orders.imports.push(planImport(random, random.between(100, 800), n === 2));
    work.push(orderCount(journal, random, orders.counts), orderCount(journal, random, orders.counts));
    work.push(journal.request('GET', '/api/exports/people?format=ndjson'));
    work.push(sendFiles(journal, new Random(`${random.next()}`), orders.uploads, () => stopped));
  }
  for (const plan of orders.imports) work.push(orderImport(journal, plan));
  await sleep(delay);
  const begun = Date.now();
  await strike(site, victim, again);
  result.outage = Date.now() - begun;
  stopped = true;
  await Promise.all(work);
  return orders;
}

/** Kills, and answers when Farley serves again. */
async function strike(site: Site, victim: Victim, again: number | null) {
  const before = site.postmaster;
  site.kill(victim);
  if (victim === 'farley' || victim === 'both') {
    await site.gone();
    if (again !== null) {
      await site.launch();
      await sleep(again);
      site.kill('farley');
      await site.gone();
    }
    await site.start();
  } else await site.recovered(victim === 'session' ? null : before);
}

export async function verify(
  site: Site,
  journal: Journal,
  round: Round,
  since: number,
  orders: Orders,
  result: Result,
) {
  const { ctx } = round;
  // Whatever was under way when the database was cut off has been answered by now; the rest is over soon.
  await quiet(ctx);
  result.lost = await settleLost(ctx, journal);
  const jobs = await jobsEnded(journal);
  result.jobs = orders.imports.length + orders.counts.length;
  result.resumed = await checkImports(ctx, journal, orders.imports, jobs);
  result.resumed += await checkCounts(ctx, journal, orders.counts, jobs);
  result.acknowledged = await checkAcknowledged(ctx, journal);
  result.records = await checkReplay(ctx, journal, since);
  await checkTables(ctx, journal, since);
  await checkSearch(journal);
  await checkUploads(journal, orders.uploads);
  await checkProcesses(site, journal);
  checkFolders(site, journal);
}

/** Waits until no statement of Farley runs. */
async function quiet(ctx: Context) {
  for (let tries = 0; tries < 200; tries++) {
    const busy = await ctx.db.pool
      .query(
        `select 1 from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid() and backend_type = 'client backend' and query not like 'listen%'`,
      )
      .catch(() => ({ rowCount: 1 }));
    if (busy.rowCount === 0) return;
    await sleep(25);
  }
}

/** One PostgreSQL, all its processes its own, and no connection too many. */
async function checkProcesses(site: Site, journal: Journal) {
  const { postmaster } = site;
  let strangers = site.postgresProcesses();
  for (let tries = 0; tries < 100; tries++) {
    strangers = site
      .postgresProcesses()
      .filter(({ pid, parent }) => pid !== postmaster && parent !== postmaster);
    if (strangers.length === 0) break;
    await sleep(100);
  }
  for (const { pid, command } of strangers) journal.violation(`Process ${pid} was left over: ${command}`);
  const sessions = site
    .postgresProcesses()
    .filter(({ command }) => /^postgres: farley /.test(command)).length;
  // Farley's 20 for requests and 10 for jobs, its look whether the database lives, and the two that look on.
  if (sessions > 33) journal.violation(`There are ${sessions} sessions in the database`);
}

/** Nothing half written stays behind. */
function checkFolders(site: Site, journal: Journal) {
  const known = /^(postgres|postgres\.log(\.1)?|postgres\.password|secret|farley\.lock|files)$/;
  for (const name of readdirSync(site.dataDir))
    if (!known.test(name)) journal.violation(`${name} was left in the data directory`);
  const files = join(site.dataDir, 'files');
  for (const name of readdirSync(site.dataDir).includes('files') ? readdirSync(files) : [])
    if (!/^([0-9a-f]{2}|failed-[0-9a-f-]{36}-\d+\.csv)$/.test(name))
      journal.violation(`${name} was left among the files`);
}

/** In the end, everything from the beginning. */
async function checkAll(site: Site, say: (line: string) => void): Promise<number> {
  const journal = new Journal(site);
  const ctx = await contextOn(site.database);
  const records = await checkReplay(ctx, journal, 0);
  await checkTables(ctx, journal, 0);
  const follower = new Follower(journal);
  await follower.finish();
  await follower.check(ctx, 0);
  for (const violation of journal.violations) say(`      ${violation}`);
  say(
    `In the end: ${await lastSeq(ctx)} changes of ${records} records replayed, the feed read from the beginning, ${journal.violations.length} violations.`,
  );
  return journal.violations.length;
}

function lineOf(point: number, { kind, victim, delay, again }: Choice, result: Result): string {
  const twice = again === null ? '' : `, again ${again} ms into the start`;
  const state = result.violations.length === 0 ? 'ok    ' : 'FAILED';
  return `${state} ${String(point).padStart(3)} ${kind.padEnd(6)} ${victim} killed after ${delay} ms${twice}: back in ${result.outage} ms, ${result.acknowledged} acknowledged, ${result.lost} lost and settled, ${result.records} records replayed${result.jobs ? `, ${result.jobs} jobs, ${result.resumed} resumed` : ''}`;
}
