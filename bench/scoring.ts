/**
 * Scoring at a million leads with 2 M calls about them: `node bench/scoring.ts [LEADS]`. Makes a database of its own in a
 * temporary directory and removes it. Then the same learners on X Education's real leads, where that folder is.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declared } from '../src/app.ts';
import { startCluster } from '../src/engine/db/embedded.ts';
import {
  type Context,
  contextOf,
  create,
  createWorkspace,
  type Database,
  type Input,
  list,
  openDatabase,
  rows,
  sql,
  systemActor,
  systemClock,
  tableOf,
} from '../src/engine/index.ts';
import { migrateQueue } from '../src/engine/jobs/runner.ts';
import { migrateInstallation } from '../src/engine/workspace.ts';
import { gather } from '../src/modules/sales/scoring/facts.ts';
import { train } from '../src/modules/sales/scoring/learn.ts';
import { scoreAll, scoringOf } from '../src/modules/sales/scoring/score.ts';
import { readLeads, trainLeads } from '../src/modules/sales/scoring/xeducation.ts';

const leads = Number(process.argv[2] ?? 1_000_000);
const seconds = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const begun = performance.now();
  const answer = await work();
  console.log(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return answer;
};

/** Leads of which one in twenty is decided, with two calls each. */
async function fill(ctx: Context) {
  const db = (ctx.db as Database).for('upkeep');
  const table = (name: string) => tableOf(ctx.schema, name);
  await db.run(
    sql`insert into ${table('lead')} (id, name_given, name_family, company_name, phone, source, status, estimate, estimate_currency, created_at)
      select uuidv7(), 'Lead', n::text, case when n % 3 = 0 then 'Company ' || n end, case when n % 2 = 0 then '+43662' || n end,
        (array['website','referral','event','advertising','outbound','partner'])[1 + n % 6],
        case when n % 20 <> 0 then 'new' when random() < case when n % 120 = 60 then 0.7 else 0.2 end then 'converted' else 'disqualified' end,
        (random() * 10000)::numeric(12,2), 'EUR', now() - (n % 500) * interval '1 day'
      from generate_series(1, ${leads}::int) n`,
  );
  await db.run(
    sql`insert into ${table('call')} (id, subject, started_at, created_at) select uuidv7(), 'Call', now() - (n % 90) * interval '1 day', now()
      from generate_series(1, ${2 * leads}::int) n`,
  );
  await db.run(
    sql`insert into ${table('call_about')} (owner_id, position, target_object, target_id)
      select c.id, 0, 'lead', l.id from (select id, row_number() over () as n from ${table('call')}) c
        join (select id, row_number() over () as n from ${table('lead')}) l on l.n = 1 + c.n % ${leads}::int`,
  );
  await db.run(sql`analyze`);
}

const rulesOf = (scorecard: string): Input[] =>
  [
    { name: 'Referred', points: 30, filter: { field: 'source', op: 'is', value: 'referral' } },
    { name: 'Has a phone', points: 10, filter: { field: 'phone', op: 'notEmpty' } },
    { name: 'Large', points: 20, filter: { field: 'estimate', op: 'gt', value: '5000 EUR' } },
    { name: 'New', points: 20, group: 'engagement', since: 'createdAt', halfLife: 30 },
    { name: 'Spoke', points: 10, group: 'engagement', activity: 'call', halfLife: 14 },
  ].map(rule => ({ ...rule, scorecard }) as unknown as Input);

async function measure(ctx: Context) {
  await seconds(`${leads} leads and ${2 * leads} calls made`, () => fill(ctx));
  const [card] = await rows(ctx, 'scorecard', { filter: { field: 'object', op: 'is', value: 'lead' } });
  for (const rule of rulesOf(card!.id as string)) await create(ctx, 'scoreRule', rule);
  const all = async () => {
    let [scored, changed] = [0, 0];
    const scoring = (await scoringOf(ctx, 'lead'))!;
    await scoreAll(ctx, scoring, null, async (_last, some, differ) => {
      scored += some;
      changed += differ;
    });
    console.log(`  ${scored} scored, ${changed} written`);
  };
  await seconds('Points, first time', all);
  await seconds('Points, nothing new', all);
  const { training } = await seconds('Outcomes read', () => gather(ctx, 'lead', [], () => {}));
  const model = await seconds(`${training.won.length} outcomes learned`, async () => train(training)!);
  console.log(`  ${model.way}, AUC ${model.figures.auc.toFixed(3)}`);
  const { id } = { id: await keep(ctx, card!.id as string, model) };
  await ctx.db.run(
    sql`update ${tableOf(ctx.schema, 'scorecard')} set model_id = ${id}::uuid where id = ${card!.id as string}::uuid`,
  );
  await seconds('Model, first time', all);
  await seconds('Model, nothing new', all);
  for (let round = 0; round < 2; round++)
    await seconds('List of 60 by score', () => list(ctx, 'lead', { sort: ['-score'], limit: 60 }));
}

function keep(ctx: Context, scorecard: string, model: ReturnType<typeof train> & object) {
  const json = JSON.parse(JSON.stringify(model));
  return create(ctx, 'scoreModel', {
    name: 'Bench',
    scorecard,
    way: model.way,
    useful: true,
    trainedAt: new Date().toISOString(),
    outcomes: model.figures.n,
    model: json,
    trainedOn: model.trainedOn,
  });
}

const dataDir = mkdtempSync(join(tmpdir(), 'farley-scoring-'));
const cluster = await startCluster({ dataDir });
try {
  const db = openDatabase({
    connectionString: cluster.connectionString,
    connections: 4,
    timeout: 0,
  } as never);
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

const folder = join(process.env.FARLEY_TEST_DATA ?? '/work/shared/data', 'leads-xeducation');
if (existsSync(folder))
  for (const { what, model } of trainLeads(await readLeads(folder))) {
    const { auc, brier, brierOfBase, lift, reliability } = model.figures;
    const off = Math.max(...reliability.map(({ said, came }) => Math.abs(said - came)));
    console.log(
      `${what}: ${model.way}, AUC ${auc.toFixed(4)}, Brier ${brier.toFixed(4)} (base ${brierOfBase.toFixed(4)}), lift ${lift.toFixed(2)}, ` +
        `tenths off by ${(100 * off).toFixed(1)} points at most, left out: ${model.leftOut.map(fact => `${fact.name} (${fact.why}${fact.share ? ` ${(100 * fact.share).toFixed(0)} %` : ''})`).join(', ')}`,
    );
  }
