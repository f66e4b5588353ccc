/**
 * A workspace with 20,000 open deals in one pipeline and 200,000 decided ones with their history, in a database of its own
 * that goes when the work is done. A part of them (`0.1`: a tenth) is enough to compare two states of the code.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declared } from '../src/app.ts';
import { startCluster } from '../src/engine/db/embedded.ts';
import {
  asSystem,
  type Context,
  checkStays,
  contextOf,
  create,
  createWorkspace,
  openDatabase,
  rows,
  type Sql,
  sql,
  systemActor,
  systemClock,
  tableOf,
} from '../src/engine/index.ts';
import { migrateQueue } from '../src/engine/jobs/runner.ts';
import { migrateInstallation } from '../src/engine/workspace.ts';

const part = Number(process.argv[2] ?? 1);
const [open, decided, sellers] = [20_000 * part, 200_000 * part, 200];

/** Deals of three years: each was opened, went two stages on and, most of them, was decided within four months. */
async function fill(ctx: Context) {
  const table = (name: string) => tableOf(ctx.schema, name);
  for (let n = 0; n < sellers; n++) await create(ctx, 'user', { name: `Seller ${n}` });
  const stages = await rows(ctx, 'stage', { sort: ['position'], fields: ['name', 'kind', 'pipeline'] });
  const ids = stages.map(stage => stage.id as string);
  const pipeline = (stages[0]!.pipeline as { id: string }).id;
  const run = (statement: Sql) =>
    ctx.db.for('upkeep').transaction(async tx => {
      await tx.client.query('set local statement_timeout = 0');
      await tx.run(statement);
    });
  await run(
    sql`insert into ${table('deal')} (id, name, amount, amount_currency, pipeline_id, stage_id, status, owner_id, rank, source,
        opened_on, close_date, decided_at, created_at, updated_at, lost_reason)
      select gen_random_uuid(), 'Deal ' || n, (n * 37) % 100000, 'EUR', ${pipeline}::uuid, (${ids}::uuid[])[place], status,
        u.ids[1 + n % ${sellers}], -n, (array['website', 'referral', 'event', 'partner'])[1 + n % 4], opened,
        opened + length, case when status <> 'open' then (opened + length)::timestamptz end, opened::timestamptz, now(),
        case when status = 'lost' then (array['price', 'timing', 'competitor'])[1 + n % 3] end
      from (select n, case when n <= ${open} then 'open' when n % 3 = 0 then 'won' else 'lost' end as status,
          case when n <= ${open} then 1 + n % 4 when n % 3 = 0 then 5 else 6 end as place, 10 + n % 110 as length,
          current_date - case when n <= ${open} then n % 100 else 121 + n % 975 end as opened
        from generate_series(1, ${open + decided}::int) n) each,
        (select array_agg(id) as ids from ${table('user')}) u`,
  );
  await run(
    sql`with cs as (insert into ${table('change_set')} (id, at, actor_name, via) values (gen_random_uuid(), now(), 'Bench', 'seed') returning id),
        way as (select d.*, p, (${ids}::uuid[])[p] as stage, (${ids}::uuid[])[p - 1] as former from ${table('deal')} d
          cross join generate_series(1, 4) p where p < 4 or d.status <> 'open')
      insert into ${table('change')} (set_id, object, record_id, kind, version, at, fields)
      select cs.id, 'deal', w.id, case when p = 1 then 'created' else 'updated' end, p,
        case when p = 4 then w.decided_at else w.created_at + (p - 1) * interval '9 days' end,
        case when p = 1 then jsonb_build_object('name', jsonb_build_array(null, w.name), 'stage', jsonb_build_array(null, w.stage),
            'amount', jsonb_build_array(null, jsonb_build_object('amount', w.amount::text, 'currency', 'EUR')),
            'closeDate', jsonb_build_array(null, w.close_date), 'owner', jsonb_build_array(null, w.owner_id))
          else jsonb_build_object('stage', jsonb_build_array(w.former, case when p = 4 then w.stage_id else w.stage end)) end
      from cs, way w order by w.created_at, p`,
  );
  await checkStays(ctx, { mend: true });
  await run(sql`analyze`);
}

export interface Deals {
  ctx: Context;
  connectionString: string;
  dataDir: string;
}

/** Makes the workspace, does the work, and removes it. */
export async function withDeals(work: (deals: Deals) => Promise<void>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'farley-bench-deals-'));
  const cluster = await startCluster({ dataDir });
  const connectionString = cluster.urlOf('postgres');
  const db = openDatabase({ connectionString, connections: 4 });
  try {
    await migrateInstallation(db);
    await migrateQueue(db);
    const settings = {
      name: 'main',
      label: 'Bench',
      locale: 'en',
      timeZone: 'Europe/Vienna',
      country: 'AT',
      currency: 'EUR',
    };
    const workspace = await createWorkspace(db, declared, settings, systemClock);
    const ctx = contextOf(db, workspace, systemActor('bench'), 'bench', systemClock);
    await fill(asSystem(ctx, 'bench'));
    await work({ ctx, connectionString, dataDir });
  } finally {
    await db.close();
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
