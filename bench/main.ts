/**
 * `npm run bench`: Farley beside the bare baseline on the same database in the same run, in turn, at 10 and 50 connections.
 * `-- --small` takes 50,000 contacts, `-- --rows N` any number. Results go to docs/benchmarks.md.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { createFarley } from '../src/app.ts';
import { startCluster } from '../src/engine/db/embedded.ts';
import { type Context, create, importFile, openDatabase, sql } from '../src/engine/index.ts';
import { listFields } from './bare.ts';
import { generate, personId, sizeOf } from './generate.ts';

const { values: flags } = parseArgs({
  options: { small: { type: 'boolean' }, rows: { type: 'string' }, seconds: { type: 'string' } },
});
const people = flags.rows ? Number(flags.rows) : flags.small ? 50_000 : 1_000_000;
const seconds = Number(flags.seconds ?? (flags.small ? 3 : 8));
const root = resolve(import.meta.dirname, '..');
const dataDir = join(root, 'data', `bench-${people}`);
const silent = { info: () => {}, warn: () => {}, error: console.error };
const say = (sentence: string) => console.error(sentence);

interface Served {
  url: string;
  key: string | null;
  child: ChildProcess;
}

interface Measured {
  rate: number;
  p50: number;
  p95: number;
  p99: number;
  failed: number;
}

interface Line {
  work: string;
  connections: number;
  farley: Measured;
  bare: Measured | null;
  bar: string;
}

function serve(what: 'farley' | 'bare', connectionString: string): Promise<Served> {
  const child = fork(join(import.meta.dirname, 'serve.ts'), [what, connectionString, 'ws_main', dataDir]);
  return new Promise(done =>
    child.once('message', message => done({ ...(message as { url: string; key: string | null }), child })),
  );
}

function memoryOf(served: Served): Promise<number> {
  return new Promise(done => {
    served.child.once('message', message => done((message as { rss: number }).rss));
    served.child.send('memory');
  });
}

async function load(served: Served, request: autocannon.Request, connections: number): Promise<Measured> {
  const headers = {
    'content-type': 'application/json',
    ...(served.key ? { authorization: `Bearer ${served.key}` } : {}),
  };
  const run = (duration: number) =>
    autocannon({ url: served.url, connections, duration, headers, requests: [request] });
  await run(1);
  const result = await run(seconds);
  const { latency, requests, non2xx, errors } = result;
  return {
    rate: requests.average,
    p50: latency.p50,
    p95: latency.p97_5,
    p99: latency.p99,
    failed: non2xx + errors,
  };
}

let serial = 0;
const anyPerson = () => personId(1 + Math.floor(Math.random() * people));
const body = () =>
  JSON.stringify({ name: `Bench Person ${++serial}`, email: `bench${process.pid}x${serial}@bench.example` });
const listPath = `/api/people?fields=${listFields.join(',')}&filter[lifecycle][is]=customer&sort=-updatedAt&limit=60`;

/** The same work, as Farley and as the baseline are asked for it. */
const works: { work: string; bar: string; farley: autocannon.Request; bare: autocannon.Request | null }[] = [
  {
    work: 'List of 60, filter and sort',
    bar: '≥ 0.6 × bare',
    farley: { path: listPath },
    bare: { path: '/list' },
  },
  {
    work: 'Read one',
    bar: '≥ 0.5 × bare',
    farley: {
      setupRequest: request => ({
        ...request,
        path: `/api/people/${anyPerson()}?fields=${listFields.join(',')}`,
      }),
    },
    bare: { setupRequest: request => ({ ...request, path: `/read/${anyPerson()}` }) },
  },
  {
    work: 'Create one',
    bar: '≥ 0.35 × bare',
    farley: { method: 'POST', path: '/api/people', setupRequest: request => ({ ...request, body: body() }) },
    bare: { method: 'POST', path: '/create', setupRequest: request => ({ ...request, body: body() }) },
  },
  {
    work: 'Search, misspelt name',
    bar: 'p95 < 100 ms',
    farley: { path: '/api/search?q=fisher%20klara&limit=20' },
    bare: null,
  },
  {
    work: 'Timeline of a person',
    bar: 'p95 < 150 ms',
    farley: { setupRequest: request => ({ ...request, path: `/api/people/${anyPerson()}/timeline` }) },
    bare: null,
  },
];

async function measureAll(connectionString: string): Promise<{ lines: Line[]; memory: number }> {
  const [farley, bare] = [await serve('farley', connectionString), await serve('bare', connectionString)];
  const lines: Line[] = [];
  for (const { work, bar, farley: asked, bare: base } of works) {
    for (const connections of [10, 50]) {
      const bareFigure = base && (await load(bare, base, connections));
      const figure = await load(farley, asked, connections);
      lines.push({ work, connections, farley: figure, bare: bareFigure, bar });
      say(
        `${work}, ${connections} connections: ${figure.rate.toFixed(0)}/s${bareFigure ? ` (bare ${bareFigure.rate.toFixed(0)}/s, ratio ${(figure.rate / bareFigure.rate).toFixed(2)})` : ''}, p95 ${figure.p95} ms${figure.failed ? `, ${figure.failed} FAILED` : ''}`,
      );
    }
  }
  const memory = await memoryOf(farley);
  farley.child.disconnect();
  bare.child.disconnect();
  return { lines, memory };
}

/** Import of a CSV through the import engine, beside COPY of the same rows into a table of the same columns. */
async function measureImport(
  ctx: Context,
): Promise<{ rows: number; rate: number; copyRate: number; memory: number }> {
  const rows = Math.min(people, 200_000);
  const file = join(dataDir, 'import.csv');
  const lines = Array.from(
    { length: rows },
    (_, n) =>
      `Import Person ${n},import${process.pid}x${Date.now()}x${n}@bench.example,Gruber ${1 + (n % 1000)}`,
  );
  writeFileSync(file, `name,email,company\n${lines.join('\n')}\n`);
  const copyRate = rows / (await copySeconds(ctx, file));
  let memory = 0;
  const begun = performance.now();
  const report = await importFile(ctx, {
    path: file,
    object: 'person',
    map: { fields: { name: 'name', email: 'email', company: { column: 'company', link: { create: true } } } },
    report: () => {
      memory = Math.max(memory, process.memoryUsage().rss);
    },
  });
  if (report.created !== rows)
    throw new Error(`The import made ${report.created} of ${rows}: ${JSON.stringify(report.failures)}`);
  return { rows, rate: rows / ((performance.now() - begun) / 1000), copyRate, memory };
}

/** COPY of the same rows into the same table with all its indexes and keys, taken back afterwards. */
async function copySeconds(ctx: Context, file: string): Promise<number> {
  const [taken] = await ctx.db.run<{ id: string }>(sql`select id from ws_main.company limit 1`);
  const begun = performance.now();
  let seconds = 0;
  const undone = new Error('taken back');
  await ctx.db
    .transaction(async tx => {
      await tx.client.query(
        `alter table ws_main.person alter column id set default uuidv7(), alter column do_not_call set default false, alter column company_id set default '${taken!.id}'`,
      );
      const into = tx.client.query(
        from(`copy ws_main.person (name, email, job_title) from stdin (format csv, header)`),
      );
      await pipeline(createReadStream(file), into);
      seconds = (performance.now() - begun) / 1000;
      throw undone;
    })
    .catch(error => {
      if (error !== undone) throw error;
    });
  return seconds;
}

/** Takes out what a run has made, so that the next one meets the same contacts: these came in as the newest of all. */
async function tidy(connectionString: string) {
  const client = new pg.Client(connectionString);
  await client.connect();
  const gone = (table: string, column: string, of: string) =>
    `delete from ws_main.${table} x where ${of} not exists (select 1 from ws_main.person p where p.id = x.${column})`;
  // Nothing points at these people; to ask for each of them would take longer than the run.
  await client.query('set session_replication_role = replica');
  await client.query(`delete from ws_main.person where email like '%@bench.example'`);
  await client.query(gone('change', 'record_id', `object = 'person' and`));
  await client.query(gone('search_entry', 'record_id', `object = 'person' and`));
  await client.query(
    'delete from ws_main.change_set s where not exists (select 1 from ws_main.change c where c.set_id = s.id)',
  );
  for (const table of ['person', 'change', 'search_entry', 'change_set'])
    await client.query(`vacuum (full, analyze) ws_main.${table}`);
  await client.end();
}

function document(
  lines: Line[],
  memory: number,
  imported: Awaited<ReturnType<typeof measureImport>>,
): string {
  const size = sizeOf(people);
  const n = (value: number) => Math.round(value).toLocaleString('en');
  const table = lines.map(
    ({ work, connections, farley, bare, bar }) =>
      `| ${work} | ${connections} | ${n(farley.rate)}/s | ${bare ? `${n(bare.rate)}/s` : ''} | ${bare ? (farley.rate / bare.rate).toFixed(2) : ''} | ${farley.p50} / ${farley.p95} / ${farley.p99} ms | ${bar} |`,
  );
  return [
    '# Benchmarks',
    '',
    `Made by \`npm run bench${flags.small ? ' -- --small' : ''}\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${n(totalmem() / 1024 ** 3)} GiB, the load generator on the same cores, PostgreSQL 18 embedded.`,
    `The workspace holds ${n(size.people)} contacts, ${n(size.companies)} companies, ${n(size.deals)} deals and ${n(size.notes)} timeline entries. Bare is a minimal Fastify route with one prepared statement that answers the same JSON from the same database, without rights, history or search. p95 is the 97.5th percentile, the nearest that the load generator tells.`,
    '',
    '| Work | connections | Farley | bare | ratio | p50 / p95 / p99 | bar |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...table,
    `| Import of ${n(imported.rows)} contacts, companies resolved | 1 | ${n(imported.rate)} rows/s | ${n(imported.copyRate)} rows/s (COPY) | ${(imported.rate / imported.copyRate).toFixed(2)} | | ≥ 0.1 × COPY |`,
    '',
    `Memory: the serving process after all of this ${n(memory / 1024 ** 2)} MiB; the importing process at most ${n(imported.memory / 1024 ** 2)} MiB.`,
    '',
  ].join('\n');
}

mkdirSync(dataDir, { recursive: true });
const cluster = await startCluster({ dataDir });
try {
  const database = openDatabase({ connectionString: cluster.connectionString, connections: 4 });
  const farley = await createFarley({
    database,
    secret: 'bench'.repeat(8),
    url: 'http://127.0.0.1',
    dataDir,
    webDir: null,
    log: silent,
    work: false,
  });
  const ctx = await farley.system('bench');
  const [user] = await database.run(sql`select 1 as found from ws_main."user" limit 1`);
  if (!user) await create(ctx, 'user', { name: 'Bench Owner' });
  const begun = performance.now();
  if (await generate(ctx, sizeOf(people), say))
    say(`Made in ${Math.round((performance.now() - begun) / 1000)} s; the next run takes it as it is.`);
  await tidy(cluster.connectionString);
  const { lines, memory } = await measureAll(cluster.connectionString);
  const imported = await measureImport(ctx);
  say(
    `Import: ${Math.round(imported.rate).toLocaleString('en')} rows/s (COPY ${Math.round(imported.copyRate).toLocaleString('en')}/s), at most ${Math.round(imported.memory / 1024 ** 2)} MiB`,
  );
  const text = document(lines, memory, imported);
  if (!flags.small) writeFileSync(join(root, 'docs/benchmarks.md'), text);
  console.log(text);
  await farley.stop();
  await database.close();
} finally {
  await cluster.stop();
}
process.exit();
