/**
 * The whole of one or more workspaces as one archive: tables as NDJSON in parts, contents of files, checksums. All is
 * read by one transaction that sees a single moment, whoever writes meanwhile; no more than a part is ever in memory.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Database, Transaction } from '../db/database.ts';
import { installationMigrations, workspaceMigrations } from '../db/migrations.ts';
import { isFull } from '../db/space.ts';
import { FarleyError } from '../errors.ts';
import type { FileStore } from '../files/store.ts';
import { and, type Sql, sql, yes } from '../sql.ts';
import { schemaOf, workspaceNames } from '../workspace.ts';
import {
  type Accounts,
  archiveFormat,
  type Contents,
  type Manifest,
  type Table,
  tablesOf,
} from './format.ts';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

export interface ArchiveOrder {
  db: Database;
  files: FileStore;
  /** Where the archive goes; compressed where the name ends with `gz`. There is none until it is whole. */
  path: string;
  /** Default: all of them. */
  workspaces?: string[];
  accounts: Accounts;
  /** Told now and then how many rows are written. */
  report?(rows: number): void;
}

/** Bytes of a part of a table, about. */
const partSize = 4 * 1024 ** 2;
const rowsPerFetch = 500;

/** Writes the archive and answers what is in it. */
export async function exportArchive(order: ArchiveOrder): Promise<Contents> {
  const partial = `${order.path}.partial`;
  // The hashes of passwords are for nobody else on this machine.
  const file = createWriteStream(partial, { mode: 0o600, flush: true });
  const gate = order.path.endsWith('gz') ? createGzip() : new PassThrough();
  const written = pipeline(gate, file);
  // Whoever writes learns of a full disk by the next chunk; nobody must stumble over it before.
  written.catch(() => {});
  try {
    const contents = await order.db.for('upkeep').transaction(async tx => {
      await tx.run(sql`set transaction isolation level repeatable read read only`);
      await tx.run(sql`set local timezone = 'UTC'`);
      await tx.run(sql`set local intervalstyle = 'postgres'`);
      return new ArchiveWriter(tx, order, gate).write();
    });
    gate.end();
    await written;
    await rename(partial, order.path);
    return contents;
  } catch (error) {
    gate.destroy();
    await written.catch(() => {});
    await rm(partial, { force: true });
    throw isFull(error) ? new FarleyError('diskFull') : error;
  }
}

class ArchiveWriter {
  readonly #tx: Transaction;
  readonly #order: ArchiveOrder;
  readonly #out: Writable;
  readonly #sums: string[] = [];
  readonly #contents: Contents = { rows: {}, files: { count: 0, bytes: 0, missing: [] } };
  #rows = 0;

  constructor(tx: Transaction, order: ArchiveOrder, out: Writable) {
    this.#tx = tx;
    this.#order = order;
    this.#out = out;
  }

  async write(): Promise<Contents> {
    const { accounts } = this.#order;
    const names = (this.#order.workspaces ?? (await workspaceNames(this.#tx))).toSorted();
    const installation = await installationTables(this.#tx, accounts, names);
    const workspaces: { name: string; tables: Table[] }[] = [];
    for (const name of names) workspaces.push({ name, tables: await tablesOf(this.#tx, schemaOf(name)) });
    const manifest: Manifest = {
      kind: 'farley archive',
      format: archiveFormat,
      steps: { installation: installationMigrations.length, workspace: workspaceMigrations('any').length },
      accounts,
      installation: columnsOf(installation.map(({ table }) => table)),
      workspaces: workspaces.map(({ name, tables }) => ({ name, tables: columnsOf(tables) })),
    };
    await this.#file('manifest.json', `${JSON.stringify(manifest, null, 1)}\n`);
    for (const { table, where } of installation) await this.#table('installation', 'farley', table, where);
    for (const { name, tables } of workspaces) await this.#workspace(name, tables);
    await this.#contentsOfFiles(names);
    await this.#file('contents.json', `${JSON.stringify(this.#contents, null, 1)}\n`);
    await this.#file('SHA256SUMS', this.#sums.join(''));
    await this.#put(tarEnd);
    return this.#contents;
  }

  async #workspace(name: string, tables: Table[]) {
    const schema = schemaOf(name);
    // What is still to be done stands in a queue that does not travel.
    for (const table of tables)
      await this.#table(
        `workspaces/${name}`,
        schema,
        table,
        table.name === 'job_run' ? sql`t.ended_at is not null` : yes,
      );
    // Numbers are given outside of transactions: read last, none of them is below a row above.
    const found = await this.#tx.run<{ name: string }>(
      sql`select relname as name from pg_class where relnamespace = to_regnamespace(${schema}) and relkind = 'S' order by relname collate "C"`,
    );
    const places: string[] = [];
    if (found.length > 0) {
      const each = found.map(
        row =>
          sql`select ${row.name}::text as name, last_value as last, is_called as called from ${sql.id(schema, row.name)}`,
      );
      const rows = await this.#tx.run(
        sql`select * from (${sql.join(each, sql` union all `)}) s order by name collate "C"`,
      );
      places.push(...rows.map(row => `${JSON.stringify(row)}\n`));
    }
    await this.#file(`workspaces/${name}/sequences.ndjson`, places.join(''));
  }

  /** One table in parts of some MiB, since a tar wants to know the size of a file before its content. */
  async #table(folder: string, schema: string, { name, columns, key }: Table, where: Sql) {
    const row = sql`select ${sql.join(Object.keys(columns).map(column => sql`t.${sql.id(column)}`))} from ${sql.id(schema, name)} t where ${where}`;
    const order = key.map(column =>
      /^(text|character)/.test(columns[column] ?? '')
        ? sql`x.${sql.id(column)} collate "C"`
        : sql`x.${sql.id(column)}`,
    );
    const sorted = order.length > 0 ? sql.join(order) : sql`to_jsonb(x)::text collate "C"`;
    await this.#tx.run(
      sql`declare lines no scroll cursor for select to_jsonb(x)::text as line from (${row}) x order by ${sorted}`,
    );
    let part: string[] = [];
    let size = 0;
    let parts = 0;
    let rows = 0;
    const flush = async () => {
      if (part.length === 0) return;
      await this.#file(`${folder}/${name}/${String(parts++).padStart(6, '0')}.ndjson`, part.join(''));
      part = [];
      size = 0;
      this.#order.report?.(this.#rows + rows);
    };
    for (;;) {
      const lines = await this.#tx.run<{ line: string }>(
        sql`fetch ${sql.raw(String(rowsPerFetch))} from lines`,
      );
      if (lines.length === 0) break;
      rows += lines.length;
      for (const { line } of lines) {
        part.push(`${line}\n`);
        size += line.length;
        if (size >= partSize) await flush();
      }
    }
    await flush();
    await this.#tx.run(sql`close lines`);
    this.#contents.rows[`${folder}/${name}`] = rows;
    this.#rows += rows;
  }

  /** Contents of files are called by their SHA-256, so that their names are their checksums. */
  async #contentsOfFiles(names: string[]) {
    const each = names.map(
      name => sql`select hash from ${sql.id(schemaOf(name), 'file')} where hash is not null`,
    );
    await this.#tx.run(
      sql`declare contents no scroll cursor for select hash from (${sql.join(each, sql` union `)}) f order by hash collate "C"`,
    );
    const { files } = this.#contents;
    for (;;) {
      const found = await this.#tx.run<{ hash: string }>(sql`fetch 500 from contents`);
      if (found.length === 0) return;
      for (const { hash } of found) {
        const content = await this.#order.files.open(hash).catch(() => null);
        if (!content) {
          files.missing.push(hash);
          continue;
        }
        await this.#put(tarHeader(`files/${hash}`, content.size));
        for await (const chunk of content.stream) await this.#put(chunk as Buffer);
        await this.#put(tarPadding(content.size));
        files.count++;
        files.bytes += content.size;
      }
    }
  }

  async #file(name: string, text: string) {
    const content = Buffer.from(text);
    this.#sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
    await this.#put(tarHeader(name, content.length));
    await this.#put(content);
    await this.#put(tarPadding(content.length));
  }

  async #put(chunk: Buffer) {
    if (this.#out.errored) throw this.#out.errored;
    if (chunk.length > 0 && !this.#out.write(chunk)) await once(this.#out, 'drain');
  }
}

function columnsOf(tables: Table[]) {
  return Object.fromEntries(tables.map(({ name, columns }) => [name, columns]));
}

/** Tokens of other services stay; so do sessions and invitations, which are tables of their own. */
const secretColumns = [
  'accessToken',
  'refreshToken',
  'idToken',
  'accessTokenExpiresAt',
  'refreshTokenExpiresAt',
];

/** Tables of the installation that travel, with the rows that belong to the workspaces. */
async function installationTables(
  tx: Transaction,
  accounts: Accounts,
  names: string[],
): Promise<{ table: Table; where: Sql }[]> {
  const members = sql`(select m.account_id from farley.membership m where m.workspace = any(${names}::text[]))`;
  // An account of a key has no sign-in of its own.
  const travelling = (id: Sql) =>
    accounts === 'all'
      ? sql`${id} in ${members}`
      : sql`${id} in ${members} and exists (select 1 from farley.account a where a."userId" = ${id})`;
  const wanted: Record<string, Sql> = { workspace: sql`t.name = any(${names}::text[])` };
  if (accounts !== 'none') {
    wanted.user = travelling(sql`t.id`);
    wanted.account = travelling(sql`t."userId"`);
    wanted.membership = and([sql`t.workspace = any(${names}::text[])`, travelling(sql`t.account_id`)]);
  }
  if (accounts === 'all') wanted.apikey = travelling(sql`t."referenceId"`);
  const known = await tablesOf(tx, 'farley');
  return Object.entries(wanted).map(([name, where]) => {
    const table = known.find(other => other.name === name)!;
    const columns = Object.fromEntries(
      Object.entries(table.columns).filter(([column]) => !secretColumns.includes(column)),
    );
    return { table: { ...table, columns }, where };
  });
}
