/** Reminders: once per moment that someone is to be reminded of, however many processes look; and the end of a snooze. */
import {
  type Context,
  defineWatch,
  type ObjectModel,
  rows,
  sql,
  tableOf,
  write,
} from '../../engine/index.ts';
import { deliver, type Notice } from './deliver.ts';

/** What should have been told longer ago is not told any more: Farley stood still, or it was entered afterwards. Hours. */
const lateBy = 24;
const most = 500;

export const reminding = defineWatch('reminders', {
  label: 'Reminders',
  every: 5,
  // The watch is one process at a time, and its notifications are there once it has been: they are the ledger.
  run: async ctx => {
    const now = ctx.clock.now();
    const since = new Date(now.getTime() - lateBy * 3_600_000).toISOString();
    const notices: Notice[] = [];
    for (const object of ctx.model.objects.values())
      if (object.spec.agenda?.remindAt && object.spec.owner)
        notices.push(...(await dueOf(ctx, object, since, now.toISOString())));
    // Who cannot see what is theirs is not told each time that they are not told.
    await deliver(ctx, notices, () => {});
    await wake(ctx, now.toISOString());
  },
});

/** Records whose moment has come, and whose owner, or guest who has not declined, was not told of that very moment: notifications in the trash count. */
async function dueOf(ctx: Context, object: ObjectModel, since: string, now: string): Promise<Notice[]> {
  const { agenda, owner } = object.spec;
  const column = (name: string) => sql.id('r', object.fields.get(name)!.columns[0]!);
  const { done } = agenda!;
  const at = column(agenda!.remindAt!);
  const to = sql.id('who', 'id');
  const { guests } = object.spec;
  const asked = guests?.answers
    ? sql` union select g.target_id from ${tableOf(ctx.schema, object.fields.get(guests.users)!.table!)} g
        where g.owner_id = r.id and coalesce(${column(guests.answers)} ->> g.target_id::text, '') <> 'declined'`
    : sql``;
  const found = await ctx.tx!.run<{ id: string; to: string; at: string }>(
    sql`select r.id, ${to} as to, to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from ${tableOf(ctx.schema, object.table)} r
        cross join lateral (select ${column(owner!)} as id${asked}) who
        join ${tableOf(ctx.schema, 'user')} u on u.id = ${to}
      where ${at} between ${since}::timestamptz and ${now}::timestamptz and r.deleted_at is null
        and u.active and u.deleted_at is null and not coalesce('reminder' = any(u.silenced), false)
        ${done ? sql`and ${column(done.field)} is distinct from ${done.is}` : sql``}
        and not exists (select from ${tableOf(ctx.schema, 'notification')} n where n.about_id = r.id and n.kind = 'reminder'
          and n.owner_id = ${to} and n.happened_at = ${at})
      order by ${at} limit ${most}`,
  );
  return found.map(row => ({
    ...row,
    kind: 'reminder',
    object: object.name,
    source: null,
    actor: null,
    changeSet: null,
  }));
}

/** What was put off comes back, as new. */
async function wake(ctx: Context, now: string) {
  const found = await rows(ctx, 'notification', {
    filter: { field: 'snoozedUntil', op: 'lt', value: now },
    fields: [],
    limit: most,
  });
  if (found.length === 0) return;
  const values = { snoozedUntil: null, readAt: null };
  await write(
    ctx,
    'notification',
    found.map(({ id }) => ({ op: 'update', id: id as string, values })),
  );
}
