/** Puts a Farley together: database up to date, workspaces open, worker running, routes in place. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { systemActor } from './access/actor.ts';
import { type ApiOptions, addRoutes, createApi, type Route, stopper } from './api/app.ts';
import { archiveRoutes } from './api/archive.ts';
import { bulkJob, bulkRoutes } from './api/bulk.ts';
import { changeRoutes, undoJob } from './api/changes.ts';
import { duplicateRoutes, duplicateRuleRoutes } from './api/duplicates.ts';
import { fileRoutes } from './api/files.ts';
import { forgetKeys } from './api/idempotency.ts';
import { importRoutes } from './api/imports.ts';
import { liveRoutes } from './api/live.ts';
import { lookUpRoutes } from './api/look-up.ts';
import { meRoutes } from './api/me.ts';
import { knownPages, type OpenParts, openRoutes } from './api/open.ts';
import { documentRoutes } from './api/openapi.ts';
import { type OutsideParts, outsideRoutes } from './api/outside.ts';
import { pack } from './api/pack.ts';
import { pasteRoutes } from './api/paste.ts';
import { presenceRoutes } from './api/presence.ts';
import { proposalRoutes } from './api/proposal.ts';
import { qualityRoutes } from './api/quality.ts';
import { recordRoutes } from './api/records.ts';
import { moduleReports, reportRoutes } from './api/reports.ts';
import { rewindJob, rewindRoutes } from './api/rewind.ts';
import { fillSample, removeSampleJob, sampleFor, sampleJob, sampleRoutes } from './api/sample.ts';
import { schemaRoutes } from './api/schema.ts';
import { refuseForeign, type SessionParts, sessionRoutes } from './api/session.ts';
import { storyRoutes } from './api/story.ts';
import { togetherRoutes } from './api/together.ts';
import { acceptStreams, exportRoutes } from './api/transfer.ts';
import { watchRoutes } from './api/watches.ts';
import { serveWeb } from './api/web.ts';
import { workspaceRoutes } from './api/workspace.ts';
import { exportArchive } from './archive/export.ts';
import type { Accounts, Contents } from './archive/format.ts';
import { importArchive } from './archive/import.ts';
import { archiveJob } from './archive/job.ts';
import { addressJob } from './auth/accounts.ts';
import { type Auth, authenticator, createAuth, hasMembers, invite } from './auth/auth.ts';
import { systemClock } from './clock.ts';
import type { Actor, Context, WorkspaceSettings } from './context.ts';
import type { Database } from './db/database.ts';
import { catchUp } from './duplicates/catch-up.ts';
import { mergeAllJob } from './duplicates/merge-all.ts';
import { scanJob, scanTask } from './duplicates/scan.ts';
import { type FileStore, fileStore } from './files/store.ts';
import { sweepDaily, sweepJob } from './files/sweep.ts';
import { migrateQueue, startWorker } from './jobs/runner.ts';
import { startWatches } from './jobs/watch.ts';
import { LiveHub } from './live/hub.ts';
import { Presence } from './live/presence.ts';
import { createOutside, type OutsideOptions } from './outside/outside.ts';
import { sql } from './sql.ts';
import { type ImportParts, importJob } from './transfer/job.ts';
import {
  contextOf,
  createWorkspace,
  type Declared,
  migrateInstallation,
  migrateWorkspace,
  workspaceNames,
} from './workspace.ts';
import { Workspaces } from './workspaces.ts';

export interface FarleyOptions extends Pick<OutsideOptions, 'smtp' | 'pushHosts'> {
  database: Database;
  /** For signing sessions and links. */
  secret: string;
  /** Where users reach it, without a slash at the end. */
  url: string;
  dataDir: string;
  /** The built web interface; null where there is none. */
  webDir: string | null;
  /** Whether to carry out queued jobs too: servers do, commands of the command line leave them to the servers. */
  work: boolean;
  /** No other process works on the queue of this database, as where the data directory is locked. Default false. */
  alone?: boolean;
  /** Milliseconds without a byte after which a connection is cut. Default 120,000. */
  idleTimeout?: number;
  /** What the first workspace begins with otherwise than usual. */
  first?: Partial<Pick<WorkspaceSettings, 'country' | 'currency'>>;
  /** Addresses of proxies whose word on a client's address is taken, comma separated; absent: none. */
  proxies?: string;
  log: { info(sentence: string): void; warn(sentence: string): void; error(sentence: string): void };
}

/** A Farley whose database is up to date, not listening yet. */
export interface Farley {
  app: FastifyInstance;
  auth: Auth;
  files: FileStore;
  /** Where users reach it. */
  url: string;
  /** The system, acting in a workspace (default: the first). */
  system(reason: string, workspace?: string): Promise<Context>;
  /** The one-time link with which the first administrator sets a password; null once that is done. */
  setupLink(): Promise<string | null>;
  /** Fills the workspace with sample records; does nothing the second time. */
  demo(): Promise<void>;
  /** Writes everything, or one workspace, as an archive to `path`; `report` is told the rows written so far. */
  exportArchive(path: string, options: ArchiveOptions): Promise<Contents>;
  /** Takes an archive in; refused where there is something already. */
  importArchive(path: string, report?: (rows: number) => void): Promise<Contents>;
  /** Lets running requests and jobs finish. The database stays open. */
  stop(): Promise<void>;
}

export interface ArchiveOptions {
  workspace?: string;
  accounts: Accounts;
  report?(rows: number): void;
}

/** What the first workspace is until someone says otherwise. */
const firstWorkspace: WorkspaceSettings = {
  name: 'main',
  label: 'My organisation',
  locale: 'en',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC',
  country: 'US',
  currency: 'USD',
};

export async function assemble(declared: Declared, options: FarleyOptions): Promise<Farley> {
  const { database: db, url } = options;
  await bringUp(db, declared, options.first);
  const outside = createOutside(options);
  const auth = createAuth({ db, secret: options.secret, url, mail: outside.mail });
  const workspaces = new Workspaces(db, declared, options.alone);
  const hub = new LiveHub(db);
  const presence = new Presence(db, (place, users) => hub.meet(place, users));
  const files = fileStore(join(options.dataDir, 'files'));
  // Where nobody else serves, nobody else is uploading.
  if (options.work) await files.tidy(options.alone ? 0 : day);
  // Commands wait for their database as long as jobs do; what people do at a screen goes before.
  const own = options.work ? db : db.for('job');
  const contextIn = async (workspace: string, actor: Actor, via: string) => ({
    ...contextOf(own, await workspaces.get(workspace), actor, via, systemClock),
    outside,
    files,
  });
  const system = async (reason: string, name?: string) =>
    contextIn(name ?? (await workspaceNames(db))[0]!, systemActor(reason), 'system');
  const takeModel: ImportParts['takeModel'] = (name, model) => workspaces.use(name, model);
  const importing = { files, directory: join(options.dataDir, 'files'), declared, takeModel };
  const worker = await work(importing, options, contextIn);
  const tidyNow = () => void tidy(db, files, system).catch(() => {});
  const tidying = options.work ? setInterval(tidyNow, hour).unref() : undefined;
  const authenticate = admission(db, auth, workspaces);
  const app = apiOf(options, authenticate, { outside, files });
  const stopApi = stopper(app);
  addRoutes(app, [
    ...healthRoutes(db),
    ...sessionRoutes(sessionParts(declared, options, auth, outside.mail, system)),
    ...byLink({ outside, declared, files, secret: options.secret, system: name => system('link', name) }),
    ...engineRoutes(app, { declared, workspaces, hub, authenticate }),
    ...inAndOut(importing),
    ...archiveRoutes(importing.directory),
    ...documentRoutes(app),
    ...togetherRoutes(app),
    ...routesOfRecords,
    ...presenceRoutes(presence),
  ]);
  servePages(app, declared, options, authenticate, system);
  return {
    app,
    auth,
    files,
    url,
    system,
    setupLink: async () => linkForFirst(await system('first start'), url),
    demo: async () => fillSample(declared, { ...(await system('demo')), db: db.for('job') }),
    ...archives(declared, db, files),
    stop: async () => {
      clearInterval(tidying);
      // The end does not wait for a database that has fallen silent.
      db.look();
      await Promise.all([hub.stop(), presence.stop()]);
      await Promise.all([stopApi(), worker?.stop()]);
      outside.mail?.close();
    },
  };
}

/** The web interface, and the pages that everyone may know. */
function servePages(
  app: FastifyInstance,
  declared: Declared,
  { webDir, secret }: FarleyOptions,
  authenticate: ApiOptions['authenticate'],
  system: Farley['system'],
) {
  const known = knownPages({ declared, secret, system: name => system('link', name) });
  serveWeb(app, { webDir, authenticate, known });
}

function apiOf(
  { database: db, log, idleTimeout, proxies }: FarleyOptions,
  authenticate: ApiOptions['authenticate'],
  reaches: ApiOptions['reaches'],
): FastifyInstance {
  const app = createApi({ db, clock: systemClock, log, authenticate, reaches, idleTimeout, proxies });
  acceptStreams(app);
  app.addHook('onSend', pack);
  return app;
}

function sessionParts(
  declared: Declared,
  { database: db, url, log }: FarleyOptions,
  auth: Auth,
  mail: SessionParts['mail'],
  system: Farley['system'],
): SessionParts {
  return {
    db,
    auth,
    url,
    mail,
    system: name => system('sign-in', name),
    // An account without it is better than none.
    greet: (ctx, user) =>
      sampleFor(declared, ctx, user).catch(error =>
        log.error(`The sample data for ${user} failed: ${error}`),
      ),
  };
}

/** Routes for who comes by a signed link. */
function byLink(parts: OutsideParts & OpenParts): Route[] {
  return [...outsideRoutes(parts), ...openRoutes(parts)];
}

/** Everything out, and in again. */
function archives(
  declared: Declared,
  db: Database,
  files: FileStore,
): Pick<Farley, 'exportArchive' | 'importArchive'> {
  return {
    exportArchive: (path, { workspace, ...how }) =>
      exportArchive({ db, files, path, ...how, ...(workspace ? { workspaces: [workspace] } : {}) }),
    importArchive: (path, report) =>
      importArchive({ db, declared, files, path, clock: systemClock, ...(report ? { report } : {}) }),
  };
}

/** Routes for what comes in and goes out. */
function inAndOut(parts: ImportParts): Route[] {
  return [...exportRoutes, ...fileRoutes(parts.files), ...importRoutes(parts), ...proposalRoutes(parts)];
}

/** Carries out queued jobs, and follows changes and the clock, on connections of their own; null where that is left to others. */
async function work(
  parts: ImportParts,
  options: FarleyOptions,
  contextIn: (workspace: string, actor: Actor, via: string) => Promise<Context>,
) {
  if (!options.work) return null;
  const db = options.database.for('job');
  const worker = await startWorker({
    db,
    jobs: [
      ...parts.declared.modules.flatMap(module => module.jobs ?? []),
      scanJob,
      sweepJob(parts.files),
      undoJob(parts),
      importJob(parts),
      archiveJob(parts.files, parts.directory),
      rewindJob,
      bulkJob,
      mergeAllJob,
      addressJob,
      sampleJob(parts.declared),
      removeSampleJob,
    ],
    contextOf: async (workspace, actor) => ({ ...(await contextIn(workspace, actor, 'job')), db }),
    alone: options.alone,
    onFailure: options.log.error,
  });
  const watches = watchOver(parts.declared, options, contextIn);
  return { stop: async () => void (await Promise.all([worker.stop(), watches.stop()])) };
}

function watchOver(
  declared: Declared,
  options: FarleyOptions,
  contextIn: (workspace: string, actor: Actor, via: string) => Promise<Context>,
) {
  const db = options.database.for('job');
  return startWatches({
    db,
    watches: declared.modules.flatMap(module => module.watches ?? []),
    workspaces: () => workspaceNames(db),
    contextOf: async (workspace, actor) => ({ ...(await contextIn(workspace, actor, 'watch')), db }),
    onFailure: options.log.error,
  });
}

/** The one-time link for the first administrator; null once there is someone who can sign in. */
async function linkForFirst(ctx: Context, url: string): Promise<string | null> {
  if (await hasMembers(ctx.db, ctx.settings.name)) return null;
  return `${url}/welcome?token=${await invite(ctx, { role: 'administrator' })}`;
}

const hour = 3_600_000;
const day = 24 * hour;

/** What is only kept for a while goes. What fails is made up for the next time. */
async function tidy(db: Database, files: FileStore, system: Farley['system']) {
  await files.tidy(day);
  for (const name of await workspaceNames(db)) {
    const ctx = await system('tidying up', name);
    await forgetKeys(ctx);
    await catchUp({ ...ctx, db: db.for('job') }, scanTask);
  }
  // The store is one for all workspaces: the first keeps the ledger.
  await sweepDaily(await system('tidying up'));
}

const routesOfRecords = [...recordRoutes, ...bulkRoutes, ...pasteRoutes, ...rewindRoutes, ...storyRoutes];

interface EngineParts {
  declared: Declared;
  workspaces: Workspaces;
  hub: LiveHub;
  authenticate: ReturnType<typeof admission>;
}

/** Routes of the workspace as such: its people, model, changes and search. */
function engineRoutes(
  app: FastifyInstance,
  { declared, workspaces, hub, authenticate }: EngineParts,
): Route[] {
  return [
    ...meRoutes,
    ...workspaceRoutes(name => workspaces.forget(name)),
    ...schemaRoutes({
      declared,
      takenPaths: () => new Set(app.allRoutes.map(route => route.url.split('/')[2] ?? '')),
      takeModel: (workspace, model) => workspaces.use(workspace, model),
    }),
    ...watchRoutes(declared.modules.flatMap(module => module.watches ?? [])),
    ...changeRoutes({ declared, takeModel: (workspace, model) => workspaces.use(workspace, model) }),
    ...liveRoutes({
      hub,
      renew: async request => {
        const caller = await authenticate(request);
        return caller && { ...request.ctx, ...caller.workspace, actor: caller.actor };
      },
    }),
    ...lookUpRoutes,
    ...duplicateRoutes,
    ...qualityRoutes,
    ...sampleRoutes,
    ...reportRoutes,
    ...moduleReports(declared.modules.flatMap(module => module.reports ?? [])),
    ...duplicateRuleRoutes({ declared, takeModel: (workspace, model) => workspaces.use(workspace, model) }),
  ];
}

/** The installation and all its workspaces, as this version declares them; a first workspace where there is none. */
async function bringUp(db: Database, declared: Declared, first: FarleyOptions['first']) {
  await migrateInstallation(db);
  await migrateQueue(db);
  const names = await workspaceNames(db);
  for (const name of names) await migrateWorkspace(db, declared, name);
  if (names.length === 0) await createWorkspace(db, declared, { ...firstWorkspace, ...first }, systemClock);
}

/** Who calls, in which workspace. Writes that other sites make a browser send are turned away. */
function admission(db: Database, auth: Auth, workspaces: Workspaces): ApiOptions['authenticate'] {
  const authenticate = authenticator(db, auth);
  return async request => {
    const caller = await authenticate(request.headers);
    if (!caller) return null;
    if (request.method !== 'GET' && caller.actor.kind === 'person') refuseForeign(request);
    const { actor, cookies } = caller;
    return { actor, workspace: await workspaces.get(caller.workspace), ...(cookies ? { cookies } : {}) };
  };
}

function healthRoutes(db: Database): Route[] {
  return [
    {
      method: 'GET',
      url: '/healthz',
      policy: 'public',
      doc: { summary: 'Whether the process lives', tag: 'Health' },
      handler: async () => ({ status: 'ok' }),
    },
    {
      method: 'GET',
      url: '/readyz',
      policy: 'public',
      doc: { summary: 'Whether it can serve: the database answers', tag: 'Health' },
      handler: async () => {
        await db.run(sql`select 1`);
        return { status: 'ready' };
      },
    },
    {
      method: 'GET',
      url: '/metrics',
      policy: 'public',
      doc: { summary: 'Counters for Prometheus', tag: 'Health' },
      handler: async (_request, reply) => {
        const { rss, heapUsed } = process.memoryUsage();
        const { totalCount, idleCount, waitingCount } = db.pool;
        const lines = {
          farley_resident_bytes: rss,
          farley_heap_bytes: heapUsed,
          farley_uptime_seconds: process.uptime(),
          farley_connections: totalCount,
          farley_connections_idle: idleCount,
          farley_connections_waiting: waitingCount,
        };
        return reply.type('text/plain; version=0.0.4').send(
          Object.entries(lines)
            .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`)
            .join(''),
        );
      },
    },
  ];
}
