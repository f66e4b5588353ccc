/** The workspaces open in this process. A model changed by another process is noticed at the next look, and read again. */
import type { Database } from './db/database.ts';
import type { Model } from './model.ts';
import { sql } from './sql.ts';
import { type Declared, loadWorkspace, type Workspace } from './workspace.ts';

/** How long a model may be used before its version is looked at again, in milliseconds. */
const lookEvery = 1_000;

export class Workspaces {
  readonly #db: Database;
  readonly #declared: Declared;
  readonly #open = new Map<string, { workspace: Workspace; looked: number }>();

  constructor(db: Database, declared: Declared) {
    this.#db = db;
    this.#declared = declared;
  }

  /** The workspace with its present model. */
  async get(name: string): Promise<Workspace> {
    const known = this.#open.get(name);
    if (known && Date.now() - known.looked < lookEvery) return known.workspace;
    const [row] = known
      ? await this.#db.run<{ model_version: number }>(
          sql`select model_version from farley.workspace where name = ${name}`,
        )
      : [];
    const current = known && row?.model_version === known.workspace.model.version;
    const workspace = current ? known.workspace : await loadWorkspace(this.#db, this.#declared, name);
    this.#open.set(name, { workspace, looked: Date.now() });
    return workspace;
  }

  /** Takes over a model that this process has just changed. */
  use(name: string, model: Model) {
    const known = this.#open.get(name);
    if (known) this.#open.set(name, { workspace: { ...known.workspace, model }, looked: Date.now() });
  }

  /** Has the workspace read again: its settings have changed. */
  forget(name: string) {
    this.#open.delete(name);
  }
}
