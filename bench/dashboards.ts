/**
 * The dashboard of sales at 20,000 open and 200,000 decided deals with their history: `node bench/dashboards.ts`. Makes a
 * database of its own in a temporary directory and removes it; says the median of five of each report, in milliseconds. A part
 * of them (`node bench/dashboards.ts 0.1`: a tenth) is enough to compare two states of the code.
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
import { dashboard } from '../src/modules/sales/dashboards/dashboard.ts';
import { winRates } from '../src/modules/sales/dashboards/segments.ts';
import { stageHistory } from '../src/modules/sales/dashboards/stage-history.ts';

const part = Number(process.argv[2] ?? 1);
const [open, decided, sellers] = [20_000 * part, 200_000 * part, 200];
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

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

const dataDir = mkdtempSync(join(tmpdir(), 'farley-bench-dashboards-'));
const cluster = await startCluster({ dataDir });
const db = openDatabase({ connectionString: cluster.urlOf('postgres'), connections: 4 });
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
  const quarter = { from: day(-90), to: day(0), compare: { from: day(-181), to: day(-91) } };
  const year = { from: day(-365), to: day(0), compare: { from: day(-731), to: day(-366) } };
  const parts = {
    dashboard: (scope: typeof year) => dashboard(ctx, scope),
    'stage-history': (scope: typeof year) => stageHistory(ctx, scope),
    'win-rates by owner': (scope: typeof year) => winRates(ctx, { ...scope, by: 'owner' }),
    'all cards at once': (scope: typeof year) =>
      Promise.all([
        dashboard(ctx, scope),
        stageHistory(ctx, scope),
        winRates(ctx, { ...scope, by: 'owner' }),
      ]),
  };
  for (const [what, run] of Object.entries(parts))
    for (const [period, scope] of Object.entries({ quarter, year })) {
      const times: number[] = [];
      for (let turn = 0; turn < 5; turn++) {
        const begun = performance.now();
        await run(scope);
        times.push(performance.now() - begun);
      }
      console.log(`${what}, ${period}: ${Math.round(times.sort((a, b) => a - b)[2]!)} ms`);
    }
} finally {
  await db.close();
  await cluster.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
