/** A sales team's real files, flaws included, imported with the guide's maps: every number is right. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AggregateQuery, aggregate, rows } from '../src/engine/index.ts';
import type { ImportReport } from '../src/engine/transfer/findings.ts';
import { importFile } from '../src/engine/transfer/import.ts';
import { readImportMap } from '../src/engine/transfer/map.ts';
import { mavenTruth, type Sum } from './maven.ts';
import { createWorld, type World } from './world.ts';

const folder = join(process.env.FARLEY_TEST_DATA ?? '../shared/data', 'crm-maven-pipeline');
const absent = !existsSync(folder);
if (absent)
  console.warn(`Skipped: the sales team's files, because ${folder} is absent (set FARLEY_TEST_DATA).`);

const maps = join(import.meta.dirname, '../docs/guides/import-sales-team');
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
  let world: World;

  const importAll = async () => {
    for (const [file, map] of steps) {
      const json = JSON.parse(readFileSync(join(maps, map), 'utf8'));
      reports.push(await importFile(world.ada, { path: join(folder, file), map: readImportMap(json) }));
    }
  };

  beforeAll(async () => {
    world = await createWorld('maven');
    await importAll();
  });
  afterAll(() => world.close());

  /** Count and sum per group, by the group's title. */
  async function summed(
    object: string,
    groupBy: string,
    filter?: AggregateQuery['filter'],
  ): Promise<Record<string, Sum>> {
    const values = [{ op: 'count' }, { op: 'sum', field: 'amount' }];
    const { data } = await aggregate(world.ada, object, { groupBy: [{ field: groupBy }], values, filter });
    return Object.fromEntries(
      data.map(({ group, values: [count, sum] }) => {
        const key = group[groupBy] as { title: string } | string | null;
        const value = Number((sum as { amount: string } | null)?.amount ?? 0);
        return [typeof key === 'object' ? (key?.title ?? 'none') : key, { count: Number(count), value }];
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

  test('counts and sums by stage', async () => expect(await summed('deal', 'stage')).toEqual(truth.byStage));
  test('counts and sums by sales agent', async () =>
    expect(await summed('deal', 'owner')).toEqual(truth.byAgent));
  test('what each agent won', async () =>
    expect(await summed('deal', 'owner', won)).toEqual(truth.wonByAgent));
  test('counts and sums by sector', async () =>
    expect(await summed('deal', 'company.sector')).toEqual(truth.bySector));
  test('what was won of each product', async () => {
    const ofWon = { field: 'deal.stage.name', op: 'is', value: 'Won' };
    expect(await summed('dealLine', 'product', ofWon)).toEqual(truth.wonByProduct);
  });

  test('the flaws of the files are told, each with its count', () => {
    const [, , , , , accounts, deals, lines] = reports;
    const count = (report: ImportReport | undefined, message: string) =>
      report?.warnings.find(warning => warning.message.startsWith(message))?.count;
    expect(count(accounts, 'Industry: "technolgy"')).toBe(12);
    expect(count(accounts, 'Address (country): "Philipines"')).toBe(1);
    expect(count(deals, 'Company is empty')).toBe(truth.withoutCompany);
    expect(count(lines, 'Product: "GTXPro"')).toBe(truth.byProduct['GTX Pro']!.count);
  });

  test('offices lead to teams, teams to managers, companies to their parents', async () => {
    const titleOf = (link: unknown) => (link as { title: string } | null)?.title;
    const [team] = await rows(world.ada, 'team', {
      filter: { field: 'name', op: 'is', value: "Melvin Marxen's team" },
    });
    expect([team?.parent, team?.manager].map(titleOf)).toEqual(['Central', 'Melvin Marxen']);
    const [agent] = await rows(world.ada, 'user', {
      filter: { field: 'name', op: 'is', value: 'Darcel Schlecht' },
    });
    expect([agent?.team, agent?.manager].map(titleOf)).toEqual(["Melvin Marxen's team", 'Melvin Marxen']);
    const children = await rows(world.ada, 'company', {
      filter: { field: 'parent', op: 'notEmpty' },
      limit: 1_000,
    });
    expect(children.length).toBe(truth.subsidiaries);
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
