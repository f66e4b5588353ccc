/** The Farley under torture: started as users start it, killed, started again, looked at from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRunning, isAlive } from '../src/engine/db/embedded.ts';
import { findPlace } from '../src/engine/db/place.ts';
import { type Database, openDatabase } from '../src/engine/index.ts';

const root = resolve(import.meta.dirname, '..');

/** What is killed: Farley, and its PostgreSQL goes on; both; PostgreSQL's parent; all of it; one of its sessions. */
export const victims = ['farley', 'both', 'postmaster', 'postgres', 'session'] as const;
export type Victim = (typeof victims)[number];

/** Milliseconds within which Farley has to serve again. Generous: the machine may be busy. */
const patience = 90_000;

export class Site {
  readonly dataDir: string;
  readonly #temporary: boolean;
  readonly #command: string[];
  #child: ChildProcess | null = null;
  #output = '';
  #port = 0;
  #database: Database | null = null;
  key = '';

  /**
   * `dataDir`: an empty folder to keep; absent: a temporary one that is removed. `command`: what is run in place of
   * `bin/farley start`.
   */
  constructor(options: { dataDir?: string; command?: string[] } = {}) {
    this.#temporary = options.dataDir === undefined;
    this.dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), `farley-test-${process.pid}-torture-`));
    if (this.#temporary) chmodSync(this.dataDir, 0o711);
    this.#command = options.command ?? [join(root, 'bin/farley'), 'start'];
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** All that Farley has said since it was started last. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts Farley; answers at once. */
  async launch(): Promise<void> {
    this.#port ||= await freePort();
    this.#output = '';
    const child = spawn(process.execPath, this.#command, {
      env: { PATH: process.env.PATH, PORT: String(this.#port), FARLEY_DATA: this.dataDir },
      // The channel lets it notice when this process is killed.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', text => {
        this.#output += text;
      });
  }

  /** Starts Farley and waits until it serves; throws with what it said when it does not. */
  async start(): Promise<void> {
    await this.launch();
    const deadline = Date.now() + patience;
    while (!this.#output.includes(' is ready: ')) {
      if (!this.running) throw new Error(`Farley did not start: ${this.#output.trim()}`);
      if (Date.now() > deadline) throw new Error(`Farley was not ready in time: ${this.#output.trim()}`);
      await sleep(10);
    }
    this.key ||= await this.command('key', 'create', '--role', 'administrator', '--name', 'torture');
  }

  /** Runs a command of the command line and answers what it printed. */
  command(...args: string[]): Promise<string> {
    const child = spawn(process.execPath, [join(root, 'bin/farley'), ...args], {
      env: { PATH: process.env.PATH, FARLEY_DATA: this.dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', text => {
      output += text;
    });
    return new Promise((done, fail) =>
      child.on('close', code =>
        code === 0 ? done(output.trim()) : fail(new Error(`farley ${args[0]} ended with status ${code}`)),
      ),
    );
  }

  /** Kills with SIGKILL, all victims in the same moment. */
  kill(victim: Victim): void {
    const { postmaster } = this;
    const sessions = postmaster ? childrenOf(postmaster) : [];
    const farley = [this.#farleyPid()];
    const targets: Record<Victim, (number | null | undefined)[]> = {
      farley,
      both: [...farley, postmaster, ...sessions],
      postmaster: [postmaster],
      postgres: [postmaster, ...sessions],
      session: sessions.filter(pid => /^postgres: farley farley /.test(commandOf(pid))).slice(0, 1),
    };
    for (const pid of targets[victim]) if (pid) tryKill(pid);
  }

  /** The one that serves: `bin/farley` may have started it as a child. */
  #farleyPid(): number | null {
    const file = join(findPlace(this.dataDir).base, 'farley.lock');
    const held = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const pid = held ? (JSON.parse(held) as { pid: number }).pid : null;
    return pid && isAlive(pid) ? pid : (this.#child?.pid ?? null);
  }

  /** Waits until a killed Farley has gone. */
  async gone(): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (this.running) {
      if (Date.now() > deadline) throw new Error('Farley outlived kill -9.');
      await sleep(5);
    }
  }

  /** Waits until Farley serves again after the kill of its database; `before` is the postmaster that was killed. */
  async recovered(before: number | null): Promise<void> {
    const deadline = Date.now() + patience;
    for (;;) {
      if (!this.running) throw new Error(`Farley ended with its database: ${this.#output.trim()}`);
      if (Date.now() > deadline) throw new Error(`Farley did not serve again: ${this.#output.trim()}`);
      const { postmaster } = this;
      if (postmaster && postmaster !== before && (await this.isReady())) return;
      await sleep(20);
    }
  }

  async isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Process id of the PostgreSQL that serves the data directory; null where none does. */
  get postmaster(): number | null {
    const file = join(this.#cluster, 'postmaster.pid');
    try {
      const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
      return isAlive(pid) ? pid : null;
    } catch {
      return null;
    }
  }

  get #cluster(): string {
    return findPlace(this.dataDir).cluster;
  }

  /** All processes that work in the cluster. */
  postgresProcesses(): { pid: number; parent: number; command: string }[] {
    return processes()
      .filter(({ pid }) => cwdOf(pid) === this.#cluster)
      .map(({ pid, parent }) => ({ pid, parent, command: commandOf(pid) }));
  }

  /** A look into the database past Farley. */
  get database(): Database {
    const connectionString = findRunning(this.dataDir);
    if (!connectionString) throw new Error('The database does not run.');
    this.#database ??= openDatabase({ connectionString, connections: 2, statementTimeout: 120_000 });
    return this.#database;
  }

  /** Stops Farley in order. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || !this.running) return;
    const exited = new Promise(done => child.once('exit', done));
    child.kill('SIGTERM');
    await exited;
  }

  /** Stops everything and removes what was temporary. */
  async close(): Promise<void> {
    await this.#database?.close();
    await this.stop();
    for (const { pid } of this.postgresProcesses()) tryKill(pid);
    if (!this.#temporary) return;
    const { base } = findPlace(this.dataDir);
    for (const folder of new Set([base, this.dataDir])) rmSync(folder, { recursive: true, force: true });
  }
}

function tryKill(pid: number) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

function processes(): { pid: number; parent: number }[] {
  return readdirSync('/proc').flatMap(name => {
    const pid = Number(name);
    if (!pid || !isAlive(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
      return [{ pid, parent: Number(stat.split(' ')[1]) }];
    } catch {
      return [];
    }
  });
}

function childrenOf(parent: number): number[] {
  return processes()
    .filter(process => process.parent === parent)
    .map(({ pid }) => pid);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function cwdOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
