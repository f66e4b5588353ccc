/** A sales team's real files, flaws included, imported over HTTP with the guide's maps: every number is right. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AggregateQuery } from '../../src/engine/index.ts';
import type { ImportReport } from '../../src/engine/transfer/findings.ts';
import { mavenTruth, type Sum } from '../maven.ts';
import { type Json, type Server, startServer, until } from './server.ts';

const folder = join(process.env.FARLEY_TEST_DATA ?? '../shared/data', 'crm-maven-pipeline');
const absent = !existsSync(folder);
if (absent)
  console.warn(`Skipped: the sales team's files, because ${folder} is absent (set FARLEY_TEST_DATA).`);

const maps = join(import.meta.dirname, '../../docs/guides/import-sales-team');
/** In the order of the guide. */
const steps: [file: string, map: string][] = [
  ['sales_teams.csv', '1-teams.json'],
  ['sales_teams.csv', '2-managers.json'],
  ['sales_teams.csv', '3-agents.json'],
  ['sales_teams.csv', '4-team-managers.json'],
  ['products.csv', '5-products.json'],
  ['accounts.csv', '6-accounts.json'],
  ['sales_pipeline.csv', '7-deals.json'],
  ['sales_pipeline.csv', '8-deal-lines.json'],
];

describe.skipIf(absent)('a sales team that moves to Farley', () => {
  const truth = absent ? null! : mavenTruth(folder);
  const reports: ImportReport[] = [];
  let server: Server;

  const importAll = async () => {
    for (const [file, map] of steps) reports.push(await importOne(file, map));
  };

  async function importOne(file: string, map: string): Promise<ImportReport> {
    const query = new URLSearchParams({ name: file, map: readFileSync(join(maps, map), 'utf8') });
    const content = readFileSync(join(folder, file));
    const headers = { 'content-type': 'text/csv' };
    const { status, body } = await server.call(server.ada, 'POST', `/api/imports?${query}`, content, headers);
    expect([status, body]).toEqual([202, expect.anything()]);
    return until(async () => {
      const { body: job } = await server.call(server.ada, 'GET', `/api/jobs/${body.id}`);
      if (job.state === 'failed') throw new Error(JSON.stringify(job));
      return (job.result?.tables[0] ?? null) as ImportReport | null;
    }, 60_000);
  }

  async function find(path: string, field: string, op: string, value?: string): Promise<Json[]> {
    const { body } = await server.call(server.ada, 'POST', `/api/${path}/search`, {
      filter: { field, op, value },
      limit: 1_000,
    });
    return body.data;
  }

  beforeAll(async () => {
    server = await startServer('maven');
    await importAll();
  });
  afterAll(() => server?.close());

  /** Count and sum per group, by the group's title. */
  async function summed(
    path: string,
    groupBy: string,
    filter?: AggregateQuery['filter'],
  ): Promise<Record<string, Sum>> {
    const query = {
      groupBy: [{ field: groupBy }],
      values: [{ op: 'count' }, { op: 'sum', field: 'amount' }],
      filter,
    };
    const { body } = await server.call(server.ada, 'POST', `/api/${path}/aggregate`, query);
    return Object.fromEntries(
      body.data.map(({ group, values: [count, sum] }: Json) => {
        const key = group[groupBy];
        const value = Number(sum?.amount ?? 0);
        return [typeof key === 'object' ? (key?.title ?? 'none') : key, { count, value }];
      }),
    );
  }

  const won = { field: 'stage.name', op: 'is', value: 'Won' };

  test('every row of every file arrived', () => {
    const [teams, managers, agents, leaders, products, accounts, deals, lines] = reports;
    expect(reports.map(report => report.failed)).toEqual(steps.map(() => 0));
    expect([teams?.created, teams?.linked.team]).toEqual([truth.managers, 3]);
    expect([managers?.created, agents?.created, leaders?.updated]).toEqual([
      truth.managers,
      truth.agents,
      truth.managers,
    ]);
    expect([products?.created, accounts?.created]).toEqual([truth.products, truth.companies]);
    expect([deals?.created, lines?.created]).toEqual([truth.deals, truth.deals]);
  });

  test('counts and sums by stage', async () => expect(await summed('deals', 'stage')).toEqual(truth.byStage));
  test('counts and sums by sales agent', async () =>
    expect(await summed('deals', 'owner')).toEqual(truth.byAgent));
  test('what each agent won', async () =>
    expect(await summed('deals', 'owner', won)).toEqual(truth.wonByAgent));
  test('counts and sums by sector', async () =>
    expect(await summed('deals', 'company.sector')).toEqual(truth.bySector));
  test('what was won of each product', async () => {
    const ofWon = { field: 'deal.stage.name', op: 'is', value: 'Won' };
    expect(await summed('dealLines', 'product', ofWon)).toEqual(truth.wonByProduct);
  });

  test('deals without a company have none', async () => {
    const query = { filter: { field: 'company', op: 'empty' }, count: 'exact', limit: 1 };
    const { body } = await server.call(server.ada, 'POST', '/api/deals/search', query);
    expect(body.count).toBe(truth.withoutCompany);
  });

  test('the flaws of the files are told, each with its count', () => {
    const [, , , , , accounts, deals, lines] = reports;
    const count = (report: ImportReport | undefined, message: string) =>
      report?.warnings.find(warning => warning.message.startsWith(message))?.count;
    expect(count(accounts, 'Industry: "technolgy"')).toBe(12);
    expect(count(accounts, 'Address (country): "Philipines"')).toBe(1);
    // An empty cell is no flaw: nothing is told of it, and nothing made of it.
    expect(count(deals, 'Company')).toBeUndefined();
    expect(count(lines, 'Product: "GTXPro"')).toBe(truth.byProduct['GTX Pro']!.count);
  });

  test('offices lead to teams, teams to managers, companies to their parents', async () => {
    const [team] = await find('teams', 'name', 'is', "Melvin Marxen's team");
    expect([team.parent.title, team.manager.title]).toEqual(['Central', 'Melvin Marxen']);
    const [agent] = await find('users', 'name', 'is', 'Darcel Schlecht');
    expect([agent.team.title, agent.manager.title]).toEqual(["Melvin Marxen's team", 'Melvin Marxen']);
    expect((await find('companies', 'parent', 'notEmpty')).length).toBe(truth.subsidiaries);
  });

  test('importing all once more changes nothing', async () => {
    reports.length = 0;
    await importAll();
    const changed = reports.map(({ created, failed }) => created + failed);
    expect(changed).toEqual(steps.map(() => 0));
    // Managers' and agents' own rows, read twice under two maps, agree; so nothing is updated either.
    expect(reports.map(report => report.updated)).toEqual(steps.map(() => 0));
  });
});
