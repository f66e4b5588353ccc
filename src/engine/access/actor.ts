/**
 * Actors: user records with a role. The engine relies on three objects that a module declares: `user` (fields `name`,
 * `role` link, `team` link, `active`, and `language` and `timeZone` where it has them), `role` (`name`, `grants`) and `team` (`parent` link).
 */
import type { Actor, Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { onAnnounce } from '../live/wake.ts';
import { sql } from '../sql.ts';
import type { Grants } from './role.ts';

/** The system as actor; `reason` says why it acts and stands in history. */
export function systemActor(reason: string): Actor {
  return {
    kind: 'system',
    userId: null,
    name: 'Farley',
    role: 'system',
    grants: { administer: true, objects: {} },
    team: null,
    teams: [],
    reason,
  };
}

/** The same context with the system acting in it. */
export function asSystem(ctx: Context, reason: string): Context {
  return { ...ctx, actor: systemActor(reason) };
}

/** Actors by workspace, user and kind; the generation counts how often all were forgotten. */
class ActorCache extends Map<string, { actor: Actor; until: number }> {
  generation = 0;
}

const remembered = new WeakMap<object, ActorCache>();
/** The objects whose records say who may do what. */
export function decidesRights(object: string): boolean {
  return object === 'user' || object === 'team' || object === 'role';
}

/** How long another process may go on with rights that were changed elsewhere. */
const freshFor = 2_000;

/** The actor of a user record; null where there is none, or it is not active. */
export async function actorOf(
  db: Database,
  schema: string,
  userId: string,
  kind: 'person' | 'key',
): Promise<Actor | null> {
  const cache = cacheOf(db);
  const key = `${schema}/${userId}/${kind}`;
  const known = cache.get(key);
  if (known && known.until > Date.now()) return known.actor;
  const begun = cache.generation;
  const actor = await loadActor(db, schema, userId, kind);
  // Rights that changed while they were being read are not remembered.
  if (actor && begun === cache.generation) cache.set(key, { actor, until: Date.now() + freshFor });
  return actor;
}

/** Forgotten after every write of this process, so that a changed right holds at once. */
function cacheOf(db: Database): ActorCache {
  const known = remembered.get(db.root);
  if (known) return known;
  const cache = new ActorCache();
  onAnnounce(db, object => {
    if (!decidesRights(object)) return;
    cache.generation++;
    cache.clear();
  });
  remembered.set(db.root, cache);
  return cache;
}

async function loadActor(
  db: Database,
  schema: string,
  userId: string,
  kind: 'person' | 'key',
): Promise<Actor | null> {
  const table = (name: string) => sql.id(schema, name);
  const [row] = await db.run<{
    id: string;
    name: string;
    role: string;
    grants: string;
    team: string | null;
    teams: string[];
    language: string | null;
    zone: string | null;
  }>(
    sql`with recursive below as (
        select t.id from ${table('team')} t join ${table('user')} u on u.team_id = t.id where u.id = ${userId}::uuid
        union select t.id from ${table('team')} t join below b on t.parent_id = b.id where t.deleted_at is null)
      select u.id, to_jsonb(u) ->> 'language' as language, to_jsonb(u) ->> 'time_zone' as zone, u.name as name, r.name as role, r.grants::text as grants, u.team_id as team,
        array(select id from below)::text[] as teams
      from ${table('user')} u join ${table('role')} r on r.id = u.role_id
      where u.id = ${userId}::uuid and u.deleted_at is null and u.active and r.deleted_at is null`,
  );
  if (!row) return null;
  const { id, name, role, team, teams, language, zone } = row;
  const grants = JSON.parse(row.grants) as Grants;
  return { kind, userId: id, name, role, grants, team, teams, language, timeZone: zone };
}
