/** Why someone can or cannot see and change a record: the parts of the decision, told by the same code that makes it. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { isId } from '../id.ts';
import { missing } from '../records/read.ts';
import { objectOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { sql } from '../sql.ts';
import { actorOf } from './actor.ts';
import { fieldRight, levelOf, mayAdminister, partsOfReach, reach } from './reach.ts';
import type { FieldRight, Reach } from './role.ts';

export interface Explanation {
  user: { id: string; name: string; role: string };
  actions: Record<string, { allowed: boolean; grant: Reach; because: string[] }>;
  /** Fields the role restricts. */
  fields: Record<string, FieldRight>;
}

/** Explains every action for `userId` (default: the caller). Others are explained to administrators only. */
export async function explain(
  ctx: Context,
  objectName: string,
  id: string,
  userId?: string,
): Promise<Explanation> {
  const object = objectOf(ctx, objectName);
  if (!isId(id)) throw missing(object);
  const own = !userId || userId === ctx.actor.userId;
  if (!own && !mayAdminister(ctx))
    throw new FarleyError('forbidden', 'Only administrators see the rights of others.');
  const actor = own ? ctx.actor : isId(userId) ? await actorOf(ctx.db, ctx.schema, userId, 'person') : null;
  if (!actor) throw new FarleyError('notFound', 'There is no such active user.');
  const as = { ...ctx, actor };
  const scope = scopeOf(as, object);
  const actions = ['read', 'edit', 'delete', 'export', ...object.verbs.keys()];
  const parts = actions.map(action => partsOfReach(as, object, action, scope));
  const columns = actions.flatMap((action, index) => [
    sql`coalesce(${reach(as, object, action, scope)}, false) as ${sql.id(`allowed ${action}`)}`,
    ...parts[index]!.map((part, i) => sql`coalesce(${part.sql}, false) as ${sql.id(`part ${action} ${i}`)}`),
  ]);
  const [row] = await (ctx.tx ?? ctx.db).run<Record<string, boolean>>(
    sql`select ${sql.join(columns)} from ${scope.source} where ${sql.ref(`${scope.alias}.id`)} = ${id}::uuid`,
  );
  if (!row || (own && !row['allowed read'])) throw missing(object);
  const restricted = [...object.fields.values()]
    .map(field => [field.name, fieldRight(as, field)] as const)
    .filter(([name, right]) => right !== 'edit' && !object.fields.get(name)!.system);
  return {
    user: { id: actor.userId ?? '', name: actor.name, role: actor.role },
    actions: Object.fromEntries(
      actions.map((action, index) => {
        const grant = levelOf(as, object, action);
        const because = parts[index]!.map(
          (part, i) => `${part.label}: ${row[`part ${action} ${i}`] ? 'yes' : 'no'}`,
        );
        return [
          action,
          {
            allowed: row[`allowed ${action}`]!,
            grant,
            because: [`The role ${actor.role} grants: ${words(grant)}`, ...because],
          },
        ];
      }),
    ),
    fields: Object.fromEntries(restricted),
  };
}

function words(grant: Reach): string {
  return typeof grant === 'string' ? grant : `rule ${grant.rule}`;
}
