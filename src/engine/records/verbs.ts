/** Carrying out verbs: reach, then the verb's own refuse · change · record, as one change set with its events. */
import { reach } from '../access/reach.ts';
import { compileInput } from '../api/validate.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { isId } from '../id.ts';
import { announce } from '../live/wake.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { sql } from '../sql.ts';
import type { VerbSpec } from '../verb.ts';
import { find, missing } from './read.ts';
import { objectOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { fill } from './timeline.ts';
import { inTransaction } from './write.ts';

export interface VerbResult {
  changeSet: string;
  result: Json;
  /** What happened to the record, told to who did it: "You moved Rollout from Qualified to Won". Null where nothing did. */
  sentence: string | null;
}

/** Carries out a verb on a record. Throws `notFound`, `forbidden`, `invalidInput`, and whatever the verb refuses. */
export async function carryOut(
  ctx: Context,
  objectName: string,
  verbName: string,
  id: string,
  input: unknown,
): Promise<VerbResult> {
  const object = objectOf(ctx, objectName);
  const verb = object.verbs.get(verbName);
  if (!verb) throw new FarleyError('unknownRoute', `${object.spec.label} knows no ${verbName}.`);
  const checked = compileInput(verb.input)(input ?? {});
  return inTransaction({ ...ctx, verb: { object: object.name, name: verb.name, id } }, async (inside, tx) => {
    await requireVerb(inside, object, verb.name, id, verb.label);
    if (verb.allow) await requireState(inside, object, id, verb.allow, verb.label);
    const { events, result } = await verb.run(inside, id, checked);
    await recordEvents(inside, tx, object, `${object.name}.${verb.name}`, events);
    const told = events[id];
    const sentence = told ? fill(verb.event.sentence, { ...told, actor: 'You' }) : null;
    return { changeSet: inside.changeSet!, result, sentence };
  });
}

async function requireVerb(ctx: Context, object: ObjectModel, verb: string, id: string, label: string) {
  if (!isId(id)) throw missing(object);
  const scope = scopeOf(ctx, object);
  const [row] = await ctx.tx!.run<{ allowed: boolean }>(
    sql`select coalesce(${reach(ctx, object, verb, scope)}, false) as allowed from ${scope.source}
      where ${sql.ref(`${scope.alias}.id`)} = ${id}::uuid and ${sql.ref(`${scope.alias}.deleted_at`)} is null
      and ${reach(ctx, object, 'read', scope)} for no key update of ${sql.ref(scope.alias)}`,
  );
  if (!row) throw missing(object);
  if (!row.allowed) throw new FarleyError('forbidden', `Your role does not allow: ${label}.`);
}

async function requireState(
  ctx: Context,
  object: ObjectModel,
  id: string,
  { field, is, isNot }: NonNullable<VerbSpec['allow']>,
  label: string,
) {
  const value = (await find(ctx, object.name, id, { fields: [field] }))[field] ?? null;
  if (is?.includes(value) === false || isNot?.includes(value))
    throw new FarleyError(
      'invalidInput',
      `${label} is not possible for this ${object.spec.label.toLowerCase()} now.`,
    );
}

/** Says in the words of a verb what the engine's own work has done to records, in the transaction that does it. */
export async function tell(
  ctx: Context & { tx: Transaction },
  objectName: string,
  verb: string,
  events: Record<string, Values>,
) {
  await recordEvents(ctx, ctx.tx, objectOf(ctx, objectName), `${objectName}.${verb}`, events);
}

/** Adds what happened, in the verb's words, to the change log. */
async function recordEvents(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  event: string,
  events: Record<string, Values>,
) {
  const rows = Object.entries(events).map(([record_id, payload]) => ({ record_id, payload }));
  if (rows.length === 0) return;
  const now = ctx.clock.now().toISOString();
  await tx.run(
    sql`with kept as (insert into ${tableOf(ctx.schema, 'change_set')} (id, at, actor_id, actor_name, via, request_id, verb)
        values (${ctx.changeSet}::uuid, ${now}::timestamptz, ${ctx.actor.userId}::uuid, ${ctx.actor.name}, ${ctx.via}, ${ctx.requestId}, ${event})
        on conflict (id) do nothing)
      insert into ${tableOf(ctx.schema, 'change')} (set_id, object, record_id, kind, event, payload, at)
      select ${ctx.changeSet}::uuid, ${object.name}, record_id, 'event', ${event}, payload, ${now}::timestamptz
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(record_id uuid, payload jsonb)`,
  );
  tx.onCommit(() => announce(ctx.db, object.name));
}
