/** Sharing: one record, opened to one more user or team, for as long as wanted. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { isId } from '../id.ts';
import { find, missing } from '../records/read.ts';
import { objectOf, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import { reach, TEAM, USER } from './reach.ts';

/** Shares a record that the actor may edit. Sharing again changes access and end. */
export async function share(
  ctx: Context,
  objectName: string,
  id: string,
  grantee: string,
  options: { access?: 'read' | 'edit'; until?: string },
) {
  await inTransaction(ctx, async (inside, tx) => {
    await requireEdit(inside, objectName, id);
    const [known] = isId(grantee)
      ? await tx.run(sql`select 1 as found from ${tableOf(ctx.schema, USER)} where id = ${grantee}::uuid
          union all select 1 from ${tableOf(ctx.schema, TEAM)} where id = ${grantee}::uuid`)
      : [];
    if (!known) throw new FarleyError('notFound', 'There is no such user or team.');
    await tx.run(
      sql`insert into ${tableOf(ctx.schema, 'share')} (object, record_id, grantee_id, access, until, shared_by)
        values (${objectName}, ${id}::uuid, ${grantee}::uuid, ${options.access ?? 'read'}, ${options.until ?? null}::timestamptz, ${ctx.actor.userId}::uuid)
        on conflict (object, record_id, grantee_id) do update set access = excluded.access, until = excluded.until, shared_by = excluded.shared_by, at = now()`,
    );
  });
}

export async function unshare(ctx: Context, objectName: string, id: string, grantee: string) {
  await inTransaction(ctx, async (inside, tx) => {
    await requireEdit(inside, objectName, id);
    await tx.run(
      sql`delete from ${tableOf(ctx.schema, 'share')} where object = ${objectName} and record_id = ${id}::uuid and grantee_id::text = ${grantee}`,
    );
  });
}

async function requireEdit(ctx: Context, objectName: string, id: string) {
  const object = objectOf(ctx, objectName);
  if (!isId(id)) throw missing(object);
  await find(ctx, objectName, id, { fields: [] });
  const scope = scopeOf(ctx, object);
  const [row] = await ctx.tx!.run(
    sql`select 1 as found from ${scope.source} where ${sql.ref(`${scope.alias}.id`)} = ${id}::uuid and ${reach(ctx, object, 'edit', scope)}`,
  );
  if (!row) throw new FarleyError('forbidden', 'Only who may edit a record shares it.');
}
