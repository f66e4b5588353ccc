/**
 * The disk is full: slowly, by what Farley writes itself, and at once, by something else. Farley says so, goes on reading,
 * loses nothing that was acknowledged, and goes on by itself when there is room.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reserve } from '../src/engine/db/space.ts';
import { Client } from './clients.ts';
import { type Import, orderImport, planImport } from './imports.ts';
import { Journal } from './journal.ts';
import { newResult, newRound, type Orders, type Result, type Round, verify } from './points.ts';
import { Random } from './random.ts';
import { Site } from './site.ts';
import { lastSeq } from './verify.ts';

const megabyte = 1024 * 1024;
/** Bytes of the disk that is filled: PostgreSQL with its log, the reserve, and some to write. */
const size = 500 * megabyte;

/** A disk of our own in memory; null where this process may not mount one. */
function mountDisk(): { folder: string; unmount(): void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'farley-torture-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'farley', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    unmount: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Something else that takes room on the disk. */
class Ballast {
  readonly #folder: string;
  readonly #file: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, 'ballast');
  }

  get free(): number {
    const { bavail, bsize } = statfsSync(this.#folder);
    return bavail * bsize;
  }

  /** Takes all but `left` bytes. */
  take(left: number) {
    const file = openSync(this.#file, 'a');
    try {
      for (let block = megabyte; block >= 4_096; block /= 2)
        while (this.free >= left + block) writeSync(file, Buffer.alloc(block));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  give() {
    rmSync(this.#file, { force: true });
  }
}

interface Trial {
  site: Site;
  journal: Journal;
  round: Round;
  ballast: Ballast;
  random: Random;
  say(line: string): void;
}

/** Runs the trials; answers whether all went well. */
export async function tortureDiskFull(seed: string, say: (line: string) => void): Promise<boolean> {
  const disk = mountDisk();
  if (!disk) {
    say('A disk of its own cannot be mounted here: run this as root. Nothing was tried.');
    return false;
  }
  const dataDir = join(disk.folder, 'data');
  mkdirSync(dataDir, { mode: 0o711 });
  const site = new Site({ dataDir, command: [join(import.meta.dirname, 'serve.ts')] });
  let violations = 0;
  try {
    await site.start();
    const round = await newRound(site);
    const random = new Random(`${seed}/disk`);
    const ballast = new Ballast(disk.folder);
    for (const [name, trial] of Object.entries({ slowly: fillSlowly, 'at once': fillAtOnce })) {
      const journal = new Journal(site);
      const result = newResult(journal);
      const since = await lastSeq(round.ctx);
      try {
        const orders = await trial({ site, journal, round, ballast, random, say });
        await verify(site, journal, round, since, orders, result);
      } catch (error) {
        journal.violation((error as Error).stack ?? String(error));
      }
      ballast.give();
      violations += result.violations.length;
      say(lineOf(name, result));
      for (const violation of result.violations.slice(0, 10)) say(`      ${violation}`);
    }
  } finally {
    await site.close();
    disk.unmount();
  }
  return violations === 0;
}

function lineOf(name: string, { violations, acknowledged, lost, records, resumed }: Result): string {
  const state = violations.length === 0 ? 'ok    ' : 'FAILED';
  return `${state} disk full ${name}: ${acknowledged} acknowledged, ${lost} refused or lost and settled, ${records} records replayed, ${resumed} imports resumed`;
}

/** Clients at work until told to stop. */
function work({ journal, round, random }: Trial, stopped: () => boolean): Promise<unknown>[] {
  return (['single', 'single', 'batch', 'batch'] as const).map((manner, n) =>
    new Client(`client ${n}`, journal, new Random(`${random.next()}`), round.anchors).run(manner, stopped),
  );
}

/** Farley fills the disk itself, and stops before PostgreSQL has to. */
async function fillSlowly(trial: Trial): Promise<Orders> {
  const { site, journal, ballast, random, say } = trial;
  const before = site.postmaster;
  ballast.take(reserve + 30 * megabyte);
  let stopped = false;
  const running = work(trial, () => stopped);
  const imports: Import[] = [planImport(random, 10_000)];
  await orderImport(journal, imports[0]!);
  const deadline = Date.now() + 180_000;
  while (!journal.writes.some(({ answer }) => answer?.code === 'diskFull')) {
    if (Date.now() > deadline) throw new Error('The disk was not full in time.');
    await sleep(50);
  }
  await sleep(2_000);
  stopped = true;
  await Promise.all(running);
  say(`      full with ${Math.round(ballast.free / megabyte)} MB left`);
  await expectReadOnly(trial);
  if (!site.running || site.postmaster !== before)
    journal.violation('Farley or its PostgreSQL has ended on a full disk');
  await site.stop();
  await site.start();
  await expectReadOnly(trial);
  // Something else takes what is left, too.
  ballast.take(0);
  await expectReadOnly(trial);
  ballast.give();
  await sleep(500);
  await expectUpload(journal, 201, 5 * megabyte);
  return { imports, counts: [], uploads: [] };
}

/** Reads are answered; writes, uploads and imports are refused with words. */
async function expectReadOnly({ journal }: Trial) {
  for (const path of ['/api/people?limit=5', '/api/search?q=anchor', '/api/changes?limit=5', '/readyz']) {
    const answer = await journal.request('GET', path);
    if (answer?.status !== 200)
      journal.violation(`GET ${path} on a full disk: ${answer?.status} ${answer?.text}`);
  }
  const write = await journal.request('POST', '/api/tags', JSON.stringify({ name: `T${Date.now()}` }));
  if (write?.status !== 507 || write.code !== 'diskFull')
    journal.violation(`A write on a full disk was answered ${write?.status}: ${write?.text}`);
  await expectUpload(journal, 507, 5 * megabyte);
}

async function expectUpload(journal: Journal, status: number, bytes: number) {
  const type = { 'content-type': 'application/octet-stream' };
  const answer = await journal.request('POST', '/api/uploads?name=large', 'x'.repeat(bytes), type);
  if (answer?.status !== status)
    journal.violation(
      `An upload was answered ${answer?.status} instead of ${status}: ${answer?.text.slice(0, 300)}`,
    );
}

/** Something else fills the disk to the last byte under load; then PostgreSQL is killed, too, and cannot start. */
async function fillAtOnce(trial: Trial): Promise<Orders> {
  const { site, journal, ballast, random, say } = trial;
  let stopped = false;
  const running = work(trial, () => stopped);
  const imports: Import[] = [planImport(random, 6_000)];
  await orderImport(journal, imports[0]!);
  await sleep(random.between(300, 1_500));
  // While it grows, an upload is larger than what is left.
  const upload = journal.request('POST', '/api/uploads?name=huge', 'x'.repeat(200 * megabyte), {
    'content-type': 'application/octet-stream',
  });
  ballast.take(0);
  await sleep(4_000);
  const refused = await upload;
  if (refused && refused.status < 500 && ballast.free < megabyte)
    journal.violation(`An upload on a full disk was answered ${refused.status}`);
  say(`      ${ballast.free} bytes left; PostgreSQL ${site.postmaster ? 'runs' : 'has ended'}`);
  const before = site.postmaster;
  if (before) site.kill('postgres');
  await sleep(3_000);
  if (!site.running) journal.violation(`Farley has ended on a full disk: ${site.output.slice(-500)}`);
  const write = await journal.request('POST', '/api/tags', JSON.stringify({ name: `T${Date.now()}` }));
  if (!write || write.status < 500) journal.violation(`A write was answered ${write?.status} on a full disk`);
  ballast.give();
  await site.recovered(before);
  stopped = true;
  await Promise.all(running);
  await expectUpload(journal, 201, megabyte);
  return { imports, counts: [], uploads: [] };
}
