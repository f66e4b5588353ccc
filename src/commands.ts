/** What the command line does with records, users and keys. Each acts as the system, and says so in history. */
import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { declared } from './app.ts';
import {
  type Context,
  createAccount,
  createKey,
  exportRecords,
  FarleyError,
  importFile,
  invite,
  migrationPlan,
  readImportMap,
  reportText,
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

/** `farley import FILE`: the report goes to standard output, progress to standard error. */
export async function importRecords(options: Options, path: string) {
  const mapPath = text(options.map);
  const map = mapPath ? readImportMap(parsed(mapPath)) : undefined;
  await within(`farley import ${path}`, options, async ctx => {
    const begun = performance.now();
    const object = text(options.object);
    const match = text(options.match);
    const failures = text(options.failures) ?? `${path.replace(/^.*[\\/]/, '')}.failed.csv`;
    const report = await importFile(ctx, {
      path,
      failures,
      dryRun: options['dry-run'] === true,
      ...(map ? { map } : {}),
      ...(object ? { object } : {}),
      ...(match ? { match } : {}),
      report: progress => {
        if (process.stderr.isTTY)
          process.stderr.write(
            `\r${progress.rows.toLocaleString('en')} rows, ${Math.round(progress.rows / ((performance.now() - begun) / 1000)).toLocaleString('en')}/s `,
          );
      },
    });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    console.log(reportText(report));
    if (report.failed > 0) console.log(`The failed rows, each with its reason, are in ${failures}`);
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
  if (format !== 'csv' && format !== 'ndjson')
    throw new FarleyError('invalidInput', '--format is csv or ndjson.');
  await within(`farley export ${object}`, options, async ctx => {
    const output = text(options.output);
    await pipeline(
      Readable.from(exportRecords(ctx, object, format, {})),
      output ? createWriteStream(output) : process.stdout,
      { end: output !== undefined },
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
