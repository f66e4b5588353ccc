/** Runs `bin/farley start` as users do, for the boot tests and the browser tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './source.ts';

export const farley = join(root, 'bin/farley');

const running = new Set<ChildProcess>();

export interface Boot {
  child: ChildProcess;
  port: number;
  url: string;
  /** Everything it printed, both streams. */
  output(): string;
  /** Exit status; null while it runs. */
  code(): number | null;
}

export interface BootOptions {
  uid?: number;
  gid?: number;
  /** What follows `farley start`, for instance `--demo`. */
  args?: string[];
}

/**
 * Starts Farley with nothing in its environment but `env` (`FARLEY_DATA` is a must) and a free port; resolves when it
 * is ready or has ended. End it by `end` or, all of a file's, by `afterEach(endAll)`.
 */
export async function boot(env: Record<string, string>, options: BootOptions = {}): Promise<Boot> {
  const port = Number(env.PORT ?? (await freePort()));
  const { args = [], ...as } = options;
  const child = spawn(process.execPath, [farley, 'start', ...args], {
    ...as,
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', text => {
      output += text;
    });
  }
  child.on('exit', () => running.delete(child));
  const closed = new Promise(resolve => child.once('close', resolve));
  while (!output.includes(' is ready: ') && child.exitCode === null) await sleep(20);
  if (child.exitCode !== null) await closed;
  const url = `http://localhost:${port}`;
  return { child, port, url, output: () => output, code: () => child.exitCode };
}

/** Ends one and waits until it has gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise(resolve => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

/** Ends all that this file has started. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map(child => end(child)));
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
