/** What goes on unasked: how far each watch has followed the changes, what it did, left out, and failed at. */
import type { Context } from '../context.ts';
import type { WatchSpec } from '../jobs/watch.ts';
import { tableOf } from '../records/scope.ts';
import { sql } from '../sql.ts';
import type { Route } from './app.ts';

export function watchRoutes(watches: WatchSpec[]): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/watches',
      policy: 'administrator',
      doc: {
        summary:
          'What follows changes and the clock by itself: what was done, skipped and why, and what fails',
        tag: 'Platform',
      },
      handler: async request => ({ data: await ledger(request.ctx, watches) }),
    },
  ];
}

async function ledger(ctx: Context, watches: WatchSpec[]) {
  const rows = await ctx.db.run<{ name: string; j: string }>(
    sql`select name, json_build_object('ranAt', to_char(ran_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'done', done,
        'skipped', skipped, 'failures', failures, 'error', error)::text as j from ${tableOf(ctx.schema, 'watch')}`,
  );
  const known = new Map(rows.map(row => [row.name, JSON.parse(row.j) as object]));
  const begun = { ranAt: null, done: 0, skipped: { count: 0, examples: [] }, failures: 0, error: null };
  return watches.map(({ name, label }) => ({ name, label, ...(known.get(name) ?? begun) }));
}
