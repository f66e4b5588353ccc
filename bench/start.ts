/** From the command to the first answer, database included, as a user starts it; and the memory of all its processes at rest. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Started {
  /** The first start of a data directory, which makes the database; and a later one. Seconds. */
  first: number;
  later: number;
  /** Proportional memory of Farley and its PostgreSQL half a minute after the start, in bytes. */
  idle: number;
}

export async function measureStart(restSeconds: number): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'farley-bench-start-'));
  try {
    const first = await start(dataDir, 0);
    const later = await start(dataDir, restSeconds);
    return { first: first.seconds, later: later.seconds, idle: later.idle };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function start(dataDir: string, restSeconds: number): Promise<{ seconds: number; idle: number }> {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const begun = performance.now();
  const child = spawn('node', [resolve(import.meta.dirname, '../bin/farley'), 'start'], {
    env: { ...process.env, FARLEY_DATA: dataDir, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    while (!(await ready(port))) {
      if (child.exitCode !== null) throw new Error('Farley did not start.');
      await new Promise(done => setTimeout(done, 20));
    }
    const seconds = (performance.now() - begun) / 1000;
    await new Promise(done => setTimeout(done, restSeconds * 1000));
    return { seconds, idle: memoryOf(dataDir, child.pid!) };
  } finally {
    const gone = new Promise(done => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  }
}

async function ready(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.ok ?? false;
}

/** The process, its children, and PostgreSQL of the data directory, which has a session of its own. */
function memoryOf(dataDir: string, root: number): number {
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  const stats = new Map(
    processes.flatMap(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [[Number(pid), { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }]];
      } catch {
        return [];
      }
    }),
  );
  const belongs = (pid: number): boolean => {
    const known = stats.get(pid);
    return known !== undefined && (pid === root || known.command.includes(dataDir) || belongs(known.parent));
  };
  return [...stats.keys()].filter(belongs).reduce((sum, pid) => sum + proportional(pid), 0);
}

function proportional(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
