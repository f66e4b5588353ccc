/** Workspaces: one PostgreSQL schema each, with its own model, settings and records. */

import { asSystem, systemActor } from './access/actor.ts';
import type { Clock } from './clock.ts';
import type { Actor, Context, WorkspaceSettings } from './context.ts';
import type { Database, Runner, Transaction } from './db/database.ts';
import { installationMigrations, workspaceMigrations } from './db/migrations.ts';
import { planSchema, type Step } from './db/schema.ts';
import { keptRules, withRules } from './duplicates/settings.ts';
import { FarleyError } from './errors.ts';
import type { FieldSpec, FieldType } from './field.ts';
import { newId } from './id.ts';
import { buildModel, type Model, type ModelParts } from './model.ts';
import type { ModuleSpec } from './module.ts';
import type { ObjectSpec } from './object.ts';
import { mergeVerb } from './records/merge.ts';
import { create } from './records/write.ts';
import { type Sql, sql } from './sql.ts';

/** What a Farley is made of: the same for all its workspaces. */
export interface Declared {
  modules: ModuleSpec[];
  types: FieldType[];
  system: Record<string, FieldSpec>;
}

/** A workspace that is open in this process. */
export interface Workspace {
  schema: string;
  settings: WorkspaceSettings;
  model: Model;
}

/** Creates or brings up to date the installation's own tables. */
export async function migrateInstallation(db: Database) {
  await locked(db, 'farley', async tx => {
    for (const extension of ['pg_trgm', 'fuzzystrmatch'])
      await tx.run(sql`create extension if not exists ${sql.id(extension)}`);
    await tx.run(sql`create schema if not exists farley`);
    await applyNumbered(tx, 'farley', installationMigrations);
  });
}

/** Names of all workspaces. */
export async function workspaceNames(db: Runner): Promise<string[]> {
  return (await db.run<{ name: string }>(sql`select name from farley.workspace order by created_at`)).map(
    row => row.name,
  );
}

/**
 * Creates a workspace with the declared objects, roles and first records, all or nothing. Of several processes that try at
 * once, one does it; the others find it done.
 */
export async function createWorkspace(
  db: Database,
  declared: Declared,
  settings: WorkspaceSettings,
  clock: Clock,
): Promise<Workspace> {
  const schema = schemaOf(settings.name);
  const { name, label, ...rest } = settings;
  return locked(db, 'workspaces', async tx => {
    const [made] = await tx.run(
      sql`insert into farley.workspace (name, label, settings) values (${name}, ${label}, ${JSON.stringify(rest)}::jsonb)
        on conflict (name) do nothing returning 1 as made`,
    );
    if (!made) return loadWorkspace(tx, declared, name);
    await tx.run(sql`create schema ${sql.id(schema)}`);
    const workspace = await bringUpToDate(tx, declared, name);
    const ctx = contextOf(db, workspace, systemActor('new workspace'), 'seed', clock);
    await fillWorkspace(declared, { ...ctx, tx, changeSet: newId(), label: 'New workspace' });
    return workspace;
  });
}

/** The records that every new workspace starts with. */
async function fillWorkspace(declared: Declared, ctx: Context) {
  for (const { name, label, description, grants } of declared.modules.flatMap(module => module.roles ?? [])) {
    await create(ctx, 'role', { name, label, description, grants: grants as never });
  }
  for (const module of declared.modules) await module.seed?.(asSystem(ctx, `seed of ${module.name}`));
}

/** Applies what the database lacks, all or nothing, and answers the workspace as it is now. */
export async function migrateWorkspace(db: Database, declared: Declared, name: string): Promise<Workspace> {
  return locked(db, schemaOf(name), tx => bringUpToDate(tx, declared, name));
}

async function bringUpToDate(tx: Runner, declared: Declared, name: string): Promise<Workspace> {
  const schema = schemaOf(name);
  await applyNumbered(tx, schema, workspaceMigrations(schema));
  const workspace = await loadWorkspace(tx, declared, name);
  for (const step of await planSchema(tx, schema, workspace.model)) await tx.run(step.statement);
  return workspace;
}

/** What `migrateWorkspace` would do. */
export async function migrationPlan(db: Database, declared: Declared, name: string): Promise<Step[]> {
  const workspace = await loadWorkspace(db, declared, name);
  return planSchema(db, workspace.schema, workspace.model);
}

/** Reads a workspace's settings and builds its model. */
export async function loadWorkspace(db: Runner, declared: Declared, name: string): Promise<Workspace> {
  const schema = schemaOf(name);
  const [row] = await db.run<{ label: string; settings: string; model_version: number }>(
    sql`select label, settings::text as settings, model_version from farley.workspace where name = ${name}`,
  );
  if (!row) throw new FarleyError('notFound', `There is no workspace called ${name}.`);
  const model = await loadModel(db, declared, schema, row.model_version);
  return {
    schema,
    model,
    settings: {
      name,
      label: row.label,
      ...(JSON.parse(row.settings) as Omit<WorkspaceSettings, 'name' | 'label'>),
    },
  };
}

export async function loadModel(
  db: Runner,
  declared: Declared,
  schema: string,
  version: number,
): Promise<Model> {
  const objects = await db.run<{ name: string; spec: string }>(
    sql`select name, spec::text as spec from ${sql.id(schema, 'custom_object')} order by at, name`,
  );
  const fields = await db.run<{ object: string; name: string; type: string; options: string }>(
    // As JSON, because a database from before fields could be taken back is looked at too.
    sql`select object, name, type, options::text as options from ${sql.id(schema, 'custom_field')} f
      where to_jsonb(f) ->> 'undone_by' is null order by position`,
  );
  const rules = await keptRules(db, schema);
  const types = new Map(declared.types.map(type => [type.name, type]));
  const customFields = (object: string): Record<string, FieldSpec> =>
    Object.fromEntries(
      fields.flatMap(row => {
        const type = types.get(row.type);
        return row.object === object && type
          ? [[row.name, { type, options: JSON.parse(row.options) as FieldSpec['options'] }]]
          : [];
      }),
    );
  const parts: ModelParts = {
    objects: [
      ...declared.modules
        .flatMap(module => module.objects)
        .map((spec: ObjectSpec) => ({
          spec: withRules(spec, rules),
          custom: false,
          customFields: customFields(spec.name),
        })),
      ...objects.map(row => ({
        spec: withRules({ ...(JSON.parse(row.spec) as ObjectSpec), fields: {}, name: row.name }, rules),
        custom: true,
        customFields: customFields(row.name),
      })),
    ],
    verbs: declared.modules.flatMap(module => module.verbs ?? []),
    types: declared.types,
    system: declared.system,
    version,
  };
  // What is not kept by administrators can be merged: a verb of all, after those of the object itself.
  for (const { spec } of parts.objects) if (!spec.administered) parts.verbs.push(mergeVerb(spec));
  return buildModel(parts);
}

/** Where records are read and written on behalf of `actor`. */
export function contextOf(
  db: Database,
  workspace: Workspace,
  actor: Actor,
  via: string,
  clock: Clock,
  requestId = newId(),
): Context {
  const { schema, model, settings } = workspace;
  return { schema, model, settings, actor, via, requestId, db, clock };
}

/** `acme` → `ws_acme`. Names are checked, because they become part of identifiers. */
export function schemaOf(name: string): string {
  if (/^[a-z][a-z0-9_]{0,39}$/.test(name)) return `ws_${name}`;
  throw new FarleyError(
    'invalidInput',
    'A workspace name has 1 to 40 small letters, digits and underscores, a letter first.',
  );
}

/** Runs numbered steps that have not been run; the number reached is kept in the schema itself. */
export async function applyNumbered(tx: Runner, schema: string, migrations: Sql[][]) {
  await tx.run(
    sql`create table if not exists ${sql.id(schema, 'migration')} (number int primary key, at timestamptz not null default now())`,
  );
  const [row] = await tx.run<{ done: number }>(
    sql`select coalesce(max(number), 0) as done from ${sql.id(schema, 'migration')}`,
  );
  const done = row!.done;
  if (done > migrations.length) throw new NewerData(done, migrations.length);
  for (const [index, statements] of migrations.entries()) {
    if (index < done) continue;
    for (const statement of statements) await tx.run(statement);
    await tx.run(sql`insert into ${sql.id(schema, 'migration')} (number) values (${index + 1})`);
  }
}

/** The database was written by a newer Farley than this one. */
export class NewerData extends Error {
  constructor(found: number, known: number) {
    super(
      `The database was written by a newer Farley (step ${found}; this one knows ${known}). Start that version, or restore a backup.`,
    );
  }
}

/** One process changes a schema at a time. */
async function locked<T>(db: Database, what: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.for('upkeep').transaction(async tx => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`farley ${what}`}, 0))`);
    return work(tx);
  });
}
