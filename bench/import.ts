/**
 * Import of a CSV, its companies made by the way, into an empty workspace, beside COPY of the same rows into the same table
 * with all its indexes and keys. A process of its own, so that the memory told is the import's.
 */
import { fork } from 'node:child_process';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import { createFarley } from '../src/app.ts';
import { type Context, importFile, openDatabase, sql } from '../src/engine/index.ts';

export interface Imported {
  rows: number;
  /** Rows per second. */
  rate: number;
  copyRate: number;
  /** The most memory the process had, in bytes, a quarter through and at the end: it must not grow with the file. */
  quarter: number;
  memory: number;
}

/** Measures in a process of its own, on a database of its own in the same cluster. */
export async function measureImport(
  connectionString: string,
  dataDir: string,
  rows: number,
): Promise<Imported> {
  const admin = openDatabase({ connectionString, connections: 1 });
  await admin.pool.query('drop database if exists bench_import');
  await admin.pool.query('create database bench_import');
  const url = new URL(connectionString);
  url.pathname = '/bench_import';
  // As `bin/farley` starts it.
  const execArgv = ['--max-semi-space-size=16', '--heap-growing-percent=150'];
  const child = fork(import.meta.filename, [String(url), dataDir, String(rows)], { execArgv });
  const imported = await new Promise<Imported>((done, failed) => {
    child.once('message', message => done(message as Imported));
    child.once('exit', code => failed(new Error(`The import ended with status ${code}.`)));
  });
  await new Promise(done => child.once('exit', done));
  await admin.pool.query('drop database bench_import');
  await admin.close();
  return imported;
}

function* csv(rows: number) {
  yield 'name,email,phone,jobTitle,company\n';
  for (let n = 0; n < rows; n++)
    yield `Import Person ${n},import${n}@company${n % 1000}.example,+43660${1_000_000 + n},Buyer,Gruber ${n % 5000}\n`;
}

/** COPY into the table of people, taken back afterwards. */
async function copySeconds(ctx: Context, file: string): Promise<number> {
  let seconds = 0;
  const undone = new Error('taken back');
  const copy = ctx.db.for('upkeep').transaction(async tx => {
    await tx.client.query('set local statement_timeout = 0');
    await tx.client.query(
      'alter table ws_main.person alter column id set default gen_random_uuid(), alter column do_not_call set default false',
    );
    const into = tx.client.query(
      from('copy ws_main.person (name, email, phone, job_title, department) from stdin (format csv, header)'),
    );
    const begun = performance.now();
    await pipeline(createReadStream(file), into);
    seconds = (performance.now() - begun) / 1000;
    throw undone;
  });
  await copy.catch(error => {
    if (error !== undone) throw error;
  });
  return seconds;
}

async function run(connectionString: string, dataDir: string, rows: number) {
  const file = join(dataDir, 'import.csv');
  await pipeline(Readable.from(csv(rows)), createWriteStream(file));
  const database = openDatabase({ connectionString, connections: 4 });
  const log = { info: () => {}, warn: () => {}, error: console.error };
  const settings = { secret: 'bench'.repeat(8), url: 'http://127.0.0.1', dataDir, webDir: null, work: false };
  const farley = await createFarley({ database, log, ...settings });
  const ctx = await farley.system('bench');
  const copyRate = rows / (await copySeconds(ctx, file));
  await database.run(sql`vacuum ws_main.person`);
  let quarter = 0;
  const begun = performance.now();
  const fields = {
    name: 'name',
    email: 'email',
    phone: 'phone',
    jobTitle: 'jobTitle',
    company: { column: 'company', link: { create: true } },
  };
  const report = await importFile(ctx, {
    path: file,
    object: 'person',
    map: { fields },
    report: ({ rows: done }) => {
      if (done <= rows / 4) quarter = process.resourceUsage().maxRSS * 1024;
    },
  });
  const rate = rows / ((performance.now() - begun) / 1000);
  if (report.created !== rows)
    throw new Error(`${report.created} of ${rows} were made: ${JSON.stringify(report.failures)}`);
  const memory = process.resourceUsage().maxRSS * 1024;
  rmSync(file);
  await farley.stop();
  await database.close();
  process.send!({ rows, rate, copyRate, quarter, memory } satisfies Imported);
}

if (process.argv[1] === import.meta.filename) {
  const [connectionString, dataDir, rows] = process.argv.slice(2) as [string, string, string];
  await run(connectionString, dataDir, Number(rows));
  process.exit();
}
