/** What the command line does with records, users and keys. Each acts as the system, and says so in history. */
import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { declared } from './app.ts';
import {
  type Contents,
  type Context,
  checkStays,
  createAccount,
  createKey,
  type ExportFormat,
  exportFormats,
  exportRecords,
  FarleyError,
  importFile,
  importTables,
  invite,
  isArchive,
  isId,
  keeper,
  migrationPlan,
  newId,
  openContents,
  openTables,
  propose,
  readImportMap,
  readPlan,
  reportText,
  rewind,
  scanAfter,
  verifyArchive,
} from './engine/index.ts';
import { withFarley } from './server.ts';

type Options = Record<string, string | boolean | undefined>;

const text = (value: string | boolean | undefined) =>
  typeof value === 'string' && value !== '' ? value : undefined;

function needed(options: Options, name: string): string {
  const value = text(options[name]);
  if (value) return value;
  throw new FarleyError('invalidInput', `--${name} is needed.`);
}

function within<T>(
  reason: string,
  options: Options,
  work: (ctx: Context, farley: Parameters<Parameters<typeof withFarley>[0]>[0]) => Promise<T>,
): Promise<T> {
  return withFarley(async farley => work(await farley.system(reason, text(options.workspace)), farley));
}

/** `farley user create`: with a password on standard input, or a link with which the person sets one. */
export async function createUser(options: Options) {
  const [name, email] = [needed(options, 'name'), needed(options, 'email')];
  const role = text(options.role) ?? 'member';
  const password = options.password === true ? await passwordFromInput() : null;
  await within('farley user create', options, async (ctx, farley) => {
    if (password) console.log(await createAccount(ctx, farley.auth, { name, email, password }, role));
    else console.log(`${farley.url}/welcome?token=${await invite(ctx, { role })}`);
  });
}

async function passwordFromInput(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  throw new FarleyError('invalidInput', 'Give the password on standard input.');
}

/** `farley key create`: prints the key alone. */
export async function makeKey(options: Options) {
  const [name, role] = [needed(options, 'name'), needed(options, 'role')];
  await within('farley key create', options, async (ctx, farley) => {
    console.log((await createKey(ctx, farley.auth, name, role)).key);
  });
}

/** Rows as they pass by, on standard error. */
const counted = (rows: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${rows.toLocaleString('en')} rows `);
};

function told({ rows, files }: Contents): string {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const sum = Object.values(rows).reduce((all, each) => all + each, 0);
  const missing = files.missing.length > 0 ? `; ${files.missing.length} files have no content here` : '';
  return `${sum.toLocaleString('en')} rows and ${files.count.toLocaleString('en')} files${missing}`;
}

/** `farley export --all FILE`: everything that others may read; keys stay. */
export async function exportAll(options: Options, path: string) {
  const workspace = text(options.workspace);
  await withFarley(async farley => {
    const how = { accounts: 'people' as const, report: counted, ...(workspace ? { workspace } : {}) };
    console.log(`${path}: ${told(await farley.exportArchive(path, how))}`);
  });
}

/** `farley backup FILE|DIRECTORY`: everything, keys too; read again whole with `--verify`. */
export async function backUp(options: Options, to: string) {
  const name = `farley-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz`;
  const path = existsSync(to) && statSync(to).isDirectory() ? join(to, name) : to;
  await withFarley(async farley => {
    console.log(`${path}: ${told(await farley.exportArchive(path, { accounts: 'all', report: counted }))}`);
  });
  if (options.verify) console.log(`Read again: ${told(await verifyArchive(path))}, all checksums right.`);
}

/** `farley restore FILE`: into an empty Farley. With `--verify` the archive is read whole, and nothing else is done. */
export async function restore(options: Options, path: string) {
  if (options.verify) console.log(`${path}: ${told(await verifyArchive(path))}, all checksums right.`);
  else
    await withFarley(async farley => {
      console.log(`${told(await farley.importArchive(path, counted))} imported; counts and checksums agree.`);
    });
}

/** An import of the command line as one change set: what was cut off goes on with the same, and Ctrl-C ends it after a batch. */
function underWay(options: Options): {
  changeSet: string;
  signal: AbortSignal;
  written(): void;
  end(): void;
} {
  const changeSet = text(options.resume) ?? newId();
  if (!isId(changeSet)) throw new FarleyError('invalidInput', '--resume takes the id of a change set.');
  const stopping = new AbortController();
  let asked = 0;
  const stop = () => {
    // A terminal tells this process and the one that started it, which passes it on: that is one wish, not two.
    if (asked > 0 && performance.now() - asked > 1_000) process.exit(130);
    asked ||= performance.now();
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const again = `Go on with: farley import … --resume ${changeSet}`;
  const dry = options['dry-run'] === true;
  // Whoever kills a long one has to know it before; of a short one it would be noise.
  const long = setTimeout(
    () => !dry && console.error(`Change set ${changeSet}. If this is cut off: ${again}`),
    10_000,
  );
  long.unref();
  // Of one that failed nothing else says it; where nothing was written, there is nothing to go on with.
  let pending = false;
  process.once('exit', () => {
    if (pending && !dry) console.error(`What was written stays. ${again}`);
  });
  return {
    changeSet,
    signal: stopping.signal,
    written: () => {
      pending = true;
    },
    end: () => {
      pending = false;
      clearTimeout(long);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
      if (!stopping.signal.aborted || dry) return;
      console.log(`Stopped. What was written stays. ${again}`);
      process.exitCode = 130;
    },
  };
}

/** `farley import FILE`: the report goes to standard output, progress to standard error. */
export async function importRecords(options: Options, path: string) {
  if (await isArchive(path)) return restore({}, path);
  const mapPath = text(options.map);
  const map = mapPath ? readImportMap(parsed(mapPath)) : undefined;
  await within(`farley import ${path}`, options, async (ctx, farley) => {
    const begun = performance.now();
    const object = text(options.object);
    const match = text(options.match);
    const failures = text(options.failures) ?? `${path.replace(/^.*[\\/]/, '')}.failed.csv`;
    const { changeSet, signal, written, end } = underWay(options);
    const report = await importFile(
      { ...ctx, changeSet },
      {
        path,
        failures,
        signal,
        keep: keeper(farley.files),
        dryRun: options['dry-run'] === true,
        ...(map ? { map } : {}),
        ...(object ? { object } : {}),
        ...(match ? { match } : {}),
        report: progress => {
          written();
          if (process.stderr.isTTY)
            process.stderr.write(
              `\r${progress.rows.toLocaleString('en')} rows, ${Math.round(progress.rows / ((performance.now() - begun) / 1000)).toLocaleString('en')}/s `,
            );
        },
      },
    );
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    await scanAfter(ctx, report);
    console.log(reportText(report));
    if (report.failed > 0) console.log(`The failed rows, each with its reason, are in ${failures}`);
    end();
  });
}

/** `farley import FILE --propose`: how the files would be imported, as JSON that `--plan` takes. Nothing is written. */
export async function proposeImport(options: Options, paths: string[]) {
  await within('farley import --propose', options, async ctx => {
    const tables = [];
    const contents = await openContents(paths.map(path => ({ path, name: basename(path) })));
    for (const path of paths) {
      const file = basename(path);
      // An archive of contents has no table, and goes with the one that has.
      const opened = openTables(path, file, {}, ctx.settings.locale).catch(error => {
        if (contents.files.has(file) && paths.length > 1) return [];
        throw error;
      });
      for (const table of await opened) tables.push({ ...table, file });
    }
    const importing = declared.modules.flatMap(module => module.importing ?? []);
    const proposal = await propose(ctx, importing, tables, contents.files.size > 0);
    console.log(JSON.stringify(proposal, null, 2));
  });
}

/** `farley import FILE --plan FILE`: all tables of a plan as one change set. */
export async function importPlan(options: Options, paths: string[]) {
  const tables = readPlan(parsed(needed(options, 'plan')));
  const known = new Map(paths.map(path => [basename(path), path]));
  await within('farley import --plan', options, async (ctx, farley) => {
    const { changeSet, signal, written, end } = underWay(options);
    const reports = await importTables(
      { ...ctx, changeSet },
      {
        declared,
        signal,
        keep: keeper(farley.files),
        tables,
        files: [...known.keys()],
        pathOf: file => {
          const path = known.get(file);
          if (path) return path;
          throw new FarleyError('invalidInput', `The plan needs ${file}, which is not among the files.`);
        },
        dryRun: options['dry-run'] === true,
        report: written,
        failuresOf: index => `${tables[index]!.table ?? tables[index]!.file}.failed.csv`.replaceAll('/', '-'),
      },
    );
    for (const report of reports) {
      await scanAfter(ctx, report);
      console.log(reportText(report));
    }
    end();
  });
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new FarleyError('invalidJson', `${path} cannot be read as JSON: ${(error as Error).message}`);
  }
}

/** `farley export OBJECT`: to a file, or to standard output. */
export async function exportObject(options: Options, object: string) {
  const format = text(options.format) ?? 'csv';
  if (!Object.hasOwn(exportFormats, format))
    throw new FarleyError('invalidInput', `--format is one of ${Object.keys(exportFormats).join(', ')}.`);
  await within(`farley export ${object}`, options, async ctx => {
    const output = text(options.output);
    await pipeline(
      Readable.from(exportRecords(ctx, object, format as ExportFormat, {}, options.raw === true), {
        objectMode: false,
      }),
      output ? createWriteStream(output) : process.stdout,
      { end: output !== undefined },
    );
  });
}

/** `farley rewind OBJECT --to TIME`: one change set, which can be undone. */
export async function rewindObject(options: Options, object: string) {
  const at = needed(options, 'to');
  const dryRun = options['dry-run'] === true;
  await within(`farley rewind ${object}`, options, async ctx => {
    const done = await rewind(ctx, object, { at, dryRun, keep: options.keep === true, report: counted });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    const what = dryRun ? 'records would go back' : 'records went back';
    console.log(
      `${done.records.toLocaleString('en')} ${what}; ${done.collisions} collide and stay as they are.`,
    );
    for (const { id, problems } of done.shown)
      console.log(`${id}: ${problems.map(each => each.message).join(' ')}`);
    if (done.changeSet) console.log(`Change set ${done.changeSet}`);
  });
}

/** `farley stays`: compares what is kept of the past of followed fields with history; with `--mend` it is made anew. */
export async function compareStays(options: Options) {
  const mend = options.mend === true;
  await within('farley stays', options, async ctx => {
    const differing = await checkStays(ctx, { mend });
    const count = differing.toLocaleString('en');
    if (differing === 0) console.log('All stays are as history tells them.');
    else if (mend) console.log(`${count} stays differed from history and were made anew.`);
    else
      throw new FarleyError(
        'invalidInput',
        `${count} stays differ from history. farley stays --mend makes them anew.`,
      );
  });
}

/** `farley migrate --plan`: what the next start would change in the database. */
export async function planMigration(options: Options) {
  await within('farley migrate', options, async ctx => {
    const steps = await migrationPlan(ctx.db, declared, ctx.settings.name);
    console.log(steps.length === 0 ? 'The database is up to date.' : steps.map(step => step.what).join('\n'));
  });
}
