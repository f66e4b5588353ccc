/**
 * An archive into an empty Farley, by one transaction: the workspaces appear when all of it has been read and its
 * checksums are right, or not at all. One that an older Farley has written goes through the steps that it lacks.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { systemActor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../db/database.ts';
import { installationMigrations, workspaceMigrations } from '../db/migrations.ts';
import { planSchema } from '../db/schema.ts';
import { FarleyError } from '../errors.ts';
import type { FileStore } from '../files/store.ts';
import { rebuildSearch } from '../search/rebuild.ts';
import { type Sql, sql } from '../sql.ts';
import {
  applyNumbered,
  contextOf,
  type Declared,
  loadWorkspace,
  schemaOf,
  workspaceNames,
} from '../workspace.ts';
import { archiveFormat, type Contents, definitions, type Manifest, type Tables } from './format.ts';
import { damaged, readTar, type TarEntry } from './tar.ts';

export interface ArchiveSource {
  db: Database;
  declared: Declared;
  files: FileStore;
  path: string;
  clock: Clock;
  /** Told now and then how many rows are in. */
  report?(rows: number): void;
}

/** Bytes of the content of one file at most. */
const maxFile = 100 * 1024 ** 3;
/** Bytes of a part of a table at most: those we write have 4 MiB, or one long row. */
const maxPart = 300 * 1024 ** 2;

/** Whether the file is an archive of a whole Farley, rather than a list to be imported. */
export async function isArchive(path: string): Promise<boolean> {
  try {
    for await (const { name } of readTar(openArchive(path))) return name === 'manifest.json';
  } catch {
    // Whatever else it is, others say what is wrong with it.
  }
  return false;
}

/** Reads an archive whole, without a database: throws `invalidInput` where it is damaged, else answers what is in it. */
export async function verifyArchive(path: string): Promise<Contents> {
  return readArchive(path, { begin: async () => {}, table: async (_place, text) => linesIn(text) });
}

/**
 * Imports an archive. Throws `invalidInput` where it is damaged or of a newer Farley, `schemaConflict` where this Farley is
 * not empty; nothing is changed then.
 */
export async function importArchive(source: ArchiveSource): Promise<Contents> {
  const db = source.db.for('upkeep');
  const kept: string[] = [];
  try {
    const contents = await db.transaction(async tx => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('farley workspaces', 0))`);
      await tx.run(sql`set local timezone = 'UTC'`);
      const importer = new Importer(tx, source);
      const read = await readArchive(source.path, {
        begin: manifest => importer.begin(manifest),
        table: (place, text) => importer.table(place, text),
        file: (hash, content) => keepFile(source.files, hash, content, kept),
      });
      await importer.finish();
      return read;
    });
    await db.run(sql`analyze`);
    return contents;
  } catch (error) {
    for (const hash of kept) await rm(source.files.path(hash), { force: true });
    throw problemOf(error);
  }
}

/** What PostgreSQL does not take of an archive whose checksums nobody has compared yet. */
function problemOf(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  return /^(22|23|42)/.test(code ?? '') ? damaged(`the database does not take it (${message})`) : error;
}

async function keepFile(files: FileStore, hash: string, content: AsyncIterable<Buffer>, kept: string[]) {
  const known = await stat(files.path(hash)).catch(() => null);
  const stored = await files.put(Readable.from(content), maxFile);
  if (!known) kept.push(stored.hash);
  if (stored.hash !== hash) throw damaged(`the file ${hash} has another content`);
}

interface Place {
  /** `installation`, or the name of a workspace. */
  workspace: string | null;
  table: string;
}

interface Reader {
  begin(manifest: Manifest): Promise<void>;
  /** Takes lines of NDJSON; answers their number. */
  table(place: Place, text: string): Promise<number>;
  file?(hash: string, content: AsyncIterable<Buffer>): Promise<void>;
}

/** Reads an archive from its first to its last byte and compares all that it says about itself. */
async function readArchive(path: string, reader: Reader): Promise<Contents> {
  const sums: string[] = [];
  const seen: Contents = { rows: {}, files: { count: 0, bytes: 0, missing: [] } };
  let manifest: Manifest | null = null;
  let stated: Contents | null = null;
  let whole = false;
  for await (const entry of readTar(openArchive(path))) {
    if (whole) throw damaged('something follows its end');
    const file = /^files\/([0-9a-f]{64})$/.exec(entry.name);
    if (file) {
      await takeFile(entry, file[1]!, reader);
      seen.files.count++;
      seen.files.bytes += entry.size;
      continue;
    }
    const content = await contentOf(entry);
    const text = content.toString();
    if (entry.name === 'SHA256SUMS') {
      if (text !== sums.join('')) throw damaged('its checksums are others');
      whole = true;
      continue;
    }
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${entry.name}\n`);
    if (!manifest) {
      manifest = manifestOf(entry.name, text);
      await reader.begin(manifest);
    } else if (entry.name === 'contents.json') stated = parsed(text) as Contents;
    else await takeTable(entry.name, text, reader, seen);
  }
  if (!manifest || !stated || !whole) throw damaged('its end is missing');
  requireSame(stated, seen);
  return stated;
}

async function takeFile(entry: TarEntry, hash: string, reader: Reader) {
  if (reader.file) return reader.file(hash, entry.content);
  const digest = createHash('sha256');
  for await (const chunk of entry.content) digest.update(chunk);
  if (digest.digest('hex') !== hash) throw damaged(`the file ${hash} has another content`);
}

async function takeTable(name: string, text: string, reader: Reader, seen: Contents) {
  const [, workspace, table] =
    /^(?:installation|workspaces\/([a-z0-9_]+))\/([A-Za-z0-9_]+)(?:\/\d{6})?\.ndjson$/.exec(name) ?? [];
  if (!table) throw damaged(`nobody knows what ${name} is`);
  const rows = await reader.table({ workspace: workspace ?? null, table }, text);
  if (table === 'sequences') return;
  const key = name.replace(/\/\d{6}\.ndjson$/, '');
  seen.rows[key] = (seen.rows[key] ?? 0) + rows;
}

function requireSame(stated: Contents, seen: Contents) {
  for (const [table, rows] of Object.entries(stated.rows))
    if (rows !== (seen.rows[table] ?? 0))
      throw damaged(`${table} has ${seen.rows[table] ?? 0} rows instead of ${rows}`);
  if (seen.files.count !== stated.files.count || seen.files.bytes !== stated.files.bytes)
    throw damaged(`it has ${seen.files.count} files instead of ${stated.files.count}`);
}

function manifestOf(name: string, text: string): Manifest {
  const manifest = (name === 'manifest.json' ? parsed(text) : null) as Manifest | null;
  if (manifest?.kind !== 'farley archive')
    throw new FarleyError('invalidInput', 'This is no archive of a Farley.');
  const { format, steps } = manifest;
  const newer =
    format > archiveFormat ||
    steps.installation > installationMigrations.length ||
    steps.workspace > workspaceMigrations('any').length;
  if (!newer) return manifest;
  throw new FarleyError(
    'invalidInput',
    'This archive was written by a newer Farley. Import it with that version, or a newer one. Nothing was changed.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged('what should be JSON is none');
  }
}

async function contentOf({ name, size, content }: TarEntry): Promise<Buffer> {
  if (size > maxPart) throw damaged(`${name} is too big`);
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Unpacks where it is packed; a file that ends too early, or is no such thing, is said to be damaged. */
async function* openArchive(path: string): AsyncGenerator<Buffer> {
  const packed = await isPacked(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!packed) return yield* file as AsyncIterable<Buffer>;
  const gate = createGunzip();
  file.on('error', error => gate.destroy(error));
  file.pipe(gate);
  try {
    yield* gate as AsyncIterable<Buffer>;
  } catch (error) {
    throw /^Z_/.test((error as { code?: string }).code ?? '') ? damaged('it cannot be unpacked') : error;
  } finally {
    gate.destroy();
    file.destroy();
  }
}

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function linesIn(text: string): number {
  return text.length === 0 ? 0 : text.split('\n').length - 1;
}

/** Types as PostgreSQL spells them; what an archive says becomes part of a statement. */
const typeShape = /^[a-z][a-z0-9_ ]*(\(\d+(,\d+)?\))?( with(out)? time zone)?(\[\])?$/;

class Importer {
  readonly #tx: Transaction;
  readonly #source: ArchiveSource;
  #manifest!: Manifest;
  /** Workspaces whose tables stand, with the links between these, which are made again in the end. */
  readonly #ready = new Map<string, { table: string; name: string; definition: string }[]>();
  readonly #sequences = new Map<string, string>();
  #rows = 0;

  constructor(tx: Transaction, source: ArchiveSource) {
    this.#tx = tx;
    this.#source = source;
  }

  /** Refuses a Farley in which there is something, and takes away the workspace that every new one has. */
  async begin(manifest: Manifest) {
    this.#manifest = manifest;
    const tx = this.#tx;
    const present = await workspaceNames(tx);
    await requireEmpty(tx, present);
    for (const name of present) await tx.run(sql`drop schema ${sql.id(schemaOf(name))} cascade`);
    await tx.run(sql`delete from farley.workspace`);
    for (const { name } of manifest.workspaces) {
      const schema = schemaOf(name);
      await tx.run(sql`create schema ${sql.id(schema)}`);
      await applyNumbered(tx, schema, workspaceMigrations(schema).slice(0, manifest.steps.workspace));
    }
  }

  async table({ workspace, table }: Place, text: string): Promise<number> {
    const tables = workspace
      ? this.#manifest.workspaces.find(({ name }) => name === workspace)?.tables
      : this.#manifest.installation;
    if (workspace && table === 'sequences') {
      this.#sequences.set(workspace, text);
      return 0;
    }
    const columns = tables?.[table];
    if (!columns) throw damaged(`the table ${table} is not in its manifest`);
    if (workspace && !definitions.includes(table)) await this.#prepare(workspace);
    const place = sql.id(workspace ? schemaOf(workspace) : 'farley', table);
    const names = sql.join(Object.keys(columns).map(column => sql.id(column)));
    const lines = text.trimEnd().split('\n');
    const [row] = await this.#tx.run<{ n: number }>(
      sql`with made as (insert into ${place} (${names}) overriding system value
          select ${names} from jsonb_populate_recordset(null::${place}, ${`[${lines.join(',')}]`}::jsonb) returning 1)
        select count(*) as n from made`,
    );
    this.#rows += row!.n;
    this.#source.report?.(this.#rows);
    return row!.n;
  }

  /** Makes the tables of objects as they were where the archive comes from, without links and indexes. */
  async #prepare(name: string) {
    if (this.#ready.has(name)) return;
    const tx = this.#tx;
    const schema = schemaOf(name);
    const tables = this.#manifest.workspaces.find(workspace => workspace.name === name)!.tables;
    const before = new Set((await this.#columns(schema)).keys());
    const { model } = await loadWorkspace(tx, this.#source.declared, name);
    for (const { what, statement } of await planSchema(tx, schema, model))
      if (/^create |^add column /.test(what)) await tx.run(statement);
    await this.#likeArchive(schema, tables, before);
    const links = await tx.run<{ table: string; name: string; definition: string }>(
      sql`select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
        from pg_constraint k join pg_class c on c.oid = k.conrelid where k.connamespace = to_regnamespace(${schema}) and k.contype = 'f'`,
    );
    for (const link of links)
      await tx.run(sql`alter table ${sql.id(schema, link.table)} drop constraint ${sql.id(link.name)}`);
    this.#ready.set(name, links);
  }

  /** Columns that came later are taken away again, to be added as they are to old tables; those we no longer declare are added. */
  async #likeArchive(schema: string, tables: Tables, engineTables: Set<string>) {
    const tx = this.#tx;
    const here = await this.#columns(schema);
    for (const [table, columns] of Object.entries(tables)) {
      for (const [column, type] of Object.entries(columns))
        if (!typeShape.test(type)) throw damaged(`${table}.${column} has the type ${type}`);
      const place = sql.id(schema, table);
      const known = here.get(table);
      if (!known) {
        await tx.run(tableLike(place, columns));
        continue;
      }
      const added = Object.entries(columns)
        .filter(([column]) => !known.has(column))
        .map(([column, type]) => sql`add column ${sql.id(column)} ${sql.raw(type)}`);
      const later = engineTables.has(table) ? [] : [...known].filter(column => !(column in columns));
      const changes = [...added, ...later.map(column => sql`drop column ${sql.id(column)}`)];
      if (changes.length > 0) await tx.run(sql`alter table ${place} ${sql.join(changes)}`);
    }
  }

  async #columns(schema: string): Promise<Map<string, Set<string>>> {
    const rows = await this.#tx.run<{ table: string; columns: string[] }>(
      sql`select c.relname as table, array_agg(a.attname::text) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = to_regnamespace(${schema}) and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped group by 1`,
    );
    return new Map(rows.map(row => [row.table, new Set(row.columns)]));
  }

  async finish() {
    const { tx, declared, db, clock } = { ...this.#source, tx: this.#tx };
    for (const { name } of this.#manifest.workspaces) {
      const schema = schemaOf(name);
      await this.#prepare(name);
      for (const link of this.#ready.get(name)!)
        await tx.run(
          sql`alter table ${sql.id(schema, link.table)} add constraint ${sql.id(link.name)} ${sql.raw(link.definition)}`,
        );
      await applyNumbered(tx, schema, workspaceMigrations(schema));
      const workspace = await loadWorkspace(tx, declared, name);
      for (const { statement } of await planSchema(tx, schema, workspace.model)) await tx.run(statement);
      await this.#setSequences(name, schema);
      const ctx = contextOf(db, workspace, systemActor('import of an archive'), 'archive', clock);
      await rebuildSearch({ ...ctx, tx }, tx);
    }
  }

  async #setSequences(name: string, schema: string) {
    const places = (this.#sequences.get(name) ?? '')
      .split('\n')
      .filter(Boolean)
      .map(line => parsed(line));
    await this.#tx.run(
      sql`select setval(c.oid::regclass, s.last, s.called) from json_to_recordset(${JSON.stringify(places)}::json) as s(name text, last bigint, called boolean)
        join pg_class c on c.relnamespace = to_regnamespace(${schema}) and c.relkind = 'S' and c.relname = s.name`,
    );
  }
}

/** A table that the model no longer has: of an object, or of the items of a list. */
function tableLike(place: Sql, columns: Record<string, string>): Sql {
  const all = Object.entries(columns).map(([column, type]) => sql`${sql.id(column)} ${sql.raw(type)}`);
  const items = columns.owner_id && columns.position ? [sql`primary key (owner_id, position)`] : [];
  return sql`create table ${place} (${sql.join([...all, ...(columns.id ? [sql`primary key (id)`] : items)])})`;
}

/** Nobody can sign in, and nothing was done but what every new workspace starts with. */
async function requireEmpty(tx: Transaction, workspaces: string[]) {
  const [account] = await tx.run(sql`select 1 as found from farley."user" limit 1`);
  const [working] = await tx.run(
    sql`select 1 as found from farley.worker where seen > now() - interval '30 seconds' limit 1`,
  );
  const used = [];
  for (const name of workspaces) {
    const [change] = await tx.run(
      sql`select 1 as found from ${sql.id(schemaOf(name), 'change_set')} where via <> 'seed' limit 1`,
    );
    if (change) used.push(name);
  }
  if (account || used.length > 0)
    throw new FarleyError(
      'schemaConflict',
      'This Farley is not empty. Import the archive into a new one: another FARLEY_DATA, or another database. Nothing was changed.',
    );
  if (working)
    throw new FarleyError(
      'schemaConflict',
      'A Farley serves this database. Stop it, import the archive, and start it again. Nothing was changed.',
    );
}
