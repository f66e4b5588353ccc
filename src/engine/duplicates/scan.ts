/** The scan of a whole object: all keys made anew, all records that share one compared, the weights estimated and learned. */
import { asSystem } from '../access/actor.ts';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';
import { defineJob, type JobReport } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { jsonOf, objectOf, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { type Sql, sql } from '../sql.ts';
import { markMet } from './catch-up.ts';
import { type FoundPair, fileRecords, largestMeeting, maxBlock, queuePairs, weightsOf } from './find.ts';
import { estimate, type Levels, statedWeights, type Weights } from './model.ts';
import { relearn } from './queue.ts';
import { comparedBy, levelsOf, rangeOf, rulesHeld, rulesOf } from './rules.ts';

export const scanTask = 'duplicates';
const batchSize = 5_000;
/** Keys whose records are compared at a time. */
const keysAtOnce = 1_000;
/** Pairs that the weights are estimated from. */
const sampleSize = 100_000;

/** The job that scans an object for duplicates: payload `{ object }`. */
export const scanJob = defineJob(scanTask, {
  label: 'Scan for duplicates',
  run: async (given, payload, report) => {
    const ctx = asSystem(given, 'scan for duplicates');
    const object = objectOf(ctx, payload.object as string);
    const began = ctx.clock.now();
    const records = await fileAll(ctx, object, report);
    const { pairs, skipped, sample } = await compareAll(ctx, object, records, report);
    if (skipped > 0) report.skipped(`${skipped} keys`, `More than ${maxBlock} records share each of them.`);
    const weights = await relearn(ctx, object, estimateFor(object, sample));
    await markMet(ctx, object, began);
    report.progress(2 * records, 2 * records);
    await report.result({ records, pairs, skipped, weights } as unknown as Json);
  },
});

function estimateFor(object: ObjectModel, sample: Levels[]): Weights {
  const by = comparedBy(object);
  return estimate(sample, [...by.keys()], statedWeights([...by.keys()], by));
}

/** What came of an import: rows of its own object, and records of others that were made because rows name them. */
interface Imported {
  object: string;
  rows: number;
  linked: Record<string, number>;
  dryRun: boolean;
}

/** Orders a scan of each object of which an import has brought so much that it was not filed and compared while it was written. */
export async function scanAfter(ctx: Context, { object, rows, linked, dryRun }: Imported) {
  if (dryRun) return;
  const brought = Object.entries({ ...linked, [object]: rows + (linked[object] ?? 0) });
  const scans = brought.flatMap(([name, count]) => {
    const of = objectOf(ctx, name);
    return count > largestMeeting && rulesOf(of).length > 0 ? [scanOf(of)] : [];
  });
  if (scans.length > 0) await enqueue(ctx, ctx.db, scans);
}

/** The scan of an object, to be ordered. */
export function scanOf(object: ObjectModel) {
  const label = `Scan of ${object.spec.plural.toLowerCase()} for duplicates`;
  return { task: scanTask, payload: { object: object.name }, label };
}

/** The fields compared of a row, as one JSON object. */
function comparedJson(ctx: Context, object: ObjectModel): { json: Sql; source: Sql; id: Sql; live: Sql } {
  const scope = scopeOf(ctx, object);
  const fields = ['id', ...comparedBy(object).keys()].map(name => object.fields.get(name)!);
  const columns = sql.join(fields.map(field => sql`${jsonOf(field, scope)} as ${sql.id(field.name)}`));
  return {
    json: sql`(select row_to_json(r)::text from (select ${columns}) r)`,
    source: scope.source,
    id: sql.ref(`${scope.alias}.id`),
    live: sql`${sql.ref(`${scope.alias}.deleted_at`)} is null`,
  };
}

/** Files every record under its keys, also those from before there were rules; answers how many live ones there are. */
async function fileAll(ctx: Context, object: ObjectModel, report: JobReport): Promise<number> {
  const { json, source, id, live } = comparedJson(ctx, object);
  const [counted] = await ctx.db.run<{ n: number }>(sql`select count(*) as n from ${source} where ${live}`);
  const total = counted!.n;
  let done = 0;
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await ctx.db.run<{ j: string }>(
      sql`select ${json} as j from ${source} where ${id} > ${last}::uuid and ${live} order by ${id} limit ${batchSize}`,
    );
    if (rows.length === 0) return total;
    const records = rows.map(({ j }) => JSON.parse(j) as Values);
    await fileRecords(ctx, object, records);
    last = records.at(-1)!.id as string;
    done += records.length;
    report.progress(done, 2 * total);
  }
}

interface Block extends Record<string, unknown> {
  key: string;
  ids: string[] | null;
}

async function compareAll(ctx: Context, object: ObjectModel, total: number, report: JobReport) {
  const { to, from } = rangeOf(object);
  const weights = await weightsOf(ctx, object);
  const sample: Levels[] = [];
  let [pairs, skipped, met] = [0, 0, 0];
  for (let last = from; ; ) {
    // Very large blocks are counted, not read.
    const blocks = await ctx.db.run<Block>(
      sql`select key::text as key, case when count(*) <= ${maxBlock} then array_agg(record_id) end as ids
        from ${tableOf(ctx.schema, 'duplicate_key')} where key > ${last}::bigint and key <= ${to}::bigint
        group by key having count(*) > 1 order by key limit ${sql.lit(keysAtOnce)}`,
    );
    skipped += blocks.filter(({ ids }) => ids === null).length;
    const found = await compareBlocks(ctx, object, blocks);
    for (const { levels } of found) if (sample.length < sampleSize) sample.push(levels);
    const held = found.filter(({ rules }) => rules.length > 0);
    await queuePairs(ctx, ctx.db, object, held, weights);
    pairs += held.length;
    met += blocks.length;
    report.progress(total + Math.min(met, total), 2 * total);
    if (blocks.length < keysAtOnce) return { pairs, skipped, sample };
    last = blocks.at(-1)!.key;
  }
}

async function compareBlocks(ctx: Context, object: ObjectModel, blocks: Block[]): Promise<FoundPair[]> {
  const ids = [...new Set(blocks.flatMap(block => block.ids ?? []))];
  if (ids.length === 0) return [];
  const { json, source, id, live } = comparedJson(ctx, object);
  const rows = await ctx.db.run<{ j: string }>(
    sql`select ${json} as j from ${source} where ${id} = any(${ids}::uuid[]) and ${live}`,
  );
  const records = new Map(
    rows.map(({ j }) => JSON.parse(j) as Values).map(record => [record.id as string, record]),
  );
  const seen = new Set<string>();
  const found: FoundPair[] = [];
  for (const { ids: block } of blocks)
    for (const [a, b] of pairsOf(block ?? [])) {
      const [one, other] = [records.get(a), records.get(b)];
      if (!one || !other || seen.has(`${a} ${b}`)) continue;
      seen.add(`${a} ${b}`);
      const levels = levelsOf(object, one, other);
      found.push({ a, b, levels, rules: rulesHeld(object, levels).map(({ name }) => name) });
    }
  return found;
}

function* pairsOf(ids: string[]): Generator<[string, string]> {
  const sorted = [...ids].sort();
  for (const [index, a] of sorted.entries()) for (const b of sorted.slice(index + 1)) yield [a, b];
}
