/** A workspace that had an administrator keeps one: nobody can lock everyone out. */
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import { sql } from '../sql.ts';
import { decidesRights } from './actor.ts';

/** Runs a write of users, roles or teams; refuses it with `inUse` where it would leave nobody who may administer. */
export async function keepingAdministrator<T>(
  ctx: Context,
  tx: Transaction,
  object: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!decidesRights(object)) return work();
  // Two administrators who each retire the other wait for one another.
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.schema} administrators`}, 0))`);
  const before = await hasAdministrator(ctx, tx);
  const done = await work();
  if (before && !(await hasAdministrator(ctx, tx)))
    throw new FarleyError(
      'inUse',
      'Someone has to administer the workspace. Give another user that right first.',
    );
  return done;
}

async function hasAdministrator(ctx: Context, tx: Transaction): Promise<boolean> {
  const table = (name: string) => sql.id(ctx.schema, name);
  const [row] = await tx.run<{ found: boolean }>(
    sql`select exists (select 1 from ${table('user')} u join ${table('role')} r on r.id = u.role_id and r.deleted_at is null
      where u.active and u.kind = 'person' and u.deleted_at is null and r.grants @> '{"administer": true}') as found`,
  );
  return row!.found;
}
