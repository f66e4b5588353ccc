/** Imports under way when the lights go out, and what has to come of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, sql, tableOf } from '../src/engine/index.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';

export interface Import {
  name: string;
  /** Begins the names, addresses and external ids of its rows: nobody else's do. */
  token: string;
  /** Records that the rows become. */
  records: number;
  /** Of these, how many stand a second time further down, with another value. */
  repeated: number;
  bad: number;
  companies: number;
  byExternalId: boolean;
  dryRun: boolean;
  /** As answered; null while no answer came. */
  job: string | null;
  changeSet: string | null;
}

interface Report {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
  tables: { linked: Record<string, number> }[];
}

interface Job {
  id: string;
  label: string;
  state: string;
  attempt: number;
  done: number;
  error: string | null;
  result: (Report & { changeSet: string | null }) | null;
}

/** Thinks up a file: names, addresses, companies to be made, some rows that are wrong, some that come twice. */
export function planImport(random: Random, records: number, dryRun = false): Import {
  const byExternalId = random.chance(0.6);
  return {
    name: `${random.word(8)}.csv`,
    token: random.word(8),
    records,
    repeated: byExternalId && random.chance(0.4) ? Math.floor(records / 5) : 0,
    bad: random.between(0, 5),
    companies: random.between(1, 200),
    byExternalId,
    dryRun,
    job: null,
    changeSet: null,
  };
}

function fileOf({ token, records, repeated, bad, companies }: Import): string {
  const line = (n: number, job: string) =>
    `Person ${token} ${n},${token}x${n}@import.example,${job},Firm ${token} ${n % companies},${token}-${n}`;
  const lines = ['name,email,job,company,ext'];
  for (let n = 0; n < records; n++) lines.push(line(n, 'first'));
  for (let n = 0; n < bad; n++) lines.splice(1 + n * 7, 0, `Bad ${token},no address,first,,${token}-bad${n}`);
  for (let n = 0; n < repeated; n++) lines.push(line(n, 'second'));
  return `${lines.join('\n')}\n`;
}

/** Orders it over HTTP, as the interface does. */
export async function orderImport(journal: Journal, plan: Import) {
  const map = {
    fields: {
      name: 'name',
      email: 'email',
      jobTitle: 'job',
      company: { column: 'company', link: { create: true } },
    },
    ...(plan.byExternalId ? { externalId: { source: 'torture', column: 'ext' } } : { ignore: ['ext'] }),
  };
  const query = `object=person&name=${plan.name}&dryRun=${plan.dryRun}&map=${encodeURIComponent(JSON.stringify(map))}`;
  const answer = await journal.request('POST', `/api/imports?${query}`, fileOf(plan), {
    'content-type': 'text/csv',
  });
  if (answer?.status === 202) {
    const { id, changeSet } = JSON.parse(answer.text) as { id: string; changeSet: string | null };
    plan.job = id;
    plan.changeSet = changeSet;
  } else if (answer && answer.status < 500)
    journal.violation(`The order of ${plan.name} was answered ${answer.status}: ${answer.text}`);
}

/** Waits until no job is queued, waiting or running; answers all jobs of the ledger. */
export async function jobsEnded(journal: Journal, within = 120_000): Promise<Job[]> {
  const deadline = Date.now() + within;
  for (;;) {
    const { data } = await journal.ask<{ data: Job[] }>('GET', '/api/jobs');
    const open = data.filter(({ state }) => state !== 'done' && state !== 'failed');
    if (open.length === 0) return data;
    if (Date.now() > deadline) {
      for (const { label, state, attempt, error } of open)
        journal.violation(`${label} is still ${state} (attempt ${attempt}, ${error})`);
      return data;
    }
    await sleep(100);
  }
}

/** Every acknowledged import has ended with all its rows, each once; one that was not acknowledged did so or was never ordered. */
export async function checkImports(ctx: Context, journal: Journal, plans: Import[], jobs: Job[]) {
  let resumed = 0;
  for (const plan of plans) {
    const job = jobs.find(({ id, label }) => id === plan.job || label === `Import of ${plan.name}`);
    if (!job) {
      if (plan.job) journal.violation(`${plan.name} was acknowledged and is not in the ledger`);
      await expectPeople(ctx, journal, { ...plan, records: 0, companies: 0, repeated: 0 });
      continue;
    }
    if (job.attempt > 1) resumed++;
    if (job.state !== 'done') {
      journal.violation(`${plan.name} ended ${job.state}: ${job.error}`);
      continue;
    }
    checkReport(journal, plan, job);
    await expectPeople(ctx, journal, plan.dryRun ? { ...plan, records: 0, companies: 0, repeated: 0 } : plan);
    if (!plan.dryRun) await takeBack(ctx, journal, plan, job.result!.changeSet!);
  }
  return resumed;
}

function checkReport(journal: Journal, plan: Import, { result, done, attempt }: Job) {
  const { records, repeated, bad, companies } = plan;
  const rows = records + repeated + bad;
  const expected = { rows, created: records, updated: repeated, unchanged: 0, skipped: 0, failed: bad };
  const linked = Math.min(companies, records);
  for (const [name, value] of Object.entries(expected))
    if (result?.[name as keyof typeof expected] !== value)
      journal.violation(
        `The report of ${plan.name} (attempt ${attempt}) says ${result?.[name as keyof typeof expected]} ${name} instead of ${value}`,
      );
  const told = result?.tables[0]?.linked.company;
  if (told !== linked)
    journal.violation(
      `The report of ${plan.name} (attempt ${attempt}) says ${told} companies were made instead of ${linked}`,
    );
  if (done !== rows) journal.violation(`The ledger says ${done} rows of ${plan.name} instead of ${rows}`);
}

/** What the file has to have become, each record once, all in one change set. */
async function expectPeople(ctx: Context, journal: Journal, plan: Import) {
  const table = (name: string) => tableOf(ctx.schema, name);
  const [row] = await ctx.db.run<Record<string, number>>(
    sql`with p as (select * from ${table('person')} where email like ${`${plan.token}x%`}),
        c as (select * from ${table('company')} where name like ${`Firm ${plan.token} %`})
      select (select count(*) from p) as people, (select count(distinct email) from p) as addresses,
        (select count(*) from p where version = 2 and job_title = 'second') as repeated,
        (select count(*) from p where version = 1 and job_title = 'first') as once,
        (select count(*) from p where company_id is null) as loose,
        (select count(*) from c) as companies, (select count(distinct name) from c) as names,
        (select count(distinct set_id) from ${table('change')} g where g.record_id in (select id from p union all select id from c)) as sets,
        (select count(*) from ${table('person')} where name like ${`Bad ${plan.token}%`}) as bad`,
  );
  const companies = Math.min(plan.companies, plan.records);
  const expected: Record<string, number> = {
    people: plan.records,
    addresses: plan.records,
    repeated: plan.repeated,
    once: plan.records - plan.repeated,
    loose: 0,
    companies,
    names: companies,
    sets: plan.records > 0 ? 1 : 0,
    bad: 0,
  };
  for (const [what, count] of Object.entries(expected))
    if (row![what] !== count)
      journal.violation(`${plan.name} has made ${row![what]} ${what} instead of ${count}`);
}

async function takeBack(ctx: Context, journal: Journal, plan: Import, changeSet: string) {
  await journal.ask('POST', `/api/undo/${changeSet}`, {});
  const [left] = await ctx.db.run<{ n: number }>(
    sql`select (select count(*) from ${tableOf(ctx.schema, 'person')} where email like ${`${plan.token}x%`} and deleted_at is null)
      + (select count(*) from ${tableOf(ctx.schema, 'company')} where name like ${`Firm ${plan.token} %`} and deleted_at is null) as n`,
  );
  if (left!.n !== 0) journal.violation(`Undoing ${plan.name} has left ${left!.n} records`);
}
