/**
 * What processes tell each other of their readers where no NOTIFY is heard (a pooler that hands out sessions per
 * transaction): an unlogged table, at which each process with readers of its own looks every second.
 */
import type { Database } from '../db/database.ts';
import { sql } from '../sql.ts';
import type { Place, Viewer } from './presence.ts';

export interface Said extends Place, Viewer {
  tab: string;
}

const table = sql.ref('farley.presence');

/** A tab shows a record, or (`left`) does no longer. */
export async function putPresence(
  db: Database,
  process: string,
  { schema, object, id, tab, user, name, field }: Said,
  left: boolean,
) {
  const key = sql`schema = ${schema} and object = ${object} and record_id = ${id} and tab = ${tab}`;
  if (left) await db.run(sql`delete from ${table} where ${key} and process = ${process}`);
  else
    await db.run(
      sql`insert into ${table} (schema, object, record_id, tab, process, user_id, name, field, said_at)
        values (${schema}, ${object}, ${id}, ${tab}, ${process}, ${user}, ${name}, ${field}, now())
        on conflict (schema, object, record_id, tab) do update
        set process = excluded.process, user_id = excluded.user_id, name = excluded.name, field = excluded.field, said_at = now()
        where presence.user_id = excluded.user_id`,
    );
}

/** Who has said within `freshFor` milliseconds, in other processes, that they look at one of some records. */
export function readPresence(
  db: Database,
  process: string,
  places: Place[],
  freshFor: number,
): Promise<Said[]> {
  const of = (name: keyof Place) => places.map(place => place[name]);
  return db.run<Said & Record<string, unknown>>(
    sql`select p.schema, p.object, p.record_id as id, p.tab, p.user_id as "user", p.name, p.field from ${table} p
      join unnest(${of('schema')}::text[], ${of('object')}::text[], ${of('id')}::text[]) as at(schema, object, id)
        on p.schema = at.schema and p.object = at.object and p.record_id = at.id
      where p.process <> ${process} and p.said_at > now() - make_interval(secs => ${freshFor / 1_000})`,
  );
}

/** Takes out what processes that broke off have left behind. */
export async function sweepPresence(db: Database, freshFor: number) {
  await db.run(
    sql`delete from ${table} where said_at < now() - make_interval(secs => ${(2 * freshFor) / 1_000})`,
  );
}
