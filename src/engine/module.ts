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

export interface ModuleSpec {
  name: string;
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
}

export function defineModule(spec: ModuleSpec): ModuleSpec {
  return spec;
}
