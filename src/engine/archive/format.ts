/** What an archive consists of; docs/guides/leave-whole.md describes it for others. */
import type { Runner } from '../db/database.ts';
import { holdsStays } from '../records/stays.ts';
import { sql } from '../sql.ts';

/** Raised when an older Farley could not read what this one writes. */
export const archiveFormat = 1;

/** What of accounts travels: nothing; people with the hashes of their passwords; API keys (hashes too) as well. */
export type Accounts = 'none' | 'people' | 'all';

/** Table → column → PostgreSQL type. */
export type Tables = Record<string, Record<string, string>>;

/** `manifest.json`, the first file. It names no time and no machine: equal systems give equal archives. */
export interface Manifest {
  kind: 'farley archive';
  format: number;
  /** Numbered steps that the tables have been through. */
  steps: { installation: number; workspace: number };
  accounts: Accounts;
  installation: Tables;
  workspaces: { name: string; tables: Tables }[];
}

/** `contents.json`, near the end: rows per table (`workspaces/main/deal`), and the contents of files. */
export interface Contents {
  rows: Record<string, number>;
  files: { count: number; bytes: number; missing: string[] };
}

/** Kept for a while, or made anew from the rest. */
const notTravelling = new Set([
  'migration',
  'search_entry',
  'search_word',
  'idempotency',
  'import_batch',
  'watch',
]);
/** Columns that mean something to this database alone: each change gets the number of the transaction that imports it. */
export const localColumns: Record<string, string[]> = { change: ['xid'] };
/** Read before all others: they say which tables there are. */
export const definitions = ['custom_object', 'custom_field', 'duplicate_rules'];

/** A table as it stands in the catalogue. */
export interface Table {
  name: string;
  /** Column → type, by name. */
  columns: Record<string, string>;
  /** Columns of the primary key. */
  key: string[];
}

/** The tables of a workspace that travel, in the order in which they do. */
export async function tablesOf(db: Runner, schema: string): Promise<Table[]> {
  const rows = await db.run<{ name: string; columns: string; key: string }>(
    sql`select c.relname as name,
        (select json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod) order by a.attname collate "C") from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')::text as columns,
        (select coalesce(json_agg(a.attname order by k.position), '[]') from pg_index i, unnest(i.indkey) with ordinality k(attnum, position),
          pg_attribute a where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.attnum)::text as key
      from pg_class c where c.relnamespace = to_regnamespace(${schema}) and c.relkind = 'r' order by c.relname collate "C"`,
  );
  const tables = rows
    .filter(({ name }) => !notTravelling.has(name) && !holdsStays(name))
    .map(({ name, columns, key }) => {
      const all = Object.entries(JSON.parse(columns ?? '{}') as Record<string, string>);
      const kept = all.filter(([column]) => !localColumns[name]?.includes(column));
      return { name, columns: Object.fromEntries(kept), key: JSON.parse(key) as string[] };
    });
  const first = (table: Table) => (definitions.includes(table.name) ? 0 : 1);
  return tables.sort((a, b) => first(a) - first(b));
}
