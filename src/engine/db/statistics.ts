/**
 * What PostgreSQL knows of its tables when it plans: how many rows, and which values. It learns that by itself a minute or
 * more after a table was filled; until then it takes a full table for an empty one, and what is asked of it takes seconds
 * instead of milliseconds. Whoever has written much has it learn at once.
 */
import { type Sql, sql } from '../sql.ts';
import type { Runner } from './database.ts';

/** Records, written at a time, from which on it pays. */
const much = 100;
/** By which part a table must have grown before it is looked at anew: as much as PostgreSQL itself waits for. */
const growth = 0.1;

/**
 * Has the tables of a workspace analysed that hold rows and never were, or have grown since, where `written` records or more
 * were written. A table is sampled, so that it takes milliseconds to half a second whatever its size; rows that are written
 * meanwhile do not wait. One statement to see which, and one to do it.
 */
export async function analyzeGrown(db: Runner, schema: string, written: number): Promise<string[]> {
  if (written < much) return [];
  // Sizes are known at once; counts of rows reach PostgreSQL's own statistics seconds later.
  const grown = await db.run<{ name: string }>(
    sql`select relname as name from (
        select c.relname, c.reltuples, c.relpages, pg_relation_size(c.oid) / current_setting('block_size')::int as pages
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${schema} and c.relkind = 'r') each
      where pages > 0 and (reltuples < 0 or pages > relpages * ${1 + growth}::float8) order by relname`,
  );
  const tables: Sql[] = grown.map(({ name }) => sql.id(schema, name));
  // Another that looks at one of them at this moment does it for us.
  if (tables.length > 0) await db.run(sql`analyze (skip_locked) ${sql.join(tables)}`);
  return grown.map(({ name }) => name);
}
