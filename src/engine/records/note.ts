/** Settings stand in the same log as records: who, when, from what to what. */
import type { Context } from '../context.ts';
import { newId } from '../id.ts';
import type { Values } from '../object.ts';
import { sql } from '../sql.ts';
import { tableOf } from './scope.ts';

/** Notes a change of a setting in the transaction that makes it; `label` is what the change list calls it, if it is alone in it. */
export async function note(
  ctx: Context,
  { event, label, payload }: { event: string; label?: string; payload: Values },
) {
  const at = ctx.clock.now().toISOString();
  await ctx.tx!.run(
    sql`with kept as (insert into ${tableOf(ctx.schema, 'change_set')} (id, at, actor_id, actor_name, via, request_id, undoes, label)
        values (${ctx.changeSet}::uuid, ${at}::timestamptz, ${ctx.actor.userId}::uuid, ${ctx.actor.name},
          ${ctx.via}, ${ctx.requestId}, ${ctx.undoes ?? null}::uuid, ${label ?? null}) on conflict (id) do nothing)
      insert into ${tableOf(ctx.schema, 'change')} (set_id, object, record_id, kind, event, payload, at)
      values (${ctx.changeSet}::uuid, 'workspace', ${newId()}::uuid, 'event', ${event}, ${JSON.stringify(payload)}::jsonb,
        ${at}::timestamptz)`,
  );
}
