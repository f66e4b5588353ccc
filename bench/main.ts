/**
 * `npm run bench`: Farley beside the bare baseline on the same database in the same run, in turn, at 10 and 50 connections.
 * `-- --small` takes 50,000 contacts, `-- --rows N` any number, `-- --web` measures the interface in a browser instead.
 * Results go to docs/benchmarks.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createFarley } from '../src/app.ts';
import { startCluster } from '../src/engine/db/embedded.ts';
import { create, openDatabase, sql } from '../src/engine/index.ts';
import { document, type Results, webSection } from './document.ts';
import { generate, sizeOf } from './generate.ts';
import { measureImport } from './import.ts';
import { measureAll } from './load.ts';
import { measureStart } from './start.ts';
import { measureWeb } from './web.ts';

const { values: flags } = parseArgs({
  options: {
    small: { type: 'boolean' },
    rows: { type: 'string' },
    seconds: { type: 'string' },
    web: { type: 'boolean' },
    /** Makes the workspace and ends. */
    generate: { type: 'boolean' },
  },
});
const people = flags.rows ? Number(flags.rows) : flags.small ? 50_000 : 1_000_000;
const seconds = Number(flags.seconds ?? (flags.small ? 2 : 8));
const root = resolve(import.meta.dirname, '..');
const resultsDir = join(root, 'data');
const dataDir = join(resultsDir, `bench-${people}`);
const say = (sentence: string) => console.error(sentence);

/** A workspace of that size, made when there is none. */
async function prepare(connectionString: string) {
  const database = openDatabase({ connectionString, connections: 4 });
  const log = { info: () => {}, warn: () => {}, error: console.error };
  const settings = { secret: 'bench'.repeat(8), url: 'http://127.0.0.1', dataDir, webDir: null, work: false };
  const farley = await createFarley({ database, log, ...settings });
  const ctx = await farley.system('bench');
  const [user] = await database.run(sql`select 1 as found from ws_main."user" limit 1`);
  if (!user) await create(ctx, 'user', { name: 'Bench Owner' });
  const begun = performance.now();
  if (await generate(ctx, sizeOf(people), say))
    say(`Made in ${Math.round((performance.now() - begun) / 1000)} s; the next run takes it as it is.`);
  await farley.stop();
  await database.close();
}

/** Takes out what an earlier run has made, so that this one meets the same contacts: these came in as the newest of all. */
async function tidy(connectionString: string) {
  const client = new pg.Client(connectionString);
  await client.connect();
  // Nothing points at these people; to ask for each of them would take longer than the run.
  await client.query('set session_replication_role = replica');
  const { rowCount } = await client.query(
    `create temp table gone as select id from ws_main.person where email like '%@bench.example'`,
  );
  if (rowCount) {
    for (const [table, column] of [
      ['change', 'record_id'],
      ['search_entry', 'record_id'],
      ['person', 'id'],
    ])
      await client.query(`delete from ws_main.${table} where ${column} in (select id from gone)`);
    await client.query('vacuum analyze');
  }
  await client.end();
}

mkdirSync(dataDir, { recursive: true });
const cluster = await startCluster({ dataDir });
try {
  const { connectionString } = cluster;
  await prepare(connectionString);
  if (flags.web) {
    const web = await measureWeb({ connectionString, dataDir, webDir: join(root, 'dist/web'), people }, say);
    writeFileSync(join(resultsDir, 'bench-web.json'), JSON.stringify({ people, ...web }));
    console.log(webSection(resultsDir).join('\n'));
  } else if (!flags.generate) {
    await tidy(connectionString);
    const started = await measureStart(flags.small ? 5 : 30);
    say(`Start: ${started.later.toFixed(1)} s, at rest ${Math.round(started.idle / 1024 ** 2)} MiB`);
    const { lines, memory } = await measureAll({ connectionString, dataDir, people, seconds }, say);
    // It begins with an empty workspace, so that a larger one would tell nothing more.
    const rows = people > 1_000_000 ? 200_000 : people;
    const imported = await measureImport(connectionString, dataDir, rows);
    say(
      `Import: ${Math.round(imported.rate)} rows/s (COPY ${Math.round(imported.copyRate)}/s), at most ${Math.round(imported.memory / 1024 ** 2)} MiB`,
    );
    const results: Results = { people, lines, memory, imported, started };
    writeFileSync(join(resultsDir, `bench-${people}.json`), JSON.stringify(results));
    const command = `npm run bench${flags.small ? ' -- --small' : flags.rows ? ` -- --rows ${flags.rows}` : ''}`;
    const text = document(results, command, resultsDir);
    if (people === 1_000_000) writeFileSync(join(root, 'docs/benchmarks.md'), text);
    console.log(text);
  }
} finally {
  await cluster.stop();
}
process.exit();
