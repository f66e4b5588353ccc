/** From settings to a Farley that serves, and back to nothing left running. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createFarley, type Farley, type Log } from './app.ts';
import { type Installation, openInstallation } from './engine/db/installation.ts';
import { StartError } from './engine/db/place.ts';
import type { FarleyOptions, ModuleSpec } from './engine/index.ts';

const root = resolve(import.meta.dirname, '..');

/** The version in `package.json`. */
export const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string })
  .version;

export interface Settings {
  dataDir: string;
  databaseUrl: string | undefined;
  /** The database past a pooler. */
  directDatabaseUrl: string | undefined;
  /** A pooler that keeps track of named statements. */
  namedStatements: boolean;
  /** Connections for requests at most. */
  connections: number;
  /** Milliseconds that a statement of a request may take. */
  statementTimeout: number;
  port: number;
  host: string;
  /** Where users reach Farley. */
  url: string;
  /** The mail server and who letters are from. */
  smtp: { url: string; from: string } | undefined;
  /** Hosts of push services beside those of browsers. */
  pushHosts: string[];
  /** Proxies in front of Farley, whose word on a client's address is taken. */
  proxies: string | undefined;
}

/** Settings from the environment; README lists them. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const port = env.PORT ? Number(env.PORT) : 3000;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartError(`PORT is ${env.PORT}; it has to be a number from 1 to 65535.`);
  }
  for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL'] as const) {
    const value = env[name];
    if (!value || /^(postgres(ql)?|socket):\/?\//.test(value)) continue;
    throw new StartError(
      `${name} has to look like postgresql://user:password@host:5432/database. Correct it, or leave it out${name === 'DATABASE_URL' ? ' for the embedded database' : ''}.`,
    );
  }
  if (env.DATABASE_DIRECT_URL && !env.DATABASE_URL)
    throw new StartError('DATABASE_DIRECT_URL goes with DATABASE_URL. Set both, or neither.');
  const host = env.HOST || '127.0.0.1';
  const shown = /^(127\.|0\.0\.0\.0$|::1?$)/.test(host) ? 'localhost' : host;
  return {
    dataDir: resolve(env.FARLEY_DATA || join(root, 'data')),
    databaseUrl: env.DATABASE_URL || undefined,
    directDatabaseUrl: env.DATABASE_DIRECT_URL || undefined,
    namedStatements: env.FARLEY_NAMED_STATEMENTS === 'yes',
    connections: count(env, 'FARLEY_CONNECTIONS', 20),
    statementTimeout: 1_000 * count(env, 'FARLEY_STATEMENT_SECONDS', 30),
    port,
    host,
    proxies: env.FARLEY_PROXIES || undefined,
    smtp: readSmtp(env),
    pushHosts: (env.FARLEY_PUSH_HOSTS || '').split(/[\s,]+/).filter(Boolean),
    url: (env.FARLEY_URL || `http://${shown}:${port}`).replace(/\/+$/, ''),
  };
}

/** Where mail is handed over. Who it is from has to be said, unless the name of the account is an address. */
function readSmtp(env: NodeJS.ProcessEnv): { url: string; from: string } | undefined {
  const { FARLEY_SMTP_URL: url, FARLEY_MAIL_FROM: from } = env;
  if (!url) return undefined;
  const parsed = URL.parse(url);
  if (!parsed || !/^smtps?:$/.test(parsed.protocol))
    throw new StartError(
      'FARLEY_SMTP_URL has to look like smtp://user:password@host:587, or smtps:// for port 465.',
    );
  const account = decodeURIComponent(parsed.username);
  const sender = from || (account.includes('@') ? `Farley <${account}>` : '');
  if (/@/.test(sender)) return { url, from: sender };
  throw new StartError(
    'FARLEY_MAIL_FROM has to say who letters are from, such as Farley <farley@example.com>.',
  );
}

/** A whole number of at least 1 from the environment. */
function count(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = Number(env[name] || otherwise);
  if (Number.isInteger(value) && value > 0) return value;
  throw new StartError(`${name} is ${env[name]}; it has to be a whole number from 1.`);
}

/** Sentences on standard error, so that standard output stays with the results of commands. */
export const log: Log = {
  info: sentence => console.error(sentence),
  warn: sentence => console.error(`Warning: ${sentence}`),
  error: sentence => console.error(`Error: ${sentence}`),
};

/** Runs `work` on a Farley that does not listen: what commands of the command line do. */
export async function withFarley<T>(
  work: (farley: Farley, installation: Installation) => Promise<T>,
): Promise<T> {
  const settings = readSettings();
  const installation = await openInstallation({ ...settings, version, purpose: 'command', connections: 5 });
  try {
    const farley = await create(settings, installation, false, {});
    try {
      return await work(farley, installation);
    } finally {
      await farley.stop();
    }
  } finally {
    await installation.close();
  }
}

interface Serving {
  /** With the sample data. */
  demo: boolean;
  /** Beside those of every Farley. */
  modules?: ModuleSpec[];
}

/** Starts and serves until a signal; resolves when everything has stopped. */
export async function serve(options: Serving): Promise<void> {
  const begun = performance.now();
  const settings = readSettings();
  const end = untilSignal();
  const installation = await openInstallation({
    ...settings,
    version,
    purpose: 'serve',
    log: log.info,
  });
  try {
    const farley = await create(settings, installation, true, options);
    try {
      if (options.demo) await farley.demo();
      await listen(farley, settings);
      await announce(farley, settings, performance.now() - begun);
      await end;
      log.info('Stopping …');
    } finally {
      await farley.stop();
    }
  } finally {
    await installation.close();
  }
  log.info('Farley has stopped.');
}

function create(
  settings: Settings,
  installation: Installation,
  work: boolean,
  { demo = false, modules = [] }: Partial<Serving>,
): Promise<Farley> {
  const webDir = join(root, 'dist/web');
  const options: FarleyOptions = {
    database: installation.database,
    secret: installation.secret,
    url: settings.url,
    proxies: settings.proxies,
    // The people of the sample data reckon in euros.
    ...(demo ? { first: { country: 'AT', currency: 'EUR' } } : {}),
    smtp: settings.smtp,
    pushHosts: settings.pushHosts,
    dataDir: settings.dataDir,
    webDir: existsSync(webDir) ? webDir : null,
    work,
    // The embedded database is this process's own; an external one may serve others.
    alone: settings.databaseUrl === undefined,
    log,
  };
  return createFarley(options, modules);
}

async function listen(farley: Farley, settings: Settings): Promise<void> {
  const { host, port } = settings;
  try {
    await farley.app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const remedy = `Stop the other program, or choose another port: PORT=${port + 1} npm start`;
    if (code === 'EADDRINUSE') throw new StartError(`Port ${port} is taken on ${host}. ${remedy}`);
    if (code === 'EACCES') {
      throw new StartError(`Port ${port} needs more rights. Choose one above 1023: PORT=3000 npm start`);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(`HOST=${host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.`);
    }
    throw error;
  }
}

async function announce(farley: Farley, settings: Settings, took: number): Promise<void> {
  // Looked up before Farley calls itself ready: a database that goes away after that is started again, not the end.
  const link = await farley.setupLink();
  console.log(`Farley ${version} is ready: ${settings.url} (${(took / 1000).toFixed(1)} s)`);
  if (link) console.log(`Set the first administrator's password here: ${link}`);
  if (process.stdout.isTTY) console.log('Stop it with Ctrl-C.');
}

/** Resolves on Ctrl-C, SIGTERM, a closed terminal, or when the program that started this one has gone. */
function untilSignal(): Promise<void> {
  const { promise, resolve: stop } = Promise.withResolvers<void>();
  let first = 0;
  const onSignal = () => {
    first ||= Date.now();
    // npm passes a Ctrl-C on that has already come from the terminal: only a later one means "hurry".
    if (Date.now() - first > 2_000) process.exit(130);
    stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.once('disconnect', () => stop());
  process.channel?.unref();
  return promise;
}
