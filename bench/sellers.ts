/**
 * The forecast of 2,000 sellers with 40,000 deals and quotas: `node bench/sellers.ts`. Makes a database of its own in a
 * temporary directory and removes it; says the median of five, in milliseconds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declared } from '../src/app.ts';
import { startCluster } from '../src/engine/db/embedded.ts';
import {
  type Context,
  contextOf,
  createWorkspace,
  type Input,
  openDatabase,
  rows,
  sql,
  systemActor,
  systemClock,
  write,
} from '../src/engine/index.ts';
import { migrateQueue } from '../src/engine/jobs/runner.ts';
import { migrateInstallation } from '../src/engine/workspace.ts';
import { forecast } from '../src/modules/sales/forecast/forecast.ts';

const [sellers, deals] = [2_000, 40_000];
const quarter = { from: '2026-10-01', to: '2026-12-31' };

async function make(ctx: Context, object: string, count: number, values: (n: number) => Input) {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - from) }, (_, n) => values(from + n));
    const { results } = await write(
      ctx,
      object,
      some.map(each => ({ op: 'create' as const, values: each })),
    );
    ids.push(...results.map(({ id }) => id));
  }
  return ids;
}

async function measure(ctx: Context) {
  const managers = await make(ctx, 'user', 50, n => ({ name: `Manager ${n}` }));
  const users = await make(ctx, 'user', sellers, n => ({
    name: `Seller ${n}`,
    manager: managers[n % managers.length]!,
  }));
  const stages = (await rows(ctx, 'stage', { fields: ['name'] })).map(({ id }) => id as string);
  await make(ctx, 'quota', sellers, n => ({ user: users[n]!, ...quarter, amount: '100000 EUR' }));
  await make(ctx, 'deal', deals, n => ({
    name: `Deal ${n}`,
    owner: users[n % sellers]!,
    stage: stages[n % stages.length]!,
    amount: `${1_000 + (n % 900) * 10} EUR`,
    closeDate: `2026-1${n % 3}-15`,
  }));
  await ctx.db.run(sql`analyze`);
  const times: number[] = [];
  for (let run = 0; run < 6; run++) {
    const begun = performance.now();
    const { sellers: found } = await forecast(ctx, quarter);
    if (run > 0) times.push(performance.now() - begun);
    if (run === 5) console.log(`${found.length} sellers and managers`);
  }
  console.log(`Forecast: ${Math.round(times.sort((a, b) => a - b)[2]!)} ms`);
}

const dataDir = mkdtempSync(join(tmpdir(), 'farley-sellers-'));
const cluster = await startCluster({ dataDir });
try {
  const db = openDatabase({ connectionString: cluster.connectionString, connections: 10 });
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
  await measure(contextOf(db, workspace, systemActor('bench'), 'bench', systemClock));
  await db.close();
} finally {
  await cluster.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
