/** Why someone can or cannot see and change a record: the parts of the decision, told by the same code that makes it. */
import type { Actor, Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { isId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import { missing } from '../records/read.ts';
import { objectOf, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { type Sql, sql } from '../sql.ts';
import { actorOf } from './actor.ts';
import { fieldRight, levelOf, mayAdminister, partsOfReach, reach, TEAM, USER } from './reach.ts';
import type { FieldRight, Reach } from './role.ts';

export interface Explanation {
  user: { id: string; name: string; role: string };
  /** `ways`: the ways into the grant's reach, any of which is enough, and whether it holds; `because`: all that in words. */
  actions: Record<
    string,
    { allowed: boolean; grant: Reach; ways: { label: string; holds: boolean }[]; because: string[] }
  >;
  /** Fields the role restricts. */
  fields: Record<string, FieldRight>;
}

/** A share of the record that holds for the one who is explained. */
interface ToldShare {
  object: 'user' | 'team';
  /** Whom it is shared with; null where the reader may not see that name. */
  to: string | null;
  access: 'read' | 'edit';
  /** ISO 8601; null: without end. */
  until: string | null;
  /** Who shared it; null where the reader may not see that name. */
  by: string | null;
}

export interface RecordExplanation extends Explanation {
  shares: ToldShare[];
}

/** Explains every action for `userId` (default: the caller). Others are explained to administrators only. */
export async function explain(
  ctx: Context,
  objectName: string,
  id: string,
  userId?: string,
): Promise<RecordExplanation> {
  const object = objectOf(ctx, objectName);
  if (!isId(id)) throw missing(object);
  const own = !userId || userId === ctx.actor.userId;
  if (!own && !mayAdminister(ctx))
    throw new FarleyError('forbidden', 'Only administrators see the rights of others.');
  const actor = own ? ctx.actor : isId(userId) ? await actorOf(ctx.db, ctx.schema, userId, 'person') : null;
  if (!actor) throw new FarleyError('notFound', 'There is no such active user.');
  const told = (await explainEach({ ...ctx, actor }, objectName, [id])).get(id.toLowerCase());
  if (!told || (own && !told.actions.read!.allowed)) throw missing(object);
  return { ...told, shares: await sharesFor(ctx, object, id, actor) };
}

/** The shares that hold for `actor`, in the names that the reader may see. One statement. */
async function sharesFor(ctx: Context, object: ObjectModel, id: string, actor: Actor): Promise<ToldShare[]> {
  const scope = scopeOf(ctx, object);
  const title = (of: string, grantee: Sql) => scope.titleOf(of, grantee);
  const grantees = [actor.userId, actor.team].filter(grantee => grantee !== null);
  return (ctx.tx ?? ctx.db).run<ToldShare & Record<string, unknown>>(
    sql`select case when s.grantee_id = ${actor.userId}::uuid then ${USER} else ${TEAM} end as object,
        coalesce(${title(USER, sql`s.grantee_id`)}, ${title(TEAM, sql`s.grantee_id`)}) as "to", s.access,
        to_char(s.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as until, ${title(USER, sql`s.shared_by`)} as by
      from ${tableOf(ctx.schema, 'share')} s where s.object = ${object.name} and s.record_id = ${id}::uuid
        and s.grantee_id = any(${grantees}::uuid[]) and (s.until is null or s.until > ${scope.now}::timestamptz)
      order by 1 desc, s.grantee_id`,
  );
}

/** Explains every action of the context's actor on each of `ids` that exists, in one statement, whether they may read it or not. */
export async function explainEach(
  ctx: Context,
  objectName: string,
  ids: string[],
): Promise<Map<string, Explanation>> {
  const object = objectOf(ctx, objectName);
  const scope = scopeOf(ctx, object);
  const actions = ['read', 'edit', 'delete', 'export', ...object.verbs.keys()].map(action => ({
    action,
    grant: levelOf(ctx, object, action),
    parts: partsOfReach(ctx, object, action, scope),
  }));
  const columns = actions.flatMap(({ action, parts }) => [
    sql`coalesce(${reach(ctx, object, action, scope)}, false) as ${sql.id(`allowed ${action}`)}`,
    ...parts.map((part, i) => sql`coalesce(${part.sql}, false) as ${sql.id(`part ${action} ${i}`)}`),
  ]);
  const id = sql.ref(`${scope.alias}.id`);
  const rows = await (ctx.tx ?? ctx.db).run<Record<string, boolean> & { id: string }>(
    sql`select ${id} as id, ${sql.join(columns)} from ${scope.source} where ${id} = any(${ids}::uuid[])`,
  );
  const { userId, name, role } = ctx.actor;
  const fields = restrictedFields(ctx, object);
  const told = (row: Record<string, boolean>): [string, Explanation['actions'][string]][] =>
    actions.map(({ action, grant, parts }) => {
      const ways = parts.map(({ label }, i) => ({ label, holds: row[`part ${action} ${i}`]! }));
      const because = ways.map(({ label, holds }) => `${label}: ${holds ? 'yes' : 'no'}`);
      const granted = `The role ${role} grants: ${words(grant)}`;
      return [action, { allowed: row[`allowed ${action}`]!, grant, ways, because: [granted, ...because] }];
    });
  return new Map(
    rows.map(row => [
      row.id,
      { user: { id: userId ?? '', name, role }, actions: Object.fromEntries(told(row)), fields },
    ]),
  );
}

function restrictedFields(ctx: Context, object: ObjectModel): Record<string, FieldRight> {
  const rights = [...object.fields.values()].map(field => [field.name, fieldRight(ctx, field)] as const);
  return Object.fromEntries(
    rights.filter(([name, right]) => right !== 'edit' && !object.fields.get(name)!.system),
  );
}

function words(grant: Reach): string {
  return typeof grant === 'string' ? grant : `rule ${grant.rule}`;
}
