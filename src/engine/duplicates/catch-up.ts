/**
 * Records that were committed and never met the others, because their process died a moment later. Once an hour whatever
 * changed since the last time is compared again: what has met already gives the pairs that are known.
 */
import type { Context } from '../context.ts';
import { enqueue } from '../jobs/queue.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { storedJson, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { type Sql, sql } from '../sql.ts';
import { fileRecords, meet } from './find.ts';
import { comparedBy, rulesOf } from './rules.ts';

/** A change is dated when its transaction begins and seen when it ends: so far back is looked once more. */
const overlap = 10 * 60_000;
const batchSize = 1_000;
/** More than this is compared by a scan, in the ledger. */
const largest = 20_000;

/** Compares what changed since the last time, for every object with rules. `scan` is the task that compares all. */
export async function catchUp(ctx: Context, scan: string) {
  for (const object of ctx.model.objects.values())
    if (rulesOf(object).length > 0) await catchUpObject(ctx, object, scan);
}

async function catchUpObject(ctx: Context, object: ObjectModel, scan: string) {
  const until = ctx.clock.now();
  const [row] = await ctx.db.run<{ met: string | null }>(
    sql`select to_char(met_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as met
      from ${tableOf(ctx.schema, 'duplicate_model')} where object = ${object.name}`,
  );
  // The first look goes back to the beginning: there may be records from before there were rules.
  const since = new Date(row?.met ? Date.parse(row.met) - overlap : 0).toISOString();
  const ids = await changedSince(ctx, object, since);
  if (ids.length > largest) {
    const label = `Scan of ${object.spec.plural.toLowerCase()} for duplicates`;
    await enqueue(ctx, ctx.db, [{ task: scan, payload: { object: object.name }, label }]);
  } else
    for (let from = 0; from < ids.length; from += batchSize)
      await fileAndMeet(ctx, object, await recordsOf(ctx, object, ids.slice(from, from + batchSize)));
  await markMet(ctx, object, until);
}

/** Records of an import whose process died before its scan are not filed either. */
async function fileAndMeet(ctx: Context, object: ObjectModel, records: Values[]) {
  await fileRecords(ctx, object, records);
  await meet(ctx, object, records);
}

/** Keeps until when all records have met. */
export async function markMet(ctx: Context, object: ObjectModel, until: Date) {
  await ctx.db.run(
    sql`insert into ${tableOf(ctx.schema, 'duplicate_model')} as m (object, at, met_until)
      values (${object.name}, ${until.toISOString()}::timestamptz, ${until.toISOString()}::timestamptz)
      on conflict (object) do update set met_until = greatest(m.met_until, excluded.met_until)`,
  );
}

async function changedSince(ctx: Context, object: ObjectModel, since: string): Promise<string[]> {
  const rows = await ctx.db.run<{ id: string }>(
    sql`select distinct record_id as id from ${tableOf(ctx.schema, 'change')}
      where object = ${object.name} and at > ${since}::timestamptz
        and (kind in ('created', 'restored') or (kind = 'updated' and fields ?| ${[...comparedBy(object).keys()]}::text[]))
      limit ${largest + 1}`,
  );
  return rows.map(({ id }) => id);
}

async function recordsOf(ctx: Context, object: ObjectModel, ids: string[]): Promise<Values[]> {
  const scope = scopeOf(ctx, object);
  const column = (name: string): Sql => sql.ref(`${scope.alias}.${name}`);
  const rows = await ctx.db.run<{ j: string }>(
    sql`select ${storedJson(object, scope)}::text as j from ${scope.source}
      where ${column('id')} = any(${ids}::uuid[]) and ${column('deleted_at')} is null`,
  );
  return rows.map(({ j }) => JSON.parse(j) as Values);
}
