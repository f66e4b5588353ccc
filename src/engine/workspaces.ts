/**
 * The workspaces open in this process. A model changed by another process is noticed at the next look, and read again.
 * Whoever changes a model waits with the answer until every process has looked: after that all of them know it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './db/database.ts';
import type { Model } from './model.ts';
import { sql } from './sql.ts';
import { type Declared, loadWorkspace, type Workspace } from './workspace.ts';

/** How long a model may be used before its version is looked at again, in milliseconds. */
const lookEvery = 300;

export class Workspaces {
  readonly #db: Database;
  readonly #declared: Declared;
  readonly #alone: boolean;
  readonly #open = new Map<string, { workspace: Workspace; looked: number }>();

  /** `alone`: there is no other process on this database. */
  constructor(db: Database, declared: Declared, alone = false) {
    this.#alone = alone;
    this.#db = db;
    this.#declared = declared;
  }

  /** The workspace with its present model. */
  async get(name: string): Promise<Workspace> {
    const known = this.#open.get(name);
    const looked = Date.now();
    if (known && looked - known.looked < lookEvery) return known.workspace;
    const [row] = known
      ? await this.#db.run<{ model_version: number }>(
          sql`select model_version from farley.workspace where name = ${name}`,
        )
      : [];
    const current = known && row?.model_version === known.workspace.model.version;
    const workspace = current ? known.workspace : await loadWorkspace(this.#db, this.#declared, name);
    // One that was changed meanwhile stays.
    if (this.#open.get(name) === known) this.#open.set(name, { workspace, looked });
    return workspace;
  }

  /** Takes over a model that this process has just changed; resolves when the other processes use it too. */
  async use(name: string, model: Model) {
    const known = this.#open.get(name);
    if (known && known.workspace.model.version < model.version)
      this.#open.set(name, { workspace: { ...known.workspace, model }, looked: Date.now() });
    if (!this.#alone) await sleep(lookEvery);
  }

  /** Has the workspace read again: its settings have changed. */
  forget(name: string) {
    this.#open.delete(name);
  }
}
