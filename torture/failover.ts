/**
 * `npm run torture:failover`: the primary of a Patroni cluster is killed with SIGKILL under write load, three times.
 * Farley has to go on by itself; what it acknowledged has to be there, once; the old primary has to come back.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Boot, boot, end, farley } from '../test/boot.ts';
import { PatroniCluster } from './patroni.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, clients: { type: 'string', default: '8' } },
});

/** How long Farley waits for a statement here. */
const statementSeconds = 5;

/** What clients were told, and when. */
interface Journal {
  /** Name → what the answer said. */
  created: Map<string, { id: string }>;
  /** Id → the last value that was acknowledged; later ones may be there too. */
  changed: Map<string, number>;
  /** Moments of acknowledgements, in milliseconds. */
  acknowledged: number[];
  /** Code → how often it was answered. */
  refused: Map<string, number>;
  stopped: boolean;
}

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 23)}  ${line}`);

const cluster = new PatroniCluster();
let running: Boot | null = null;
let wrong = 0;
try {
  say(`Starting three nodes in ${cluster.folder} …`);
  await cluster.start();
  const data = join(cluster.folder, 'farley');
  mkdirSync(data);
  const env = {
    DATABASE_URL: cluster.url,
    FARLEY_DATA: data,
    FARLEY_STATEMENT_SECONDS: String(statementSeconds),
  };
  running = await boot(env);
  if (running.code() !== null) throw new Error(running.output());
  const made = spawnSync(
    process.execPath,
    [farley, 'key', 'create', '--role', 'administrator', '--name', 'Torture'],
    {
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  wrong = await rounds(running, made.stdout.trim(), Number(values.rounds));
} finally {
  if (running) await end(running.child, 'SIGKILL');
  await cluster.stop();
  rmSync(cluster.folder, { recursive: true, force: true });
}
say(wrong === 0 ? 'Nothing acknowledged was lost.' : `${wrong} violations.`);
process.exit(wrong === 0 ? 0 : 1);

async function rounds(at: Boot, key: string, times: number): Promise<number> {
  const journal: Journal = {
    created: new Map(),
    changed: new Map(),
    acknowledged: [],
    refused: new Map(),
    stopped: false,
  };
  const writers = Array.from({ length: Number(values.clients) }, (_, index) =>
    writer(at, key, index, journal),
  );
  let found = 0;
  for (let round = 1; round <= times; round++) {
    await sleep(5_000);
    const primary = await cluster.primary();
    const killed = Date.now();
    cluster.kill(primary);
    say(
      `Round ${round}: ${primary.name}, the primary, is killed; ${journal.created.size} records acknowledged so far.`,
    );
    const first = await nextAcknowledgement(journal, killed);
    const now = await cluster.primary();
    say(`  Writes succeed again after ${((first - killed) / 1000).toFixed(1)} s, on ${now.name}.`);
    cluster.run(primary);
    await cluster.settled();
    say(`  ${primary.name} has come back and follows after ${((Date.now() - killed) / 1000).toFixed(1)} s.`);
    found += await verify(journal);
    if (at.code() !== null) throw new Error(`Farley has ended: ${at.output()}`);
  }
  found += await withoutStandbys(journal);
  journal.stopped = true;
  await Promise.all(writers);
  found += await verify(journal);
  const refused = [...journal.refused].map(([code, count]) => `${count} × ${code}`).join(', ');
  say(
    `${journal.created.size} records, ${journal.acknowledged.length} writes acknowledged; refused meanwhile: ${refused}.`,
  );
  const log = at
    .output()
    .split('\n')
    .filter(line => /^(Error|Warning)/.test(line));
  say(
    `Farley, one and the same process, had ${log.length} errors to tell${log.length ? `: ${log[0]}` : ''}.`,
  );
  return found;
}

/** No standby is left to confirm: PostgreSQL keeps the writes, and Farley must not call them saved. */
async function withoutStandbys(journal: Journal): Promise<number> {
  const primary = await cluster.primary();
  const standbys = cluster.nodes.filter(node => node !== primary);
  for (const node of standbys) cluster.kill(node);
  // What was on its way may still have been confirmed.
  await sleep(1_000);
  const before = journal.acknowledged.length;
  await sleep(4 * statementSeconds * 1_000);
  const meanwhile = journal.acknowledged.length - before;
  say(
    `Both standbys are killed: ${meanwhile} writes acknowledged in ${4 * statementSeconds} s, as none can be confirmed.`,
  );
  for (const node of standbys) cluster.run(node);
  await cluster.settled();
  await nextAcknowledgement(journal, Date.now());
  say('  They are back, and writes succeed again.');
  return meanwhile + (await verify(journal));
}

/** The first acknowledgement of a write that was sent after the moment. */
async function nextAcknowledgement(journal: Journal, moment: number): Promise<number> {
  // What was on its way when the primary died may be answered a little later.
  const from = moment + 500;
  for (const limit = Date.now() + 120_000; Date.now() < limit; await sleep(20)) {
    const next = journal.acknowledged.findLast(at => at > from);
    if (next) return journal.acknowledged.find(at => at > from)!;
  }
  throw new Error('No write succeeded within two minutes.');
}

/** Creates a record, changes it, and so on; what is refused is sent again, the same, until it is acknowledged. */
async function writer(at: Boot, key: string, index: number, journal: Journal) {
  const send = async (method: string, path: string, body: object, once: string) => {
    for (;;) {
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': once,
      };
      const reply = await fetch(at.url + path, { method, headers, body: JSON.stringify(body) }).catch(
        () => null,
      );
      const answer = (await reply?.json().catch(() => null)) as { id: string; code?: string } | null;
      if (reply?.ok && answer) {
        journal.acknowledged.push(Date.now());
        return answer;
      }
      const code = answer?.code ?? 'no answer';
      journal.refused.set(code, (journal.refused.get(code) ?? 0) + 1);
      await sleep(100);
    }
  };
  for (let number = 1; !journal.stopped; number++) {
    const name = `Writer ${index} record ${number}`;
    const { id } = await send('POST', '/api/companies', { name }, name);
    journal.created.set(name, { id });
    await send('PATCH', `/api/companies/${id}`, { employees: number }, `${name} changed`);
    journal.changed.set(id, number);
  }
}

/** Holds the journal against the primary of now; answers how much is wrong. */
async function verify(journal: Journal): Promise<number> {
  const created = [...journal.created];
  const changed = new Map(journal.changed);
  const client = await cluster.connect(await cluster.primary());
  const { rows } = await client.query<{
    name: string;
    id: string;
    employees: number | null;
    births: number;
    version: number;
    log: number;
  }>(
    `select c.name, c.id, c.employees, c.version,
      (select count(*)::int from ws_main.change h where h.record_id = c.id and h.kind = 'created') as births,
      (select count(*)::int from ws_main.change h where h.record_id = c.id) as log
      from ws_main.company c where c.name like 'Writer %'`,
  );
  await client.end();
  const byName = new Map<string, typeof rows>();
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  const problems: string[] = [];
  for (const [name, { id }] of created) {
    const stored = byName.get(name) ?? [];
    if (stored.length !== 1) problems.push(`${name} is there ${stored.length} times`);
    else if (stored[0]!.id !== id) problems.push(`${name} has another id than was told`);
    else if (changed.has(id) && stored[0]!.employees !== changed.get(id))
      problems.push(`the change of ${name} is lost`);
  }
  for (const row of rows)
    if (row.births !== 1 || row.log !== row.version)
      problems.push(`${row.name} has ${row.log} changes at version ${row.version}`);
  for (const problem of problems.slice(0, 10)) say(`  VIOLATION: ${problem}`);
  if (problems.length === 0)
    say(`  ${created.length} acknowledged records are there, once, with their history.`);
  return problems.length;
}
