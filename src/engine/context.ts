/** Who acts, where, when, and through what: the first argument of everything that touches records. */
import type { Grants } from './access/role.ts';
import type { Clock } from './clock.ts';
import type { Database, Transaction } from './db/database.ts';
import type { FileStore } from './files/store.ts';
import type { Model } from './model.ts';
import type { Outside } from './outside/outside.ts';

/** A person, an API key, a workflow, an agent: all have a user record and a role. The system states its reason. */
export interface Actor {
  kind: 'person' | 'key' | 'system';
  /** Id of the user record; null for the system. */
  userId: string | null;
  name: string;
  role: string;
  grants: Grants;
  /** The actor's team and the teams below it (ids). */
  team: string | null;
  teams: string[];
  /** In which they read the interface (BCP 47); null for that of the workspace. */
  language?: string | null;
  /** By whose clock they live (IANA); null where they have not said. */
  timeZone?: string | null;
  /** Why the system acts, for instance `nightly digest`. */
  reason?: string;
}

export interface Context {
  /** PostgreSQL schema of the workspace. */
  schema: string;
  model: Model;
  settings: WorkspaceSettings;
  actor: Actor;
  /** The door through which this came: `api`, `import`, `job`, `seed` … kept in history. */
  via: string;
  requestId: string;
  db: Database;
  /** Set while in a transaction; writes and reads then go through it. */
  tx?: Transaction;
  /** The change set that writes in this context belong to; made by the first write where absent. */
  changeSet?: string;
  /** The change set that this one takes back. */
  undoes?: string;
  /** The moment that records are put back to. */
  rewinds?: string;
  /** What the change list calls this change set, for instance `Import of accounts.csv`. */
  label?: string;
  /** The verb being carried out: it may change its record, and read-only fields, where editing is not allowed. */
  verb?: { object: string; name: string; id: string };
  clock: Clock;
  /** How people are reached who do not look at Farley; absent where nobody is, as in commands and most tests. */
  outside?: Outside;
  /** Contents of files; absent where there is no data directory, as in most tests. */
  files?: FileStore;
}

export interface WorkspaceSettings {
  name: string;
  label: string;
  /** BCP 47, for instance `en`. */
  locale: string;
  /** IANA, for instance `Europe/Vienna`. */
  timeZone: string;
  /** ISO 3166 alpha-2. */
  country: string;
  /** ISO 4217. */
  currency: string;
}
