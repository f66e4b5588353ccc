/** A module: a vertical slice of the CRM. `app.ts` lists them; order does not matter, cycles are refused. */

import type { RoleSpec } from './access/role.ts';
import type { Context } from './context.ts';
import type { JobSpec } from './jobs/job.ts';
import type { WatchSpec } from './jobs/watch.ts';
import type { ObjectSpec } from './object.ts';
import type { LinkSpec } from './outside/link.ts';
import type { ReportSpec } from './report.ts';
import type { ImportingSpec } from './transfer/recognise/dictionary.ts';
import type { VerbSpec } from './verb.ts';

/** What a module declares. A large one is put together of areas, each declared beside its own files. */
export interface ModuleArea {
  // biome-ignore lint/suspicious/noExplicitAny: an object's hooks are contravariant in its fields; the list takes all.
  objects: ObjectSpec<any>[];
  verbs?: VerbSpec[];
  jobs?: JobSpec[];
  /** What follows from changes of any records, and what is due. */
  watches?: WatchSpec[];
  /** What links in its letters do. */
  links?: LinkSpec[];
  /** What it tells out of many records. */
  reports?: ReportSpec[];
  /** What other systems call the objects and fields, so that their files are understood. */
  importing?: ImportingSpec[];
  /** Roles that a new workspace starts with. */
  roles?: RoleSpec[];
  /** Records that a new workspace starts with, for instance the first pipeline. Runs once. */
  seed?(ctx: Context): Promise<void>;
  /** Realistic records of the cast, for `--demo`, tests and screenshots. Runs on request. */
  demo?(ctx: Context): Promise<void>;
  /** What one person finds of it as their own: whoever ordered it, or the first to sign in. Runs once, after `demo`. */
  demoFor?(ctx: Context, user: string): Promise<void>;
}

export interface ModuleSpec extends ModuleArea {
  name: string;
}

/** `areas`: what else belongs to it, in the order in which its objects are shown and its records are made. */
export function defineModule({ areas = [], ...own }: ModuleSpec & { areas?: ModuleArea[] }): ModuleSpec {
  const all: ModuleArea[] = [own, ...areas];
  const inTurn = (step: 'seed' | 'demo') => async (ctx: Context) => {
    for (const area of all) await area[step]?.(ctx);
  };
  const inTurnFor = async (ctx: Context, user: string) => {
    for (const area of all) await area.demoFor?.(ctx, user);
  };
  return {
    name: own.name,
    objects: all.flatMap(area => area.objects),
    verbs: all.flatMap(area => area.verbs ?? []),
    jobs: all.flatMap(area => area.jobs ?? []),
    watches: all.flatMap(area => area.watches ?? []),
    links: all.flatMap(area => area.links ?? []),
    reports: all.flatMap(area => area.reports ?? []),
    importing: all.flatMap(area => area.importing ?? []),
    roles: all.flatMap(area => area.roles ?? []),
    seed: inTurn('seed'),
    demo: inTurn('demo'),
    demoFor: inTurnFor,
  };
}
