/** Old notifications go: what was read after a quarter of a year, the rest after half a year. */
import { type Context, defineWatch, sql, tableOf } from '../../engine/index.ts';

/** Days for which they are kept. */
const kept = { read: 90, unread: 180 };
/** At a time; the rest follows with the next look. */
const most = 5_000;

export const purging = defineWatch('purge', {
  label: 'Old notifications',
  every: 3_600,
  run: async (ctx, _changes, skipped) => {
    for (const object of ['notification', 'sending']) {
      const count = await purge(ctx, object);
      if (count > 0) skipped(`${count} of ${object}`, 'They were old and are gone for good.');
    }
  },
});

/** For good, and not to the trash: nobody looks for what they were told half a year ago. */
async function purge(ctx: Context, object: string): Promise<number> {
  const before = (days: number) => new Date(ctx.clock.now().getTime() - days * 86_400_000).toISOString();
  const read = object === 'notification' ? sql`read_at < ${before(kept.read)}::timestamptz or` : sql``;
  const table = tableOf(ctx.schema, object);
  const gone = await ctx.tx!.run(
    sql`delete from ${table} where id in (select id from ${table}
      where ${read} created_at < ${before(kept.unread)}::timestamptz limit ${most}) returning 1 as gone`,
  );
  return gone.length;
}
