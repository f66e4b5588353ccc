/**
 * SQL is only ever composed from fragments with bound parameters; nothing is glued in as text.
 * Fragments are Kysely's, so that its builder and its identifiers' quoting are the only ones in the house.
 */
import { DummyDriver, Kysely, PostgresAdapter, PostgresQueryCompiler, type RawBuilder, sql } from 'kysely';

export type Sql = RawBuilder<unknown>;
export { sql };

const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: () => {
      throw new Error('The SQL compiler has no database.');
    },
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** The text with `$1 … $n` and its parameters, in order. */
export function compile(query: Sql): { text: string; values: unknown[] } {
  const { sql: text, parameters } = query.compile(compiler);
  return { text, values: [...parameters] };
}

export const no = sql`false`;
export const yes = sql`true`;

/** `a and b and c`; true when there are none. */
export function and(parts: Sql[]): Sql {
  const real = parts.filter(part => part !== yes);
  if (real.length === 0) return yes;
  if (real.some(part => part === no)) return no;
  return real.length === 1 ? real[0]! : sql`(${sql.join(real, sql` and `)})`;
}

/** `a or b or c`; false when there are none. */
export function or(parts: Sql[]): Sql {
  const real = parts.filter(part => part !== no);
  if (real.length === 0) return no;
  if (real.some(part => part === yes)) return yes;
  return real.length === 1 ? real[0]! : sql`(${sql.join(real, sql` or `)})`;
}

/** camelCase → snake_case: `closeDate` is kept in the column `close_date`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
