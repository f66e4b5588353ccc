/**
 * A PostgreSQL that survives the loss of its primary, on loopback: etcd, three nodes under Patroni, HAProxy before them.
 * The configuration files are those of docs/guides/high-availability.md, with the times shortened where it says so.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Node {
  name: string;
  port: number;
  rest: number;
  data: string;
  process: ChildProcess | null;
}

interface Member {
  name: string;
  role: string;
  state: string;
}

const password = 'loopback-only';
const packages = 'apt-get install patroni etcd-server haproxy postgresql';

/** Where Debian puts the newest PostgreSQL. */
function binaries(): string {
  const base = '/usr/lib/postgresql';
  const newest = (existsSync(base) ? readdirSync(base) : []).sort((a, b) => Number(b) - Number(a))[0];
  if (!newest) throw new Error(`There is no PostgreSQL in ${base}. On Debian: ${packages}`);
  return join(base, newest, 'bin');
}

function requireProgram(name: string): string {
  const found = ['/usr/bin', '/usr/sbin', '/usr/local/bin']
    .map(folder => join(folder, name))
    .find(existsSync);
  if (!found) throw new Error(`${name} is not installed. On Debian: ${packages}`);
  return found;
}

/** PostgreSQL refuses root. */
function account(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

export class PatroniCluster {
  readonly nodes: Node[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'farley-failover-'));
  readonly #as = account();
  readonly #others: ChildProcess[] = [];
  #entrance = 0;

  /** Where Farley goes: HAProxy, which leads to the primary. */
  get url(): string {
    return `postgresql://farley:${password}@127.0.0.1:${this.#entrance}/farley`;
  }

  async start(count = 3) {
    const bin = binaries();
    this.#give(this.folder);
    const [etcd, peer] = [await freePort(), await freePort()];
    const at = (port: number) => `http://127.0.0.1:${port}`;
    this.#others.push(
      this.#spawn('etcd', requireProgram('etcd'), [
        ...['--name', 'etcd1', '--data-dir', join(this.folder, 'etcd')],
        ...['--listen-client-urls', at(etcd), '--advertise-client-urls', at(etcd)],
        ...['--listen-peer-urls', at(peer), '--initial-advertise-peer-urls', at(peer)],
        ...['--initial-cluster', `etcd1=${at(peer)}`],
      ]),
    );
    for (let number = 1; number <= count; number++) {
      const name = `node${number}`;
      const node = {
        name,
        port: await freePort(),
        rest: await freePort(),
        data: join(this.folder, name),
        process: null,
      };
      this.#write(`${name}.yml`, patroniYml(node, etcd, bin, join(this.folder, `${name}.pgpass`)));
      this.nodes.push(node);
    }
    this.#entrance = await freePort();
    this.#write('haproxy.cfg', haproxyCfg(this.#entrance, this.nodes));
    for (const node of this.nodes) this.run(node);
    await this.settled();
    const primary = await this.primary();
    await this.#createDatabase(primary);
    this.#others.push(
      this.#spawn('haproxy', requireProgram('haproxy'), ['-db', '-f', join(this.folder, 'haproxy.cfg')]),
    );
  }

  /** Starts a node, or starts it again. */
  run(node: Node) {
    node.process = this.#spawn(node.name, requireProgram('patroni'), [join(this.folder, `${node.name}.yml`)]);
  }

  /** As when the machine loses power: Patroni, PostgreSQL and its sessions are gone at once. */
  kill(node: Node) {
    const postmaster = Number(readFileSync(join(node.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    node.process?.kill('SIGKILL');
    for (const pid of [postmaster, ...childrenOf(postmaster)]) endProcess(pid);
    node.process = null;
  }

  async #members(): Promise<Member[]> {
    for (const node of this.nodes) {
      if (!node.process) continue;
      const reply = await fetch(`http://127.0.0.1:${node.rest}/cluster`).catch(() => null);
      if (reply?.ok) return ((await reply.json()) as { members: Member[] }).members;
    }
    return [];
  }

  async primary(): Promise<Node> {
    const leader = (await this.#members()).find(member => member.role === 'leader');
    const node = this.nodes.find(each => each.name === leader?.name);
    if (!node) throw new Error('The cluster has no primary.');
    return node;
  }

  /** Waits until there is a primary, every node follows it, and one of them confirms its commits. */
  async settled(within = 180_000) {
    const end = Date.now() + within;
    for (;;) {
      const members = await this.#members();
      const ready = members.filter(({ role, state }) =>
        role === 'leader' ? state === 'running' : /running|streaming/.test(state),
      );
      const confirmed = members.some(({ role }) => role === 'sync_standby');
      if (ready.length === this.nodes.length && confirmed) return;
      if (Date.now() > end)
        throw new Error(`The cluster did not settle; logs are in ${this.folder}: ${JSON.stringify(members)}`);
      await sleep(200);
    }
  }

  /** A connection to a node itself, past HAProxy. */
  async connect(node: Node, database = 'farley'): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: node.port,
      user: 'postgres',
      password,
      database,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async stop() {
    for (const node of this.nodes) if (node.process) this.kill(node);
    for (const child of this.#others) child.kill('SIGKILL');
    await sleep(300);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #createDatabase(node: Node) {
    const client = await this.connect(node, 'postgres');
    await client.query(`create role farley login password '${password}'`);
    await client.query(`create database farley owner farley encoding 'UTF8' template template0`);
    await client.end();
  }

  #write(name: string, text: string) {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
    this.#give(join(this.folder, name));
  }

  #give(path: string) {
    if (!existsSync(path)) mkdirSync(path);
    if (this.#as) chownSync(path, this.#as.uid, this.#as.gid);
  }

  #spawn(name: string, program: string, args: string[]): ChildProcess {
    const log = openSync(join(this.folder, `${name}.log`), 'a');
    const env = { PATH: process.env.PATH, HOME: this.folder, LANG: 'C.UTF-8' };
    return spawn(program, args, { ...this.#as, env, cwd: '/', stdio: ['ignore', log, log] });
  }
}

function patroniYml(node: Node, etcd: number, bin: string, pgpass: string): string {
  return `scope: farley
name: ${node.name}
restapi:
  listen: 127.0.0.1:${node.rest}
  connect_address: 127.0.0.1:${node.rest}
etcd3:
  hosts: 127.0.0.1:${etcd}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 200
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
postgresql:
  listen: 127.0.0.1:${node.port}
  connect_address: 127.0.0.1:${node.port}
  data_dir: ${node.data}
  bin_dir: ${bin}
  pgpass: ${pgpass}
  authentication:
    superuser: { username: postgres, password: ${password} }
    replication: { username: replicator, password: ${password} }
    rewind: { username: rewinder, password: ${password} }
  parameters:
    unix_socket_directories: ''
  pg_hba:
    - host replication replicator 127.0.0.1/32 scram-sha-256
    - host all all 127.0.0.1/32 scram-sha-256
`;
}

function haproxyCfg(port: number, nodes: Node[]): string {
  const servers = nodes.map(node => `  server ${node.name} 127.0.0.1:${node.port} check port ${node.rest}\n`);
  return `global
  maxconn 1000
defaults
  mode tcp
  timeout connect 4s
  timeout client 1h
  timeout server 1h
  timeout check 2s
listen primary
  bind 127.0.0.1:${port}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${servers.join('')}`;
}

function endProcess(pid: number) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.split('\n').map(Number).filter(Boolean);
}

export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
